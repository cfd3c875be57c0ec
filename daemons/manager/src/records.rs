//! Records on the bus, as they arrive.

use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use elk_api::records::{self, Record, RecordLine, RecordQuery, RecordStart};
use elk_bus::{Entry, Start, Tail};
use elk_web::{ApiError, Caller, Mount as _, Query};
use elk_wire::{item, mqdata};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use jiff::Timestamp;
use tokio::time::{Instant, timeout, timeout_at};

use crate::app::App;
use crate::failure::ApiResult;
use crate::quota::Tailing;

const IDLE: Duration = Duration::from_secs(15);
/// How long the bus may take to say where a stream begins.
const BEGIN: Duration = Duration::from_secs(5);

pub(crate) fn routes() -> Router<App> {
    Router::new().at::<records::Tail>().to(tail)
}

async fn tail(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<RecordQuery>,
) -> ApiResult<Response> {
    let Some(bus) = app.bus.clone() else {
        let detail = "this Manager has no bus to read records from";
        return Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, "unsupported", detail));
    };
    let Some(leave) = app.quotas.tail(&caller.user) else {
        let detail = "as many streams of records as one user may have are open; end one of them";
        return Err(ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_tails", detail));
    };
    let mut tail = match (places(&query)?, query.from) {
        (Some(places), _) => bus.tail_from(&places),
        (None, Some(RecordStart::Earliest)) => bus.tail(Start::Earliest),
        (None, Some(RecordStart::Now) | None) => bus.tail(Start::Now),
    };
    // Who follows goes on from places after a break: without them records would be missed.
    if !matches!(timeout(BEGIN, tail.begin()).await, Ok(Ok(()))) {
        let detail = "the bus does not answer: is a Kafka broker up? `cluster status` says more";
        return Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "bus_unavailable", detail));
    }
    let follow = Follow { tail, app, query, idle: Some(Instant::now()), _leave: leave };
    let lines = futures_util::stream::unfold(follow, |mut follow| async {
        let text = follow.next().await?;
        Some((text.map(Bytes::from), follow))
    });
    let media = [(CONTENT_TYPE, "application/x-ndjson")];
    Ok((media, Body::from_stream(lines)).into_response())
}

/// Reads where to go on.
fn places(query: &RecordQuery) -> ApiResult<Option<Vec<u64>>> {
    let Some(text) = &query.places else { return Ok(None) };
    let places: Result<Vec<u64>, _> = text.split(',').map(str::parse).collect();
    let detail = "places: expected offsets joined by commas";
    let wrong = |_| ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_places", detail);
    places.map(Some).map_err(wrong)
}

struct Follow {
    tail: Tail,
    app: App,
    query: RecordQuery,
    /// When to say that nothing came, if that is fixed already.
    idle: Option<Instant>,
    _leave: Tailing,
}

impl Follow {
    /// Returns the next lines, also if all that came is not asked for: who follows hears of us.
    async fn next(&mut self) -> Option<io::Result<String>> {
        let app = App::clone(&self.app);
        app.closing.until(self.lines()).await
    }

    async fn lines(&mut self) -> io::Result<String> {
        let idle = self.idle.unwrap_or_else(|| Instant::now() + IDLE);
        self.idle = Some(idle);
        loop {
            let entries = timeout_at(idle, self.tail.next()).await.ok().transpose()?;
            let shown = |it| shown(it, &self.query);
            let mut text: String = entries.iter().flatten().filter_map(shown).collect();
            if text.is_empty() && idle <= Instant::now() {
                let (at, places) = (self.app.clock.now(), self.tail.places().to_vec());
                text = line(&RecordLine::Idle { at, places });
            }
            if !text.is_empty() {
                self.idle = None;
                return Ok(text);
            }
        }
    }
}

fn line(line: &RecordLine) -> String {
    serde_json::to_string(line).map(|text| text + "\n").unwrap_or_default()
}

fn shown(entry: &Entry, query: &RecordQuery) -> Option<String> {
    let (partition, offset, key, value) = match entry {
        Entry::Gap { missed, .. } => return Some(line(&RecordLine::Gap { missed: *missed })),
        Entry::Record { partition, offset, key, value } => (*partition, *offset, key, value),
    };
    if query.agent.as_ref().is_some_and(|it| it.as_bytes() != &key[..]) {
        return None;
    }
    let view = mqdata::View::parse(value).ok()?;
    if query.data_type.is_some_and(|it| it != view.data_type) {
        return None;
    }
    let pairs: Result<Vec<_>, _> = item::pairs(view.body).collect();
    let text = |bytes: &[u8]| item::text(bytes).into_owned();
    let body = pairs.is_err().then(|| STANDARD.encode(view.body));
    let pairs = pairs.unwrap_or_default();
    Some(line(&RecordLine::Record(Record {
        partition,
        offset,
        data_type: view.data_type,
        agent_time: Timestamp::from_second(view.agent_time).ok(),
        server_time: Timestamp::from_second(view.svr_time).ok(),
        agent: text(view.agent_id),
        hostname: text(view.hostname),
        tags: text(view.tag),
        fields: pairs.into_iter().map(|(key, value)| (text(key), text(value))).collect(),
        body,
    })))
}
