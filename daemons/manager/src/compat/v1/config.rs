//! `getConfig`: what an agent should run, as AgentCenters of old asked for it; and the default list.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use elk_api::Permission;
use elk_api::center::{ConfigItem, null_as_default};
use elk_model::AgentId;
use elk_web::{Caller, enveloped};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::super::intake::{bound, failed, prove};
use super::binding::{check_items, invalid, required};
use crate::agents;
use crate::app::App;
use crate::profiles::{self, lists, resolve::Facts};
use crate::store::Result;

/// Reading and setting the default list.
pub(super) fn default_routes() -> (Router<App>, Router<App>) {
    let read = Router::new().route("/api/v1/agent/getDefaultConfig", get(default));
    let write = Router::new().route("/api/v1/agent/updateDefaultConfig", post(set_default));
    (read, write)
}

pub(super) fn routes(app: App) -> Router<App> {
    Router::new()
        .route("/api/v1/agent/getConfig/{id}", get(config))
        .route_layer(middleware::from_fn_with_state(app, known))
}

/// Lets pass who may see agents, and AgentCenters.
async fn known(state: State<App>, request: Request, next: Next) -> Response {
    match request.extensions().get::<Caller>() {
        Some(caller) if caller.may(Permission::ReadFleet) => return next.run(request).await,
        Some(_) => return StatusCode::FORBIDDEN.into_response(),
        None => {}
    }
    prove(state, request, next).await
}

async fn config(State(app): State<App>, Path(id): Path<String>) -> Response {
    let found = async {
        if profiles::store::emptied_by(&app.store, &id).await?.is_none()
            && let Some(list) = lists::of_agent(&app.store, &id).await?
        {
            return Ok(Ok(list));
        }
        let facts = facts(&app, &id).await?;
        let desired = profiles::desired(&app, &id, &facts).await?;
        Ok(desired.map(|it| it.at(&app.downloads)))
    };
    match found.await {
        Ok(Ok(list)) => enveloped(0, "success", list),
        // Never an empty list: it would make the agent delete all its plugins.
        Ok(Err(held)) => enveloped(10, "unknown error", held.to_string()),
        Err(error) => failed(&error),
    }
}

/// Answers the default list; a list that was never set is shown empty here, where it makes no agent
/// delete anything.
async fn default(State(app): State<App>) -> Response {
    match lists::default(&app.store).await {
        Ok(list) => enveloped(0, "success", list.unwrap_or_default()),
        Err(error) => failed(&error),
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct NewDefault {
    #[serde(rename = "type", default, deserialize_with = "null_as_default")]
    kind: String,
    #[serde(default)]
    version: i64,
    config: Vec<ConfigItem>,
    #[serde(default)]
    create_time: i64,
    #[serde(default)]
    update_time: i64,
}

/// Sets the default list, also for the first time, which the reference says it did and did not do.
async fn set_default(State(app): State<App>, body: Bytes) -> Response {
    let given: NewDefault = match bound(&body) {
        Ok(given) => given,
        Err(response) => return *response,
    };
    if let Err(response) = required("Type", !given.kind.is_empty()) {
        return *response;
    }
    if let Err(what) = check_items(&given.config) {
        return invalid(what);
    }
    match lists::set_default(&app.store, &given.config, app.clock.unix_ms()).await {
        Ok(()) => enveloped(0, "success", given),
        Err(error) => failed(&error),
    }
}

async fn facts(app: &App, id: &str) -> Result<Facts> {
    let heartbeat = match id.parse::<AgentId>() {
        Ok(id) => agents::store::heartbeat(&app.store, &id).await?.unwrap_or_default(),
        Err(_) => String::new(),
    };
    Ok(Facts::of(&serde_json::from_str(&heartbeat).unwrap_or_default()))
}
