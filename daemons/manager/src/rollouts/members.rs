//! SQL for the agents of rollouts.

use std::collections::BTreeMap;

use elk_api::rollouts::{Member, MemberQuery, MemberState};
use elk_model::ComponentName;
use sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement, Value};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::judge::{Seen, Target};
use super::store::{state_of, text_of, time, unjson};
use crate::profiles::pins::Pin;
use crate::profiles::store::reports;
use crate::store::{Result, Store, StoreError, Tx};
use crate::tasks::store::state_of as order_state;

/// What an agent had before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Before {
    /// The versions that ran.
    pub(crate) ran: BTreeMap<ComponentName, Option<String>>,
    pub(crate) pins: BTreeMap<ComponentName, Option<Pin>>,
}

/// Adds agents in the order of their turn.
pub(crate) async fn insert(
    tx: &mut Tx,
    rollout: &str,
    members: &[(String, Option<Target>)],
) -> Result<()> {
    let mut turn = 0_i64;
    for some in members.chunks(500) {
        let mut insert = Query::insert();
        let columns = ["rollout", "agent", "turn", "state", "reason", "target"];
        insert.into_table("rollout_agents").columns(columns);
        for (agent, target) in some {
            insert.values_panic([
                rollout.into(),
                agent.as_str().into(),
                turn.into(),
                MemberState::Pending.as_str().into(),
                "".into(),
                target.as_ref().map(text_of).transpose()?.into(),
            ]);
            turn += 1;
        }
        tx.execute(&insert).await?;
    }
    Ok(())
}

/// An agent that has its order.
pub(crate) struct Busy {
    pub(crate) agent: String,
    pub(crate) target: Option<Target>,
    pub(crate) seen: Seen,
}

/// Selects agents of a rollout in some states, with what became of their orders.
fn watched(rollout: &str, states: &[MemberState]) -> SelectStatement {
    Query::select()
        .columns([("rollout_agents", "agent"), ("rollout_agents", "target")])
        .columns([("rollout_agents", "begun_ms"), ("rollout_agents", "seen_ms")])
        .column(("agents", "offline_ms"))
        .expr_as(Expr::cust("subtasks.state"), "order_state")
        .expr_as(Expr::cust("subtasks.message"), "order_message")
        .from("rollout_agents")
        .left_join("agents", Expr::col(("agents", "id")).equals(("rollout_agents", "agent")))
        .left_join(
            "subtasks",
            Expr::cust(
                "subtasks.task = rollout_agents.task AND subtasks.agent = rollout_agents.agent",
            ),
        )
        .and_where(Expr::col(("rollout_agents", "rollout")).eq(rollout))
        .and_where(
            Expr::col(("rollout_agents", "state")).is_in(states.iter().map(|it| it.as_str())),
        )
        .to_owned()
}

/// Returns the agents that have their order and no end.
pub(crate) async fn busy(store: &Store, rollout: &str, now_ms: i64) -> Result<Vec<Busy>> {
    let states = [MemberState::Installing, MemberState::Verifying];
    observed(store, &watched(rollout, &states), now_ms).await
}

/// Returns the agents that are done, of the turns in `turns`.
pub(crate) async fn done(
    store: &Store,
    rollout: &str,
    turns: (u64, u64),
    now_ms: i64,
) -> Result<Vec<Busy>> {
    let mut select = watched(rollout, &[MemberState::Done]);
    select
        .and_where(Expr::col(("rollout_agents", "turn")).gte(i64::try_from(turns.0).unwrap_or(0)))
        .and_where(
            Expr::col(("rollout_agents", "turn")).lt(i64::try_from(turns.1).unwrap_or(i64::MAX)),
        );
    observed(store, &select, now_ms).await
}

async fn observed(store: &Store, select: &SelectStatement, now_ms: i64) -> Result<Vec<Busy>> {
    let rows = store.rows(select).await?;
    let agents = rows.iter().map(|row| row.try_get("agent"));
    let agents: Vec<String> = agents.collect::<std::result::Result<_, _>>()?;
    let mut reports = reports(store, &agents).await?;
    let read = |(row, agent): (&SqliteRow, String)| -> Result<Busy> {
        let offline: Option<i64> = row.try_get("offline_ms")?;
        let (state, message): (Option<String>, Option<String>) =
            (row.try_get("order_state")?, row.try_get("order_message")?);
        let order = match state.zip(message) {
            Some((state, told)) => Some((order_state(&state)?, told)),
            None => None,
        };
        let seen = Seen {
            begun_ms: row.try_get::<Option<i64>, _>("begun_ms")?.unwrap_or_default(),
            seen_ms: row.try_get("seen_ms")?,
            order,
            report: reports.remove(&agent),
            online: offline.is_some_and(|it| it > now_ms),
        };
        let target: Option<String> = row.try_get("target")?;
        let target = target.as_deref().map(unjson).transpose()?;
        Ok(Busy { agent, target, seen })
    };
    rows.iter().zip(agents).map(read).collect()
}

/// A change of an agent's state.
pub(crate) struct Turn<'a> {
    pub(crate) rollout: &'a str,
    pub(crate) agent: &'a str,
    pub(crate) state: MemberState,
    pub(crate) reason: &'a str,
}

/// Notes that an agent is in another state; an end is dated.
pub(crate) async fn mark(tx: &mut Tx, it: &Turn<'_>, now_ms: i64) -> Result<()> {
    let ends = !matches!(
        it.state,
        MemberState::Pending
            | MemberState::Deferred
            | MemberState::Installing
            | MemberState::Verifying
    );
    let update = Query::update()
        .table("rollout_agents")
        .values([
            ("state", it.state.as_str().into()),
            ("reason", it.reason.into()),
            ("ended_ms", ends.then_some(now_ms).into()),
        ])
        .and_where(Expr::col("rollout").eq(it.rollout))
        .and_where(Expr::col("agent").eq(it.agent))
        .to_owned();
    tx.execute(&update).await.map(drop)
}

/// Notes when an agent reported the target first.
pub(crate) async fn saw(tx: &mut Tx, rollout: &str, agent: &str, seen_ms: i64) -> Result<()> {
    let update = Query::update()
        .table("rollout_agents")
        .values([("state", MemberState::Verifying.as_str().into()), ("seen_ms", seen_ms.into())])
        .and_where(Expr::col("rollout").eq(rollout))
        .and_where(Expr::col("agent").eq(agent))
        .and_where(Expr::col("state").eq(MemberState::Installing.as_str()))
        .to_owned();
    tx.execute(&update).await.map(drop)
}

/// Notes that an agent has its order, and what it had before.
pub(crate) async fn begin(
    tx: &mut Tx,
    (rollout, task): (&str, &str),
    (agent, before): (&str, &Before),
    now_ms: i64,
) -> Result<()> {
    let mut update = Query::update();
    update
        .table("rollout_agents")
        .values([
            ("state", MemberState::Installing.as_str().into()),
            ("reason", "".into()),
            ("task", task.into()),
            ("begun_ms", now_ms.into()),
            ("seen_ms", Value::BigInt(None).into()),
        ])
        // Another turn does not change what it had before the first.
        .value(
            "previous",
            Expr::cust_with_exprs("COALESCE(previous, ?)", [Expr::val(text_of(before)?)]),
        )
        .and_where(Expr::col("rollout").eq(rollout))
        .and_where(Expr::col("agent").eq(agent));
    tx.execute(&update).await.map(drop)
}

/// Moves agents from some states to another, all of a rollout or those whose turn is before `below`;
/// returns how many.
pub(crate) async fn shift(
    tx: &mut Tx,
    (rollout, below): (&str, Option<u64>),
    (from, to): (&[MemberState], MemberState),
    reason: &str,
    now_ms: i64,
) -> Result<u64> {
    let mut update = Query::update();
    update
        .table("rollout_agents")
        .values([
            ("state", to.as_str().into()),
            ("reason", reason.into()),
            ("ended_ms", (to != MemberState::Pending).then_some(now_ms).into()),
        ])
        .and_where(Expr::col("rollout").eq(rollout))
        .and_where(Expr::col("state").is_in(from.iter().map(|it| it.as_str())));
    if let Some(below) = below {
        update.and_where(Expr::col("turn").lt(i64::try_from(below).unwrap_or(i64::MAX)));
    }
    tx.execute(&update).await
}

/// Gives deferred agents that are online their turn.
pub(crate) async fn recall(tx: &mut Tx, rollout: &str, now_ms: i64) -> Result<u64> {
    let online = Query::select()
        .column("id")
        .from("agents")
        .and_where(Expr::col("offline_ms").gt(now_ms))
        .and_where(Expr::cust("agents.id = rollout_agents.agent"))
        .to_owned();
    let update = Query::update()
        .table("rollout_agents")
        .values([("state", MemberState::Pending.as_str().into()), ("reason", "".into())])
        .and_where(Expr::col("rollout").eq(rollout))
        .and_where(Expr::col("state").eq(MemberState::Deferred.as_str()))
        .and_where(Expr::exists(online))
        .to_owned();
    tx.execute(&update).await
}

/// Returns the agents on which a rollout changed something, with what each had before.
pub(crate) async fn touched(tx: &mut Tx, rollout: &str) -> Result<Vec<(String, Before)>> {
    let states = ["installing", "verifying", "done", "failed"];
    let select = Query::select()
        .columns(["agent", "previous"])
        .from("rollout_agents")
        .and_where(Expr::col("rollout").eq(rollout))
        .and_where(Expr::col("state").is_in(states))
        .and_where(Expr::col("previous").is_not_null())
        .order_by("turn", Order::Asc)
        .to_owned();
    let read = |row: &SqliteRow| -> Result<(String, Before)> {
        Ok((row.try_get("agent")?, unjson(&row.try_get::<String, _>("previous")?)?))
    };
    tx.rows(&select).await?.iter().map(read).collect()
}

/// Marks the agents of `rollout` as reverted that are done in `reverse`.
pub(crate) async fn revert(tx: &mut Tx, rollout: &str, reverse: &str, now_ms: i64) -> Result<u64> {
    let back = Query::select()
        .column("agent")
        .from("rollout_agents")
        .and_where(Expr::col("rollout").eq(reverse))
        .and_where(Expr::col("state").eq(MemberState::Done.as_str()))
        .to_owned();
    let update = Query::update()
        .table("rollout_agents")
        .values([("state", MemberState::Reverted.as_str().into()), ("ended_ms", now_ms.into())])
        .and_where(Expr::col("rollout").eq(rollout))
        .and_where(Expr::col("agent").in_subquery(back))
        .to_owned();
    tx.execute(&update).await
}

/// Selects the agents of a rollout.
pub(crate) fn all_of(rollout: &str) -> SelectStatement {
    Query::select()
        .column("agent")
        .from("rollout_agents")
        .and_where(Expr::col("rollout").eq(rollout))
        .to_owned()
}

/// Lists one agent more than `limit`, in the order of their turn.
pub(crate) async fn page(
    store: &Store,
    rollout: &str,
    (query, after): (&MemberQuery, Option<i64>),
    limit: u64,
) -> Result<Vec<(i64, Member)>> {
    let mut select = Query::select();
    select
        .columns(["agent", "turn", "state", "reason", "previous", "task"])
        .columns(["begun_ms", "ended_ms"])
        .expr_as(
            Expr::cust("(SELECT hostname FROM agents WHERE agents.id = rollout_agents.agent)"),
            "hostname",
        )
        .from("rollout_agents")
        .and_where(Expr::col("rollout").eq(rollout))
        .order_by("turn", Order::Asc)
        .limit(limit + 1);
    if let Some(state) = query.state {
        select.and_where(Expr::col("state").eq(state.as_str()));
    }
    if let Some(after) = after {
        select.and_where(Expr::col("turn").gt(after));
    }
    store.rows(&select).await?.iter().map(member).collect()
}

fn member(row: &SqliteRow) -> Result<(i64, Member)> {
    let at = |column: &str| -> Result<_> {
        row.try_get::<Option<i64>, _>(column)?.map(time).transpose()
    };
    let (agent, state): (String, String) = (row.try_get("agent")?, row.try_get("state")?);
    let previous: Option<String> = row.try_get("previous")?;
    let previous: Option<Before> = previous.as_deref().map(unjson).transpose()?;
    let member = Member {
        agent: agent.parse().map_err(|_| StoreError::Value { what: "agent id" })?,
        hostname: row.try_get::<Option<String>, _>("hostname")?.unwrap_or_default(),
        state: state_of(&state)?,
        reason: row.try_get("reason")?,
        previous: previous.unwrap_or_default().ran,
        task: row.try_get("task")?,
        begun_at: at("begun_ms")?,
        ended_at: at("ended_ms")?,
    };
    Ok((row.try_get("turn")?, member))
}

/// Returns an active rollout, not `except`, that has an agent of a selection and, if `component` is
/// given, brings one of these components; with one such agent.
pub(crate) async fn overlap(
    tx: &mut Tx,
    (agents, except): (&SelectStatement, &str),
    components: Option<&[ComponentName]>,
) -> Result<Option<(String, String)>> {
    let select = Query::select()
        .column(("rollouts", "id"))
        .column(("rollouts", "changes"))
        .expr_as(Expr::cust("MIN(rollout_agents.agent)"), "agent")
        .from("rollouts")
        .inner_join(
            "rollout_agents",
            Expr::col(("rollout_agents", "rollout")).equals(("rollouts", "id")),
        )
        .and_where(Expr::col(("rollouts", "finished_ms")).is_null())
        .and_where(Expr::col(("rollouts", "id")).ne(except))
        .and_where(Expr::col(("rollout_agents", "agent")).in_subquery(agents.clone()))
        .add_group_by([Expr::col(("rollouts", "id"))])
        .to_owned();
    for row in tx.rows(&select).await? {
        let changes: String = row.try_get("changes")?;
        let changes: elk_api::rollouts::Changes = unjson(&changes)?;
        // One that takes agents back brings whatever each of them had.
        let same = components.is_none_or(|it| {
            changes.is_empty() || it.iter().any(|name| changes.contains_key(name))
        });
        if same {
            return Ok(Some((row.try_get("id")?, row.try_get("agent")?)));
        }
    }
    Ok(None)
}
