//! The API: the reference's paths, bodies and answers.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Query, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use elk_api::registry::{DETAIL, EVICT, LIST, REGISTER, Registration, SUMMARY};
use elk_life::{Clock, Stop};
use elk_trust::aksk::{self, RequestParts};
use elk_web::{go_json, go_text, not_found_as_gin};
use http::{HeaderMap, StatusCode};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::json;
use tokio::time::interval;

use crate::Config;
use crate::state::Registry;

const MAX_BODY: usize = 64 << 10;
const SWEEP: Duration = Duration::from_secs(1);
/// The most instances in one answer, whatever `count` says.
const MAX_COUNT: usize = 1_000;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    config: Config,
    clock: Clock,
    registry: Mutex<Registry>,
    refused: AtomicU64,
}

impl Shared {
    pub(crate) fn new(config: Config, clock: Clock, registry: Mutex<Registry>) -> Self {
        Self { config, clock, registry, refused: AtomicU64::new(0) }
    }
}

type App = Arc<Shared>;

pub(crate) fn router(app: App) -> Router {
    let signed = Router::new()
        .route(REGISTER, post(register))
        .route(EVICT, post(evict))
        .route_layer(middleware::from_fn_with_state(Arc::clone(&app), prove));
    Router::new()
        .merge(signed)
        .route(DETAIL, get(detail))
        .route(LIST, get(list))
        .route(SUMMARY, get(summary))
        .route("/endpoint/ping", get(endpoint_ping))
        .route("/endpoint/stat", get(endpoint_stat))
        .route("/ping", get(|| async { go_json(StatusCode::OK, &json!({ "message": "pong" })) }))
        .route("/metrics", get(metrics))
        .fallback(not_found_as_gin)
        .method_not_allowed_fallback(not_found_as_gin)
        .with_state(app)
}

/// Ends registrations that were not renewed, until asked to stop.
pub(crate) async fn sweep(app: App, stop: Stop) -> Result<(), Infallible> {
    let mut ticks = interval(SWEEP);
    while stop.until(ticks.tick()).await.is_some() {
        app.registry.lock().sweep(app.clock.unix_ms());
    }
    Ok(())
}

async fn prove(State(app): State<App>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let header = |name: &str| first(&head.headers, name);
    let parts = RequestParts {
        method: head.method.as_str(),
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        access_key: header(aksk::ACCESS_KEY),
        timestamp: header(aksk::TIMESTAMP),
        signature: header(aksk::SIGNATURE),
    };
    match aksk::verify(&app.config.auth.keys, &parts, &body, app.clock.unix()) {
        Ok(()) => next.run(Request::from_parts(head, Body::from(body))).await,
        Err(error) => {
            let text = error.discovery_text();
            let answer = json!({ "code": -1, "data": text, "msg": "auth failed" });
            go_json(StatusCode::FORBIDDEN, &answer)
        }
    }
}

fn first<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
}

fn ok() -> Response {
    go_json(StatusCode::OK, &json!({ "msg": "ok" }))
}

fn bad() -> Response {
    go_text(StatusCode::BAD_REQUEST, &json!({ "msg": "post data error" }))
}

async fn register(State(app): State<App>, body: Bytes) -> Response {
    let Ok(new) = serde_json::from_slice::<Registration>(&body) else { return bad() };
    let taken = app.registry.lock().register(new, app.clock.unix_ms());
    match taken {
        Ok(()) => ok(),
        Err(reason) => {
            app.refused.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(%reason, "refused a registration");
            go_text(StatusCode::BAD_REQUEST, &json!({ "msg": reason.to_string() }))
        }
    }
}

async fn evict(State(app): State<App>, body: Bytes) -> Response {
    let Ok(gone) = serde_json::from_slice::<Registration>(&body) else { return bad() };
    app.registry.lock().evict(&gone.name, &gone.ip, gone.port);
    ok()
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    name: String,
    count: Option<String>,
}

async fn detail(State(app): State<App>, Query(asked): Query<Asked>) -> Response {
    if asked.name.is_empty() {
        return go_json(StatusCode::BAD_REQUEST, &json!({ "msg": "no server name" }));
    }
    let count = asked.count.and_then(|it| it.parse::<usize>().ok()).filter(|it| *it > 0);
    let count = count.unwrap_or(MAX_COUNT).min(MAX_COUNT);
    let at = (app.clock.unix_ms(), &mut rand::rng());
    let found = app.registry.lock().detail(&asked.name, count, at);
    go_json(StatusCode::OK, &json!({ "data": found, "msg": "ok" }))
}

async fn list(State(app): State<App>) -> Response {
    let names: Vec<_> = app.registry.lock().summary().into_keys().collect();
    go_json(StatusCode::OK, &json!({ "data": names, "msg": "ok" }))
}

async fn summary(State(app): State<App>) -> Response {
    let counts = app.registry.lock().summary();
    go_json(StatusCode::OK, &json!({ "data": counts, "msg": "ok" }))
}

async fn endpoint_ping(State(app): State<App>) -> Response {
    let host = app.config.listen.to_string();
    let data = json!({ "host": host, "members": [host] });
    go_json(StatusCode::OK, &json!({ "data": data, "msg": "ok" }))
}

async fn endpoint_stat(State(app): State<App>) -> Response {
    let host = app.config.listen.to_string();
    go_json(StatusCode::OK, &json!({ "data": [host], "msg": "ok" }))
}

async fn metrics(State(app): State<App>) -> String {
    let mut text = String::from("# TYPE elkeid_sd_registry_list gauge\n");
    for (name, count) in app.registry.lock().summary() {
        let name = name.replace('\\', "\\\\").replace('"', "\\\"");
        text.push_str(&format!("elkeid_sd_registry_list{{name=\"{name}\"}} {count}\n"));
    }
    let refused = app.refused.load(Ordering::Relaxed);
    text + &format!("# TYPE elk_sd_refused_total counter\nelk_sd_refused_total {refused}\n")
}
