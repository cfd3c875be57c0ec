//! SQL for tasks.

use elk_api::agents::AgentTask;
use elk_api::events::EventType;
use elk_api::tasks::{
    ResultQuery, SubtaskState, Task, TaskCounts, TaskKind, TaskResult, TaskState,
};
use elk_model::AgentId;
use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement};
use serde_json::json;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::excerpt::excerpt;
use crate::events;
use crate::store::{Result, Store, StoreError, Tx};

/// Results that are read at a time.
const CHUNK: u64 = 64;
/// Bytes after which a page of results ends.
const PAGE_BYTES: usize = 4 << 20;
/// What a result takes besides the agent's answer, about.
const ROW_BYTES: usize = 512;

pub(super) const COLUMNS: [&str; 13] = [
    "id",
    "idempotency",
    "name",
    "kind",
    "plugin",
    "data_type",
    "data",
    "timeout",
    "in_flight",
    "created_by",
    "created_ms",
    "cancelled",
    "finished_ms",
];

pub(crate) async fn get(store: &Store, id: &str) -> Result<Option<Task>> {
    let select =
        Query::select().columns(COLUMNS).from("tasks").and_where(Expr::col("id").eq(id)).to_owned();
    match store.row(&select).await? {
        Some(row) => Ok(Some(task(store, &row).await?)),
        None => Ok(None),
    }
}

pub(crate) async fn list(store: &Store, before: Option<&str>, limit: u64) -> Result<Vec<Task>> {
    let mut select = Query::select();
    select.columns(COLUMNS).from("tasks").order_by("id", Order::Desc).limit(limit);
    if let Some(before) = before {
        select.and_where(Expr::col("id").lt(before));
    }
    let mut tasks = Vec::new();
    for row in store.rows(&select).await? {
        tasks.push(task(store, &row).await?);
    }
    Ok(tasks)
}

pub(crate) async fn count(store: &Store) -> Result<u64> {
    store.count(Query::select().expr(Expr::cust("COUNT(*)")).from("tasks")).await
}

async fn task(store: &Store, row: &SqliteRow) -> Result<Task> {
    let id: String = row.try_get("id")?;
    let counts = counts(store, &id).await?;
    let number = |column: &str| -> Result<i64> { Ok(row.try_get(column)?) };
    let finished: Option<i64> = row.try_get("finished_ms")?;
    let cancelled = number("cancelled")? == 1;
    let state = match (cancelled, finished) {
        (true, _) => TaskState::Cancelled,
        (false, Some(_)) => TaskState::Finished,
        (false, None) => TaskState::Running,
    };
    let kind: String = row.try_get("kind")?;
    let in_flight: Option<i64> = row.try_get("in_flight")?;
    let mut all = counts;
    Ok(Task {
        name: row.try_get("name")?,
        kind: kind_of(&kind)?,
        plugin: row.try_get("plugin")?,
        data_type: i32::try_from(number("data_type")?).unwrap_or_default(),
        data: row.try_get("data")?,
        state,
        targets: SubtaskState::ALL.iter().map(|it| *all.of(*it)).sum(),
        counts,
        timeout_seconds: u32::try_from(number("timeout")?).unwrap_or_default(),
        max_in_flight: in_flight.and_then(|it| u32::try_from(it).ok()),
        created_by: row.try_get("created_by")?,
        created_at: time(number("created_ms")?)?,
        finished_at: finished.map(time).transpose()?,
        id,
    })
}

pub(crate) async fn counts(store: &Store, id: &str) -> Result<TaskCounts> {
    let select = Query::select()
        .column("state")
        .expr_as(Expr::cust("COUNT(*)"), "n")
        .from("subtasks")
        .and_where(Expr::col("task").eq(id))
        .group_by_col("state")
        .to_owned();
    let mut counts = TaskCounts::default();
    for row in store.rows(&select).await? {
        let (word, count): (String, i64) = (row.try_get("state")?, row.try_get("n")?);
        *counts.of(state_of(&word)?) = count.unsigned_abs();
    }
    Ok(counts)
}

/// Returns the agents on which a task ended in one of `states`.
pub(crate) async fn agents_in(
    store: &Store,
    id: &str,
    states: &[SubtaskState],
) -> Result<Vec<AgentId>> {
    let select = Query::select()
        .column("agent")
        .from("subtasks")
        .and_where(Expr::col("task").eq(id))
        .and_where(Expr::col("state").is_in(states.iter().map(|it| it.as_str())))
        .to_owned();
    let rows = store.rows(&select).await?;
    let ids = rows.iter().filter_map(|row| row.try_get::<String, _>(0).ok()?.parse().ok());
    Ok(ids.collect())
}

/// Lists one more result than go onto a page, and says how many go there: `limit`, or fewer where
/// they are large.
pub(crate) async fn results(
    store: &Store,
    id: &str,
    query: &ResultQuery,
    limit: u64,
) -> Result<(Vec<TaskResult>, u64)> {
    let mut after = query.cursor.as_ref().and_then(|it| it.after.first()).cloned();
    let (mut items, mut bytes): (Vec<TaskResult>, usize) = (Vec::new(), 0);
    loop {
        let missing = (limit + 1).saturating_sub(items.len() as u64);
        let count = Ord::min(missing, CHUNK);
        let rows = some_results(store, id, (query, after.as_deref()), count).await?;
        for row in &rows {
            bytes += row.try_get::<Option<&str>, _>("result")?.map_or(0, str::len) + ROW_BYTES;
            items.push(result(row)?);
            let count = items.len() as u64;
            if count > limit {
                return Ok((items, limit));
            }
            if count > 1 && bytes > PAGE_BYTES {
                return Ok((items, count - 1));
            }
        }
        if (rows.len() as u64) < CHUNK {
            return Ok((items, limit));
        }
        after = items.last().map(|it| it.agent.to_string());
    }
}

async fn some_results(
    store: &Store,
    id: &str,
    (query, after): (&ResultQuery, Option<&str>),
    limit: u64,
) -> Result<Vec<SqliteRow>> {
    let mut select = Query::select();
    select
        .columns([
            ("subtasks", "agent"),
            ("subtasks", "state"),
            ("subtasks", "message"),
            ("subtasks", "token"),
            ("subtasks", "sent_ms"),
            ("subtasks", "ended_ms"),
            ("subtasks", "result"),
        ])
        .column(("agents", "hostname"))
        .from("subtasks")
        .left_join("agents", Expr::col(("agents", "id")).equals(("subtasks", "agent")))
        .and_where(Expr::col("task").eq(id))
        .order_by(("subtasks", "agent"), Order::Asc)
        .limit(limit);
    if let Some(state) = query.state {
        select.and_where(Expr::col("state").eq(state.as_str()));
    }
    if let Some(after) = after {
        select.and_where(Expr::col(("subtasks", "agent")).gt(after));
    }
    store.rows(&select).await
}

fn result(row: &SqliteRow) -> Result<TaskResult> {
    let (agent, state): (String, String) = (row.try_get("agent")?, row.try_get("state")?);
    let at = |column: &str| -> Result<Option<Timestamp>> {
        let ms: Option<i64> = row.try_get(column)?;
        ms.map(time).transpose()
    };
    let record: Option<String> = row.try_get("result")?;
    let hostname: Option<String> = row.try_get("hostname")?;
    Ok(TaskResult {
        agent: agent.parse().map_err(|_| StoreError::Value { what: "agent id" })?,
        hostname: hostname.unwrap_or_default(),
        state: state_of(&state)?,
        message: row.try_get("message")?,
        token: row.try_get("token")?,
        sent_at: at("sent_ms")?,
        finished_at: at("ended_ms")?,
        result: record.and_then(|it| serde_json::from_str(&it).ok()),
    })
}

/// Returns the last ten tasks of an agent, newest first.
pub(crate) async fn recent(store: &Store, agent: &AgentId) -> Result<Vec<AgentTask>> {
    let select = Query::select()
        .columns([("tasks", "id"), ("tasks", "kind"), ("tasks", "plugin"), ("tasks", "data_type")])
        .columns([("subtasks", "state"), ("subtasks", "created_ms")])
        .from("subtasks")
        .inner_join("tasks", Expr::col(("tasks", "id")).equals(("subtasks", "task")))
        .and_where(Expr::col("agent").eq(agent.as_str()))
        .order_by(("subtasks", "created_ms"), Order::Desc)
        .limit(10)
        .to_owned();
    let read = |row: &SqliteRow| -> Result<AgentTask> {
        let (kind, state): (String, String) = (row.try_get("kind")?, row.try_get("state")?);
        let number: i64 = row.try_get("data_type")?;
        Ok(AgentTask {
            task: row.try_get("id")?,
            kind: kind_of(&kind)?,
            plugin: row.try_get("plugin")?,
            data_type: i32::try_from(number).unwrap_or_default(),
            state: state_of(&state)?,
            created_at: time(row.try_get("created_ms")?)?,
        })
    };
    store.rows(&select).await?.iter().map(read).collect()
}

/// Cancels what is not yet sent.
pub(crate) async fn cancel(store: &Store, id: &str, now_ms: i64) -> Result<()> {
    let mut tx = store.begin().await?;
    cancel_in(&mut tx, id, now_ms).await?;
    tx.commit().await
}

/// Cancels within a transaction what is not yet sent.
pub(crate) async fn cancel_in(tx: &mut Tx, id: &str, now_ms: i64) -> Result<()> {
    let stop = Query::update()
        .table("subtasks")
        .values([("state", SubtaskState::Cancelled.as_str().into()), ("ended_ms", now_ms.into())])
        .and_where(Expr::col("task").eq(id))
        .and_where(Expr::col("state").eq(SubtaskState::Queued.as_str()))
        .to_owned();
    tx.execute(&stop).await?;
    let mark = Query::update()
        .table("tasks")
        .value("cancelled", 1_i64)
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("finished_ms").is_null())
        .to_owned();
    tx.execute(&mark).await.map(drop)
}

/// Writes down agents' answers; returns how many tokens nobody waits for.
pub(crate) async fn answer(
    store: &Store,
    answers: &[elk_api::intake::ResultFields],
    now_ms: i64,
) -> Result<u64> {
    let mut unknown = 0;
    let mut tx = store.begin().await?;
    for fields in answers {
        let Some(token) = fields.get("token").filter(|it| !it.is_empty()) else {
            unknown += 1;
            continue;
        };
        let ends =
            matches!(fields.get("data_type").map(String::as_str), Some("5100" | "6000" | "8010"));
        let succeeded = fields.get("status").is_some_and(|it| it == "succeed");
        let state = if succeeded { SubtaskState::Succeeded } else { SubtaskState::Failed };
        let mut update = Query::update();
        // What was answered stands: nothing that comes later changes it.
        let answered = [SubtaskState::Succeeded.as_str(), SubtaskState::Failed.as_str()];
        update
            .table("subtasks")
            .value("result", excerpt(fields))
            .and_where(Expr::col("token").eq(token.as_str()))
            .and_where(Expr::col("state").is_not_in(answered));
        if ends {
            let message: String =
                fields.get("msg").map(|it| it.chars().take(4_096).collect()).unwrap_or_default();
            update
                .value("state", state.as_str())
                .value("message", message)
                .value("ended_ms", now_ms);
        }
        if tx.execute(&update).await? == 0 {
            unknown += 1;
        }
    }
    tx.commit().await?;
    Ok(unknown)
}

/// Marks tasks whose agents have all reached an end state, and returns them.
pub(crate) async fn finish(store: &Store, now_ms: i64) -> Result<Vec<String>> {
    let open: SelectStatement = Query::select()
        .column("task")
        .from("subtasks")
        .and_where(Expr::col("state").is_in(["queued", "sent", "acked"]))
        .to_owned();
    let update = Query::update()
        .table("tasks")
        .value("finished_ms", now_ms)
        .and_where(Expr::col("finished_ms").is_null())
        .and_where(Expr::col("id").not_in_subquery(open))
        .returning_col("id")
        .to_owned();
    let rows = store.rows(&update).await?;
    let id = |row: &SqliteRow| -> Result<String> { Ok(row.try_get(0)?) };
    let ids = rows.iter().map(id).collect::<Result<Vec<_>>>()?;
    for id in &ids {
        let detail = json!({ "counts": counts(store, id).await? });
        let draft = events::Draft::new(EventType::Task, "finished", now_ms).about(id);
        store.events.publish(draft.with(detail));
    }
    Ok(ids)
}

fn time(ms: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(ms).map_err(|_| StoreError::Value { what: "time" })
}

pub(super) fn kind_word(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Task => "task",
        TaskKind::Config => "config",
        TaskKind::Restart => "restart",
    }
}

pub(super) fn kind_of(word: &str) -> Result<TaskKind> {
    let all = [TaskKind::Task, TaskKind::Config, TaskKind::Restart];
    let found = all.into_iter().find(|it| kind_word(*it) == word);
    found.ok_or(StoreError::Value { what: "task kind" })
}

pub(crate) fn state_of(word: &str) -> Result<SubtaskState> {
    let found = SubtaskState::ALL.into_iter().find(|it| it.as_str() == word);
    found.ok_or(StoreError::Value { what: "task state" })
}
