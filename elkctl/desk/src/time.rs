//! Durations and times as people write and read them.

use std::time::Duration;

use jiff::Timestamp;

/// The text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseDurationError {
    /// A number without a unit.
    #[error("`{0}` has no unit; write {0}s for seconds or {0}m for minutes")]
    Bare(String),
    /// Anything else.
    #[error("`{}` is not a duration; write it like 30s, 5m, 2h, 7d or 1h30m", .0.escape_debug())]
    Malformed(String),
}

const UNITS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Reads a duration such as `30s`, `5m`, `2h`, `7d`, `1h30m` or `400ms`.
///
/// # Errors
///
/// If it is anything else, or longer than 100 years.
pub fn parse_duration(text: &str) -> Result<Duration, ParseDurationError> {
    let malformed = || ParseDurationError::Malformed(text.chars().take(64).collect());
    if !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ParseDurationError::Bare(text.to_owned()));
    }
    let (mut rest, mut total, mut units) = (text, 0_u64, UNITS.iter());
    while !rest.is_empty() {
        let (digits, after) = split(rest, |c| c.is_ascii_digit());
        let (unit, after) = split(after, |c| c.is_ascii_alphabetic());
        let number: u64 = digits.parse().map_err(|_| malformed())?;
        // Each unit at most once, the largest first.
        let (_, ms) = units.find(|(name, _)| *name == unit).ok_or_else(malformed)?;
        let part = number.checked_mul(*ms).ok_or_else(malformed)?;
        total = total.checked_add(part).ok_or_else(malformed)?;
        rest = after;
    }
    let longest = 100 * 366 * 86_400_000;
    if text.is_empty() || total > longest {
        return Err(malformed());
    }
    Ok(Duration::from_millis(total))
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.split_at(end)
}

/// Shows a duration in at most two units: `12s`, `3m`, `2h4m`, `3d`.
pub fn span(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, _) => format!("{minutes}m"),
        (24.., _) => format!("{}d", hours / 24),
        _ if minutes % 60 == 0 => format!("{hours}h"),
        _ => format!("{hours}h{}m", minutes % 60),
    }
}

/// Shows a time seen from `now`: `3m ago`, `in 1h52m`.
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    let past = now.duration_since(then);
    let shown = span(past.unsigned_abs());
    if past.is_negative() && past.as_secs() != 0 {
        format!("in {shown}")
    } else {
        format!("{shown} ago")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn durations_are_read_with_their_units() {
        let cases =
            [("30s", 30), ("5m", 300), ("2h", 7_200), ("7d", 604_800), ("1h30m", 5_400), ("0s", 0)];
        for (text, seconds) in cases {
            assert_eq!(parse_duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(parse_duration("400ms"), Ok(Duration::from_millis(400)));
    }

    #[test]
    fn a_bare_number_is_refused_with_a_hint() {
        let error = parse_duration("30").unwrap_err();
        assert_eq!(error.to_string(), "`30` has no unit; write 30s for seconds or 30m for minutes");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "s",
            "1y",
            "-5s",
            "5 s",
            "1.5h",
            "30m1h",
            "5s5s",
            "5S",
            "99999999999999999999d",
            "18446744073709551615d",
            "99999d",
            "５s",
            "1h\u{1b}",
        ] {
            assert!(parse_duration(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn times_are_shown_from_now() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let cases = [
            (0, "0s ago"),
            (12, "12s ago"),
            (180, "3m ago"),
            (7_440, "2h4m ago"),
            (7_200, "2h ago"),
            (3 * 86_400 + 5, "3d ago"),
            (-6_720, "in 1h52m"),
        ];
        for (seconds, expected) in cases {
            let then = Timestamp::from_second(1_700_000_000 - seconds).unwrap();
            assert_eq!(ago(then, now), expected);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in ".{0,24}", number: u64, unit in "[a-z]{0,3}") {
            drop(parse_duration(&text));
            drop(parse_duration(&format!("{number}{unit}")));
        }
    }
}
