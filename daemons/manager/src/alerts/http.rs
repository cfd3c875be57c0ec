//! HTTP for alerts.

use axum::Router;
use axum::extract::{Extension, State};
use elk_api::alerts::{
    self, Alert, AlertQuery, AlertState, AlertStats, Handling, Muting, StatsQuery,
};
use elk_api::{Cursor, Page};
use elk_web::{ApiError, Caller, Json, Mount as _, Path, Query};
use sea_query::{Cond, Condition, Expr, ExprTrait as _, Query as Sql};

use super::count;
use super::store::{self, Change};
use crate::app::App;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::page;
use crate::roles::scope::Scope;

const MAX_REASON: usize = 1_000;
const YEAR_MS: i64 = 366 * 86_400_000;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<alerts::List>()
        .to(list)
        .at::<alerts::Stats>()
        .to(stats)
        .at::<alerts::Get>()
        .to(get)
        .at::<alerts::Ack>()
        .to(ack)
        .at::<alerts::Resolve>()
        .to(resolve)
        .at::<alerts::Mute>()
        .to(mute)
}

/// Narrows what is shown to alerts about agents within reach.
fn within(scope: Option<&Scope>, matching: Condition, now_ms: i64) -> Condition {
    let Some(scope) = scope else { return matching };
    let agents =
        Sql::select().column("id").from("agents").cond_where(scope.condition(now_ms)).to_owned();
    Cond::all().add(matching).add(Expr::col("agent").in_subquery(agents))
}

async fn list(
    State(app): State<App>,
    scope: Option<Extension<Scope>>,
    Query(query): Query<AlertQuery>,
) -> ApiResult<Json<Page<Alert>>> {
    let (limit, now_ms) = (page::limit(query.limit)?, app.clock.unix_ms());
    let before = page::after(query.cursor.as_ref())?;
    let matching = store::matching(&query, now_ms);
    let matching = within(scope.as_deref(), matching, now_ms);
    let span = (before, limit + 1);
    let items = store::list(&app.store, matching.clone(), span, now_ms).await.map_err(internal)?;
    let total = store::count(&app.store, matching).await.map_err(internal)?;
    let cursor = |it: &Alert| Cursor { after: vec![it.id.clone()] };
    Ok(Json(page::cut(items, limit, total, app.clock.now(), cursor)))
}

async fn stats(
    State(app): State<App>,
    scope: Option<Extension<Scope>>,
    Query(query): Query<StatsQuery>,
) -> ApiResult<Json<AlertStats>> {
    let now_ms = app.clock.unix_ms();
    let counted = within(scope.as_deref(), store::counted(&query, now_ms), now_ms);
    count::stats(&app.store, counted, now_ms).await.map(Json).map_err(internal)
}

fn absent(id: &str) -> ApiError {
    let id: String = id.chars().take(64).collect();
    not_found("alert_not_found", format!("there is no alert {id:?}"))
}

async fn get(State(app): State<App>, Path(alert): Path<String>) -> ApiResult<Json<Alert>> {
    let found = store::find(&app.store, &alert, app.clock.unix_ms()).await.map_err(internal)?;
    found.map(Json).ok_or_else(|| absent(&alert))
}

fn reasoned(reason: &str) -> ApiResult<()> {
    if reason.len() <= MAX_REASON {
        return Ok(());
    }
    Err(invalid("invalid_reason", format!("reason: it has more than {MAX_REASON} bytes")))
}

async fn ack(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(alert): Path<String>,
    Json(given): Json<Handling>,
) -> ApiResult<Json<Alert>> {
    reasoned(&given.reason)?;
    let (state, by) = (AlertState::Acked, caller.user.as_str());
    change(&app, &alert, Change { state, by, reason: &given.reason, muted_ms: None }).await
}

async fn resolve(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(alert): Path<String>,
    Json(given): Json<Handling>,
) -> ApiResult<Json<Alert>> {
    reasoned(&given.reason)?;
    let (state, by) = (AlertState::Resolved, caller.user.as_str());
    change(&app, &alert, Change { state, by, reason: &given.reason, muted_ms: None }).await
}

async fn mute(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(alert): Path<String>,
    Json(given): Json<Muting>,
) -> ApiResult<Json<Alert>> {
    reasoned(&given.reason)?;
    if given.reason.trim().is_empty() {
        return Err(invalid("invalid_reason", "reason: say why it is muted"));
    }
    let (until, now_ms) = (given.until.as_millisecond(), app.clock.unix_ms());
    if until <= now_ms || until > now_ms.saturating_add(YEAR_MS) {
        return Err(invalid("invalid_time", "until: this has to be within a year from now"));
    }
    let (state, by) = (AlertState::Muted, caller.user.as_str());
    change(&app, &alert, Change { state, by, reason: &given.reason, muted_ms: Some(until) }).await
}

/// Changes an alert; one that is resolved stays so.
async fn change(app: &App, id: &str, change: Change<'_>) -> ApiResult<Json<Alert>> {
    let changed = async {
        let mut tx = app.store.begin().await?;
        let alert = store::change_in(&mut tx, id, &change, app.clock.now()).await?;
        tx.commit().await?;
        Ok(alert)
    };
    let alert = changed.await.map_err(internal)?.ok_or_else(|| absent(id))?;
    if alert.state != change.state {
        let detail = "the alert is resolved; if it happens again, that is another alert";
        return Err(conflict("alert_resolved", detail));
    }
    Ok(Json(alert))
}
