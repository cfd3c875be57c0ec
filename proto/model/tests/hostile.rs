//! Text that people and programs get wrong: each parser says what and where, and none panics.

#![expect(clippy::unwrap_used, reason = "a failure is the failure of the test")]

use std::fmt::Display;
use std::str::FromStr;

use elk_model::selector::{KEYS, MAX_LEN, MAX_VALUES, Selector};
use elk_model::{AgentId, ComponentName, ComponentVersion, Sha256, Tag};
use proptest::prelude::*;

fn refusal(text: &str) -> String {
    text.parse::<Selector>().unwrap_err().to_string()
}

#[test]
fn a_selector_beyond_its_bounds_is_refused() {
    let long = format!("hostname={}", "x".repeat(MAX_LEN));
    assert!(refusal(&long).contains("16384"), "{}", refusal(&long));
    let many = |count: usize| format!("id in ({})", vec!["a"; count].join(","));
    many(MAX_VALUES).parse::<Selector>().unwrap();
    assert!(refusal(&many(MAX_VALUES + 1)).contains("1000"), "{}", refusal(&many(MAX_VALUES + 1)));
    let spread = vec!["id in (a,a,a,a,a,a,a,a,a,a,a)"; 91].join(",");
    assert!(refusal(&spread).contains("1000"), "{}", refusal(&spread));
}

#[test]
fn places_are_counted_in_characters_as_people_do() {
    let error = "hostname=\"größe\",tag=".parse::<Selector>().unwrap_err();
    assert_eq!(error.at, 22);
}

/// What prints reads again and is the same.
fn round<T: FromStr + Display + PartialEq>(text: &str) -> bool {
    text.parse::<T>().map_or(true, |read| read.to_string().parse::<T>().ok() == Some(read))
}

fn pieces() -> impl Strategy<Value = String> {
    let word = prop::sample::select(KEYS.to_vec()).prop_map(str::to_owned);
    let rest = prop::sample::select(vec![
        "=", "!=", "<", "<=", ">", ">=", "~", " in ", " notin ", "(", ")", ",", "!", "exists(",
        "\"", "\\", " ", "a", "1.2.3.4", "5m", "running", "{1,2}", "é", "\u{0}",
    ]);
    let rest = rest.prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![word, rest], 0..12).prop_map(|it| it.concat())
}

proptest! {
    #[test]
    fn a_selector_of_any_pieces_is_read_or_refused_at_a_place_inside_it(text in pieces()) {
        if let Err(error) = text.parse::<Selector>() {
            prop_assert!((1..=text.chars().count() + 1).contains(&error.at), "{:?}: {}", text, error);
            prop_assert!(!error.what.is_empty());
        }
    }

    #[test]
    fn a_selector_of_any_text_never_panics(text in any::<String>()) {
        drop(text.parse::<Selector>());
    }

    #[test]
    fn ids_versions_tags_and_digests_read_back_what_they_print(text in "[ -~]{0,70}|.{0,20}|[0-9a-f]{64}|([0-9]{1,5}\\.){3}[0-9]{1,5}") {
        prop_assert!(round::<AgentId>(&text), "{:?}", text);
        prop_assert!(round::<ComponentVersion>(&text), "{:?}", text);
        prop_assert!(round::<ComponentName>(&text), "{:?}", text);
        prop_assert!(round::<Tag>(&text), "{:?}", text);
        prop_assert!(round::<Sha256>(&text), "{:?}", text);
    }
}
