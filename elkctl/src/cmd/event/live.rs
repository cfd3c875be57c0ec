//! `elkctl event list`: what happens in the backend.

use std::time::Duration;

use elk_api::events::{self as api, Bookmark, Event, EventLine, EventQuery, EventType};
use elk_api::{MAX_PAGE, Nothing};
use elk_client::Client;
use elk_desk::{Exit, Failure, sanitize};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{LONGEST_PAUSE, full_id};
use crate::cmd::audit::moment;
use crate::format::Format;
use crate::output::{self, Column, Document, Kind, age, field};
use crate::session::{Session, value};

static EVENT: Kind = Kind {
    name: "Event",
    noun: "event",
    key: "id",
    columns: &[
        Column { head: "AT", wide: false, cell: |item, now| age(item, "at", now) },
        Column { head: "TYPE", wide: false, cell: |item, _| field(item, "type") },
        Column { head: "ACTION", wide: false, cell: |item, _| field(item, "action") },
        Column { head: "OBJECT", wide: false, cell: |item, _| field(item, "object") },
        Column { head: "DETAIL", wide: false, cell: |item, _| detail(item) },
        Column { head: "AGENT", wide: true, cell: |item, _| field(item, "agent") },
        Column { head: "ID", wide: true, cell: |item, _| field(item, "id") },
    ],
};

/// Events that are held for a list: the server keeps no more.
const MAX_HELD: usize = 50_000;

#[derive(clap::Args, Debug)]
pub(crate) struct ListArgs {
    /// Only from then on: a time, or how long ago, such as 1h
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<Timestamp>,
    /// Only of these types, joined by commas: agent, task, rollout, alert, audit, cluster
    #[arg(long = "type", value_name = "TYPES", value_delimiter = ',', value_parser = of_word)]
    types: Vec<EventType>,
    /// Only about this agent: its id, a unique prefix, or host=NAME
    #[arg(long)]
    agent: Option<String>,
    /// Go on behind this event or bookmark
    #[arg(long, value_name = "ID", conflicts_with = "since")]
    after: Option<String>,
    /// Stop after so many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Follow what happens; without --since or --after from now on
    #[arg(short, long)]
    watch: bool,
}

fn of_word(text: &str) -> Result<EventType, String> {
    let found = EventType::ALL.into_iter().find(|it| it.as_str() == text);
    found.ok_or_else(|| format!("use {}", EventType::ALL.map(EventType::as_str).join(", ")))
}

/// Returns what is known of an event, for people.
fn detail(item: &Value) -> String {
    let Some(fields) = item.get("detail").and_then(Value::as_object) else {
        return String::new();
    };
    let shown = fields.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{name}={text}")
    });
    shown.collect::<Vec<_>>().join(" ")
}

pub(super) fn run(session: &Session<'_>, args: &ListArgs) -> Result<Exit, Failure> {
    if args.watch && !session.format.is_human() && session.format != Format::Jsonl {
        return Err(Failure::new(Exit::Usage, "a watch has no end: use -o jsonl or table"));
    }
    let agent = args.agent.as_deref().map(|agent| full_id(session, agent)).transpose()?;
    let types: Vec<_> = args.types.iter().map(|it| it.as_str()).collect();
    let query = EventQuery {
        types: (!types.is_empty()).then(|| types.join(",")),
        agent: agent.and_then(|it| it.parse().ok()),
        since: args.since,
        after: args.after.clone(),
        limit: None,
    };
    let left = args.limit.unwrap_or(u64::MAX);
    if !args.watch {
        return list(session, query, left);
    }
    let client = session.client()?;
    let mut follow = Follow { session, query, left, losses: 0, worked: false };
    session.block_on(Box::pin(follow.run(client)))?
}

fn list(session: &Session<'_>, mut query: EventQuery, left: u64) -> Result<Exit, Failure> {
    let (mut items, mut gap) = (Vec::new(), false);
    loop {
        let missing = left.saturating_sub(items.len() as u64);
        query.limit = Some(u32::try_from(missing).unwrap_or(u32::MAX).min(MAX_PAGE));
        let page = session.call::<api::List>(&[], &query, &Nothing {})?;
        gap |= page.gap;
        for event in &page.items {
            items.push(value(event)?);
        }
        query.after = page.next;
        query.since = None;
        if query.after.is_none() || items.len() as u64 >= left || items.len() >= MAX_HELD {
            break;
        }
    }
    if gap {
        session.ui.note("the server does not keep all of these any more: earlier ones are missing");
    }
    let (returned, next_cursor) = (items.len() as u64, query.after);
    // How many more are kept is not counted.
    let (total, total_is_estimate) = (Some(returned), Some(next_cursor.is_some()));
    let page = output::Metadata { total, returned, next_cursor, ..session.metadata() };
    let metadata = output::Metadata { total_is_estimate, ..page };
    if items.is_empty() && session.format.is_human() {
        session.ui.hint("No events match.");
    }
    session.show(&Document { kind: &EVENT, single: false, metadata, items }, None)?;
    Ok(Exit::Ok)
}

/// A stream that is opened again when it ends or is lost, and goes on where it was.
struct Follow<'a> {
    session: &'a Session<'a>,
    query: EventQuery,
    /// Events still to show.
    left: u64,
    /// How often it was lost since something came.
    losses: u32,
    /// Whether it ever brought anything.
    worked: bool,
}

impl Follow<'_> {
    async fn run(&mut self, client: &Client) -> Result<Exit, Failure> {
        loop {
            match self.follow(client).await {
                Ok(true) => return Ok(Exit::Ok),
                // It ends after some minutes by itself.
                Ok(false) if self.losses == 0 => {
                    self.losses = 1;
                    continue;
                }
                Ok(false) => {}
                Err(lost) if self.worked && lost.exit == Exit::Unavailable => {
                    if self.losses <= 1 {
                        self.session.ui.note(&format!("{}; trying again", lost.message));
                    }
                }
                Err(failure) => return Err(failure),
            }
            let pause = Duration::from_secs(1 << self.losses.min(5)).min(LONGEST_PAUSE);
            self.losses = self.losses.saturating_add(1);
            tokio::time::sleep(pause).await;
        }
    }

    /// Shows what one stream brings; returns whether that is all that was asked for.
    async fn follow(&mut self, client: &Client) -> Result<bool, Failure> {
        let opened = client.lines::<api::Watch>(&[], &self.query).await;
        let mut lines = opened.map_err(|error| self.session.failed(&error, true))?;
        while let Some(line) = lines.next().await {
            let line = line.map_err(|error| self.session.failed(&error, true))?;
            if self.losses > 1 {
                self.session.ui.note("the stream goes on");
            }
            (self.losses, self.worked) = (0, true);
            self.take(&line)?;
            if self.session.ui.is_closed() || self.left == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn take(&mut self, line: &EventLine) -> Result<(), Failure> {
        let id = match line {
            EventLine::Event(event) => {
                self.left -= 1;
                self.session.ui.out(&self.shown(event)?)?;
                &event.id
            }
            EventLine::Bookmark(mark) => {
                self.mark(mark)?;
                &mark.id
            }
        };
        self.query.after = Some(id.clone());
        self.query.since = None;
        Ok(())
    }

    fn shown(&self, event: &Event) -> Result<String, Failure> {
        let object = value(event)?;
        if self.session.format == Format::Jsonl {
            let line = json!({ "type": "added", "at": event.at, "object": object });
            return Ok(output::lines(&[line]));
        }
        let (at, of, detail) = (event.at, event.r#type.as_str(), detail(&object));
        let line = format!("{at}  {of:<8}{:<14}{}  {detail}", event.action, event.object);
        Ok(format!("{}\n", sanitize(line.trim_end())))
    }

    fn mark(&self, mark: &Bookmark) -> Result<(), Failure> {
        if mark.gap {
            let missed = mark.missed.map_or_else(|| "some".to_owned(), |it| it.to_string());
            self.session.ui.note(&format!("{missed} events may have been missed"));
        }
        if self.session.format != Format::Jsonl {
            return Ok(());
        }
        let line = json!({
            "type": "bookmark", "at": mark.at,
            "gap": mark.gap, "object": { "id": mark.id, "gap": mark.gap, "missed": mark.missed },
        });
        self.session.ui.out(&output::lines(&[line]))
    }
}
