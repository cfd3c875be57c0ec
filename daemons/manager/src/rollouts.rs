//! Rollouts: changes that reach agents in steps, stop themselves, and undo themselves.
//!
//! Invariants: what is decided is one transaction, so a crash between two decisions loses nothing and
//! doubles nothing; an agent is done only by what it reported itself.

mod begin;
mod controller;
pub(crate) mod http;
mod judge;
mod members;
mod plan;
mod spec;
mod steer;
mod store;
mod undo;
mod window;

use std::convert::Infallible;
use std::time::Duration;

use elk_api::rollouts::{Changes, MemberState, OnFailure, Phase};
use elk_life::{Stop, chain};
use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;
use crate::audit;
use crate::components;
use crate::failure::{ApiResult, conflict, internal};
use crate::selections::store as chosen;
use crate::store::{Result, Tx};
use controller::{Next, Tally};
use judge::{Target, Verdict};
use members::{Busy, Turn};
use spec::Row;
use window::Window;

const PERIOD: Duration = Duration::from_millis(500);
/// Decisions about one rollout in one transaction.
const DECISIONS: usize = 16;

/// Goes on with what has not ended until asked to stop.
pub(crate) async fn run(app: App, stop: Stop) -> std::result::Result<(), Infallible> {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.wait() => return Ok(()),
            _ = ticks.tick() => {}
        }
        if let Err(error) = pass(&app).await {
            tracing::warn!(error = %chain(&error), "could not go on with rollouts, will retry");
        }
    }
}

async fn pass(app: &App) -> Result<()> {
    for id in store::active(&app.store).await? {
        advance(app, &id).await?;
    }
    Ok(())
}

/// Says which of the versions that a rollout brings is blocked, if one is.
async fn blocked(tx: &mut Tx, row: &Row) -> Result<Option<String>> {
    let brought = row.changes.iter().map(|(name, want)| (name, want.version));
    components::blocks::among(tx, brought).await
}

/// What agents reported, before anything is decided.
struct Observed {
    busy: Vec<Busy>,
    /// Of the step that soaks, if its time is over.
    done: Option<Vec<Busy>>,
    now_ms: i64,
}

impl Observed {
    async fn of(app: &App, row: &Row) -> Result<Self> {
        let now_ms = app.clock.unix_ms();
        let busy = members::busy(&app.store, &row.id, now_ms).await?;
        let place = &row.place;
        let soaked = place.since_ms.saturating_add(row.spec.soak_ms) <= now_ms;
        let done = if place.phase == Phase::Soaking && soaked {
            let first = place.step.checked_sub(1).map_or(0, |it| row.spec.target(it));
            let turns = (first, row.spec.target(place.step));
            Some(members::done(&app.store, &row.id, turns, now_ms).await?)
        } else {
            None
        };
        Ok(Self { busy, done, now_ms })
    }
}

async fn advance(app: &App, id: &str) -> Result<()> {
    let Some(row) = store::get(&app.store, id).await? else { return Ok(()) };
    let observed = Observed::of(app, &row).await?;
    let catalog = crate::profiles::catalog(app).await?;
    let mut tx = app.store.begin().await?;
    // It may have been changed by hand meanwhile.
    let Some(mut row) = store::get_in(&mut tx, id).await? else { return Ok(()) };
    note(&mut tx, &row, &observed).await?;
    let active = matches!(row.place.phase, Phase::Progressing | Phase::Soaking);
    if active && let Some(why) = blocked(&mut tx, &row).await? {
        let to = (Phase::Paused, row.place.step, why.as_str());
        go(app, (&mut tx, &mut row), to, observed.now_ms).await?;
        let draft = audit::Draft::system("rollout.pause", &row.id, why);
        audit::append(&mut tx, &draft, app.clock.now()).await?;
        return tx.commit().await;
    }
    if matches!(row.place.phase, Phase::Progressing | Phase::Soaking) {
        members::recall(&mut tx, id, observed.now_ms).await?;
    }
    let window = row.spec.window.as_deref().map(Window::parse);
    // What cannot be read any more, as its zone is gone, is closed.
    let open = window.is_none_or(|it| it.is_ok_and(|it| it.is_open(app.clock.now())));
    let mut told = Vec::new();
    let mut rechecked = false;
    for _ in 0..DECISIONS {
        let tally = Tally {
            step: store::counts_in(&mut tx, id, Some(row.spec.target(row.place.step))).await?,
            all: store::counts_in(&mut tx, id, None).await?,
            rechecked,
            open,
        };
        match controller::next(&row.spec, &row.place, &tally, observed.now_ms) {
            Next::Wait => break,
            Next::Begin(count) => {
                let it = (&mut tx, &mut row);
                if !begin::begin(app, it, &catalog, count, observed.now_ms).await? {
                    break;
                }
            }
            Next::Recheck => {
                let Some(done) = &observed.done else { break };
                recheck(&mut tx, &row, done, observed.now_ms).await?;
                rechecked = true;
            }
            Next::Go { phase, step, reason } => {
                let to = (phase, step, reason.as_str());
                told.extend(go(app, (&mut tx, &mut row), to, observed.now_ms).await?);
            }
        }
    }
    for draft in &told {
        audit::append(&mut tx, draft, app.clock.now()).await?;
    }
    tx.commit().await
}

/// Returns what the agents of a rollout should run, unless one has its own.
fn target(changes: &Changes) -> Target {
    changes.iter().map(|(name, want)| (name.clone(), Some(want.version.to_string()))).collect()
}

/// Writes down what agents reported.
async fn note(tx: &mut Tx, row: &Row, observed: &Observed) -> Result<()> {
    let common = target(&row.changes);
    for it in &observed.busy {
        let target = it.target.as_ref().unwrap_or(&common);
        let (state, reason) = match judge::judge(&row.spec, target, &it.seen, observed.now_ms) {
            Verdict::Wait => continue,
            Verdict::Seen(at) => {
                members::saw(tx, &row.id, &it.agent, at).await?;
                continue;
            }
            Verdict::Done => (MemberState::Done, String::new()),
            Verdict::Failed(reason) => (MemberState::Failed, reason),
        };
        let turn = Turn { rollout: &row.id, agent: &it.agent, state, reason: &reason };
        members::mark(tx, &turn, observed.now_ms).await?;
    }
    Ok(())
}

/// Looks again at agents that are done.
async fn recheck(tx: &mut Tx, row: &Row, done: &[Busy], now_ms: i64) -> Result<()> {
    let common = target(&row.changes);
    for it in done {
        let target = it.target.as_ref().unwrap_or(&common);
        let report = it.seen.report.as_ref();
        let missing = match report.filter(|_| it.seen.online) {
            Some(report) => judge::missing(target, report, 0),
            None => Some("fell silent".to_owned()),
        };
        let Some(missing) = missing else { continue };
        let reason = format!("while the step soaked: {missing}");
        let (rollout, agent, state) = (&row.id, &it.agent, MemberState::Failed);
        members::mark(tx, &Turn { rollout, agent, state, reason: &reason }, now_ms).await?;
    }
    Ok(())
}

/// Goes to another phase or step by itself; returns what is to be told.
async fn go(
    app: &App,
    (tx, row): (&mut Tx, &mut Row),
    (phase, step, reason): (Phase, usize, &str),
    now_ms: i64,
) -> Result<Vec<audit::Draft>> {
    let mut told = Vec::new();
    enter(row, (phase, step, reason), "system", now_ms);
    match phase {
        Phase::Halted => {
            let id = &row.id;
            tracing::warn!(rollout = id, reason, "rollout {id} halted: {reason}");
            told.push(audit::Draft::system("rollout.halt", id, reason));
            if row.spec.on_failure == OnFailure::Undo && row.reverses.is_none() {
                let reverse = undo::begin(app, (tx, row), "system", now_ms).await?;
                let text = format!("{reverse} takes its agents back");
                told.push(audit::Draft::system("rollout.undo", &row.id, text));
            }
        }
        Phase::Completed => {
            let gone = (&[MemberState::Deferred][..], MemberState::Skipped);
            let reason = "it stayed offline";
            members::shift(tx, (&row.id, None), gone, reason, now_ms).await?;
            told.push(audit::Draft::system("rollout.complete", &row.id, ""));
            if let Some(original) = row.reverses.clone() {
                undo::end(tx, (&original, row), now_ms).await?;
            }
        }
        _ => {}
    }
    store::save(tx, row).await?;
    Ok(told)
}

/// Puts a rollout into a phase.
fn enter(row: &mut Row, (phase, step, reason): (Phase, usize, &str), by: &str, now_ms: i64) {
    row.place.phase = phase;
    row.place.step = step;
    row.place.since_ms = now_ms;
    reason.clone_into(&mut row.reason);
    by.clone_into(&mut row.changed_by);
    row.finished_ms = phase.is_end().then_some(now_ms);
}

/// Refuses a change of configuration while a rollout that has not ended has an agent of a selection.
pub(crate) async fn none_goes_on(app: &App, selection: &str) -> ApiResult<()> {
    let mut tx = app.store.begin().await.map_err(internal)?;
    let agents = chosen::members(selection);
    let found = members::overlap(&mut tx, (&agents, ""), None).await.map_err(internal)?;
    let Some((id, agent)) = found else { return Ok(()) };
    let detail = format!("rollout {id} has not ended and has agent {agent} of the selection");
    Err(conflict("rollout_goes_on", detail))
}
