//! What AgentCenter asks of the Manager: the reference's five calls.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `POST` of an agent's detail map: the complete set it should run, as an envelope of
/// [`ConfigItem`](crate::center::ConfigItem)s.
pub const CONFIG: &str = "/api/v6/component/GetComponentInstances";
/// Text of code 10 in the answer to [`CONFIG`]: the Manager has no set for this agent and means it.
/// The agent stays as it is until its next stream or a push; asking again changes nothing.
pub const HELD: &str = "configuration held";
/// `POST` of [`QueryInfo`]: tags by agent id, as an envelope of [`AgentInfo`]s.
pub const QUERY_INFO: &str = "/api/v1/agent/queryInfo";
/// `POST` of an array of flat string maps: results of tasks.
pub const RESULTS: &str = "/api/v1/agent/updateSubTask";
/// `POST` of a form with `hash` (hex MD5) and `file`: answers the stored name.
pub const UPLOAD: &str = "/api/v6/shared/Upload";
/// `GET`: ids of known Kubernetes clusters.
pub const CLUSTERS: &str = "/api/v6/kube/inner/cluster/list";

/// Every path that AgentCenters call.
pub const PATHS: [&str; 5] = [CONFIG, QUERY_INFO, RESULTS, UPLOAD, CLUSTERS];

/// Whose tags are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryInfo {
    /// Agent ids; may hold the empty one.
    pub id_list: Vec<String>,
}

/// What is known of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentInfo {
    /// Tags joined by commas.
    pub tags: String,
    /// Always empty.
    pub psm_name: String,
    /// Always empty.
    pub psm_path: String,
    /// `true` or `false`, as text.
    pub enhanced: String,
}

impl Default for AgentInfo {
    fn default() -> Self {
        let empty = String::new;
        Self { tags: empty(), psm_name: empty(), psm_path: empty(), enhanced: "false".to_owned() }
    }
}

/// A task's result: all fields of the record, and `data_type` as decimal text.
pub type ResultFields = BTreeMap<String, String>;
