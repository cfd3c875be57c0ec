//! What strangers, silent streams and dead connections can take.

use std::sync::Arc;
use std::time::Duration;

use elk_api::intake;
use elk_trust::SERVER_NAME;
use elk_trust::tls::{Expect, client_config};
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::runtime::Builder;

use crate::world::World;

#[tokio::test]
async fn silent_streams_end_and_never_use_up_the_connection_limit() {
    let world = World::with(|config| {
        config.grpc.connection_limit = 1;
        config.grpc.waiting_limit = 3;
        config.grpc.first_message_seconds = 2;
    })
    .await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let mut silent = Vec::new();
    for _ in 0..4 {
        silent.push(world.agent().await);
    }
    // The first one made room for the fourth.
    assert_eq!(silent[0].call.status().await.0, 0);
    let agent = world.agent().await;
    agent.hello("agent-1", "h1", "1").await;
    world.connected(1).await;
    for agent in &mut silent[2..] {
        let (code, text) = agent.call.status().await;
        assert_eq!((code, text.as_str()), (4, "no first message in time"));
    }
    let mut refused = world.agent().await;
    refused.hello("agent-2", "h2", "1").await;
    assert_eq!(refused.call.status().await, (2, "out of max connection limit".to_owned()));
    // The one that is known replaces itself, also when nobody else is let in.
    let again = world.agent().await;
    again.hello("agent-1", "h1", "1").await;
    world.connected(1).await;
    world.end().await;
}

#[tokio::test]
async fn a_stream_whose_peer_is_dead_is_found_by_pings() {
    let world = World::with(|config| {
        config.grpc.ping_seconds = 1;
        config.grpc.ping_timeout_seconds = 1;
    })
    .await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let (freeze, frozen) = std::sync::mpsc::channel::<()>();
    let world = Arc::new(world);
    let dialling = Arc::clone(&world);
    // A thread that sleeps keeps the socket open but answers no ping: a half-open stream.
    let host = std::thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let agent = runtime.block_on(async {
            let agent = dialling.agent().await;
            agent.hello("agent-1", "h1", "1").await;
            dialling.connected(1).await;
            agent
        });
        drop(dialling);
        frozen.recv().unwrap_err();
        drop(agent);
    });
    world.connected(1).await;
    world.connected(0).await;
    drop(freeze);
    host.join().unwrap();
    Arc::into_inner(world).unwrap().end().await;
}

#[tokio::test]
async fn strangers_without_a_certificate_are_turned_away_and_counted() {
    let world = World::new().await;
    let ca = std::fs::read(world.path().join("ca.pem")).unwrap();
    let tls = client_config(&ca, None, Expect::Name(SERVER_NAME), &[b"h2"]).unwrap();
    let socket = TcpStream::connect(world.grpc).await.unwrap();
    let name = rustls::pki_types::ServerName::try_from("127.0.0.1").unwrap();
    let refused = match tokio_rustls::TlsConnector::from(tls).connect(name, socket).await {
        Err(_) => true,
        // With TLS 1.3 a client learns of it only when it reads.
        Ok(mut stream) => matches!(
            tokio::time::timeout(Duration::from_secs(20), stream.read(&mut [0; 256]))
                .await
                .unwrap(),
            Err(_) | Ok(0)
        ),
    };
    assert!(refused);
    let start = "elk_ac_tls_handshakes_failed_total{reason=\"no_certificate\"}";
    assert_eq!(world.metric(start).await, Some(1.0));
    world.end().await;
}

#[tokio::test]
async fn series_of_an_agent_end_with_its_stream() {
    let world = World::new().await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let mut agent = world.agent().await;
    agent.hello("agent-1", "h1", "1").await;
    world.connected(1).await;
    assert_eq!(world.metric("elkeid_ac_grpc_conn_count").await, Some(1.0));
    assert_eq!(world.metric("elkeid_ac_output_count{agent_id=\"agent-1\"}").await, Some(1.0));
    let gauge = "elkeid_ac_agent_cpu{agent_id=\"agent-1\",name=\"agent\"}";
    assert_eq!(world.metric(gauge).await, Some(0.5));
    agent.call.out = None;
    agent.call.status().await;
    world.connected(0).await;
    let (_, _, text) = world.api("GET", "/metrics", "").await;
    assert!(!text.contains("agent-1"), "{text}");
    world.end().await;
}

#[tokio::test]
async fn a_stop_ends_streams_cleanly_and_what_they_said_is_kept() {
    let world = World::new().await;
    world.answer(intake::RESULTS, 500, json!({}));
    let mut agent = world.agent().await;
    agent.hello("agent-1", "h1", "1").await;
    world.connected(1).await;
    world.stop.now();
    assert_eq!(agent.call.status().await.0, 0);
    world.end().await;
}
