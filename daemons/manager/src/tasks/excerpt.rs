//! As much of an agent's answer as is kept.

use std::collections::BTreeMap;

use elk_api::intake::ResultFields;

/// What is kept of one answer, as JSON, has at most this many bytes.
pub(crate) const MAX_BYTES: usize = 64 << 10;
/// Room for what says that something was left out.
const MARKS: usize = 512;
const MAX_KEY: usize = 256;
/// These are kept before all others.
const FIRST: [&str; 4] = ["token", "data_type", "status", "msg"];
/// Says how many fields were left out.
const LEFT_OUT: &str = "fields_left_out";

/// Returns an answer as JSON; where it is too long, its values are cut, and say so.
pub(super) fn excerpt(fields: &ResultFields) -> String {
    let size: usize = fields.iter().map(|(key, value)| quoted(key) + quoted(value) + 2).sum();
    if size + 2 <= MAX_BYTES {
        return serde_json::to_string(fields).unwrap_or_default();
    }
    let mut room = MAX_BYTES - MARKS;
    let mut kept: BTreeMap<&str, String> = BTreeMap::new();
    let mut left_out = 0_usize;
    let first = FIRST.iter().filter_map(|key| fields.get_key_value(*key));
    let rest = fields.iter().filter(|(key, _)| !FIRST.contains(&key.as_str()));
    for (key, value) in first.chain(rest) {
        let entry = quoted(key) + 2;
        let fits = key.len() <= MAX_KEY && entry + MAX_KEY < room;
        if !fits {
            left_out += 1;
            continue;
        }
        // No value takes the room of all that follow.
        let shown = cut(value, (room - entry) / 2);
        room -= (entry + quoted(&shown)).min(room);
        kept.insert(key, shown);
    }
    if left_out > 0 {
        kept.insert(LEFT_OUT, left_out.to_string());
    }
    serde_json::to_string(&kept).unwrap_or_default()
}

/// Returns how many bytes JSON takes for a text.
fn quoted(text: &str) -> usize {
    text.chars().map(width).sum::<usize>() + 2
}

fn width(c: char) -> usize {
    match c {
        '"' | '\\' => 2,
        c if u32::from(c) < 0x20 => 6,
        c => c.len_utf8(),
    }
}

/// Cuts a text to so many bytes of JSON.
fn cut(text: &str, room: usize) -> String {
    // A text longer than its room needs no counting.
    if text.len() + 2 <= room && quoted(text) <= room {
        return text.to_owned();
    }
    let mark = format!(" [cut: {} bytes in all]", text.len());
    let mut left = room.saturating_sub(mark.len() + 2);
    let fits = |c: &char| {
        let fits = width(*c) <= left;
        left = left.saturating_sub(width(*c));
        fits
    };
    let start: String = text.chars().take_while(fits).collect();
    start + &mark
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fields(pairs: &[(&str, String)]) -> ResultFields {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
    }

    fn read(text: &str) -> ResultFields {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_fits_is_kept_as_it_is() {
        let all = fields(&[("token", "t".to_owned()), ("list", "x".repeat(60_000))]);
        assert_eq!(read(&excerpt(&all)), all);
    }

    #[test]
    fn what_is_too_long_is_cut_and_says_so_and_the_rest_is_kept() {
        let all = fields(&[
            ("list", "\u{1}".repeat(1 << 20)),
            ("aaa", "é".repeat(1 << 20)),
            ("msg", "m".repeat(100_000)),
            ("status", "succeed".to_owned()),
            ("token", "t".to_owned()),
            ("zzz", "short".to_owned()),
        ]);
        let text = excerpt(&all);
        assert!(text.len() <= MAX_BYTES, "{}", text.len());
        let kept = read(&text);
        for whole in ["status", "token", "zzz"] {
            assert_eq!(kept[whole], all[whole], "{whole}");
        }
        assert!(kept["list"].ends_with(" [cut: 1048576 bytes in all]"));
        assert!(kept["msg"].len() > 30_000 && kept["msg"].ends_with(" [cut: 100000 bytes in all]"));
        assert!(!kept.contains_key(LEFT_OUT));
    }

    #[test]
    fn fields_without_room_are_counted() {
        let mut all = fields(&[("token", "t".to_owned()), (&"k".repeat(300), "x".to_owned())]);
        all.extend((0..100_000).map(|at| (format!("key-{at}"), "v".repeat(90))));
        let text = excerpt(&all);
        assert!(text.len() <= MAX_BYTES, "{}", text.len());
        let kept = read(&text);
        assert_eq!(kept["token"], "t");
        let left_out: usize = kept[LEFT_OUT].parse().unwrap();
        assert_eq!(left_out + kept.len() - 1, all.len());
    }

    proptest! {
        #[test]
        fn no_answer_takes_more_room(
            all in prop::collection::btree_map("[a-z\u{0}\"é]{0,12}", ".{0,40}", 0..40),
            times in 1_usize..2_000,
        ) {
            let all: ResultFields = all.into_iter().map(|(k, v)| (k, v.repeat(times))).collect();
            let text = excerpt(&all);
            prop_assert!(text.len() <= MAX_BYTES, "{}", text.len());
            prop_assert!(serde_json::from_str::<ResultFields>(&text).is_ok());
        }
    }
}
