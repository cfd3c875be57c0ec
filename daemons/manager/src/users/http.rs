//! HTTP for users.

use axum::Router;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Response};
use elk_api::users::{self, NewPassword, NewUser, SetUserRole, User};
use elk_api::{Cursor, ListQuery, Page, Permission};
use elk_web::{ApiError, Caller, Json, Mount as _, Path, Peer, Query};
use http::StatusCode;
use jiff::Timestamp;

use super::store::{self, Account, Removal};
use super::{check_rules, cut, is_name};
use crate::app::App;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::page;
use crate::roles;
use crate::session::Digest;
use crate::session::http::too_many_attempts;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<users::List>()
        .to(list)
        .at::<users::Create>()
        .to(create)
        .at::<users::Get>()
        .to(get)
        .at::<users::SetPassword>()
        .to(set_password)
        .at::<users::SetRole>()
        .to(set_role)
        .at::<users::Unlock>()
        .to(unlock)
        .at::<users::Delete>()
        .to(delete)
}

async fn list(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<User>>> {
    let limit = page::limit(query.limit)?;
    let after = page::after(query.cursor.as_ref())?;
    let mut items = store::list(&app.store, after, limit + 1).await.map_err(internal)?;
    items.iter_mut().for_each(|it| lock(&app, it));
    let total = store::count(&app.store).await.map_err(internal)?;
    let cursor = |user: &User| Cursor { after: vec![user.name.clone()] };
    Ok(Json(page::cut(items, limit, total, app.clock.now(), cursor)))
}

async fn create(State(app): State<App>, Json(new): Json<NewUser>) -> ApiResult<Json<User>> {
    if !is_name(&new.name) {
        let rule = "name: a user's name has 1 to 64 characters of A-Z a-z 0-9 . _ @ -";
        return Err(invalid("invalid_name", rule));
    }
    check_rules(&new.name, &new.password)
        .map_err(|rule| invalid("weak_password", format!("password: {rule}")))?;
    roles::check(&app, new.role, new.custom_role.as_deref()).await?;
    let mut user = app.new_user(&new.name, new.role);
    user.custom_role = new.custom_role;
    let account = Account { hash: app.hasher.hash(new.password).await, user };
    if store::create(&app.store, &account).await.map_err(internal)? {
        tracing::info!(user = new.name, "created user {}", new.name);
        return Ok(Json(account.user));
    }
    Err(conflict("user_exists", format!("there is a user {} already", new.name)))
}

async fn set_password(
    State(app): State<App>,
    (Extension(caller), Extension(digest)): (Extension<Caller>, Extension<Digest>),
    Extension(peer): Extension<Peer>,
    Path(name): Path<String>,
    Json(new): Json<NewPassword>,
) -> ApiResult<Response> {
    let own = caller.user == name;
    if !own && !caller.may(Permission::ManageUsers) {
        let detail = "only an administrator sets the password of somebody else";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "denied", detail));
    }
    let found = store::find(&app.store, &name).await.map_err(internal)?;
    let Some(account) = found else { return Err(absent(&name)) };
    if own {
        // A session does not let anybody guess faster than a sign-in does.
        let attempt = match app.attempts.begin(&name, peer.addr.ip(), app.clock.unix_ms()) {
            Ok(attempt) => attempt,
            Err(seconds) => return Ok(too_many_attempts(seconds)),
        };
        let current = cut(&new.current.unwrap_or_default());
        if !app.hasher.verify(current, Some(account.hash)).await {
            attempt.failed(app.clock.unix_ms());
            let detail = "current: this is not the present password";
            return Err(invalid("wrong_password", detail));
        }
        attempt.succeeded();
    }
    check_rules(&name, &new.password)
        .map_err(|rule| invalid("weak_password", format!("password: {rule}")))?;
    let hash = app.hasher.hash(new.password).await;
    let kept = own.then_some(digest.0.as_str());
    let now = app.clock.unix_ms();
    store::set_password(&app.store, &name, &hash, kept, now).await.map_err(internal)?;
    tracing::info!(user = name, "{} set the password of {name}", caller.user);
    Ok(Json(described(&app, &name).await?).into_response())
}

/// Describes a user.
pub(super) async fn described(app: &App, name: &str) -> ApiResult<User> {
    let found = store::find(&app.store, name).await.map_err(internal)?;
    let mut user = found.ok_or_else(|| absent(name))?.user;
    lock(app, &mut user);
    Ok(user)
}

/// Adds what is known of failed sign-ins.
fn lock(app: &App, user: &mut User) {
    let failures = app.attempts.of(&user.name, app.clock.unix_ms());
    user.failed_sign_ins = failures.count;
    user.locked_until = failures.until_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
}

fn absent(name: &str) -> ApiError {
    let name: String = name.chars().take(64).collect();
    not_found("user_not_found", format!("there is no user {name:?}"))
}

/// Refuses what only somebody who has signed in may do.
pub(super) fn only_sessions(caller: &Caller) -> ApiResult<()> {
    if caller.token.is_none() {
        return Ok(());
    }
    let detail = "a token does not do this; sign in";
    Err(ApiError::new(StatusCode::FORBIDDEN, "token_not_session", detail))
}

async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> ApiResult<Json<User>> {
    if caller.user != name && !caller.may(Permission::ManageUsers) {
        let detail = "only an administrator sees somebody else";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "denied", detail));
    }
    described(&app, &name).await.map(Json)
}

async fn set_role(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    Json(new): Json<SetUserRole>,
) -> ApiResult<Json<User>> {
    let custom = new.custom_role.as_deref();
    roles::check(&app, new.role, custom).await?;
    let set = store::set_role(&app.store, &name, (new.role, custom)).await;
    taken(set.map_err(internal)?, &name)?;
    let role = new.role.as_str();
    tracing::info!(user = name, role, "{} set the role of {name}", caller.user);
    described(&app, &name).await.map(Json)
}

async fn unlock(State(app): State<App>, Path(name): Path<String>) -> ApiResult<Json<User>> {
    described(&app, &name).await?;
    app.attempts.forget(&name);
    described(&app, &name).await.map(Json)
}

async fn delete(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> ApiResult<Json<User>> {
    let user = described(&app, &name).await?;
    taken(store::remove(&app.store, &name).await.map_err(internal)?, &name)?;
    tracing::info!(user = name, "{} removed the user {name}", caller.user);
    Ok(Json(user))
}

/// Says why something was not taken away.
fn taken(removal: Removal, name: &str) -> ApiResult<()> {
    match removal {
        Removal::Done => Ok(()),
        Removal::Absent => Err(absent(name)),
        Removal::LastAdmin => {
            let detail = format!("{name} is the last administrator");
            Err(conflict("last_admin", detail))
        }
    }
}
