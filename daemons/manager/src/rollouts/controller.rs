//! What a rollout does next: a pure function of where it is, how its agents are, and the time.

#[cfg(test)]
mod tests;

use elk_api::rollouts::{MemberCounts, Phase};

use super::spec::{Place, Spec};

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing, until something changes.
    Wait,
    /// Give the order to so many agents whose turn it is.
    Begin(u64),
    /// Look again at the agents of the step that are done; what is wrong with them counts.
    Recheck,
    /// Go to another phase or step.
    Go { phase: Phase, step: usize, reason: String },
}

/// How the agents are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Of all steps so far, the one that goes on included.
    pub(crate) step: MemberCounts,
    /// Of all agents.
    pub(crate) all: MemberCounts,
    /// The step's agents have been looked at again since it soaks.
    pub(crate) rechecked: bool,
    /// Orders may be given at this time.
    pub(crate) open: bool,
}

/// Returns what is to be done at `now_ms`.
pub(crate) fn next(spec: &Spec, at: &Place, tally: &Tally, now_ms: i64) -> Next {
    if !matches!(at.phase, Phase::Progressing | Phase::Soaking) {
        return Next::Wait;
    }
    if let Some(reason) = tripped(spec, at, tally) {
        return Next::Go { phase: Phase::Halted, step: at.step, reason };
    }
    match at.phase {
        Phase::Soaking => soaking(spec, at, tally, now_ms),
        _ => progressing(spec, at, tally, now_ms),
    }
}

fn tripped(spec: &Spec, at: &Place, tally: &Tally) -> Option<String> {
    let allowed = spec.max_failed.down(spec.target(at.step));
    let failed = tally.all.failed.saturating_sub(at.forgiven);
    let reached = spec.target(at.step);
    (failed > allowed).then(|| {
        let counted = if at.forgiven > 0 { " since it was resumed" } else { "" };
        format!("{failed} of {reached} agents failed{counted}; at most {allowed} may")
    })
}

fn progressing(spec: &Spec, at: &Place, tally: &Tally, now_ms: i64) -> Next {
    let room = if tally.open { spec.in_flight } else { 0 };
    let room = room.saturating_sub(tally.all.in_flight());
    match (tally.step.pending.min(room), tally.step.pending + tally.step.in_flight()) {
        (begin, _) if begin > 0 => return Next::Begin(begin),
        (_, open) if open > 0 => return Next::Wait,
        _ => {}
    }
    let waits = tally.all.deferred > 0 && now_ms < spec.deferred_until_ms;
    if spec.is_last(at.step) && waits {
        return Next::Wait;
    }
    if spec.soak_ms > 0 {
        let reason = String::new();
        return Next::Go { phase: Phase::Soaking, step: at.step, reason };
    }
    after(spec, at.step)
}

fn soaking(spec: &Spec, at: &Place, tally: &Tally, now_ms: i64) -> Next {
    // Agents that were deferred may have come back, and others may have been given another turn.
    if tally.step.pending + tally.step.in_flight() > 0 {
        let reason = String::new();
        return Next::Go { phase: Phase::Progressing, step: at.step, reason };
    }
    if now_ms < at.since_ms.saturating_add(spec.soak_ms) {
        return Next::Wait;
    }
    if tally.rechecked { after(spec, at.step) } else { Next::Recheck }
}

/// Returns what comes after a step.
pub(crate) fn after(spec: &Spec, step: usize) -> Next {
    let go = |phase, step, reason| Next::Go { phase, step, reason };
    if spec.is_last(step) {
        return go(Phase::Completed, step, String::new());
    }
    match spec.steps.get(step).filter(|it| it.manual) {
        Some(it) => {
            let reason = format!("step {} is done; the next one waits for a promote", it.label);
            // Whoever resumes it begins the next step.
            go(Phase::Paused, step + 1, reason)
        }
        None => go(Phase::Progressing, step + 1, String::new()),
    }
}
