//! `--expect`: how many agents a change may touch.

use std::fmt;
use std::str::FromStr;

/// How many agents a change may touch.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Expect {
    /// Exactly so many.
    Exactly(u64),
    /// From the first to the second, both included.
    Between(u64, u64),
    /// At most so many.
    AtMost(u64),
    /// At most this share of the fleet, in percent.
    AtMostPercent(f64),
}

/// The text is not an expectation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not an expectation; write N, A..B, '<=N' or '<=P%'", .0.escape_debug())]
pub struct ParseExpectError(String);

impl Expect {
    /// Returns whether `count` of `total` agents is as expected.
    pub fn holds(self, count: u64, total: u64) -> bool {
        match self {
            Self::Exactly(n) => count == n,
            Self::Between(low, high) => (low..=high).contains(&count),
            Self::AtMost(n) => count <= n,
            Self::AtMostPercent(percent) => count as f64 * 100.0 <= percent * total as f64,
        }
    }
}

impl FromStr for Expect {
    type Err = ParseExpectError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || ParseExpectError(text.chars().take(64).collect());
        if let Some(most) = text.strip_prefix("<=") {
            let Some(percent) = most.strip_suffix('%') else {
                return number(most).map(Self::AtMost).ok_or_else(bad);
            };
            let plain = percent.chars().all(|c| c.is_ascii_digit() || c == '.');
            let percent: Option<f64> = percent.parse().ok().filter(|_| plain);
            let percent = percent.filter(|percent| (0.0..=100.0).contains(percent));
            return percent.map(Self::AtMostPercent).ok_or_else(bad);
        }
        if let Some((low, high)) = text.split_once("..") {
            let (low, high) = number(low).zip(number(high)).ok_or_else(bad)?;
            return if low <= high { Ok(Self::Between(low, high)) } else { Err(bad()) };
        }
        number(text).map(Self::Exactly).ok_or_else(bad)
    }
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(n) => write!(f, "{n}"),
            Self::Between(low, high) => write!(f, "{low}..{high}"),
            Self::AtMost(n) => write!(f, "<={n}"),
            Self::AtMostPercent(percent) => write!(f, "<={percent}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_expectation_holds_up_to_its_bounds() {
        let cases = [
            ("10", 10, 100, true),
            ("10", 11, 100, false),
            ("10", 9, 100, false),
            ("5..7", 4, 100, false),
            ("5..7", 5, 100, true),
            ("5..7", 7, 100, true),
            ("5..7", 8, 100, false),
            ("<=3", 3, 9, true),
            ("<=3", 4, 9, false),
            ("<=5%", 5, 100, true),
            ("<=5%", 6, 100, false),
            ("<=0.5%", 1, 200, true),
            ("<=0%", 0, 0, true),
            ("<=5%", 1, 0, false),
            ("0", 0, 0, true),
        ];
        for (text, count, total, holds) in cases {
            let expect: Expect = text.parse().unwrap();
            assert_eq!(expect.holds(count, total), holds, "{count} of {total} under {text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_the_ways_to_write_it() {
        for text in [
            "",
            "-1",
            "+1",
            "1.5",
            "7..5",
            "..5",
            "5..",
            "<=",
            "<=%",
            "<=101%",
            "<=-1%",
            "<=NaN%",
            "<=1e1%",
            ">3",
            "10%",
            "99999999999999999999",
            " 10",
            "<=infinity%",
        ] {
            let error = text.parse::<Expect>().unwrap_err();
            assert!(error.to_string().contains("A..B"), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn an_expectation_reads_back_as_it_is_shown(low: u32, more: u32, text in ".{0,12}") {
            let (low, high) = (u64::from(low), u64::from(low) + u64::from(more));
            for expect in [Expect::Exactly(low), Expect::Between(low, high), Expect::AtMost(high)] {
                prop_assert_eq!(expect.to_string().parse(), Ok(expect));
            }
            drop(text.parse::<Expect>());
        }
    }
}
