//! `getTask` and `getSubTask`.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use elk_web::enveloped;
use sea_query::{Expr, ExprTrait as _, Order};
use serde_json::{Value, json};
use sqlx::Row as _;

use super::super::intake::{bound, failed};
use super::binding::{Bound, no_document, unreadable};
use super::document::Document;
use super::filter::{Bounds, Filter, FilterQuery};
use super::pages::{Given, Paging, Window, answer, compare, paging};
use super::{subtask, task};
use crate::app::App;
use crate::store::Result;

/// Tasks that are looked at in one go.
const CHUNK: u64 = 200;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/agent/getTask/filter", post(tasks))
        .route("/api/v1/agent/getTask/{id}", get(one))
        .route("/api/v1/agent/getSubTask/filter", post(subtasks))
        .route("/api/v1/agent/getSubTask/{id}", get(subtasks_of))
}

/// Reads what both lists take: which page, and a filter.
fn asked(given: Given, body: &Bytes) -> Bound<(Paging, Filter)> {
    let paging = paging(given).ok_or_else(|| Box::new(unreadable(Value::Null)))?;
    let query: FilterQuery = bound(body)?;
    let filter = Filter::read(query).map_err(|what| Box::new(unreadable(what)))?;
    Ok((paging, filter))
}

async fn tasks(State(app): State<App>, given: Given, body: Bytes) -> Response {
    let (paging, filter) = match asked(given, &body) {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let found = match paging.order() {
        None => passing(&app, &filter, &paging).await,
        Some((key, reverse)) => ordered(&app, &filter, &paging, (key, reverse)).await,
    };
    answer(found, &paging)
}

/// Lists tasks as they were created.
async fn passing(app: &App, filter: &Filter, paging: &Paging) -> Result<(u64, Vec<Document>)> {
    let mut window = Window::new(paging);
    scan(app, filter, |document| window.take(document)).await?;
    Ok(window.done())
}

/// Lists tasks by a field. All are looked at, and of those only the field is kept.
async fn ordered(
    app: &App,
    filter: &Filter,
    paging: &Paging,
    (key, reverse): (&str, bool),
) -> Result<(u64, Vec<Document>)> {
    let mut keys: Vec<(Value, String)> = Vec::new();
    scan(app, filter, |document| {
        let id = document.get("task_id").and_then(Value::as_str).unwrap_or_default();
        keys.push((field(&document, key), id.to_owned()));
    })
    .await?;
    keys.sort_by(|a, b| {
        let order = compare(&a.0, &b.0);
        if reverse { order.reverse() } else { order }
    });
    let skip = usize::try_from(paging.skip()).unwrap_or(usize::MAX);
    let room = usize::try_from(paging.page_size).unwrap_or(usize::MAX);
    let mut items = Vec::new();
    for (_, id) in keys.iter().skip(skip).take(room) {
        if let Some(task) = task::find(&app.store, id).await? {
            items.push(task.document(&app.store, false).await?);
        }
    }
    Ok((keys.len() as u64, items))
}

fn field(document: &Document, path: &str) -> Value {
    let mut parts = path.split('.');
    let first = parts.next().and_then(|it| document.get(it));
    let found = parts.fold(first, |value, part| value?.get(part));
    found.cloned().unwrap_or_default()
}

async fn scan(app: &App, filter: &Filter, mut each: impl FnMut(Document)) -> Result<()> {
    let mut after = String::new();
    loop {
        let select = task::select()
            .and_where(Expr::col("id").gt(after.as_str()))
            .order_by("id", Order::Asc)
            .limit(CHUNK)
            .to_owned();
        let rows = app.store.rows(&select).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.try_get("id")?;
        let mut documents = Vec::with_capacity(rows.len());
        for row in &rows {
            documents.push(task::read(row)?.document(&app.store, false).await?);
        }
        filter.pick(documents).await?.into_iter().for_each(&mut each);
    }
}

/// Shows one task. Of one that is not there the reference shows an empty one, which nobody can tell
/// from a task.
async fn one(State(app): State<App>, Path(id): Path<String>) -> Response {
    let found = async {
        match task::find(&app.store, &id).await? {
            Some(task) => task.document(&app.store, true).await.map(Some),
            None => Ok(None),
        }
    };
    match found.await {
        Ok(Some(document)) => enveloped(0, "success", Value::Object(document)),
        Ok(None) => no_document(),
        Err(error) => failed(&error),
    }
}

async fn subtasks(State(app): State<App>, given: Given, body: Bytes) -> Response {
    let (paging, filter) = match asked(given, &body) {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let mut window = Window::new(&paging);
    let bounds = filter.bounds();
    let scanned =
        subtask::scan(&app, (&bounds, Some(&filter)), |document| window.take(document)).await;
    answer(scanned.map(|()| window.done()), &paging)
}

async fn subtasks_of(State(app): State<App>, Path(id): Path<String>) -> Response {
    let bounds = Bounds { tasks: Some(vec![id]), ..Bounds::default() };
    let mut found = Vec::new();
    match subtask::scan(&app, (&bounds, None), |document| found.push(Value::Object(document))).await
    {
        Ok(()) => enveloped(0, "success", json!(found)),
        Err(error) => failed(&error),
    }
}
