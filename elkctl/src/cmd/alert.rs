//! `elkctl alert`.

mod sink;

use std::time::Duration;

use elk_api::alerts::{
    self as api, Alert, AlertQuery, AlertState, AlertStats, Handling, Muting, Severity, StatsQuery,
};
use elk_api::{Endpoint, Nothing};
use elk_desk::{Exit, Failure, Tier, parse_duration};
use elk_model::AgentId;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::cmd::event::full_id;
use crate::cmd::user::confirm;
use crate::list::{self, Span};
use crate::output::{Column, Document, Kind, age, field};
use crate::session::{Session, now, value};

static ALERT: Kind = Kind {
    name: "Alert",
    noun: "alert",
    key: "id",
    columns: &[
        Column { head: "ID", wide: false, cell: |item, _| field(item, "id") },
        Column { head: "SEVERITY", wide: false, cell: |item, _| field(item, "severity") },
        Column { head: "STATE", wide: false, cell: |item, _| field(item, "state") },
        Column { head: "KIND", wide: false, cell: |item, _| field(item, "kind") },
        Column { head: "COUNT", wide: false, cell: |item, _| field(item, "count") },
        Column { head: "LAST", wide: false, cell: |item, now| age(item, "last_at", now) },
        Column { head: "AGENT", wide: false, cell: |item, _| field(item, "agent") },
        Column { head: "TITLE", wide: false, cell: |item, _| field(item, "title") },
        Column { head: "SOURCE", wide: true, cell: |item, _| field(item, "source") },
        Column { head: "OBJECT", wide: true, cell: |item, _| field(item, "object") },
        Column { head: "FIRST", wide: true, cell: |item, now| age(item, "first_at", now) },
        Column { head: "BY", wide: true, cell: |item, _| field(item, "changed_by") },
        Column { head: "REASON", wide: true, cell: |item, _| field(item, "reason") },
        Column { head: "MUTED-UNTIL", wide: true, cell: |item, _| field(item, "muted_until") },
        Column { head: "DETAIL", wide: true, cell: |item, _| field(item, "detail") },
    ],
};

static COUNT: Kind = Kind {
    name: "AlertCount",
    noun: "alert",
    key: "key",
    columns: &[
        Column { head: "BY", wide: false, cell: |item, _| field(item, "by") },
        Column { head: "KEY", wide: false, cell: |item, _| field(item, "key") },
        Column { head: "COUNT", wide: false, cell: |item, _| field(item, "count") },
    ],
};

/// Up to so many alerts are changed without a question.
const UNASKED: usize = 10;

#[derive(clap::Subcommand, Debug)]
pub(crate) enum AlertCommand {
    /// List alerts, the newest first
    #[command(after_help = "Examples:\n  elkctl alert list --open --severity high+\n  \
        elkctl alert list --agent host=web-17 --all -o jsonl")]
    List(ListArgs),
    /// Show one alert with what a detection said of it
    Get {
        /// Its id
        alert: String,
    },
    /// Say that you know of alerts
    Ack {
        #[command(flatten)]
        alerts: Alerts,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Say that alerts are over; what happens again is another alert
    Resolve {
        #[command(flatten)]
        alerts: Alerts,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Mute alerts for some time; they are counted still, and open again afterwards
    #[command(after_help = "Example:\n  \
        elkctl alert mute alert-0192 --reason 'a test until Friday' --for 3d")]
    Mute {
        #[command(flatten)]
        alerts: Alerts,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// How long, such as 7d
        #[arg(long = "for", value_name = "DURATION", value_parser = parse_duration)]
        period: Duration,
    },
    /// Where alerts are sent
    #[command(subcommand)]
    Sink(sink::SinkCommand),
    /// Count alerts
    Stats {
        /// By what: state, severity, kind (or type) and source, joined by commas
        #[arg(long, value_name = "KEYS", value_delimiter = ',', value_parser = by,
            default_value = "state,severity")]
        by: Vec<By>,
        /// Only those that are open
        #[arg(long)]
        open: bool,
        /// Only about this agent: its id, a unique prefix, or host=NAME
        #[arg(long)]
        agent: Option<String>,
    },
}

#[derive(clap::Args, Debug)]
pub(crate) struct Alerts {
    /// Their ids
    #[arg(required = true, value_name = "ALERT")]
    ids: Vec<String>,
}

#[derive(clap::Args, Debug)]
pub(crate) struct ListArgs {
    /// Only those that are open
    #[arg(long, conflicts_with = "state")]
    open: bool,
    /// Only in this state: open, acked, muted or resolved
    #[arg(long, value_parser = state)]
    state: Option<AlertState>,
    /// Only as bad as this: low, medium, high or critical; with a plus sign also what is worse
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    severity: Option<(Severity, bool)>,
    /// Only of this kind, such as disk_low
    #[arg(long)]
    kind: Option<String>,
    /// Only from this source: system, hids or virus
    #[arg(long)]
    source: Option<String>,
    /// Only about this agent: its id, a unique prefix, or host=NAME
    #[arg(long)]
    agent: Option<String>,
    #[command(flatten)]
    span: Span,
}

/// What alerts are counted by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum By {
    State,
    Severity,
    Kind,
    Source,
}

fn by(text: &str) -> Result<By, String> {
    match text {
        "state" => Ok(By::State),
        "severity" => Ok(By::Severity),
        "kind" | "type" => Ok(By::Kind),
        "source" => Ok(By::Source),
        _ => Err("use state, severity, kind or source".to_owned()),
    }
}

fn state(text: &str) -> Result<AlertState, String> {
    let found = AlertState::ALL.into_iter().find(|it| it.as_str() == text);
    found.ok_or("use open, acked, muted or resolved".to_owned())
}

fn severity(text: &str) -> Result<(Severity, bool), String> {
    let (word, worse) = text.strip_suffix('+').map_or((text, false), |it| (it, true));
    let found = Severity::ALL.into_iter().find(|it| it.as_str() == word);
    found.map(|it| (it, worse)).ok_or("use low, medium, high or critical, or high+".to_owned())
}

/// Reads a severity that stands for itself and what is worse, with or without its plus sign.
fn worse(text: &str) -> Result<Severity, String> {
    severity(text).map(|it| it.0)
}

pub(crate) fn run(session: &Session<'_>, command: &AlertCommand) -> Result<Exit, Failure> {
    match command {
        AlertCommand::List(args) => listed(session, args),
        AlertCommand::Get { alert } => {
            let alert = session.call::<api::Get>(&[bare(alert)], &Nothing {}, &Nothing {})?;
            session.show_one(&ALERT, &alert, None)
        }
        AlertCommand::Ack { alerts, reason } => {
            let given = Handling { reason: reason.clone() };
            change::<api::Ack>(session, alerts, "acknowledges", &given)
        }
        AlertCommand::Resolve { alerts, reason } => {
            let given = Handling { reason: reason.clone() };
            change::<api::Resolve>(session, alerts, "resolves", &given)
        }
        AlertCommand::Mute { alerts, reason, period } => {
            let period = SignedDuration::try_from(*period).ok();
            let until = period.and_then(|it| now().checked_add(it).ok());
            let until = until.ok_or_else(|| Failure::new(Exit::Usage, "--for is too long"))?;
            change::<api::Mute>(session, alerts, "mutes", &Muting { reason: reason.clone(), until })
        }
        AlertCommand::Sink(command) => sink::run(session, command),
        AlertCommand::Stats { by, open, agent } => {
            let agent = agent.as_deref().map(|it| found(session, it)).transpose()?;
            let state = open.then_some(AlertState::Open);
            let query = StatsQuery { state, agent };
            let stats = session.call::<api::Stats>(&[], &query, &Nothing {})?;
            counted(session, by, &stats)
        }
    }
}

fn bare(alert: &str) -> &str {
    alert.strip_prefix("alert/").unwrap_or(alert)
}

fn found(session: &Session<'_>, agent: &str) -> Result<AgentId, Failure> {
    let id = full_id(session, agent)?;
    id.parse().map_err(|_| Failure::new(Exit::Failure, "the server's id of the agent is none"))
}

fn listed(session: &Session<'_>, args: &ListArgs) -> Result<Exit, Failure> {
    let agent = args.agent.as_deref().map(|it| found(session, it)).transpose()?;
    let query = |limit, cursor| AlertQuery {
        limit: Some(limit),
        cursor,
        state: args.open.then_some(AlertState::Open).or(args.state),
        severity: args.severity.filter(|it| !it.1).map(|it| it.0),
        least: args.severity.filter(|it| it.1).map(|it| it.0),
        kind: args.kind.clone(),
        source: args.source.clone(),
        agent: agent.clone(),
    };
    list::show::<api::List, _>(session, &ALERT, &[], &args.span, query)
}

/// Changes alerts one after the other; those that fail are told, and do not keep others back.
fn change<E: Endpoint<Query = Nothing, Reply = Alert>>(
    session: &Session<'_>,
    alerts: &Alerts,
    verb: &str,
    given: &E::Body,
) -> Result<Exit, Failure> {
    let ids: Vec<&str> = alerts.ids.iter().map(|it| bare(it)).collect();
    let what = match ids.as_slice() {
        [one] => (*one).to_owned(),
        several => format!("{} alerts", several.len()),
    };
    let floor = if ids.len() > UNASKED { Tier::Moderate } else { Tier::None };
    confirm(session, &what, verb, floor)?;
    let (mut items, mut failed) = (Vec::new(), None);
    for id in &ids {
        match session.call::<E>(&[id], &Nothing {}, given) {
            Ok(alert) => items.push(value(&alert)?),
            // What is wrong with one says nothing of the others; what keeps all back does.
            Err(failure) if matches!(failure.exit, Exit::NotFound | Exit::Conflict) => {
                session.ui.note(&format!("{}: {}", elk_desk::sanitize(id), failure.message));
                failed.get_or_insert(failure);
            }
            Err(failure) => return Err(failure),
        }
    }
    match failed {
        Some(failure) if items.is_empty() => Err(failure),
        failed => {
            let single = ids.len() == 1;
            let metadata = session.metadata();
            session.show(&Document { kind: &ALERT, single, metadata, items }, None)?;
            Ok(if failed.is_some() { Exit::Partial } else { Exit::Ok })
        }
    }
}

fn counted(session: &Session<'_>, by: &[By], stats: &AlertStats) -> Result<Exit, Failure> {
    let mut items = Vec::new();
    for by in by {
        let rows: Vec<(&str, &str, u64)> = match by {
            By::State => stats.by_state.iter().map(|(it, n)| ("state", it.as_str(), *n)).collect(),
            By::Severity => {
                let worst_first = stats.by_severity.iter().rev();
                worst_first.map(|(it, n)| ("severity", it.as_str(), *n)).collect()
            }
            By::Kind => stats.by_kind.iter().map(|(it, n)| ("kind", it.as_str(), *n)).collect(),
            By::Source => {
                stats.by_source.iter().map(|(it, n)| ("source", it.as_str(), *n)).collect()
            }
        };
        let item = |(by, key, count): (&str, &str, u64)| -> Value {
            json!({ "by": by, "key": key, "count": count })
        };
        items.extend(rows.into_iter().map(item));
    }
    let mut metadata = session.metadata();
    metadata.total = Some(stats.total);
    metadata.total_is_estimate = Some(false);
    metadata.returned = items.len() as u64;
    session.show(&Document { kind: &COUNT, single: false, metadata, items }, None)?;
    for (count, what) in [
        (stats.shed, "were never kept, as there was no room"),
        (stats.expired, "were removed for their age though nobody had resolved them"),
    ] {
        if count > 0 {
            session.ui.note(&format!("{count} alerts {what}"));
        }
    }
    Ok(Exit::Ok)
}
