//! The backend itself.

use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Content, Endpoint, Nothing, Permission};

/// What `GET /ping` answers, to anyone. The first four keys are the reference's.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Ping {
    /// Always empty.
    pub commit: String,
    /// Always `elk`.
    pub build: String,
    /// The Manager's version.
    pub version: String,
    /// Always empty.
    pub ci: String,
    /// Versions of the native API it serves.
    pub api: Vec<String>,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// How the backend is.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Status {
    /// The Manager that answers.
    pub manager: ManagerStatus,
    /// ServiceDiscovery nodes the Manager knows.
    pub sd: Vec<SdStatus>,
    /// AgentCenters listed in ServiceDiscovery.
    pub ac: Vec<AcStatus>,
    /// The bus, if the Manager has one.
    pub bus: Option<BusStatus>,
    /// What is wrong, one sentence each; empty if nothing is.
    pub problems: Vec<String>,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// The Manager that answers.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ManagerStatus {
    /// Its version.
    pub version: String,
    /// When it started.
    pub started_at: Timestamp,
    /// How long the database took to answer; null if it did not.
    pub database_ms: Option<f64>,
    /// Agents it knows.
    pub agents: u64,
    /// Requests of AgentCenters refused for lack of proof.
    pub refused_requests: u64,
    /// Results of tasks that came for tokens nobody waits for.
    pub stray_results: u64,
}

/// A ServiceDiscovery node.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct SdStatus {
    /// Its address.
    pub address: String,
    /// Whether it answered.
    pub up: bool,
    /// Why it did not.
    pub error: Option<String>,
}

/// An AgentCenter.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct AcStatus {
    /// The address of its API.
    pub address: String,
    /// By the age of its last registration: `green` to 45 s, `blue`, `yellow`, `orange`, `red` to 105 s.
    pub state: String,
    /// Age of its last registration.
    pub registered_seconds_ago: u64,
    /// Streams it held then.
    pub connections: u64,
    /// Whether the Manager's last call succeeded.
    pub reachable: bool,
    /// Whether it is an Elk AgentCenter; false for the reference.
    pub native: bool,
    /// Why the last call failed.
    pub error: Option<String>,
}

/// The bus.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BusStatus {
    /// `local` or `kafka`.
    pub kind: String,
    /// Records written, or acknowledged by Kafka, since the start.
    pub records: u64,
    /// Bytes on disk: of the log, or of the spool.
    pub disk_bytes: u64,
    /// Records that retention removed before a registered consumer had read them.
    pub removed_unread: u64,
    /// Records that could not be written and were shed.
    pub shed: u64,
    /// Why writing fails at present; null if it does not.
    pub error: Option<String>,
}

impl Endpoint for Status {
    const ID: &'static str = "cluster.status";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/cluster";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Tells how the backend is.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Self;
}

/// Copies the store.
#[derive(Debug)]
pub struct Backup;

impl Endpoint for Backup {
    const ID: &'static str = "cluster.backup";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/cluster/backup";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Streams a copy of the database, as of one moment, and of the files it names, as a tar archive; its last entry, `manifest.json`, has the digest of each other one.";
    const REPLY: Content = Content::Octets;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Nothing;
}
