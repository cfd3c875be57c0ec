//! What a rollout was asked to be, and where it is.

use elk_api::rollouts::{Changes, Extent, OfflinePolicy, OnFailure, Phase, Step};
use serde::{Deserialize, Serialize};

/// What never changes of a rollout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spec {
    pub(crate) steps: Vec<Step>,
    pub(crate) soak_ms: i64,
    pub(crate) health_ms: i64,
    /// `None` for so many of the agent's own intervals.
    pub(crate) install_ms: Option<i64>,
    pub(crate) in_flight: u64,
    pub(crate) max_failed: Extent,
    pub(crate) on_failure: OnFailure,
    pub(crate) offline: OfflinePolicy,
    /// Until then it waits for agents that are deferred.
    pub(crate) deferred_until_ms: i64,
    pub(crate) allow_downgrade: bool,
    /// When orders may be given.
    #[serde(default)]
    pub(crate) window: Option<String>,
    pub(crate) notices: Vec<String>,
}

impl Spec {
    /// Returns how many agents have been reached when a step is done; the last step is all of them.
    pub(crate) fn target(&self, step: usize) -> u64 {
        let step = self.steps.get(step).or(self.steps.last());
        step.map_or(0, |it| it.target)
    }

    pub(crate) fn is_last(&self, step: usize) -> bool {
        step + 1 >= self.steps.len()
    }
}

/// Where a rollout is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) phase: Phase,
    pub(crate) since_ms: i64,
    /// From 0.
    pub(crate) step: usize,
    /// Failed agents that halt nothing any more.
    pub(crate) forgiven: u64,
}

/// A rollout as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) revision: u64,
    pub(crate) name: Option<String>,
    pub(crate) changes: Changes,
    pub(crate) spec: Spec,
    pub(crate) reverses: Option<String>,
    pub(crate) reversed_by: Option<String>,
    pub(crate) place: Place,
    pub(crate) reason: String,
    pub(crate) task: Option<String>,
    pub(crate) created_by: String,
    pub(crate) created_ms: i64,
    pub(crate) changed_by: String,
    pub(crate) finished_ms: Option<i64>,
}
