//! What those who watch are told of agents.

use elk_api::events::EventType;
use elk_model::selector::AgentStatus;
use serde_json::json;

use super::report::{Before, Report};
use crate::events::{Draft, MAX_SINGLE};

/// Returns what a report changes; `None` if that is nothing to tell.
pub(super) fn reported(
    ac: &str,
    report: &Report<'_>,
    before: Option<&Before>,
    now_ms: i64,
) -> Option<Draft> {
    let status = |abnormal: bool, offline_ms: i64| match (offline_ms > now_ms, abnormal) {
        (false, _) => AgentStatus::Offline,
        (true, true) => AgentStatus::Abnormal,
        (true, false) => AgentStatus::Running,
    };
    let was = before.map(|it| status(it.abnormal, it.offline_ms));
    // Before its first heartbeat a stream says nothing of the host.
    let heard = report.last_ms.is_some();
    let is = match was {
        Some(was) if !heard => was,
        _ => status(report.text("state") == "abnormal", report.offline_ms),
    };
    let moved = before.is_none_or(|it| it.ac.as_deref() != Some(ac));
    let word = if was != Some(is) {
        is.as_str()
    } else if moved {
        "connected"
    } else {
        return None;
    };
    let id = report.connection.id.clone();
    let detail = json!({
        "status": is.as_str(), "before": was.map(AgentStatus::as_str), "center": ac,
        "hostname": report.text("hostname"), "version": report.text("version"),
    });
    Some(Draft::new(EventType::Agent, word, now_ms).of_agent(Some(id)).with(detail))
}

/// Describes that `count` agents are connected no more, of which `ids` are known: one by one if they
/// are few enough.
pub(super) fn gone(ids: &[String], count: u64, ac: &str, now_ms: i64) -> Vec<Draft> {
    let draft = || Draft::new(EventType::Agent, "disconnected", now_ms);
    if count > MAX_SINGLE as u64 {
        return vec![draft().with(json!({ "count": count, "center": ac }))];
    }
    let one = |id: &String| draft().of_agent(id.parse().ok()).with(json!({ "center": ac }));
    ids.iter().map(one).collect()
}
