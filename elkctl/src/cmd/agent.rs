//! `elkctl agent`.

mod page;
mod status;
mod why;

use std::time::Duration;

use elk_api::Nothing;
use elk_api::agents::{self, AgentQuery, AgentSort, AggregateQuery};
use elk_desk::{Exit, Failure, Tier, parse_duration};
use elk_model::selector::AgentStatus;
use serde_json::json;

use crate::bulk::{Change, Targets, bare};
use crate::cmd::task;
use crate::list::{self, Span};
use crate::output::{Column, Kind, age, field};
use crate::session::Session;

pub(crate) static AGENT: Kind = Kind {
    name: "Agent",
    noun: "agent",
    key: "id",
    columns: &[
        Column { head: "ID", wide: false, cell: |item, _| field(item, "id") },
        Column { head: "HOSTNAME", wide: false, cell: |item, _| field(item, "hostname") },
        Column { head: "STATUS", wide: false, cell: |item, _| field(item, "status") },
        Column { head: "VERSION", wide: false, cell: |item, _| field(item, "version") },
        Column { head: "PLATFORM", wide: false, cell: |item, _| field(item, "platform") },
        Column { head: "ARCH", wide: true, cell: |item, _| field(item, "arch") },
        Column { head: "KERNEL", wide: true, cell: |item, _| field(item, "kernel") },
        Column { head: "ADDRESSES", wide: true, cell: |item, _| field(item, "addresses") },
        Column { head: "AC", wide: false, cell: |item, _| field(item, "ac") },
        Column {
            head: "LAST-SEEN",
            wide: false,
            cell: |item, now| age(item, "last_heartbeat_at", now),
        },
        Column { head: "TAGS", wide: false, cell: |item, _| field(item, "tags") },
    ],
};

static COUNT: Kind = Kind {
    name: "AgentCount",
    noun: "count",
    key: "key",
    columns: &[
        Column { head: "KEY", wide: false, cell: |item, _| keys(item) },
        Column { head: "AGENTS", wide: false, cell: |item, _| field(item, "count") },
    ],
};

/// Shows what a group has in common; `-` where the agents have no such thing.
fn keys(item: &serde_json::Value) -> String {
    let said = |part: &serde_json::Value| part.as_str().unwrap_or("-").to_owned();
    match item.get("key") {
        Some(serde_json::Value::Array(parts)) => {
            parts.iter().map(said).collect::<Vec<_>>().join(",")
        }
        Some(one) => said(one),
        None => String::new(),
    }
}

#[derive(clap::Subcommand, Debug)]
pub(crate) enum AgentCommand {
    /// List agents
    #[command(after_help = "Examples:\n  elkctl agent list -l tag=prod,status!=running\n  \
        elkctl agent list --all -o jsonl\n  \
        elkctl agent list --sort last_seen --reverse --limit 3\n\n\
        Selectors: elkctl-selectors(7)")]
    List(ListArgs),
    /// Show one agent
    Get {
        /// Id, unique prefix or host=NAME
        agent: String,
    },
    /// Show everything known of one agent
    #[command(visible_alias = "describe")]
    Inspect {
        /// Id, unique prefix or host=NAME
        agent: String,
    },
    /// Say why an agent is offline or did not do what it should
    #[command(after_help = "An IP address works too, also of a host that never got in.\n\n\
        Examples:\n  elkctl agent why host=web-1\n  elkctl agent why 192.0.2.7")]
    Why {
        /// Id, unique prefix, host=NAME or IP address
        agent: String,
        /// End with 3 if something is wrong
        #[arg(long)]
        exit_status: bool,
    },
    /// Show how the fleet is, or some agents
    Status {
        /// Agents; the whole fleet if there are none
        agents: Vec<String>,
        /// End with 3 unless all are running, or as many as --min-healthy says
        #[arg(long)]
        exit_status: bool,
        /// So much of the fleet has to run, in percent
        #[arg(long, value_name = "PERCENT", default_value = "100", value_parser = percent)]
        min_healthy: f64,
    },
    /// Count agents
    Count {
        /// One or two keys, joined by a comma: status, version, platform, arch, tag, ac, idc, component.NAME
        #[arg(long)]
        by: Option<String>,
        /// Only agents that match
        #[arg(short = 'l', long)]
        selector: Option<String>,
    },
    /// Restart agents
    Restart {
        #[command(flatten)]
        targets: Targets,
        /// So many at a time
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=999))]
        max_in_flight: Option<u32>,
    },
    /// Forget agents that are offline
    Forget {
        #[command(flatten)]
        targets: Targets,
        /// Only those offline for at least this long
        #[arg(long, value_parser = parse_duration, default_value = "30d")]
        offline_for: Duration,
    },
}

#[derive(clap::Args, Debug)]
pub(crate) struct ListArgs {
    /// Only agents that match, such as tag=prod,status!=running
    #[arg(short = 'l', long)]
    selector: Option<String>,
    /// Only agents of these statuses
    #[arg(long, value_delimiter = ',', value_parser = AgentStatus::ALL.map(AgentStatus::as_str))]
    status: Vec<String>,
    /// id, hostname, last_seen or first_seen
    #[arg(long, value_parser = sort)]
    sort: Option<AgentSort>,
    /// The other way round
    #[arg(short, long)]
    reverse: bool,
    #[command(flatten)]
    span: Span,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).parse().ok();
    let number = number.filter(|percent| (0.0..=100.0).contains(percent));
    number.ok_or("write a number from 0 to 100, such as 99.5".to_owned())
}

fn sort(text: &str) -> Result<AgentSort, String> {
    let found = AgentSort::NAMES.iter().find(|(name, _)| *name == text);
    found.map(|(_, sort)| *sort).ok_or("use id, hostname, last_seen or first_seen".to_owned())
}

pub(crate) fn run(session: &Session<'_>, command: &AgentCommand) -> Result<Exit, Failure> {
    match command {
        AgentCommand::List(args) => list(session, args),
        AgentCommand::Get { agent } => {
            let detail = session.call::<agents::Get>(&[bare(agent)], &Nothing {}, &Nothing {})?;
            session.show_one(&AGENT, &detail, None)
        }
        AgentCommand::Inspect { agent } => {
            let detail = session.call::<agents::Get>(&[bare(agent)], &Nothing {}, &Nothing {})?;
            session.show_one(&AGENT, &detail, Some(page::of(&detail)))
        }
        AgentCommand::Why { agent, exit_status } => {
            let healthy = why::show(session, bare(agent))?;
            Ok(if *exit_status && !healthy { Exit::Negative } else { Exit::Ok })
        }
        AgentCommand::Status { agents, exit_status, min_healthy } => {
            let healthy = status::run(session, agents, *min_healthy)?;
            Ok(if *exit_status && !healthy { Exit::Negative } else { Exit::Ok })
        }
        AgentCommand::Count { by, selector } => count(session, by.clone(), selector.clone()),
        AgentCommand::Restart { targets, max_in_flight } => {
            let change = Change { verb: "restarts", floor: Tier::Moderate, free_agents: 0 };
            let Some(selection) = targets.confirmed(session, &change)? else {
                return session.show_all(&task::TASK, &[] as &[Nothing], None);
            };
            let (selection, max_in_flight) = (selection.id, *max_in_flight);
            let body = agents::RestartRequest { selection, max_in_flight };
            let task = session.call::<agents::Restart>(&[], &Nothing {}, &body)?;
            session.show_one(&task::TASK, &task, None)
        }
        AgentCommand::Forget { targets, offline_for } => forget(session, targets, *offline_for),
    }
}

fn list(session: &Session<'_>, args: &ListArgs) -> Result<Exit, Failure> {
    let target = session.target()?;
    let usual = target.context.and_then(|context| context.default_selector);
    let status =
        (!args.status.is_empty()).then(|| format!("status in ({})", args.status.join(",")));
    let parts: Vec<String> = [usual, args.selector.clone(), status].into_iter().flatten().collect();
    let selector = (!parts.is_empty()).then(|| parts.join(","));
    let reverse = args.reverse.then_some(true);
    list::show::<agents::List, _>(session, &AGENT, &[], &args.span, |limit, cursor| AgentQuery {
        selector: selector.clone(),
        limit: Some(limit),
        cursor,
        sort: args.sort,
        reverse,
    })
}

fn count(
    session: &Session<'_>,
    by: Option<String>,
    selector: Option<String>,
) -> Result<Exit, Failure> {
    let query = AggregateQuery { selector, by };
    let counted = session.call::<agents::Aggregate>(&[], &query, &Nothing {})?;
    let human = counted.by.is_empty().then(|| format!("{}\n", counted.total));
    // One key is a value, two are a list of them.
    let group = |it: agents::AggregateGroup| match <[Option<String>; 1]>::try_from(it.key) {
        Ok([key]) => json!({ "key": key, "count": it.count }),
        Err(keys) => json!({ "key": keys, "count": it.count }),
    };
    let groups: Vec<_> = counted.groups.into_iter().map(group).collect();
    session.show_all(&COUNT, &groups, human)
}

fn forget(
    session: &Session<'_>,
    targets: &Targets,
    offline_for: Duration,
) -> Result<Exit, Failure> {
    let change = Change {
        verb: "forgets, where offline for long enough,",
        floor: Tier::Severe,
        free_agents: 0,
    };
    let Some(selection) = targets.confirmed(session, &change)? else {
        return session.show_all(&AGENT, &[] as &[Nothing], None);
    };
    let offline_for_seconds = offline_for.as_secs();
    let body = agents::ForgetRequest { selection: selection.id, offline_for_seconds };
    let done = session.call::<agents::Forget>(&[], &Nothing {}, &body)?;
    let gone: Vec<_> = done.forgotten.iter().map(|id| json!({ "id": id })).collect();
    let human = format!("forgot {}, kept {}\n", gone.len(), done.kept);
    session.show_all(&AGENT, &gone, Some(human))
}
