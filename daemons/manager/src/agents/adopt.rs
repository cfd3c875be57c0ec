//! Agents that another Manager knew.

use elk_api::center::Connection;
use elk_model::Tag;
use sea_query::{Expr, OnConflict, Query};

use super::observe;
use super::report::Report;
use crate::store::{Result, Store, Tx};

/// An agent with what only its last Manager knew.
#[derive(Debug)]
pub(crate) struct Adopted {
    pub(crate) connection: Connection,
    pub(crate) tags: Vec<Tag>,
    pub(crate) first_ms: Option<i64>,
}

/// Writes down agents that are not known, and tags of all; returns how many agents and tags are new.
pub(crate) async fn put(store: &Store, agents: &[Adopted], now_ms: i64) -> Result<(u64, u64)> {
    let (mut taken, mut tagged) = (0, 0);
    let mut tx = store.begin().await?;
    for agent in agents {
        let mut report = Report::read(&agent.connection, None, now_ms);
        // It is not connected here, whatever it is elsewhere.
        report.offline_ms = report.offline_ms.min(now_ms);
        let first_ms = agent.first_ms.unwrap_or(now_ms);
        if tx.execute(&observe::adopted_row(&report, first_ms)).await? == 1 {
            taken += 1;
            let id = agent.connection.id.as_str();
            let plugins: Vec<_> = report.plugins(now_ms).into_iter().map(|it| (id, it)).collect();
            if !plugins.is_empty() {
                tx.execute(&observe::plugin_rows(&plugins)).await?;
            }
        }
        tagged += tag(&mut tx, agent).await?;
    }
    tx.commit().await?;
    Ok((taken, tagged))
}

async fn tag(tx: &mut Tx, agent: &Adopted) -> Result<u64> {
    if agent.tags.is_empty() {
        return Ok(0);
    }
    let mut insert = Query::insert();
    insert.into_table("tags").columns(["tag", "agent"]);
    for tag in &agent.tags {
        insert.values_panic([Expr::val(tag.as_str()), Expr::val(agent.connection.id.as_str())]);
    }
    insert.on_conflict(OnConflict::columns(["tag", "agent"]).do_nothing().to_owned());
    tx.execute(&insert).await
}

#[cfg(test)]
mod tests {
    use elk_api::center::ConnStat;
    use sea_query::Order;
    use serde_json::json;
    use sqlx::Row as _;

    use super::*;
    use crate::agents::report;

    const NOW: i64 = 1_700_000_000_000;

    fn agent(id: &str, heartbeat: serde_json::Value, tags: &[&str]) -> Adopted {
        let agent_info = heartbeat.as_object().unwrap().clone();
        let plugins_info = [json!({"name": "driver", "pversion": "1.7.0.4"})];
        let plugins_info = plugins_info.iter().map(|it| it.as_object().unwrap().clone()).collect();
        let stat = ConnStat { agent_info, plugins_info };
        let connection = report::from_stat(stat, &id.parse().unwrap(), NOW);
        let tags = tags.iter().map(|it| it.parse().unwrap()).collect();
        Adopted { connection, tags, first_ms: Some(NOW - 5_000) }
    }

    #[tokio::test]
    async fn who_is_known_already_stays_as_it_is_but_for_new_tags() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("state.db")).await.unwrap();
        let old = json!({"hostname": "web-1", "last_heartbeat_time": 1_699_999_000.5,
            "create_at": 1_699_990_000.0, "version": "1.9.1.6"});
        let first = [agent("a", old.clone(), &["prod"]), agent("b", json!({}), &[])];
        assert_eq!(put(&store, &first, NOW).await.unwrap(), (2, 1));
        assert_eq!(put(&store, &first, NOW).await.unwrap(), (0, 0));
        let other = [agent("a", json!({"hostname": "other"}), &["prod", "eu"])];
        assert_eq!(put(&store, &other, NOW).await.unwrap(), (0, 1));
        let all = Query::select()
            .columns(["id", "hostname", "ac", "connected_ms", "last_ms", "first_ms", "offline_ms"])
            .from("agents")
            .order_by("id", Order::Asc)
            .to_owned();
        let rows = store.rows(&all).await.unwrap();
        let row = &rows[0];
        assert_eq!(row.get::<String, _>("hostname"), "web-1");
        assert_eq!(row.get::<Option<String>, _>("ac"), None);
        assert_eq!(row.get::<Option<i64>, _>("connected_ms"), None);
        assert_eq!(row.get::<Option<i64>, _>("last_ms"), Some(1_699_999_000_000));
        assert_eq!(row.get::<i64, _>("first_ms"), NOW - 5_000);
        // Nobody is running because somebody else said so.
        assert!(rows.iter().all(|it| it.get::<i64, _>("offline_ms") <= NOW));
        let plugins = Query::select().expr(Expr::cust("COUNT(*)")).from("plugins").to_owned();
        assert_eq!(store.count(&plugins).await.unwrap(), 2);
    }
}
