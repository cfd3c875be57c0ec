//! HTTP for the audit log.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use elk_api::audit::{self, AuditQuery, Entry, ExportQuery, Place, Verdict, VerifyQuery};
use elk_api::{Cursor, Page};
use elk_web::{ApiError, Json, Mount as _, Path, Query};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use tokio::sync::OwnedSemaphorePermit;

use super::{store, verify};
use crate::app::App;
use crate::failure::{ApiResult, internal, invalid, not_found};
use crate::page;
use crate::store::Store;

/// Entries of an export that are in memory at a time.
const PAGE: u64 = 500;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<audit::List>()
        .to(list)
        .at::<audit::Get>()
        .to(get)
        .at::<audit::Verify>()
        .to(whole)
        .at::<audit::Export>()
        .to(export)
}

async fn list(
    State(app): State<App>,
    Query(query): Query<AuditQuery>,
) -> ApiResult<Json<Page<Entry>>> {
    let limit = page::limit(query.limit)?;
    let before = page::after(query.cursor.as_ref())?.map(number).transpose()?;
    let items = store::list(&app.store, &query, before, limit + 1).await.map_err(internal)?;
    let (total, more) = store::count(&app.store, &query).await.map_err(internal)?;
    let cursor = |it: &Entry| Cursor { after: vec![it.sequence.to_string()] };
    let mut page = page::cut(items, limit, total, app.clock.now(), cursor);
    page.total_is_estimate = more;
    Ok(Json(page))
}

fn number(text: &str) -> ApiResult<u64> {
    let number = text.parse().ok().filter(|it| i64::try_from(*it).is_ok());
    number.ok_or_else(page::foreign_cursor)
}

async fn get(State(app): State<App>, Path(entry): Path<String>) -> ApiResult<Json<Entry>> {
    let absent = || {
        let text: String = entry.chars().take(32).collect();
        not_found("entry_not_found", format!("there is no entry {text:?} in the audit log"))
    };
    let number = entry.parse().ok().filter(|it| i64::try_from(*it).is_ok());
    let number: u64 = number.ok_or_else(absent)?;
    let found = store::find(&app.store, number).await.map_err(internal)?;
    found.map(Json).ok_or_else(absent)
}

async fn whole(
    State(app): State<App>,
    Query(query): Query<VerifyQuery>,
) -> ApiResult<Json<Verdict>> {
    let known = query.known.as_deref().map(place).transpose()?;
    let _leave = leave(&app)?;
    let verdict = verify::verify(&app.store, known.as_ref()).await.map_err(internal)?;
    if let Some(broken) = &verdict.broken {
        let (entry, why) = (broken.sequence, &broken.why);
        tracing::error!(entry, "the audit log is broken at entry {entry}: {why}");
    }
    Ok(Json(verdict))
}

fn place(text: &str) -> ApiResult<Place> {
    let split = text.split_once(':');
    let read = split.and_then(|(number, hash)| {
        let sequence = number.parse().ok().filter(|it| i64::try_from(*it).is_ok())?;
        let hex = hash.len() == 64 && hash.bytes().all(|it| it.is_ascii_hexdigit());
        hex.then(|| Place { sequence, hash: hash.to_ascii_lowercase() })
    });
    let detail = "known: expected SEQUENCE:HASH, as a walk through the log told it";
    read.ok_or_else(|| invalid("invalid_place", detail))
}

/// Lets only a few read all of it at a time.
fn leave(app: &App) -> ApiResult<OwnedSemaphorePermit> {
    Arc::clone(&app.audit.walks).try_acquire_owned().map_err(|_| {
        let detail = "others walk through the audit log; try again later";
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_walks", detail)
    })
}

/// A stream of the log.
struct Reading {
    store: Store,
    reached: u64,
    last: u64,
    _leave: OwnedSemaphorePermit,
}

impl Reading {
    async fn next(&mut self) -> Option<io::Result<Bytes>> {
        if self.reached >= self.last {
            return None;
        }
        let page = match store::after(&self.store, self.reached, PAGE).await {
            Ok(page) => page,
            Err(error) => {
                self.reached = self.last;
                return Some(Err(io::Error::other(error)));
            }
        };
        let mut text = String::new();
        for entry in page.iter().take_while(|it| it.sequence <= self.last) {
            text.push_str(&serde_json::to_string(entry).unwrap_or_default());
            text.push('\n');
            self.reached = entry.sequence;
        }
        if text.is_empty() {
            self.reached = self.last;
            return None;
        }
        Some(Ok(text.into()))
    }
}

async fn export(State(app): State<App>, Query(query): Query<ExportQuery>) -> ApiResult<Response> {
    let leave = leave(&app)?;
    let reached = query.after.unwrap_or(0);
    if i64::try_from(reached).is_err() {
        return Err(invalid("invalid_place", "after: there is no such number"));
    }
    let last = store::mark(&app.store, store::HEAD).await.map_err(internal)?.sequence;
    let reading = Reading { store: app.store.clone(), reached, last, _leave: leave };
    let lines = futures_util::stream::unfold(reading, |mut reading| async {
        let text = reading.next().await?;
        Some((text, reading))
    });
    let media = [(CONTENT_TYPE, "application/x-ndjson")];
    Ok((media, Body::from_stream(lines)).into_response())
}
