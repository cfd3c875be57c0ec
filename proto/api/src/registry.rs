//! ServiceDiscovery's HTTP API: the reference's paths and shapes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `POST`, signed: registers or renews.
pub const REGISTER: &str = "/registry/register";
/// `POST`, signed: removes.
pub const EVICT: &str = "/registry/evict";
/// `GET ?name=&count=`: instances of a service.
pub const DETAIL: &str = "/registry/detail";
/// `GET`: names of services.
pub const LIST: &str = "/registry/list";
/// `GET`: number of instances by name.
pub const SUMMARY: &str = "/registry/summary";
/// What changed at another node of the reference.
pub const SYNC: &str = "/registry/sync";

/// Seconds between renewals of a registration.
pub const RENEW_SECONDS: u64 = 30;
/// The prefix under which agents look for AgentCenters.
pub const AC_NAME: &str = "hids_svr";
/// The name under which Managers register.
pub const MANAGER_NAME: &str = "hids_manage";

/// Registers, renews or removes an instance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Registration {
    /// Name of the service, such as `hids_svr_grpc`.
    pub name: String,
    /// Address that others dial.
    pub ip: String,
    /// Port that others dial.
    pub port: u16,
    /// Load; for AgentCenters the number of streams.
    pub weight: i64,
    /// Anything; echoed.
    pub extra: Value,
}

/// An instance of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// Name of the service.
    pub name: String,
    /// Address that others dial.
    pub ip: String,
    /// Port that others dial.
    pub port: u16,
    /// 0 to 4 by the age of the last renewal: green, blue, yellow, orange, red.
    #[serde(default)]
    pub status: u8,
    /// First registration, Unix seconds.
    #[serde(default)]
    pub create_at: i64,
    /// Last renewal, Unix seconds.
    #[serde(default)]
    pub update_at: i64,
    /// Load as last reported.
    #[serde(default)]
    pub weight: i64,
    /// Echoed.
    #[serde(default)]
    pub extra: Value,
}

/// The answer to a read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer<T> {
    /// What was asked for.
    pub data: T,
    /// `ok`.
    pub msg: String,
}

/// What changed at one node, for another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SyncBatch {
    /// The node where it changed.
    pub source: String,
    /// In order.
    pub data: Vec<SyncItem>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SyncItem {
    /// `REGISTER` or `EVICT`.
    pub action: String,
    /// The instance.
    pub registry: Instance,
}
