//! The calls that AgentCenters make.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use elk_api::intake::{self, AgentInfo, QueryInfo, ResultFields};
use elk_life::chain;
use elk_trust::aksk::{self, RequestParts, VerifyError};
use elk_web::{Peer, enveloped, go_text};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use sea_query::{Expr, Order, Query};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sqlx::Row as _;
use tokio::time::timeout;
use tokio_util::io::ReaderStream;

use super::uploads;
use crate::app::App;
use crate::audit;
use crate::kube;
use crate::profiles::{self, resolve::Facts};
use crate::store::{Result, StoreError};
use crate::tasks;

/// The largest body of such a call.
const MAX_BODY: usize = 16 << 20;
/// A body that proves who sent it arrives within this time.
const READ: Duration = Duration::from_secs(30);

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(intake::QUERY_INFO, post(query_info))
        .route(intake::RESULTS, post(results))
        .route(intake::CONFIG, post(config))
        .route(intake::UPLOAD, post(uploads::upload).layer(DefaultBodyLimit::disable()))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .route(intake::CLUSTERS, get(clusters))
}

/// Lets AgentCenters pass: by a signature, or by an address that ServiceDiscovery lists.
pub(crate) async fn prove(State(app): State<App>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    if head.uri.path() == intake::UPLOAD {
        return prove_upload(&app, head, body, next).await;
    }
    // A stranger's body is not read at all; those of others wait for room in memory.
    if let Some(reason) = judge(&app, &head, "").filter(|it| *it != VerifyError::Wrong) {
        return refuse(&app, &head, &reason).await;
    }
    let room = app.proving.acquire().await;
    let body = match timeout(READ, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    drop(room);
    match judge(&app, &head, &aksk::body_hash(&body)) {
        Some(reason) => refuse(&app, &head, &reason).await,
        None => next.run(Request::from_parts(head, Body::from(body))).await,
    }
}

/// Does it for a body that is too large for memory: who could not be an AgentCenter is refused
/// before it is read, the others once it is on disk.
async fn prove_upload(app: &App, head: Parts, body: Body, next: Next) -> Response {
    if let Some(reason) = judge(app, &head, "").filter(|it| *it != VerifyError::Wrong) {
        return refuse(app, &head, &reason).await;
    }
    let _room = app.receiving.acquire().await;
    let received = match app.agent_files.receive(body, uploads::MAX_BODY).await {
        Ok(received) => received,
        Err(error) => return uploads::refused(&error),
    };
    let hash = if received.size == 0 { String::new() } else { received.sha256.to_string() };
    if let Some(reason) = judge(app, &head, &hash) {
        return refuse(app, &head, &reason).await;
    }
    let file = match tokio::fs::File::open(received.path()).await {
        Ok(file) => file,
        Err(error) => return uploads::refused(&error.into()),
    };
    let body = Body::from_stream(ReaderStream::with_capacity(file, 64 << 10));
    next.run(Request::from_parts(head, body)).await
}

/// Returns why a request is not an AgentCenter's; `hash` is that of its body.
fn judge(app: &App, head: &Parts, hash: &str) -> Option<VerifyError> {
    let parts = parts(head);
    let signs = !app.config.ac.keys.is_empty();
    let from_center = |it: &Peer| app.fleet.is_center(it.addr.ip(), signs);
    let listed = head.extensions.get::<Peer>().is_some_and(from_center);
    if listed && parts.signature.is_empty() {
        return None;
    }
    aksk::verify_hashed(&app.config.ac.keys, &parts, hash, app.clock.unix()).err()
}

/// Returns why a request is not signed with a key that is known here.
pub(super) fn judge_signed(app: &App, head: &Parts, body: &[u8]) -> Option<VerifyError> {
    let (parts, hash) = (parts(head), aksk::body_hash(body));
    let judge = |keys| aksk::verify_hashed(keys, &parts, &hash, app.clock.unix()).err();
    match judge(&app.config.inner_keys) {
        Some(VerifyError::Unknown) => judge(&app.config.ac.keys),
        judged => judged,
    }
}

fn parts(head: &Parts) -> RequestParts<'_> {
    let header = |name: &str| first(&head.headers, name);
    RequestParts {
        method: head.method.as_str(),
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        access_key: header(aksk::ACCESS_KEY),
        timestamp: header(aksk::TIMESTAMP),
        signature: header(aksk::SIGNATURE),
    }
}

async fn refuse(app: &App, head: &Parts, reason: &VerifyError) -> Response {
    app.refused.fetch_add(1, Ordering::Relaxed);
    let path = head.uri.path();
    tracing::warn!(path, %reason, "refused a call that only AgentCenters make");
    audit::watch::refused(app, &head.extensions, "center.call", "unsigned").await;
    StatusCode::UNAUTHORIZED.into_response()
}

pub(super) fn first<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
}

/// Reads a body as JSON whatever its content type; the answer is the reference's for a bad one.
pub(crate) fn bound<T: DeserializeOwned>(body: &Bytes) -> std::result::Result<T, Box<Response>> {
    serde_json::from_slice(body).map_err(|error| {
        let envelope =
            serde_json::json!({ "code": 5, "msg": "param invalid", "data": error.to_string() });
        Box::new(go_text(StatusCode::BAD_REQUEST, &envelope))
    })
}

/// Answers for a database that failed, as the reference does.
pub(crate) fn failed(error: &StoreError) -> Response {
    tracing::error!(error = %chain(error), "the database failed");
    enveloped(3, "db operate error", "the database failed")
}

async fn query_info(State(app): State<App>, body: Bytes) -> Response {
    let asked: QueryInfo = match bound(&body) {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    match tags_of(&app, &asked.id_list).await {
        Ok(found) => enveloped(0, "success", found),
        Err(error) => failed(&error),
    }
}

pub(super) async fn tags_of(app: &App, ids: &[String]) -> Result<BTreeMap<String, AgentInfo>> {
    let mut found: BTreeMap<String, AgentInfo> = BTreeMap::new();
    let list = serde_json::to_string(ids).unwrap_or_default();
    let named = |column| {
        Expr::cust_with_exprs(
            "? IN (SELECT value FROM json_each(?))",
            [Expr::col(column), Expr::val(list.as_str())],
        )
    };
    let known = Query::select().column("id").from("agents").and_where(named("id")).to_owned();
    for row in app.store.rows(&known).await? {
        found.insert(row.try_get("id")?, AgentInfo::default());
    }
    let tags = Query::select()
        .columns(["agent", "tag"])
        .from("tags")
        .and_where(named("agent"))
        .order_by("tag", Order::Asc)
        .to_owned();
    for row in app.store.rows(&tags).await? {
        let (agent, tag): (String, String) = (row.try_get("agent")?, row.try_get("tag")?);
        if let Some(info) = found.get_mut(&agent) {
            if !info.tags.is_empty() {
                info.tags.push(',');
            }
            info.tags.push_str(&tag);
        }
    }
    Ok(found)
}

async fn results(State(app): State<App>, body: Bytes) -> Response {
    let answers: Vec<ResultFields> = match bound(&body) {
        Ok(answers) => answers,
        Err(response) => return *response,
    };
    match tasks::store::answer(&app.store, &answers, app.clock.unix_ms()).await {
        Ok(unknown) => {
            app.stray_results.fetch_add(unknown, Ordering::Relaxed);
            enveloped(0, "success", ())
        }
        Err(error) => failed(&error),
    }
}

/// Answers the complete set that an agent should run. Where there is none it answers an error, by
/// which AgentCenters leave the agent as it is: an empty list would make it delete all its plugins.
async fn config(State(app): State<App>, body: Bytes) -> Response {
    let heartbeat: Map<String, Value> = match bound(&body) {
        Ok(heartbeat) => heartbeat,
        Err(response) => return *response,
    };
    let agent = heartbeat.get("agent_id").and_then(Value::as_str).unwrap_or_default();
    match profiles::desired(&app, agent, &Facts::of(&heartbeat)).await {
        Ok(Ok(desired)) => enveloped(0, "success", desired.at(&app.downloads)),
        Ok(Err(held)) => enveloped(10, intake::HELD, held.to_string()),
        Err(error) => failed(&error),
    }
}

async fn clusters(State(app): State<App>) -> Response {
    match kube::store::ids(&app.store).await {
        Ok(ids) => enveloped(0, "success", ids),
        Err(error) => failed(&error),
    }
}
