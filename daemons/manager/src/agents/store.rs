//! SQL for agents.

use std::collections::{HashMap, HashSet};

use elk_api::agents::{Agent, AgentSort, Plugin, PluginStatus};
use elk_api::{Cursor, agents::AgentQuery};
use elk_model::AgentId;
use elk_model::selector::AgentStatus;
use jiff::Timestamp;
use sea_query::{Cond, Condition, Expr, ExprTrait as _, Order, Query};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::store::{Result, Store, StoreError};

const COLUMNS: [&str; 22] = [
    "id",
    "hostname",
    "version",
    "platform",
    "platform_version",
    "arch",
    "kernel",
    "idc",
    "region",
    "addresses",
    "ac",
    "peer",
    "connected_ms",
    "abnormal",
    "last_ms",
    "interval_ms",
    "offline_ms",
    "first_ms",
    "started",
    "cpu",
    "rss",
    "clone",
];

/// An agent with what only its own page shows.
pub(crate) struct Known {
    pub(crate) agent: Agent,
    pub(crate) connected_at: Option<Timestamp>,
    pub(crate) peer: Option<String>,
    interval_ms: i64,
}

pub(crate) async fn count(store: &Store, condition: Condition) -> Result<u64> {
    store
        .count(Query::select().expr(Expr::cust("COUNT(*)")).from("agents").cond_where(condition))
        .await
}

/// Lists one more agent than `limit`, from the cursor on.
pub(crate) async fn page(
    store: &Store,
    condition: Condition,
    query: &AgentQuery,
    (limit, now_ms): (u64, i64),
) -> Result<Vec<Agent>> {
    let reverse = query.reverse.unwrap_or(false);
    let order = if reverse { Order::Desc } else { Order::Asc };
    let key = sort_column(query.sort.unwrap_or_default());
    let mut select = Query::select();
    select.columns(COLUMNS).from("agents").cond_where(condition);
    if let Some(cursor) = &query.cursor {
        select.cond_where(after(cursor, key, reverse));
    }
    select.order_by_expr(key_expr(key), order.clone()).order_by("id", order).limit(limit + 1);
    let rows = store.rows(&select).await?;
    let known = with_plugins(store, &rows, now_ms).await?;
    Ok(known.into_iter().map(|it| it.agent).collect())
}

/// Returns the agents with these ids, in no order.
pub(crate) async fn by_condition(
    store: &Store,
    condition: Condition,
    limit: u64,
    now_ms: i64,
) -> Result<Vec<Known>> {
    let mut select = Query::select();
    select.columns(COLUMNS).from("agents").cond_where(condition).order_by("id", Order::Asc);
    let rows = store.rows(select.limit(limit)).await?;
    with_plugins(store, &rows, now_ms).await
}

/// Returns up to `limit` ids of the agents for which `condition` holds.
pub(crate) async fn ids(store: &Store, condition: Condition, limit: u64) -> Result<Vec<String>> {
    let mut select = Query::select();
    select.column("id").from("agents").cond_where(condition).order_by("id", Order::Asc);
    let rows = store.rows(select.limit(limit)).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Returns those of `ids` that are known.
pub(crate) async fn known(store: &Store, ids: &[String]) -> Result<HashSet<String>> {
    let list = Expr::val(serde_json::to_string(ids).unwrap_or_default());
    let select = Query::select()
        .column("id")
        .from("agents")
        .and_where(Expr::cust_with_exprs("id IN (SELECT value FROM json_each(?))", [list]))
        .to_owned();
    store.rows(&select).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Returns the last heartbeat as it was received.
pub(crate) async fn heartbeat(store: &Store, id: &AgentId) -> Result<Option<String>> {
    let select = Query::select()
        .column("heartbeat")
        .from("agents")
        .and_where(Expr::col("id").eq(id.as_str()))
        .to_owned();
    store.row(&select).await?.map(|row| Ok(row.try_get(0)?)).transpose()
}

fn sort_column(sort: AgentSort) -> &'static str {
    match sort {
        AgentSort::Id => "id",
        AgentSort::Hostname => "hostname",
        AgentSort::LastSeen => "last_ms",
        AgentSort::FirstSeen => "first_ms",
    }
}

fn key_expr(key: &'static str) -> Expr {
    if key == "last_ms" { Expr::col(key).if_null(0) } else { Expr::col(key) }
}

/// Returns the cursor that stands after `agent`.
pub(crate) fn cursor(agent: &Agent, sort: AgentSort) -> Cursor {
    let ms = |at: Timestamp| at.as_millisecond().to_string();
    let key = match sort {
        AgentSort::Id => agent.id.to_string(),
        AgentSort::Hostname => agent.hostname.clone(),
        AgentSort::LastSeen => agent.last_heartbeat_at.map_or_else(|| "0".to_owned(), ms),
        AgentSort::FirstSeen => ms(agent.first_seen_at),
    };
    Cursor { after: vec![key, agent.id.to_string()] }
}

/// Returns whether the cursor is one of a list in this order.
pub(crate) fn is_cursor(cursor: &Cursor, sort: AgentSort) -> bool {
    match (cursor.after.as_slice(), sort) {
        ([_, _], AgentSort::Id | AgentSort::Hostname) => true,
        ([at, _], AgentSort::LastSeen | AgentSort::FirstSeen) => at.parse::<i64>().is_ok(),
        _ => false,
    }
}

fn after(cursor: &Cursor, key: &'static str, reverse: bool) -> Condition {
    let first = cursor.after.first().cloned().unwrap_or_default();
    let id = cursor.after.get(1).cloned().unwrap_or_default();
    let value = match key {
        "last_ms" | "first_ms" => Expr::val(first.parse::<i64>().unwrap_or(0)),
        _ => Expr::val(first),
    };
    let (beyond, same) = if reverse {
        (key_expr(key).lt(value.clone()), Expr::col("id").lt(id))
    } else {
        (key_expr(key).gt(value.clone()), Expr::col("id").gt(id))
    };
    Cond::any().add(beyond).add(key_expr(key).eq(value).and(same))
}

async fn with_plugins(store: &Store, rows: &[SqliteRow], now_ms: i64) -> Result<Vec<Known>> {
    let mut known = rows.iter().map(|row| read(row, now_ms)).collect::<Result<Vec<_>>>()?;
    let ids: Vec<String> = known.iter().map(|it| it.agent.id.to_string()).collect();
    let tags = Query::select()
        .columns(["agent", "tag"])
        .from("tags")
        .and_where(Expr::col("agent").is_in(ids.iter().map(String::as_str)))
        .order_by("tag", Order::Asc)
        .to_owned();
    let plugins = Query::select()
        .columns(["agent", "name", "version", "last_ms", "cpu", "rss"])
        .from("plugins")
        .and_where(Expr::col("agent").is_in(ids.iter().map(String::as_str)))
        .order_by("name", Order::Asc)
        .to_owned();
    let places: HashMap<String, usize> = ids.into_iter().zip(0..).collect();
    for row in store.rows(&tags).await? {
        let (agent, tag): (String, String) = (row.try_get("agent")?, row.try_get("tag")?);
        if let Some(place) = places.get(&agent).and_then(|it| known.get_mut(*it)) {
            place.agent.tags.extend(tag.parse().ok());
        }
    }
    for row in store.rows(&plugins).await? {
        let agent: String = row.try_get("agent")?;
        if let Some(place) = places.get(&agent).and_then(|it| known.get_mut(*it)) {
            let patience = place.interval_ms.saturating_mul(3);
            place.agent.plugins.push(plugin(&row, now_ms, patience)?);
        }
    }
    Ok(known)
}

fn time(ms: Option<i64>) -> Option<Timestamp> {
    ms.and_then(|ms| Timestamp::from_millisecond(ms).ok())
}

fn plugin(row: &SqliteRow, now_ms: i64, patience_ms: i64) -> Result<Plugin> {
    let last: Option<i64> = row.try_get("last_ms")?;
    let fresh = last.is_some_and(|last| now_ms.saturating_sub(last) < patience_ms);
    let rss: Option<i64> = row.try_get("rss")?;
    Ok(Plugin {
        name: row.try_get("name")?,
        version: row.try_get("version")?,
        status: if fresh { PluginStatus::Running } else { PluginStatus::Stopped },
        last_heartbeat_at: time(last),
        cpu_percent: row.try_get("cpu")?,
        memory_bytes: rss.and_then(|it| u64::try_from(it).ok()),
    })
}

fn read(row: &SqliteRow, now_ms: i64) -> Result<Known> {
    let text = |column: &str| -> Result<String> { Ok(row.try_get(column)?) };
    let number = |column: &str| -> Result<i64> { Ok(row.try_get(column)?) };
    let maybe = |column: &str| -> Result<Option<i64>> { Ok(row.try_get(column)?) };
    let status = if number("offline_ms")? <= now_ms {
        AgentStatus::Offline
    } else if number("abnormal")? == 1 {
        AgentStatus::Abnormal
    } else {
        AgentStatus::Running
    };
    let interval_ms = number("interval_ms")?;
    let agent = Agent {
        id: text("id")?.parse().map_err(|_| StoreError::Value { what: "agent id" })?,
        hostname: text("hostname")?,
        status,
        version: text("version")?,
        platform: text("platform")?,
        platform_version: text("platform_version")?,
        arch: text("arch")?,
        kernel: text("kernel")?,
        idc: text("idc")?,
        region: text("region")?,
        tags: Vec::new(),
        addresses: text("addresses")?.split_whitespace().map(str::to_owned).collect(),
        ac: row.try_get("ac")?,
        last_heartbeat_at: time(maybe("last_ms")?),
        first_seen_at: time(maybe("first_ms")?).ok_or(StoreError::Value { what: "time" })?,
        heartbeat_interval_seconds: Ord::max(u32::try_from(interval_ms / 1_000).unwrap_or(60), 1),
        cpu_percent: row.try_get("cpu")?,
        memory_bytes: maybe("rss")?.and_then(|it| u64::try_from(it).ok()),
        plugins: Vec::new(),
        clone: number("clone")? == 1,
    };
    let connected_at = time(maybe("connected_ms")?);
    Ok(Known { agent, connected_at, peer: row.try_get("peer")?, interval_ms })
}
