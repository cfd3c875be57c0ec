//! HTTP for agents.

use axum::Router;
use axum::extract::{Extension, State};
use elk_api::agents::{
    self, Agent, AgentDetail, AgentQuery, Aggregate, Forget, ForgetRequest, Forgotten,
    RestartRequest,
};
use elk_api::{Page, tasks::Task, tasks::TaskKind};
use elk_model::data_type::{AGENT_OBJECT, TASK_RESTART};
use elk_model::selector::{Selector, Term, TextKey, TextTest};
use elk_web::{ApiError, Caller, Json, Mount as _, Path, Query};
use sea_query::{Cond, Expr, ExprTrait as _};

use super::store::{self, Known};
use super::{aggregate, filter};
use crate::app::App;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::roles::scope::Scope;
use crate::tasks::NewWork;
use crate::{page, selections, tasks};

/// Candidates named where a name means several agents.
const SHOWN: u64 = 5;
const SHORTEST_PREFIX: usize = 4;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<agents::List>()
        .to(list)
        .at::<agents::Get>()
        .to(get)
        .at::<agents::Explain>()
        .to(super::why::explain)
        .at::<Aggregate>()
        .to(aggregate::aggregate)
        .at::<Forget>()
        .to(forget)
        .at::<agents::Restart>()
        .to(restart)
}

/// Reads a selector of a query, for the database; none means all agents.
pub(crate) fn selector(app: &App, text: Option<&str>) -> ApiResult<Selector> {
    let refused = |what: String| invalid("invalid_selector", what);
    let read: Result<Selector, _> = text.unwrap_or_default().parse();
    let mut selector = read.map_err(|error| refused(error.to_string()))?;
    for term in &selector.terms {
        let Term::Text(_, TextTest::Matches(pattern)) = term else { continue };
        if let Err(reason) = super::pattern::read(pattern) {
            let shown: String = pattern.chars().take(200).collect();
            return Err(refused(format!(
                "selector: {shown:?} is not taken as a regular expression: {reason}"
            )));
        }
    }
    for term in &mut selector.terms {
        if let Term::Text(TextKey::Ac, test) = term {
            *test = app.fleet.by_api(test.clone());
        }
    }
    Ok(selector)
}

/// Calls the AgentCenter of an agent what people call it.
fn named(app: &App, mut agent: Agent) -> Agent {
    agent.ac = agent.ac.map(|ac| app.fleet.shown(&ac));
    agent
}

async fn list(
    State(app): State<App>,
    scope: Option<Extension<Scope>>,
    Query(query): Query<AgentQuery>,
) -> ApiResult<Json<Page<Agent>>> {
    let limit = page::limit(query.limit)?;
    let sort = query.sort.unwrap_or_default();
    if query.cursor.as_ref().is_some_and(|it| !store::is_cursor(it, sort)) {
        return Err(page::foreign_cursor());
    }
    let now = app.clock.now();
    let selector = selector(&app, query.selector.as_deref())?;
    let condition = filter::condition(&selector, now.as_millisecond());
    let condition = Scope::narrow(scope.as_deref(), condition, now.as_millisecond());
    let at = (limit, now.as_millisecond());
    let total = store::count(&app.store, condition.clone()).await.map_err(internal)?;
    let items = store::page(&app.store, condition, &query, at).await.map_err(internal)?;
    let items = items.into_iter().map(|it| named(&app, it)).collect();
    Ok(Json(page::cut(items, limit, total, now, |agent| store::cursor(agent, sort))))
}

/// Finds the one agent that `name` means: an id, a unique prefix of one, or `host=NAME`.
pub(crate) async fn find(app: &App, name: &str) -> ApiResult<Known> {
    let id = resolve(app, name).await?;
    let this = Cond::all().add(Expr::col("id").eq(id));
    let found = store::by_condition(&app.store, this, 1, app.clock.unix_ms()).await;
    found.map_err(internal)?.pop().ok_or_else(|| unknown(name))
}

/// Returns the id of the one agent that `name` means.
pub(crate) async fn resolve(app: &App, name: &str) -> ApiResult<String> {
    let exact = match name.strip_prefix("host=") {
        Some(host) => Expr::col("hostname").eq(host),
        None => Expr::col("id").eq(name),
    };
    let exact = Cond::all().add(exact);
    let mut found = store::ids(&app.store, exact, SHOWN + 1).await.map_err(internal)?;
    if found.is_empty() && !name.starts_with("host=") && name.len() >= SHORTEST_PREFIX {
        // No character of an id comes after this one.
        let prefix = Cond::all()
            .add(Expr::col("id").gte(name))
            .add(Expr::col("id").lt(format!("{name}\u{7f}")));
        found = store::ids(&app.store, prefix, SHOWN + 1).await.map_err(internal)?;
    }
    if found.len() > 1 {
        let more = if found.len() as u64 > SHOWN { " and more" } else { "" };
        found.truncate(usize::try_from(SHOWN).unwrap_or(usize::MAX));
        let detail = format!("{name:?} means several agents: {}{more}", found.join(", "));
        return Err(conflict("agent_ambiguous", detail));
    }
    found.pop().ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> ApiError {
    let shown: String = name.chars().take(200).collect();
    let mut error = not_found("agent_not_found", format!("there is no agent {shown:?}"));
    if name.len() < SHORTEST_PREFIX {
        let hint = format!("the beginning of an id is taken from {SHORTEST_PREFIX} characters on");
        error.problem.hint = Some(hint);
    }
    error
}

async fn get(State(app): State<App>, Path(name): Path<String>) -> ApiResult<Json<AgentDetail>> {
    let known = find(&app, &name).await?;
    let id = &known.agent.id;
    let heartbeat = store::heartbeat(&app.store, id).await.map_err(internal)?.unwrap_or_default();
    let tasks = tasks::store::recent(&app.store, id).await.map_err(internal)?;
    let config = crate::profiles::http::of_agent(&app, id.as_str()).await?;
    Ok(Json(AgentDetail {
        heartbeat: serde_json::from_str(&heartbeat).unwrap_or_default(),
        connected_at: known.connected_at,
        peer: known.peer,
        config,
        tasks,
        agent: named(&app, known.agent),
    }))
}

async fn forget(
    State(app): State<App>,
    Json(asked): Json<ForgetRequest>,
) -> ApiResult<Json<Forgotten>> {
    let agents = selections::store::agents(&app, &asked.selection).await?;
    let offline_ms =
        i64::try_from(asked.offline_for_seconds).unwrap_or(i64::MAX).saturating_mul(1_000);
    let now = app.clock.unix_ms();
    let forgotten = super::forget::forget(&app.store, &agents, (now, offline_ms)).await;
    let forgotten = forgotten.map_err(internal)?;
    let kept = (agents.len() - forgotten.len()) as u64;
    Ok(Json(Forgotten { forgotten, kept }))
}

async fn restart(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(asked): Json<RestartRequest>,
) -> ApiResult<Json<Task>> {
    let work = NewWork {
        selection: asked.selection,
        kind: TaskKind::Restart,
        plugin: AGENT_OBJECT.to_owned(),
        data_type: TASK_RESTART,
        data: String::new(),
        name: None,
        timeout: 600,
        in_flight: tasks::http::in_flight(asked.max_in_flight)?.or(Some(200)),
        created_by: caller.user,
        idempotency: None,
    };
    tasks::http::create_work(&app, work).await
}
