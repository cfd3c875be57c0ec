//! The calls that AgentCenters make.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use elk_api::intake::{self, AgentInfo, QueryInfo, ResultFields};
use elk_life::chain;
use elk_trust::aksk::{self, RequestParts};
use elk_web::{Peer, enveloped, go_text};
use http::{HeaderMap, StatusCode};
use sea_query::{Expr, Order, Query};
use serde::de::DeserializeOwned;
use sqlx::Row as _;

use crate::app::App;
use crate::store::{Result, StoreError};
use crate::tasks;

/// The largest body of such a call.
const MAX_BODY: usize = 16 << 20;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(intake::QUERY_INFO, post(query_info))
        .route(intake::RESULTS, post(results))
        .route(intake::CONFIG, post(config))
        .route(intake::CLUSTERS, get(clusters))
}

/// Lets AgentCenters pass: by a signature, or by an address that ServiceDiscovery lists.
pub(crate) async fn prove(State(app): State<App>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "").into_response();
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
    let signed = aksk::verify(&app.config.ac.keys, &parts, &body, app.clock.unix());
    let listed = head.extensions.get::<Peer>().is_some_and(|it| app.fleet.is_center(it.addr.ip()));
    if let Err(reason) = signed
        && !(listed && parts.signature.is_empty())
    {
        app.refused.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(path = head.uri.path(), %reason, "refused a call that only AgentCenters make");
        return (StatusCode::UNAUTHORIZED, "").into_response();
    }
    next.run(Request::from_parts(head, Body::from(body))).await
}

fn first<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
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

async fn tags_of(app: &App, ids: &[String]) -> Result<BTreeMap<String, AgentInfo>> {
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
            if unknown > 0 {
                tracing::debug!(unknown, "results came for tokens that nobody waits for");
            }
            enveloped(0, "success", ())
        }
        Err(error) => failed(&error),
    }
}

/// Nothing is configured for any agent: says so as an error, by which AgentCenters leave agents as
/// they are. An empty list would make them delete all their plugins.
async fn config() -> Response {
    enveloped(10, "unknown error", "no configuration is set; the agent stays as it is")
}

async fn clusters() -> Response {
    enveloped(0, "success", Vec::<String>::new())
}
