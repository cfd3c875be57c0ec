//! The HTTP API for Managers, in the reference's envelope and with its texts.

mod orders;
mod signed;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, Request, State};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use elk_api::center::{
    CLUSTERS, COMMAND, COMMAND_BATCH, CONN_COUNT, CONN_LIST, CONN_REFUSED, CONN_RESET, CONN_STAT,
    NOT_FOUND, Reset, ResetReply,
};
use elk_web::{enveloped, go_json, go_text, not_found_as_gin};
use http::{Method, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::center::Center;
use crate::fleet::changes::stat;
use crate::lenient::lenient;

/// The most bytes of a body: 1,000 orders with their configurations.
const MAX_BODY: usize = 32 << 20;

type Shared = State<Arc<Center>>;

/// Returns the routes.
pub(crate) fn router(center: Arc<Center>) -> Router {
    Router::new()
        .route(CONN_LIST, get(list))
        .route(CONN_COUNT, get(count))
        .route(CONN_STAT, get(states))
        .route(CONN_REFUSED, get(refused))
        .route(CONN_RESET, post(reset))
        .route(COMMAND, post(orders::one))
        .route("/command/", post(orders::one))
        .route(COMMAND_BATCH, post(orders::batch))
        .route(CLUSTERS, get(clusters))
        .route_layer(from_fn_with_state(Arc::clone(&center), signed::check))
        .route("/ping", get(async || go_json(StatusCode::OK, &json!({"message": "pong"}))))
        .route("/metrics", get(signed::metrics))
        .fallback(elsewhere)
        .method_not_allowed_fallback(not_found_as_gin)
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BODY))
        .with_state(center)
}

async fn clusters(State(center): Shared) -> Response {
    success(center.audit.present(center.clock.unix_ms()))
}

fn success<T: Serialize>(data: T) -> Response {
    enveloped(0, "success", data)
}

/// Refuses what the body asks for.
fn invalid(data: impl Into<String>) -> Response {
    enveloped(2, "param invalid", data.into())
}

/// Refuses a body that cannot be read.
fn unreadable(data: impl Into<String>) -> Response {
    let answer = json!({"code": 2, "msg": "param invalid", "data": data.into()});
    go_text(StatusCode::BAD_REQUEST, &answer)
}

/// Reads a body as the reference does.
fn read(body: &Bytes) -> Result<Value, Box<Response>> {
    if body.is_empty() {
        return Err(Box::new(unreadable("EOF")));
    }
    serde_json::from_slice(body).map_err(|error| Box::new(unreadable(format!("body: {error}"))))
}

fn fit<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(lenient(value)).map_err(|error| format!("body: {error}"))
}

/// Answers 404, or leads a path that differs only by its last slash to the right place.
async fn elsewhere(request: Request) -> Response {
    let path = request.uri().path();
    let trimmed = path.strip_suffix('/').unwrap_or(path);
    let known = [
        CONN_LIST,
        CONN_COUNT,
        CONN_STAT,
        CONN_REFUSED,
        CONN_RESET,
        COMMAND_BATCH,
        CLUSTERS,
        "/ping",
        "/metrics",
    ];
    let Some(right) = known.into_iter().find(|it| *it == trimmed && *it != path) else {
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

async fn list(State(center): Shared) -> Response {
    success(center.fleet.ids())
}

async fn count(State(center): Shared) -> Response {
    success(center.fleet.count())
}

async fn states(State(center): Shared, Query(query): Query<HashMap<String, String>>) -> Response {
    match query.get("since") {
        Some(cursor) => success(center.fleet.changes(cursor)),
        None => success(center.fleet.all().iter().map(|it| stat(it)).collect::<Vec<_>>()),
    }
}

async fn refused(State(center): Shared) -> Response {
    success(center.refused.list())
}

async fn reset(State(center): Shared, body: Bytes) -> Response {
    let reset: Reset = match read(&body).map(fit) {
        Ok(Ok(reset)) => reset,
        Ok(Err(text)) => return unreadable(text),
        Err(response) => return *response,
    };
    let mut detail = BTreeMap::new();
    let count = match reset.kind.as_str() {
        "" => return unreadable("`type` is required"),
        "strict" => {
            for id in &reset.id_list {
                let sessions = center.fleet.of(id);
                let outcome = if sessions.is_empty() { NOT_FOUND } else { "ok" };
                sessions.iter().for_each(|session| session.end.now());
                detail.insert(id.clone(), outcome.to_owned());
            }
            reset.id_list.len()
        }
        "random" => {
            let wanted = usize::try_from(reset.count).unwrap_or(0);
            let sessions = center.fleet.all();
            for session in sessions.iter().take(wanted) {
                session.end.now();
                detail.insert(session.id.as_str().to_owned(), "ok".to_owned());
            }
            wanted.min(sessions.len())
        }
        _ => return invalid("type only support strict|random"),
    };
    success(ResetReply { count, detail })
}
