//! HTTP for sessions, and the layer that finds out who calls.

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use elk_api::session::{
    Credentials, Ended, List, Login, Logout, Me, OpenSession, Revoke, RevokeAll, Session,
    TOKEN_HEADER,
};
use elk_api::{Cursor, ListQuery, Nothing, Page, Permission};
use elk_web::{ApiError, Caller, Json, Mount as _, NotGood, Path, Query};
use http::header::RETRY_AFTER;
use http::{Extensions, StatusCode};

use super::{Digest, SignIn, store};
use crate::app::App;
use crate::audit::Via;
use crate::failure::{ApiResult, conflict, internal, not_found};
use crate::page;
use crate::tokens::{self, Found};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<Login>()
        .to(login)
        .at::<Logout>()
        .to(logout)
        .at::<Me>()
        .to(me)
        .at::<List>()
        .to(list)
        .at::<Revoke>()
        .to(revoke)
        .at::<RevokeAll>()
        .to(revoke_all)
}

/// Puts the [`Caller`] of a request into its extensions if it carries a live token.
pub(crate) async fn authenticate(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let token = request.headers().get(TOKEN_HEADER).and_then(|it| it.to_str().ok());
    if let Some(token) = token.filter(|it| it.len() <= 256) {
        let digest = Digest::of(token);
        let found = if tokens::is_token(token) {
            tokens::resume(&app, &digest).await
        } else {
            let resumed = super::resume(&app.store, &digest, app.clock.unix_ms()).await;
            resumed.map(|it| it.map_or(Found::None, Found::Good))
        };
        let extensions = request.extensions_mut();
        match found {
            Ok(Found::Good(caller)) => {
                let name = caller.token.as_ref().map(|it| format!("token/{}", it.name));
                extensions.insert(Via(name.unwrap_or_else(|| "session".to_owned())));
                extensions.insert(caller);
                extensions.insert(digest);
            }
            Ok(Found::Ended(why)) => {
                extensions.insert(NotGood(why));
            }
            Ok(Found::None) => {}
            Err(error) => return internal(error).into_response(),
        }
    }
    next.run(request).await
}

async fn login(
    State(app): State<App>,
    asker: Extensions,
    Json(given): Json<Credentials>,
) -> ApiResult<Response> {
    match app.sign_in(given, &asker).await.map_err(internal)? {
        SignIn::Done(caller, token) => {
            let user = super::me(&caller, app.clock.now());
            Ok(Json(Session { token, user }).into_response())
        }
        SignIn::Wrong => {
            let detail = "the user or the password is wrong";
            Err(ApiError::new(StatusCode::UNAUTHORIZED, "wrong_credentials", detail))
        }
        SignIn::NeedsCode => {
            let detail = "a code of the second factor is needed";
            Err(ApiError::new(StatusCode::UNAUTHORIZED, "otp_required", detail))
        }
        SignIn::WrongCode => {
            let detail = "the code of the second factor is wrong, or was used already";
            Err(ApiError::new(StatusCode::UNAUTHORIZED, "wrong_otp", detail))
        }
        SignIn::Wait(seconds) => Ok(too_many_attempts(seconds)),
    }
}

/// Answers that a password is not looked at for so many seconds.
pub(crate) fn too_many_attempts(seconds: u64) -> Response {
    let detail = format!("too many sign-ins failed; try again in {seconds} s");
    let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", detail);
    ([(RETRY_AFTER, seconds.to_string())], error).into_response()
}

async fn logout(
    State(app): State<App>,
    (Extension(caller), Extension(digest)): (Extension<Caller>, Extension<Digest>),
) -> ApiResult<Json<Nothing>> {
    if caller.token.is_some() {
        let detail = "a token is not signed out but revoked";
        return Err(conflict("token_not_session", detail));
    }
    super::close(&app.store, &digest).await.map_err(internal)?;
    Ok(Json(Nothing {}))
}

async fn me(State(app): State<App>, Extension(caller): Extension<Caller>) -> Json<Me> {
    Json(super::me(&caller, app.clock.now()))
}

/// Returns whose sessions a caller sees and ends; `None` for everybody's.
fn whose(caller: &Caller) -> Option<&str> {
    (!caller.may(Permission::ManageUsers)).then_some(caller.user.as_str())
}

async fn list(
    State(app): State<App>,
    (Extension(caller), Extension(digest)): (Extension<Caller>, Extension<Digest>),
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<OpenSession>>> {
    let limit = page::limit(query.limit)?;
    let after = match query.cursor.as_ref().map(|it| it.after.as_slice()) {
        None => None,
        Some([user, id]) => Some([user.as_str(), id]),
        Some(_) => return Err(page::foreign_cursor()),
    };
    let (whose, now_ms) = (whose(&caller), app.clock.unix_ms());
    let found = store::list(&app.store, (whose, Some(&digest)), after, (limit + 1, now_ms)).await;
    let total = store::count(&app.store, whose, now_ms).await.map_err(internal)?;
    let cursor = |it: &OpenSession| Cursor { after: vec![it.user.clone(), it.id.clone()] };
    Ok(Json(page::cut(found.map_err(internal)?, limit, total, app.clock.now(), cursor)))
}

async fn revoke(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(session): Path<String>,
) -> ApiResult<Json<Nothing>> {
    if store::end(&app.store, &session, whose(&caller)).await.map_err(internal)? {
        return Ok(Json(Nothing {}));
    }
    let text: String = session.chars().take(64).collect();
    Err(not_found("session_not_found", format!("there is no session {text:?}")))
}

async fn revoke_all(
    State(app): State<App>,
    (Extension(caller), Extension(digest)): (Extension<Caller>, Extension<Digest>),
    Path(user): Path<String>,
) -> ApiResult<Json<Ended>> {
    if caller.user != user && whose(&caller).is_some() {
        let detail = "only an administrator ends the sessions of somebody else";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "denied", detail));
    }
    let ended = store::end_all(&app.store, &user, Some(&digest)).await.map_err(internal)?;
    Ok(Json(Ended { ended }))
}
