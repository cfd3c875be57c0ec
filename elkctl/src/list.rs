//! Lists, page by page.

use elk_api::{Cursor, Endpoint, ListQuery, MAX_PAGE, Page};
use elk_desk::{Exit, Failure};
use serde::Serialize;

use crate::output::{Document, Kind, Metadata};
use crate::session::{Session, value};

/// How much of a list is wanted.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Span {
    /// At most so many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Go on after this place
    #[arg(long)]
    cursor: Option<Cursor>,
    /// All of it
    #[arg(long, conflicts_with = "limit")]
    all: bool,
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
    let set = session.config.settings.page_limit.filter(|limit| *limit > 0);
    let wanted = if span.all { u32::MAX } else { span.limit.or(set).unwrap_or(100) };
    let (mut items, mut cursor) = (Vec::new(), span.cursor.clone());
    let (total, server_time) = loop {
        let left = wanted.saturating_sub(u32::try_from(items.len()).unwrap_or(u32::MAX));
        let query = query(left.min(MAX_PAGE), cursor.take());
        let page = session.call::<E>(path, &query, &elk_api::Nothing {})?;
        let none = page.items.is_empty();
        for item in &page.items {
            items.push(value(item)?);
        }
        cursor = page.next_cursor;
        if cursor.is_none() || none || items.len() >= wanted as usize {
            break (page.total, page.server_time);
        }
    };
    let next_cursor = cursor.map(|cursor| cursor.to_string());
    let returned = items.len() as u64;
    let metadata = Metadata {
        server_time: Some(server_time),
        total: Some(total),
        returned,
        next_cursor: next_cursor.clone(),
        ..session.metadata()
    };
    session.show(&Document { kind, single: false, metadata, items }, None)?;
    if let Some(next) = next_cursor {
        let next = format!("next page: --cursor {next}, everything: --all");
        session.ui.note(&format!("showing {returned} of {total}; {next}"));
    } else if returned == 0 && session.format.is_human() {
        session.ui.note("Nothing matches.");
    }
    Ok(Exit::Ok)
}

/// The query of a plain list.
pub(crate) fn plain(limit: u32, cursor: Option<Cursor>) -> ListQuery {
    ListQuery { limit: Some(limit), cursor }
}
