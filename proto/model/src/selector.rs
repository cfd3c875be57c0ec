//! The selector grammar: which agents a command means.
//!
//! `tag=prod,platform in (debian,rhel),version<1.9.1.22,!canary,status=running`: terms joined by
//! commas, all of which must hold. Operators: `=` `!=` `in (..)` `notin (..)` `<` `<=` `>` `>=`
//! `~regex` `exists(key)` `!key`. A word that is no key counts as a tag in `exists(word)` and
//! `!word`. Values that hold blanks, commas or parentheses go between double quotes.

mod parse;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ComponentName, ComponentVersion, Tag};

/// The longest selector in bytes.
pub const MAX_LEN: usize = 16 * 1024;
/// The most values that one selector may name.
pub const MAX_VALUES: usize = 1_000;
/// The most terms of one selector.
pub const MAX_TERMS: usize = 200;
/// The most regular expressions in one selector.
pub const MAX_PATTERNS: usize = 16;

/// Which agents are meant: those for which every term holds; all agents if there is none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selector {
    /// The terms, in the order written.
    pub terms: Vec<Term>,
}

/// One condition on an agent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Term {
    /// A text field, compared as text.
    Text(TextKey, TextTest),
    /// The agent carries one of the tags, or none of them.
    Tag(Membership<Tag>),
    /// The agent's status.
    Status(Membership<AgentStatus>),
    /// The agent's own version.
    Version(VersionTest),
    /// The version of one of its plugins.
    Component(ComponentName, VersionTest),
    /// How long ago something happened; `last_seen>5m` holds for an agent last seen over 5 minutes ago.
    Age(AgeKey, Ordering, Age),
}

/// Fields that are compared as text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is the field of its name")]
pub enum TextKey {
    Id,
    Hostname,
    Ip,
    Platform,
    Arch,
    Kernel,
    Idc,
    Ac,
}

/// Moments of which the age is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AgeKey {
    /// The last heartbeat.
    LastSeen,
    /// The first heartbeat.
    FirstSeen,
}

/// Being one of some values, or none of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Membership<T> {
    /// One of these.
    In(Vec<T>),
    /// None of these.
    NotIn(Vec<T>),
    /// There is any value.
    Exists,
    /// There is no value.
    Missing,
}

/// Conditions on a text field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TextTest {
    /// Being one of some values, or none.
    Membership(Membership<String>),
    /// Matching a regular expression somewhere.
    Matches(String),
}

/// Conditions on a version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum VersionTest {
    /// Being one of some versions, or none.
    Membership(Membership<ComponentVersion>),
    /// Being before or after a version.
    Compare(Ordering, ComponentVersion),
}

/// The side of a bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is the operator of its name")]
pub enum Ordering {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A span of whole seconds, written `30s`, `5m`, `2h` or `7d`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Age {
    /// Its length in seconds.
    pub seconds: u64,
}

/// What an agent's heartbeats say of it.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AgentStatus {
    /// Its heartbeats arrive and report no trouble.
    Running,
    /// Its heartbeats arrive and report trouble.
    Abnormal,
    /// No heartbeat for three of its own intervals.
    Offline,
}

impl AgentStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Running, Self::Abnormal, Self::Offline];

    /// Returns the lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Abnormal => "abnormal",
            Self::Offline => "offline",
        }
    }
}

impl fmt::Display for AgentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is no selector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("selector: {what} at character {at}")]
pub struct ParseSelectorError {
    /// What was expected or refused there.
    pub what: String,
    /// Position in characters, from 1.
    pub at: usize,
}

impl TextKey {
    /// All of them, with the names they have in selectors.
    pub const NAMES: [(&'static str, Self); 8] = [
        ("id", Self::Id),
        ("hostname", Self::Hostname),
        ("ip", Self::Ip),
        ("platform", Self::Platform),
        ("arch", Self::Arch),
        ("kernel", Self::Kernel),
        ("idc", Self::Idc),
        ("ac", Self::Ac),
    ];
}

/// Every key, for messages and completion; `component.NAME` stands for any plugin.
pub const KEYS: [&str; 14] = [
    "tag",
    "id",
    "hostname",
    "ip",
    "status",
    "version",
    "component.NAME",
    "platform",
    "arch",
    "kernel",
    "idc",
    "ac",
    "last_seen",
    "first_seen",
];
