//! SQL for sinks and what waits for them.

use elk_api::alerts::Severity;
use elk_api::sinks::{Sink, SinkKind};
use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::super::store::severity_number;
use super::{Kept, Note};
use crate::store::{Result, Store, StoreError, Tx};

const COLUMNS: [&str; 14] = [
    "name",
    "kind",
    "target",
    "secret",
    "least",
    "created_by",
    "created_ms",
    "delivered",
    "delivered_ms",
    "failed",
    "dropped",
    "error",
    "failures",
    "next_ms",
];
/// Sinks that there may be.
const MAX_SINKS: u64 = 32;
/// What waits for one sink.
const MAX_WAITING: u64 = 10_000;
/// What waited longer than this is given up.
const GIVE_UP_MS: i64 = 86_400_000;

/// Something to send.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Parcel {
    pub(super) id: String,
    pub(super) body: String,
}

/// What became of an attempt to send parcels.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) sent: Vec<String>,
    pub(super) error: Option<String>,
    /// When to try again after an error.
    pub(super) next_ms: i64,
}

/// Puts an alert into the outbox of each sink that is to be told of it.
pub(crate) async fn queue(tx: &mut Tx, note: &Note<'_>) -> Result<()> {
    let select = Query::select()
        .column("name")
        .expr_as(
            Expr::cust("(SELECT COUNT(*) FROM alert_outbox WHERE sink = alert_sinks.name)"),
            "waiting",
        )
        .from("alert_sinks")
        .and_where(Expr::col("least").lte(severity_number(note.severity)))
        .to_owned();
    let body = serde_json::to_string(note).unwrap_or_default();
    for row in tx.rows(&select).await? {
        let (name, waiting): (String, i64) = (row.try_get("name")?, row.try_get("waiting")?);
        if waiting.unsigned_abs() >= MAX_WAITING {
            drop_some(tx, &name, 1).await?;
            continue;
        }
        let insert = Query::insert()
            .into_table("alert_outbox")
            .columns(["id", "sink", "body", "at_ms"])
            .values_panic([
                uuid::Uuid::now_v7().simple().to_string().into(),
                name.into(),
                body.as_str().into(),
                note.at.as_millisecond().into(),
            ])
            .to_owned();
        tx.execute(&insert).await?;
    }
    Ok(())
}

async fn drop_some(tx: &mut Tx, name: &str, count: i64) -> Result<()> {
    let update = Query::update()
        .table("alert_sinks")
        .value("dropped", Expr::col("dropped").add(count))
        .and_where(Expr::col("name").eq(name))
        .to_owned();
    tx.execute(&update).await.map(drop)
}

/// What became of a sink that shall be added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Addition {
    Done,
    Taken,
    Full,
}

pub(super) async fn add(store: &Store, kept: &Kept) -> Result<Addition> {
    let mut tx = store.begin().await?;
    let all = Query::select().column("name").from("alert_sinks").to_owned();
    let rows = tx.rows(&all).await?;
    for row in &rows {
        if row.try_get::<String, _>(0)? == kept.sink.name {
            return Ok(Addition::Taken);
        }
    }
    if rows.len() as u64 >= MAX_SINKS {
        return Ok(Addition::Full);
    }
    let sink = &kept.sink;
    let insert = Query::insert()
        .into_table("alert_sinks")
        .columns(COLUMNS)
        .values_panic([
            sink.name.as_str().into(),
            sink.kind.as_str().into(),
            sink.target.as_str().into(),
            kept.secret.clone().into(),
            severity_number(sink.least).into(),
            sink.created_by.as_str().into(),
            sink.created_at.as_millisecond().into(),
            0_i64.into(),
            None::<i64>.into(),
            0_i64.into(),
            0_i64.into(),
            None::<String>.into(),
            0_i64.into(),
            0_i64.into(),
        ])
        .to_owned();
    tx.execute(&insert).await?;
    tx.commit().await?;
    Ok(Addition::Done)
}

/// Removes a sink with what waits for it; returns whether there was one.
pub(super) async fn remove(store: &Store, name: &str) -> Result<bool> {
    let mut tx = store.begin().await?;
    for (table, column) in [("alert_outbox", "sink"), ("alert_sinks", "name")] {
        let delete =
            Query::delete().from_table(table).and_where(Expr::col(column).eq(name)).to_owned();
        let removed = tx.execute(&delete).await?;
        if table == "alert_sinks" && removed == 0 {
            return Ok(false);
        }
    }
    tx.commit().await?;
    Ok(true)
}

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS)
        .expr_as(
            Expr::cust("(SELECT COUNT(*) FROM alert_outbox WHERE sink = alert_sinks.name)"),
            "waiting",
        )
        .from("alert_sinks")
        .order_by("name", Order::Asc)
        .to_owned()
}

/// Returns all sinks, by name.
pub(super) async fn all(store: &Store) -> Result<Vec<Kept>> {
    store.rows(&select()).await?.iter().map(read).collect()
}

pub(super) async fn find(store: &Store, name: &str) -> Result<Option<Kept>> {
    let select = select().and_where(Expr::col("name").eq(name)).to_owned();
    store.row(&select).await?.as_ref().map(read).transpose()
}

/// Returns the first parcels that wait for a sink; those that waited too long are given up.
pub(super) async fn due(store: &Store, name: &str, limit: u64, now_ms: i64) -> Result<Vec<Parcel>> {
    let old = Query::delete()
        .from_table("alert_outbox")
        .and_where(Expr::col("sink").eq(name))
        .and_where(Expr::col("at_ms").lt(now_ms.saturating_sub(GIVE_UP_MS)))
        .to_owned();
    let mut tx = store.begin().await?;
    let given_up = tx.execute(&old).await?;
    if given_up > 0 {
        drop_some(&mut tx, name, i64::try_from(given_up).unwrap_or(i64::MAX)).await?;
    }
    let select = Query::select()
        .columns(["id", "body"])
        .from("alert_outbox")
        .and_where(Expr::col("sink").eq(name))
        .order_by("id", Order::Asc)
        .limit(limit)
        .to_owned();
    let rows = tx.rows(&select).await?;
    tx.commit().await?;
    let read = |row: &SqliteRow| -> Result<Parcel> {
        Ok(Parcel { id: row.try_get("id")?, body: row.try_get("body")? })
    };
    rows.iter().map(read).collect()
}

/// Writes down what became of an attempt.
pub(super) async fn note(store: &Store, name: &str, attempt: &Attempt, now_ms: i64) -> Result<()> {
    let mut tx = store.begin().await?;
    let sent = i64::try_from(attempt.sent.len()).unwrap_or(i64::MAX);
    let delete = Query::delete()
        .from_table("alert_outbox")
        .and_where(Expr::col("id").is_in(attempt.sent.iter().map(String::as_str)))
        .to_owned();
    tx.execute(&delete).await?;
    let mut update = Query::update();
    update
        .table("alert_sinks")
        .value("delivered", Expr::col("delivered").add(sent))
        .value("error", attempt.error.clone())
        .and_where(Expr::col("name").eq(name));
    if sent > 0 {
        update.value("delivered_ms", now_ms);
    }
    if attempt.error.is_some() {
        update
            .value("failed", Expr::col("failed").add(1))
            .value("failures", Expr::col("failures").add(1))
            .value("next_ms", attempt.next_ms);
    } else {
        update.value("failures", 0_i64).value("next_ms", 0_i64);
    }
    tx.execute(&update).await?;
    tx.commit().await
}

fn read(row: &SqliteRow) -> Result<Kept> {
    let text = |column: &str| -> Result<String> { Ok(row.try_get(column)?) };
    let number =
        |column: &str| -> Result<u64> { Ok(row.try_get::<i64, _>(column)?.unsigned_abs()) };
    let time =
        |ms: i64| Timestamp::from_millisecond(ms).map_err(|_| StoreError::Value { what: "time" });
    let (kind, least): (String, i64) = (text("kind")?, row.try_get("least")?);
    let kind = SinkKind::ALL.into_iter().find(|it| it.as_str() == kind);
    let least = Severity::ALL.into_iter().find(|it| severity_number(*it) == least);
    let delivered_ms: Option<i64> = row.try_get("delivered_ms")?;
    let error: Option<String> = row.try_get("error")?;
    let next_ms: i64 = row.try_get("next_ms")?;
    let sink = Sink {
        name: text("name")?,
        kind: kind.ok_or(StoreError::Value { what: "kind of a sink" })?,
        target: text("target")?,
        least: least.ok_or(StoreError::Value { what: "severity" })?,
        created_by: text("created_by")?,
        created_at: time(row.try_get("created_ms")?)?,
        delivered: number("delivered")?,
        delivered_at: delivered_ms.map(time).transpose()?,
        waiting: number("waiting")?,
        failed: number("failed")?,
        dropped: number("dropped")?,
        next_at: error.is_some().then(|| time(next_ms)).transpose()?,
        error,
    };
    let failures = u32::try_from(number("failures")?).unwrap_or(u32::MAX);
    Ok(Kept { sink, secret: row.try_get("secret")?, failures })
}
