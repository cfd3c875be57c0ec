//! Changes of a rollout by hand.

use elk_api::rollouts::{MemberCounts, MemberState, Phase};

use super::controller::{Next, after};
use super::spec::Row;
use super::{blocked, enter, members, store, undo};
use crate::app::App;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::store::Tx;
use crate::tasks;

/// What can be done by hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verb {
    Pause,
    Resume,
    Promote,
    Abort,
    Undo,
    Retry,
}

impl Verb {
    fn as_str(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Promote => "promote",
            Self::Abort => "abort",
            Self::Undo => "undo",
            Self::Retry => "retry",
        }
    }

    /// Returns whether it means anything in a phase.
    fn fits(self, phase: Phase) -> bool {
        use Phase::{Aborted, Completed, Halted, Paused, Progressing, Soaking};
        match self {
            Self::Pause => matches!(phase, Progressing | Soaking | Paused),
            Self::Resume => matches!(phase, Progressing | Soaking | Paused | Halted),
            Self::Promote => matches!(phase, Soaking | Paused),
            Self::Abort => matches!(phase, Progressing | Soaking | Paused | Halted),
            Self::Undo => {
                matches!(phase, Progressing | Soaking | Paused | Halted | Completed | Aborted)
            }
            Self::Retry => matches!(phase, Progressing | Soaking | Paused | Halted | Completed),
        }
    }
}

/// Who wants it, which revision they saw, and why they want it.
pub(super) struct Hand<'a> {
    pub(super) by: &'a str,
    pub(super) revision: u64,
    pub(super) reason: Option<&'a str>,
}

/// Does what is wanted and returns the rollout to show.
pub(super) async fn steer(app: &App, id: &str, verb: Verb, hand: &Hand<'_>) -> ApiResult<String> {
    let now_ms = app.clock.unix_ms();
    let mut tx = app.store.begin().await.map_err(internal)?;
    let row = store::get_in(&mut tx, id).await.map_err(internal)?;
    let mut row = row.ok_or_else(|| not_found("rollout_not_found", "there is no such rollout"))?;
    if row.revision != hand.revision {
        let (by, now) = (&row.changed_by, row.revision);
        let detail = format!("{id} is at revision {now}, not {}: {by} changed it", hand.revision);
        return Err(conflict("rollout_changed", detail));
    }
    if !verb.fits(row.place.phase) {
        let (verb, phase) = (verb.as_str(), row.place.phase.as_str());
        return Err(conflict("wrong_phase", format!("{id} is {phase}: {verb} changes nothing")));
    }
    if matches!(verb, Verb::Resume | Verb::Promote | Verb::Retry)
        && let Some(told) = blocked(&mut tx, &row).await.map_err(internal)?
    {
        return Err(conflict("version_blocked", told));
    }
    let counts = store::counts_in(&mut tx, id, None).await.map_err(internal)?;
    let shown = match verb {
        Verb::Undo => {
            let reverse = undo_all(app, (&mut tx, &mut row), &counts, (hand.by, now_ms)).await?;
            Some(reverse)
        }
        Verb::Retry => {
            retry(&mut tx, &mut row, (hand.by, now_ms)).await?;
            None
        }
        Verb::Abort => {
            abort(&mut tx, &mut row, hand, now_ms).await?;
            None
        }
        _ => {
            stop_or_go((verb, hand), &mut row, &counts, now_ms)?;
            None
        }
    };
    store::save(&mut tx, &mut row).await.map_err(internal)?;
    tx.commit().await.map_err(internal)?;
    Ok(shown.unwrap_or(row.id))
}

fn stop_or_go(
    (verb, hand): (Verb, &Hand<'_>),
    row: &mut Row,
    counts: &MemberCounts,
    now_ms: i64,
) -> ApiResult<()> {
    let (phase, step) = (row.place.phase, row.place.step);
    let reason: String = hand.reason.unwrap_or_default().chars().take(200).collect();
    let to = match (verb, phase) {
        (Verb::Pause, Phase::Paused) | (Verb::Resume, Phase::Progressing | Phase::Soaking) => {
            return Ok(());
        }
        (Verb::Pause, _) => (Phase::Paused, step),
        (Verb::Resume, Phase::Halted) if reason.is_empty() => {
            let detail = "reason: it halted because agents failed; say why it may go on";
            return Err(invalid("reason_needed", detail));
        }
        (Verb::Promote, Phase::Soaking) => match after(&row.spec, step) {
            // A gate is what a promote is for.
            Next::Go { phase: Phase::Paused, step, .. } => (Phase::Progressing, step),
            Next::Go { phase, step, .. } => (phase, step),
            _ => (Phase::Progressing, step),
        },
        _ => (Phase::Progressing, step),
    };
    if phase == Phase::Halted {
        row.place.forgiven = counts.failed;
    }
    enter(row, (to.0, to.1, &reason), hand.by, now_ms);
    Ok(())
}

async fn undo_all(
    app: &App,
    (tx, row): (&mut Tx, &mut Row),
    counts: &MemberCounts,
    (by, now_ms): (&str, i64),
) -> ApiResult<String> {
    if let Some(original) = &row.reverses {
        let detail = format!("it takes back {original}; create a rollout to go there again");
        return Err(conflict("wrong_phase", detail));
    }
    if counts.touched() == 0 {
        return Err(conflict("nothing_to_undo", "no agent has been touched; abort ends it"));
    }
    free(tx, row).await?;
    undo::begin(app, (tx, row), by, now_ms).await.map_err(internal)
}

/// Refuses to begin again where another rollout has begun meanwhile.
async fn free(tx: &mut Tx, row: &Row) -> ApiResult<()> {
    let names: Vec<_> = row.changes.keys().cloned().collect();
    let agents = members::all_of(&row.id);
    let found = members::overlap(tx, (&agents, &row.id), Some(&names)).await.map_err(internal)?;
    let Some((other, agent)) = found else { return Ok(()) };
    let detail = format!("rollout {other} has not ended and has agent {agent} of this one");
    Err(conflict("rollout_goes_on", detail))
}

async fn retry(tx: &mut Tx, row: &mut Row, (by, now_ms): (&str, i64)) -> ApiResult<()> {
    free(tx, row).await?;
    let below = row.spec.target(row.place.step);
    let again = (&[MemberState::Failed][..], MemberState::Pending);
    let moved = members::shift(tx, (&row.id, Some(below)), again, "", now_ms).await;
    if moved.map_err(internal)? == 0 {
        return Err(conflict("nothing_to_retry", "no agent of the steps so far has failed"));
    }
    row.task = None;
    row.place.forgiven = 0;
    let (phase, step) = (row.place.phase, row.place.step);
    let to = if phase == Phase::Paused { phase } else { Phase::Progressing };
    enter(row, (to, step, ""), by, now_ms);
    Ok(())
}

async fn abort(tx: &mut Tx, row: &mut Row, hand: &Hand<'_>, now_ms: i64) -> ApiResult<()> {
    let waiting = [MemberState::Pending, MemberState::Deferred];
    let open = [MemberState::Installing, MemberState::Verifying];
    for (from, to, reason) in [
        (waiting, MemberState::Skipped, "the rollout was aborted before its turn"),
        (open, MemberState::Failed, "the rollout was aborted before it was done"),
    ] {
        let moved = members::shift(tx, (&row.id, None), (&from, to), reason, now_ms).await;
        moved.map_err(internal)?;
    }
    if let Some(task) = &row.task {
        tasks::store::cancel_in(tx, task, now_ms).await.map_err(internal)?;
    }
    let reason: String = hand.reason.unwrap_or_default().chars().take(200).collect();
    enter(row, (Phase::Aborted, row.place.step, &reason), hand.by, now_ms);
    if let Some(original) = row.reverses.clone() {
        undo::end(tx, (&original, row), now_ms).await.map_err(internal)?;
    }
    Ok(())
}
