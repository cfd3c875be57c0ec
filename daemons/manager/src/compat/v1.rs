//! `/api/v1`: signing in and the status of agents, as the reference serves them.

mod config;
mod document;
mod filter;
mod status;

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use elk_api::session::Credentials;
use elk_web::{Caller, Peer, enveloped, go_json};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::intake::{bound, failed};
use crate::app::App;
use crate::session::{Digest, SignIn};

pub(crate) fn routes(app: &App) -> Router<App> {
    let guarded = Router::new()
        .route("/api/v1/user/logout", get(logout))
        .route("/api/v1/user/info", get(info))
        .merge(status::routes())
        .route_layer(middleware::from_fn(signed_in));
    Router::new()
        .route("/api/v1/user/login", post(login))
        .merge(guarded)
        .merge(config::routes(App::clone(app)))
}

/// Refuses who is not signed in: 401 without a body. Others are told who they are.
async fn signed_in(request: Request, next: Next) -> Response {
    let Some(caller) = request.extensions().get::<Caller>() else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let user = HeaderValue::from_str(&caller.user);
    let mut response = next.run(request).await;
    if let Ok(user) = user {
        response.headers_mut().insert("user", user);
    }
    response
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    username: String,
    password: String,
}

async fn login(State(app): State<App>, Extension(peer): Extension<Peer>, body: Bytes) -> Response {
    let given: Given = match bound(&body) {
        Ok(given) => given,
        Err(response) => return *response,
    };
    let given = Credentials { username: given.username, password: given.password };
    match app.sign_in(given, peer.addr.ip()).await {
        Ok(SignIn::Done(_, token)) => enveloped(0, "success", json!({ "token": token })),
        Ok(SignIn::Wrong) => enveloped(1, "auth failed", "verify password failed"),
        Ok(SignIn::Wait(seconds)) => {
            let text = format!("too many sign-ins failed; try again in {seconds} s");
            let envelope = json!({ "code": 21, "msg": "user locked", "data": text });
            let response = go_json(StatusCode::TOO_MANY_REQUESTS, &envelope);
            ([(RETRY_AFTER, seconds.to_string())], response).into_response()
        }
        Err(error) => failed(&error),
    }
}

async fn logout(State(app): State<App>, Extension(digest): Extension<Digest>) -> Response {
    match crate::session::close(&app.store, &digest).await {
        Ok(()) => enveloped(0, "success", ()),
        Err(error) => failed(&error),
    }
}

async fn info(State(app): State<App>, Extension(caller): Extension<Caller>) -> Response {
    match crate::users::store::find(&app.store, &caller.user).await {
        Ok(Some(account)) => enveloped(
            0,
            "success",
            json!({
                "username": account.user.name, "password": "***", "salt": "***", "avatar": "",
                "level": account.user.role.level(), "config": null, "xml": false,
                "password_update_time": account.user.password_changed_at.as_second(),
            }),
        ),
        Ok(None) => enveloped(5, "param invalid", "the user is gone"),
        Err(error) => failed(&error),
    }
}
