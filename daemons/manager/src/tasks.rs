//! Tasks: orders to agents, sent at most once each and followed to their end.

pub(crate) mod create;
pub(crate) mod dispatch;
mod excerpt;
pub(crate) mod expire;
pub(crate) mod http;
pub(crate) mod observe;
mod progress;
pub(crate) mod store;

use elk_api::center::ConfigItem;
use elk_api::tasks::TaskKind;
use serde::{Deserialize, Serialize};

/// A task to create.
#[derive(Clone, Debug)]
pub(crate) struct NewWork {
    pub(crate) selection: String,
    pub(crate) kind: TaskKind,
    pub(crate) plugin: String,
    pub(crate) data_type: i32,
    pub(crate) data: String,
    pub(crate) name: Option<String>,
    pub(crate) timeout: u32,
    pub(crate) in_flight: Option<u32>,
    pub(crate) created_by: String,
    pub(crate) idempotency: Option<String>,
}

/// The argument of a task that sends the configuration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Push {
    pub(crate) profile: String,
    /// The revision when it was asked for; agents get the newest one.
    pub(crate) revision: u64,
    pub(crate) remove_all_plugins: bool,
    /// Not the profile: these are merged by name into the list of each agent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) changes: Vec<ConfigItem>,
    /// The rollout that asked for it: what is pinned to the agents stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rollout: Option<String>,
}

impl Push {
    pub(crate) fn to_data(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what [`Push::to_data`] wrote; text that it did not write removes nothing.
    pub(crate) fn from_data(data: &str) -> Self {
        serde_json::from_str(data).unwrap_or_default()
    }
}
