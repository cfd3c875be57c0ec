//! HTTP for users.

use axum::Router;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Response};
use elk_api::users::{self, NewPassword, NewUser, User};
use elk_api::{Cursor, ListQuery, Page, Permission};
use elk_web::{ApiError, Caller, Json, Mount as _, Path, Peer, Query};
use http::StatusCode;

use super::store::{self, Account};
use super::{check_rules, cut, is_name};
use crate::app::App;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::page;
use crate::session::Digest;
use crate::session::http::too_many_attempts;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<users::List>()
        .to(list)
        .at::<users::Create>()
        .to(create)
        .at::<users::SetPassword>()
        .to(set_password)
}

async fn list(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<User>>> {
    let limit = page::limit(query.limit)?;
    let after = page::after(query.cursor.as_ref())?;
    let items = store::list(&app.store, after, limit + 1).await.map_err(internal)?;
    let total = store::count(&app.store).await.map_err(internal)?;
    let cursor = |user: &User| Cursor { after: vec![user.name.clone()] };
    Ok(Json(page::cut(items, limit, total, app.clock.now(), cursor)))
}

async fn create(State(app): State<App>, Json(new): Json<NewUser>) -> ApiResult<Json<User>> {
    if !is_name(&new.name) {
        let rule = "name: a user's name has 1 to 64 characters of A-Z a-z 0-9 . _ @ -";
        return Err(invalid("invalid_name", rule));
    }
    check_rules(&new.password)
        .map_err(|rule| invalid("weak_password", format!("password: {rule}")))?;
    let user = app.new_user(&new.name, new.role);
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
    if !own && !caller.role.may(Permission::ManageUsers) {
        let detail = "only an administrator sets the password of somebody else";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "denied", detail));
    }
    let found = store::find(&app.store, &name).await.map_err(internal)?;
    let Some(account) = found else {
        return Err(not_found("user_not_found", format!("there is no user {name:?}")));
    };
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
    check_rules(&new.password)
        .map_err(|rule| invalid("weak_password", format!("password: {rule}")))?;
    let hash = app.hasher.hash(new.password).await;
    let kept = own.then_some(digest.0.as_str());
    let now = app.clock.unix_ms();
    store::set_password(&app.store, &name, &hash, kept, now).await.map_err(internal)?;
    tracing::info!(user = name, "{} set the password of {name}", caller.user);
    let account = store::find(&app.store, &name).await.map_err(internal)?;
    let gone = || not_found("user_not_found", "the user is gone");
    account.map(|it| Json(it.user).into_response()).ok_or_else(gone)
}
