//! Versions that nothing may select any more.

use axum::extract::{Extension, State};
use elk_api::components::{Block, BlockRequest, Version};
use elk_model::{ComponentName, ComponentVersion};
use elk_web::{ApiError, Caller, Json, Path};
use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::store;
use crate::app::App;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::store::{Result, Store, StoreError, Tx};

const MAX_REASON: usize = 500;

pub(super) async fn block(
    State(app): State<App>,
    Path((name, version)): Path<(ComponentName, ComponentVersion)>,
    Extension(caller): Extension<Caller>,
    Json(asked): Json<BlockRequest>,
) -> ApiResult<Json<Version>> {
    let reason = asked.reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON {
        let detail = format!("reason: 1 to {MAX_REASON} characters");
        return Err(invalid("invalid_reason", detail));
    }
    known(&app, &name, version).await?;
    let insert = Query::insert()
        .into_table("blocked_versions")
        .columns(["component", "version", "reason", "blocked_by", "at_ms"])
        .values_panic([
            name.as_str().into(),
            version.to_string().into(),
            reason.into(),
            caller.user.as_str().into(),
            app.clock.unix_ms().into(),
        ])
        .on_conflict(
            OnConflict::columns(["component", "version"])
                .update_columns(["reason", "blocked_by", "at_ms"])
                .to_owned(),
        )
        .to_owned();
    app.store.execute(&insert).await.map_err(internal)?;
    tracing::warn!(component = %name, %version, reason, "{} blocked {name} {version}", caller.user);
    known(&app, &name, version).await.map(Json)
}

pub(super) async fn unblock(
    State(app): State<App>,
    Path((name, version)): Path<(ComponentName, ComponentVersion)>,
) -> ApiResult<Json<Version>> {
    known(&app, &name, version).await?;
    let delete = Query::delete()
        .from_table("blocked_versions")
        .and_where(Expr::col("component").eq(name.as_str()))
        .and_where(Expr::col("version").eq(version.to_string()))
        .to_owned();
    app.store.execute(&delete).await.map_err(internal)?;
    known(&app, &name, version).await.map(Json)
}

async fn known(app: &App, name: &ComponentName, version: ComponentVersion) -> ApiResult<Version> {
    let found = store::find(&app.store, name, version).await.map_err(internal)?;
    let absent = || format!("{name} {version} is not published");
    found.ok_or_else(|| not_found("version_not_found", absent()))
}

/// Returns why a version is blocked, if it is.
pub(super) async fn of(
    store: &Store,
    name: &ComponentName,
    version: &str,
) -> Result<Option<Block>> {
    let select = Query::select()
        .columns(["reason", "blocked_by", "at_ms"])
        .from("blocked_versions")
        .and_where(Expr::col("component").eq(name.as_str()))
        .and_where(Expr::col("version").eq(version))
        .to_owned();
    store.row(&select).await?.as_ref().map(read).transpose()
}

fn read(row: &SqliteRow) -> Result<Block> {
    let at = Timestamp::from_millisecond(row.try_get("at_ms")?);
    let at = at.map_err(|_| StoreError::Value { what: "time" })?;
    Ok(Block { reason: row.try_get("reason")?, by: row.try_get("blocked_by")?, at })
}

/// Says which of some versions is blocked, and why, if one is.
pub(crate) async fn among<'a>(
    tx: &mut Tx,
    versions: impl Iterator<Item = (&'a ComponentName, ComponentVersion)>,
) -> Result<Option<String>> {
    let wanted: Vec<_> = versions.map(|(name, it)| (name.as_str(), it.to_string())).collect();
    if wanted.is_empty() {
        return Ok(None);
    }
    let select = Query::select()
        .columns(["component", "version", "reason", "blocked_by", "at_ms"])
        .from("blocked_versions")
        .and_where(Expr::col("component").is_in(wanted.iter().map(|(name, _)| *name)))
        .to_owned();
    for row in tx.rows(&select).await? {
        let (name, version): (String, String) =
            (row.try_get("component")?, row.try_get("version")?);
        if wanted.iter().any(|(wanted, it)| *wanted == name && *it == version) {
            return Ok(Some(told(&name, &version, &read(&row)?)));
        }
    }
    Ok(None)
}

fn told(name: &str, version: &str, block: &Block) -> String {
    format!("{name} {version} is blocked by {}: {}", block.by, block.reason)
}

/// Refuses a version that is blocked; `place` says where it stands in what was asked for.
pub(crate) fn refuse(version: &Version, place: &str) -> std::result::Result<(), ApiError> {
    let Some(block) = &version.blocked else { return Ok(()) };
    let told = told(version.component.as_str(), &version.version.to_string(), block);
    Err(conflict("version_blocked", format!("{place}: {told}")))
}
