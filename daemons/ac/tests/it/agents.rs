//! Records, heartbeats and configuration.

use std::io::Write as _;
use std::time::Duration;

use axum::body::Bytes;
use elk_api::center::ConnStat;
use elk_api::intake;
use elk_bus::{Entry, Start};
use elk_wire::mqdata::View;
use elk_wire::{TRANSFER_PATH, UPLOAD_PATH, frame};
use flate2::Compression;
use flate2::write::GzEncoder;
use prost::Message as _;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::agent::{batch, heartbeat, record};
use crate::world::World;

fn wants_nothing(world: &World) {
    world.answer(intake::CONFIG, 200, json!({"code": 1, "msg": "later", "data": null}));
}

#[tokio::test]
async fn a_heartbeat_shows_in_the_state_and_its_configuration_comes_once() {
    let world = World::new().await;
    let item = json!({"name": "driver", "version": "1.7", "sha256": "ab", "type": "tar.gz",
        "signature": null, "download_url": ["http://x/d"]});
    world.answer(intake::CONFIG, 200, json!({"code": 0, "msg": "success", "data": [item]}));
    let mut agent = world.agent().await;
    agent.hello("agent-1", "h1", "1700000000").await;
    let command = agent.call.command().await.unwrap();
    assert_eq!(command.config[0].name, "driver");
    let asked = world.calls(intake::CONFIG);
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0]["agent_id"], "agent-1");
    assert_eq!(asked[0]["kernel_version"], "5.10", "it must stay text");
    assert_eq!(asked[0]["cpu"], 0.5);
    let stat = world.data("GET", "/conn/stat", "").await;
    let stat: Vec<ConnStat> = serde_json::from_value(stat).unwrap();
    assert_eq!(stat[0].agent_info["hostname"], "h1");
    assert_eq!(stat[0].agent_info["boot_time"], 1_700_000_000);
    assert_eq!(stat[0].agent_info["intranet_ipv4"], json!(["10.0.0.1", "10.0.0.2"]));
    assert!(stat[0].agent_info["last_heartbeat_time"].is_i64());
    agent
        .send(&batch(
            "agent-1",
            "h1",
            vec![
                heartbeat("1700000000"),
                record(1001, &[("name", "driver"), ("pversion", "1.70")]),
            ],
        ))
        .await;
    world.until(|it| it["items"][0]["plugins_info"][0]["pversion"] == "1.70").await;
    assert_eq!(world.calls(intake::CONFIG).len(), 1);
    world.end().await;
}

#[tokio::test]
async fn the_changes_since_a_cursor_are_told_and_who_left() {
    let world = World::new().await;
    wants_nothing(&world);
    let (one, mut two) = (world.agent().await, world.agent().await);
    one.hello("agent-1", "h1", "1").await;
    two.hello("agent-2", "h2", "1").await;
    let all = world.connected(2).await;
    assert_eq!(all["full"], true);
    let changes = serde_json::from_value::<elk_api::center::Changes>(all.clone()).unwrap();
    assert_eq!(changes.items.len(), 2);
    let cursor = all["cursor"].as_str().unwrap();
    let since = format!("/conn/stat?since={cursor}");
    let none = world.data("GET", &since, "").await;
    assert_eq!(
        (&none["full"], &none["items"], &none["gone"]),
        (&json!(false), &json!([]), &json!([]))
    );
    two.call.out = None;
    assert_eq!(two.call.status().await.0, 0);
    world.connected(1).await;
    let left = world.data("GET", &since, "").await;
    assert_eq!((&left["full"], &left["gone"]), (&json!(false), &json!(["agent-2"])));
    world.end().await;
}

#[tokio::test]
async fn every_record_reaches_the_bus_byte_for_byte_also_broken_results_and_logs() {
    let world = World::new().await;
    wants_nothing(&world);
    let agent = world.agent().await;
    let raw = |data_type, body: &'static [u8]| elk_wire::Record {
        data_type,
        timestamp: 7,
        body: body.into(),
    };
    // What the reference dies of or drops: empty and broken results, broken logs and heartbeats.
    let bodies: [(i32, &'static [u8]); 6] = [
        (5100, b""),
        (8010, b"\x0a\xff"),
        (1010, b"\x0a\xff"),
        (1000, b"\xff\xff"),
        (59, b"\x0a\x1a\x0a\x03exe\x12\x02\xff\xfe"),
        (1001, b""),
    ];
    let records = bodies.iter().map(|(kind, body)| raw(*kind, body)).collect();
    agent.send(&batch("agent-1", "h1", records)).await;
    agent.send(&batch("agent-1", "h1", vec![record(5100, &[("token", "t")])])).await;
    let found = world.records(7).await;
    for ((key, value), (kind, body)) in found.iter().zip(bodies) {
        let view = View::parse(value).unwrap();
        assert_eq!((key.as_slice(), view.data_type, view.body), (&b"agent-1"[..], kind, body));
        assert_eq!(view.intranet_ipv4, b"10.0.0.1,10.0.0.2");
    }
    world.called(intake::RESULTS, |it| it.to_string().contains("\"t\"")).await;
    world.end().await;
}

#[tokio::test]
async fn a_configuration_that_failed_is_asked_for_again_and_a_hanging_manager_stops_nobody() {
    let world = World::new().await;
    world.answer(intake::CONFIG, 500, json!({}));
    let mut agent = world.agent().await;
    agent.hello("agent-1", "h1", "1").await;
    world.called(intake::CONFIG, |_| true).await;
    world.heard.lock().hang = Some(intake::CONFIG.to_owned());
    let hung = world.agent().await;
    hung.hello("agent-2", "h2", "1").await;
    world.called(intake::CONFIG, |it| it["agent_id"] == "agent-2").await;
    world.heard.lock().hang = None;
    world.answer(intake::CONFIG, 200, json!({"code": 0, "msg": "success", "data": null}));
    let third = world.agent().await;
    third.hello("agent-3", "h3", "1").await;
    world.called(intake::CONFIG, |it| it["agent_id"] == "agent-3").await;
    // `null` is the Manager's way to say that nothing applies.
    let command = agent.call.command().await.unwrap();
    assert_eq!((command.task, command.config.len()), (None, 0));
    world.end().await;
}

#[tokio::test]
async fn an_answer_without_data_is_no_configuration() {
    let world = World::new().await;
    world.answer(intake::CONFIG, 200, json!({"code": 0, "msg": "success"}));
    let mut agent = world.agent().await;
    agent.hello("agent-1", "h1", "1").await;
    world.called(intake::CONFIG, |_| true).await;
    let item = json!({"name": "driver"});
    world.answer(intake::CONFIG, 200, json!({"code": 0, "msg": "success", "data": [item]}));
    assert_eq!(agent.call.command().await.unwrap().config.len(), 1);
    world.end().await;
}

#[tokio::test]
async fn an_agent_whose_configuration_is_held_waits_for_its_next_stream_or_a_push() {
    let world = World::new().await;
    let held = json!({"code": 10, "msg": intake::HELD, "data": "the profile names no plugin"});
    world.answer(intake::CONFIG, 200, held);
    let agent = world.agent().await;
    agent.hello("agent-1", "h1", "1").await;
    world.called(intake::CONFIG, |it| it["agent_id"] == "agent-1").await;
    let item = json!({"name": "driver"});
    world.answer(intake::CONFIG, 200, json!({"code": 0, "msg": "success", "data": [item]}));
    // Longer than it takes until a failed call is repeated.
    sleep(Duration::from_secs(3)).await;
    let asked =
        |id: &str| world.calls(intake::CONFIG).iter().filter(|it| it["agent_id"] == id).count();
    assert_eq!(asked("agent-1"), 1);
    let mut next = world.agent().await;
    next.hello("agent-2", "h2", "1").await;
    assert_eq!(next.call.command().await.unwrap().config.len(), 1);
    world.end().await;
}

#[tokio::test]
async fn tags_come_also_if_the_manager_answers_null_first() {
    let world = World::new().await;
    wants_nothing(&world);
    let agent = world.agent().await;
    agent.hello("agent-1", "h1", "1").await;
    world.called(intake::QUERY_INFO, |it| it["id_list"] == json!(["agent-1"])).await;
    let tags = json!({"agent-2": {"tags": "prod,web", "psm_name": null}, "x": null});
    world.answer(intake::QUERY_INFO, 200, json!({"code": 0, "msg": "success", "data": tags}));
    let tagged = world.agent().await;
    tagged.hello("agent-2", "h2", "1").await;
    let mut seen = Value::Null;
    for number in 2.. {
        tagged.send(&batch("agent-2", "h2", vec![record(59, &[])])).await;
        let found = world.records(number).await;
        let last = View::parse(&found.iter().rfind(|it| it.0 == b"agent-2").unwrap().1).unwrap();
        if last.tag == b"prod,web" {
            seen = Value::Bool(true);
            break;
        }
        assert!(number < 500, "the tags never came");
    }
    assert_eq!(seen, true);
    world.end().await;
}

#[tokio::test]
async fn a_lookup_of_tags_that_hangs_delays_them_and_the_first_record_of_a_later_stream_has_them() {
    let world = World::new().await;
    wants_nothing(&world);
    world.heard.lock().hang = Some(intake::QUERY_INFO.to_owned());
    let mut agent = world.agent().await;
    agent.hello("agent-1", "h1", "1").await;
    world.called(intake::QUERY_INFO, |_| true).await;
    world.heard.lock().hang = None;
    let tags = json!({"agent-1": {"tags": "prod"}});
    world.answer(intake::QUERY_INFO, 200, json!({"code": 0, "data": tags}));
    let deadline = Instant::now() + Duration::from_mins(1);
    while world.calls(intake::QUERY_INFO).len() < 2 {
        assert!(Instant::now() < deadline, "it was never asked again");
        sleep(Duration::from_millis(10)).await;
    }
    // The answer to the second call is on its way: wait until a record shows it.
    for number in 2.. {
        agent.send(&batch("agent-1", "h1", vec![record(59, &[])])).await;
        let found = world.records(number).await;
        if View::parse(&found.last().unwrap().1).unwrap().tag == b"prod" {
            break;
        }
        assert!(Instant::now() < deadline, "the tags never came");
    }
    agent.call.out = None;
    agent.call.status().await;
    world.heard.lock().hang = Some(intake::QUERY_INFO.to_owned());
    let back = world.agent().await;
    back.send(&batch("agent-1", "h1", vec![record(60, &[])])).await;
    let mut tail = world.bus.tail(Start::Earliest);
    let look = async {
        loop {
            for entry in tail.next().await.unwrap() {
                let Entry::Record { value, .. } = entry else { continue };
                let view = View::parse(&value).unwrap();
                if view.data_type == 60 {
                    return view.tag.to_vec();
                }
            }
        }
    };
    let tag = timeout(Duration::from_secs(20), look).await.unwrap();
    assert_eq!(tag, b"prod");
    world.end().await;
}

fn frame_of(flag: u8, bytes: &[u8]) -> Bytes {
    let len = u32::try_from(bytes.len()).unwrap().to_be_bytes();
    [&[flag][..], &len, bytes].concat().into()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[tokio::test]
async fn all_encodings_are_taken_and_unknown_ones_and_calls_are_unimplemented() {
    let world = World::new().await;
    wants_nothing(&world);
    let packed = |bytes: Vec<u8>| frame_of(1, &bytes);
    for (number, encoding) in ["identity", "snappy", "zstd", "gzip"].into_iter().enumerate() {
        let mut connection = world.dial().await;
        let call = connection.call(TRANSFER_PATH, encoding).await;
        let message = batch(&format!("agent-{number}"), "h", vec![heartbeat("1")]);
        let plain = message.encode_to_vec();
        let bytes = match encoding {
            "snappy" => frame::snappy(&message),
            "zstd" => packed(zstd::encode_all(plain.as_slice(), 1).unwrap()),
            "gzip" => packed(gzip(&plain)),
            _ => frame::identity(&message),
        };
        call.out.as_ref().unwrap().send(bytes).await.unwrap();
        world.connected(1).await;
        drop((call, connection));
        world.connected(0).await;
    }
    let mut connection = world.dial().await;
    let (code, text) = connection.call(TRANSFER_PATH, "lzo").await.status().await;
    assert_eq!(code, 12, "{text}");
    assert_eq!(connection.call(UPLOAD_PATH, "lzo").await.status().await.0, 12);
    let reflection = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
    assert_eq!(connection.call(reflection, "identity").await.status().await.0, 12);
    world.end().await;
}

#[tokio::test]
async fn a_malformed_message_ends_its_stream_only() {
    let world = World::new().await;
    wants_nothing(&world);
    let good = world.agent().await;
    good.hello("good", "h", "1").await;
    let cases: [(&[u8], i32); 5] = [
        (b"\x00\x00\x00\x00\x02\x0a\xff", 13),
        (b"\x07\x00\x00\x00\x02xx", 13),
        (b"\x01\x00\x00\x00\x04junk", 13),
        (b"\x00\xff\xff\xff\xff", 8),
        (b"\x01\x00\x10\x00\x00\x01", -2),
    ];
    for (bytes, code) in cases {
        let mut bad = world.agent().await;
        bad.raw(bytes).await;
        if code == -2 {
            // Half a message: the stream waits, and ends with the connection.
            continue;
        }
        assert_eq!(bad.call.status().await.0, code, "{bytes:?}");
    }
    good.send(&batch("good", "h", vec![record(59, &[])])).await;
    world.connected(1).await;
    world.records(2).await;
    world.end().await;
}
