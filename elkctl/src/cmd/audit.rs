//! `elkctl audit`.

use elk_api::Nothing;
use elk_api::audit::{self, AuditQuery, ExportQuery, Outcome, Verdict, VerifyQuery};
use elk_client::Client;
use elk_desk::{Exit, Failure, parse_duration};
use jiff::SignedDuration;
use jiff::Timestamp;

use crate::list::{self, Span};
use crate::output::{self, Column, Kind, age, field};
use crate::session::{Session, now, value};

static ENTRY: Kind = Kind {
    name: "AuditEntry",
    noun: "audit",
    key: "sequence",
    columns: &[
        Column { head: "SEQUENCE", wide: false, cell: |item, _| field(item, "sequence") },
        Column { head: "AT", wide: false, cell: |item, now| age(item, "at", now) },
        Column { head: "ACTOR", wide: false, cell: |item, _| field(item, "actor") },
        Column { head: "ACTION", wide: false, cell: |item, _| field(item, "action") },
        Column { head: "OBJECT", wide: false, cell: |item, _| field(item, "object") },
        Column { head: "OUTCOME", wide: false, cell: |item, _| field(item, "outcome") },
        Column { head: "CODE", wide: false, cell: |item, _| field(item, "code") },
        Column { head: "VIA", wide: true, cell: |item, _| field(item, "via") },
        Column { head: "ADDRESS", wide: true, cell: |item, _| field(item, "address") },
        Column { head: "REQUEST-ID", wide: true, cell: |item, _| field(item, "request_id") },
        Column { head: "SUMMARY", wide: true, cell: |item, _| field(item, "summary") },
    ],
};

static VERDICT: Kind = Kind {
    name: "AuditVerdict",
    noun: "audit",
    key: "whole",
    columns: &[
        Column { head: "WHOLE", wide: false, cell: |item, _| field(item, "whole") },
        Column { head: "ENTRIES", wide: false, cell: |item, _| field(item, "entries") },
    ],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum AuditCommand {
    /// List entries, the latest first
    #[command(after_help = "Examples:\n  elkctl audit list --since 1h\n  \
        elkctl audit list --action 'user.*' --outcome refused --all -o jsonl")]
    List(ListArgs),
    /// Show one entry
    Get {
        /// Its number
        sequence: u64,
    },
    /// Find out whether every entry is as it was written; 3 if not
    Verify {
        /// A place noted earlier, SEQUENCE:HASH, that has to be in the log still
        #[arg(long, value_name = "PLACE")]
        known: Option<String>,
    },
    /// Write the log as JSON lines, the earliest entry first
    #[command(
        after_help = "The hash of an entry is the SHA-256 of the texts of its other fields, previous \
        first and then\nsequence, at, actor, via, address, action, kind, object, outcome, code, \
        request_id, summary;\nbefore each text its length in bytes and a colon, behind each a comma."
    )]
    Export {
        /// Begin after the entry with this number
        #[arg(long, value_name = "SEQUENCE")]
        after: Option<u64>,
    },
}

#[derive(clap::Args, Debug)]
pub(crate) struct ListArgs {
    /// Only of this user
    #[arg(long)]
    actor: Option<String>,
    /// Only this action, such as user.create, or all of a noun: user.*
    #[arg(long)]
    action: Option<String>,
    /// Only about this object
    #[arg(long)]
    object: Option<String>,
    /// Only with this outcome: begun, ok, refused, failed or unknown
    #[arg(long, value_parser = outcome)]
    outcome: Option<Outcome>,
    /// Only from then on: a time, or how long ago, such as 1h
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<Timestamp>,
    /// Only before: a time, or how long ago
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<Timestamp>,
    #[command(flatten)]
    span: Span,
}

fn outcome(text: &str) -> Result<Outcome, String> {
    let found = Outcome::ALL.into_iter().find(|it| it.as_str() == text);
    found.ok_or("use begun, ok, refused, failed or unknown".to_owned())
}

/// Reads a time, or how long ago it was.
pub(crate) fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    let wrong =
        || "use a time such as 2026-01-02T03:04:05Z, or how long ago, such as 1h".to_owned();
    let ago = parse_duration(text).map_err(|_| wrong())?;
    let ago = SignedDuration::try_from(ago).map_err(|_| wrong())?;
    now().checked_sub(ago).map_err(|_| wrong())
}

pub(crate) fn run(session: &Session<'_>, command: &AuditCommand) -> Result<Exit, Failure> {
    match command {
        AuditCommand::List(args) => {
            let query = |limit, cursor| AuditQuery {
                limit: Some(limit),
                cursor,
                actor: args.actor.as_deref().map(|it| bare(it).to_owned()),
                action: args.action.clone(),
                object: args.object.clone(),
                outcome: args.outcome,
                since: args.since,
                until: args.until,
            };
            list::show::<audit::List, _>(session, &ENTRY, &[], &args.span, query)
        }
        AuditCommand::Get { sequence } => {
            let path = [sequence.to_string()];
            let path = path.each_ref().map(String::as_str);
            let entry = session.call::<audit::Get>(&path, &Nothing {}, &Nothing {})?;
            session.show_one(&ENTRY, &entry, None)
        }
        AuditCommand::Verify { known } => {
            let query = VerifyQuery { known: known.clone() };
            let verdict = session.call::<audit::Verify>(&[], &query, &Nothing {})?;
            told(session, &verdict)
        }
        AuditCommand::Export { after } => {
            let client = session.client()?;
            let query = ExportQuery { after: *after };
            session.block_on(Box::pin(export(session, client, query)))?
        }
    }
}

fn bare(user: &str) -> &str {
    user.strip_prefix("user/").unwrap_or(user)
}

fn told(session: &Session<'_>, verdict: &Verdict) -> Result<Exit, Failure> {
    let (entries, head) = (verdict.entries, &verdict.head);
    let human = match &verdict.broken {
        None => format!("{entries} entries are whole, up to {}:{}\n", head.sequence, head.hash),
        Some(broken) => format!("broken at entry {}: {}\n", broken.sequence, broken.why),
    };
    session.show_one(&VERDICT, verdict, Some(human))?;
    Ok(if verdict.whole { Exit::Ok } else { Exit::Negative })
}

async fn export(
    session: &Session<'_>,
    client: &Client,
    query: ExportQuery,
) -> Result<Exit, Failure> {
    let opened = client.lines::<audit::Export>(&[], &query).await;
    let mut lines = opened.map_err(|error| session.failed(&error, true))?;
    while let Some(entry) = lines.next().await {
        let entry = entry.map_err(|error| session.failed(&error, true))?;
        session.ui.out(&output::lines(&[value(&entry)?]))?;
        if session.ui.is_closed() {
            break;
        }
    }
    Ok(Exit::Ok)
}
