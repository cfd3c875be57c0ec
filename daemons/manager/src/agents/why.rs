//! Why an agent is offline, or did not do what it should: facts that servers saw, and what follows.

mod cause;

use std::net::IpAddr;
use std::time::Duration;

use axum::extract::State;
use elk_api::agents::{Agent, Finding, Health, Topic, Why};
use elk_api::center::{CONN_REFUSED, RefusedList};
use elk_web::{Json, Path};
use futures_util::future::join_all;
use sea_query::{Cond, Expr, ExprTrait as _, Order, Query};
use sqlx::Row as _;

use super::store::{self, Known};
use crate::app::App;
use crate::failure::{ApiResult, internal};
use crate::profiles;
use crate::store::Result;
use crate::tasks;
use cause::{Center, Door, Facts};

/// For an AgentCenter to say whom it refused.
const PATIENCE: Duration = Duration::from_secs(3);
/// Orders that are told.
const MAX_ORDERS: usize = 3;

/// Says why a host is as it is.
pub(super) async fn explain(
    State(app): State<App>,
    Path(name): Path<String>,
) -> ApiResult<Json<Why>> {
    let server_time = app.clock.now();
    let known = match (super::http::find(&app, &name).await, name.parse::<IpAddr>()) {
        (Ok(known), _) => Some(known),
        (Err(_), Ok(address)) => by_address(&app, address).await.map_err(internal)?,
        (Err(error), Err(_)) => {
            let mut error = error;
            let hint = "ask by the host's IP address: elkctl agent why 192.0.2.7";
            error.problem.hint.get_or_insert_with(|| hint.to_owned());
            return Err(error);
        }
    };
    let Some(known) = known else {
        let addresses = name.parse().into_iter().collect();
        let door = door(&app, addresses).await;
        let findings = vec![cause::stranger(&door)];
        return Ok(Json(Why { subject: name, agent: None, hostname: None, findings, server_time }));
    };
    let mut findings = findings(&app, &known).await?;
    findings.sort_by_key(|it| it.state);
    let (agent, hostname) = (Some(known.agent.id), Some(known.agent.hostname));
    Ok(Json(Why { subject: name, agent, hostname, findings, server_time }))
}

/// Finds the agent that has an address, the one that was heard of last.
async fn by_address(app: &App, address: IpAddr) -> Result<Option<Known>> {
    // Addresses stand in one text, between spaces.
    let padded = Expr::cust_with_exprs(
        "' ' || addresses || ' ' LIKE ?",
        [Expr::val(format!("% {address} %"))],
    );
    let select = Query::select()
        .column("id")
        .from("agents")
        .and_where(padded)
        .order_by("last_ms", Order::Desc)
        .limit(1)
        .to_owned();
    let Some(row) = app.store.row(&select).await? else { return Ok(None) };
    let id: String = row.try_get("id")?;
    let this = Cond::all().add(Expr::col("id").eq(id));
    Ok(store::by_condition(&app.store, this, 1, app.clock.unix_ms()).await?.pop())
}

async fn findings(app: &App, known: &Known) -> ApiResult<Vec<Finding>> {
    let agent = &known.agent;
    let addresses: Vec<IpAddr> = agent.addresses.iter().filter_map(|it| it.parse().ok()).collect();
    let heartbeat = store::heartbeat(&app.store, &agent.id).await.map_err(internal)?;
    let heartbeat: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&heartbeat.unwrap_or_default()).unwrap_or_default();
    let facts = Facts {
        agent,
        connected_at: known.connected_at,
        center: center(app, agent),
        door: door(app, addresses).await,
        trouble: heartbeat.get("state_detail").map(text).unwrap_or_default(),
    };
    let mut found = vec![cause::connection(&facts)];
    found.extend(cause::clone(&facts));
    found.extend(cause::trouble(&facts));
    let config = profiles::http::of_agent(app, agent.id.as_str()).await?;
    found.push(cause::configuration(&facts, &config));
    found.extend(orders(app, agent).await.map_err(internal)?);
    found.extend(rollouts(app, agent).await.map_err(internal)?);
    Ok(found)
}

fn text(value: &serde_json::Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.chars().take(300).collect()
}

/// Returns what is known of the AgentCenter that has the agent's stream.
fn center(app: &App, agent: &Agent) -> Option<Center> {
    let ac = agent.ac.as_ref()?;
    let name = app.fleet.shown(ac);
    let centers = app.fleet.centers.lock();
    let known = centers.get(ac);
    Some(Center {
        name,
        reachable: known.is_some_and(|it| it.reachable),
        error: known.and_then(|it| it.error.clone()),
        listed: known.is_some_and(|it| it.absent_ms.is_none()),
    })
}

/// Asks every AgentCenter whom of these addresses it refused.
async fn door(app: &App, addresses: Vec<IpAddr>) -> Door {
    let native: Vec<String> = {
        let centers = app.fleet.centers.lock();
        let ours = centers.iter().filter(|(_, it)| it.native && it.absent_ms.is_none());
        ours.map(|(ac, _)| ac.clone()).collect()
    };
    let all = app.fleet.centers.lock().len();
    let asked = native.iter().map(async |ac| {
        let url = format!("https://{ac}{CONN_REFUSED}");
        let answer = app.fleet.caller.get::<RefusedList>(&url, PATIENCE).await.ok()?;
        Some((app.fleet.shown(ac), answer))
    });
    let answers: Vec<_> = join_all(asked).await.into_iter().flatten().collect();
    Door { addresses, centers: all, answers }
}

/// Tells of orders that did not succeed, or wait, newest first.
async fn orders(app: &App, agent: &Agent) -> Result<Vec<Finding>> {
    let select = Query::select()
        .columns([("subtasks", "task"), ("subtasks", "state"), ("subtasks", "message")])
        .column(("subtasks", "created_ms"))
        .columns([("tasks", "kind"), ("tasks", "plugin"), ("tasks", "data_type")])
        .from("subtasks")
        .inner_join("tasks", Expr::col(("tasks", "id")).equals(("subtasks", "task")))
        .and_where(Expr::col(("subtasks", "agent")).eq(agent.id.as_str()))
        .order_by(("subtasks", "created_ms"), Order::Desc)
        .limit(10)
        .to_owned();
    let mut found = Vec::new();
    for row in app.store.rows(&select).await? {
        let state: String = row.try_get("state")?;
        let state = tasks::store::state_of(&state)?;
        let order = cause::Ordered {
            task: row.try_get("task")?,
            kind: row.try_get("kind")?,
            plugin: row.try_get("plugin")?,
            data_type: row.try_get("data_type")?,
            state,
            message: row.try_get("message")?,
            created_ms: row.try_get("created_ms")?,
        };
        found.extend(cause::order(&order, agent));
    }
    found.truncate(MAX_ORDERS);
    Ok(found)
}

/// Tells of rollouts that have not ended and have the agent.
async fn rollouts(app: &App, agent: &Agent) -> Result<Vec<Finding>> {
    let select = Query::select()
        .columns([("rollout_agents", "state"), ("rollout_agents", "reason")])
        .column(("rollout_agents", "begun_ms"))
        .columns([("rollouts", "id"), ("rollouts", "phase")])
        .from("rollout_agents")
        .inner_join("rollouts", Expr::col(("rollouts", "id")).equals(("rollout_agents", "rollout")))
        .and_where(Expr::col(("rollout_agents", "agent")).eq(agent.id.as_str()))
        .and_where(Expr::col(("rollouts", "finished_ms")).is_null())
        .order_by(("rollouts", "id"), Order::Desc)
        .limit(3)
        .to_owned();
    let mut found = Vec::new();
    for row in app.store.rows(&select).await? {
        let (id, phase): (String, String) = (row.try_get("id")?, row.try_get("phase")?);
        let (state, reason): (String, String) = (row.try_get("state")?, row.try_get("reason")?);
        let health = if state == "failed" { Health::Problem } else { Health::Waiting };
        found.push(Finding {
            topic: Topic::Rollout,
            state: health,
            what: format!("rollout {id}, which is {phase}, has it: {state}"),
            since: cause::at(row.try_get("begun_ms")?),
            evidence: (!reason.is_empty()).then_some(reason).into_iter().collect(),
            next: Some(format!("elkctl rollout status {id}")),
        });
    }
    Ok(found)
}
