//! Identity of an agent in the control plane.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the control plane calls one agent: the id that the agent sends, or, where that is empty or
/// unprintable, a key that AgentCenter derives from the host's facts.
///
/// 1 to 128 characters, printable, without blanks, `/` or `,`; usually a UUID.
#[derive(
    Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct AgentId(Arc<str>);

/// The longest agent id in bytes.
const MAX_LEN: usize = 128;

/// The text cannot be an agent id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an agent id has 1 to 128 printable characters without blanks, `/` or `,`")]
pub struct ParseAgentIdError;

impl AgentId {
    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AgentId {
    type Err = ParseAgentIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '/' | ',');
        if text.is_empty() || text.len() > MAX_LEN || !text.chars().all(plain) {
            return Err(ParseAgentIdError);
        }
        Ok(Self(text.into()))
    }
}

impl TryFrom<String> for AgentId {
    type Error = ParseAgentIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AgentId> for String {
    fn from(id: AgentId) -> Self {
        id.as_str().to_owned()
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_the_field_are_taken_and_unprintable_ones_refused() {
        let long = "x".repeat(129);
        let cases = [
            ("33623333-3365-4905-b417-331e183333183", true),
            ("agent-1", true),
            ("", false),
            ("a b", false),
            ("a/b", false),
            ("a,b", false),
            ("a\u{1b}[2J", false),
            ("hôte", false),
            (long.as_str(), false),
        ];
        for (text, accepted) in cases {
            assert_eq!(text.parse::<AgentId>().is_ok(), accepted, "parsing {text:?}");
        }
    }
}
