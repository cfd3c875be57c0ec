//! Selectors: which agents a command means.

use elk_model::selector::{
    Age, AgeKey, MAX_LEN, MAX_VALUES, Membership, Ordering, Selector, Term, TextKey, TextTest,
    VersionTest,
};

pub(super) const WORDS: &[&[u8]] = &[
    b"tag",
    b"id",
    b"hostname",
    b"ip",
    b"status",
    b"version",
    b"component.driver",
    b"platform",
    b"arch",
    b"kernel",
    b"idc",
    b"ac",
    b"last_seen",
    b"first_seen",
    b"=",
    b"!=",
    b"==",
    b"<",
    b"<=",
    b">",
    b">=",
    b"~",
    b" in (",
    b" notin (",
    b"exists(",
    b")",
    b"(",
    b"!",
    b",",
    b"\"",
    b" ",
    b"\t",
    b"prod",
    b"canary",
    b"running",
    b"abnormal",
    b"offline",
    b"1.9.1.22",
    b"5m",
    b"30s",
    b"999999999d",
    b"^web-[0-9]{1,3}$",
    b"\\",
    b"[",
    b"]",
    b"{",
    b"}",
    b"\xc3\xa9",
    b"\xf0\x9f\xa6\x8c",
    b"10.0.0.1",
    b"fd00::2",
    b"\xe2\x80\xa8",
    b"\0",
];

pub(super) fn run(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    match text.parse::<Selector>() {
        Ok(selector) => {
            assert!(text.len() <= MAX_LEN);
            let written = print(&selector);
            if written.len() <= MAX_LEN {
                let read = written.parse::<Selector>();
                assert_eq!(read.as_ref(), Ok(&selector), "{text:?} is written {written:?}");
            }
            let values: usize = selector.terms.iter().map(count).sum();
            assert!(values <= MAX_VALUES);
        }
        Err(error) => {
            let places = 1..=text.chars().count().max(MAX_LEN) + 1;
            assert!(places.contains(&error.at), "{error} in {text:?}");
            assert!(error.to_string().len() < text.len() + 1_000);
        }
    }
}

/// Returns how many values a term names by hand.
fn count(term: &Term) -> usize {
    fn of<T>(membership: &Membership<T>) -> usize {
        match membership {
            // A single one may stand without `=`: `!canary`.
            Membership::In(list) | Membership::NotIn(list) if list.len() > 1 => list.len(),
            _ => 0,
        }
    }
    match term {
        Term::Text(_, TextTest::Membership(it)) => of(it),
        Term::Tag(it) => of(it),
        Term::Status(it) => of(it),
        Term::Version(VersionTest::Membership(it))
        | Term::Component(_, VersionTest::Membership(it)) => of(it),
        _ => 0,
    }
}

fn print(selector: &Selector) -> String {
    let terms: Vec<String> = selector.terms.iter().map(term).collect();
    terms.join(",")
}

fn term(term: &Term) -> String {
    match term {
        Term::Text(key, test) => {
            let name = TextKey::NAMES.iter().find(|(_, it)| it == key).map_or("", |(name, _)| name);
            match test {
                TextTest::Membership(it) => membership(name, it),
                TextTest::Matches(pattern) if pattern.contains('"') => format!("{name}~{pattern}"),
                TextTest::Matches(pattern) => format!("{name} ~ \"{pattern}\""),
            }
        }
        Term::Tag(it) => membership("tag", it),
        Term::Status(it) => membership("status", it),
        Term::Version(it) => version("version", it),
        Term::Component(name, it) => version(&format!("component.{name}"), it),
        Term::Age(key, side, bound) => {
            let key = match key {
                AgeKey::LastSeen => "last_seen",
                AgeKey::FirstSeen => "first_seen",
            };
            format!("{key}{}{}", sign(*side), age(*bound))
        }
    }
}

fn membership<T: ToString>(key: &str, test: &Membership<T>) -> String {
    let list = |list: &[T]| {
        let list: Vec<String> = list.iter().map(|it| format!("\"{}\"", it.to_string())).collect();
        list.join(", ")
    };
    match test {
        Membership::In(values) => format!("{key} in ({})", list(values)),
        Membership::NotIn(values) => format!("{key} notin ({})", list(values)),
        Membership::Exists => format!("exists({key})"),
        Membership::Missing => format!("!{key}"),
    }
}

fn version(key: &str, test: &VersionTest) -> String {
    match test {
        VersionTest::Membership(it) => membership(key, it),
        VersionTest::Compare(side, bound) => format!("{key}{}{bound}", sign(*side)),
    }
}

fn sign(side: Ordering) -> &'static str {
    match side {
        Ordering::Less => "<",
        Ordering::LessOrEqual => "<=",
        Ordering::Greater => ">",
        Ordering::GreaterOrEqual => ">=",
    }
}

/// Writes a span in the largest unit that fits, as it has at most nine digits.
fn age(age: Age) -> String {
    let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm'), (1, 's')];
    let fits = units.into_iter().find(|(size, _)| age.seconds.is_multiple_of(*size));
    fits.map(|(size, unit)| format!("{}{unit}", age.seconds / size)).unwrap_or_default()
}
