//! Names that operators choose.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The text cannot be the name it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct ParseNameError {
    what: &'static str,
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $accepts:expr, $rule:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        pub struct $name(String);

        impl $name {
            /// Returns the name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseNameError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let accepts: fn(&str) -> bool = $accepts;
                if accepts(text) { Ok(Self(text.to_owned())) } else { Err(ParseNameError { what: $rule }) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseNameError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name! {
    /// A label on agents: `[a-z0-9][a-z0-9._-]{0,62}`.
    Tag,
    |text| {
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
        let first = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        text.len() <= 63 && text.starts_with(first) && text.chars().all(inner)
    },
    "a tag matches [a-z0-9][a-z0-9._-]{0,62}"
}

name! {
    /// The name of an agent or plugin binary: `[0-9A-Za-z_-]{1,64}`, as agents require of plugin names.
    ComponentName,
    |text| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        (1..=64).contains(&text.len()) && text.chars().all(plain)
    },
    "a component name matches [0-9A-Za-z_-]{1,64}"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_component_names_follow_their_patterns() {
        let long = "a".repeat(64);
        let cases = [
            ("prod", true, true),
            ("eu-1.web_x", true, false),
            ("Driver_2", false, true),
            ("-x", false, true),
            ("", false, false),
            ("a b", false, false),
            (long.as_str(), false, true),
        ];
        for (text, tag, component) in cases {
            assert_eq!(text.parse::<Tag>().is_ok(), tag, "tag {text:?}");
            assert_eq!(text.parse::<ComponentName>().is_ok(), component, "component {text:?}");
        }
    }
}
