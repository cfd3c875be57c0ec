//! Following a rollout.

use std::time::Duration;

use elk_api::rollouts::{Phase, Rollout};
use elk_desk::{Exit, Failure};
use tokio::time::Instant;

use super::{ROLLOUT, Wait, get, told};
use crate::session::Session;

/// How long a wait goes on without an answer of the server.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(500);

/// Shows a rollout, once there is nothing to wait for, and returns its exit status.
pub(super) fn shown(session: &Session<'_>, rollout: Rollout, wait: Wait) -> Result<Exit, Failure> {
    let rollout = if wait.wait { follow(session, rollout, wait)? } else { rollout };
    let status = status(rollout.phase);
    let hints = told::hints(&rollout);
    session.show_one(&ROLLOUT, &rollout, Some(told::page(&rollout)))?;
    for hint in hints {
        session.ui.note(&hint);
    }
    if wait.wait && status == Exit::Pending {
        session.ui.note(&format!("still going on: elkctl rollout status {} --wait", rollout.id));
    }
    Ok(status)
}

/// Returns the exit status of a phase.
fn status(phase: Phase) -> Exit {
    match phase {
        Phase::Completed => Exit::Ok,
        Phase::Progressing | Phase::Soaking | Phase::Undoing => Exit::Pending,
        Phase::Paused => Exit::OpPaused,
        Phase::Halted | Phase::Aborted | Phase::Undone => Exit::OpFailed,
    }
}

fn follow(session: &Session<'_>, mut now: Rollout, wait: Wait) -> Result<Rollout, Failure> {
    let begun = Instant::now();
    let again = format!("elkctl rollout status {} --wait", now.id);
    session.ui.note(&format!("waiting for {}", now.id));
    let mut lost_at = None;
    while status(now.phase) == Exit::Pending && wait.timeout.is_none_or(|it| begun.elapsed() < it) {
        match look(session, &now.id) {
            Ok(seen) => {
                if (seen.phase, seen.step) != (now.phase, now.step) {
                    let (phase, of) = (seen.phase.as_str(), seen.steps.len());
                    let counts = told::counts(seen.counts);
                    session.ui.note(&format!("{phase}, step {} of {of}: {counts}", seen.step));
                }
                (now, lost_at) = (seen, None);
            }
            // A server that restarts is waited for: the rollout is safe there.
            Err(failure) if failure.exit == Exit::Unavailable => {
                if lost_at.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
                    return Err(failure.hint(again));
                }
            }
            Err(failure) if matches!(failure.exit, Exit::Interrupted | Exit::Terminated) => {
                let exit = failure.exit;
                let message = format!("{}; {} goes on without being watched", exit.name(), now.id);
                return Err(Failure::new(exit, message).hint(again));
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(now)
}

fn look(session: &Session<'_>, id: &str) -> Result<Rollout, Failure> {
    session.block_on(async { tokio::time::sleep(PAUSE).await })?;
    get(session, id)
}
