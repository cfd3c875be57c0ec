//! `elkctl task`.

use std::time::Duration;

use elk_api::Nothing;
use elk_api::tasks::{
    self, NewTask, ResultQuery, RetryRequest, SubtaskState, Task, TaskCounts, TaskState,
};
use elk_client::Options;
use elk_desk::{Action, Exit, Failure, Tier, parse_duration};

use crate::bulk::{Change, Targets, confirm};
use crate::list::{self, Span};
use crate::output::{Column, Kind, age, field};
use crate::session::Session;

/// How long a wait goes on without an answer of the server.
const PATIENCE: Duration = Duration::from_secs(30);

/// How to watch a task that nobody watches any more.
const AGAIN: &str = "elkctl task get";

pub(crate) static TASK: Kind = Kind {
    name: "Task",
    noun: "task",
    key: "id",
    columns: &[
        Column { head: "ID", wide: false, cell: |item, _| field(item, "id") },
        Column { head: "KIND", wide: false, cell: |item, _| field(item, "kind") },
        Column { head: "PLUGIN", wide: false, cell: |item, _| field(item, "plugin") },
        Column { head: "DATA-TYPE", wide: false, cell: |item, _| field(item, "data_type") },
        Column { head: "STATE", wide: false, cell: |item, _| field(item, "state") },
        Column { head: "TARGETS", wide: false, cell: |item, _| field(item, "targets") },
        Column {
            head: "SUCCEEDED",
            wide: false,
            cell: |item, _| item.get("counts").map(|c| field(c, "succeeded")).unwrap_or_default(),
        },
        Column { head: "CREATED-BY", wide: true, cell: |item, _| field(item, "created_by") },
        Column { head: "CREATED", wide: false, cell: |item, now| age(item, "created_at", now) },
    ],
};

static RESULT: Kind = Kind {
    name: "TaskResult",
    noun: "agent",
    key: "agent",
    columns: &[
        Column { head: "AGENT", wide: false, cell: |item, _| field(item, "agent") },
        Column { head: "HOSTNAME", wide: false, cell: |item, _| field(item, "hostname") },
        Column { head: "STATE", wide: false, cell: |item, _| field(item, "state") },
        Column { head: "FINISHED", wide: false, cell: |item, now| age(item, "finished_at", now) },
        Column { head: "MESSAGE", wide: false, cell: |item, _| field(item, "message") },
        Column { head: "RESULT", wide: true, cell: |item, _| field(item, "result") },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum TaskCommand {
    /// Give an order to agents
    Create(CreateArgs),
    /// List tasks, newest first
    List {
        #[command(flatten)]
        span: Span,
    },
    /// Show a task
    Get {
        task: String,
        /// Wait until all its agents are done
        #[arg(long)]
        wait: bool,
        /// How long --wait waits
        #[arg(long, value_name = "DURATION", value_parser = parse_duration, requires = "wait")]
        timeout: Option<Duration>,
    },
    /// Show what became of a task on each agent
    Results {
        task: String,
        /// Only this state
        #[arg(long, visible_alias = "state", value_name = "STATE", value_parser = state)]
        status: Option<SubtaskState>,
        #[command(flatten)]
        span: Span,
    },
    /// Cancel what is not yet sent
    Cancel { task: String },
    /// Give the same order to agents that it did not succeed on, as a new task
    Retry {
        task: String,
        /// Only agents that ended so; failed, timed_out and expired if not said. What is unknown may be
        /// done twice
        #[arg(long = "status", visible_alias = "state", value_name = "STATE", value_parser = state)]
        states: Vec<SubtaskState>,
        /// Wait until all agents are done
        #[arg(long)]
        wait: bool,
        /// How long --wait waits
        #[arg(long, value_name = "DURATION", value_parser = parse_duration, requires = "wait")]
        timeout: Option<Duration>,
    },
}

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
    elkctl task create --plugin collector --data-type 5050 -l tag=canary --wait --timeout 30s\n  \
    elkctl agent list -l status=running -o name | \
    elkctl task create --plugin collector --data-type 5055 --yes -")]
pub(crate) struct CreateArgs {
    #[command(flatten)]
    targets: Targets,
    /// The plugin it addresses; elkeid-agent for the agent itself
    #[arg(long)]
    plugin: String,
    /// Its number
    #[arg(long)]
    data_type: i32,
    /// Its argument; @FILE reads a file, - standard input
    #[arg(long, default_value = "")]
    data: String,
    /// Free text for people
    #[arg(long)]
    name: Option<String>,
    /// So many agents at a time
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=999))]
    max_in_flight: Option<u32>,
    /// Wait until all agents are done
    #[arg(long)]
    wait: bool,
    /// How long --wait waits; without --wait as --agent-timeout
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    timeout: Option<Duration>,
    /// How long an agent that was reached has to answer; 10m if not said
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    agent_timeout: Option<Duration>,
}

fn state(text: &str) -> Result<SubtaskState, String> {
    let known = SubtaskState::ALL.map(SubtaskState::as_str).join(", ");
    let found = SubtaskState::ALL.into_iter().find(|state| state.as_str() == text);
    found.ok_or_else(|| format!("use one of {known}"))
}

fn bare(id: &str) -> &str {
    id.strip_prefix("task/").unwrap_or(id)
}

pub(crate) fn run(session: &Session<'_>, command: &TaskCommand) -> Result<Exit, Failure> {
    match command {
        TaskCommand::Create(args) => create(session, args),
        TaskCommand::List { span } => {
            list::show::<tasks::List, _>(session, &TASK, &[], span, list::plain)
        }
        TaskCommand::Get { task, wait, timeout } => {
            let task = session.call::<tasks::Get>(&[bare(task)], &Nothing {}, &Nothing {})?;
            if *wait {
                return self::wait(session, task, *timeout);
            }
            session.show_one(&TASK, &task, None)
        }
        TaskCommand::Results { task, status, span } => results(session, task, *status, span),
        TaskCommand::Cancel { task } => {
            session.writable()?;
            let task = session.call::<tasks::Cancel>(&[bare(task)], &Nothing {}, &Nothing {})?;
            session.show_one(&TASK, &task, None)
        }
        TaskCommand::Retry { task, states, wait, timeout } => {
            let again = retry(session, bare(task), states)?;
            if *wait {
                return self::wait(session, again, *timeout);
            }
            session.show_one(&TASK, &again, None)
        }
    }
}

fn retry(session: &Session<'_>, id: &str, states: &[SubtaskState]) -> Result<Task, Failure> {
    let target = session.writable()?;
    let of = session.call::<tasks::Get>(&[id], &Nothing {}, &Nothing {})?;
    let default = [SubtaskState::Failed, SubtaskState::TimedOut, SubtaskState::Expired];
    let meant = if states.is_empty() { &default[..] } else { states };
    let mut counts = of.counts;
    let agents = meant.iter().map(|it| *counts.of(*it)).sum();
    let action = Action {
        floor: Tier::None,
        agents: Some(agents),
        free_agents: 10,
        object: "",
        all_agents: false,
    };
    confirm(session, &target, &action, &format!("This repeats {} on {agents} agents", of.id))?;
    let key = uuid::Uuid::now_v7().to_string();
    let options = Options { idempotency_key: Some(&key), timeout: None };
    let body = RetryRequest { states: states.to_vec() };
    session.call_with::<tasks::Retry>(&[id], &Nothing {}, &body, options)
}

fn results(
    session: &Session<'_>,
    task: &str,
    state: Option<SubtaskState>,
    span: &Span,
) -> Result<Exit, Failure> {
    let path = [bare(task)];
    list::show::<tasks::Results, _>(session, &RESULT, &path, span, |limit, cursor| ResultQuery {
        state,
        limit: Some(limit),
        cursor,
    })
}

/// Reads `@FILE`, `-` or the text itself.
pub(crate) fn text_of(text: &str) -> Result<String, Failure> {
    if text == "-" {
        return crate::ui::stdin();
    }
    let Some(path) = text.strip_prefix('@') else { return Ok(text.to_owned()) };
    std::fs::read_to_string(path)
        .map_err(|error| Failure::new(Exit::Usage, format!("{path} cannot be read: {error}")))
}

fn create(session: &Session<'_>, args: &CreateArgs) -> Result<Exit, Failure> {
    let data = text_of(&args.data)?;
    let change = Change { verb: "gives an order to", floor: Tier::None, free_agents: 10 };
    let Some(selection) = args.targets.confirmed(session, &change)? else {
        return session.show_all(&TASK, &[] as &[Nothing], None);
    };
    let seconds = |timeout: Duration| u32::try_from(timeout.as_secs().max(1)).unwrap_or(u32::MAX);
    let agent_timeout = args.agent_timeout.or(args.timeout.filter(|_| !args.wait));
    let body = NewTask {
        selection: selection.id,
        plugin: args.plugin.clone(),
        data_type: args.data_type,
        data,
        name: args.name.clone(),
        timeout_seconds: agent_timeout.map(seconds),
        max_in_flight: args.max_in_flight,
    };
    let key = uuid::Uuid::now_v7().to_string();
    let options = Options { idempotency_key: Some(&key), timeout: None };
    let task = session.call_with::<tasks::Create>(&[], &Nothing {}, &body, options)?;
    if args.wait {
        return wait(session, task, args.timeout);
    }
    session.show_one(&TASK, &task, None)
}

/// Waits until nothing more happens to a task, or the time is up, and shows it.
pub(crate) fn wait(
    session: &Session<'_>,
    mut task: Task,
    timeout: Option<Duration>,
) -> Result<Exit, Failure> {
    let begun = tokio::time::Instant::now();
    session.ui.note(&format!("waiting for {}", task.id));
    let mut lost_at = None;
    while task.state == TaskState::Running && timeout.is_none_or(|it| begun.elapsed() < it) {
        match look(session, &task.id) {
            Ok(seen) => (task, lost_at) = (seen, None),
            // A server that restarts is waited for: the task is safe there.
            Err(failure) if failure.exit == Exit::Unavailable => {
                let since = *lost_at.get_or_insert_with(tokio::time::Instant::now);
                if since.elapsed() > PATIENCE {
                    return Err(failure.hint(format!("{AGAIN} {} --wait", task.id)));
                }
            }
            Err(failure) if matches!(failure.exit, Exit::Interrupted | Exit::Terminated) => {
                let exit = failure.exit;
                let message = format!("{}; {} goes on without being watched", exit.name(), task.id);
                return Err(Failure::new(exit, message).hint(format!("{AGAIN} {} --wait", task.id)));
            }
            Err(failure) => return Err(failure),
        }
    }
    let exit = outcome(&task);
    let human = format!("{}: {}\n", task.id, summary(task.counts));
    session.show_one(&TASK, &task, Some(human))?;
    match exit {
        Exit::Pending => {
            session.ui.note(&format!("still going on: {AGAIN} {} --wait", task.id));
        }
        Exit::Partial => {
            session.ui.note(&format!("why: elkctl task results {}", task.id));
            session.ui.note(&format!("again: elkctl task retry {}", task.id));
        }
        _ => {}
    }
    Ok(exit)
}

fn look(session: &Session<'_>, id: &str) -> Result<Task, Failure> {
    session.block_on(async { tokio::time::sleep(Duration::from_millis(300)).await })?;
    session.call::<tasks::Get>(&[id], &Nothing {}, &Nothing {})
}

fn outcome(task: &Task) -> Exit {
    if task.state == TaskState::Running {
        Exit::Pending
    } else if task.counts.succeeded == task.targets {
        Exit::Ok
    } else {
        Exit::Partial
    }
}

fn summary(mut counts: TaskCounts) -> String {
    let parts: Vec<String> = SubtaskState::ALL
        .into_iter()
        .map(|state| (state, *counts.of(state)))
        .filter(|(state, count)| *count > 0 || *state == SubtaskState::Succeeded)
        .map(|(state, count)| format!("{count} {}", state.as_str()))
        .collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_names_what_there_is() {
        let counts = TaskCounts { succeeded: 5, ..TaskCounts::default() };
        assert_eq!(summary(counts), "5 succeeded");
        let counts = TaskCounts { failed: 2, timed_out: 1, ..TaskCounts::default() };
        assert_eq!(summary(counts), "0 succeeded, 2 failed, 1 timed_out");
    }

    #[test]
    fn states_have_words() {
        assert_eq!(state("timed_out"), Ok(SubtaskState::TimedOut));
        assert!(state("done").is_err());
    }
}
