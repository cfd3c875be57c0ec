//! The second factor of users.

use axum::Router;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Response};
use elk_api::Permission;
use elk_api::totp::{self as api, Code, NewSecret, Proof, RecoveryCodes};
use elk_web::{ApiError, Caller, Json, Mount as _, Path, Peer};
use http::StatusCode;
use sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use sqlx::Row as _;

use super::http::{described, only_sessions};
use super::totp;
use crate::app::{App, Shared};
use crate::failure::{ApiResult, conflict, internal, invalid};
use crate::session::Digest;
use crate::session::http::too_many_attempts;
use crate::store::{Result, Store};

/// A user's second factor.
struct Factor {
    secret: String,
    enabled: bool,
    /// The step of the last code that was taken.
    step: i64,
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<api::Begin>()
        .to(begin)
        .at::<api::Enable>()
        .to(enable)
        .at::<api::Disable>()
        .to(disable)
}

/// Returns whether a code or a recovery code is good, and uses it up.
pub(crate) async fn take(app: &Shared, user: &str, given: &str) -> Result<bool> {
    let Some(factor) = find(&app.store, user).await?.filter(|it| it.enabled) else {
        return Ok(false);
    };
    if let Some(step) = totp::step(&factor.secret, given, app.clock.unix(), factor.step) {
        return spend(&app.store, user, step).await;
    }
    let delete = Query::delete()
        .from_table("recovery")
        .and_where(Expr::col("user").eq(user))
        .and_where(Expr::col("digest").eq(digest(given)))
        .to_owned();
    Ok(app.store.execute(&delete).await? == 1)
}

/// Returns what is kept of a recovery code, however it is typed.
fn digest(code: &str) -> String {
    let plain = code.chars().filter(char::is_ascii_alphanumeric).take(64);
    Digest::of(&plain.collect::<String>().to_ascii_uppercase()).0
}

async fn find(store: &Store, user: &str) -> Result<Option<Factor>> {
    let select = Query::select()
        .columns(["secret", "enabled", "step"])
        .from("totp")
        .and_where(Expr::col("user").eq(user))
        .to_owned();
    let Some(row) = store.row(&select).await? else { return Ok(None) };
    let enabled: i64 = row.try_get("enabled")?;
    let (secret, step) = (row.try_get("secret")?, row.try_get("step")?);
    Ok(Some(Factor { secret, enabled: enabled != 0, step }))
}

/// Uses a code up; false if somebody was faster.
async fn spend(store: &Store, user: &str, step: i64) -> Result<bool> {
    let update = Query::update()
        .table("totp")
        .value("step", step)
        .and_where(Expr::col("user").eq(user))
        .and_where(Expr::col("step").lt(step))
        .to_owned();
    Ok(store.execute(&update).await? == 1)
}

async fn begin(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
) -> ApiResult<Json<NewSecret>> {
    only_sessions(&caller)?;
    let secret = totp::secret();
    let insert = Query::insert()
        .into_table("totp")
        .columns(["user", "secret", "enabled", "step"])
        .values_panic([caller.user.as_str().into(), secret.as_str().into(), 0.into(), 0.into()])
        .on_conflict(
            OnConflict::column("user")
                .update_columns(["secret", "step"])
                .action_and_where(Expr::col(("totp", "enabled")).eq(0))
                .to_owned(),
        )
        .to_owned();
    if app.store.execute(&insert).await.map_err(internal)? == 0 {
        return Err(conflict("totp_enabled", "you have a second factor already"));
    }
    let uri = totp::uri(&caller.user, &secret);
    Ok(Json(NewSecret { secret, uri }))
}

async fn enable(
    State(app): State<App>,
    (Extension(caller), Extension(session)): (Extension<Caller>, Extension<Digest>),
    Extension(peer): Extension<Peer>,
    Json(given): Json<Code>,
) -> ApiResult<Response> {
    only_sessions(&caller)?;
    let user = caller.user.as_str();
    let factor = find(&app.store, user).await.map_err(internal)?;
    let Some(factor) = factor.filter(|it| !it.enabled) else {
        let detail = "there is no new secret to put in force; make one first";
        return Err(conflict("totp_not_begun", detail));
    };
    let attempt = match app.attempts.begin(user, peer.addr.ip(), app.clock.unix_ms()) {
        Ok(attempt) => attempt,
        Err(seconds) => return Ok(too_many_attempts(seconds)),
    };
    let right = totp::step(&factor.secret, &given.code, app.clock.unix(), factor.step);
    let Some(step) = right else {
        attempt.failed(app.clock.unix_ms());
        return Err(wrong());
    };
    attempt.succeeded();
    let recovery_codes = totp::recovery_codes();
    put(&app.store, (user, &session), step, &recovery_codes).await.map_err(internal)?;
    tracing::info!(user, "{user} has a second factor now");
    Ok(Json(RecoveryCodes { recovery_codes }).into_response())
}

fn wrong() -> ApiError {
    invalid("wrong_otp", "code: it is wrong, or was used already; look at the clock, too")
}

/// Puts a second factor in force, and ends the sessions that were opened without.
async fn put(
    store: &Store,
    (user, session): (&str, &Digest),
    step: i64,
    codes: &[String],
) -> Result<()> {
    let mut tx = store.begin().await?;
    let update = Query::update()
        .table("totp")
        .values([("enabled", 1.into()), ("step", step.into())])
        .and_where(Expr::col("user").eq(user))
        .to_owned();
    tx.execute(&update).await?;
    let old =
        Query::delete().from_table("recovery").and_where(Expr::col("user").eq(user)).to_owned();
    tx.execute(&old).await?;
    for code in codes {
        let insert = Query::insert()
            .into_table("recovery")
            .columns(["user", "digest"])
            .values_panic([user.into(), digest(code).into()])
            .to_owned();
        tx.execute(&insert).await?;
    }
    let others = Query::delete()
        .from_table("sessions")
        .and_where(Expr::col("user").eq(user))
        .and_where(Expr::col("digest").ne(session.0.as_str()))
        .to_owned();
    tx.execute(&others).await?;
    tx.commit().await
}

async fn disable(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(peer): Extension<Peer>,
    Path(name): Path<String>,
    Json(proof): Json<Proof>,
) -> ApiResult<Response> {
    only_sessions(&caller)?;
    if caller.user != name && !caller.may(Permission::ManageUsers) {
        let detail = "only an administrator takes the second factor of somebody else away";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "denied", detail));
    }
    let user = described(&app, &name).await?;
    if caller.user == name && user.totp {
        let attempt = match app.attempts.begin(&name, peer.addr.ip(), app.clock.unix_ms()) {
            Ok(attempt) => attempt,
            Err(seconds) => return Ok(too_many_attempts(seconds)),
        };
        let given = proof.code.unwrap_or_default();
        if !take(&app, &name, &given).await.map_err(internal)? {
            attempt.failed(app.clock.unix_ms());
            return Err(wrong());
        }
        attempt.succeeded();
    }
    remove(&app.store, &name).await.map_err(internal)?;
    tracing::info!(user = name, "{} took the second factor of {name} away", caller.user);
    Ok(Json(described(&app, &name).await?).into_response())
}

async fn remove(store: &Store, user: &str) -> Result<()> {
    let mut tx = store.begin().await?;
    for table in ["totp", "recovery"] {
        let delete =
            Query::delete().from_table(table).and_where(Expr::col("user").eq(user)).to_owned();
        tx.execute(&delete).await?;
    }
    tx.commit().await
}
