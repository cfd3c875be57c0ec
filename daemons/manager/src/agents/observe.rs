//! From what AgentCenters report to rows.

use elk_api::center::{ConnStat, Connection};
use elk_model::ComponentVersion;
use sea_query::{Expr, ExprTrait as _, InsertStatement, OnConflict, Query, Value as Cell};
use serde_json::{Map, Value};

use super::filter::version_key;
use crate::store::{Result, Store, Tx};

/// An agent is taken to send a heartbeat this often until it is known better.
const DEFAULT_INTERVAL_MS: i64 = 60_000;
/// Missing heartbeats after which an agent is offline.
const PATIENCE: i64 = 3;
/// The longest text kept of a field.
const MAX_TEXT: usize = 512;
/// The largest heartbeat kept.
const MAX_HEARTBEAT: usize = 64 << 10;

/// Writes down what the AgentCenter at `ac` said of its connections.
pub(crate) async fn apply(
    store: &Store,
    ac: &str,
    connections: &[Connection],
    gone: &[String],
    now_ms: i64,
) -> Result<()> {
    for some in connections.chunks(200) {
        let mut tx = store.begin().await?;
        for connection in some {
            put(&mut tx, ac, connection, now_ms).await?;
        }
        tx.commit().await?;
    }
    for some in gone.chunks(500) {
        let update = Query::update()
            .table("agents")
            .value("ac", Cell::String(None))
            .value("connected_ms", Cell::BigInt(None))
            .and_where(Expr::col("id").is_in(some.iter().map(String::as_str)))
            .and_where(Expr::col("ac").eq(ac))
            .to_owned();
        store.execute(&update).await?;
    }
    Ok(())
}

/// Says that no agent is connected to `ac`, but for those in `kept`.
pub(crate) async fn disconnect(store: &Store, ac: &str, kept: &[String]) -> Result<()> {
    let mut update = Query::update();
    update
        .table("agents")
        .value("ac", Cell::String(None))
        .value("connected_ms", Cell::BigInt(None))
        .and_where(Expr::col("ac").eq(ac));
    if !kept.is_empty() {
        let list = serde_json::to_string(kept).unwrap_or_default();
        update.and_where(Expr::cust_with_exprs(
            "id NOT IN (SELECT value FROM json_each(?))",
            [Expr::val(list)],
        ));
    }
    store.execute(&update).await.map(drop)
}

async fn put(tx: &mut Tx, ac: &str, it: &Connection, now_ms: i64) -> Result<()> {
    tx.execute(&agent(ac, it, now_ms)).await?;
    for plugin in it.stat.plugins_info.iter().take(64) {
        if let Some(insert) = plugin_row(it.id.as_str(), plugin) {
            tx.execute(&insert).await?;
        }
    }
    if it.last_heartbeat_ms.is_some() {
        drop_silent_plugins(tx, it).await?;
    }
    Ok(())
}

/// A plugin that is silent for ten intervals of its agent is forgotten.
async fn drop_silent_plugins(tx: &mut Tx, it: &Connection) -> Result<()> {
    let interval = interval(it);
    let bound = it.last_heartbeat_ms.unwrap_or_default() - 10 * interval;
    let delete = Query::delete()
        .from_table("plugins")
        .and_where(Expr::col("agent").eq(it.id.as_str()))
        .and_where(Expr::col("last_ms").lt(bound))
        .to_owned();
    tx.execute(&delete).await.map(drop)
}

fn interval(it: &Connection) -> i64 {
    let learnt = it.heartbeat_interval_ms.and_then(|ms| i64::try_from(ms).ok());
    learnt.filter(|ms| (500..=3_600_000).contains(ms)).unwrap_or(DEFAULT_INTERVAL_MS)
}

fn agent(ac: &str, it: &Connection, now_ms: i64) -> InsertStatement {
    let info = &it.stat.agent_info;
    let version = text(info, "version");
    let last = it.last_heartbeat_ms;
    let patience = PATIENCE * interval(it);
    let heartbeat = serde_json::to_string(info).unwrap_or_default();
    let heartbeat = if heartbeat.len() > MAX_HEARTBEAT { "{}".to_owned() } else { heartbeat };
    let cells: Vec<(&'static str, Expr)> = vec![
        ("id", Expr::val(it.id.as_str())),
        ("hostname", Expr::val(text(info, "hostname"))),
        ("version", Expr::val(version.as_str())),
        ("version_key", Expr::val(key_of(&version))),
        ("platform", Expr::val(text(info, "platform"))),
        ("platform_version", Expr::val(text(info, "platform_version"))),
        ("arch", Expr::val(text(info, "arch"))),
        ("kernel", Expr::val(text(info, "kernel_version"))),
        ("idc", Expr::val(text(info, "idc"))),
        ("region", Expr::val(text(info, "region"))),
        ("addresses", Expr::val(addresses(info))),
        ("ac", Expr::val(ac)),
        ("peer", Expr::val(text(info, "agent_addr"))),
        ("connected_ms", Expr::val(it.connected_at_ms)),
        ("heartbeat", Expr::val(heartbeat)),
        ("abnormal", Expr::val(i64::from(text(info, "state") == "abnormal"))),
        ("last_ms", Expr::val(last)),
        ("interval_ms", Expr::val(interval(it))),
        ("offline_ms", Expr::val(last.unwrap_or(now_ms).saturating_add(patience))),
        ("started", Expr::val(info.get("start_time").and_then(Value::as_f64).map(whole))),
        ("cpu", Expr::val(percent(info))),
        ("rss", Expr::val(info.get("rss").and_then(Value::as_f64).map(whole))),
        ("clone", Expr::val(i64::from(it.clone))),
    ];
    let mut insert = Query::insert();
    let names = cells.iter().map(|(name, _)| *name).chain(["first_ms"]);
    insert.into_table("agents").columns(names);
    let changed: Vec<_> = match last {
        // Before its first heartbeat a stream says nothing of the host: keep what was known.
        None => vec!["ac", "connected_ms", "clone"],
        Some(_) => cells.iter().map(|(name, _)| *name).filter(|name| *name != "id").collect(),
    };
    insert.values_panic(cells.into_iter().map(|(_, value)| value).chain([Expr::val(now_ms)]));
    insert.on_conflict(OnConflict::column("id").update_columns(changed).to_owned());
    insert
}

fn plugin_row(agent: &str, info: &Map<String, Value>) -> Option<InsertStatement> {
    let name = text(info, "name");
    let version = text(info, "pversion");
    if name.is_empty() {
        return None;
    }
    let last = info.get("last_heartbeat_time").and_then(Value::as_i64).map(|it| it * 1_000);
    let mut insert = Query::insert();
    insert
        .into_table("plugins")
        .columns(["agent", "name", "version", "version_key", "last_ms", "cpu", "rss"])
        .values_panic([
            Expr::val(agent),
            Expr::val(name),
            Expr::val(version.as_str()),
            Expr::val(key_of(&version)),
            Expr::val(last),
            Expr::val(percent(info)),
            Expr::val(info.get("rss").and_then(Value::as_f64).map(whole)),
        ])
        .on_conflict(
            OnConflict::columns(["agent", "name"])
                .update_columns(["version", "version_key", "last_ms", "cpu", "rss"])
                .to_owned(),
        );
    Some(insert)
}

fn key_of(version: &str) -> Option<i64> {
    version.parse::<ComponentVersion>().ok().map(version_key)
}

/// Reads a field as text, whatever JSON it is.
fn text(info: &Map<String, Value>, key: &str) -> String {
    let text = match info.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    text.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect()
}

fn addresses(info: &Map<String, Value>) -> String {
    let keys = ["intranet_ipv4", "intranet_ipv6", "extranet_ipv4", "extranet_ipv6"];
    let all = keys.iter().filter_map(|key| info.get(*key)?.as_array()).flatten();
    let valid = all.filter_map(Value::as_str).filter(|it| it.parse::<std::net::IpAddr>().is_ok());
    valid.take(64).fold(" ".to_owned(), |all, one| all + one + " ")
}

fn percent(info: &Map<String, Value>) -> Option<f64> {
    info.get("cpu").and_then(Value::as_f64).filter(|it| it.is_finite()).map(|it| it * 100.0)
}

#[expect(clippy::cast_possible_truncation, reason = "a float beyond the range becomes its bound")]
fn whole(number: f64) -> i64 {
    number as i64
}

/// Takes an element of a reference AgentCenter's full list.
pub(crate) fn from_stat(stat: ConnStat, now_ms: i64) -> Option<Connection> {
    let id = stat.agent_info.get("agent_id")?.as_str()?.parse().ok()?;
    let seconds = |key: &str| stat.agent_info.get(key).and_then(Value::as_i64);
    let last = seconds("last_heartbeat_time").map(|it| it.saturating_mul(1_000));
    let connected = seconds("create_at").map_or(now_ms, |it| it.saturating_mul(1_000));
    Some(Connection {
        id,
        connected_at_ms: connected,
        last_heartbeat_ms: last,
        heartbeat_interval_ms: None,
        clone: false,
        stat,
    })
}
