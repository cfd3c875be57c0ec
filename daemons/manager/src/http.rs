//! The API: who may call what over which transport, and the router.

use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use elk_api::{SERVER_TIME_HEADER, intake};
use elk_web::{ApiError, Peer};
use http::{HeaderValue, StatusCode};

use crate::app::App;
use crate::compat;
use crate::{
    agents, alerts, audit, backup, cluster, components, events, import, kube, profiles, records,
    roles, rollouts, selections, session, tags, tasks, tokens, users,
};

/// Paths that other hosts may call without TLS, besides those of AgentCenters: one tells nothing, one
/// is signed.
const PLAIN: [&str; 2] = ["/ping", compat::v0::SYNC];

/// Returns the whole API.
pub(crate) fn router(app: App) -> Router {
    let native = Router::new()
        .merge(session::http::routes())
        .merge(agents::http::routes())
        .merge(selections::http::routes())
        .merge(tags::http::routes())
        .merge(tasks::http::routes())
        .merge(users::http::routes())
        .merge(users::second::routes())
        .merge(tokens::http::routes())
        .merge(roles::http::routes())
        .merge(rollouts::http::routes())
        .merge(audit::http::routes())
        .merge(alerts::http::routes())
        .merge(alerts::sinks::http::routes())
        .merge(events::http::routes())
        .merge(components::http::routes())
        .merge(profiles::http::routes())
        .merge(records::routes())
        .merge(cluster::routes())
        .merge(backup::http::routes())
        .merge(kube::http::routes())
        .merge(import::routes())
        .merge(compat::v0::routes())
        .merge(compat::v1::routes(&app))
        .merge(compat::v6::routes())
        .merge(compat::downloads())
        .layer(middleware::from_fn_with_state(App::clone(&app), roles::scope::limit))
        .layer(middleware::from_fn_with_state(App::clone(&app), audit::watch::watch))
        .layer(middleware::from_fn_with_state(App::clone(&app), session::http::authenticate));
    let prove = middleware::from_fn_with_state(App::clone(&app), compat::intake::prove);
    Router::new()
        .merge(native)
        .merge(compat::intake::routes().route_layer(prove))
        .merge(components::download::routes())
        .route("/ping", get(cluster::ping))
        .route("/openapi.json", get(|| async { Json(elk_api::openapi()) }))
        .method_not_allowed_fallback(wrong_method)
        .fallback(elk_web::not_found)
        .layer(middleware::from_fn_with_state(App::clone(&app), private))
        .layer(middleware::from_fn_with_state(App::clone(&app), timed))
        .with_state(app)
}

/// Tells the clock in every answer of the native API.
async fn timed(State(app): State<App>, request: Request, next: Next) -> Response {
    let native = request.uri().path().starts_with("/api/n1/");
    let mut response = next.run(request).await;
    if native && let Ok(now) = HeaderValue::from_str(&app.clock.now().to_string()) {
        response.headers_mut().insert(SERVER_TIME_HEADER, now);
    }
    response
}

/// Refuses what must not cross a network in clear.
async fn private(State(app): State<App>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>();
    let safe = peer.is_some_and(|it| it.tls || it.addr.ip().to_canonical().is_loopback());
    let path = request.uri().path();
    let open = PLAIN.contains(&path)
        || intake::PATHS.contains(&path)
        || path.starts_with(components::download::PREFIX);
    if safe || app.config.plaintext_api || open {
        return next.run(request).await;
    }
    audit::watch::refused(&app, request.extensions(), "request.plain", "plaintext_refused").await;
    let detail = "over plain HTTP this is served to this host only; use https";
    ApiError::new(StatusCode::FORBIDDEN, "plaintext_refused", detail).into_response()
}

async fn wrong_method(request: Request) -> Response {
    let path: String = request.uri().path().chars().take(200).collect();
    let detail = format!("{path} is not called with {}", request.method());
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).into_response()
}
