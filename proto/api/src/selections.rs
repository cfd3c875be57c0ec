//! Selections: a fixed set of agents between question and action.

use elk_model::selector::AgentStatus;
use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::{Endpoint, Nothing, Permission};

/// Which agents are meant: by exactly one of the fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewSelection {
    /// Agents that match this selector, which must not be empty.
    pub selector: Option<String>,
    /// These agents, by id, unique prefix, or `host=NAME`; 100,000 at most.
    pub ids: Option<Vec<String>>,
    /// All agents.
    pub all: bool,
}

/// A fixed set of agents.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Selection {
    /// Names the set in a command.
    pub id: String,
    /// How many agents.
    pub count: u64,
    /// How many of each status.
    pub by_status: BTreeMap<AgentStatus, u64>,
    /// Until when it can be used, ten minutes from now.
    pub expires_at: Timestamp,
}

/// Resolves a selector to a fixed set.
#[derive(Debug)]
pub struct Create;

impl Endpoint for Create {
    const ID: &'static str = "selection.create";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/selections";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Resolves a selector, ids or all agents to a fixed set.";
    type Query = Nothing;
    type Body = NewSelection;
    type Reply = Selection;
}
