//! `controlTask`: sends a task to the next hosts, or to no more of them. And what jobs did.

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use elk_api::center::{CommandTask, null_as_default};
use elk_api::tasks::TaskKind;
use elk_model::AgentId;
use elk_model::data_type::{AGENT_OBJECT, TASK_RESTART};
use elk_web::{Caller, enveloped};
use sea_query::{Expr, ExprTrait as _, Order, Query as Sql};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::Row as _;

use super::super::intake::{bound, failed};
use super::super::jobs::{self, NewJob};
use super::binding::{NO_DOCUMENT, invalid, no_document, required, unknown};
use super::task::{self, Body, FINISHED, Kind, RUNNING, Task};
use crate::app::App;
use crate::store::{Result, Tx};
use crate::tasks::{self, NewWork, Push};

/// An order that was taken has this long to be answered where nobody says how long: nothing runs
/// for ever.
pub(super) const LONGEST_SECONDS: u32 = 86_400;
/// What the reference says that a run may take.
const JOB_SECONDS: i64 = 3_600;
/// Rows in one statement.
const ROWS: usize = 1_000;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/agent/controlTask", post(control))
        .route("/api/v1/agent/getJob/{id}", get(job))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Control {
    #[serde(deserialize_with = "null_as_default")]
    task_id: String,
    #[serde(deserialize_with = "null_as_default")]
    action: String,
    #[serde(deserialize_with = "null_as_default")]
    rolling_percent: f64,
    #[serde(deserialize_with = "null_as_default")]
    concurrence: i64,
}

/// What a run did.
enum Ran {
    Job {
        id: String,
        hosts: usize,
    },
    /// There is no host left, or the task was cancelled.
    Nothing,
    NoTask,
}

async fn control(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Response {
    let given: Control = match bound(&body) {
        Ok(given) => given,
        Err(response) => return *response,
    };
    for (field, there) in [
        ("TaskID", !given.task_id.is_empty()),
        ("Action", !given.action.is_empty()),
        ("RollingPercent", given.rolling_percent != 0.0),
        ("Concurrence", given.concurrence != 0),
    ] {
        if let Err(response) = required(field, there) {
            return *response;
        }
    }
    match given.action.as_str() {
        "run" => run(&app, &caller, &given).await,
        "cancel" => cancel(&app, &given.task_id).await,
        _ => invalid("action only support cancel|run"),
    }
}

async fn run(app: &App, caller: &Caller, given: &Control) -> Response {
    if !(given.rolling_percent > 0.0 && given.rolling_percent <= 1.0) {
        return invalid("RollingPercent must between 0 and 1");
    }
    if !(1..1_000).contains(&given.concurrence) {
        return invalid("Concurrence must between 0 and 1000");
    }
    match send(app, caller, given).await {
        Ok(Ran::Job { id, hosts }) => enveloped(
            0,
            "success",
            json!({ "taskID": given.task_id, "jobID": id, "id_count": hosts }),
        ),
        Ok(Ran::Nothing) => unknown("task is finished/stopped or the todo_list is empty"),
        Ok(Ran::NoTask) => unknown(NO_DOCUMENT),
        Err(error) => failed(&error),
    }
}

/// Hands the task to the next hosts: all of this happens at once or not at all, so that two runs
/// never take the same host.
async fn send(app: &App, caller: &Caller, given: &Control) -> Result<Ran> {
    let now = app.clock.unix_ms();
    let mut tx = app.store.begin().await?;
    let select = task::select().and_where(Expr::col("id").eq(given.task_id.as_str())).to_owned();
    let Some(row) = tx.row(&select).await? else { return Ok(Ran::NoTask) };
    let task = task::read(&row)?;
    if task.cancelled || task.inner == FINISHED {
        return Ok(Ran::Nothing);
    }
    let waiting = waiting(&mut tx, &task.id).await?;
    let next = share(task.hosts, given.rolling_percent).min(waiting.len());
    let (next, rest) = waiting.split_at_checked(next).unwrap_or((waiting.as_slice(), &[]));
    let inner = if rest.is_empty() { FINISHED } else { RUNNING };
    let ran = if next.is_empty() {
        Ran::Nothing
    } else {
        let work = work(&task, u32::try_from(given.concurrence).ok(), &caller.user);
        let run = tasks::create::create_in(&mut tx, &work, next, now).await?;
        give(&mut tx, (&task.id, &run), next).await?;
        let job = NewJob {
            name: task.kind.as_str(),
            of: Some((&task.id, &run)),
            concurrence: given.concurrence,
            timeout: JOB_SECONDS,
        };
        let id = job.id(now);
        job.keep(&mut tx, &id, now).await?;
        Ran::Job { id, hosts: next.len() }
    };
    let given_out = i64::try_from(next.len()).unwrap_or(i64::MAX);
    let update = Sql::update()
        .table("v1_tasks")
        .values([
            ("inner", inner.into()),
            ("distributed", task.distributed.saturating_add(given_out).into()),
            ("updated_ms", now.into()),
        ])
        .and_where(Expr::col("id").eq(task.id.as_str()))
        .to_owned();
    tx.execute(&update).await?;
    tx.commit().await?;
    Ok(ran)
}

/// Returns how many hosts a share of all of them is: at least one.
#[expect(clippy::cast_possible_truncation, reason = "a share of what fits fits")]
#[expect(clippy::cast_sign_loss, reason = "neither factor is negative")]
fn share(hosts: i64, percent: f64) -> usize {
    ((hosts as f64 * percent) as usize).max(1)
}

async fn waiting(tx: &mut Tx, task: &str) -> Result<Vec<AgentId>> {
    let select = Sql::select()
        .column("agent")
        .from("v1_targets")
        .and_where(Expr::col("task").eq(task))
        .and_where(Expr::col("run").is_null())
        .order_by("agent", Order::Asc)
        .to_owned();
    let rows = tx.rows(&select).await?;
    let ids = rows.iter().filter_map(|row| row.try_get::<String, _>(0).ok()?.parse().ok());
    Ok(ids.collect())
}

async fn give(tx: &mut Tx, (task, run): (&str, &str), agents: &[AgentId]) -> Result<()> {
    for some in agents.chunks(ROWS) {
        let update = Sql::update()
            .table("v1_targets")
            .value("run", run)
            .and_where(Expr::col("task").eq(task))
            .and_where(Expr::col("agent").is_in(some.iter().map(AgentId::as_str)))
            .to_owned();
        tx.execute(&update).await?;
    }
    Ok(())
}

/// Describes the task of ours that a run is.
fn work(task: &Task, in_flight: Option<u32>, user: &str) -> NewWork {
    let Body { data, task_name, subtask_running_timeout, .. } = &task.body;
    let order = data.task.clone().unwrap_or_default();
    let push = Push { changes: data.config.clone(), ..Push::default() };
    let timeout = u32::try_from(*subtask_running_timeout).ok().filter(|it| *it > 0);
    let name = if task_name.is_empty() { &task.id } else { task_name };
    let work = order_work(order, timeout, user);
    let work = NewWork { name: Some(name.chars().take(200).collect()), in_flight, ..work };
    match task.kind {
        Kind::Task => work,
        Kind::Config => NewWork {
            kind: TaskKind::Config,
            plugin: String::new(),
            data_type: 0,
            data: push.to_data(),
            ..work
        },
    }
}

/// Describes the task of ours that sends one order. A restart has no answer: it is seen in what the
/// agent says afterwards.
pub(super) fn order_work(order: CommandTask, timeout: Option<u32>, user: &str) -> NewWork {
    let restarts = order.name == AGENT_OBJECT && order.data_type == TASK_RESTART;
    NewWork {
        selection: String::new(),
        kind: if restarts { TaskKind::Restart } else { TaskKind::Task },
        plugin: order.name,
        data_type: order.data_type,
        data: order.data,
        name: None,
        timeout: timeout.map_or(LONGEST_SECONDS, |it| Ord::min(it, LONGEST_SECONDS)),
        in_flight: None,
        created_by: user.to_owned(),
        idempotency: None,
    }
}

/// Cancels a task, also what its runs have not sent yet: with the reference those go on.
async fn cancel(app: &App, id: &str) -> Response {
    match stop(app, id).await {
        Ok(true) => enveloped(0, "success", json!({ "taskID": id })),
        Ok(false) => no_document(),
        Err(error) => failed(&error),
    }
}

async fn stop(app: &App, id: &str) -> Result<bool> {
    let now = app.clock.unix_ms();
    let mut tx = app.store.begin().await?;
    let update = Sql::update()
        .table("v1_tasks")
        .values([("cancelled", 1_i64.into()), ("updated_ms", now.into())])
        .and_where(Expr::col("id").eq(id))
        .to_owned();
    if tx.execute(&update).await? == 0 {
        return Ok(false);
    }
    let runs = Sql::select()
        .column("run")
        .from("v1_jobs")
        .and_where(Expr::col("task").eq(id))
        .and_where(Expr::col("run").is_not_null())
        .to_owned();
    for row in tx.rows(&runs).await? {
        let run: String = row.try_get(0)?;
        tasks::store::cancel_in(&mut tx, &run, now).await?;
    }
    tx.commit().await?;
    tasks::store::finish(&app.store, now).await?;
    Ok(true)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    result: String,
}

async fn job(
    State(app): State<App>,
    Path(id): Path<String>,
    wanted: std::result::Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let wanted = wanted.is_ok_and(|it| it.0.result == "true");
    let found = async {
        let job = jobs::find(&app.store, &id, app.clock.unix_ms()).await?;
        let (info, stat) = jobs::told(&app, job.as_ref()).await?;
        let texts = match &job {
            Some(job) if wanted => json!(jobs::results(&app.store, job).await?),
            _ => Value::Null,
        };
        Ok(json!({ "info": info, "stat": stat, "res": texts }))
    };
    match found.await {
        Ok(data) => enveloped(0, "success", data),
        Err(error) => failed(&error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_down_and_is_at_least_one_host() {
        let cases = [(10, 0.29, 2), (10, 1.0, 10), (3, 0.1, 1), (0, 1.0, 1), (7, 0.5, 3)];
        for (hosts, percent, expected) in cases {
            assert_eq!(share(hosts, percent), expected, "{percent} of {hosts}");
        }
    }

    #[test]
    fn a_restart_is_followed_as_one() {
        let order = |name: &str, data_type| CommandTask {
            name: name.to_owned(),
            data_type,
            ..CommandTask::default()
        };
        let kind = |order| order_work(order, None, "admin").kind;
        assert_eq!(kind(order(AGENT_OBJECT, TASK_RESTART)), TaskKind::Restart);
        assert_eq!(kind(order("collector", TASK_RESTART)), TaskKind::Task);
        assert_eq!(order_work(order("x", 1), None, "admin").timeout, LONGEST_SECONDS);
        assert_eq!(order_work(order("x", 1), Some(9), "admin").timeout, 9);
    }
}
