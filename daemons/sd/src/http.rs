//! The API: the reference's paths, bodies and answers.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{RawQuery, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use elk_api::registry::{
    Answer, DETAIL, EVICT, Instance, LIST, REGISTER, Registration, SUMMARY, SYNC,
};
use elk_life::{Clock, chain};
use elk_trust::aksk::{self, Keys, RequestParts};
use elk_web::{go_json, go_text, not_found_as_gin};
use http::{HeaderMap, Method, StatusCode, header};
use parking_lot::{Mutex, RwLock};
use serde_json::json;

use crate::body::{BodyError, changes, registration};
use crate::metrics::{self, Metrics};
use crate::state::Registry;
use crate::sync::{self, Sync};

const MAX_BODY: usize = 64 << 10;
/// A node of the reference puts a hundred registrations into one.
const MAX_SYNC: usize = 1 << 20;
const ENDPOINT_PING: &str = "/endpoint/ping";
const ENDPOINT_STAT: &str = "/endpoint/stat";
const PING: &str = "/ping";
const METRICS: &str = "/metrics";
const ROUTES: [&str; 10] =
    [REGISTER, EVICT, SYNC, DETAIL, LIST, SUMMARY, ENDPOINT_PING, ENDPOINT_STAT, PING, METRICS];

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Where it listens: its own name among members.
    pub(crate) addr: SocketAddr,
    pub(crate) keys: RwLock<Keys>,
    pub(crate) clock: Clock,
    pub(crate) registry: Mutex<Registry>,
    pub(crate) metrics: Metrics,
    pub(crate) sync: Sync,
}

pub(crate) type App = Arc<Shared>;

pub(crate) fn router(app: App) -> Router {
    let signed = Router::new()
        .route(REGISTER, post(register))
        .route(EVICT, post(evict))
        .route(SYNC, post(synced))
        .route_layer(middleware::from_fn_with_state(Arc::clone(&app), prove));
    Router::new()
        .merge(signed)
        .route(DETAIL, get(detail))
        .route(LIST, get(list))
        .route(SUMMARY, get(summary))
        .route(ENDPOINT_PING, get(endpoint_ping))
        .route(ENDPOINT_STAT, get(endpoint_stat))
        .route(PING, get(|| async { go_json(StatusCode::OK, &json!({ "message": "pong" })) }))
        .route(METRICS, get(show_metrics))
        .fallback(elsewhere)
        .method_not_allowed_fallback(not_found_as_gin)
        .layer(middleware::from_fn_with_state(Arc::clone(&app), metrics::count))
        .with_state(app)
}

async fn prove(State(app): State<App>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let most = if head.uri.path() == SYNC { MAX_SYNC } else { MAX_BODY };
    let Ok(body) = to_bytes(body, most).await else {
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
    let verified = aksk::verify(&app.keys.read(), &parts, &body, app.clock.unix());
    match verified {
        Ok(()) => next.run(Request::from_parts(head, Body::from(body))).await,
        Err(error) => {
            let text = error.discovery_text();
            let answer = json!({ "code": -1, "data": text, "msg": "auth failed" });
            go_json(StatusCode::FORBIDDEN, &answer)
        }
    }
}

/// A header that comes twice, as after a redirect, counts with its first value.
fn first<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
}

fn ok() -> Response {
    go_json(StatusCode::OK, &json!({ "msg": "ok" }))
}

/// The reference's answer does not say what is wrong with a body; the log does.
fn unreadable(error: &BodyError) -> Response {
    tracing::warn!(error = %chain(error), "could not read a registration");
    go_text(StatusCode::BAD_REQUEST, &json!({ "msg": "post data error" }))
}

async fn register(State(app): State<App>, body: Bytes) -> Response {
    let new = match registration(&body) {
        Ok(new) => new,
        Err(error) => return unreadable(&error),
    };
    let taken = app.registry.lock().register(new, app.clock.unix_ms());
    match taken {
        Ok(instance) => {
            app.sync.put(sync::REGISTER, &instance);
            ok()
        }
        Err(reason) => {
            app.metrics.refused.inc();
            tracing::warn!(%reason, "refused a registration");
            go_text(StatusCode::BAD_REQUEST, &json!({ "msg": reason.to_string() }))
        }
    }
}

async fn evict(State(app): State<App>, body: Bytes) -> Response {
    match registration(&body) {
        Ok(gone) => {
            let now_ms = app.clock.unix_ms();
            app.registry.lock().evict(&gone.name, &gone.ip, gone.port, now_ms);
            app.sync.put(sync::EVICT, &ended(gone));
            ok()
        }
        Err(error) => unreadable(&error),
    }
}

fn ended(gone: Registration) -> Instance {
    let Registration { name, ip, port, .. } = gone;
    let (weight, extra) = (0, serde_json::Value::Null);
    Instance { name, ip, port, status: 0, create_at: 0, update_at: 0, weight, extra }
}

/// Takes what changed at a node of the reference, by this node's clock, and tells it to no other one
/// of them.
async fn synced(State(app): State<App>, body: Bytes) -> Response {
    if !app.sync.is_on() {
        app.metrics.sync_refused.inc();
        return go_json(StatusCode::FORBIDDEN, &json!({ "msg": "sync.members is empty here" }));
    }
    let changes = match changes(&body) {
        Ok(changes) => changes,
        Err(error) => return unreadable(&error),
    };
    let now_ms = app.clock.unix_ms();
    for (action, registry) in changes {
        let mut known = app.registry.lock();
        let taken = match action.as_str() {
            sync::REGISTER => known.register_synced(registry, now_ms).is_ok(),
            sync::EVICT => known.evict_synced(&registry, now_ms),
            _ => false,
        };
        if !taken {
            app.metrics.sync_refused.inc();
        }
    }
    ok()
}

async fn detail(State(app): State<App>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let first = |key: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == key).map(|(_, value)| value)
    };
    let name = first("name").unwrap_or_default();
    if name.is_empty() {
        return go_json(StatusCode::BAD_REQUEST, &json!({ "msg": "no server name" }));
    }
    let count = first("count").and_then(|it| it.parse().ok()).filter(|it| *it > 0);
    let at = (app.clock.unix_ms(), &mut rand::rng());
    let found = app.registry.lock().detail(&name, count.unwrap_or(usize::MAX), at);
    // As a value of its own type: the fields of an instance keep the reference's order.
    go_json(StatusCode::OK, &Answer { data: found, msg: "ok".to_owned() })
}

async fn list(State(app): State<App>) -> Response {
    let counts = app.registry.lock().summary(app.clock.unix_ms());
    let names: Vec<_> = counts.into_keys().collect();
    go_json(StatusCode::OK, &json!({ "data": names, "msg": "ok" }))
}

async fn summary(State(app): State<App>) -> Response {
    let counts = app.registry.lock().summary(app.clock.unix_ms());
    go_json(StatusCode::OK, &json!({ "data": counts, "msg": "ok" }))
}

async fn endpoint_ping(State(app): State<App>) -> Response {
    let host = app.addr.to_string();
    let data = json!({ "host": host, "members": [host] });
    go_json(StatusCode::OK, &json!({ "data": data, "msg": "ok" }))
}

async fn endpoint_stat(State(app): State<App>) -> Response {
    go_json(StatusCode::OK, &json!({ "data": [app.addr.to_string()], "msg": "ok" }))
}

async fn show_metrics(State(app): State<App>) -> Response {
    let counts = app.registry.lock().summary(app.clock.unix_ms());
    app.metrics.show(counts)
}

/// Answers 404, or leads a path that differs only by its last slash to the right place.
async fn elsewhere(request: Request) -> Response {
    let right = request.uri().path().strip_suffix('/');
    let Some(right) = right.and_then(|path| ROUTES.into_iter().find(|it| *it == path)) else {
        return not_found_as_gin().await;
    };
    let place = match request.uri().query() {
        Some(query) => format!("{right}?{query}"),
        None => right.to_owned(),
    };
    let status = if request.method() == Method::GET {
        StatusCode::MOVED_PERMANENTLY
    } else {
        StatusCode::TEMPORARY_REDIRECT
    };
    (status, [(header::LOCATION, place)]).into_response()
}
