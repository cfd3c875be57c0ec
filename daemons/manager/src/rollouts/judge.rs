//! Whether an agent that has its order is done: a pure function of what it reported.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use elk_api::tasks::SubtaskState;
use elk_model::ComponentName;
use elk_model::data_type::AGENT_OBJECT;

use super::spec::Spec;
use crate::profiles::report::Report;

/// An agent that does not report the target for so many heartbeat intervals has failed.
const INSTALL_INTERVALS: i64 = 12;
/// It runs the target for so many at least.
pub(super) const HEALTH_INTERVALS: i64 = 2;

/// What an agent should run, by component; `None` if it should not run it.
pub(crate) type Target = BTreeMap<ComponentName, Option<String>>;

/// What is known of an agent that has its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) begun_ms: i64,
    /// The report that showed the target first.
    pub(crate) seen_ms: Option<i64>,
    /// What became of the order.
    pub(crate) order: Option<(SubtaskState, String)>,
    /// What it reported last.
    pub(crate) report: Option<Report>,
    /// Whether it counts as online.
    pub(crate) online: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wait,
    /// It reports the target for the first time, at this moment.
    Seen(i64),
    Done,
    Failed(String),
}

/// Judges an agent.
pub(crate) fn judge(spec: &Spec, target: &Target, it: &Seen, now_ms: i64) -> Verdict {
    if let Some((SubtaskState::Failed, message)) = &it.order {
        return Verdict::Failed(message.clone());
    }
    let Some(report) = &it.report else { return too_late(spec, it, "it never reported", now_ms) };
    // Heartbeats are told in whole seconds.
    let since = it.begun_ms / 1_000 * 1_000;
    let missing = missing(target, report, since);
    let Some(seen_ms) = it.seen_ms else {
        return match missing {
            None => Verdict::Seen(latest(target, report)),
            Some(missing) => too_late(spec, it, &missing, now_ms),
        };
    };
    let again = |told: String| Verdict::Failed(format!("it reported the target, and then {told}"));
    if let Some(missing) = missing {
        return again(missing);
    }
    if !it.online {
        return again("fell silent".to_owned());
    }
    let window = spec.health_ms.max(HEALTH_INTERVALS * report.interval_ms);
    let beaten = report.last_ms > seen_ms && oldest(target, report) > seen_ms;
    if beaten && now_ms >= seen_ms.saturating_add(window) { Verdict::Done } else { Verdict::Wait }
}

fn too_late(spec: &Spec, it: &Seen, told: &str, now_ms: i64) -> Verdict {
    let own = it.report.as_ref().map_or(60_000, |it| it.interval_ms) * INSTALL_INTERVALS;
    let limit = spec.install_ms.unwrap_or(own);
    if now_ms < it.begun_ms.saturating_add(limit) {
        return Verdict::Wait;
    }
    let seconds = limit / 1_000;
    let offline = if it.online { "" } else { ", and it is offline" };
    Verdict::Failed(format!("not in {seconds} s: {told}{offline}"))
}

/// Returns what a report lacks of the target, if anything. Only heartbeats after `since_ms` count.
pub(crate) fn missing(target: &Target, report: &Report, since_ms: i64) -> Option<String> {
    let found = target.iter().find_map(|(name, wanted)| {
        let is = report.runs(name.as_str(), since_ms);
        match (wanted.as_deref(), is) {
            (None, None) => None,
            (None, Some(is)) => Some(format!("{name} {is} runs, but should not")),
            (Some(wanted), Some(is)) if is == wanted => None,
            (Some(wanted), Some(is)) => Some(format!("{name} is {is}, not {wanted}")),
            (Some(wanted), None) => Some(format!("{name} {wanted} does not run")),
        }
    });
    found.map(|it| it.chars().take(300).collect())
}

/// Returns the heartbeats of the target's components that are to run, and of the agent.
fn beats(target: &Target, report: &Report) -> impl Iterator<Item = i64> {
    let running = target.iter().filter(|(name, it)| it.is_some() && name.as_str() != AGENT_OBJECT);
    let of = |name: &ComponentName| report.plugins.iter().find(|(it, ..)| *it == name.as_str());
    running.filter_map(move |(name, _)| Some(of(name)?.2)).chain([report.last_ms])
}

fn latest(target: &Target, report: &Report) -> i64 {
    beats(target, report).max().unwrap_or(report.last_ms)
}

fn oldest(target: &Target, report: &Report) -> i64 {
    beats(target, report).min().unwrap_or(report.last_ms)
}
