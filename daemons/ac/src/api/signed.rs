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
    let judge = |body: &[u8]| {
        let signed = RequestParts {
            method: parts.method.as_str(),
            path: parts.uri.path(),
            query: parts.uri.query().unwrap_or_default(),
            access_key: first(&parts.headers, aksk::ACCESS_KEY),
            timestamp: first(&parts.headers, aksk::TIMESTAMP),
            signature: first(&parts.headers, aksk::SIGNATURE),
        };
        aksk::verify(keys, &signed, body, center.clock.unix())
    };
    // All but what depends on the body: of who has no key, no body is read.
    if !keys.is_empty()
        && let Err(error) = judge(b"")
        && !matches!(error, VerifyError::Wrong)
    {
        return Err(Box::new(refused(&error)));
    }
    // A body is not proven until it is whole, so few are read at a time.
    let _place = center.bodies.acquire().await;
    let body = to_bytes(body, MAX_BODY).await;
    let body = body.map_err(|error| Box::new(unreadable(format!("body: {error}"))))?;
    if !keys.is_empty() {
        judge(&body).map_err(|error| Box::new(refused(&error)))?;
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

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use elk_bus::{Bus, LocalConfig};
    use elk_life::Clock;
    use elk_trust::ca::Authority;
    use http::StatusCode;
    use prometheus::Registry;
    use tempfile::TempDir;

    use super::*;
    use crate::{Ac, Config, Parts};

    async fn center(directory: &TempDir) -> Arc<Center> {
        elk_trust::install_crypto();
        let authority = Authority::create().unwrap();
        let server = authority.issue_server(&[], &[]).unwrap();
        let write = |name: &str, text: &str| {
            let path = directory.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let mut config = Config { data: directory.path().join("ac"), ..Config::default() };
        config.grpc.listen = "127.0.0.1:0".parse().unwrap();
        config.http.listen = "127.0.0.1:0".parse().unwrap();
        config.http.metrics_from = vec!["10.0.0.7".parse().unwrap()];
        config.tls.ca = write("ca.pem", &authority.pem().cert);
        config.tls.cert = write("server.pem", &server.cert);
        config.tls.key = write("server.key", server.key.expose());
        let log = LocalConfig { dir: directory.path().join("log"), ..LocalConfig::default() };
        let bus = Bus::open(log, Clock::System).unwrap();
        let parts = Parts { bus, audit: None, clock: Clock::System, registry: Registry::new() };
        Ac::bind(config, parts).await.unwrap().center()
    }

    fn from(addr: &str) -> Request {
        let addr: SocketAddr = addr.parse().unwrap();
        let mut request = Request::new(Body::empty());
        // A proxy's word, which anybody can write.
        for name in ["x-forwarded-for", "x-real-ip", "forwarded"] {
            request.headers_mut().insert(name, http::HeaderValue::from_static("127.0.0.1"));
        }
        request.extensions_mut().insert(Peer { addr, tls: true });
        request
    }

    #[tokio::test]
    async fn other_hosts_must_sign_whatever_they_say_about_themselves() {
        let directory = tempfile::tempdir().unwrap();
        let center = center(&directory).await;
        for (addr, taken) in [
            ("127.0.0.1:5", true),
            ("[::ffff:127.0.0.1]:5", true),
            ("10.0.0.8:5", false),
            ("[2001:db8::1]:5", false),
        ] {
            assert_eq!(verified(&center, from(addr)).await.is_ok(), taken, "{addr}");
            let shown = metrics(State(Arc::clone(&center)), from(addr)).await;
            let body = to_bytes(shown.into_body(), MAX_BODY).await.unwrap();
            let text = String::from_utf8(body.to_vec()).unwrap();
            assert_eq!(text.contains("elkeid_ac_grpc_conn_count"), taken, "{addr}: {text}");
        }
        let listed = metrics(State(Arc::clone(&center)), from("10.0.0.7:5")).await;
        assert_eq!(listed.status(), StatusCode::OK);
        let body = to_bytes(listed.into_body(), MAX_BODY).await.unwrap();
        assert!(String::from_utf8(body.to_vec()).unwrap().contains("elkeid_ac_grpc_conn_count"));
        center.bus.close().await;
    }
}
