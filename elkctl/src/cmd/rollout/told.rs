//! What is shown of a rollout.

use std::cmp::Ordering;

use elk_api::rollouts::{MemberCounts, MemberState, Phase, Rollout};
use elk_desk::sanitize;
use serde_json::Value;

use crate::output::field;

pub(super) fn changes(item: &Value) -> String {
    if let Some(reverses) = item.get("reverses").and_then(Value::as_str) {
        return format!("undo of {reverses}");
    }
    let changes = item.get("changes").and_then(Value::as_object);
    let each = changes.into_iter().flatten();
    let each = each.map(|(name, want)| format!("{name}={}", field(want, "version")));
    each.collect::<Vec<_>>().join(",")
}

pub(super) fn step(item: &Value) -> String {
    let steps = item.get("steps").and_then(Value::as_array).map_or(0, Vec::len);
    format!("{}/{steps}", field(item, "step"))
}

pub(super) fn count(item: &Value, state: &str) -> String {
    item.get("counts").map(|it| field(it, state)).unwrap_or_default()
}

pub(super) fn previous(item: &Value) -> String {
    let previous = item.get("previous").and_then(Value::as_object);
    let each = previous.into_iter().flatten();
    let each = each.map(|(name, version)| {
        let version = version.as_str().unwrap_or("none");
        format!("{name}={version}")
    });
    each.collect::<Vec<_>>().join(",")
}

/// Returns the states with how many agents are in each.
pub(super) fn counts(mut counts: MemberCounts) -> String {
    let parts = MemberState::ALL.map(|it| (it, *counts.of(it))).into_iter();
    let parts: Vec<_> = parts
        .filter(|(state, count)| *count > 0 || *state == MemberState::Done)
        .map(|(state, count)| format!("{count} {}", state.as_str()))
        .collect();
    parts.join(", ")
}

/// Returns the page of one rollout.
pub(super) fn page(it: &Rollout) -> String {
    let brings = match &it.reverses {
        Some(original) => format!("takes back {original}"),
        None => {
            let each = it.changes.iter().map(|(name, want)| format!("{name} {}", want.version));
            each.collect::<Vec<_>>().join(", ")
        }
    };
    let name = it.name.as_ref().map(|it| format!(" {:?}", sanitize(it))).unwrap_or_default();
    let phase = it.phase.as_str();
    let by = sanitize(&it.changed_by);
    let mut lines = vec![
        format!("{}{name}: {brings}", it.id),
        format!("{phase}, step {} of {}, by {by}", it.step, it.steps.len()),
    ];
    if !it.reason.is_empty() {
        lines.push(format!("reason: {}", sanitize(&it.reason)));
    }
    lines.extend(it.window.as_ref().map(|it| format!("orders only: {}", sanitize(it))));
    let mut before = 0;
    for (number, step) in (1..).zip(&it.steps) {
        let state = match number.cmp(&it.step) {
            Ordering::Less => "done",
            Ordering::Equal if it.phase == Phase::Completed => "done",
            Ordering::Equal => phase,
            Ordering::Greater => "waiting",
        };
        let gate = if step.manual { ", then waits for a promote" } else { "" };
        let (label, agents) = (sanitize(&step.label), step.target.saturating_sub(before));
        lines.push(format!("  {number}. {label:<12} {agents:>9} agents   {state}{gate}"));
        before = step.target;
    }
    lines.push(format!("{} agents: {}\n", it.targets, counts(it.counts)));
    lines.join("\n")
}

/// Returns what can be done next.
pub(super) fn hints(it: &Rollout) -> Vec<String> {
    let id = &it.id;
    let mut hints = Vec::new();
    if it.counts.failed > 0 {
        hints.push(format!("why: elkctl rollout agents {id} --state failed"));
    }
    match it.phase {
        Phase::Halted => {
            hints.push(format!("back: elkctl rollout undo {id}"));
            hints.push(format!("again: elkctl rollout retry {id}"));
            hints.push(format!("on, all the same: elkctl rollout resume {id} --ack REASON"));
        }
        Phase::Paused => hints.push(format!("on: elkctl rollout resume {id}")),
        Phase::Undoing => {
            let reverse = it.reversed_by.as_deref().unwrap_or_default();
            hints.push(format!("how far: elkctl rollout status {reverse}"));
        }
        Phase::Progressing if it.counts.deferred > 0 && it.counts.in_flight() == 0 => {
            let deferred = it.counts.deferred;
            hints.push(format!(
                "{deferred} agents are offline; it waits for them until {}",
                it.deferred_until
            ));
        }
        _ => {}
    }
    hints
}
