//! Alerts: what somebody should look at, from the backend itself and from detections.

use std::collections::BTreeMap;

use elk_model::AgentId;
use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Cursor, Endpoint, Nothing, Page, Permission};

/// How bad it is.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// To look at some day.
    Medium,
    /// To look at today.
    High,
    /// To look at now.
    Critical,
}

impl Severity {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// Returns the lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// What has been done about an alert.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// Nothing.
    Open,
    /// Somebody knows of it.
    Acked,
    /// It is counted still, but nobody is told, up to a time; then it is open again.
    Muted,
    /// It is over; when it happens again, that is another alert.
    Resolved,
}

impl AlertState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Acked, Self::Muted, Self::Resolved];

    /// Returns the lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acked => "acked",
            Self::Muted => "muted",
            Self::Resolved => "resolved",
        }
    }
}

/// An alert. What happens again before it is resolved is counted here, and no alert of its own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Alert {
    /// Its id.
    pub id: String,
    /// Who found it: `system` for the backend itself, `hids` or `virus` for detections.
    pub source: String,
    /// What kind of trouble it is, such as `disk_low` or `reverse_shell`.
    pub kind: String,
    /// How bad it is.
    pub severity: Severity,
    /// One line about it.
    pub title: String,
    /// What was said the last time.
    pub detail: String,
    /// The agent that it is about.
    pub agent: Option<AgentId>,
    /// What else it is about: an address, a file, a rollout.
    pub object: String,
    /// What has been done about it.
    pub state: AlertState,
    /// How often it happened.
    pub count: u64,
    /// When it happened first.
    pub first_at: Timestamp,
    /// When it happened last.
    pub last_at: Timestamp,
    /// Who changed its state; `system` where the trouble ended by itself.
    pub changed_by: Option<String>,
    /// When the state was changed.
    pub changed_at: Option<Timestamp>,
    /// Why it was changed.
    pub reason: String,
    /// Up to when it is muted.
    pub muted_until: Option<Timestamp>,
    /// What a detection said the last time; null in lists, and for the backend's own alerts.
    pub data: Option<Value>,
}

/// Which alerts.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AlertQuery {
    /// Alerts per page, 1 to 1,000; 100 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    /// Only in this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<AlertState>,
    /// Only as bad as this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Only as bad as this, or worse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<Severity>,
    /// Only of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Only from this source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Only about this agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
}

/// Which alerts are counted.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StatsQuery {
    /// Only in this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<AlertState>,
    /// Only about this agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
}

/// How many alerts there are.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AlertStats {
    /// All that match.
    pub total: u64,
    /// By state.
    pub by_state: BTreeMap<AlertState, u64>,
    /// By severity.
    pub by_severity: BTreeMap<Severity, u64>,
    /// By kind, the 100 most frequent.
    pub by_kind: BTreeMap<String, u64>,
    /// By source, the 100 most frequent.
    pub by_source: BTreeMap<String, u64>,
    /// How many were never kept, as there was no room, since the installation.
    pub shed: u64,
    /// How many were removed for their age though nobody had resolved them, since the installation.
    pub expired: u64,
}

/// Why the state is changed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Handling {
    /// Up to 1,000 bytes.
    pub reason: String,
}

/// Why and how long an alert is muted.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Muting {
    /// 1 to 1,000 bytes.
    pub reason: String,
    /// Up to when, at most a year from now.
    pub until: Timestamp,
}

/// Lists alerts.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "alert.list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/alerts";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Lists alerts, the newest first.";
    type Query = AlertQuery;
    type Body = Nothing;
    type Reply = Page<Alert>;
}

/// Returns one alert.
#[derive(Debug)]
pub struct Get;

impl Endpoint for Get {
    const ID: &'static str = "alert.get";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/alerts/{alert}";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Returns one alert with what a detection said of it.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Alert;
}

/// Counts alerts.
#[derive(Debug)]
pub struct Stats;

impl Endpoint for Stats {
    const ID: &'static str = "alert.stats";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/alerts/stats";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Counts alerts by state, severity, kind and source.";
    type Query = StatsQuery;
    type Body = Nothing;
    type Reply = AlertStats;
}

/// Says that somebody knows of an alert.
#[derive(Debug)]
pub struct Ack;

impl Endpoint for Ack {
    const ID: &'static str = "alert.ack";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/alerts/{alert}/ack";
    const NEEDS: Permission = Permission::WriteAlerts;
    const SUMMARY: &'static str = "Says that somebody knows of an alert.";
    type Query = Nothing;
    type Body = Handling;
    type Reply = Alert;
}

/// Says that an alert is over.
#[derive(Debug)]
pub struct Resolve;

impl Endpoint for Resolve {
    const ID: &'static str = "alert.resolve";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/alerts/{alert}/resolve";
    const NEEDS: Permission = Permission::WriteAlerts;
    const SUMMARY: &'static str =
        "Says that an alert is over; when it happens again, that is another alert.";
    type Query = Nothing;
    type Body = Handling;
    type Reply = Alert;
}

/// Mutes an alert.
#[derive(Debug)]
pub struct Mute;

impl Endpoint for Mute {
    const ID: &'static str = "alert.mute";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/alerts/{alert}/mute";
    const NEEDS: Permission = Permission::WriteAlerts;
    const SUMMARY: &'static str = "Mutes an alert up to a time; then it is open again.";
    type Query = Nothing;
    type Body = Muting;
    type Reply = Alert;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_and_severities_are_called_the_same_in_a_sentence_and_in_json() {
        for state in AlertState::ALL {
            assert_eq!(serde_json::to_value(state).expect("a word"), state.as_str());
        }
        for severity in Severity::ALL {
            assert_eq!(serde_json::to_value(severity).expect("a word"), severity.as_str());
        }
    }
}
