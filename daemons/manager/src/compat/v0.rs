//! `/api/v0`: jobs as the reference's Managers tell one another of them.

use axum::Router;
use axum::body::to_bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use elk_api::Permission;
use elk_api::audit::Outcome;
use elk_api::center::null_as_default;
use elk_trust::aksk::{self, VerifyError};
use elk_web::{enveloped, go_json};
use http::StatusCode;
use http::request::Parts;
use serde::Deserialize;
use serde_json::{Value, json};

use super::intake::{failed, first, judge_signed};
use super::jobs::{self, NewJob};
use super::v1::guarded;
use crate::app::App;
use crate::audit::{self, Draft, Source};
use crate::store::Result;

/// What Managers send one another, signed.
pub(crate) const SYNC: &str = "/api/v0/inner/sync";
const MAX_BODY: usize = 1 << 20;

/// Any session may do all of this with the reference, whose Managers one request can end: here,
/// who starts and stops jobs has to be allowed to run tasks.
pub(crate) fn routes() -> Router<App> {
    let write = Router::new()
        .route("/api/v0/job/new", post(new))
        .route("/api/v0/job/distribute", post(distribute))
        .route("/api/v0/job/stop", post(stop));
    let read =
        Router::new().route("/api/v0/job/stat", get(stat)).route("/api/v0/job/result", get(result));
    Router::new()
        .route(SYNC, post(sync))
        .merge(guarded(write, Permission::RunTasks))
        .merge(guarded(read, Permission::ReadFleet))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Given {
    #[serde(deserialize_with = "null_as_default")]
    id: String,
    #[serde(deserialize_with = "null_as_default")]
    name: String,
    #[serde(deserialize_with = "null_as_default")]
    con_num: i64,
    #[serde(deserialize_with = "null_as_default")]
    timeout: i64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Broadcast {
    #[serde(deserialize_with = "null_as_default")]
    action: String,
    #[serde(deserialize_with = "null_as_default")]
    data: String,
}

fn ok() -> Response {
    go_json(StatusCode::OK, &json!({ "msg": "ok" }))
}

fn ok_with(data: impl Into<Value>) -> Response {
    go_json(StatusCode::OK, &json!({ "msg": "ok", "data": data.into() }))
}

fn bad() -> Response {
    go_json(StatusCode::BAD_REQUEST, &json!({ "msg": "post data error" }))
}

/// Starts a job without work, which only shows that it was started.
async fn new(State(app): State<App>, body: Bytes) -> Response {
    let Ok(given) = serde_json::from_slice::<Given>(&body) else { return bad() };
    let job = job(&given);
    if !job.is_known() {
        return go_json(StatusCode::SERVICE_UNAVAILABLE, &json!({ "msg": "new job failed" }));
    }
    if !job.is_sound() {
        return bad();
    }
    let now = app.clock.unix_ms();
    let id = job.id(now);
    match keep(&app, &job, &id, None).await {
        Ok(()) => ok_with(id),
        Err(error) => failed(&error),
    }
}

fn job(given: &Given) -> NewJob<'_> {
    let Given { name, con_num, timeout, .. } = given;
    NewJob { name, of: None, concurrence: *con_num, timeout: *timeout }
}

async fn keep(app: &App, job: &NewJob<'_>, id: &str, told: Option<&Draft>) -> Result<()> {
    let mut tx = app.store.begin().await?;
    job.keep(&mut tx, id, app.clock.unix_ms()).await?;
    if let Some(told) = told {
        audit::append(&mut tx, told, app.clock.now()).await?;
    }
    tx.commit().await
}

async fn distribute() -> Response {
    go_json(StatusCode::OK, &json!({}))
}

async fn stop(State(app): State<App>, body: Bytes) -> Response {
    let Ok(given) = serde_json::from_slice::<Given>(&body) else { return bad() };
    match jobs::stop(&app.store, &given.id, app.clock.unix_ms()).await {
        Ok(()) => ok(),
        Err(error) => failed(&error),
    }
}

/// Takes note of what another Manager does. A job of another one has no work here: it deals that
/// out itself.
async fn sync(State(app): State<App>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    // A stranger's body is not read.
    if let Some(reason) = judge_signed(&app, &head, b"").filter(|it| *it != VerifyError::Wrong) {
        return stranger(&reason);
    }
    let Ok(body) = to_bytes(body, MAX_BODY).await else { return bad() };
    if let Some(reason) = judge_signed(&app, &head, &body) {
        return stranger(&reason);
    }
    let Ok(broadcast) = serde_json::from_slice::<Broadcast>(&body) else { return bad() };
    let Ok(given) = serde_json::from_str::<Given>(&broadcast.data) else { return ok() };
    let job = job(&given);
    let told = |action| Draft::of("", signer(&head), action).about(&given.id);
    let done = match broadcast.action.as_str() {
        "new" if !is_id(&given.id) || !job.is_known() || !job.is_sound() => return bad(),
        "new" => keep(&app, &job, &given.id, Some(&told("job.create"))).await,
        "stop" => stop_noted(&app, &given.id, told("job.stop")).await,
        _ => return ok(),
    };
    done.map_or_else(|error| failed(&error), |()| ok())
}

async fn stop_noted(app: &App, id: &str, told: Draft) -> Result<()> {
    let begun = app.audit.begin(&told).await?;
    let done = jobs::stop(&app.store, id, app.clock.unix_ms()).await;
    let outcome = if done.is_ok() { Outcome::Ok } else { Outcome::Failed };
    app.audit.end(told.ending(outcome, ""), begun).await;
    done
}

/// Returns who signed a request.
fn signer(head: &Parts) -> Source {
    let key: String = first(&head.headers, aksk::ACCESS_KEY).chars().take(64).collect();
    Source { via: format!("key/{key}"), ..Source::of(&head.extensions) }
}

fn stranger(reason: &VerifyError) -> Response {
    tracing::warn!(%reason, "refused a call that only Managers make");
    enveloped(1, "auth failed", reason.to_string())
}

fn is_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.chars().all(|c| c.is_ascii_graphic())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    id: String,
}

type Which = std::result::Result<Query<Asked>, QueryRejection>;

async fn stat(State(app): State<App>, which: Which) -> Response {
    let id = which.map(|it| it.0.id).unwrap_or_default();
    let told = async {
        let job = jobs::find(&app.store, &id, app.clock.unix_ms()).await?;
        jobs::told(&app, job.as_ref()).await
    };
    match told.await {
        Ok((info, stat)) => ok_with(json!({ "info": info, "stat": stat })),
        Err(error) => failed(&error),
    }
}

async fn result(State(app): State<App>, which: Which) -> Response {
    let id = which.map(|it| it.0.id).unwrap_or_default();
    let found = async {
        match jobs::find(&app.store, &id, app.clock.unix_ms()).await? {
            Some(job) => jobs::results(&app.store, &job).await,
            None => Ok(Vec::new()),
        }
    };
    match found.await {
        Ok(texts) => ok_with(texts),
        Err(error) => failed(&error),
    }
}
