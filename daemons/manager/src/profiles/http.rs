//! HTTP for profiles.

use axum::Router;
use axum::extract::{Extension, State};
use elk_api::agents::{self, AgentConfig};
use elk_api::components::ComponentKind;
use elk_api::profiles::{self, DEFAULT_PROFILE, NewProfile, Profile, PushRequest};
use elk_api::tasks::{Task, TaskKind};
use elk_model::data_type::AGENT_OBJECT;
use elk_model::{ComponentName, ComponentVersion};
use elk_web::{Caller, Json, Mount as _, Path};

use super::resolve::{Facts, Held};
use super::{report, store};
use crate::app::App;
use crate::components;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::rollouts;
use crate::tasks::{NewWork, Push};

pub(crate) const MAX_DETAIL: usize = 64 << 10;
const MAX_PLUGINS: usize = 64;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<profiles::Get>()
        .to(get)
        .at::<profiles::Set>()
        .to(set)
        .at::<profiles::Push>()
        .to(push)
        .at::<agents::Config>()
        .to(agent)
}

fn known(name: &str) -> ApiResult<()> {
    if name == DEFAULT_PROFILE {
        return Ok(());
    }
    let detail = format!("there is no profile {name:?}; the one there is is {DEFAULT_PROFILE:?}");
    Err(not_found("profile_not_found", detail))
}

async fn get(State(app): State<App>, Path(name): Path<String>) -> ApiResult<Json<Profile>> {
    known(&name)?;
    store::get(&app.store, &name).await.map(Json).map_err(internal)
}

async fn set(
    State(app): State<App>,
    Path(name): Path<String>,
    Extension(caller): Extension<Caller>,
    Json(new): Json<NewProfile>,
) -> ApiResult<Json<Profile>> {
    known(&name)?;
    check(&app, &new).await?;
    let by = (caller.user.as_str(), app.clock.unix_ms());
    if !store::set(&app.store, &name, &new, by).await.map_err(internal)? {
        let now = store::get(&app.store, &name).await.map_err(internal)?.revision;
        let detail =
            format!("the profile is at revision {now}; this would replace {}", new.revision);
        return Err(conflict("revision_conflict", detail));
    }
    app.profile.outdate();
    tracing::info!(
        profile = name,
        revision = new.revision + 1,
        "{} changed profile {name}",
        caller.user
    );
    store::get(&app.store, &name).await.map(Json).map_err(internal)
}

/// Refuses what agents could not run.
async fn check(app: &App, new: &NewProfile) -> ApiResult<()> {
    if new.plugins.len() > MAX_PLUGINS {
        return Err(invalid("too_many_plugins", format!("plugins: more than {MAX_PLUGINS}")));
    }
    for (name, setting) in &new.plugins {
        if name.as_str() == AGENT_OBJECT {
            let detail = format!("plugins: {AGENT_OBJECT} is the agent itself; set agent_version");
            return Err(invalid("invalid_plugin", detail));
        }
        if setting.detail.len() > MAX_DETAIL {
            let detail = format!("plugins.{name}.detail: more than {MAX_DETAIL} bytes");
            return Err(invalid("detail_too_large", detail));
        }
        published(app, name, setting.version, &format!("plugins.{name}.version")).await?;
    }
    if let Some(version) = new.agent_version
        && let Ok(name) = AGENT_OBJECT.parse()
    {
        published(app, &name, version, "agent_version").await?;
    }
    Ok(())
}

/// Refuses a version that is not published.
pub(crate) async fn published(
    app: &App,
    name: &ComponentName,
    version: ComponentVersion,
    place: &str,
) -> ApiResult<()> {
    let component = components::store::get(&app.store, name).await.map_err(internal)?;
    let found = components::store::find(&app.store, name, version).await.map_err(internal)?;
    if component.is_none() || found.is_none() {
        let detail = format!("{place}: {name} {version} is not published");
        return Err(invalid("version_not_published", detail));
    }
    if let Some(version) = &found {
        components::blocks::refuse(version, place)?;
    }
    let agent = component.is_some_and(|it| it.kind == ComponentKind::Agent);
    if agent && name.as_str() != AGENT_OBJECT {
        return Err(invalid("invalid_plugin", format!("{place}: {name} is no plugin")));
    }
    Ok(())
}

async fn push(
    State(app): State<App>,
    Path(name): Path<String>,
    Extension(caller): Extension<Caller>,
    Json(asked): Json<PushRequest>,
) -> ApiResult<Json<Task>> {
    known(&name)?;
    let profile = store::get(&app.store, &name).await.map_err(internal)?;
    if profile.plugins.is_empty() && !asked.remove_all_plugins {
        let detail = format!("{}; remove_all_plugins removes those of a selection", Held::NoPlugin);
        return Err(invalid("no_plugins", detail));
    }
    // It may have been blocked since it was set.
    for (name, it) in &profile.plugins {
        published(&app, name, it.version, &format!("plugins.{name}.version")).await?;
    }
    let push = Push {
        profile: name,
        revision: profile.revision,
        remove_all_plugins: asked.remove_all_plugins,
        changes: Vec::new(),
        rollout: None,
    };
    rollouts::none_goes_on(&app, &asked.selection).await?;
    let work = NewWork {
        selection: asked.selection,
        kind: TaskKind::Config,
        plugin: String::new(),
        data_type: 0,
        data: push.to_data(),
        name: None,
        timeout: asked.timeout_seconds.unwrap_or(600).clamp(1, 86_400),
        in_flight: crate::tasks::http::in_flight(asked.max_in_flight)?,
        idempotency: None,
        created_by: caller.user,
    };
    crate::tasks::http::create_work(&app, work).await
}

async fn agent(State(app): State<App>, Path(name): Path<String>) -> ApiResult<Json<AgentConfig>> {
    let found = crate::agents::http::find(&app, &name).await?;
    of_agent(&app, found.agent.id.as_str()).await.map(Json)
}

/// Returns what an agent should run against what it runs.
pub(crate) async fn of_agent(app: &App, id: &str) -> ApiResult<AgentConfig> {
    let catalog = super::catalog(app).await.map_err(internal)?;
    let facts = facts(app, id).await?;
    let desired = super::desired(app, id, &facts).await.map_err(internal)?;
    let mut config = AgentConfig {
        profile: catalog.profile.name.clone(),
        revision: catalog.profile.revision,
        desired: Vec::new(),
        in_sync: None,
        drift: Vec::new(),
    };
    let wanted = match desired {
        Ok(desired) => {
            let pairs = desired.pairs();
            config.desired = desired.components;
            pairs
        }
        Err(held @ Held::Emptied(_)) => {
            config.drift.push(held.to_string());
            Vec::new()
        }
        // Nothing is wanted of this agent, so there is nothing to compare.
        Err(held) => {
            config.drift.push(held.to_string());
            return Ok(config);
        }
    };
    let reports = store::reports(&app.store, &[id.to_owned()]).await.map_err(internal)?;
    if let Some(reported) = reports.get(id) {
        let differences = report::differences(&wanted, reported, 0);
        config.in_sync = Some(differences.is_empty());
        config.drift.extend(differences);
    }
    Ok(config)
}

async fn facts(app: &App, id: &str) -> ApiResult<Facts> {
    let absent = || not_found("agent_not_found", format!("there is no agent {id:?}"));
    let id = id.parse().map_err(|_| absent())?;
    let heartbeat = crate::agents::store::heartbeat(&app.store, &id).await.map_err(internal)?;
    let heartbeat = heartbeat.ok_or_else(absent)?;
    Ok(Facts::of(&serde_json::from_str(&heartbeat).unwrap_or_default()))
}
