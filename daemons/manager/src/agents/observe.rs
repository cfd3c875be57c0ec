//! From what AgentCenters report to rows, many in a statement.

use std::collections::{HashMap, HashSet};

use elk_api::alerts::Severity;
use elk_api::center::Connection;
use jiff::Timestamp;
use sea_query::{
    Expr, ExprTrait as _, InsertStatement, OnConflict, Query, UpdateStatement, Value as Cell,
};
use sqlx::Row as _;

use super::report::{Before, PluginReport, Report, key_of};
use super::told;
use crate::alerts;
use crate::events::MAX_SINGLE;
use crate::store::{Result, Store, Tx};

/// Agents in one transaction: others write between two of them.
const AGENTS: usize = 250;
/// Rows in one statement; the engine takes 32,766 values.
const ROWS: usize = 1_000;

/// Writes down what the AgentCenter at `ac` said of its connections.
///
/// Of two AgentCenters that report an agent, the one with the newer connection has it.
pub(crate) async fn apply(
    store: &Store,
    ac: &str,
    connections: &[Connection],
    gone: &[String],
    now_ms: i64,
) -> Result<()> {
    for some in connections.chunks(AGENTS) {
        let mut tx = store.begin().await?;
        put(&mut tx, ac, some, now_ms).await?;
        tx.commit().await?;
    }
    take_away(store, ac, gone, now_ms).await
}

/// Says that no agent is connected to `ac`, but for those in `kept`.
pub(crate) async fn disconnect(
    store: &Store,
    ac: &str,
    kept: &HashSet<String>,
    now_ms: i64,
) -> Result<()> {
    let select =
        Query::select().column("id").from("agents").and_where(Expr::col("ac").eq(ac)).to_owned();
    let mut gone: Vec<String> = Vec::new();
    for row in store.rows(&select).await? {
        let id: String = row.try_get(0)?;
        if !kept.contains(&id) {
            gone.push(id);
        }
    }
    take_away(store, ac, &gone, now_ms).await
}

/// Says that no agent is connected to an AgentCenter that is not in `known`.
pub(crate) async fn disconnect_others(store: &Store, known: &[String], now_ms: i64) -> Result<()> {
    let others = Expr::col("ac")
        .is_not_null()
        .and(Expr::col("ac").is_not_in(known.iter().map(String::as_str)));
    let mut tx = store.begin().await?;
    let some = Query::select()
        .column("id")
        .from("agents")
        .and_where(others.clone())
        .limit(MAX_SINGLE as u64 + 1)
        .to_owned();
    let some = tx.rows(&some).await?;
    let count = tx.execute(&unplugged().and_where(others).to_owned()).await?;
    let ids = some.iter().map(|row| row.try_get(0)).collect::<std::result::Result<Vec<_>, _>>()?;
    told::gone(&ids, count, "", now_ms).into_iter().for_each(|it| tx.tell(it));
    tx.commit().await
}

/// Begins a statement that says that agents are connected nowhere.
fn unplugged() -> UpdateStatement {
    let mut update = Query::update();
    update
        .table("agents")
        .value("ac", Cell::String(None))
        .value("connected_ms", Cell::BigInt(None));
    update
}

async fn take_away(store: &Store, ac: &str, gone: &[String], now_ms: i64) -> Result<()> {
    let (mut ids, mut count) = (Vec::new(), 0);
    for some in gone.chunks(ROWS) {
        let update = unplugged()
            .and_where(Expr::col("id").is_in(some.iter().map(String::as_str)))
            .and_where(Expr::col("ac").eq(ac))
            .returning_col("id")
            .to_owned();
        for row in store.rows(&update).await? {
            count += 1;
            if ids.len() <= MAX_SINGLE {
                ids.push(row.try_get(0)?);
            }
        }
    }
    told::gone(&ids, count, ac, now_ms).into_iter().for_each(|it| store.events.publish(it));
    Ok(())
}

async fn put(tx: &mut Tx, ac: &str, some: &[Connection], now_ms: i64) -> Result<()> {
    // The last word on an agent counts.
    let by_id: HashMap<&str, &Connection> = some.iter().map(|it| (it.id.as_str(), it)).collect();
    let ids: Vec<&str> = by_id.keys().copied().collect();
    let known = known(tx, &ids).await?;
    let (mut beating, mut silent, mut plugins) = (Vec::new(), Vec::new(), Vec::new());
    for (id, connection) in by_id {
        let before = known.get(id);
        let report = Report::read(connection, before, now_ms);
        if before.is_some_and(|it| is_elsewhere(it, ac, report.connected_ms)) {
            continue;
        }
        if report.last_ms.is_none() {
            silent.push(report);
            continue;
        }
        plugins.extend(report.plugins(now_ms).into_iter().map(|it| (id, it)));
        beating.push(report);
    }
    // Before its first heartbeat a stream says nothing of the host: keep what was known.
    for (reports, heard) in [(&silent, false), (&beating, true)] {
        if !reports.is_empty() {
            tx.execute(&agent_rows(ac, reports, heard, now_ms)).await?;
        }
    }
    for rows in plugins.chunks(ROWS) {
        tx.execute(&plugin_rows(rows)).await?;
    }
    let heard: Vec<_> = beating.iter().map(|it| it.connection.id.as_str()).collect();
    drop_silent_plugins(tx, &heard).await?;
    for report in beating.iter().chain(&silent) {
        let before = known.get(report.connection.id.as_str());
        if let Some(told) = told::reported(ac, report, before, now_ms) {
            tx.tell(told);
        }
    }
    let seen = beating.iter().chain(&silent).map(|it| it.connection).filter(|it| it.clone);
    for connection in seen {
        if known.get(connection.id.as_str()).is_none_or(|it| !it.clone) {
            alerts::raise(tx, &cloned(connection), timestamp(now_ms)).await?;
        }
    }
    Ok(())
}

/// Describes that several hosts say they are the same agent.
fn cloned(connection: &Connection) -> alerts::Draft {
    let id = &connection.id;
    alerts::Draft::system("agent_cloned", Severity::High, "")
        .of_agent(Some(id.clone()))
        .titled(&format!("more than one host reports as the agent {id}"))
        .saying("a host was copied with its agent's id; orders are held back from it")
}

fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or_default()
}

fn is_elsewhere(before: &Before, ac: &str, connected_ms: i64) -> bool {
    let other = before.ac.as_deref().is_some_and(|it| it != ac);
    other && before.connected_ms.is_some_and(|it| it > connected_ms)
}

async fn known(tx: &mut Tx, ids: &[&str]) -> Result<HashMap<String, Before>> {
    let select = Query::select()
        .columns(["id", "ac", "connected_ms", "last_ms", "interval_ms", "clone"])
        .columns(["abnormal", "offline_ms"])
        .from("agents")
        .and_where(Expr::col("id").is_in(ids.iter().copied()))
        .to_owned();
    let mut found = HashMap::with_capacity(ids.len());
    for row in tx.rows(&select).await? {
        let before = Before {
            ac: row.try_get("ac")?,
            connected_ms: row.try_get("connected_ms")?,
            last_ms: row.try_get("last_ms")?,
            interval_ms: row.try_get("interval_ms")?,
            clone: row.try_get::<i64, _>("clone")? == 1,
            abnormal: row.try_get::<i64, _>("abnormal")? == 1,
            offline_ms: row.try_get("offline_ms")?,
        };
        found.insert(row.try_get("id")?, before);
    }
    Ok(found)
}

fn agent_rows(ac: &str, reports: &[Report<'_>], heard: bool, now_ms: i64) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table("agents");
    let mut names: Vec<&'static str> = Vec::new();
    for report in reports {
        let cells = cells(Some(ac), report);
        if names.is_empty() {
            names = cells.iter().map(|(name, _)| *name).collect();
            insert.columns(names.iter().copied().chain(["first_ms"]));
        }
        let values = cells.into_iter().map(|(_, value)| value);
        insert.values_panic(values.chain([Expr::val(now_ms)]));
    }
    names.retain(
        |it| if heard { *it != "id" } else { ["ac", "connected_ms", "clone"].contains(it) },
    );
    insert.on_conflict(OnConflict::column("id").update_columns(names).to_owned());
    insert
}

/// Returns the row of an agent that no AgentCenter has; one that is known stays as it is.
pub(super) fn adopted_row(report: &Report<'_>, first_ms: i64) -> InsertStatement {
    let (names, values): (Vec<_>, Vec<_>) = cells(None, report).into_iter().unzip();
    let mut insert = Query::insert();
    insert.into_table("agents").columns(names.into_iter().chain(["first_ms"]));
    insert.values_panic(values.into_iter().chain([Expr::val(first_ms)]));
    insert.on_conflict(OnConflict::column("id").do_nothing().to_owned());
    insert
}

fn cells(ac: Option<&str>, it: &Report<'_>) -> Vec<(&'static str, Expr)> {
    let version = it.text("version");
    vec![
        ("id", Expr::val(it.connection.id.as_str())),
        ("hostname", Expr::val(it.text("hostname"))),
        ("version_key", Expr::val(key_of(&version))),
        ("version", Expr::val(version)),
        ("platform", Expr::val(it.text("platform"))),
        ("platform_version", Expr::val(it.text("platform_version"))),
        ("arch", Expr::val(it.text("arch"))),
        ("kernel", Expr::val(it.text("kernel_version"))),
        ("idc", Expr::val(it.text("idc"))),
        ("region", Expr::val(it.text("region"))),
        ("addresses", Expr::val(it.addresses())),
        ("ac", Expr::val(ac)),
        ("peer", Expr::val(it.text("agent_addr"))),
        ("connected_ms", Expr::val(ac.map(|_| it.connected_ms))),
        ("heartbeat", Expr::val(it.heartbeat())),
        ("abnormal", Expr::val(i64::from(it.text("state") == "abnormal"))),
        ("last_ms", Expr::val(it.last_ms)),
        ("interval_ms", Expr::val(it.interval_ms)),
        ("offline_ms", Expr::val(it.offline_ms)),
        ("started", Expr::val(it.number("start_time"))),
        ("cpu", Expr::val(it.cpu())),
        ("rss", Expr::val(it.number("rss"))),
        ("clone", Expr::val(i64::from(it.connection.clone))),
    ]
}

pub(super) fn plugin_rows(rows: &[(&str, PluginReport)]) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table("plugins").columns([
        "agent",
        "name",
        "version",
        "version_key",
        "last_ms",
        "cpu",
        "rss",
    ]);
    for (agent, it) in rows {
        insert.values_panic([
            Expr::val(*agent),
            Expr::val(it.name.as_str()),
            Expr::val(it.version.as_str()),
            Expr::val(key_of(&it.version)),
            Expr::val(it.last_ms),
            Expr::val(it.cpu),
            Expr::val(it.rss),
        ]);
    }
    insert.on_conflict(
        OnConflict::columns(["agent", "name"])
            .update_columns(["version", "version_key", "last_ms", "cpu", "rss"])
            .to_owned(),
    );
    insert
}

/// A plugin that is silent for ten intervals of its agent is forgotten.
async fn drop_silent_plugins(tx: &mut Tx, agents: &[&str]) -> Result<()> {
    if agents.is_empty() {
        return Ok(());
    }
    let delete = Query::delete()
        .from_table("plugins")
        .and_where(Expr::col("agent").is_in(agents.iter().copied()))
        .and_where(Expr::cust(
            "last_ms < (SELECT agents.last_ms - 10 * agents.interval_ms FROM agents \
             WHERE agents.id = plugins.agent)",
        ))
        .to_owned();
    tx.execute(&delete).await.map(drop)
}

#[cfg(test)]
mod tests {
    use std::slice;

    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    async fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("state.db")).await.unwrap();
        (dir, store)
    }

    fn reported(id: &str, connected: i64) -> Connection {
        let stat = json!({
            "agent_info": { "hostname": id, "version": "1.9.1.22", "arch": "x86_64", "cpu": 0.1 },
            "plugins_info": [{ "name": "driver", "pversion": "1.0.0.1", "last_heartbeat_time": NOW / 1_000 }],
        });
        Connection {
            id: id.parse().unwrap(),
            connected_at_ms: connected,
            last_heartbeat_ms: Some(NOW),
            heartbeat_interval_ms: Some(60_000),
            clone: false,
            stat: serde_json::from_value(stat).unwrap(),
        }
    }

    async fn center_of(store: &Store, id: &str) -> Option<String> {
        let select = Query::select()
            .column("ac")
            .from("agents")
            .and_where(Expr::col("id").eq(id))
            .to_owned();
        store.row(&select).await.unwrap().and_then(|row| row.try_get(0).unwrap())
    }

    #[tokio::test]
    async fn of_two_centers_that_report_an_agent_the_newer_connection_has_it() {
        let (_dir, store) = store().await;
        let (old, new) = (reported("a1", NOW - 50_000), reported("a1", NOW - 10_000));
        apply(&store, "ac-1", slice::from_ref(&old), &[], NOW).await.unwrap();
        apply(&store, "ac-2", &[new], &[], NOW).await.unwrap();
        apply(&store, "ac-1", slice::from_ref(&old), &[], NOW).await.unwrap();
        assert_eq!(center_of(&store, "a1").await.as_deref(), Some("ac-2"));
        // The first one says that it is gone there: that is not news.
        apply(&store, "ac-1", &[], &["a1".to_owned()], NOW).await.unwrap();
        assert_eq!(center_of(&store, "a1").await.as_deref(), Some("ac-2"));
        apply(&store, "ac-2", &[], &["a1".to_owned()], NOW).await.unwrap();
        assert_eq!(center_of(&store, "a1").await, None);
        apply(&store, "ac-1", &[old], &[], NOW).await.unwrap();
        assert_eq!(center_of(&store, "a1").await.as_deref(), Some("ac-1"));
    }

    #[tokio::test]
    async fn thousands_of_agents_are_written_and_those_that_left_are_disconnected() {
        let (_dir, store) = store().await;
        let all: Vec<_> = (0..2_600).map(|n| reported(&format!("agent-{n:05}"), NOW)).collect();
        apply(&store, "ac-1", &all, &[], NOW).await.unwrap();
        let kept: HashSet<_> = all.iter().skip(2_000).map(|it| it.id.to_string()).collect();
        disconnect(&store, "ac-1", &kept, NOW).await.unwrap();
        let count = |table, condition: Expr| {
            Query::select().expr(Expr::cust("COUNT(*)")).from(table).and_where(condition).to_owned()
        };
        let here = store.count(&count("agents", Expr::col("ac").eq("ac-1"))).await.unwrap();
        assert_eq!(here, 600);
        let plugins = store.count(&count("plugins", Expr::col("name").eq("driver"))).await.unwrap();
        assert_eq!(plugins, 2_600);
        disconnect_others(&store, &["ac-2".to_owned()], NOW).await.unwrap();
        assert_eq!(center_of(&store, "agent-02500").await, None);
    }

    #[tokio::test]
    async fn a_plugin_that_stays_silent_is_forgotten() {
        let (_dir, store) = store().await;
        let mut it = reported("a1", NOW);
        apply(&store, "ac-1", slice::from_ref(&it), &[], NOW).await.unwrap();
        let later = NOW + 601_000;
        it.last_heartbeat_ms = Some(later);
        it.stat.plugins_info.clear();
        apply(&store, "ac-1", &[it], &[], later).await.unwrap();
        let select = Query::select().column("name").from("plugins").to_owned();
        assert!(store.rows(&select).await.unwrap().is_empty());
    }
}
