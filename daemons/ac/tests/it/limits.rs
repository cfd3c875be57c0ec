//! What strangers, silent streams and dead connections can take.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use elk_api::intake;
use elk_trust::SERVER_NAME;
use elk_trust::tls::{Expect, client_config};
use elk_wire::{TRANSFER_PATH, frame};
use prost::Message as _;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::runtime::Builder;

use crate::agent::{Connection, batch, heartbeat, record};
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
    for (reason, count) in [("limit", 1.0), ("silent", 2.0)] {
        let name = format!("elk_ac_streams_refused_total{{reason=\"{reason}\"}}");
        world.until_metric(&name, count).await;
    }
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
    let told = world.data("GET", "/conn/refused", "").await;
    let item = &told["items"][0];
    assert_eq!((&item["address"], &item["count"]), (&json!("127.0.0.1"), &json!(1)), "{told}");
    assert_eq!(item["reason"], "no_certificate");
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
    let goodbye = tokio::time::timeout(Duration::from_secs(20), agent.connection.driver);
    goodbye.await.expect("the connection ends, too").unwrap();
    let directory = world.end().await;
    let world = World::in_directory(directory, |_| {}).await;
    assert_eq!(world.records(1).await[0].0, b"agent-1");
    world.end().await;
}

#[tokio::test]
async fn one_connection_has_so_many_streams_and_no_more() {
    let world = World::new().await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let mut connection = world.dial().await;
    let mut calls = Vec::new();
    for number in 0..8 {
        let call = connection.call(TRANSFER_PATH, "identity").await;
        let hello = batch(&format!("agent-{number}"), "h", vec![heartbeat("1")]);
        call.out.as_ref().unwrap().send(frame::identity(&hello)).await.unwrap();
        calls.push(call);
    }
    world.connected(8).await;
    // One more waits until there is room, while other connections are served.
    let sender = connection.sender.clone();
    let mut more = Connection { sender, driver: tokio::spawn(async {}) };
    let waiting = tokio::spawn(async move {
        let call = more.call(TRANSFER_PATH, "identity").await;
        let hello = batch("agent-more", "h", vec![heartbeat("1")]);
        call.out.as_ref().unwrap().send(frame::identity(&hello)).await.unwrap();
        call
    });
    let other = world.agent().await;
    other.hello("other", "h", "1").await;
    let shown = world.connected(9).await;
    assert!(!shown.to_string().contains("agent-more"));
    calls.pop();
    let is_more = |it: &serde_json::Value| it["id"] == "agent-more";
    world.until(|it| it["items"].as_array().unwrap().iter().any(is_more)).await;
    drop(waiting.await.unwrap());
    world.end().await;
}

#[tokio::test]
async fn a_connection_without_a_stream_is_closed_and_one_with_a_stream_is_not() {
    let world = World::with(|config| config.grpc.first_message_seconds = 1).await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let mut agent = world.agent().await;
    agent.hello("agent-1", "h1", "1").await;
    world.connected(1).await;
    for _ in 0..2 {
        let idle = world.dial().await;
        let closed = tokio::time::timeout(Duration::from_mins(1), idle.driver).await;
        closed.expect("it stays").unwrap();
    }
    let order = r#"{"agent_id":"agent-1","command":{"task":{"name":"x"}}}"#;
    world.data("POST", "/command", order).await;
    assert!(agent.call.command().await.is_some());
    // A stream that ended leaves such a connection behind.
    agent.call.out = None;
    agent.call.status().await;
    let closed = tokio::time::timeout(Duration::from_mins(1), agent.connection.driver).await;
    closed.expect("it stays").unwrap();
    world.end().await;
}

#[tokio::test]
async fn headers_without_end_are_refused() {
    let world = World::new().await;
    let mut connection = world.dial().await;
    let request = http::Request::post(format!("https://ac{TRANSFER_PATH}"))
        .header("content-type", "application/grpc")
        .header("x-long", "x".repeat(20 * 1024))
        .body(http_body_util::BodyExt::boxed(http_body_util::Empty::new()))
        .unwrap();
    let answer = connection.sender.send_request(request).await;
    let refused =
        answer.map_or(true, |it| it.status() == http::StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    assert!(refused, "they were taken");
    world.end().await;
}

#[tokio::test]
async fn a_small_message_that_would_fill_the_disk_is_refused() {
    let world = World::new().await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let good = world.agent().await;
    good.hello("good", "h", "1").await;
    let host = "h".repeat(1_024);
    let empty = elk_wire::Record { data_type: 59, timestamp: 0, body: Vec::new().into() };
    for (records, code) in [(65_536, 8), (65_537, 13)] {
        let mut agent = world.agent().await;
        agent.hello("agent-1", "h", "1").await;
        agent.send(&batch("agent-1", &host, vec![empty.clone(); records])).await;
        assert_eq!(agent.call.status().await.0, code, "{records} records");
    }
    // What real agents send at most is taken.
    good.send(&batch("good", "h", vec![empty; 2_048])).await;
    world.until_metric("elkeid_ac_output_count{agent_id=\"good\"}", 2_049.0).await;
    world.until_metric("elk_ac_malformed_messages_total", 2.0).await;
    world.end().await;
}

#[tokio::test]
async fn names_without_end_are_refused_and_neighbours_do_not_notice() {
    let world = World::new().await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let good = world.agent().await;
    good.hello("good", "h", "1").await;
    let long = "x".repeat(1_025);
    let plain = || batch("agent-1", "h", vec![heartbeat("1")]);
    let cases = [
        ("agent_id", elk_wire::RawData { agent_id: long.clone(), ..plain() }),
        ("hostname", elk_wire::RawData { hostname: long.clone(), ..plain() }),
        ("version", elk_wire::RawData { version: long.clone(), ..plain() }),
        ("product", elk_wire::RawData { product: long, ..plain() }),
        ("address", elk_wire::RawData { intranet_ipv6: vec!["1".repeat(65)], ..plain() }),
    ];
    for (what, message) in cases {
        let mut agent = world.agent().await;
        agent.send(&message).await;
        let (code, text) = agent.call.status().await;
        assert!(code == 13 && text.contains(what) && text.contains("too long"), "{code} {text}");
    }
    let shown = world.connected(1).await;
    assert_eq!(shown["items"][0]["id"], "good");
    world.end().await;
}

#[tokio::test]
async fn a_heartbeat_that_grows_too_long_is_not_shown_but_kept() {
    let world = World::new().await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let agent = world.agent().await;
    agent.hello("agent-1", "h", "1").await;
    let before = world.connected(1).await;
    // Each byte takes six in JSON.
    let value = "\u{1}".repeat(10_000);
    let keys: Vec<String> = (0..3).map(|it| format!("k{it}")).collect();
    let fields: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), &*value)).collect();
    agent.send(&batch("agent-1", "h", vec![record(1000, &fields)])).await;
    world.until_metric("elk_ac_heartbeats_ignored_total", 1.0).await;
    world.until_metric("elkeid_ac_output_count{agent_id=\"agent-1\"}", 2.0).await;
    let after = world.connected(1).await;
    assert_eq!(after["items"][0]["agent_info"], before["items"][0]["agent_info"]);
    world.end().await;
}

#[tokio::test]
async fn a_message_that_does_not_arrive_in_time_ends_its_stream_alone() {
    let world = World::with(|config| config.grpc.message_seconds = 1).await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let good = world.agent().await;
    good.hello("good", "h", "1").await;
    let mut slow = world.agent().await;
    slow.hello("slow", "h", "1").await;
    world.connected(2).await;
    let whole = frame::identity(&batch("slow", "h", vec![heartbeat("1")]));
    slow.call.out.as_ref().unwrap().send(whole.slice(..whole.len() - 1)).await.unwrap();
    let (code, text) = slow.call.status().await;
    assert_eq!((code, text.as_str()), (4, "a message took too long to arrive"));
    // Who is silent between messages stays.
    let shown = world.connected(1).await;
    assert_eq!(shown["items"][0]["id"], "good");
    world.end().await;
}

#[tokio::test]
async fn messages_that_stall_give_way_to_others_before_they_fill_memory() {
    let world = World::with(|config| config.grpc.partial_bytes = 16 << 20).await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let good = world.agent().await;
    good.hello("good", "h", "1").await;
    world.connected(1).await;
    let mut stalled = Vec::new();
    let mut part = vec![0, 0, 0x9f, 0xff, 0xff];
    part.resize(9 << 20, 0);
    for number in 0..3 {
        let agent = world.agent().await;
        agent.hello(&format!("slow-{number}"), "h", "1").await;
        agent.call.out.as_ref().unwrap().send(part.clone().into()).await.unwrap();
        stalled.push(agent);
        // One fits beside no other.
        world.until_metric("elk_ac_partial_messages_cut_total", f64::from(number)).await;
    }
    let ids = |shown: &serde_json::Value| {
        let items = shown["items"].as_array().unwrap().iter();
        items.map(|it| it["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    world.until(|it| ids(it) == ["good", "slow-2"]).await;
    world.end().await;
}

#[tokio::test]
async fn a_stream_faster_than_allowed_is_slowed_down_and_loses_nothing() {
    let world = World::with(|config| config.grpc.bytes_per_second = 10_000).await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let agent = world.agent().await;
    agent.hello("fast", "h", "1").await;
    let start = tokio::time::Instant::now();
    let value = "x".repeat(9_000);
    for _ in 0..12 {
        agent.send(&batch("fast", "h", vec![record(59, &[("k", &value)])])).await;
    }
    world.until_metric("elkeid_ac_output_count{agent_id=\"fast\"}", 13.0).await;
    // Eight seconds' worth comes at once.
    assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
    world.end().await;
}

/// Returns the bytes of memory that this process has.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    text.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[tokio::test]
async fn messages_in_zstd_leave_no_memory_behind() {
    let world = World::new().await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let mut connection = world.dial().await;
    let call = connection.call(TRANSFER_PATH, "zstd").await;
    let packed = |message: elk_wire::RawData| {
        let payload = zstd::encode_all(message.encode_to_vec().as_slice(), 1).unwrap();
        let mut bytes = vec![1];
        bytes.extend(u32::try_from(payload.len()).unwrap().to_be_bytes());
        bytes.extend(payload);
        Bytes::from(bytes)
    };
    let out = call.out.as_ref().unwrap();
    out.send(packed(batch("agent-1", "h", vec![heartbeat("1")]))).await.unwrap();
    world.connected(1).await;
    let one = packed(batch("agent-1", "h", vec![record(59, &[("k", "v")])]));
    let before = resident();
    for _ in 0..4_000 {
        out.send(one.clone()).await.unwrap();
    }
    world.until_metric("elkeid_ac_grpc_recv_qps", 4_000.0).await;
    // A decompressor that is never freed has more than 100 KiB.
    let grown = resident().saturating_sub(before);
    assert!(grown < 300 << 20, "{grown} bytes more");
    world.end().await;
}
