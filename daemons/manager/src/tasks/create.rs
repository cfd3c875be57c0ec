//! How a task comes to be: whole, in one transaction, and once for one idempotency key.

use elk_api::events::EventType;
use elk_api::tasks::{SubtaskState, TaskKind};
use elk_model::AgentId;
use sea_query::{Expr, ExprTrait as _, Query, Value};
use serde_json::json;
use sqlx::Row as _;

use super::store::{COLUMNS, kind_word};
use super::{NewWork, Push};
use crate::events;
use crate::profiles::store::note_push;
use crate::store::{Result, Store, Tx};

/// An idempotency key is known this long.
const KEY_LIFE_MS: i64 = 86_400_000;

/// Creates a task on `agents`, or returns the one that was created under the same key.
pub(crate) async fn create(
    store: &Store,
    work: &NewWork,
    agents: &[AgentId],
    now_ms: i64,
) -> Result<String> {
    let mut tx = store.begin().await?;
    if let Some(key) = &work.idempotency
        && let Some(same) = created_before(&mut tx, key, now_ms).await?
    {
        return Ok(same);
    }
    let id = create_in(&mut tx, work, agents, now_ms).await?;
    tx.commit().await?;
    Ok(id)
}

/// Creates a task within a transaction.
pub(crate) async fn create_in(
    tx: &mut Tx,
    work: &NewWork,
    agents: &[AgentId],
    now_ms: i64,
) -> Result<String> {
    let id = format!("task-{}", uuid::Uuid::now_v7().simple());
    let finished = agents.is_empty().then_some(now_ms);
    let insert = Query::insert()
        .into_table("tasks")
        .columns(COLUMNS)
        .values_panic([
            id.as_str().into(),
            work.idempotency.clone().into(),
            work.name.clone().into(),
            kind_word(work.kind).into(),
            work.plugin.as_str().into(),
            i64::from(work.data_type).into(),
            work.data.as_str().into(),
            i64::from(work.timeout).into(),
            work.in_flight.map(i64::from).into(),
            work.created_by.as_str().into(),
            now_ms.into(),
            0_i64.into(),
            finished.into(),
        ])
        .to_owned();
    tx.execute(&insert).await?;
    let push = (work.kind == TaskKind::Config).then(|| Push::from_data(&work.data));
    for some in agents.chunks(200) {
        queue(tx, &id, some, now_ms).await?;
        // A change of some items replaces no push: what was asked for before it still counts.
        if let Some(push) = push.as_ref().filter(|it| it.changes.is_empty()) {
            note_push(tx, some, (&id, push), now_ms).await?;
        }
    }
    let detail = json!({
        "kind": kind_word(work.kind), "name": work.name, "plugin": work.plugin,
        "targets": agents.len(), "created_by": work.created_by,
    });
    tx.tell(events::Draft::new(EventType::Task, "created", now_ms).about(&id).with(detail));
    Ok(id)
}

/// Adds agents to the task of a rollout, which goes on, or begins again.
pub(crate) async fn extend(
    tx: &mut Tx,
    (id, push): (&str, &Push),
    agents: &[AgentId],
    now_ms: i64,
) -> Result<()> {
    let reopen = Query::update()
        .table("tasks")
        .value("finished_ms", Value::BigInt(None))
        .and_where(Expr::col("id").eq(id))
        .to_owned();
    tx.execute(&reopen).await?;
    for some in agents.chunks(200) {
        queue(tx, id, some, now_ms).await?;
        note_push(tx, some, (id, push), now_ms).await?;
    }
    Ok(())
}

async fn created_before(tx: &mut Tx, key: &str, now_ms: i64) -> Result<Option<String>> {
    let forget = Query::update()
        .table("tasks")
        .value("idempotency", Value::String(None))
        .and_where(Expr::col("idempotency").eq(key))
        .and_where(Expr::col("created_ms").lt(now_ms - KEY_LIFE_MS))
        .to_owned();
    tx.execute(&forget).await?;
    let same = Query::select()
        .column("id")
        .from("tasks")
        .and_where(Expr::col("idempotency").eq(key))
        .to_owned();
    tx.row(&same).await?.map(|row| Ok(row.try_get(0)?)).transpose()
}

async fn queue(tx: &mut Tx, task: &str, agents: &[AgentId], now_ms: i64) -> Result<()> {
    let mut insert = Query::insert();
    insert.into_table("subtasks").columns([
        "token",
        "task",
        "agent",
        "state",
        "message",
        "created_ms",
    ]);
    for agent in agents {
        let token = format!("elk{}", uuid::Uuid::new_v4().simple());
        insert.values_panic([
            token.into(),
            task.into(),
            agent.as_str().into(),
            SubtaskState::Queued.as_str().into(),
            "".into(),
            now_ms.into(),
        ]);
    }
    tx.execute(&insert).await.map(drop)
}
