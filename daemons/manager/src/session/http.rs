//! HTTP for sessions, and the layer that finds out who calls.

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use elk_api::Nothing;
use elk_api::session::{Credentials, Login, Logout, Me, Session, TOKEN_HEADER};
use elk_web::{ApiError, Caller, Json, Mount as _, Peer};
use http::StatusCode;
use http::header::RETRY_AFTER;

use super::{Digest, SignIn};
use crate::app::App;
use crate::failure::{ApiResult, internal};

pub(crate) fn routes() -> Router<App> {
    Router::new().at::<Login>().to(login).at::<Logout>().to(logout).at::<Me>().to(me)
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
        match super::resume(&app.store, &digest, app.clock.unix_ms()).await {
            Ok(Some(caller)) => {
                request.extensions_mut().insert(caller);
                request.extensions_mut().insert(digest);
            }
            Ok(None) => {}
            Err(error) => return internal(error).into_response(),
        }
    }
    next.run(request).await
}

async fn login(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    Json(given): Json<Credentials>,
) -> ApiResult<Response> {
    match app.sign_in(given, peer.addr.ip()).await.map_err(internal)? {
        SignIn::Done(caller, token) => {
            let user = super::me(&caller.user, caller.role, app.clock.now());
            Ok(Json(Session { token, user }).into_response())
        }
        SignIn::Wrong => {
            let detail = "the user or the password is wrong";
            Err(ApiError::new(StatusCode::UNAUTHORIZED, "wrong_credentials", detail))
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
    Extension(digest): Extension<Digest>,
) -> ApiResult<Json<Nothing>> {
    super::close(&app.store, &digest).await.map_err(internal)?;
    Ok(Json(Nothing {}))
}

async fn me(State(app): State<App>, Extension(caller): Extension<Caller>) -> Json<Me> {
    Json(super::me(&caller.user, caller.role, app.clock.now()))
}
