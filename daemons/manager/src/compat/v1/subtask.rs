//! What became of a task on one host, as the reference shows it.

use elk_api::center::CommandTask;
use elk_api::tasks::SubtaskState;
use sea_query::{Cond, Condition, Expr, ExprTrait as _, Order, Query, SelectStatement};
use serde_json::{Value, json};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::super::jobs::{response, url};
use super::document::{Document, object_id};
use super::filter::{Bounds, Filter};
use super::running::LONGEST_SECONDS;
use super::task::Kind;
use crate::app::App;
use crate::profiles::lists::Wanted;
use crate::store::{Result, StoreError};
use crate::tasks;

/// Rows that are looked at in one go.
const CHUNK: u64 = 1_000;
const LATE: &str = "Timeout waiting for agent response";
const UNSENT: &str = "cancelled before it was sent";

/// Hands over every subtask for which `bounds` hold, by task and agent.
pub(super) async fn scan(
    app: &App,
    (bounds, filter): (&Bounds, Option<&Filter>),
    mut each: impl FnMut(Document),
) -> Result<()> {
    let possible = possible(bounds);
    let (mut task, mut agent) = (String::new(), String::new());
    loop {
        let column = |name: &'static str| Expr::col(("v1_targets", name));
        let beyond = Cond::any()
            .add(column("task").gt(task.as_str()))
            .add(column("task").eq(task.as_str()).and(column("agent").gt(agent.as_str())));
        let select =
            select().cond_where(beyond).cond_where(possible.clone()).limit(CHUNK).to_owned();
        let rows = app.store.rows(&select).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        (task, agent) = (last.try_get("task")?, last.try_get("agent")?);
        let documents = rows.iter().map(|row| Ok(Subtask::read(row)?.document()));
        let mut documents = documents.collect::<Result<Vec<_>>>()?;
        if let Some(filter) = filter {
            documents = filter.pick(documents).await?;
        }
        documents.into_iter().for_each(&mut each);
    }
}

fn possible(bounds: &Bounds) -> Condition {
    let mut all = Cond::all();
    for (column, ids) in [("task", &bounds.tasks), ("agent", &bounds.ids)] {
        let Some(ids) = ids else { continue };
        let list = Expr::val(serde_json::to_string(ids).unwrap_or_default());
        all = all.add(Expr::cust_with_exprs(
            "? IN (SELECT value FROM json_each(?))",
            [Expr::col(("v1_targets", column)), list],
        ));
    }
    all
}

fn select() -> SelectStatement {
    let same =
        |a: (&'static str, &'static str), b: (&'static str, &'static str)| Expr::col(a).equals(b);
    let of_target = same(("subtasks", "task"), ("v1_targets", "run"))
        .and(same(("subtasks", "agent"), ("v1_targets", "agent")));
    Query::select()
        .columns(["task", "agent"].map(|it| ("v1_targets", it)))
        .columns(
            ["token", "state", "message", "sent_ms", "ended_ms", "result", "desired", "sent_to"]
                .map(|it| ("subtasks", it)),
        )
        .columns(["plugin", "data_type", "data", "timeout"].map(|it| ("tasks", it)))
        .expr_as(Expr::col(("subtasks", "created_ms")), "queued_ms")
        .expr_as(Expr::col(("v1_tasks", "kind")), "kind")
        .expr_as(Expr::col(("v1_tasks", "created_ms")), "created_ms")
        .expr_as(Expr::col(("v1_jobs", "id")), "job")
        .from("v1_targets")
        .left_join("subtasks", of_target)
        .left_join("tasks", same(("tasks", "id"), ("v1_targets", "run")))
        .left_join("v1_tasks", same(("v1_tasks", "id"), ("v1_targets", "task")))
        .left_join("v1_jobs", same(("v1_jobs", "run"), ("v1_targets", "run")))
        .order_by(("v1_targets", "task"), Order::Asc)
        .order_by(("v1_targets", "agent"), Order::Asc)
        .to_owned()
}

/// One host of a task.
struct Subtask {
    task: String,
    agent: String,
    /// That of the reference; a quick order has none.
    kind: Option<Kind>,
    job: String,
    created_ms: i64,
    order: Option<Sent>,
}

/// What was sent, or is to be.
struct Sent {
    token: String,
    state: SubtaskState,
    message: String,
    queued_ms: i64,
    sent_ms: Option<i64>,
    ended_ms: Option<i64>,
    result: Option<Value>,
    sent_to: Option<String>,
    timeout: i64,
    command: Value,
}

impl Subtask {
    fn read(row: &SqliteRow) -> Result<Self> {
        let kind: Option<String> = row.try_get("kind")?;
        let kind = kind.map(|it| Kind::read(&it)).transpose()?;
        let order = Sent::read(row, kind)?;
        let created: Option<i64> = row.try_get("created_ms")?;
        let queued = order.as_ref().map(|it| it.queued_ms);
        Ok(Self {
            task: row.try_get("task")?,
            agent: row.try_get("agent")?,
            kind,
            job: row.try_get::<Option<String>, _>("job")?.unwrap_or_default(),
            created_ms: created.or(queued).unwrap_or_default(),
            order,
        })
    }

    fn document(&self) -> Document {
        let order = self.order.as_ref();
        let command = order.filter(|it| it.sent_ms.is_some()).map(|it| &it.command);
        let data = command.map(|it| json!({ "agent_id": self.agent, "command": it }));
        let at = |ms: Option<i64>| ms.unwrap_or_default() / 1_000;
        let updated = order.map(|it| it.ended_ms.or(it.sent_ms).unwrap_or(it.queued_ms));
        let answer = order.and_then(|it| it.result.clone()).unwrap_or_else(|| json!(""));
        let fields = [
            ("_id", json!(object_id(&format!("{} {}", self.task, self.agent)))),
            ("append_data", Value::Null),
            ("task_type", json!(self.kind.unwrap_or(Kind::Task).as_str())),
            ("task_data_type", json!(0)),
            ("agent_id", json!(self.agent)),
            ("task_id", json!(self.task)),
            ("job_id", json!(self.job)),
            ("task_data", json!(data)),
            ("task_url", json!(order.map(|it| url(it.sent_to.as_deref())).unwrap_or_default())),
            ("token", json!(order.map(|it| it.token.as_str()).unwrap_or_default())),
            ("status", json!(order.map_or("created", Sent::status))),
            ("status_msg", json!(order.map(Sent::told).unwrap_or_default())),
            ("insert_time", json!(self.created_ms / 1_000)),
            ("update_time", json!(at(updated.or(Some(self.created_ms))))),
            ("job_time_out_time", json!(order.map_or(0, |it| it.ends(self.kind)))),
            ("job_start_time", json!(at(order.and_then(|it| it.sent_ms)))),
            ("task_result", answer),
            ("task_resp", json!(order.map(Sent::response).unwrap_or_default())),
        ];
        fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }
}

impl Sent {
    fn read(row: &SqliteRow, kind: Option<Kind>) -> Result<Option<Self>> {
        let Some(state) = row.try_get::<Option<String>, _>("state")? else { return Ok(None) };
        let token: String = row.try_get("token")?;
        let result: Option<String> = row.try_get("result")?;
        let command = match kind {
            Some(Kind::Config) => {
                let sent: Option<String> = row.try_get("desired")?;
                let sent = sent.map(|it| serde_json::from_str::<Wanted>(&it)).transpose();
                let sent = sent.map_err(|_| StoreError::Value { what: "set of an order" })?;
                match sent {
                    Some(Wanted::Change { list, .. }) => json!({ "config": list }),
                    Some(Wanted::Set(_)) | None => json!({}),
                }
            }
            Some(Kind::Task) | None => {
                let number: i64 = row.try_get("data_type")?;
                let task = CommandTask {
                    name: row.try_get("plugin")?,
                    data: row.try_get("data")?,
                    token: token.clone(),
                    data_type: i32::try_from(number).unwrap_or_default(),
                };
                json!({ "task": task })
            }
        };
        Ok(Some(Self {
            state: tasks::store::state_of(&state)?,
            message: row.try_get("message")?,
            queued_ms: row.try_get("queued_ms")?,
            sent_ms: row.try_get("sent_ms")?,
            ended_ms: row.try_get("ended_ms")?,
            result: result.and_then(|it| serde_json::from_str(&it).ok()),
            sent_to: row.try_get("sent_to")?,
            timeout: row.try_get("timeout")?,
            token,
            command,
        }))
    }

    /// Returns the reference's word: what AgentCenter said has another than what the agent said.
    fn status(&self) -> &'static str {
        match self.state {
            SubtaskState::Queued | SubtaskState::Sent => "running",
            SubtaskState::Acked => "succeed",
            SubtaskState::Succeeded => "result_succeed",
            SubtaskState::TimedOut => "result_failed",
            SubtaskState::Failed if self.result.is_some() => "result_failed",
            SubtaskState::Failed
            | SubtaskState::Unknown
            | SubtaskState::Expired
            | SubtaskState::Cancelled => "failed",
        }
    }

    fn told(&self) -> &str {
        match self.state {
            SubtaskState::TimedOut if self.message.is_empty() => LATE,
            SubtaskState::Cancelled if self.message.is_empty() => UNSENT,
            _ => &self.message,
        }
    }

    fn response(&self) -> String {
        response(self.state, self.result.is_some(), self.told())
    }

    /// Returns until when a quick order that asked for it has to be answered.
    fn ends(&self, kind: Option<Kind>) -> i64 {
        let limited = kind.is_none() && self.timeout < i64::from(LONGEST_SECONDS);
        let sent = self.sent_ms.filter(|_| limited);
        sent.map_or(0, |ms| ms / 1_000 + self.timeout)
    }
}
