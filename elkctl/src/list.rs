//! Lists, page by page.

use elk_api::{Cursor, Endpoint, ListQuery, MAX_PAGE, Page};
use elk_desk::{Exit, Failure};
use serde::Serialize;
use serde_json::Value;

use crate::output::{Document, Kind, Metadata};
use crate::paged::Paged;
use crate::session::{Session, value};

/// The most objects that are held at once, for formats that need all of them.
const MAX_HELD: usize = 50_000;

/// How much of a list is wanted.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Span {
    /// At most so many; 100 if not said
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Go on after this place, as told by the page before
    #[arg(long)]
    cursor: Option<Cursor>,
    /// All of it
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

/// How far a list got.
struct Reached {
    next: Option<String>,
    metadata: Metadata,
}

/// Fetches what `span` asks for and shows it; `query` makes the query of one page.
pub(crate) fn show<E, T>(
    session: &Session<'_>,
    kind: &'static Kind,
    path: &[&str],
    span: &Span,
    query: impl Fn(u32, Option<Cursor>) -> E::Query,
) -> Result<Exit, Failure>
where
    E: Endpoint<Body = elk_api::Nothing, Reply = Page<T>>,
    T: Serialize,
{
    let mut paged = if span.all { Paged::new(kind, session.manner()) } else { None };
    let mut held = Vec::new();
    let fetch =
        |limit, cursor| session.call::<E>(path, &query(limit, cursor), &elk_api::Nothing {});
    let reached = walk(session, span, fetch, |mut items| {
        if let Some(paged) = &mut paged {
            return session.ui.out(&paged.page(&items)?);
        }
        held.append(&mut items);
        if held.len() <= MAX_HELD {
            return Ok(());
        }
        let message = format!("more than {MAX_HELD} rows are too many for this format");
        Err(Failure::new(Exit::Usage, message).hint("use -o jsonl, which holds one page at a time"))
    })?;
    let Reached { next, metadata } = reached;
    let (returned, total) = (metadata.returned, metadata.total.unwrap_or_default());
    if let Some(mut paged) = paged {
        session.ui.out(&paged.end(&metadata)?)?;
    } else {
        session.show(&Document { kind, single: false, metadata, items: held }, None)?;
    }
    if let Some(next) = next {
        let next = format!("next page: --cursor {next}, everything: --all");
        session.ui.note(&format!("showing {returned} of {total}; {next}"));
    } else if returned == 0 && session.format.is_human() {
        session.ui.hint(&format!("No {}s match.", kind.noun));
    }
    Ok(Exit::Ok)
}

/// Hands page after page to `take`, as long as somebody reads them.
fn walk<T: Serialize>(
    session: &Session<'_>,
    span: &Span,
    fetch: impl Fn(u32, Option<Cursor>) -> Result<Page<T>, Failure>,
    mut take: impl FnMut(Vec<Value>) -> Result<(), Failure>,
) -> Result<Reached, Failure> {
    let set = session.config.settings.page_limit.filter(|limit| *limit > 0);
    let wanted = if span.all { u64::MAX } else { span.limit.or(set).unwrap_or(100).into() };
    let (mut cursor, mut returned) = (span.cursor.clone(), 0);
    loop {
        let left = u32::try_from(wanted - returned).unwrap_or(u32::MAX).min(MAX_PAGE);
        let page = fetch(left, cursor.take())?;
        let items = page.items.iter().map(value).collect::<Result<Vec<_>, _>>()?;
        let none = items.is_empty();
        returned = wanted.min(returned + items.len() as u64);
        take(items)?;
        cursor = page.next_cursor;
        if cursor.is_none() || none || returned >= wanted || session.ui.is_closed() {
            let next = cursor.map(|cursor| cursor.to_string());
            let metadata = Metadata {
                server_time: Some(page.server_time),
                total: Some(page.total),
                total_is_estimate: Some(page.total_is_estimate),
                returned,
                next_cursor: next.clone(),
                ..session.metadata()
            };
            return Ok(Reached { next, metadata });
        }
    }
}

/// The query of a plain list.
pub(crate) fn plain(limit: u32, cursor: Option<Cursor>) -> ListQuery {
    ListQuery { limit: Some(limit), cursor }
}
