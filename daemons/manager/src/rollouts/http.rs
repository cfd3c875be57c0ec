//! HTTP for rollouts.

use axum::Router;
use axum::extract::{Extension, State};
use elk_api::rollouts::{
    self, Member, MemberQuery, MemberState, NewRollout, Phase, Rollout, Steer,
};
use elk_api::{Cursor, ListQuery, Page};
use elk_web::{Caller, Json, Mount as _, Path, Query};

use super::spec::{Place, Row};
use super::steer::{Hand, Verb, steer};
use super::{members, plan, store};
use crate::app::App;
use crate::failure::{ApiResult, conflict, internal, not_found};
use crate::page;
use crate::selections::store as chosen;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<rollouts::Create>()
        .to(create)
        .at::<rollouts::List>()
        .to(list)
        .at::<rollouts::Get>()
        .to(get)
        .at::<rollouts::Agents>()
        .to(agents)
        .at::<rollouts::Pause>()
        .to(pause)
        .at::<rollouts::Resume>()
        .to(resume)
        .at::<rollouts::Promote>()
        .to(promote)
        .at::<rollouts::Abort>()
        .to(abort)
        .at::<rollouts::Undo>()
        .to(undo)
        .at::<rollouts::Retry>()
        .to(retry)
}

async fn create(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(new): Json<NewRollout>,
) -> ApiResult<Json<Rollout>> {
    chosen::live(&app, &new.selection).await?;
    plan::check(&app, &new).await?;
    let (id, now_ms) = (plan::new_id(), app.clock.unix_ms());
    let mut tx = app.store.begin().await.map_err(internal)?;
    let names: Vec<_> = new.changes.keys().cloned().collect();
    let selected = chosen::members(&new.selection);
    let found = members::overlap(&mut tx, (&selected, ""), Some(&names)).await;
    if let Some((other, agent)) = found.map_err(internal)? {
        let detail =
            format!("rollout {other} has not ended and has agent {agent} of the selection");
        return Err(conflict("rollout_goes_on", detail));
    }
    let (agents, sizes) = plan::order(&app, &mut tx, (&id, &new), now_ms).await?;
    let notices = plan::notices(&mut tx, &new).await.map_err(internal)?;
    let phase = if new.paused { Phase::Paused } else { Phase::Progressing };
    let row = Row {
        id: id.clone(),
        revision: 1,
        name: new.name.clone(),
        changes: new.changes.clone(),
        spec: plan::spec(&new, &sizes, notices, now_ms),
        reverses: None,
        reversed_by: None,
        place: Place { phase, since_ms: now_ms, step: 0, forgiven: 0 },
        reason: if new.paused { "created paused".to_owned() } else { String::new() },
        task: None,
        created_by: caller.user.clone(),
        created_ms: now_ms,
        changed_by: caller.user.clone(),
        finished_ms: None,
    };
    store::insert(&mut tx, &row).await.map_err(internal)?;
    let listed: Vec<_> = agents.into_iter().map(|agent| (agent, None)).collect();
    members::insert(&mut tx, &id, &listed).await.map_err(internal)?;
    tx.commit().await.map_err(internal)?;
    tracing::info!(rollout = id, targets = listed.len(), "{} created rollout {id}", caller.user);
    shown(&app, &id).await
}

async fn shown(app: &App, id: &str) -> ApiResult<Json<Rollout>> {
    let row = store::get(&app.store, id).await.map_err(internal)?;
    let row = row.ok_or_else(|| absent(id))?;
    store::shown(&app.store, row).await.map(Json).map_err(internal)
}

fn absent(id: &str) -> elk_web::ApiError {
    let id: String = id.chars().take(100).collect();
    not_found("rollout_not_found", format!("there is no rollout {id:?}"))
}

/// Returns the one id that begins with what was given.
async fn full(app: &App, given: &str) -> ApiResult<String> {
    let found = store::ids_like(&app.store, given).await.map_err(internal)?;
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(absent(given)),
        _ => Err(conflict(
            "ambiguous_rollout",
            format!("more than one rollout begins with {given:?}"),
        )),
    }
}

async fn list(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<Rollout>>> {
    let limit = page::limit(query.limit)?;
    let before = page::after(query.cursor.as_ref())?;
    let rows = store::list(&app.store, before, limit + 1).await.map_err(internal)?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(store::shown(&app.store, row).await.map_err(internal)?);
    }
    let total = store::count(&app.store).await.map_err(internal)?;
    let cursor = |it: &Rollout| Cursor { after: vec![it.id.clone()] };
    Ok(Json(page::cut(items, limit, total, app.clock.now(), cursor)))
}

async fn get(State(app): State<App>, Path(id): Path<String>) -> ApiResult<Json<Rollout>> {
    shown(&app, &full(&app, &id).await?).await
}

async fn agents(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<MemberQuery>,
) -> ApiResult<Json<Page<Member>>> {
    let id = full(&app, &id).await?;
    let limit = page::limit(query.limit)?;
    let after = page::after(query.cursor.as_ref())?;
    let after = after.map(str::parse).transpose().map_err(|_| page::foreign_cursor())?;
    let items = members::page(&app.store, &id, (&query, after), limit).await.map_err(internal)?;
    let mut counts = store::counts(&app.store, &id).await.map_err(internal)?;
    let states = MemberState::ALL.into_iter();
    let counted = states.filter(|it| query.state.is_none_or(|state| state == *it));
    let total = counted.map(|it| *counts.of(it)).sum();
    let cursor = |it: &(i64, Member)| Cursor { after: vec![it.0.to_string()] };
    let page = page::cut(items, limit, total, app.clock.now(), cursor);
    Ok(Json(Page {
        items: page.items.into_iter().map(|it| it.1).collect(),
        next_cursor: page.next_cursor,
        total: page.total,
        total_is_estimate: page.total_is_estimate,
        server_time: page.server_time,
    }))
}

macro_rules! verbs {
    ($($handler:ident => $verb:ident),*) => {
        $(async fn $handler(
            State(app): State<App>,
            Path(id): Path<String>,
            Extension(caller): Extension<Caller>,
            Json(given): Json<Steer>,
        ) -> ApiResult<Json<Rollout>> {
            by_hand(&app, &id, (Verb::$verb, &caller), &given).await
        })*
    };
}

verbs!(
    pause => Pause,
    resume => Resume,
    promote => Promote,
    abort => Abort,
    undo => Undo,
    retry => Retry
);

async fn by_hand(
    app: &App,
    id: &str,
    (verb, caller): (Verb, &Caller),
    given: &Steer,
) -> ApiResult<Json<Rollout>> {
    let id = full(app, id).await?;
    let (by, revision, reason) = (caller.user.as_str(), given.revision, given.reason.as_deref());
    let reason = reason.map(str::trim).filter(|it| !it.is_empty());
    let shown_id = steer(app, &id, verb, &Hand { by, revision, reason }).await?;
    tracing::info!(rollout = id, "{by}: {verb:?} of rollout {id}");
    shown(app, &shown_id).await
}
