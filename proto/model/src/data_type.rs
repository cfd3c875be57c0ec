//! Numbers of the record and task types that the backend itself acts on.
//!
//! Source: the routing table of the reference AgentCenter; all other types are opaque telemetry.

/// Agent heartbeat.
pub const AGENT_HEARTBEAT: i32 = 1000;
/// Plugin heartbeat.
pub const PLUGIN_HEARTBEAT: i32 = 1001;
/// Agent error log.
pub const AGENT_LOG: i32 = 1010;
/// Plugin error log.
pub const PLUGIN_LOG: i32 = 1011;
/// Task: upload a file (object `elkeid-agent`).
pub const TASK_UPLOAD: i32 = 1050;
/// Task: set idc and region (object `elkeid-agent`).
pub const TASK_SET_METADATA: i32 = 1051;
/// Task: end the process; its supervisor restarts it (object `elkeid-agent`).
pub const TASK_RESTART: i32 = 1060;
/// Generic result of a task.
pub const TASK_RESULT: i32 = 5100;

/// The plugin name that addresses the agent itself.
pub const AGENT_OBJECT: &str = "elkeid-agent";

/// Returns whether records of this type answer a task and go to the Manager.
pub fn is_task_result(data_type: i32) -> bool {
    matches!(data_type, 2001 | 2003 | 6000 | 5100 | 5101 | 8010)
}

/// Returns whether records of this type are log lines of an agent or a plugin.
pub fn is_log(data_type: i32) -> bool {
    matches!(data_type, AGENT_LOG | PLUGIN_LOG)
}
