//! `createTask`: fixes the hosts of a task. Nothing is sent before it is run.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use bytes::Bytes;
use elk_api::center::{ConfigItem, null_as_default};
use elk_model::AgentId;
use elk_web::enveloped;
use rand::RngCore as _;
use sea_query::Query;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::intake::{bound, failed};
use super::super::jobs::nanoseconds;
use super::binding::{check_items, invalid, required, unreadable};
use super::selecting::{ALL, Choice, inner};
use super::task::{Body, CREATED, Data, Kind};
use crate::app::App;
use crate::store::Result;

const MAX_IDS: usize = 100_000;
const MAX_DATA: usize = 1 << 20;
const MAX_NAME: usize = 64;
const MAX_TEXT: usize = 1_024;
const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// Rows in one statement.
const ROWS: usize = 1_000;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/agent/createTask/task", post(task))
        .route("/api/v1/agent/createTask/ctrl", post(control))
}

pub(super) fn config_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/agent/createTask/config", post(config))
        .route("/api/v1/agent/createTask/delConfig", post(delete))
}

async fn task(State(app): State<App>, body: Bytes) -> Response {
    match bound::<Body>(&body) {
        Ok(mut body) => {
            body.data = Data { task: body.data.task, ..Data::default() };
            create(&app, Kind::Task, body).await
        }
        Err(response) => *response,
    }
}

/// The reference, too, creates a task that sends an order without a content: an order of nothing
/// but a number makes AgentCenters of the reference tell the agent to delete all its plugins, so
/// that the number is kept and never sent.
async fn control(State(app): State<App>, body: Bytes) -> Response {
    match bound::<Body>(&body) {
        Ok(mut body) => {
            body.data = Data { agent_ctrl: body.data.agent_ctrl, ..Data::default() };
            create(&app, Kind::Task, body).await
        }
        Err(response) => *response,
    }
}

async fn config(State(app): State<App>, body: Bytes) -> Response {
    match bound::<Body>(&body) {
        Ok(mut body) => {
            body.data = Data { config: body.data.config, ..Data::default() };
            create(&app, Kind::Config, body).await
        }
        Err(response) => *response,
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Removal {
    #[serde(deserialize_with = "null_as_default")]
    tag: String,
    #[serde(deserialize_with = "null_as_default")]
    id_list: Vec<String>,
    filter: Value,
    data: Option<Vec<String>>,
    #[serde(deserialize_with = "null_as_default")]
    task_name: String,
    all: bool,
}

/// Takes items out of the lists of agents: an item with nothing but a name says so.
async fn delete(State(app): State<App>, body: Bytes) -> Response {
    let given: Removal = match bound(&body) {
        Ok(given) => given,
        Err(response) => return *response,
    };
    if let Err(response) = required("Data", given.data.is_some()) {
        return *response;
    }
    let item = |name| ConfigItem { name, ..ConfigItem::default() };
    let config = given.data.into_iter().flatten().map(item).collect();
    let Removal { tag, id_list, filter, task_name, all, .. } = given;
    let data = Data { config, ..Data::default() };
    let body = Body { tag, id_list, filter, data, task_name, all, ..Body::default() };
    create(&app, Kind::Config, body).await
}

/// Returns what is wrong with what a task is to send.
fn check(kind: Kind, body: &Body) -> std::result::Result<(), String> {
    if body.id_list.len() > MAX_IDS {
        return Err(format!("id_list: more than {MAX_IDS} agents"));
    }
    let texts = [&body.tag, &body.task_name, &body.action, &body.task_user];
    if texts.iter().any(|it| it.len() > MAX_TEXT) {
        return Err(format!("tag, task_name, action, task_user: more than {MAX_TEXT} bytes"));
    }
    if let Some(task) = &body.data.task {
        if task.name.len() > MAX_NAME {
            return Err(format!("data.task.name: more than {MAX_NAME} bytes"));
        }
        if task.data.len() > MAX_DATA {
            return Err(format!("data.task.data: more than {MAX_DATA} bytes"));
        }
    }
    if kind == Kind::Config {
        if body.data.config.is_empty() {
            return Err("data.config: it names nothing to change".to_owned());
        }
        check_items(&body.data.config).map_err(|what| format!("data.{what}"))?;
    }
    Ok(())
}

async fn create(app: &App, kind: Kind, body: Body) -> Response {
    if let Err(what) = check(kind, &body) {
        return invalid(what);
    }
    let filter = match inner(&body.filter) {
        Ok(filter) => filter,
        Err(what) => return unreadable(what),
    };
    if filter.as_ref().is_some_and(|it| it.is_empty()) && !body.all {
        return invalid(ALL);
    }
    let (tag, ids) = (body.tag.clone(), body.id_list.clone());
    let choice = Choice { tag, ids, filter, all: body.all };
    let created = async {
        let agents = choice.agents(app).await?;
        let agents: Vec<AgentId> = agents.into_iter().collect();
        let id = keep(app, kind, &body, &agents).await?;
        Ok((id, agents.len()))
    };
    match created.await {
        Ok((id, count)) => {
            tracing::info!(task.id = id, targets = count, "created {id}");
            enveloped(0, "success", json!({ "task_id": id, "count": count }))
        }
        Err(error) => failed(&error),
    }
}

/// Writes down the task with all its hosts at once.
async fn keep(app: &App, kind: Kind, body: &Body, agents: &[AgentId]) -> Result<String> {
    let now = app.clock.unix_ms();
    let id = new_id(now);
    let text = serde_json::to_string(body).unwrap_or_default();
    let hosts = i64::try_from(agents.len()).unwrap_or(i64::MAX);
    let mut tx = app.store.begin().await?;
    let insert = Query::insert()
        .into_table("v1_tasks")
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
        .values_panic([
            id.as_str().into(),
            kind.as_str().into(),
            text.into(),
            CREATED.into(),
            0_i64.into(),
            hosts.into(),
            0_i64.into(),
            now.into(),
            now.into(),
        ])
        .to_owned();
    tx.execute(&insert).await?;
    for some in agents.chunks(ROWS) {
        let mut insert = Query::insert();
        insert.into_table("v1_targets").columns(["task", "agent"]);
        for agent in some {
            insert.values_panic([id.as_str().into(), agent.as_str().into()]);
        }
        tx.execute(&insert).await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Returns an id like the reference's: nanoseconds and six letters.
fn new_id(now_ms: i64) -> String {
    let mut random = [0; 6];
    rand::rng().fill_bytes(&mut random);
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 52)).copied().map_or('a', char::from);
    let letters: String = random.iter().map(letter).collect();
    format!("{}{letters}", nanoseconds(now_ms))
}
