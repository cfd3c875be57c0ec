//! The entries at ServiceDiscovery.

use std::sync::Arc;

use elk_ac::{Ac, BindError, Parts};
use elk_api::{intake, registry};
use elk_bus::{Bus, LocalConfig};
use elk_life::Clock;
use elk_trust::aksk::{self, RequestParts};
use http::StatusCode;
use prometheus::Registry;
use serde_json::json;

use crate::peer::manager;
use crate::world::{Files, World, key, settings};

#[tokio::test]
async fn a_registration_that_failed_is_tried_again_under_the_advertised_address() {
    let directory = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap();
    // The listener closes at once: the first call fails before a byte is sent.
    drop(taken);
    let world = World::in_directory(directory, |config| {
        config.sd.addrs = vec![format!("http://{addr}")];
        config.sd.auth = Some(key());
        config.sd.advertise = Some("10.9.8.7".to_owned());
    })
    .await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let agent = world.agent().await;
    agent.hello("agent-1", "h1", "1").await;
    world.connected(1).await;
    let heard = Arc::clone(&world.heard);
    let refused = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let router = axum::Router::new().fallback(async move |request: axum::extract::Request| {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        if !refused.swap(true, std::sync::atomic::Ordering::Relaxed) {
            return (StatusCode::INTERNAL_SERVER_ERROR, "");
        }
        let header = |name: &str| parts.headers.get(name).unwrap().to_str().unwrap();
        let signed = RequestParts {
            method: "POST",
            path: parts.uri.path(),
            query: "",
            access_key: header(aksk::ACCESS_KEY),
            timestamp: header(aksk::TIMESTAMP),
            signature: header(aksk::SIGNATURE),
        };
        let keys = [key()].into_iter().collect();
        aksk::verify(&keys, &signed, &body, Clock::System.unix()).unwrap();
        let path = parts.uri.path().to_owned();
        heard.lock().calls.push((path, serde_json::from_slice(&body).unwrap()));
        (StatusCode::OK, r#"{"msg":"ok"}"#)
    });
    let listener = tokio::net::TcpListener::bind(addr).await.unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let extra = json!({"native": "elk", "version": env!("CARGO_PKG_VERSION")});
    for (name, port) in [("hids_svr_grpc", world.grpc.port()), ("hids_svr_http", world.http.port())]
    {
        let call = world.called(registry::REGISTER, |it| it["name"] == name).await;
        let expected =
            json!({"name": name, "ip": "10.9.8.7", "port": port, "weight": 1, "extra": extra});
        assert_eq!(call, expected);
    }
    world.stop.now();
    world.called(registry::EVICT, |it| it["name"] == "hids_svr_grpc").await;
    let evicted: Vec<_> =
        world.calls(registry::EVICT).iter().map(|it| it["name"].clone()).collect();
    assert_eq!(evicted, ["hids_svr_http", "hids_svr_grpc"], "the reference's order");
    world.end().await;
    server.abort();
}

#[tokio::test]
async fn an_address_to_register_is_never_guessed() {
    let directory = tempfile::tempdir().unwrap();
    drop(Files::create(directory.path()));
    let (addr, _, _ends) = manager().await;
    let mut config = settings(directory.path(), addr);
    config.sd.addrs = vec!["http://127.0.0.1:1".to_owned()];
    config.grpc.listen = "0.0.0.0:0".parse().unwrap();
    let log = LocalConfig { dir: directory.path().join("log"), ..LocalConfig::default() };
    let bus = Bus::open(log, Clock::System).unwrap();
    let parts =
        Parts { bus: bus.clone(), audit: None, clock: Clock::System, registry: Registry::new() };
    let error = Ac::bind(config, parts).await.unwrap_err();
    assert!(matches!(error, BindError::Advertise), "{error}");
    bus.close().await;
}
