//! SQL for profiles.

use std::collections::{BTreeMap, HashMap};

use elk_api::profiles::{NewProfile, Profile};
use elk_model::AgentId;
use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use sqlx::Row as _;

use super::report::Report;
use crate::store::{Result, Store, StoreError, Tx};
use crate::tasks::Push;

/// Returns a profile; one that was never set is empty and of revision 0.
pub(crate) async fn get(store: &Store, name: &str) -> Result<Profile> {
    let select = Query::select()
        .columns(["revision", "plugins", "agent_version", "updated_by", "updated_ms"])
        .from("profiles")
        .and_where(Expr::col("name").eq(name))
        .to_owned();
    let mut profile = Profile {
        name: name.to_owned(),
        revision: 0,
        plugins: BTreeMap::new(),
        agent_version: None,
        updated_by: None,
        updated_at: None,
    };
    let Some(row) = store.row(&select).await? else { return Ok(profile) };
    let (revision, updated): (i64, i64) = (row.try_get("revision")?, row.try_get("updated_ms")?);
    let plugins: String = row.try_get("plugins")?;
    let version: Option<String> = row.try_get("agent_version")?;
    profile.revision = revision.unsigned_abs();
    profile.plugins =
        serde_json::from_str(&plugins).map_err(|_| StoreError::Value { what: "profile" })?;
    profile.agent_version = version
        .map(|it| it.parse().map_err(|_| StoreError::Value { what: "version" }))
        .transpose()?;
    profile.updated_by = Some(row.try_get("updated_by")?);
    profile.updated_at = Timestamp::from_millisecond(updated).ok();
    Ok(profile)
}

/// Replaces a profile; false if `new` replaces another revision than the one that is there.
pub(crate) async fn set(
    store: &Store,
    name: &str,
    new: &NewProfile,
    (user, now_ms): (&str, i64),
) -> Result<bool> {
    let plugins =
        serde_json::to_string(&new.plugins).map_err(|_| StoreError::Value { what: "profile" })?;
    let revision = i64::try_from(new.revision).unwrap_or(i64::MAX);
    let version = new.agent_version.map(|it| it.to_string());
    let mut tx = store.begin().await?;
    let create = Query::insert()
        .into_table("profiles")
        .columns(["name", "revision", "plugins", "updated_by", "updated_ms"])
        .values_panic([name.into(), 0_i64.into(), "{}".into(), user.into(), now_ms.into()])
        .on_conflict(OnConflict::column("name").do_nothing().to_owned())
        .to_owned();
    tx.execute(&create).await?;
    let update = Query::update()
        .table("profiles")
        .values([
            ("revision", (revision.saturating_add(1)).into()),
            ("plugins", plugins.into()),
            ("agent_version", version.into()),
            ("updated_by", user.into()),
            ("updated_ms", now_ms.into()),
        ])
        .and_where(Expr::col("name").eq(name))
        .and_where(Expr::col("revision").eq(revision))
        .to_owned();
    if tx.execute(&update).await? == 0 {
        return Ok(false);
    }
    tx.commit().await?;
    Ok(true)
}

/// Returns the task that removed all plugins of an agent, if its last push did.
pub(crate) async fn emptied_by(store: &Store, agent: &str) -> Result<Option<String>> {
    let select = Query::select()
        .column("task")
        .from("emptied")
        .and_where(Expr::col("agent").eq(agent))
        .to_owned();
    store.row(&select).await?.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// Notes that `task` is the last push to `agents`: older ones that are not sent yet are withdrawn,
/// and whether the agents are to be without plugins is kept.
pub(crate) async fn note_push(
    tx: &mut Tx,
    agents: &[AgentId],
    (task, push): (&str, &Push),
    now_ms: i64,
) -> Result<()> {
    let ids = || agents.iter().map(AgentId::as_str);
    let pushes = Query::select()
        .column("id")
        .from("tasks")
        .and_where(Expr::col("kind").eq("config"))
        .and_where(Expr::col("id").ne(task))
        .to_owned();
    let withdraw = Query::update()
        .table("subtasks")
        .values([
            ("state", "cancelled".into()),
            ("message", format!("replaced by {task}").into()),
            ("ended_ms", now_ms.into()),
        ])
        .and_where(Expr::col("state").eq("queued"))
        .and_where(Expr::col("agent").is_in(ids()))
        .and_where(Expr::col("task").in_subquery(pushes))
        .to_owned();
    tx.execute(&withdraw).await?;
    // Lists of agents' own, too: from now on the profile says what they run, or what a rollout pinned.
    let tables = [("emptied", "agent"), ("lists", "owner"), ("pins", "agent")];
    let cleared = if push.rollout.is_some() { 2 } else { 3 };
    for (table, column) in tables.into_iter().take(cleared) {
        let clear =
            Query::delete().from_table(table).and_where(Expr::col(column).is_in(ids())).to_owned();
        tx.execute(&clear).await?;
    }
    if push.remove_all_plugins {
        let mut insert = Query::insert();
        insert.into_table("emptied").columns(["agent", "task"]);
        for agent in ids() {
            insert.values_panic([agent.into(), task.into()]);
        }
        tx.execute(&insert).await?;
    }
    Ok(())
}

/// Returns what agents reported last, by agent; of those that never did nothing.
pub(crate) async fn reports(store: &Store, agents: &[String]) -> Result<HashMap<String, Report>> {
    let mut reports = HashMap::new();
    for some in agents.chunks(500) {
        let ids = || some.iter().map(String::as_str);
        let agents = Query::select()
            .columns(["id", "last_ms", "interval_ms", "version"])
            .from("agents")
            .and_where(Expr::col("id").is_in(ids()))
            .and_where(Expr::col("last_ms").is_not_null())
            .to_owned();
        for row in store.rows(&agents).await? {
            let report = Report {
                last_ms: row.try_get("last_ms")?,
                interval_ms: row.try_get("interval_ms")?,
                version: row.try_get("version")?,
                plugins: Vec::new(),
            };
            reports.insert(row.try_get("id")?, report);
        }
        let plugins = Query::select()
            .columns(["agent", "name", "version", "last_ms"])
            .from("plugins")
            .and_where(Expr::col("agent").is_in(ids()))
            .to_owned();
        for row in store.rows(&plugins).await? {
            let (agent, last): (String, Option<i64>) =
                (row.try_get("agent")?, row.try_get("last_ms")?);
            if let Some(report) = reports.get_mut(&agent) {
                let plugin = (row.try_get("name")?, row.try_get("version")?, last.unwrap_or(0));
                report.plugins.push(plugin);
            }
        }
    }
    Ok(reports)
}
