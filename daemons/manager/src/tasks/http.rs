//! HTTP for tasks.

use axum::Router;
use axum::extract::{Extension, State};
use elk_api::tasks::{
    self, IDEMPOTENCY_HEADER, NewTask, ResultQuery, RetryRequest, SubtaskState, Task, TaskKind,
    TaskResult,
};
use elk_api::{Cursor, ListQuery, Page};
use elk_model::AgentId;
use elk_web::{Caller, Json, Mount as _, Path, Query};
use http::HeaderMap;

use super::{NewWork, Push, create as creation, store};
use crate::app::App;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::{page, selections};

const MAX_DATA: usize = 1 << 20;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<tasks::Create>()
        .to(create)
        .at::<tasks::List>()
        .to(list)
        .at::<tasks::Get>()
        .to(get)
        .at::<tasks::Results>()
        .to(results)
        .at::<tasks::Cancel>()
        .to(cancel)
        .at::<tasks::Retry>()
        .to(retry)
}

async fn create(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Json(new): Json<NewTask>,
) -> ApiResult<Json<Task>> {
    if new.plugin.is_empty() || new.plugin.len() > 64 {
        return Err(invalid("invalid_plugin", "plugin: a plugin's name has 1 to 64 characters"));
    }
    if new.data.len() > MAX_DATA {
        return Err(invalid("data_too_large", "data: a task's argument has at most 1 MiB"));
    }
    let work = NewWork {
        selection: new.selection,
        kind: TaskKind::Task,
        plugin: new.plugin,
        data_type: new.data_type,
        data: new.data,
        name: new.name.map(|it| it.chars().take(200).collect()),
        timeout: new.timeout_seconds.unwrap_or(600).clamp(1, 86_400),
        in_flight: in_flight(new.max_in_flight)?,
        idempotency: key(&headers, &caller),
        created_by: caller.user,
    };
    create_work(&app, work).await
}

/// Returns by what a repeated request of a user is known.
fn key(headers: &HeaderMap, caller: &Caller) -> Option<String> {
    let key = headers.get(IDEMPOTENCY_HEADER).and_then(|it| it.to_str().ok())?;
    Some(format!("{} {}", caller.user, key.chars().take(100).collect::<String>()))
}

/// Returns how many agents may be at a task at a time; those of the reference are bounded alike.
pub(crate) fn in_flight(wanted: Option<u32>) -> ApiResult<Option<u32>> {
    if wanted.is_some_and(|it| !(1..=999).contains(&it)) {
        let detail = "max_in_flight: 1 to 999 agents may be at it at a time";
        return Err(invalid("invalid_max_in_flight", detail));
    }
    Ok(wanted)
}

/// Creates a task and answers it.
pub(crate) async fn create_work(app: &App, work: NewWork) -> ApiResult<Json<Task>> {
    let agents = selections::store::agents(app, &work.selection).await?;
    create_for(app, work, &agents).await
}

async fn create_for(app: &App, work: NewWork, agents: &[AgentId]) -> ApiResult<Json<Task>> {
    let now = app.clock.unix_ms();
    let id = creation::create(&app.store, &work, agents, now).await.map_err(internal)?;
    tracing::info!(task.id = id, targets = agents.len(), "{} created {id}", work.created_by);
    shown(app, &id).await
}

async fn shown(app: &App, id: &str) -> ApiResult<Json<Task>> {
    let task = store::get(&app.store, id).await.map_err(internal)?;
    task.map(Json).ok_or_else(|| not_found("task_not_found", format!("there is no task {id:?}")))
}

async fn list(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<Task>>> {
    let limit = page::limit(query.limit)?;
    let before = query.cursor.as_ref().and_then(|it| it.after.first()).map(String::as_str);
    let items = store::list(&app.store, before, limit + 1).await.map_err(internal)?;
    let total = store::count(&app.store).await.map_err(internal)?;
    let cursor = |task: &Task| Cursor { after: vec![task.id.clone()] };
    Ok(Json(page::cut(items, limit, total, app.clock.now(), cursor)))
}

async fn get(State(app): State<App>, Path(id): Path<String>) -> ApiResult<Json<Task>> {
    shown(&app, &id).await
}

async fn results(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<ResultQuery>,
) -> ApiResult<Json<Page<TaskResult>>> {
    let limit = page::limit(query.limit)?;
    let mut task = shown(&app, &id).await?.0;
    let found = store::results(&app.store, &id, &query, limit).await;
    let (items, limit) = found.map_err(internal)?;
    let total = query.state.map_or(task.targets, |state| *task.counts.of(state));
    let cursor = |it: &TaskResult| Cursor { after: vec![it.agent.to_string()] };
    Ok(Json(page::cut(items, limit, total, app.clock.now(), cursor)))
}

async fn cancel(State(app): State<App>, Path(id): Path<String>) -> ApiResult<Json<Task>> {
    shown(&app, &id).await?;
    let now = app.clock.unix_ms();
    store::cancel(&app.store, &id, now).await.map_err(internal)?;
    store::finish(&app.store, now).await.map_err(internal)?;
    shown(&app, &id).await
}

/// What a retry is for if nothing else is said.
const FAILED: [SubtaskState; 3] =
    [SubtaskState::Failed, SubtaskState::TimedOut, SubtaskState::Expired];

async fn retry(
    State(app): State<App>,
    Path(id): Path<String>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Json(given): Json<RetryRequest>,
) -> ApiResult<Json<Task>> {
    let task = shown(&app, &id).await?.0;
    if Push::from_data(&task.data).rollout.is_some() && task.kind == TaskKind::Config {
        let detail = format!("{id} belongs to a rollout: retry that");
        return Err(conflict("task_of_a_rollout", detail));
    }
    let states = if given.states.is_empty() { FAILED.to_vec() } else { given.states };
    if let Some(state) = states.iter().find(|it| !it.is_end() || **it == SubtaskState::Succeeded) {
        let detail = format!("states: what is {} needs no other order", state.as_str());
        return Err(invalid("invalid_state", detail));
    }
    let agents = store::agents_in(&app.store, &id, &states).await.map_err(internal)?;
    if agents.is_empty() {
        return Err(conflict("nothing_to_retry", format!("{id} ended so on no agent")));
    }
    let work = NewWork {
        selection: String::new(),
        kind: task.kind,
        plugin: task.plugin,
        data_type: task.data_type,
        data: task.data,
        name: Some(task.name.unwrap_or_else(|| format!("retry of {id}"))),
        timeout: task.timeout_seconds,
        in_flight: task.max_in_flight,
        idempotency: key(&headers, &caller),
        created_by: caller.user,
    };
    create_for(&app, work, &agents).await
}
