//! Agents.

use std::collections::BTreeMap;

use elk_model::selector::AgentStatus;
use elk_model::{AgentId, ComponentName, ComponentVersion, Sha256, Tag};
use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Cursor, Endpoint, Nothing, Page, Permission, tasks};

/// One host's agent. Unknown values are null.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Agent {
    /// Its identity.
    pub id: AgentId,
    /// The host's name, as the agent says.
    pub hostname: String,
    /// What its heartbeats say.
    pub status: AgentStatus,
    /// The agent's own version; empty if never told.
    pub version: String,
    /// Distribution, such as `debian`.
    pub platform: String,
    /// Distribution's version.
    pub platform_version: String,
    /// CPU architecture, such as `x86_64`.
    pub arch: String,
    /// Kernel release.
    pub kernel: String,
    /// Data centre.
    pub idc: String,
    /// Region.
    pub region: String,
    /// Labels given by operators.
    pub tags: Vec<Tag>,
    /// IP addresses, private ones first.
    pub addresses: Vec<String>,
    /// The AgentCenter that holds its stream, by the address that agents dial, or that of its API where
    /// the other is not known; null if none does.
    pub ac: Option<String>,
    /// When the last heartbeat arrived.
    pub last_heartbeat_at: Option<Timestamp>,
    /// When the agent was seen first.
    pub first_seen_at: Timestamp,
    /// Seconds between its heartbeats, learnt from the last ones; 60 until known.
    pub heartbeat_interval_seconds: u32,
    /// CPU use of the agent, 100 for one full core.
    pub cpu_percent: Option<f64>,
    /// Resident memory of the agent.
    pub memory_bytes: Option<u64>,
    /// Plugins it reported, by name.
    pub plugins: Vec<Plugin>,
    /// Two hosts use this id at once: data flows, orders do not.
    pub clone: bool,
}

/// A plugin as an agent reported it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plugin {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whether its heartbeats arrive.
    pub status: PluginStatus,
    /// When the last heartbeat arrived.
    pub last_heartbeat_at: Option<Timestamp>,
    /// CPU use, 100 for one full core.
    pub cpu_percent: Option<f64>,
    /// Resident memory.
    pub memory_bytes: Option<u64>,
}

/// Whether a plugin runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PluginStatus {
    /// Its heartbeats arrive.
    Running,
    /// It sent none for three heartbeat intervals of its agent.
    Stopped,
}

/// Everything known of one agent.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AgentDetail {
    /// The agent.
    #[serde(flatten)]
    pub agent: Agent,
    /// All keys of its last heartbeat, as received.
    pub heartbeat: BTreeMap<String, serde_json::Value>,
    /// Since when its stream is open; null if none is.
    pub connected_at: Option<Timestamp>,
    /// The peer address of its stream.
    pub peer: Option<String>,
    /// What it should run against what it runs.
    pub config: AgentConfig,
    /// Its last tasks, newest first, ten at most.
    pub tasks: Vec<AgentTask>,
}

/// A task as one agent sees it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AgentTask {
    /// The task.
    pub task: String,
    /// Its kind.
    pub kind: tasks::TaskKind,
    /// The plugin it addresses.
    pub plugin: String,
    /// Its number.
    pub data_type: i32,
    /// How far it got on this agent.
    pub state: tasks::SubtaskState,
    /// When it was created.
    pub created_at: Timestamp,
}

/// What an agent should run against what it runs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AgentConfig {
    /// The profile that applies.
    pub profile: String,
    /// The profile's revision.
    pub revision: u64,
    /// The complete set it should run.
    pub desired: Vec<DesiredComponent>,
    /// Whether it reports exactly that set; null if it never reported.
    pub in_sync: Option<bool>,
    /// Differences, one sentence each.
    pub drift: Vec<String>,
}

/// One component that an agent should run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DesiredComponent {
    /// Its name.
    pub name: ComponentName,
    /// Its version.
    pub version: ComponentVersion,
    /// Digest of the file the agent downloads.
    pub sha256: Sha256,
}

/// What to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AgentQuery {
    /// Only agents that match this selector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// Objects per page, 1 to 1,000; 100 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
    /// Order; by id if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<AgentSort>,
    /// The other way round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reverse: Option<bool>,
}

/// Orders of a list of agents.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentSort {
    /// By id.
    #[default]
    Id,
    /// By host name.
    Hostname,
    /// By the time of the last heartbeat.
    LastSeen,
    /// By the time of the first heartbeat.
    FirstSeen,
}

impl AgentSort {
    /// All orders with their words.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("id", Self::Id),
        ("hostname", Self::Hostname),
        ("last_seen", Self::LastSeen),
        ("first_seen", Self::FirstSeen),
    ];
}

/// What to count.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AggregateQuery {
    /// Only agents that match this selector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// One or two keys, joined by a comma: `status`, `version`, `platform`, `arch`, `tag`, `ac`,
    /// `idc`, `component.NAME`. Without a key all agents are one group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Counts by key.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Aggregate {
    /// The keys counted by.
    pub by: Vec<String>,
    /// The groups, largest first.
    pub groups: Vec<AggregateGroup>,
    /// All agents that match; an agent with two tags stands in two groups but counts here once.
    pub total: u64,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// One group of agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AggregateGroup {
    /// The values of the keys; null where an agent has none.
    pub key: Vec<Option<String>>,
    /// How many agents.
    pub count: u64,
}

/// Which agents to restart.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestartRequest {
    /// The selection's id.
    pub selection: String,
    /// How many may be restarting at a time, 1 to 999; 200 if null.
    pub max_in_flight: Option<u32>,
}

/// Which agents to forget.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgetRequest {
    /// The selection's id.
    pub selection: String,
    /// Only agents offline for at least this long.
    pub offline_for_seconds: u64,
}

/// What was forgotten.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Forgotten {
    /// Agents that are gone.
    pub forgotten: Vec<AgentId>,
    /// Agents that were kept because they are not offline, or not for long enough.
    pub kept: u64,
}

/// Lists agents.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "agent.list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/agents";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Lists agents.";
    type Query = AgentQuery;
    type Body = Nothing;
    type Reply = Page<Agent>;
}

/// Shows one agent, named by id, by a unique prefix of it, or by `host=NAME`.
#[derive(Debug)]
pub struct Get;

impl Endpoint for Get {
    const ID: &'static str = "agent.get";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/agents/{agent}";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str =
        "Shows one agent, named by id, by a unique prefix of it, or by `host=NAME`.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = AgentDetail;
}

impl Endpoint for Aggregate {
    const ID: &'static str = "agent.count";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/agents/aggregate";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Counts agents by one or two keys.";
    type Query = AggregateQuery;
    type Body = Nothing;
    type Reply = Self;
}

/// Restarts agents; a task of kind `restart`.
#[derive(Debug)]
pub struct Restart;

impl Endpoint for Restart {
    const ID: &'static str = "agent.restart";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/agents/restart";
    const NEEDS: Permission = Permission::RunTasks;
    const SUMMARY: &'static str = "Restarts agents; answers the task that does it.";
    type Query = Nothing;
    type Body = RestartRequest;
    type Reply = tasks::Task;
}

/// Forgets agents that are offline.
#[derive(Debug)]
pub struct Forget;

impl Endpoint for Forget {
    const ID: &'static str = "agent.forget";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/agents/forget";
    const NEEDS: Permission = Permission::WriteAgents;
    const SUMMARY: &'static str = "Forgets agents that are offline.";
    type Query = Nothing;
    type Body = ForgetRequest;
    type Reply = Forgotten;
}

/// Shows what one agent should run against what it runs.
#[derive(Debug)]
pub struct Config;

impl Endpoint for Config {
    const ID: &'static str = "agent.config";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/agents/{agent}/config";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Shows what one agent should run against what it runs.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = AgentConfig;
}

/// Why a host is as it is.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Why {
    /// What was asked about.
    pub subject: String,
    /// The agent that it means; null for an address that no agent has.
    pub agent: Option<AgentId>,
    /// Its host's name.
    pub hostname: Option<String>,
    /// What was found, what is wrong first.
    pub findings: Vec<Finding>,
    /// When it was asked.
    pub server_time: Timestamp,
}

/// What was found about one matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// What it is about.
    pub topic: Topic,
    /// Whether something is wrong.
    pub state: Health,
    /// In one sentence.
    pub what: String,
    /// Since when, as far as that is known.
    pub since: Option<Timestamp>,
    /// What servers saw that says so, one fact each.
    pub evidence: Vec<String>,
    /// What to do about it.
    pub next: Option<String>,
}

/// What a finding is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// The stream to an AgentCenter, and heartbeats on it.
    Connection,
    /// Two hosts with one id.
    Clone,
    /// What the agent says of itself.
    Agent,
    /// What it should run against what it runs.
    Configuration,
    /// Orders to it.
    Task,
    /// A rollout that has it.
    Rollout,
}

/// Whether something is wrong.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// It is.
    Problem,
    /// Nobody who could know was there to ask.
    Unknown,
    /// It goes on.
    Waiting,
    /// It is not.
    Ok,
}

/// Says why a host is as it is.
#[derive(Debug)]
pub struct Explain;

impl Endpoint for Explain {
    const ID: &'static str = "agent.why";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/agents/{agent}/why";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Says why an agent is offline or did not do what it should, or what is known of an IP address.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Why;
}
