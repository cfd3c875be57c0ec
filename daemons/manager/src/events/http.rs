//! HTTP for live events.

use std::fmt::Write as _;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use elk_api::MAX_PAGE;
use elk_api::events::{self, Bookmark, EventPage, EventQuery, LAST_EVENT_ID};
use elk_life::chain;
use elk_web::{ApiError, Caller, Json, Mount as _, Query};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use tokio::time::{Instant, timeout_at};

use super::reader::Reader;
use super::ring::{CAPACITY, Seat};
use crate::app::App;
use crate::failure::{ApiResult, internal, invalid};
use crate::page;
use crate::roles::scope::Scope;

/// Whoever follows hears of us this often at least.
const IDLE: Duration = Duration::from_secs(15);
/// After this long a stream ends: who follows goes on with what it may see then.
const LONGEST: Duration = Duration::from_secs(300);

pub(crate) fn routes() -> Router<App> {
    Router::new().at::<events::Watch>().to(watch).at::<events::List>().to(list)
}

async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    scope: Option<Extension<Scope>>,
    Query(query): Query<EventQuery>,
) -> ApiResult<Json<EventPage>> {
    let limit = page::limit(query.limit)?.min(u64::from(MAX_PAGE));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let scope = scope.map(|it| it.0);
    let reader = Reader::new(&app, (&caller, scope), &query)?;
    let events = &app.store.events;
    let start = Reader::start(&app, &query, || events.begin())?;
    let (mut place, mut gap, mut items) = (start.next, start.gap, Vec::new());
    let mut last = None;
    // The ring may grow meanwhile; its end as of now is far enough.
    for _ in 0..CAPACITY {
        let found = reader.next(&app, place).await.map_err(internal)?;
        gap |= found.missed > 0;
        for (number, it) in found.events {
            if items.len() == limit {
                let server_time = app.clock.now();
                return Ok(Json(EventPage { items, next: last, gap, server_time }));
            }
            let id = events.id(number);
            let event = serde_json::from_str(&it.json(&id)).map_err(|_| unreadable())?;
            items.push(event);
            last = Some(id);
        }
        if found.nothing {
            break;
        }
        place = found.next;
    }
    Ok(Json(EventPage { items, next: None, gap, server_time: app.clock.now() }))
}

fn unreadable() -> ApiError {
    let detail = "an event cannot be read";
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "event_unreadable", detail)
}

async fn watch(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    scope: Option<Extension<Scope>>,
    headers: HeaderMap,
    Query(mut query): Query<EventQuery>,
) -> ApiResult<Response> {
    if let Some(id) = headers.get(LAST_EVENT_ID).filter(|it| !it.is_empty()) {
        let detail = "Last-Event-ID: take it unchanged from the id of an event or bookmark";
        let text = id.to_str().map_err(|_| invalid("invalid_event_id", detail))?;
        query.after = Some(text.to_owned());
    }
    let reader = Reader::new(&app, (&caller, scope.map(|it| it.0)), &query)?;
    let start = Reader::start(&app, &query, || app.store.events.end())?;
    let Some(seat) = app.store.events.sit() else {
        let detail = "as many watch as can; try again later";
        return Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_watchers", detail));
    };
    let now = Instant::now();
    let follow = Follow {
        app,
        reader,
        next: start.next,
        greeting: Some(start.gap),
        idle: now + IDLE,
        end: now + LONGEST,
        _seat: seat,
    };
    let texts = futures_util::stream::unfold(follow, |mut follow| async {
        let text = follow.next().await?;
        Some((Ok::<_, std::io::Error>(Bytes::from(text)), follow))
    });
    let head = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
    Ok((head, Body::from_stream(texts)).into_response())
}

/// Somebody who watches. It holds nothing but a place: what is not read is not kept for it.
struct Follow {
    app: App,
    reader: Reader,
    next: u64,
    /// Whether there is a gap before the place, until that is told.
    greeting: Option<bool>,
    idle: Instant,
    end: Instant,
    _seat: Seat,
}

impl Follow {
    /// Returns what to send next; `None` at the end.
    async fn next(&mut self) -> Option<String> {
        if let Some(gap) = self.greeting.take() {
            return Some(self.bookmark(gap, None));
        }
        let app = App::clone(&self.app);
        app.closing.until(self.texts()).await.flatten()
    }

    async fn texts(&mut self) -> Option<String> {
        loop {
            if Instant::now() >= self.end {
                return None;
            }
            let found = match self.reader.next(&self.app, self.next).await {
                Ok(found) => found,
                Err(error) => {
                    tracing::warn!(error = %chain(&error), "ended a stream of events");
                    return None;
                }
            };
            let mut text = String::new();
            if found.missed > 0 {
                self.next += found.missed;
                text.push_str(&self.bookmark(true, Some(found.missed)));
            }
            self.next = found.next;
            for (number, it) in found.events {
                let (id, of) = (self.app.store.events.id(number), it.r#type.as_str());
                let data = it.json(&id);
                // Writing to a string does not fail.
                write!(text, "id: {id}\nevent: {of}\ndata: {data}\n\n").ok();
            }
            let now = Instant::now();
            if text.is_empty() && now >= self.idle {
                text = self.bookmark(false, None);
            }
            if !text.is_empty() {
                self.idle = now + IDLE;
                return Some(text);
            }
            if found.nothing {
                let until = self.idle.min(self.end);
                // Late or not: the ring says what there is.
                drop(timeout_at(until, self.app.store.events.reach(self.next)).await);
            }
        }
    }

    fn bookmark(&self, gap: bool, missed: Option<u64>) -> String {
        let id = self.app.store.events.id(self.next.saturating_sub(1));
        let mark = Bookmark { id, at: self.app.clock.now(), gap, missed };
        let data = serde_json::to_string(&mark).unwrap_or_default();
        format!("id: {}\nevent: bookmark\ndata: {data}\n\n", mark.id)
    }
}
