//! `getConfig`: what an agent should run, as AgentCenters of old asked for it.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use elk_model::AgentId;
use elk_web::{Caller, enveloped};

use super::super::intake::{failed, prove};
use crate::agents;
use crate::app::App;
use crate::profiles::{self, resolve::Facts};
use crate::store::Result;

pub(super) fn routes(app: App) -> Router<App> {
    Router::new()
        .route("/api/v1/agent/getConfig/{id}", get(config))
        .route_layer(middleware::from_fn_with_state(app, known))
}

/// Lets pass who is signed in, and AgentCenters.
async fn known(state: State<App>, request: Request, next: Next) -> Response {
    if request.extensions().get::<Caller>().is_some() {
        return next.run(request).await;
    }
    prove(state, request, next).await
}

async fn config(State(app): State<App>, Path(id): Path<String>) -> Response {
    let found = async {
        let facts = facts(&app, &id).await?;
        profiles::desired(&app, &id, &facts).await
    };
    match found.await {
        Ok(Ok(desired)) => enveloped(0, "success", desired.at(&app.downloads)),
        // Never an empty list: it would make the agent delete all its plugins.
        Ok(Err(held)) => enveloped(10, "unknown error", held.to_string()),
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
