//! `getStatus` in its three forms.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use elk_web::enveloped;
use http::StatusCode;
use sea_query::{Cond, Condition, Expr, ExprTrait as _, Order, Query as Sql};
use serde_json::Value;
use sqlx::Row as _;

use super::super::intake::{bound, failed};
use super::binding::{no_document, unreadable};
use super::document::{COLUMNS, Document, documents};
use super::filter::{Filter, FilterQuery};
use super::pages::{Given, Paging, Window, answer, paging};
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

async fn list(State(app): State<App>, given: Given) -> Response {
    let Some(paging) = paging(given) else { return StatusCode::BAD_REQUEST.into_response() };
    answer(every(&app, &paging).await, &paging)
}

async fn filtered(State(app): State<App>, given: Given, body: Bytes) -> Response {
    let Some(paging) = paging(given) else { return StatusCode::BAD_REQUEST.into_response() };
    let query: FilterQuery = match bound(&body) {
        Ok(query) => query,
        Err(response) => return *response,
    };
    let found = match Filter::read(query) {
        Ok(filter) if filter.is_empty() => every(&app, &paging).await,
        Ok(filter) => passing(&app, &filter, &paging).await,
        Err(what) => return unreadable(what),
    };
    answer(found, &paging)
}

async fn every(app: &App, paging: &Paging) -> Result<(u64, Vec<Document>)> {
    let total = agents::store::count(&app.store, Cond::all()).await?;
    let select = Sql::select()
        .columns(COLUMNS)
        .from("agents")
        .order_by("id", Order::Asc)
        .limit(paging.page_size)
        .offset(paging.skip())
        .to_owned();
    let rows = app.store.rows(&select).await?;
    Ok((total, documents(&app.store, &rows).await?))
}

async fn passing(app: &App, filter: &Filter, paging: &Paging) -> Result<(u64, Vec<Document>)> {
    let mut window = Window::new(paging);
    scan(app, filter, |document| window.take(document)).await?;
    Ok(window.done())
}

/// Hands over every agent that a filter lets pass. It looks at all documents, as a filter may name
/// any field; those that cannot pass are left out by the database where it knows.
pub(super) async fn scan(app: &App, filter: &Filter, mut each: impl FnMut(Document)) -> Result<()> {
    let possible = possible(filter);
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
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get("id")?;
        let documents = filter.pick(documents(&app.store, &rows).await?).await?;
        documents.into_iter().for_each(&mut each);
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
        Ok(None) => no_document(),
        Err(error) => failed(&error),
    }
}
