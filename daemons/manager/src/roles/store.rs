//! SQL for roles.

use elk_api::roles::{RoleInfo, RoleRule};
use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _, OnConflict, Order, Query};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::store::{Result, Store, StoreError};

/// The most there can be: all of them are listed on one page.
pub(super) const MAX: u64 = 200;

/// What became of a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Change {
    Done,
    /// The name is another's.
    Taken,
    /// There are as many as there can be.
    Full,
    /// Users have it.
    InUse(u64),
}

const COLUMNS: [&str; 4] = ["name", "rules", "created_by", "created_ms"];

pub(super) async fn find(store: &Store, name: &str) -> Result<Option<RoleInfo>> {
    let select = Query::select()
        .columns(COLUMNS)
        .from("roles")
        .and_where(Expr::col("name").eq(name))
        .to_owned();
    store.row(&select).await?.map(|row| read(&row)).transpose()
}

pub(super) async fn list(store: &Store) -> Result<Vec<RoleInfo>> {
    let select =
        Query::select().columns(COLUMNS).from("roles").order_by("name", Order::Asc).to_owned();
    store.rows(&select).await?.iter().map(read).collect()
}

pub(super) async fn add(store: &Store, role: &RoleInfo, now_ms: i64) -> Result<Change> {
    let rules = serde_json::to_string(&role.rules).unwrap_or_default();
    let insert = Query::insert()
        .into_table("roles")
        .columns(COLUMNS)
        .values_panic([
            role.name.as_str().into(),
            rules.into(),
            role.created_by.as_deref().unwrap_or_default().into(),
            now_ms.into(),
        ])
        .on_conflict(OnConflict::column("name").do_nothing().to_owned())
        .to_owned();
    let mut tx = store.begin().await?;
    if tx.execute(&insert).await? == 0 {
        return Ok(Change::Taken);
    }
    let all = Query::select().expr(Expr::cust("COUNT(*)")).from("roles").to_owned();
    let count: i64 = tx.row(&all).await?.map_or(Ok(0), |row| row.try_get(0))?;
    if count.unsigned_abs() > MAX {
        return Ok(Change::Full);
    }
    tx.commit().await?;
    Ok(Change::Done)
}

pub(super) async fn remove(store: &Store, name: &str) -> Result<Change> {
    let mut tx = store.begin().await?;
    let users = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from("users")
        .and_where(Expr::col("custom").eq(name))
        .to_owned();
    let count: i64 = tx.row(&users).await?.map_or(Ok(0), |row| row.try_get(0))?;
    if count > 0 {
        return Ok(Change::InUse(count.unsigned_abs()));
    }
    let delete =
        Query::delete().from_table("roles").and_where(Expr::col("name").eq(name)).to_owned();
    tx.execute(&delete).await?;
    tx.commit().await?;
    Ok(Change::Done)
}

fn read(row: &SqliteRow) -> Result<RoleInfo> {
    let rules: String = row.try_get("rules")?;
    let rules: std::result::Result<Vec<RoleRule>, _> = serde_json::from_str(&rules);
    Ok(RoleInfo {
        name: row.try_get("name")?,
        built_in: false,
        level: None,
        permissions: Vec::new(),
        rules: rules.map_err(|_| StoreError::Value { what: "rule of a role" })?,
        created_by: Some(row.try_get("created_by")?),
        created_at: Timestamp::from_millisecond(row.try_get("created_ms")?).ok(),
    })
}
