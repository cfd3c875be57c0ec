//! SQL that counts alerts, and removes those that are too old.

use std::collections::BTreeMap;

use elk_api::alerts::{AlertState, AlertStats, Severity};
use sea_query::{Cond, Condition, Expr, ExprTrait as _, OnConflict, Order, Query};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::store::{count, in_state, severity_number};
use crate::store::{Result, Store, Tx};

/// Alerts that are removed in one transaction.
const REMOVED: u64 = 5_000;
/// Kinds and sources that are counted one by one.
const COUNTED: u64 = 100;

/// Alerts that were never kept.
pub(super) const SHED: &str = "shed";
/// Alerts that were removed though they were open.
pub(super) const EXPIRED: &str = "expired";

pub(super) async fn stats(store: &Store, matching: Condition, now_ms: i64) -> Result<AlertStats> {
    let mut by_state = BTreeMap::new();
    for state in AlertState::ALL {
        let both = Cond::all().add(matching.clone()).add(in_state(state, now_ms));
        by_state.insert(state, count(store, both).await?);
    }
    let mut by_severity = BTreeMap::new();
    for severity in Severity::ALL {
        let is = Expr::col("severity").eq(severity_number(severity));
        by_severity
            .insert(severity, count(store, Cond::all().add(matching.clone()).add(is)).await?);
    }
    Ok(AlertStats {
        total: by_state.values().sum(),
        by_state,
        by_severity,
        by_kind: by(store, "kind", matching.clone()).await?,
        by_source: by(store, "source", matching).await?,
        shed: marked(store, SHED).await?,
        expired: marked(store, EXPIRED).await?,
    })
}

async fn by(
    store: &Store,
    column: &'static str,
    matching: Condition,
) -> Result<BTreeMap<String, u64>> {
    let select = Query::select()
        .column(column)
        .expr_as(Expr::cust("COUNT(*)"), "n")
        .from("alerts")
        .cond_where(matching)
        .group_by_col(column)
        .order_by("n", Order::Desc)
        .order_by(column, Order::Asc)
        .limit(COUNTED)
        .to_owned();
    let read = |row: &SqliteRow| -> Result<(String, u64)> {
        let count: i64 = row.try_get("n")?;
        Ok((row.try_get(column)?, count.unsigned_abs()))
    };
    store.rows(&select).await?.iter().map(read).collect()
}

/// Removes alerts that did not happen since `bound_ms` and returns how many.
pub(super) async fn prune(store: &Store, bound_ms: i64) -> Result<u64> {
    let old = Query::select()
        .column("id")
        .from("alerts")
        .and_where(Expr::col("last_ms").lt(bound_ms))
        .limit(REMOVED)
        .to_owned();
    let mut tx = store.begin().await?;
    let open = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from("alerts")
        .and_where(Expr::col("id").in_subquery(old.clone()))
        .and_where(Expr::col("open_key").is_not_null())
        .to_owned();
    let open: i64 = tx.row(&open).await?.map_or(Ok(0), |row| row.try_get(0))?;
    let delete =
        Query::delete().from_table("alerts").and_where(Expr::col("id").in_subquery(old)).to_owned();
    let removed = tx.execute(&delete).await?;
    if open > 0 {
        mark(&mut tx, EXPIRED, open).await?;
    }
    tx.commit().await?;
    Ok(removed)
}

pub(super) async fn mark(tx: &mut Tx, name: &str, more: i64) -> Result<()> {
    let insert = Query::insert()
        .into_table("alert_marks")
        .columns(["name", "n"])
        .values_panic([name.into(), more.into()])
        .on_conflict(
            OnConflict::column("name")
                .value("n", Expr::col(("alert_marks", "n")).add(more))
                .to_owned(),
        )
        .to_owned();
    tx.execute(&insert).await.map(drop)
}

pub(super) async fn marked(store: &Store, name: &str) -> Result<u64> {
    let select = Query::select()
        .column("n")
        .from("alert_marks")
        .and_where(Expr::col("name").eq(name))
        .to_owned();
    store.count(&select).await
}
