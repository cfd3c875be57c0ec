//! `/api/v1`: signing in, and the status of agents.

use axum::Router;
use axum::extract::{Extension, Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use elk_api::session::Credentials;
use elk_web::{Caller, enveloped};
use http::StatusCode;
use sea_query::{Cond, Expr, ExprTrait as _, Order, Query as Sql};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sqlx::Row as _;

use super::intake::{bound, failed};
use crate::agents;
use crate::app::App;
use crate::session::Digest;
use crate::store::Result;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/user/login", post(login))
        .route("/api/v1/user/logout", get(logout))
        .route("/api/v1/user/info", get(info))
        .route("/api/v1/agent/getStatus", get(statuses))
        .route("/api/v1/agent/getStatus/{id}", get(status))
}

async fn login(State(app): State<App>, body: Bytes) -> Response {
    #[derive(Deserialize)]
    #[serde(default)]
    #[derive(Default)]
    struct Given {
        username: String,
        password: String,
    }
    let given: Given = match bound(&body) {
        Ok(given) => given,
        Err(response) => return *response,
    };
    let given = Credentials { username: given.username, password: given.password };
    match app.login(given).await {
        Ok(Some((_, token))) => enveloped(0, "success", json!({ "token": token })),
        Ok(None) => enveloped(1, "auth failed", "verify password failed"),
        Err(error) => failed(&error),
    }
}

fn unauthenticated() -> Response {
    StatusCode::UNAUTHORIZED.into_response()
}

async fn logout(State(app): State<App>, digest: Option<Extension<Digest>>) -> Response {
    let Some(Extension(digest)) = digest else { return unauthenticated() };
    match crate::session::close(&app.store, &digest).await {
        Ok(()) => enveloped(0, "success", ()),
        Err(error) => failed(&error),
    }
}

async fn info(State(app): State<App>, caller: Option<Extension<Caller>>) -> Response {
    let Some(Extension(caller)) = caller else { return unauthenticated() };
    match crate::users::store::find(&app.store, &caller.user).await {
        Ok(Some(account)) => enveloped(
            0,
            "success",
            json!({
                "username": account.user.name, "password": "***", "salt": "***", "avatar": "",
                "level": account.user.role.level(), "config": null, "xml": false,
                "password_update_time": account.user.password_changed_at.as_second(),
            }),
        ),
        Ok(None) => enveloped(5, "param invalid", "the user is gone"),
        Err(error) => failed(&error),
    }
}

#[derive(Deserialize)]
#[serde(default)]
struct Paging {
    page: u64,
    page_size: u64,
}

impl Default for Paging {
    fn default() -> Self {
        Self { page: 1, page_size: 100 }
    }
}

async fn statuses(
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    paging: std::result::Result<Query<Paging>, axum::extract::rejection::QueryRejection>,
) -> Response {
    if caller.is_none() {
        return unauthenticated();
    }
    let Ok(Query(paging)) = paging else { return StatusCode::BAD_REQUEST.into_response() };
    if paging.page == 0 || !(1..=5_000).contains(&paging.page_size) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    match list(&app, &paging).await {
        Ok(data) => enveloped(0, "success", data),
        Err(error) => failed(&error),
    }
}

async fn list(app: &App, paging: &Paging) -> Result<Value> {
    let total = agents::store::count(&app.store, Cond::all()).await?;
    let skip = paging.page_size.saturating_mul(paging.page - 1);
    let select = Sql::select()
        .columns(["id", "heartbeat", "ac"])
        .from("agents")
        .order_by("id", Order::Asc)
        .limit(paging.page_size)
        .offset(Ord::min(skip, i64::MAX.unsigned_abs()))
        .to_owned();
    let rows = app.store.rows(&select).await?;
    let items = rows.iter().map(document).collect::<Result<Vec<_>>>()?;
    let pages = total.div_ceil(paging.page_size);
    Ok(json!({
        "total": total, "count": items.len(), "pages": pages, "page": paging.page,
        "page_size": paging.page_size, "has_prev": paging.page > 1,
        "has_next": paging.page < pages, "items": items,
    }))
}

async fn status(
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    Path(id): Path<String>,
) -> Response {
    if caller.is_none() {
        return unauthenticated();
    }
    let select = Sql::select()
        .columns(["id", "heartbeat", "ac"])
        .from("agents")
        .and_where(Expr::col("id").eq(id))
        .to_owned();
    match app.store.row(&select).await.and_then(|row| row.as_ref().map(document).transpose()) {
        Ok(Some(document)) => enveloped(0, "success", document),
        Ok(None) => enveloped(3, "db operate error", "mongo: no documents in result"),
        Err(error) => failed(&error),
    }
}

/// Returns the last heartbeat as the reference stores it.
fn document(row: &sqlx::sqlite::SqliteRow) -> Result<Value> {
    let (id, heartbeat): (String, String) = (row.try_get("id")?, row.try_get("heartbeat")?);
    let ac: Option<String> = row.try_get("ac")?;
    let mut fields: Map<String, Value> = serde_json::from_str(&heartbeat).unwrap_or_default();
    fields.insert("agent_id".to_owned(), id.into());
    if let Some((ip, port)) = ac.as_deref().and_then(|it| it.rsplit_once(':')) {
        fields.insert("source_ip".to_owned(), ip.into());
        fields.insert("source_port".to_owned(), port.parse::<u16>().unwrap_or_default().into());
    }
    Ok(Value::Object(fields))
}
