//! Records on the bus, as they arrive.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use elk_api::records::{Record, RecordLine, RecordQuery, RecordStart, Tail};
use elk_bus::{Entry, Start};
use elk_web::{ApiError, Caller, Mount as _, Query};
use elk_wire::{item, mqdata};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use jiff::Timestamp;
use tokio::time::timeout;

use crate::app::App;
use crate::failure::ApiResult;

const IDLE: Duration = Duration::from_secs(15);

pub(crate) fn routes() -> Router<App> {
    Router::new().at::<Tail>().to(tail)
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
    let start = match query.from {
        Some(RecordStart::Earliest) => Start::Earliest,
        Some(RecordStart::Now) | None => Start::Now,
    };
    let tail = bus.tail(start);
    let held = (leave, app, query);
    let lines = futures_util::stream::unfold((tail, held), |(mut tail, held)| async {
        let (_, app, query) = &held;
        let text = match app.closing.until(timeout(IDLE, tail.next())).await? {
            Err(_) => line(&RecordLine::Idle { at: app.clock.now() }),
            Ok(Ok(entries)) => entries.iter().filter_map(|it| shown(it, query)).collect(),
            Ok(Err(error)) => return Some((Err(error), (tail, held))),
        };
        Some((Ok::<_, std::io::Error>(Bytes::from(text)), (tail, held)))
    });
    let media = [(CONTENT_TYPE, "application/x-ndjson")];
    Ok((media, Body::from_stream(lines)).into_response())
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
