//! `getStatus` in its three forms.

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use elk_web::{enveloped, go_text};
use http::StatusCode;
use sea_query::{Cond, Condition, Expr, ExprTrait as _, Order, Query as Sql};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::Row as _;

use super::super::intake::{bound, failed};
use super::document::{COLUMNS, Document, documents};
use super::filter::{Filter, FilterQuery};
use crate::agents;
use crate::app::App;
use crate::store::Result;

/// Documents that are looked at in one go.
const CHUNK: u64 = 1_000;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/agent/getStatus", get(list))
        .route("/api/v1/agent/getStatus/{id}", get(one))
        .route("/api/v1/agent/getStatus/filter", post(filtered))
}

#[derive(Clone, Copy, Debug, Deserialize)]
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

type Given = std::result::Result<Query<Paging>, QueryRejection>;

/// Reads the paging; one that is out of range is answered as the reference does, without a body.
fn paging(given: Given) -> std::result::Result<Paging, StatusCode> {
    let Ok(Query(paging)) = given else { return Err(StatusCode::BAD_REQUEST) };
    if paging.page == 0 || !(1..=5_000).contains(&paging.page_size) {
        return Err(StatusCode::BAD_REQUEST);
    }
    Ok(paging)
}

async fn list(State(app): State<App>, given: Given) -> Response {
    let paging = match paging(given) {
        Ok(paging) => paging,
        Err(status) => return status.into_response(),
    };
    answer(every(&app, paging).await, paging)
}

async fn filtered(State(app): State<App>, given: Given, body: Bytes) -> Response {
    let paging = match paging(given) {
        Ok(paging) => paging,
        Err(status) => return status.into_response(),
    };
    let query: FilterQuery = match bound(&body) {
        Ok(query) => query,
        Err(response) => return *response,
    };
    let found = match Filter::read(query) {
        Ok(filter) if filter.is_empty() => every(&app, paging).await,
        Ok(filter) => passing(&app, &filter, paging).await,
        Err(what) => {
            let envelope = json!({ "code": 5, "msg": "param invalid", "data": what });
            return go_text(StatusCode::BAD_REQUEST, &envelope);
        }
    };
    answer(found, paging)
}

fn answer(found: Result<(u64, Vec<Document>)>, paging: Paging) -> Response {
    let (total, items) = match found {
        Ok(found) => found,
        Err(error) => return failed(&error),
    };
    let Paging { page, page_size } = paging;
    let pages = total.div_ceil(page_size);
    let data = json!({
        "total": total, "count": items.len(), "pages": pages, "page": page,
        "page_size": page_size, "has_prev": page > 1, "has_next": page < pages, "items": items,
    });
    enveloped(0, "success", data)
}

async fn every(app: &App, paging: Paging) -> Result<(u64, Vec<Document>)> {
    let total = agents::store::count(&app.store, Cond::all()).await?;
    let skip = paging.page_size.saturating_mul(paging.page - 1);
    let select = Sql::select()
        .columns(COLUMNS)
        .from("agents")
        .order_by("id", Order::Asc)
        .limit(paging.page_size)
        .offset(Ord::min(skip, i64::MAX.unsigned_abs()))
        .to_owned();
    let rows = app.store.rows(&select).await?;
    Ok((total, documents(&app.store, &rows).await?))
}

/// Looks at all documents, as a filter may name any field; those that cannot pass are left out by
/// the database where it knows.
async fn passing(app: &App, filter: &Filter, paging: Paging) -> Result<(u64, Vec<Document>)> {
    let possible = possible(filter);
    let skip = paging.page_size.saturating_mul(paging.page - 1);
    let (mut total, mut items) = (0, Vec::new());
    let mut after = String::new();
    loop {
        let select = Sql::select()
            .columns(COLUMNS)
            .from("agents")
            .and_where(Expr::col("id").gt(after.as_str()))
            .cond_where(possible.clone())
            .order_by("id", Order::Asc)
            .limit(CHUNK)
            .to_owned();
        let rows = app.store.rows(&select).await?;
        let Some(last) = rows.last() else { return Ok((total, items)) };
        after = last.try_get("id")?;
        for document in filter.pick(documents(&app.store, &rows).await?).await? {
            if total >= skip && total - skip < paging.page_size {
                items.push(document);
            }
            total += 1;
        }
    }
}

fn possible(filter: &Filter) -> Condition {
    let bounds = filter.bounds();
    let mut all = Cond::all();
    if let Some(ids) = bounds.ids {
        let list = serde_json::to_string(&ids).unwrap_or_default();
        let list = Expr::val(list);
        all = all.add(Expr::cust_with_exprs("id IN (SELECT value FROM json_each(?))", [list]));
    }
    if let Some(seconds) = bounds.seen_from {
        // Whole seconds are compared later; a second less loses none of them.
        all = all.add(Expr::col("last_ms").gte((seconds - 1.0) * 1_000.0));
    }
    all
}

async fn one(State(app): State<App>, Path(id): Path<String>) -> Response {
    let select =
        Sql::select().columns(COLUMNS).from("agents").and_where(Expr::col("id").eq(id)).to_owned();
    let found = async {
        let rows = app.store.rows(&select).await?;
        Ok(documents(&app.store, &rows).await?.pop())
    };
    match found.await {
        Ok(Some(document)) => enveloped(0, "success", Value::Object(document)),
        Ok(None) => enveloped(3, "db operate error", "mongo: no documents in result"),
        Err(error) => failed(&error),
    }
}
