//! `elkctl event`.

mod live;

use std::time::Duration;

use elk_api::records::{Record, RecordLine, RecordQuery, RecordStart, Tail};
use elk_api::{Nothing, agents};
use elk_client::Client;
use elk_desk::{Exit, Failure, sanitize};

use crate::format::Format;
use crate::session::{Session, value};
use crate::{bulk, output};

const LONGEST_PAUSE: Duration = Duration::from_secs(30);

#[derive(clap::Subcommand, Debug)]
pub(crate) enum EventCommand {
    /// List what happened in the backend, or follow what happens: agents, tasks, alerts and more
    #[command(after_help = "Examples:\n  elkctl event list --since 1h --type agent,alert\n  \
        elkctl event list -w --type task -o jsonl")]
    List(live::ListArgs),
    /// Show records as they arrive
    Tail(TailArgs),
}

#[derive(clap::Args, Debug)]
pub(crate) struct TailArgs {
    /// Only this agent's: its id, a unique prefix, or host=NAME
    #[arg(long)]
    agent: Option<String>,
    /// Only this type
    #[arg(long)]
    data_type: Option<i32>,
    /// Begin with the oldest record kept
    #[arg(long)]
    earliest: bool,
    /// Stop after so many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
}

pub(crate) fn run(session: &Session<'_>, command: &EventCommand) -> Result<Exit, Failure> {
    match command {
        EventCommand::List(args) => live::run(session, args),
        EventCommand::Tail(args) => tail(session, args),
    }
}

fn tail(session: &Session<'_>, args: &TailArgs) -> Result<Exit, Failure> {
    if !session.format.is_human() && session.format != Format::Jsonl {
        return Err(Failure::new(Exit::Usage, "a stream has no end: use -o jsonl or table"));
    }
    let agent = args.agent.as_deref().map(|agent| full_id(session, agent)).transpose()?;
    let query = RecordQuery {
        agent,
        data_type: args.data_type,
        from: args.earliest.then_some(RecordStart::Earliest),
        places: None,
    };
    let left = args.limit.unwrap_or(u64::MAX);
    let client = session.client()?;
    let mut follow = Follow { session, query, places: Vec::new(), left, losses: 0 };
    session.block_on(Box::pin(follow.run(client)))?
}

/// Finds the agent that a prefix or a host's name means.
pub(crate) fn full_id(session: &Session<'_>, agent: &str) -> Result<String, Failure> {
    let path = [bulk::bare(agent)];
    let found = session.call::<agents::Get>(&path, &Nothing {}, &Nothing {})?;
    Ok(found.agent.id.to_string())
}

/// A stream that is opened again when it is lost, and goes on where it was.
struct Follow<'a> {
    session: &'a Session<'a>,
    query: RecordQuery,
    /// The offset of the next record of each partition; empty until the server has told.
    places: Vec<u64>,
    /// Records still to show.
    left: u64,
    /// How often it was lost since a line came.
    losses: u32,
}

impl Follow<'_> {
    async fn run(&mut self, client: &Client) -> Result<Exit, Failure> {
        loop {
            let lost = match self.follow(client).await {
                Ok(()) => return Ok(Exit::Ok),
                Err(failure) => failure,
            };
            // Before the first line nothing is lost yet: it never worked.
            if self.places.is_empty() || lost.exit != Exit::Unavailable {
                return Err(lost);
            }
            let pause = Duration::from_secs(1 << self.losses.min(5)).min(LONGEST_PAUSE);
            if self.losses == 0 {
                self.session.ui.note(&format!("{}; trying again", lost.message));
            }
            self.losses += 1;
            tokio::time::sleep(pause).await;
        }
    }

    /// Shows what one stream brings until it has shown enough.
    async fn follow(&mut self, client: &Client) -> Result<(), Failure> {
        if !self.places.is_empty() {
            let places = self.places.iter().map(ToString::to_string).collect::<Vec<_>>();
            self.query.places = Some(places.join(","));
        }
        let opened = client.lines::<Tail>(&[], &self.query).await;
        let mut lines = opened.map_err(|error| self.session.failed(&error, true))?;
        while let Some(line) = lines.next().await {
            let line = line.map_err(|error| self.session.failed(&error, true))?;
            if self.losses > 0 {
                self.session.ui.note("the stream goes on where it was");
                self.losses = 0;
            }
            self.take(line)?;
            if self.session.ui.is_closed() || self.left == 0 {
                return Ok(());
            }
        }
        let message = "the server ended the stream";
        Err(Failure::new(Exit::Unavailable, message).code("stream_ended"))
    }

    fn take(&mut self, line: RecordLine) -> Result<(), Failure> {
        match line {
            RecordLine::Record(record) => {
                let partition = usize::try_from(record.partition).ok();
                if let Some(place) = partition.and_then(|it| self.places.get_mut(it)) {
                    *place = record.offset + 1;
                }
                self.left -= 1;
                self.session.ui.out(&text(self.session, &record)?)
            }
            RecordLine::Gap { missed } => {
                self.session.ui.note(&format!("{missed} records were passed over"));
                Ok(())
            }
            RecordLine::Idle { places, .. } => {
                self.places = places;
                Ok(())
            }
        }
    }
}

fn text(session: &Session<'_>, record: &Record) -> Result<String, Failure> {
    if session.format == Format::Jsonl {
        return Ok(output::lines(&[value(record)?]));
    }
    let time = record.server_time.map(|time| time.to_string()).unwrap_or_default();
    let fields: Vec<String> =
        record.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let agent = if record.agent.is_empty() { "-" } else { &record.agent };
    let (kind, host, fields) = (record.data_type, &record.hostname, fields.join(" "));
    let line = format!("{time}  {kind:<5}  {agent}  {host}  {fields}");
    Ok(format!("{}\n", sanitize(&line)))
}
