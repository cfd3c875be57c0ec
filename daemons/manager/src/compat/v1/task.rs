//! Tasks of the reference: hosts that are fixed when a task is created, and orders to some of them
//! with each run. A run is a task of ours, which does the sending.

use elk_api::center::{CommandTask, ConfigItem, null_as_default};
use elk_api::tasks::SubtaskState;
use sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::document::Document;
use crate::store::{Result, Store, StoreError};
use crate::tasks;

pub(super) const CREATED: &str = "created";
pub(super) const RUNNING: &str = "running";
pub(super) const FINISHED: &str = "finished";
const CANCELLED: &str = "cancelled";

/// What a task sends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Task,
    Config,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Task => "Agent_Task",
            Self::Config => "Agent_Config",
        }
    }

    pub(super) fn read(word: &str) -> Result<Self> {
        let found = [Self::Task, Self::Config].into_iter().find(|it| it.as_str() == word);
        found.ok_or(StoreError::Value { what: "task kind" })
    }
}

/// What a task is created with, and shown with afterwards.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Body {
    #[serde(deserialize_with = "null_as_default")]
    pub(super) tag: String,
    #[serde(deserialize_with = "null_as_default")]
    pub(super) id_list: Vec<String>,
    pub(super) filter: Value,
    #[serde(deserialize_with = "null_as_default")]
    pub(super) data: Data,
    #[serde(deserialize_with = "null_as_default")]
    pub(super) task_name: String,
    #[serde(deserialize_with = "null_as_default")]
    pub(super) action: String,
    #[serde(deserialize_with = "null_as_default")]
    pub(super) task_user: String,
    #[serde(deserialize_with = "null_as_default")]
    pub(super) subtask_running_timeout: i64,
    /// Says that every agent is meant, where the reference takes an empty filter for it.
    #[serde(skip_serializing)]
    pub(super) all: bool,
}

/// What is sent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Data {
    #[serde(deserialize_with = "null_as_default", skip_serializing_if = "is_zero")]
    pub(super) agent_ctrl: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) task: Option<CommandTask>,
    #[serde(deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub(super) config: Vec<ConfigItem>,
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// A task as it is stored.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) body: Body,
    /// How far the hosts are dealt out.
    pub(super) inner: String,
    pub(super) cancelled: bool,
    pub(super) hosts: i64,
    pub(super) distributed: i64,
    created_ms: i64,
    updated_ms: i64,
}

/// How many hosts of a task are how far.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    created: i64,
    running: i64,
    failed: i64,
    succeeded: i64,
}

pub(super) fn select() -> SelectStatement {
    Query::select()
        .columns([
            "id",
            "kind",
            "body",
            "inner",
            "cancelled",
            "hosts",
            "distributed",
            "created_ms",
            "updated_ms",
        ])
        .from("v1_tasks")
        .to_owned()
}

pub(super) fn read(row: &SqliteRow) -> Result<Task> {
    let (kind, body): (String, String) = (row.try_get("kind")?, row.try_get("body")?);
    Ok(Task {
        id: row.try_get("id")?,
        kind: Kind::read(&kind)?,
        body: serde_json::from_str(&body).map_err(|_| StoreError::Value { what: "task" })?,
        inner: row.try_get("inner")?,
        cancelled: row.try_get::<i64, _>("cancelled")? == 1,
        hosts: row.try_get("hosts")?,
        distributed: row.try_get("distributed")?,
        created_ms: row.try_get("created_ms")?,
        updated_ms: row.try_get("updated_ms")?,
    })
}

pub(super) async fn find(store: &Store, id: &str) -> Result<Option<Task>> {
    let select = select().and_where(Expr::col("id").eq(id)).to_owned();
    store.row(&select).await?.map(|row| read(&row)).transpose()
}

impl Task {
    /// Shows it; the hosts that have got no order yet only on request.
    pub(super) async fn document(&self, store: &Store, todo: bool) -> Result<Document> {
        let counts = self.counts(store).await?;
        let todo = if todo { self.todo(store).await? } else { Vec::new() };
        let inner = if self.cancelled { CANCELLED } else { self.inner.as_str() };
        let value = serde_json::to_value(&self.body);
        let Ok(Value::Object(mut fields)) = value else {
            return Err(StoreError::Value { what: "task" });
        };
        for (key, value) in [
            ("task_id", json!(self.id)),
            ("task_type", json!(self.kind.as_str())),
            ("inner_status", json!(inner)),
            ("task_status", json!(self.status(&counts))),
            ("todo_list", json!(todo)),
            ("id_count", json!(self.hosts)),
            ("distributed_count", json!(self.distributed)),
            ("job_list", json!(self.jobs(store).await?)),
            ("sub_task_created", json!(counts.created)),
            ("sub_task_running", json!(counts.running)),
            ("sub_task_failed", json!(counts.failed)),
            ("sub_task_succeed", json!(counts.succeeded)),
            ("create_time", json!(self.created_ms / 1_000)),
            ("update_time", json!(self.updated_ms / 1_000)),
        ] {
            fields.insert(key.to_owned(), value);
        }
        Ok(fields)
    }

    /// A task is finished when every host got its order and every order came to an end.
    fn status(&self, counts: &Counts) -> &'static str {
        if self.cancelled {
            CANCELLED
        } else if self.distributed == 0 {
            CREATED
        } else if self.inner == FINISHED && counts.running == 0 {
            FINISHED
        } else {
            RUNNING
        }
    }

    async fn counts(&self, store: &Store) -> Result<Counts> {
        let select = Query::select()
            .column(("subtasks", "state"))
            .expr_as(Expr::cust("COUNT(*)"), "n")
            .from("v1_targets")
            .left_join(
                "subtasks",
                Expr::col(("subtasks", "task"))
                    .equals(("v1_targets", "run"))
                    .and(Expr::col(("subtasks", "agent")).equals(("v1_targets", "agent"))),
            )
            .and_where(Expr::col(("v1_targets", "task")).eq(self.id.as_str()))
            .group_by_col(("subtasks", "state"))
            .to_owned();
        let mut counts = Counts::default();
        for row in store.rows(&select).await? {
            let (state, count): (Option<String>, i64) = (row.try_get("state")?, row.try_get("n")?);
            let Some(state) = state else {
                counts.created += count;
                continue;
            };
            // The reference takes a configuration for done when AgentCenter took it. Here it is done
            // when the agent shows it.
            match tasks::store::state_of(&state)? {
                SubtaskState::Queued | SubtaskState::Sent | SubtaskState::Acked => {
                    counts.running += count;
                }
                SubtaskState::Succeeded => counts.succeeded += count,
                SubtaskState::Failed
                | SubtaskState::TimedOut
                | SubtaskState::Unknown
                | SubtaskState::Expired
                | SubtaskState::Cancelled => counts.failed += count,
            }
        }
        Ok(counts)
    }

    async fn todo(&self, store: &Store) -> Result<Vec<String>> {
        let select = Query::select()
            .column("agent")
            .from("v1_targets")
            .and_where(Expr::col("task").eq(self.id.as_str()))
            .and_where(Expr::col("run").is_null())
            .order_by("agent", Order::Asc)
            .to_owned();
        store.rows(&select).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    async fn jobs(&self, store: &Store) -> Result<Vec<String>> {
        let select = Query::select()
            .column("id")
            .from("v1_jobs")
            .and_where(Expr::col("task").eq(self.id.as_str()))
            .order_by("created_ms", Order::Asc)
            .order_by("id", Order::Asc)
            .to_owned();
        store.rows(&select).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }
}
