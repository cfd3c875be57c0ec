//! HTTP for tags.

use axum::Router;
use axum::extract::State;
use elk_api::tags::{self, TagCount, TagRequest, Tagged};
use elk_api::{Cursor, ListQuery, Page};
use elk_model::{AgentId, Tag};
use elk_web::{Json, Mount as _, Path, Query};
use sea_query::{Expr, ExprTrait as _, OnConflict, Order};
use sqlx::Row as _;

use crate::app::App;
use crate::failure::{ApiResult, internal, invalid};
use crate::store::{Result, StoreError};
use crate::{page, selections};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<tags::List>()
        .to(list)
        .at::<tags::Add>()
        .to(add)
        .at::<tags::Remove>()
        .to(remove)
}

async fn list(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<TagCount>>> {
    let limit = page::limit(query.limit)?;
    let mut select = sea_query::Query::select();
    select
        .column("tag")
        .expr_as(Expr::cust("COUNT(*)"), "n")
        .from("tags")
        .group_by_col("tag")
        .order_by("tag", Order::Asc)
        .limit(limit + 1);
    if let Some(after) = page::after(query.cursor.as_ref())? {
        select.and_where(Expr::col("tag").gt(after));
    }
    let rows = app.store.rows(&select).await.map_err(internal)?;
    let read = |row: &sqlx::sqlite::SqliteRow| -> Option<TagCount> {
        let name: String = row.try_get("tag").ok()?;
        let agents: i64 = row.try_get("n").ok()?;
        Some(TagCount { name: name.parse().ok()?, agents: agents.unsigned_abs() })
    };
    let items = rows.iter().filter_map(read).collect();
    let total =
        sea_query::Query::select().expr(Expr::cust("COUNT(DISTINCT tag)")).from("tags").to_owned();
    let total = app.store.count(&total).await.map_err(internal)?;
    let cursor = |it: &TagCount| Cursor { after: vec![it.name.to_string()] };
    Ok(Json(page::cut(items, limit, total, app.clock.now(), cursor)))
}

async fn add(
    State(app): State<App>,
    Path(tag): Path<String>,
    Json(asked): Json<TagRequest>,
) -> ApiResult<Json<Tagged>> {
    change(app, tag, asked, true).await
}

async fn remove(
    State(app): State<App>,
    Path(tag): Path<String>,
    Json(asked): Json<TagRequest>,
) -> ApiResult<Json<Tagged>> {
    change(app, tag, asked, false).await
}

async fn change(app: App, tag: String, asked: TagRequest, on: bool) -> ApiResult<Json<Tagged>> {
    let name: Tag = tag.parse().map_err(|error| invalid("invalid_tag", format!("{error}")))?;
    let members = selections::store::live(&app, &asked.selection).await?;
    let changed = apply(&app, &name, &asked.selection, on).await.map_err(internal)?;
    let unchanged = members.saturating_sub(changed.len() as u64);
    Ok(Json(Tagged { name, changed, unchanged }))
}

/// Changes all agents of a selection in one statement; those forgotten meanwhile are left out.
async fn apply(app: &App, tag: &Tag, selection: &str, on: bool) -> Result<Vec<AgentId>> {
    let mut tx = app.store.begin().await?;
    let members = selections::store::members(selection);
    let rows = if on {
        let agents = sea_query::Query::select()
            .expr(Expr::val(tag.as_str()))
            .column("id")
            .from("agents")
            .and_where(Expr::col("id").in_subquery(members))
            .to_owned();
        let mut insert = sea_query::Query::insert();
        insert.into_table("tags").columns(["tag", "agent"]);
        insert.select_from(agents).map_err(|_| StoreError::Value { what: "selection" })?;
        insert.on_conflict(OnConflict::columns(["tag", "agent"]).do_nothing().to_owned());
        tx.rows(insert.returning_col("agent")).await?
    } else {
        let mut delete = sea_query::Query::delete();
        delete
            .from_table("tags")
            .and_where(Expr::col("tag").eq(tag.as_str()))
            .and_where(Expr::col("agent").in_subquery(members));
        tx.rows(delete.returning_col("agent")).await?
    };
    tx.commit().await?;
    let ids = rows.iter().map(|row| {
        let id: String = row.try_get(0)?;
        id.parse().map_err(|_| StoreError::Value { what: "agent id" })
    });
    let mut changed: Vec<AgentId> = ids.collect::<Result<_>>()?;
    changed.sort_unstable();
    Ok(changed)
}
