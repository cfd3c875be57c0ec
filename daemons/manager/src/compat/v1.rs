//! `/api/v1`: accounts, agents, tags and tasks, as the reference serves them.

mod binding;
mod config;
mod creating;
mod document;
mod filter;
pub(crate) mod fuzz;
mod pages;
mod quick;
mod reading;
mod running;
mod selecting;
mod status;
mod subtask;
mod tags;
mod task;
mod user;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use elk_api::Permission;
use elk_api::session::Credentials;
use elk_web::{Caller, enveloped, go_json};
use http::header::RETRY_AFTER;
use http::{Extensions, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::intake::{bound, failed};
use crate::app::App;
use crate::session::{Digest, SignIn};

/// The largest body: room for the longest list of ids.
const MAX_BODY: usize = 16 << 20;

pub(crate) fn routes(app: &App) -> Router<App> {
    let own = Router::new()
        .route("/api/v1/user/logout", get(logout))
        .route("/api/v1/user/info", get(info))
        .merge(status::routes())
        .merge(user::own());
    let (read_default, write_default) = config::default_routes();
    let read = Router::new().merge(read_default).merge(tags::reading()).merge(reading::routes());
    let run =
        Router::new().merge(creating::routes()).merge(running::routes()).merge(quick::routes());
    Router::new()
        .route("/api/v1/user/login", post(login))
        .merge(guarded(own, Permission::SignedIn))
        .merge(guarded(user::others(), Permission::ManageUsers))
        .merge(guarded(read, Permission::ReadFleet))
        .merge(guarded(write_default, Permission::WriteConfig))
        .merge(guarded(tags::writing(), Permission::WriteAgents))
        .merge(guarded(run, Permission::RunTasks))
        .merge(guarded(creating::config_routes(), Permission::WriteConfig))
        .merge(config::routes(App::clone(app)))
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

/// Serves routes only to who may do what `needs` says.
pub(in crate::compat) fn guarded(routes: Router<App>, needs: Permission) -> Router<App> {
    let admit = move |request: Request, next: Next| admit(needs, request, next);
    routes.route_layer(middleware::from_fn(admit))
}

/// Refuses without a body: 401 for who is not signed in, 403 for who may not. Others are told who
/// they are.
async fn admit(needs: Permission, request: Request, next: Next) -> Response {
    let Some(caller) = request.extensions().get::<Caller>() else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    if !caller.may(needs) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let user = HeaderValue::from_str(&caller.user);
    let mut response = next.run(request).await;
    if let Ok(user) = user {
        response.headers_mut().insert("user", user);
    }
    response
}

/// Answers that too many passwords were wrong.
fn locked(seconds: u64) -> Response {
    let text = format!("too many sign-ins failed; try again in {seconds} s");
    let envelope = json!({ "code": 21, "msg": "user locked", "data": text });
    let response = go_json(StatusCode::TOO_MANY_REQUESTS, &envelope);
    ([(RETRY_AFTER, seconds.to_string())], response).into_response()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    username: String,
    password: String,
    /// Not the reference's: it never asks for a code.
    otp: Option<String>,
}

async fn login(State(app): State<App>, asker: Extensions, body: Bytes) -> Response {
    let given: Given = match bound(&body) {
        Ok(given) => given,
        Err(response) => return *response,
    };
    let Given { username, password, otp } = given;
    let given = Credentials { username, password, otp };
    match app.sign_in(given, &asker).await {
        Ok(SignIn::Done(_, token)) => enveloped(0, "success", json!({ "token": token })),
        Ok(SignIn::Wrong) => enveloped(1, "auth failed", "verify password failed"),
        Ok(SignIn::NeedsCode) => enveloped(17, "otp required", "a code is needed in otp"),
        Ok(SignIn::WrongCode) => enveloped(17, "otp required", "the code in otp is wrong"),
        Ok(SignIn::Wait(seconds)) => locked(seconds),
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
    let found = async {
        let avatar = user::avatar(&app.store, &caller.user).await?;
        let account = crate::users::store::find(&app.store, &caller.user).await?;
        Ok(account.map(|it| (it, avatar)))
    };
    match found.await {
        Ok(Some((account, avatar))) => enveloped(
            0,
            "success",
            json!({
                "username": account.user.name, "password": "***", "salt": "***", "avatar": avatar,
                "level": account.user.role.level(), "config": null, "xml": false,
                "password_update_time": account.user.password_changed_at.as_second(),
            }),
        ),
        Ok(None) => enveloped(5, "param invalid", "the user is gone"),
        Err(error) => failed(&error),
    }
}
