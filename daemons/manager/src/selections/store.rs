//! SQL for selections.

use std::collections::BTreeMap;

use elk_api::selections::Selection;
use elk_model::AgentId;
use elk_model::selector::AgentStatus;
use jiff::Timestamp;
use sea_query::{Condition, Expr, ExprTrait as _, Query};
use sqlx::Row as _;

use crate::agents::filter;
use crate::app::App;
use crate::failure::{ApiResult, internal, not_found};
use crate::store::{Result, StoreError};

/// A selection can be used for this long.
pub(crate) const LIFE_MS: i64 = 600_000;

/// Fixes the agents that `condition` means now, as `id`; the selection `gone` makes room for it.
pub(crate) async fn create(
    app: &App,
    (id, gone): (&str, Option<&str>),
    condition: Condition,
) -> Result<Selection> {
    let now = app.clock.unix_ms();
    let mut tx = app.store.begin().await?;
    for (table, column) in [("selected", "selection"), ("selections", "id")] {
        let old = Query::select()
            .column("id")
            .from("selections")
            .and_where(
                Expr::col("expires_ms").lt(now).or(Expr::col("id").eq(gone.unwrap_or_default())),
            )
            .to_owned();
        let delete = Query::delete()
            .from_table(table)
            .and_where(Expr::col(column).in_subquery(old))
            .to_owned();
        tx.execute(&delete).await?;
    }
    let insert = Query::insert()
        .into_table("selections")
        .columns(["id", "expires_ms"])
        .values_panic([id.into(), (now + LIFE_MS).into()])
        .to_owned();
    tx.execute(&insert).await?;
    let agents = Query::select()
        .expr(Expr::val(id))
        .column("id")
        .from("agents")
        .cond_where(condition)
        .to_owned();
    let mut insert = Query::insert();
    insert.into_table("selected").columns(["selection", "agent"]);
    insert.select_from(agents).map_err(|_| StoreError::Value { what: "selection" })?;
    let count = tx.execute(&insert).await?;
    let mut by_status = BTreeMap::new();
    for status in AgentStatus::ALL {
        let query = Query::select()
            .expr(Expr::cust("COUNT(*)"))
            .from("agents")
            .and_where(filter::status(status, now))
            .and_where(Expr::col("id").in_subquery(members(id)))
            .to_owned();
        let row = tx.row(&query).await?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get(0))?;
        by_status.insert(status, count.unsigned_abs());
    }
    tx.commit().await?;
    let expires_at = Timestamp::from_millisecond(now + LIFE_MS).unwrap_or(Timestamp::MAX);
    Ok(Selection { id: id.to_owned(), count, by_status, expires_at })
}

/// Selects the agents of a selection.
pub(crate) fn members(id: &str) -> sea_query::SelectStatement {
    let mut select = Query::select();
    select.column("agent").from("selected").and_where(Expr::col("selection").eq(id));
    select
}

/// Returns how many agents a selection that has not expired has.
pub(crate) async fn live(app: &App, id: &str) -> ApiResult<u64> {
    let select = Query::select()
        .expr(Expr::cust_with_exprs(
            "(SELECT COUNT(*) FROM selected WHERE selection = ?)",
            [Expr::val(id)],
        ))
        .from("selections")
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("expires_ms").gte(app.clock.unix_ms()))
        .to_owned();
    let row = app.store.row(&select).await.map_err(internal)?;
    app.quotas.used(id);
    let count = row.map(|row| row.try_get::<i64, _>(0)).transpose();
    let count = count.map_err(|error| internal(error.into()))?;
    count.map(i64::unsigned_abs).ok_or_else(|| {
        let id: String = id.chars().take(100).collect();
        let detail = format!("there is no selection {id:?}, or it expired after ten minutes");
        not_found("selection_not_found", detail)
    })
}

/// Returns the agents of a selection that has not expired.
pub(crate) async fn agents(app: &App, id: &str) -> ApiResult<Vec<AgentId>> {
    live(app, id).await?;
    let rows = app.store.rows(&members(id)).await.map_err(internal)?;
    let ids = rows.iter().filter_map(|row| row.try_get::<String, _>(0).ok()?.parse().ok());
    Ok(ids.collect())
}
