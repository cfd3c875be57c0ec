//! Versions of components.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A component's version: four numbers, each 0 to 9999 without leading zeros, such as `1.9.1.22`.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct ComponentVersion([u16; 4]);

/// The text is not a component version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a version has four numbers of 0 to 9999, such as 1.9.1.22")]
pub struct ParseVersionError;

impl ComponentVersion {
    /// Returns the four numbers, most significant first.
    pub fn parts(&self) -> [u16; 4] {
        self.0
    }
}

impl FromStr for ComponentVersion {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = [0; 4];
        let mut words = text.split('.');
        for part in &mut parts {
            *part = words.next().and_then(number).ok_or(ParseVersionError)?;
        }
        if words.next().is_some() {
            return Err(ParseVersionError);
        }
        Ok(Self(parts))
    }
}

fn number(word: &str) -> Option<u16> {
    let canonical = word == "0" || !word.starts_with('0');
    let digits = (1..=4).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    if canonical && digits { word.parse().ok() } else { None }
}

impl fmt::Display for ComponentVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.0;
        write!(f, "{a}.{b}.{c}.{d}")
    }
}

impl TryFrom<String> for ComponentVersion {
    type Error = ParseVersionError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ComponentVersion> for String {
    fn from(version: ComponentVersion) -> Self {
        version.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_four_canonical_numbers_and_compare_as_numbers() {
        for good in ["0.0.0.0", "1.9.1.22", "9999.1.0.10"] {
            assert_eq!(good.parse::<ComponentVersion>().unwrap().to_string(), good);
        }
        for bad in ["", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.10000", "1.2.3.+4", "1.2.3. 4"] {
            assert_eq!(bad.parse::<ComponentVersion>(), Err(ParseVersionError), "parsing {bad:?}");
        }
        let version = |text: &str| text.parse::<ComponentVersion>().unwrap();
        assert!(version("1.9.1.9") < version("1.9.1.22"));
    }
}
