//! Who may call.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use elk_boot::admin;
use elk_trust::aksk::{self, RequestParts, VerifyError};
use elk_web::{Peer, enveloped};
use http::HeaderMap;

use super::{MAX_BODY, Shared, unreadable};
use crate::center::Center;

fn refused(error: &VerifyError) -> Response {
    enveloped(1, "auth failed", error.to_string())
}

/// A header that comes twice, as after a redirect, counts with its first value.
fn first<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn loopback(request: &Request) -> bool {
    let peer = request.extensions().get::<Peer>();
    peer.is_some_and(|peer| peer.addr.ip().to_canonical().is_loopback())
}

/// Passes on what is signed; without configured keys, what comes from this host.
pub(super) async fn check(State(center): Shared, request: Request, next: Next) -> Response {
    match verified(&center, request).await {
        Ok(request) => next.run(request).await,
        Err(response) => *response,
    }
}

async fn verified(center: &Arc<Center>, request: Request) -> Result<Request, Box<Response>> {
    let keys = &center.config.http.keys;
    if keys.is_empty() && !loopback(&request) {
        return Err(Box::new(refused(&VerifyError::Unknown)));
    }
    let (parts, body) = request.into_parts();
    let headers = [aksk::ACCESS_KEY, aksk::TIMESTAMP, aksk::SIGNATURE];
    let unsigned = headers.iter().any(|name| first(&parts.headers, name).is_empty());
    if !keys.is_empty() && unsigned {
        return Err(Box::new(refused(&VerifyError::Missing)));
    }
    let body = to_bytes(body, MAX_BODY).await;
    let body = body.map_err(|error| Box::new(unreadable(format!("body: {error}"))))?;
    if !keys.is_empty() {
        let signed = RequestParts {
            method: parts.method.as_str(),
            path: parts.uri.path(),
            query: parts.uri.query().unwrap_or_default(),
            access_key: first(&parts.headers, aksk::ACCESS_KEY),
            timestamp: first(&parts.headers, aksk::TIMESTAMP),
            signature: first(&parts.headers, aksk::SIGNATURE),
        };
        aksk::verify(keys, &signed, &body, center.clock.unix())
            .map_err(|error| Box::new(refused(&error)))?;
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// Shows metrics, which name agents, to this host, to listed addresses and to who signs.
pub(super) async fn metrics(State(center): Shared, request: Request) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.addr.ip().to_canonical());
    let listed = peer.is_some_and(|ip| center.config.http.metrics_from.contains(&ip));
    let open = listed || loopback(&request);
    if !open && let Err(response) = verified(&center, request).await {
        return *response;
    }
    admin::metrics(&center.registry)
}
