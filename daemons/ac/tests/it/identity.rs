//! Who is who: replacement, ghosts, clones, ids that cannot be used.

use std::time::Duration;

use elk_api::intake;
use elk_life::Clock;
use elk_wire::mqdata::View;
use serde_json::json;
use tokio::time::Instant;

use crate::agent::{batch, heartbeat, record};
use crate::world::World;

async fn quiet() -> World {
    let world = World::new().await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "msg": "later", "data": null}));
    world
}

#[tokio::test]
async fn a_second_stream_of_a_host_replaces_the_first_and_its_ghost_removes_nothing() {
    let world = quiet().await;
    let mut first = world.agent().await;
    first.hello("agent-1", "h1", "100").await;
    world.connected(1).await;
    let mut second = world.agent().await;
    second.send(&batch("agent-1", "h1", vec![record(59, &[])])).await;
    assert_eq!(first.call.status().await, (0, String::new()));
    drop(first);
    let shown = world.connected(1).await;
    assert_eq!(shown["items"][0]["clone"], false);
    let body = json!({"agent_id": "agent-1", "command": {"task": {"name": "x"}}}).to_string();
    world.data("POST", "/command", &body).await;
    assert_eq!(second.call.command().await.unwrap().task.unwrap().name, "x");
    assert_eq!(world.data("GET", "/conn/count", "").await, 1);
    world.end().await;
}

#[tokio::test]
async fn two_hosts_with_one_id_both_stay_and_neither_gets_orders() {
    let world = quiet().await;
    let one = world.agent().await;
    one.hello("agent-1", "h1", "100").await;
    world.connected(1).await;
    let two = world.agent().await;
    two.hello("agent-1", "h2", "200").await;
    world.until(|it| it["items"][0]["clone"] == true).await;
    assert_eq!(world.data("GET", "/conn/count", "").await, 2);
    let body = json!({"agent_id": "agent-1", "command": {"task": {"name": "x"}}}).to_string();
    let (status, _, text) = world.api("POST", "/command", &body).await;
    assert!(status == 200 && text.contains("two hosts use this agent id"), "{text}");
    assert_eq!(world.metric("elk_ac_clones").await, Some(1.0));
    one.send(&batch("agent-1", "h1", vec![record(59, &[])])).await;
    two.send(&batch("agent-1", "h2", vec![record(59, &[])])).await;
    // A heartbeat and a record of each.
    let found = world.records(4).await;
    let mut said: Vec<_> = found
        .iter()
        .map(|(key, value)| {
            let view = View::parse(value).unwrap();
            (key.as_slice(), view.agent_id, view.hostname, view.data_type)
        })
        .collect();
    said.sort_unstable();
    let of = |host, kind| (b"agent-1".as_slice(), b"agent-1".as_slice(), host, kind);
    let hosts: [&[u8]; 2] = [b"h1", b"h2"];
    assert_eq!(said, hosts.map(|host| [of(host, 59), of(host, 1000)]).concat());
    world.end().await;
}

#[tokio::test]
async fn two_hosts_with_one_id_get_no_configuration_while_both_are_there() {
    let world = World::new().await;
    let item = json!({"name": "driver", "version": "1", "sha256": "ab", "type": "exec",
        "download_url": ["http://x/d"]});
    world.answer(intake::CONFIG, 200, json!({"code": 0, "data": [item]}));
    let mut one = world.agent().await;
    one.hello("agent-1", "h1", "100").await;
    assert_eq!(one.call.command().await.unwrap().config.len(), 1);
    let mut two = world.agent().await;
    two.hello("agent-1", "h2", "200").await;
    world.until(|it| it["items"][0]["clone"] == true).await;
    // Those that come later get theirs, after its turn.
    for id in ["agent-2", "agent-3"] {
        let mut other = world.agent().await;
        other.hello(id, "h3", "300").await;
        assert_eq!(other.call.command().await.unwrap().config.len(), 1);
    }
    world.stop.now();
    for clone in [&mut one, &mut two] {
        assert!(clone.call.command().await.is_none(), "it got an order");
    }
    world.end().await;
}

#[tokio::test]
async fn the_same_name_with_another_boot_time_is_found_out_by_the_first_heartbeat() {
    let world = quiet().await;
    let mut one = world.agent().await;
    one.hello("agent-1", "h1", "100").await;
    world.connected(1).await;
    let two = world.agent().await;
    two.send(&batch("agent-1", "h1", vec![record(59, &[])])).await;
    assert_eq!(one.call.status().await.0, 0, "for now it looks like the same host");
    two.send(&batch("agent-1", "h1", vec![heartbeat("200")])).await;
    world.until(|it| it["items"][0]["clone"] == true).await;
    let back = world.agent().await;
    back.send(&batch("agent-1", "h1", vec![record(59, &[])])).await;
    back.send(&batch("agent-1", "h1", vec![heartbeat("100")])).await;
    world.until(|it| it["items"][0]["agent_info"]["boot_time"] == 100).await;
    assert_eq!(world.data("GET", "/conn/count", "").await, 2, "both stay");
    world.end().await;
}

#[tokio::test]
async fn a_host_that_was_restarted_is_no_clone_of_itself() {
    let world = quiet().await;
    let mut one = world.agent().await;
    one.hello("agent-1", "h1", "100").await;
    world.connected(1).await;
    let two = world.agent().await;
    let boot = (Clock::System.unix() + 1).to_string();
    two.hello("agent-1", "h1", &boot).await;
    assert_eq!(one.call.status().await.0, 0);
    let shown = world.connected(1).await;
    assert_eq!(shown["items"][0]["clone"], false);
    world.end().await;
}

#[tokio::test]
async fn agents_without_an_id_get_a_key_each_and_can_be_ordered_by_it() {
    let world = quiet().await;
    let mut one = world.agent().await;
    one.hello("", "h1", "100").await;
    let two = world.agent().await;
    two.hello("", "h2", "100").await;
    let shown = world.connected(2).await;
    let items = shown["items"].as_array().unwrap();
    let item = items.iter().find(|it| it["agent_info"]["hostname"] == "h1").unwrap();
    let id = item["id"].as_str().unwrap();
    assert!(id.starts_with("host-"), "{id}");
    assert_eq!(item["agent_info"]["agent_id"], id);
    let body = json!({"agent_id": id, "command": {"config": []}}).to_string();
    world.data("POST", "/command/", &body).await;
    assert_eq!(one.call.command().await.unwrap().config.len(), 0);
    for (key, value) in world.records(2).await {
        let view = View::parse(&value).unwrap();
        assert_eq!((key.as_slice(), view.agent_id), (&b""[..], &b""[..]));
    }
    world.end().await;
}

#[tokio::test]
async fn a_stream_that_changes_its_id_is_counted() {
    let world = quiet().await;
    let agent = world.agent().await;
    agent.hello("agent-1", "h1", "100").await;
    agent.send(&batch("other", "h1", vec![heartbeat("100")])).await;
    let deadline = Instant::now() + Duration::from_secs(20);
    while world.metric("elk_ac_mismatched_ids_total").await != Some(1.0) {
        assert!(Instant::now() < deadline, "the change was never counted");
    }
    assert_eq!(world.data("GET", "/conn/list", "").await, json!(["agent-1"]));
    world.end().await;
}
