//! HTTP for agents.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Extension, State};
use elk_api::agents::{
    self, Agent, AgentConfig, AgentDetail, AgentQuery, Aggregate, AggregateGroup, AggregateQuery,
    Forget, ForgetRequest, Forgotten, RestartRequest,
};
use elk_api::{Page, tasks::Task, tasks::TaskKind};
use elk_model::data_type::{AGENT_OBJECT, TASK_RESTART};
use elk_model::selector::{AgentStatus, Selector};
use elk_web::{Caller, Json, Mount as _, Path, Query};
use sea_query::{Cond, Expr, ExprTrait as _};
use sqlx::Row as _;

use super::filter;
use super::store::{self, Known};
use crate::app::App;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::tasks::NewWork;
use crate::{page, selections, tasks};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<agents::List>()
        .to(list)
        .at::<agents::Get>()
        .to(get)
        .at::<Aggregate>()
        .to(aggregate)
        .at::<Forget>()
        .to(forget)
        .at::<agents::Restart>()
        .to(restart)
}

/// Reads a selector of a query; none means all agents.
pub(crate) fn selector(text: Option<&str>) -> ApiResult<Selector> {
    text.unwrap_or_default()
        .parse()
        .map_err(|error| invalid("invalid_selector", format!("{error}")))
}

async fn list(
    State(app): State<App>,
    Query(query): Query<AgentQuery>,
) -> ApiResult<Json<Page<Agent>>> {
    let limit = page::limit(query.limit)?;
    let now = app.clock.now();
    let condition = filter::condition(&selector(query.selector.as_deref())?, now.as_millisecond());
    let at = (limit, now.as_millisecond());
    let total = store::count(&app.store, condition.clone()).await.map_err(internal)?;
    let items = store::page(&app.store, condition, &query, at).await.map_err(internal)?;
    let sort = query.sort.unwrap_or_default();
    Ok(Json(page::cut(items, limit, total, now, |agent| store::cursor(agent, sort))))
}

/// Finds the one agent that `name` means: an id, a unique prefix of one, or `host=NAME`.
pub(crate) async fn find(app: &App, name: &str) -> ApiResult<Known> {
    let now = app.clock.unix_ms();
    let exact = match name.strip_prefix("host=") {
        Some(host) => Expr::col("hostname").eq(host),
        None => Expr::col("id").eq(name),
    };
    let exact = Cond::all().add(exact);
    let mut found = store::by_condition(&app.store, exact, 5, now).await.map_err(internal)?;
    if found.is_empty() && !name.starts_with("host=") && name.len() >= 4 {
        let prefix = Expr::cust_with_exprs(
            "substr(id, 1, ?) = ?",
            [Expr::val(i64::try_from(name.chars().count()).unwrap_or(i64::MAX)), Expr::val(name)],
        );
        let prefix = Cond::all().add(prefix);
        found = store::by_condition(&app.store, prefix, 5, now).await.map_err(internal)?;
    }
    if found.len() > 1 {
        let names: Vec<_> = found.iter().map(|it| it.agent.id.as_str()).collect();
        let detail = format!("{name:?} means several agents: {}", names.join(", "));
        return Err(conflict("agent_ambiguous", detail));
    }
    found.pop().ok_or_else(|| not_found("agent_not_found", format!("there is no agent {name:?}")))
}

async fn get(State(app): State<App>, Path(name): Path<String>) -> ApiResult<Json<AgentDetail>> {
    let known = find(&app, &name).await?;
    let id = &known.agent.id;
    let heartbeat = store::heartbeat(&app.store, id).await.map_err(internal)?.unwrap_or_default();
    let tasks = tasks::store::recent(&app.store, id).await.map_err(internal)?;
    Ok(Json(AgentDetail {
        heartbeat: serde_json::from_str(&heartbeat).unwrap_or_default(),
        connected_at: known.connected_at,
        peer: known.peer,
        config: AgentConfig {
            profile: elk_api::profiles::DEFAULT_PROFILE.to_owned(),
            revision: 0,
            desired: Vec::new(),
            in_sync: None,
            drift: Vec::new(),
        },
        tasks,
        agent: known.agent,
    }))
}

async fn aggregate(
    State(app): State<App>,
    Query(query): Query<AggregateQuery>,
) -> ApiResult<Json<Aggregate>> {
    let now = app.clock.now();
    let condition = filter::condition(&selector(query.selector.as_deref())?, now.as_millisecond());
    let total = store::count(&app.store, condition.clone()).await.map_err(internal)?;
    let by: Vec<String> =
        query.by.iter().flat_map(|it| it.split(',')).map(|it| it.trim().to_owned()).collect();
    if by.len() > 2 {
        return Err(invalid("invalid_key", "by: agents are counted by at most two keys"));
    }
    let mut select = sea_query::Query::select();
    select.from("agents").cond_where(condition).expr_as(Expr::cust("COUNT(*)"), "n");
    for (number, key) in by.iter().enumerate() {
        let (expr, join) = group_key(key, now.as_millisecond())?;
        if let Some(table) = join {
            select.left_join(table, Expr::col((table, "agent")).equals(("agents", "id")));
        }
        let name = if number == 0 { "k0" } else { "k1" };
        select.expr_as(expr.clone(), name).add_group_by([expr]);
    }
    let rows = app.store.rows(&select).await.map_err(internal)?;
    let mut counts: HashMap<Vec<Option<String>>, u64> = HashMap::new();
    for row in rows {
        let read = |name: &str| row.try_get::<Option<String>, _>(name).ok().flatten();
        let key = ["k0", "k1"].iter().take(by.len()).map(|it| read(it).filter(|it| !it.is_empty()));
        let count: i64 = row.try_get("n").unwrap_or(0);
        *counts.entry(key.collect()).or_default() += count.unsigned_abs();
    }
    let mut groups: Vec<_> =
        counts.into_iter().map(|(key, count)| AggregateGroup { key, count }).collect();
    groups.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
    Ok(Json(Aggregate { by, groups, total, server_time: now }))
}

/// Returns the expression to group by and the table it needs.
fn group_key(key: &str, now_ms: i64) -> ApiResult<(Expr, Option<&'static str>)> {
    Ok(match key {
        "status" => {
            let [running, abnormal, offline] =
                AgentStatus::ALL.map(|it| (filter::status(it, now_ms), it.as_str()));
            let case = sea_query::CaseStatement::new()
                .case(running.0, running.1)
                .case(abnormal.0, abnormal.1)
                .finally(offline.1);
            (case.into(), None)
        }
        "version" => (Expr::col(("agents", "version")), None),
        "platform" => (Expr::col("platform"), None),
        "arch" => (Expr::col("arch"), None),
        "ac" => (Expr::col("ac"), None),
        "idc" => (Expr::col("idc"), None),
        "tag" => (Expr::col(("tags", "tag")), Some("tags")),
        _ => {
            let known = "status, version, platform, arch, tag, ac, idc";
            return Err(invalid("invalid_key", format!("by: {key:?} is none of {known}")));
        }
    })
}

async fn forget(
    State(app): State<App>,
    Json(asked): Json<ForgetRequest>,
) -> ApiResult<Json<Forgotten>> {
    let agents = selections::store::agents(&app, &asked.selection).await?;
    let offline_ms =
        i64::try_from(asked.offline_for_seconds).unwrap_or(i64::MAX).saturating_mul(1_000);
    let now = app.clock.unix_ms();
    let forgotten = tasks::store::forget_agents(&app.store, &agents, (now, offline_ms)).await;
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
        in_flight: Some(asked.max_in_flight.unwrap_or(200)),
        created_by: caller.user,
        idempotency: None,
    };
    tasks::http::create_work(&app, work).await
}
