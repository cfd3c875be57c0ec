//! HTTP for sinks.

use axum::Router;
use axum::extract::{Extension, State};
use elk_api::alerts::Severity;
use elk_api::sinks::{self, MadeSink, NewSink, Sink, SinkKind, Tested};
use elk_api::{Cursor, ListQuery, Nothing, Page};
use elk_client::Hook;
use elk_web::{ApiError, Caller, Json, Mount as _, Path, Query};
use rand::RngCore as _;

use super::store::{self, Addition, Parcel};
use super::syslog::Target;
use super::{Kept, Note, deliver};
use crate::app::App;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::page;
use crate::users::is_name;

const MAX_TARGET: usize = 1_024;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<sinks::List>()
        .to(list)
        .at::<sinks::Add>()
        .to(add)
        .at::<sinks::Remove>()
        .to(remove)
        .at::<sinks::Test>()
        .to(test)
}

async fn list(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<Sink>>> {
    let limit = page::limit(query.limit)?;
    let after = page::after(query.cursor.as_ref())?;
    let all = store::all(&app.store).await.map_err(internal)?;
    let total = all.len() as u64;
    let items = all.into_iter().map(|it| it.sink);
    let items = items.filter(|it| after.is_none_or(|after| it.name.as_str() > after)).collect();
    let cursor = |it: &Sink| Cursor { after: vec![it.name.clone()] };
    Ok(Json(page::cut(items, limit, total, app.clock.now(), cursor)))
}

async fn add(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(new): Json<NewSink>,
) -> ApiResult<Json<MadeSink>> {
    if !is_name(&new.name) {
        let rule = "name: a sink's name has 1 to 64 characters of A-Z a-z 0-9 . _ @ -";
        return Err(invalid("invalid_name", rule));
    }
    check_target(&new)?;
    let secret = match (new.kind, new.secret) {
        (SinkKind::Syslog, None) => None,
        (SinkKind::Syslog, Some(_)) => {
            return Err(invalid("invalid_secret", "secret: messages of syslog are not signed"));
        }
        (SinkKind::Webhook, Some(given)) if !(16..=256).contains(&given.len()) => {
            return Err(invalid("invalid_secret", "secret: it has 16 to 256 bytes"));
        }
        (SinkKind::Webhook, given) => Some(given.unwrap_or_else(random)),
    };
    let sink = Sink {
        name: new.name,
        kind: new.kind,
        target: new.target,
        least: new.least.unwrap_or(Severity::Low),
        created_by: caller.user,
        created_at: app.clock.now(),
        delivered: 0,
        delivered_at: None,
        waiting: 0,
        failed: 0,
        dropped: 0,
        error: None,
        next_at: None,
    };
    let kept = Kept { sink, secret, failures: 0 };
    match store::add(&app.store, &kept).await.map_err(internal)? {
        Addition::Done => Ok(Json(MadeSink { sink: kept.sink, secret: kept.secret })),
        Addition::Taken => {
            Err(conflict("sink_exists", format!("there is a sink {} already", kept.sink.name)))
        }
        Addition::Full => Err(conflict("too_many_sinks", "there are as many sinks as can be")),
    }
}

fn check_target(new: &NewSink) -> ApiResult<()> {
    if new.target.len() > MAX_TARGET {
        let detail = format!("target: it has more than {MAX_TARGET} bytes");
        return Err(invalid("invalid_target", detail));
    }
    match new.kind {
        SinkKind::Webhook => Hook::check(&new.target)
            .map_err(|error| invalid("invalid_target", format!("target: {error}"))),
        SinkKind::Syslog if Target::parse(&new.target).is_some() => Ok(()),
        SinkKind::Syslog => {
            let detail = "target: expected udp://HOST:PORT or tcp://HOST:PORT";
            Err(invalid("invalid_target", detail))
        }
    }
}

fn random() -> String {
    let mut random = [0; 32];
    rand::rng().fill_bytes(&mut random);
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn absent(name: &str) -> ApiError {
    let name: String = name.chars().take(64).collect();
    not_found("sink_not_found", format!("there is no sink {name:?}"))
}

async fn remove(State(app): State<App>, Path(sink): Path<String>) -> ApiResult<Json<Nothing>> {
    if store::remove(&app.store, &sink).await.map_err(internal)? {
        return Ok(Json(Nothing {}));
    }
    Err(absent(&sink))
}

async fn test(State(app): State<App>, Path(sink): Path<String>) -> ApiResult<Json<Tested>> {
    let kept = store::find(&app.store, &sink).await.map_err(internal)?;
    let kept = kept.ok_or_else(|| absent(&sink))?;
    let note = Note {
        event: "test",
        id: "test",
        source: super::super::SYSTEM,
        kind: "test",
        severity: Severity::Low,
        title: "this is a test; nothing has happened",
        detail: "",
        agent: None,
        object: &kept.sink.name,
        at: app.clock.now(),
    };
    let body = serde_json::to_string(&note).unwrap_or_default();
    let id = uuid::Uuid::now_v7().simple().to_string();
    let (sent, error) = deliver::send(&app, &kept, &[Parcel { id, body }]).await;
    Ok(Json(Tested { name: kept.sink.name, delivered: !sent.is_empty(), error }))
}
