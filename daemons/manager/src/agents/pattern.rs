//! Regular expressions of callers.

use regex::{Regex, RegexBuilder};

/// The most that one takes in memory.
const MAX_BYTES: usize = 256 << 10;

/// Reads a regular expression; the error says in a few words why it is not taken.
pub(crate) fn read(text: &str) -> Result<Regex, String> {
    RegexBuilder::new(text).size_limit(MAX_BYTES).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        error => {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default();
            reason.trim_start_matches("error: ").to_owned()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_much_memory_is_refused_and_what_people_write_is_not() {
        for text in ["^web-[0-9]{1,3}$", "(?i)db", r"^\w+@\w+\.\w+$", "a|b|c", ""] {
            assert!(read(text).is_ok(), "{text}");
        }
        for text in [r"\w{0,60}", r"(\pL{9}){9}", "(a{99}){99}"] {
            assert_eq!(read(text).unwrap_err(), "it is too large", "{text}");
        }
        assert_eq!(read("(").unwrap_err(), "unclosed group");
    }
}
