//! Taking over what an installation of the reference knows. What is here already is never changed.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, State};
use elk_api::Role;
use elk_api::center::ConnStat;
use elk_api::import::{
    self, ImportAgents, ImportUsers, Imported, ImportedAgent, MAX_IMPORT, MAX_IMPORT_BYTES,
};
use elk_web::{Caller, Json, Mount as _};

use crate::agents::{adopt, report};
use crate::app::App;
use crate::failure::{ApiResult, internal, invalid};
use crate::users::store::Account;
use crate::users::{self, is_name};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<import::Agents>()
        .to(agents)
        .at::<import::Users>()
        .to(take_users)
        .layer(DefaultBodyLimit::max(MAX_IMPORT_BYTES))
}

fn bounded<T>(list: &[T]) -> ApiResult<()> {
    if list.len() <= MAX_IMPORT {
        return Ok(());
    }
    Err(invalid("too_many", format!("a call takes at most {MAX_IMPORT}")))
}

async fn agents(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(asked): Json<ImportAgents>,
) -> ApiResult<Json<Imported>> {
    bounded(&asked.agents)?;
    let now_ms = app.clock.unix_ms();
    let total = asked.agents.len() as u64;
    let adopted: Vec<_> = asked.agents.into_iter().map(|it| adopted(it, now_ms)).collect();
    let (taken, tagged) = adopt::put(&app.store, &adopted, now_ms).await.map_err(internal)?;
    tracing::info!(taken, tagged, "{} took agents over", caller.user);
    Ok(Json(Imported { taken, tagged, unchanged: total.saturating_sub(taken) }))
}

fn adopted(it: ImportedAgent, now_ms: i64) -> adopt::Adopted {
    let (id, plugins_info) = (it.id, it.plugins);
    let told = report::from_stat(ConnStat { agent_info: it.heartbeat, plugins_info }, &id, now_ms);
    let first_ms = it.first_seen.map(|it| it.saturating_mul(1_000).clamp(0, now_ms.max(0)));
    adopt::Adopted { connection: told, tags: it.tags, first_ms }
}

async fn take_users(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(asked): Json<ImportUsers>,
) -> ApiResult<Json<Imported>> {
    bounded(&asked.users)?;
    if let Some(odd) = asked.users.iter().find(|it| !is_name(&it.name)) {
        let name: String = odd.name.chars().take(64).collect();
        return Err(invalid("invalid_name", format!("{name:?} cannot be a user's name")));
    }
    if asked.users.iter().any(|it| it.role == Role::Custom) {
        return Err(invalid("invalid_role", "role: only built-in roles are taken over"));
    }
    let mut done = Imported { taken: 0, tagged: 0, unchanged: 0 };
    for it in &asked.users {
        let user = app.new_user(&it.name, it.role);
        // No password has this hash.
        let account = Account { user, hash: String::new() };
        if users::store::create(&app.store, &account).await.map_err(internal)? {
            done.taken += 1;
        } else {
            done.unchanged += 1;
        }
    }
    tracing::info!(taken = done.taken, "{} took users over", caller.user);
    Ok(Json(done))
}
