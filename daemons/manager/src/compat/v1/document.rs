//! An agent as the reference stores and shows it: its last heartbeat, and what the Manager adds.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sea_query::{Expr, Order, Query};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::store::{Result, Store};

pub(super) const COLUMNS: [&str; 5] = ["id", "heartbeat", "ac", "last_ms", "first_ms"];

pub(super) type Document = Map<String, Value>;

/// Makes documents of rows with [`COLUMNS`], in their order.
pub(super) async fn documents(store: &Store, rows: &[SqliteRow]) -> Result<Vec<Document>> {
    let ids = rows.iter().map(|row| Ok(row.try_get::<String, _>("id")?));
    let ids = ids.collect::<Result<Vec<_>>>()?;
    let list = serde_json::to_string(&ids).unwrap_or_default();
    let named = || {
        let list = Expr::val(list.as_str());
        Expr::cust_with_exprs("agent IN (SELECT value FROM json_each(?))", [list])
    };
    let mut tags: HashMap<String, Vec<String>> = HashMap::new();
    let select = Query::select()
        .columns(["agent", "tag"])
        .from("tags")
        .and_where(named())
        .order_by("tag", Order::Asc)
        .to_owned();
    for row in store.rows(&select).await? {
        tags.entry(row.try_get("agent")?).or_default().push(row.try_get("tag")?);
    }
    let mut plugins: HashMap<String, Vec<Value>> = HashMap::new();
    let select = Query::select()
        .columns(["agent", "name", "version", "last_ms", "cpu", "rss"])
        .from("plugins")
        .and_where(named())
        .order_by("name", Order::Asc)
        .to_owned();
    for row in store.rows(&select).await? {
        plugins.entry(row.try_get("agent")?).or_default().push(plugin(&row)?);
    }
    let document = |(row, id): (&SqliteRow, String)| {
        let mut document = document(row, &id)?;
        document.insert("tags".to_owned(), json!(tags.remove(&id).unwrap_or_default()));
        document.insert("plugins".to_owned(), plugins.remove(&id).unwrap_or_default().into());
        Ok(document)
    };
    rows.iter().zip(ids).map(document).collect()
}

fn document(row: &SqliteRow, id: &str) -> Result<Document> {
    let heartbeat: String = row.try_get("heartbeat")?;
    let (ac, last): (Option<String>, Option<i64>) = (row.try_get("ac")?, row.try_get("last_ms")?);
    let first: i64 = row.try_get("first_ms")?;
    let mut fields: Document = serde_json::from_str(&heartbeat).unwrap_or_default();
    let mut set = |key: &str, value: Value| drop(fields.insert(key.to_owned(), value));
    set("_id", object_id(id).into());
    set("agent_id", id.into());
    set("first_heartbeat_time", first.div_euclid(1_000).into());
    set("first_heartbeat_time_format", written(first).into());
    if let Some(last) = last {
        set("last_heartbeat_time", last.div_euclid(1_000).into());
        set("last_heartbeat_time_format", written(last).into());
    }
    if let Some((ip, port)) = ac.as_deref().and_then(|it| it.rsplit_once(':')) {
        set("source_ip", ip.trim_matches(['[', ']']).into());
        set("source_port", port.parse::<u16>().unwrap_or_default().into());
    }
    Ok(fields)
}

fn plugin(row: &SqliteRow) -> Result<Value> {
    let last: Option<i64> = row.try_get("last_ms")?;
    let cpu: Option<f64> = row.try_get("cpu")?;
    let rss: Option<i64> = row.try_get("rss")?;
    Ok(json!({
        "name": row.try_get::<String, _>("name")?,
        "pversion": row.try_get::<String, _>("version")?,
        "last_heartbeat_time": last.map(|it| it.div_euclid(1_000)),
        "cpu": cpu.map(|it| it / 100.0),
        "rss": rss,
    }))
}

/// Returns 24 hex digits that stay the same for what has this id.
pub(super) fn object_id(id: &str) -> String {
    Sha256::digest(id).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

fn written(ms: i64) -> String {
    let time = Timestamp::from_millisecond(ms).unwrap_or_default();
    time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
