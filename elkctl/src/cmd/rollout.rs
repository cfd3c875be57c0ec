//! `elkctl rollout`: changes that reach agents in steps.

mod create;
mod follow;
mod told;

use std::time::Duration;

use elk_api::rollouts::{self, MemberQuery, MemberState, Rollout, Steer};
use elk_api::{Endpoint, Nothing};
use elk_desk::{Action, Exit, Failure, Tier, parse_duration};

use crate::bulk;
use crate::list::{self, Span};
use crate::output::{Column, Kind, age, field};
use crate::session::Session;

pub(crate) static ROLLOUT: Kind = Kind {
    name: "Rollout",
    noun: "rollout",
    key: "id",
    columns: &[
        Column { head: "ID", wide: false, cell: |item, _| field(item, "id") },
        Column { head: "CHANGES", wide: false, cell: |item, _| told::changes(item) },
        Column { head: "PHASE", wide: false, cell: |item, _| field(item, "phase") },
        Column { head: "STEP", wide: false, cell: |item, _| told::step(item) },
        Column { head: "TARGETS", wide: false, cell: |item, _| field(item, "targets") },
        Column { head: "DONE", wide: false, cell: |item, _| told::count(item, "done") },
        Column { head: "FAILED", wide: false, cell: |item, _| told::count(item, "failed") },
        Column { head: "NAME", wide: true, cell: |item, _| field(item, "name") },
        Column { head: "BY", wide: true, cell: |item, _| field(item, "created_by") },
        Column { head: "CREATED", wide: false, cell: |item, now| age(item, "created_at", now) },
    ],
};

static MEMBER: Kind = Kind {
    name: "RolloutAgent",
    noun: "agent",
    key: "agent",
    columns: &[
        Column { head: "AGENT", wide: false, cell: |item, _| field(item, "agent") },
        Column { head: "HOSTNAME", wide: false, cell: |item, _| field(item, "hostname") },
        Column { head: "STATE", wide: false, cell: |item, _| field(item, "state") },
        Column { head: "PREVIOUS", wide: false, cell: |item, _| told::previous(item) },
        Column { head: "BEGUN", wide: false, cell: |item, now| age(item, "begun_at", now) },
        Column { head: "ENDED", wide: true, cell: |item, now| age(item, "ended_at", now) },
        Column { head: "REASON", wide: false, cell: |item, _| field(item, "reason") },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum RolloutCommand {
    /// Bring a version or the profile to agents in steps
    Create(Box<create::CreateArgs>),
    /// List rollouts, newest first
    List {
        #[command(flatten)]
        span: Span,
    },
    /// Show how far a rollout is
    #[command(visible_alias = "get")]
    Status {
        rollout: String,
        /// End with 0 if it is completed, 8 if it goes on, 11 if it halted, was aborted or undone, 12 if
        /// it is paused
        #[arg(long)]
        exit_status: bool,
        #[command(flatten)]
        wait: Wait,
    },
    /// List the agents of a rollout in the order of their turn
    Agents {
        rollout: String,
        /// Only this state
        #[arg(long, visible_alias = "status", value_name = "STATE", value_parser = state)]
        state: Option<MemberState>,
        #[command(flatten)]
        span: Span,
    },
    /// Give no more orders; agents that have theirs go on
    Pause {
        rollout: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Go on where it was paused, or where it halted
    Resume {
        rollout: String,
        /// Why a rollout that halted may go on; what has failed so far counts no more
        #[arg(long, value_name = "REASON")]
        ack: Option<String>,
        #[command(flatten)]
        wait: Wait,
    },
    /// End the wait after a step and begin the next
    Promote {
        rollout: String,
        #[command(flatten)]
        wait: Wait,
    },
    /// End a rollout; agents stay as they are
    Abort {
        rollout: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Take every agent it touched back to what that agent had before
    Undo {
        rollout: String,
        #[command(flatten)]
        wait: Wait,
    },
    /// Give agents that failed another turn
    Retry {
        rollout: String,
        #[command(flatten)]
        wait: Wait,
    },
}

/// Whether to follow a rollout.
#[derive(clap::Args, Clone, Copy, Debug)]
pub(crate) struct Wait {
    /// Wait until it ends, halts or pauses, and end with its exit status
    #[arg(long)]
    wait: bool,
    /// How long --wait waits
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, requires = "wait")]
    timeout: Option<Duration>,
}

fn state(text: &str) -> Result<MemberState, String> {
    let known = MemberState::ALL.map(MemberState::as_str).join(", ");
    let found = MemberState::ALL.into_iter().find(|state| state.as_str() == text);
    found.ok_or_else(|| format!("use one of {known}"))
}

fn bare(id: &str) -> &str {
    id.strip_prefix("rollout/").unwrap_or(id)
}

fn get(session: &Session<'_>, id: &str) -> Result<Rollout, Failure> {
    session.call::<rollouts::Get>(&[bare(id)], &Nothing {}, &Nothing {})
}

pub(crate) fn run(session: &Session<'_>, command: &RolloutCommand) -> Result<Exit, Failure> {
    match command {
        RolloutCommand::Create(args) => create::create(session, args),
        RolloutCommand::List { span } => {
            list::show::<rollouts::List, _>(session, &ROLLOUT, &[], span, list::plain)
        }
        RolloutCommand::Status { rollout, exit_status, wait } => {
            let found = get(session, rollout)?;
            let status = follow::shown(session, found, *wait)?;
            Ok(if *exit_status || wait.wait { status } else { Exit::Ok })
        }
        RolloutCommand::Agents { rollout, state, span } => {
            let query = |limit, cursor| MemberQuery { state: *state, limit: Some(limit), cursor };
            list::show::<rollouts::Agents, _>(session, &MEMBER, &[bare(rollout)], span, query)
        }
        RolloutCommand::Pause { rollout, reason } => {
            let asked = Asked { verb: "pauses", floor: Tier::None, reason: reason.as_deref() };
            steer::<rollouts::Pause>(session, rollout, &asked, None)
        }
        RolloutCommand::Resume { rollout, ack, wait } => {
            let floor = if ack.is_some() { Tier::Severe } else { Tier::None };
            let asked = Asked { verb: "resumes", floor, reason: ack.as_deref() };
            steer::<rollouts::Resume>(session, rollout, &asked, Some(*wait))
        }
        RolloutCommand::Promote { rollout, wait } => {
            let asked = Asked { verb: "promotes", floor: Tier::Moderate, reason: None };
            steer::<rollouts::Promote>(session, rollout, &asked, Some(*wait))
        }
        RolloutCommand::Abort { rollout, reason } => {
            let asked = Asked { verb: "aborts", floor: Tier::Moderate, reason: reason.as_deref() };
            steer::<rollouts::Abort>(session, rollout, &asked, None)
        }
        RolloutCommand::Undo { rollout, wait } => {
            let asked = Asked { verb: "undoes", floor: Tier::Severe, reason: None };
            steer::<rollouts::Undo>(session, rollout, &asked, Some(*wait))
        }
        RolloutCommand::Retry { rollout, wait } => {
            let asked = Asked { verb: "retries", floor: Tier::None, reason: None };
            steer::<rollouts::Retry>(session, rollout, &asked, Some(*wait))
        }
    }
}

/// A change by hand.
struct Asked<'a> {
    /// As in `this pauses rollout ro-1`.
    verb: &'a str,
    floor: Tier,
    reason: Option<&'a str>,
}

/// Changes a rollout as it was seen, and shows it.
fn steer<E>(
    session: &Session<'_>,
    id: &str,
    asked: &Asked<'_>,
    wait: Option<Wait>,
) -> Result<Exit, Failure>
where
    E: Endpoint<Query = Nothing, Body = Steer, Reply = Rollout>,
{
    let target = session.writable()?;
    let seen = get(session, id)?;
    let touched = seen.counts.touched();
    let action = Action {
        floor: asked.floor,
        agents: None,
        free_agents: 0,
        object: &seen.id,
        all_agents: false,
    };
    let described = format!(
        "This {} rollout {}, which is {} and has touched {touched} of {} agents",
        asked.verb,
        seen.id,
        seen.phase.as_str(),
        seen.targets
    );
    bulk::confirm(session, &target, &action, &described)?;
    let body = Steer { revision: seen.revision, reason: asked.reason.map(str::to_owned) };
    let now = session.call::<E>(&[&seen.id], &Nothing {}, &body)?;
    let aborted = now.phase == rollouts::Phase::Aborted && touched > 0;
    let (id, quiet) = (now.id.clone(), wait.is_none_or(|it| !it.wait));
    let wait = wait.unwrap_or(Wait { wait: false, timeout: None });
    let status = follow::shown(session, now, wait)?;
    if aborted {
        let back = format!("agents stay as they are; back: elkctl rollout undo {id}");
        session.ui.note(&back);
    }
    Ok(if quiet { Exit::Ok } else { status })
}
