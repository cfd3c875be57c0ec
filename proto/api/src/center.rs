//! AgentCenter's HTTP API: the reference's envelope and shapes, and two calls of our own.

use std::collections::BTreeMap;
use std::net::IpAddr;

use elk_model::AgentId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `GET`, signed: ids of connected agents.
pub const CONN_LIST: &str = "/conn/list";
/// `GET`, signed: number of connections.
pub const CONN_COUNT: &str = "/conn/count";
/// `GET`, signed: state of connected agents; with `?since=CURSOR` what changed ([`Changes`]).
pub const CONN_STAT: &str = "/conn/stat";
/// `POST`, signed: closes streams.
pub const CONN_RESET: &str = "/conn/reset";
/// `GET`, signed: addresses whose TLS handshakes failed ([`RefusedList`]); not served by the reference.
pub const CONN_REFUSED: &str = "/conn/refused";
/// Tells which clusters of Kubernetes posted audit events within the last two minutes.
pub const CLUSTERS: &str = "/kube/cluster/list";
/// `POST`, signed: one order. `/command/` is the same.
pub const COMMAND: &str = "/command";
/// `POST`, signed: up to [`MAX_BATCH`] orders ([`Batch`]); not served by the reference.
pub const COMMAND_BATCH: &str = "/command/batch";

/// The most orders in one batch.
pub const MAX_BATCH: usize = 1_000;

/// The reference's answer to everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// 0 for success.
    pub code: i32,
    /// Fixed text of the code.
    #[serde(default)]
    pub msg: String,
    /// The content, or why it failed.
    pub data: T,
}

/// One order as the reference's Manager posts it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The agent.
    pub agent_id: String,
    /// What it is told.
    pub command: Command,
}

/// What an agent is told: a task, or else the complete set of components it should run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Command {
    /// Meaning known only for agents older than 1.7, which exit on 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_ctrl: Option<i32>,
    /// Something to do now; an agent then ignores `config`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<CommandTask>,
    /// The complete set; an empty one makes the agent delete all its plugins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Vec<ConfigItem>>,
}

/// Something to do now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommandTask {
    /// Plugin, or `elkeid-agent`.
    pub name: String,
    /// Argument.
    pub data: String,
    /// Ties the answer to the order.
    pub token: String,
    /// Number of the task.
    pub data_type: i32,
}

/// One component of the set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfigItem {
    /// Name of the component.
    pub name: String,
    /// `exec`, `tar.gz` or `agent`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Version.
    pub version: String,
    /// Digest of the file.
    pub sha256: String,
    /// Digest of the executable inside; empty if that is the file.
    pub signature: String,
    /// Where to fetch it, in order of preference.
    #[serde(deserialize_with = "null_as_default")]
    pub download_url: Vec<String>,
    /// Handed to the plugin.
    pub detail: String,
}

/// State of one connection, as `GET /conn/stat` lists it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConnStat {
    /// The last heartbeat with what AgentCenter adds; empty before the first.
    #[serde(deserialize_with = "null_as_default")]
    pub agent_info: Map<String, Value>,
    /// The last heartbeat of each plugin.
    #[serde(deserialize_with = "null_as_default")]
    pub plugins_info: Vec<Map<String, Value>>,
}

/// What changed since a cursor: `data` of `GET /conn/stat?since=CURSOR`, unenveloped shape of ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// Goes into the next call. Opaque.
    pub cursor: String,
    /// Here begins everything: what is neither in `items` nor in those of the answers that follow
    /// while `more` is set is not connected. So it is for an unknown cursor.
    pub full: bool,
    /// More than fits into one answer has changed: call again at once, with the new cursor.
    pub more: bool,
    /// Connections that changed, oldest change first.
    pub items: Vec<Connection>,
    /// Agents whose last connection ended.
    pub gone: Vec<AgentId>,
}

/// One connected agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// What the control plane calls the agent.
    pub id: AgentId,
    /// Unix milliseconds when the stream began.
    pub connected_at_ms: i64,
    /// Unix milliseconds of the last heartbeat, by AgentCenter's clock.
    pub last_heartbeat_ms: Option<i64>,
    /// Milliseconds between its last heartbeats; null until two arrived.
    pub heartbeat_interval_ms: Option<u64>,
    /// Two hosts use the id.
    pub clone: bool,
    /// What `GET /conn/stat` shows.
    #[serde(flatten)]
    pub stat: ConnStat,
}

/// Addresses whose TLS handshakes failed at one AgentCenter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefusedList {
    /// Unix milliseconds since when it counts.
    pub since_ms: i64,
    /// Addresses that gave way to later ones.
    pub forgotten: u64,
    /// At most 4,096, the latest failure first.
    pub items: Vec<Refused>,
}

/// Failed handshakes of one address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    /// Where they came from.
    pub address: IpAddr,
    /// What the last one failed at: `no_certificate`, `certificate`, `alert`, `alpn`, `incompatible`,
    /// `protocol`, `closed`, `timeout` or `limit`.
    pub reason: String,
    /// The last one in words.
    pub detail: String,
    /// How many.
    pub count: u64,
    /// Unix milliseconds of the first.
    pub first_ms: i64,
    /// Unix milliseconds of the last.
    pub last_ms: i64,
}

/// Orders for several agents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// At most [`MAX_BATCH`].
    pub orders: Vec<Order>,
}

/// What became of each order of a [`Batch`], in its order: null if it was written to the stream,
/// else the error text of a single `POST /command`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchReply {
    /// One entry an order.
    pub errors: Vec<Option<String>>,
}

/// Which streams to close.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reset {
    /// `random` or `strict`.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many, for `random`.
    #[serde(default)]
    pub count: i64,
    /// Which ones, for `strict`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub id_list: Vec<String>,
}

/// What closing did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResetReply {
    /// How many were asked for.
    pub count: usize,
    /// `ok` or an error text by agent id.
    pub detail: BTreeMap<String, String>,
}

/// Error text: no such connection.
pub const NOT_FOUND: &str = "agentID not found";
/// Error text: the agent's queue of orders stayed full for 2 s.
pub const QUEUE_FULL: &str = "the sendPool of the agent is full";
/// Error text: handed over, but not written within 2 s; it may still arrive.
pub const WRITE_TIMEOUT: &str = "the command has been sent but get results timed out";

/// Reads JSON `null` as the default value, as the reference's decoder does.
///
/// # Errors
///
/// Returns the error of the inner type.
pub fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
