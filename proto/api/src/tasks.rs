//! Tasks: orders to agents, followed to their end.

use elk_model::AgentId;
use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Cursor, Endpoint, ListQuery, Nothing, Page, Permission};

/// The header by which a repeated request is known to be the same; kept for 24 hours.
pub const IDEMPOTENCY_HEADER: &str = "idempotency-key";

/// A task to create.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    /// The selection's id.
    pub selection: String,
    /// The plugin it addresses; `elkeid-agent` for the agent itself.
    pub plugin: String,
    /// Its number, which the plugin understands.
    pub data_type: i32,
    /// Its argument, at most 1 MiB.
    #[serde(default)]
    pub data: String,
    /// Free text for people.
    #[serde(default)]
    pub name: Option<String>,
    /// An agent that was reached has this long to answer; 600 if null.
    #[serde(default)]
    pub timeout_seconds: Option<u32>,
    /// How many agents may be at it at a time, 1 to 999; no limit if null.
    #[serde(default)]
    pub max_in_flight: Option<u32>,
}

/// An order to a set of agents.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Task {
    /// Its id, `task-` and 26 characters.
    pub id: String,
    /// Free text for people.
    pub name: Option<String>,
    /// What it does.
    pub kind: TaskKind,
    /// The plugin it addresses; empty for configuration.
    pub plugin: String,
    /// Its number; 0 for configuration.
    pub data_type: i32,
    /// Its argument.
    pub data: String,
    /// Whether it is still going on.
    pub state: TaskState,
    /// Agents it is meant for.
    pub targets: u64,
    /// How many agents are in each state.
    pub counts: TaskCounts,
    /// An agent that was reached has this long to answer.
    pub timeout_seconds: u32,
    /// How many agents may be at it at a time; null for no limit.
    pub max_in_flight: Option<u32>,
    /// Who created it.
    pub created_by: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When the last agent reached an end state.
    pub finished_at: Option<Timestamp>,
}

/// What a task does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Runs something in a plugin; the plugin's answer ends it.
    Task,
    /// Sends the configuration; the agent's report of exactly that set ends it.
    Config,
    /// Restarts the agent; a heartbeat with a later start time ends it.
    Restart,
}

/// Whether a task is going on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Some agents have not reached an end state.
    Running,
    /// All agents reached an end state.
    Finished,
    /// Cancelled; what had been sent may still finish.
    Cancelled,
}

/// How far a task got on one agent.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SubtaskState {
    /// Not sent yet.
    Queued,
    /// Given to AgentCenter, which has not answered.
    Sent,
    /// AgentCenter wrote it to the agent's stream.
    Acked,
    /// The agent did it.
    Succeeded,
    /// The agent could not do it, or AgentCenter refused it.
    Failed,
    /// The agent did not answer in time.
    TimedOut,
    /// AgentCenter or the Manager was lost after sending; it is never sent again by itself.
    Unknown,
    /// The agent did not come online in time; it was never sent.
    Expired,
    /// Cancelled before it was sent.
    Cancelled,
}

impl SubtaskState {
    /// All states, in the order of a task's life.
    pub const ALL: [Self; 9] = [
        Self::Queued,
        Self::Sent,
        Self::Acked,
        Self::Succeeded,
        Self::Failed,
        Self::TimedOut,
        Self::Unknown,
        Self::Expired,
        Self::Cancelled,
    ];

    /// Returns the lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Acked => "acked",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// Returns whether nothing more will happen.
    pub fn is_end(self) -> bool {
        !matches!(self, Self::Queued | Self::Sent | Self::Acked)
    }
}

/// How many agents are in each state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "each counts the state of its name")]
pub struct TaskCounts {
    pub queued: u64,
    pub sent: u64,
    pub acked: u64,
    pub succeeded: u64,
    pub failed: u64,
    pub timed_out: u64,
    pub unknown: u64,
    pub expired: u64,
    pub cancelled: u64,
}

impl TaskCounts {
    /// Returns the counter of `state`.
    pub fn of(&mut self, state: SubtaskState) -> &mut u64 {
        match state {
            SubtaskState::Queued => &mut self.queued,
            SubtaskState::Sent => &mut self.sent,
            SubtaskState::Acked => &mut self.acked,
            SubtaskState::Succeeded => &mut self.succeeded,
            SubtaskState::Failed => &mut self.failed,
            SubtaskState::TimedOut => &mut self.timed_out,
            SubtaskState::Unknown => &mut self.unknown,
            SubtaskState::Expired => &mut self.expired,
            SubtaskState::Cancelled => &mut self.cancelled,
        }
    }
}

/// What became of a task on one agent.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TaskResult {
    /// The agent.
    pub agent: AgentId,
    /// The host's name.
    pub hostname: String,
    /// How far it got.
    pub state: SubtaskState,
    /// The agent's or the server's words; empty if none.
    pub message: String,
    /// Ties the agent's answer to the order.
    pub token: String,
    /// When it was given to AgentCenter.
    pub sent_at: Option<Timestamp>,
    /// When it reached an end state.
    pub finished_at: Option<Timestamp>,
    /// The answering record's fields; null if there was none.
    pub result: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Which results to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ResultQuery {
    /// Only this state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<SubtaskState>,
    /// Objects per page, 1 to 1,000; 100 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

/// Creates a task.
#[derive(Debug)]
pub struct Create;

impl Endpoint for Create {
    const ID: &'static str = "task.create";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/tasks";
    const NEEDS: Permission = Permission::RunTasks;
    const SUMMARY: &'static str =
        "Creates a task; with the header Idempotency-Key a repeated request answers the same task.";
    type Query = Nothing;
    type Body = NewTask;
    type Reply = Task;
}

/// Lists tasks, newest first.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "task.list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/tasks";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Lists tasks, newest first.";
    type Query = ListQuery;
    type Body = Nothing;
    type Reply = Page<Task>;
}

/// Shows a task.
#[derive(Debug)]
pub struct Get;

impl Endpoint for Get {
    const ID: &'static str = "task.get";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/tasks/{task}";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Shows a task.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Task;
}

/// Lists a task's results by agent.
#[derive(Debug)]
pub struct Results;

impl Endpoint for Results {
    const ID: &'static str = "task.results";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/tasks/{task}/results";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Lists what became of a task on each agent.";
    type Query = ResultQuery;
    type Body = Nothing;
    type Reply = Page<TaskResult>;
}

/// Cancels what is not yet sent.
#[derive(Debug)]
pub struct Cancel;

impl Endpoint for Cancel {
    const ID: &'static str = "task.cancel";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/tasks/{task}/cancel";
    const NEEDS: Permission = Permission::RunTasks;
    const SUMMARY: &'static str = "Cancels what is not yet sent.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Task;
}

/// Which agents of a task get another order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RetryRequest {
    /// Those that ended so; `failed`, `timed_out` and `expired` if empty. Whether an `unknown` one did
    /// it nobody knows: it may do it twice.
    pub states: Vec<SubtaskState>,
}

/// Gives the same order to those it did not succeed on.
#[derive(Debug)]
pub struct Retry;

impl Endpoint for Retry {
    const ID: &'static str = "task.retry";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/tasks/{task}/retry";
    const NEEDS: Permission = Permission::RunTasks;
    const SUMMARY: &'static str = "Creates a task of the same order for agents that it did not succeed on; answers that task.";
    type Query = Nothing;
    type Body = RetryRequest;
    type Reply = Task;
}
