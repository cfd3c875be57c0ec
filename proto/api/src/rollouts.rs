//! Rollouts: new versions and details that reach agents in steps, each agent watched until it is
//! known to run well, and taken back where they do not.

use std::collections::BTreeMap;

use elk_model::{AgentId, ComponentName, ComponentVersion};
use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Cursor, Endpoint, ListQuery, Nothing, Page, Permission};

/// What a rollout brings to agents, by component; `elkeid-agent` is the agent itself.
pub type Changes = BTreeMap<ComponentName, Want>;

/// A version of a component, and how it should run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Want {
    /// A published version.
    pub version: ComponentVersion,
    /// Handed to a plugin in its environment as `DETAIL`, at most 64 KiB; what the agent's plugin has
    /// now if null.
    #[serde(default)]
    pub detail: Option<String>,
}

/// So many agents.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// So many.
    Count(u64),
    /// So many of a hundred, above 0 and at most 100.
    Percent(f64),
}

impl Extent {
    /// Returns how many of `total` are meant, rounded up.
    pub fn up(self, total: u64) -> u64 {
        match self {
            Self::Count(count) => count.min(total),
            Self::Percent(percent) => whole(share(percent, total).ceil()),
        }
    }

    /// Returns how many of `total` are meant, rounded down.
    pub fn down(self, total: u64) -> u64 {
        match self {
            Self::Count(count) => count,
            // A share of 1 % of 100 agents is one, whatever the digits of a float say.
            Self::Percent(percent) => whole((share(percent, total) + 1e-9).floor()),
        }
    }
}

/// Numbers of agents are far below those that a float cannot tell apart.
fn share(percent: f64, total: u64) -> f64 {
    percent.clamp(0.0, 100.0) * total as f64 / 100.0
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0 to a number of agents"
)]
fn whole(share: f64) -> u64 {
    share as u64
}

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStep {
    /// How many agents have been reached when it is done, of each group; the last step is always all
    /// of them.
    pub extent: Extent,
    /// Wait for somebody to promote before the next step.
    #[serde(default)]
    pub manual: bool,
}

/// Agents that come one after the other.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// Its name, 1 to 64 characters.
    pub name: String,
    /// Its agents, of those selected; an agent is of the first group that it matches.
    pub selector: String,
}

/// What happens when more agents fail than may.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// It halts, and waits for somebody.
    #[default]
    Pause,
    /// It halts, and takes every agent that it touched back to what that agent had before.
    Undo,
}

/// What happens to agents that are offline when their turn comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfflinePolicy {
    /// They are reached when they come back, as long as the rollout waits for them.
    #[default]
    Defer,
    /// They are left out.
    Skip,
}

/// A rollout to create.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRollout {
    /// The selection's id. It is fixed: who comes later is not reached.
    pub selection: String,
    /// What it brings, 1 to 64 components; what else an agent runs stays as it is.
    pub changes: Changes,
    /// Free text for people.
    #[serde(default)]
    pub name: Option<String>,
    /// At most 32 steps of growing extent; one step of all agents if empty.
    #[serde(default)]
    pub steps: Vec<NewStep>,
    /// At most 32 groups, reached one after the other, each by all the steps; agents of none come
    /// last.
    #[serde(default)]
    pub groups: Vec<NewGroup>,
    /// After a step it waits so long, and looks at its agents again.
    #[serde(default)]
    pub soak_seconds: u32,
    /// An agent is done when it ran the target for so long; two of its heartbeat intervals if that is
    /// longer.
    #[serde(default)]
    pub health_window_seconds: u32,
    /// An agent has so long to report the target; 12 of its heartbeat intervals if null.
    #[serde(default)]
    pub install_timeout_seconds: Option<u32>,
    /// So many agents at a time, 1 to 10,000; 500 if null.
    #[serde(default)]
    pub max_in_flight: Option<u32>,
    /// It halts when more agents have failed, of those that have been reached at the end of the step;
    /// 1 % if null.
    #[serde(default)]
    pub max_failed: Option<Extent>,
    /// What happens when it halts.
    #[serde(default)]
    pub on_failure: OnFailure,
    /// What happens to agents that are offline.
    #[serde(default)]
    pub offline: OfflinePolicy,
    /// How long it waits for those that are deferred; 604,800 (7 days) if null.
    #[serde(default)]
    pub defer_seconds: Option<u32>,
    /// Agents that run a later version are taken back to this one; else they are skipped.
    #[serde(default)]
    pub allow_downgrade: bool,
    /// Orders are given at these times only, such as `Mon-Thu 02:00-05:00 Europe/Berlin`; all days and
    /// UTC if they are not said.
    #[serde(default)]
    pub window: Option<String>,
    /// Begin when somebody resumes it.
    #[serde(default)]
    pub paused: bool,
}

/// How far a rollout is.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Agents of a step are being reached and watched.
    Progressing,
    /// A step is done; it waits before the next.
    Soaking,
    /// Somebody, or a manual gate, stopped it.
    Paused,
    /// Too many agents failed.
    Halted,
    /// Another rollout takes its agents back.
    Undoing,
    /// All agents have an end.
    Completed,
    /// Somebody ended it; agents stay as they are.
    Aborted,
    /// Its agents have been taken back.
    Undone,
}

impl Phase {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Progressing,
        Self::Soaking,
        Self::Paused,
        Self::Halted,
        Self::Undoing,
        Self::Completed,
        Self::Aborted,
        Self::Undone,
    ];

    /// Returns the lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Progressing => "progressing",
            Self::Soaking => "soaking",
            Self::Paused => "paused",
            Self::Halted => "halted",
            Self::Undoing => "undoing",
            Self::Completed => "completed",
            Self::Aborted => "aborted",
            Self::Undone => "undone",
        }
    }

    /// Returns whether nothing more happens by itself or by hand, but another rollout.
    pub fn is_end(self) -> bool {
        matches!(self, Self::Completed | Self::Aborted | Self::Undone)
    }
}

/// How far a rollout is with one agent.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// Its turn has not come.
    Pending,
    /// Its turn had come, but it is offline.
    Deferred,
    /// The order is on its way to it.
    Installing,
    /// It reported the target, and is watched.
    Verifying,
    /// It ran the target for the health window.
    Done,
    /// It did not.
    Failed,
    /// It is left out.
    Skipped,
    /// It was taken back to what it had before.
    Reverted,
}

impl MemberState {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Deferred,
        Self::Installing,
        Self::Verifying,
        Self::Done,
        Self::Failed,
        Self::Skipped,
        Self::Reverted,
    ];

    /// Returns the lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Deferred => "deferred",
            Self::Installing => "installing",
            Self::Verifying => "verifying",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Reverted => "reverted",
        }
    }
}

/// How many agents are in each state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct MemberCounts {
    /// Not reached.
    pub pending: u64,
    /// Offline.
    pub deferred: u64,
    /// On their way.
    pub installing: u64,
    /// Watched.
    pub verifying: u64,
    /// Done.
    pub done: u64,
    /// Failed.
    pub failed: u64,
    /// Left out.
    pub skipped: u64,
    /// Taken back.
    pub reverted: u64,
}

impl MemberCounts {
    /// Returns the place of a state's number.
    pub fn of(&mut self, state: MemberState) -> &mut u64 {
        match state {
            MemberState::Pending => &mut self.pending,
            MemberState::Deferred => &mut self.deferred,
            MemberState::Installing => &mut self.installing,
            MemberState::Verifying => &mut self.verifying,
            MemberState::Done => &mut self.done,
            MemberState::Failed => &mut self.failed,
            MemberState::Skipped => &mut self.skipped,
            MemberState::Reverted => &mut self.reverted,
        }
    }

    /// Returns how many have been sent the order and have no end.
    pub fn in_flight(&self) -> u64 {
        self.installing + self.verifying
    }

    /// Returns how many the rollout changed something on.
    pub fn touched(&self) -> u64 {
        self.in_flight() + self.done + self.failed
    }
}

/// A step of a rollout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// What it is called: its extent, and its group.
    pub label: String,
    /// How many agents have been reached when it is done, with all steps before it.
    pub target: u64,
    /// Whether somebody has to promote it.
    pub manual: bool,
}

/// A rollout.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Rollout {
    /// Its id, `ro-` and 32 characters.
    pub id: String,
    /// Grows by one with each change of its phase or step; a change by hand names the one it saw.
    pub revision: u64,
    /// Free text for people.
    pub name: Option<String>,
    /// What it brings; empty where it takes agents back to what each had.
    pub changes: Changes,
    /// The rollout whose agents it takes back.
    pub reverses: Option<String>,
    /// The rollout that takes its agents back.
    pub reversed_by: Option<String>,
    /// How far it is.
    pub phase: Phase,
    /// Since when.
    pub phase_since: Timestamp,
    /// Why it is in this phase, where that is not plain.
    pub reason: String,
    /// Its steps.
    pub steps: Vec<Step>,
    /// The step it is at, from 1.
    pub step: u32,
    /// Agents it is meant for.
    pub targets: u64,
    /// How many agents are in each state.
    pub counts: MemberCounts,
    /// Seconds it waits after each step.
    pub soak_seconds: u32,
    /// Seconds an agent has to run the target.
    pub health_window_seconds: u32,
    /// Seconds an agent has to report it; null for 12 of its heartbeat intervals.
    pub install_timeout_seconds: Option<u32>,
    /// So many agents at a time.
    pub max_in_flight: u32,
    /// It halts when more agents have failed.
    pub max_failed: Extent,
    /// What happens when it halts.
    pub on_failure: OnFailure,
    /// What happens to agents that are offline.
    pub offline: OfflinePolicy,
    /// Until when it waits for those that are deferred.
    pub deferred_until: Timestamp,
    /// When orders are given; null for always.
    pub window: Option<String>,
    /// What was changed of what was asked for.
    pub notices: Vec<String>,
    /// Who created it.
    pub created_by: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who changed it last; `system` if it was by itself.
    pub changed_by: String,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// One agent of a rollout.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Member {
    /// The agent.
    pub agent: AgentId,
    /// Its host's name.
    pub hostname: String,
    /// How far it is.
    pub state: MemberState,
    /// Why it is so.
    pub reason: String,
    /// What it ran before, by component; null if it did not run it.
    pub previous: BTreeMap<ComponentName, Option<String>>,
    /// The task that carries the order.
    pub task: Option<String>,
    /// When the order was given.
    pub begun_at: Option<Timestamp>,
    /// When it reached its end.
    pub ended_at: Option<Timestamp>,
}

/// Which agents of a rollout to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberQuery {
    /// Only this state.
    #[serde(default)]
    pub state: Option<MemberState>,
    /// At most so many.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Continue here.
    #[serde(default)]
    pub cursor: Option<Cursor>,
}

/// A change by hand.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Steer {
    /// The revision that was seen; any other current revision is a conflict.
    pub revision: u64,
    /// Why; needed to resume a rollout that halted.
    #[serde(default)]
    pub reason: Option<String>,
}

macro_rules! steer {
    ($name:ident, $verb:literal, $what:literal) => {
        #[doc = $what]
        #[derive(Debug)]
        pub struct $name;

        impl Endpoint for $name {
            const ID: &'static str = concat!("rollout.", $verb);
            const METHOD: Method = Method::POST;
            const ROUTE: &'static str = concat!("/api/n1/rollouts/{rollout}/", $verb);
            const NEEDS: Permission = Permission::WriteConfig;
            const SUMMARY: &'static str = $what;
            type Query = Nothing;
            type Body = Steer;
            type Reply = Rollout;
        }
    };
}

/// Creates a rollout.
#[derive(Debug)]
pub struct Create;

impl Endpoint for Create {
    const ID: &'static str = "rollout.create";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/rollouts";
    const NEEDS: Permission = Permission::WriteConfig;
    const SUMMARY: &'static str = "Creates a rollout over the agents of a selection.";
    type Query = Nothing;
    type Body = NewRollout;
    type Reply = Rollout;
}

/// Lists rollouts, newest first.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "rollout.list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/rollouts";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Lists rollouts, newest first.";
    type Query = ListQuery;
    type Body = Nothing;
    type Reply = Page<Rollout>;
}

/// Shows a rollout.
#[derive(Debug)]
pub struct Get;

impl Endpoint for Get {
    const ID: &'static str = "rollout.get";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/rollouts/{rollout}";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Shows a rollout, by its id or a unique prefix of it.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Rollout;
}

/// Lists the agents of a rollout.
#[derive(Debug)]
pub struct Agents;

impl Endpoint for Agents {
    const ID: &'static str = "rollout.agents";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/rollouts/{rollout}/agents";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Lists the agents of a rollout in the order of their turn.";
    type Query = MemberQuery;
    type Body = Nothing;
    type Reply = Page<Member>;
}

steer!(Pause, "pause", "Gives no more orders; agents that have theirs go on.");
steer!(Resume, "resume", "Goes on with a rollout that is paused or halted.");
steer!(Promote, "promote", "Ends the wait after a step and begins the next.");
steer!(Abort, "abort", "Ends a rollout; agents stay as they are.");
steer!(
    Undo,
    "undo",
    "Takes every agent that was touched back to what it had; answers that rollout."
);
steer!(Retry, "retry", "Gives agents that failed, of the steps so far, another turn.");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_to_the_careful_side() {
        for (extent, total, up, down) in [
            (Extent::Percent(1.0), 4, 1, 0),
            (Extent::Percent(1.0), 100, 1, 1),
            (Extent::Percent(25.0), 10, 3, 2),
            (Extent::Percent(100.0), 7, 7, 7),
            (Extent::Percent(29.0), 100, 29, 29),
            (Extent::Count(4), 40, 4, 4),
            (Extent::Count(50), 40, 40, 50),
        ] {
            assert_eq!((extent.up(total), extent.down(total)), (up, down), "{extent:?} of {total}");
        }
    }
}
