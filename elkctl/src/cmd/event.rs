//! `elkctl event`.

use elk_api::records::{Record, RecordLine, RecordQuery, RecordStart, Tail};
use elk_desk::{Exit, Failure, sanitize};

use crate::call;
use crate::format::Format;
use crate::session::{Session, value};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum EventCommand {
    /// Show records as they arrive
    Tail(TailArgs),
}

#[derive(clap::Args, Debug)]
pub(crate) struct TailArgs {
    /// Only this agent's; its exact id
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
    let EventCommand::Tail(args) = command;
    if !session.format.is_human() && session.format != Format::Jsonl {
        return Err(Failure::new(Exit::Usage, "a stream has no end: use -o jsonl or table"));
    }
    let query = RecordQuery {
        agent: args.agent.as_deref().map(|id| crate::bulk::bare(id).to_owned()),
        data_type: args.data_type,
        from: args.earliest.then_some(RecordStart::Earliest),
    };
    let client = session.client()?;
    session.block_on(Box::pin(async {
        let mut lines = client.lines::<Tail>(&[], &query).await.map_err(|e| call::failure(&e))?;
        let mut shown = 0_u64;
        while let Some(line) = lines.next().await {
            match line.map_err(|error| call::failure(&error))? {
                RecordLine::Record(record) => {
                    session.ui.out(&text(session, &record)?)?;
                    shown += 1;
                }
                RecordLine::Gap { missed } => {
                    session.ui.note(&format!("{missed} records were passed over"));
                }
                RecordLine::Idle { .. } => {}
            }
            if session.ui.is_closed() || args.limit == Some(shown) {
                return Ok(Exit::Ok);
            }
        }
        let message = "the server ended the stream";
        Err(Failure::new(Exit::Unavailable, message).code("stream_ended"))
    }))?
}

fn text(session: &Session<'_>, record: &Record) -> Result<String, Failure> {
    if session.format == Format::Jsonl {
        return Ok(format!("{}\n", value(record)?));
    }
    let time = record.server_time.map(|time| time.to_string()).unwrap_or_default();
    let fields: Vec<String> =
        record.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let agent = if record.agent.is_empty() { "-" } else { &record.agent };
    let (kind, host, fields) = (record.data_type, &record.hostname, fields.join(" "));
    let line = format!("{time}  {kind:<5}  {agent}  {host}  {fields}");
    Ok(format!("{}\n", sanitize(&line)))
}
