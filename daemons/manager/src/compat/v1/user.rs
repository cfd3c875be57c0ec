//! Accounts, as the reference changes them.

use axum::Router;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use bytes::Bytes;
use elk_api::Role;
use elk_api::audit::Outcome;
use elk_api::center::null_as_default;
use elk_web::{Caller, Peer, enveloped};
use http::{Extensions, StatusCode};
use sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use serde::Deserialize;
use serde_json::json;
use sqlx::Row as _;

use super::super::intake::{bound, failed};
use super::binding::{invalid, required, unknown};
use super::locked;
use crate::app::App;
use crate::audit::{Draft, Source};
use crate::session::Digest;
use crate::store::{Result, Store};
use crate::users::check_rules;
use crate::users::store::{self as users, Removal};

const MAX_AVATAR: usize = 64 << 10;

/// What every user may do to his own account.
pub(super) fn own() -> Router<App> {
    Router::new()
        .route("/api/v1/user/resetPassword", post(reset_password))
        .route("/api/v1/user/checkUser", post(check))
}

/// What administrators do to the accounts of others.
pub(super) fn others() -> Router<App> {
    Router::new().route("/api/v1/user/update", post(update)).route("/api/v1/user/del", post(remove))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    #[serde(deserialize_with = "null_as_default")]
    username: String,
    #[serde(deserialize_with = "null_as_default")]
    password: String,
    level: Option<i64>,
    #[serde(deserialize_with = "null_as_default")]
    avatar: String,
}

/// Sets a user's role and avatar. The reference makes an administrator of whoever is sent without a
/// level; here the level has to be there.
async fn update(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Response {
    let given: Given = match bound(&body) {
        Ok(given) => given,
        Err(response) => return *response,
    };
    if let Err(response) = required("Level", given.level.is_some()) {
        return *response;
    }
    let Some(role) = given.level.and_then(Role::of_level) else {
        return invalid("level: it is 0 to 8");
    };
    if given.avatar.len() > MAX_AVATAR {
        return invalid(format!("avatar: more than {MAX_AVATAR} bytes"));
    }
    match users::set_role(&app.store, &given.username, (role, None)).await {
        Ok(Removal::Done) => {}
        Ok(Removal::Absent) => return unknown("user is not in db, count :0"),
        Ok(Removal::LastAdmin) => return unknown(LAST),
        Err(error) => return failed(&error),
    }
    if let Err(error) = set_avatar(&app.store, &given.username, &given.avatar).await {
        return failed(&error);
    }
    tracing::info!(user = given.username, role = role.as_str(), "{} changed a user", caller.user);
    enveloped(0, "success", "ok")
}

const LAST: &str = "this is the last administrator";

async fn remove(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Response {
    let given: Given = match bound(&body) {
        Ok(given) => given,
        Err(response) => return *response,
    };
    match users::remove(&app.store, &given.username).await {
        Ok(Removal::LastAdmin) => unknown(LAST),
        Ok(removal) => {
            if matches!(removal, Removal::Done) {
                tracing::info!(user = given.username, "{} removed a user", caller.user);
            }
            enveloped(0, "success", "ok")
        }
        Err(error) => failed(&error),
    }
}

/// Sets the caller's own password. The contract has no place for the present one; all other
/// sessions of the user end.
async fn reset_password(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(digest): Extension<Digest>,
    body: Bytes,
) -> Response {
    let given: Given = match bound(&body) {
        Ok(given) => given,
        Err(response) => return *response,
    };
    if given.password.is_empty() {
        return invalid("password cannot be empty");
    }
    if given.username != caller.user {
        return unknown("permission denied");
    }
    if let Err(rule) = check_rules(&caller.user, &given.password) {
        return invalid(format!("password: {rule}"));
    }
    let hash = app.hasher.hash(given.password).await;
    let (kept, now) = (Some(digest.0.as_str()), app.clock.unix_ms());
    match users::set_password(&app.store, &caller.user, &hash, kept, now).await {
        Ok(()) => {
            tracing::info!(user = caller.user, "{} set a new password", caller.user);
            enveloped(0, "success", "ok")
        }
        Err(error) => failed(&error),
    }
}

/// Says whether a password is the caller's. Wrong ones count as failed sign-ins: a session must not
/// make guessing free.
async fn check(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Extension(peer): Extension<Peer>,
    asker: Extensions,
    body: Bytes,
) -> Response {
    let Ok(given) = serde_json::from_slice::<Given>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if given.username != caller.user {
        return unknown("permission denied");
    }
    let attempt = match app.attempts.begin(&caller.user, peer.addr.ip(), app.clock.unix_ms()) {
        Ok(attempt) => attempt,
        Err(seconds) => return locked(seconds),
    };
    let account = match users::find(&app.store, &caller.user).await {
        Ok(account) => account,
        Err(error) => return failed(&error),
    };
    let password = given.password.chars().take(1_025).collect();
    let right = app.hasher.verify(password, account.map(|it| it.hash)).await;
    if right {
        attempt.succeeded();
    } else {
        attempt.failed(app.clock.unix_ms());
        let draft = Draft::of(&caller.user, Source::of(&asker), "user.check").about(&caller.user);
        let draft = draft.ending(Outcome::Refused, "wrong_password");
        app.audit.refuse(draft, Some(peer.addr.ip())).await;
    }
    enveloped(0, "success", json!({ "if_check": right }))
}

/// Returns a user's avatar; empty if he has none.
pub(super) async fn avatar(store: &Store, user: &str) -> Result<String> {
    let select = Query::select()
        .column("avatar")
        .from("avatars")
        .and_where(Expr::col("user").eq(user))
        .to_owned();
    store.row(&select).await?.map_or_else(|| Ok(String::new()), |row| Ok(row.try_get(0)?))
}

async fn set_avatar(store: &Store, user: &str, avatar: &str) -> Result<()> {
    let insert = Query::insert()
        .into_table("avatars")
        .columns(["user", "avatar"])
        .values_panic([user.into(), avatar.into()])
        .on_conflict(OnConflict::column("user").update_column("avatar").to_owned())
        .to_owned();
    store.execute(&insert).await.map(drop)
}
