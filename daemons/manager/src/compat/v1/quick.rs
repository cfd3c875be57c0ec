//! `quickTask`: one order to one agent, now.

use std::time::Duration;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::response::Response;
use axum::routing::post;
use bytes::Bytes;
use elk_api::center::{CommandTask, NOT_FOUND, null_as_default};
use elk_api::tasks::SubtaskState;
use elk_model::AgentId;
use elk_web::{Caller, enveloped};
use sea_query::{Expr, ExprTrait as _, Query as Sql};
use serde::Deserialize;
use sqlx::Row as _;
use tokio::time::{Instant, sleep};

use super::super::intake::{bound, failed};
use super::binding::{NO_DOCUMENT, required, unknown, unreadable};
use super::running::order_work;
use crate::app::App;
use crate::store::{Result, Store};
use crate::tasks;

/// An order that did not leave by then is taken back.
const PATIENCE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(25);
const MAX_DATA: usize = 1 << 20;

pub(super) fn routes() -> Router<App> {
    // With the reference any user may, also one who may only read.
    Router::new().route("/api/v1/agent/quickTask/task", post(task))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    token: String,
    timeout: i64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Given {
    #[serde(deserialize_with = "null_as_default")]
    agent_id: String,
    #[serde(deserialize_with = "null_as_default")]
    command: Command,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Command {
    #[serde(deserialize_with = "null_as_default")]
    task: CommandTask,
}

async fn task(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    wanted: std::result::Result<Query<Wanted>, QueryRejection>,
    body: Bytes,
) -> Response {
    let wanted = match wanted {
        Ok(Query(wanted)) => wanted,
        Err(error) => return unreadable(error.body_text()),
    };
    let given: Given = match bound(&body) {
        Ok(given) => given,
        Err(response) => return *response,
    };
    if let Err(response) = required("AgentID", !given.agent_id.is_empty()) {
        return *response;
    }
    if given.command.task.data.len() > MAX_DATA {
        return unknown(format!("command.task.data: more than {MAX_DATA} bytes"));
    }
    let shown = matches!(wanted.token.as_str(), "true" | "1" | "t" | "T" | "TRUE" | "True");
    match send(&app, &caller, given, (shown, wanted.timeout)).await {
        Ok(Ok(id)) => enveloped(0, "success", if shown { id } else { String::new() }),
        Ok(Err(why)) => unknown(why),
        Err(error) => failed(&error),
    }
}

type Sent = std::result::Result<String, String>;

/// Sends the order as a task of ours and waits until AgentCenter took it.
async fn send(
    app: &App,
    caller: &Caller,
    given: Given,
    (shown, timeout): (bool, i64),
) -> Result<Sent> {
    let Given { agent_id, command } = given;
    let select = Sql::select()
        .column("ac")
        .from("agents")
        .and_where(Expr::col("id").eq(agent_id.as_str()))
        .to_owned();
    let Some(row) = app.store.row(&select).await? else { return Ok(Err(NO_DOCUMENT.to_owned())) };
    let Ok(agent) = agent_id.parse::<AgentId>() else { return Ok(Err(NO_DOCUMENT.to_owned())) };
    if row.try_get::<Option<String>, _>("ac")?.is_none() {
        return Ok(Err(NOT_FOUND.to_owned()));
    }
    let timeout = u32::try_from(timeout).ok().filter(|it| *it > 0);
    let work = order_work(command.task, timeout, &caller.user);
    let id = create(app, (&work, &agent), shown).await?;
    tracing::info!(task.id = id, "{} sends an order to {agent}", caller.user);
    let deadline = Instant::now() + PATIENCE;
    loop {
        let (state, message) = state(&app.store, &id).await?;
        match state {
            SubtaskState::Queued | SubtaskState::Sent if Instant::now() < deadline => {
                sleep(LOOK).await;
            }
            SubtaskState::Queued => {
                let now = app.clock.unix_ms();
                tasks::store::cancel(&app.store, &id, now).await?;
                tasks::store::finish(&app.store, now).await?;
                // It may have left in this moment: then it is waited for no longer.
            }
            SubtaskState::Sent => {
                let text = "AgentCenter has not answered in 5 s; the order may still arrive";
                return Ok(Err(text.to_owned()));
            }
            SubtaskState::Cancelled | SubtaskState::Expired => {
                return Ok(Err(NOT_FOUND.to_owned()));
            }
            SubtaskState::Unknown => return Ok(Err(message)),
            SubtaskState::Failed => {
                // The agent's own failure is an answer like another.
                let told = told(&app.store, &id).await?;
                return Ok(if told { Ok(id) } else { Err(message) });
            }
            SubtaskState::Acked | SubtaskState::Succeeded | SubtaskState::TimedOut => {
                return Ok(Ok(id));
            }
        }
    }
}

/// Writes down the task and, where its result is wanted, that it can be asked for.
async fn create(
    app: &App,
    (work, agent): (&tasks::NewWork, &AgentId),
    shown: bool,
) -> Result<String> {
    let mut tx = app.store.begin().await?;
    let agents = std::slice::from_ref(agent);
    let id = tasks::create::create_in(&mut tx, work, agents, app.clock.unix_ms()).await?;
    if shown {
        let insert = Sql::insert()
            .into_table("v1_targets")
            .columns(["task", "agent", "run"])
            .values_panic([id.as_str().into(), agent.as_str().into(), id.as_str().into()])
            .to_owned();
        tx.execute(&insert).await?;
    }
    tx.commit().await?;
    Ok(id)
}

async fn state(store: &Store, task: &str) -> Result<(SubtaskState, String)> {
    let select = Sql::select()
        .columns(["state", "message"])
        .from("subtasks")
        .and_where(Expr::col("task").eq(task))
        .to_owned();
    let Some(row) = store.row(&select).await? else {
        return Ok((SubtaskState::Cancelled, String::new()));
    };
    let state: String = row.try_get("state")?;
    Ok((tasks::store::state_of(&state)?, row.try_get("message")?))
}

/// Returns whether the agent itself answered.
async fn told(store: &Store, task: &str) -> Result<bool> {
    let select = Sql::select()
        .expr(Expr::cust("COUNT(*)"))
        .from("subtasks")
        .and_where(Expr::col("task").eq(task))
        .and_where(Expr::col("result").is_not_null())
        .to_owned();
    Ok(store.count(&select).await? > 0)
}
