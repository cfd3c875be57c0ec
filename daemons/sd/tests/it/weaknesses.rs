//! Weaknesses of the reference that must not come back. Those of the process itself (signals,
//! settings that change) are tested with the binary.

use std::collections::BTreeMap;
use std::sync::Arc;

use elk_sd::Config;
use tokio::task::JoinSet;

use crate::world::{JSON, Node, config};

#[tokio::test]
async fn the_least_loaded_instance_comes_first_and_answers_count_as_load() {
    let node = Node::start().await;
    for (port, weight) in [(1, 4), (2, 0), (3, 2)] {
        node.register("a", port, weight).await;
    }
    assert_eq!(node.ports("name=a").await, [2, 3, 1]);
    // Twelve answers level out: 4 + 2, 0 + 6, 2 + 4, of which one was given above.
    let mut firsts = BTreeMap::new();
    for _ in 0..11 {
        *firsts.entry(node.ports("name=a&count=1").await[0]).or_insert(0) += 1;
    }
    assert_eq!(firsts, BTreeMap::from([(1, 2), (2, 5), (3, 4)]));
    // A renewal reports what has arrived and starts anew.
    node.register("a", 1, 0).await;
    assert_eq!(node.ports("name=a&count=1").await, [1]);
}

#[tokio::test]
async fn agents_that_ask_at_once_are_dealt_out_evenly() {
    let node = Arc::new(Node::start().await);
    for port in 1..=5 {
        node.register("a", port, 0).await;
    }
    let mut asking = JoinSet::new();
    for _ in 0..20 {
        let node = Arc::clone(&node);
        asking.spawn(async move {
            let mut firsts = Vec::new();
            for _ in 0..50 {
                firsts.push(node.ports("name=a&count=10").await[0]);
            }
            firsts
        });
    }
    let mut taken = BTreeMap::new();
    for first in asking.join_all().await.into_iter().flatten() {
        *taken.entry(first).or_insert(0) += 1;
    }
    assert_eq!(taken, (1..=5).map(|port| (port, 200)).collect());
}

#[tokio::test]
async fn an_instance_that_stopped_renewing_comes_last_whatever_its_load() {
    let node = Node::start().await;
    node.register("a", 1, 0).await;
    node.pass(95).await;
    node.register("a", 2, 1_000).await;
    for _ in 0..5 {
        assert_eq!(node.ports("name=a").await, [2, 1]);
    }
}

#[tokio::test]
async fn count_is_honoured() {
    let node = Node::start().await;
    for port in 1..=5 {
        node.register("a", port, 0).await;
    }
    assert_eq!(node.ports("name=a&count=2").await.len(), 2);
    assert_eq!(node.ports("name=a&count=100").await.len(), 5);
    assert_eq!(node.ports("name=a").await.len(), 5);
}

#[tokio::test]
async fn equals_come_in_random_order() {
    let node = Node::start().await;
    for port in 1..=8 {
        node.register("a", port, 0).await;
    }
    let first = node.ports("name=a").await;
    let mut orders = Vec::new();
    for _ in 0..20 {
        orders.push(node.ports("name=a").await);
    }
    assert!(orders.iter().any(|order| *order != first), "{first:?} each time");
}

/// The reference compares its bind address with the members as text, takes `0.0.0.0` for another
/// node, and sends itself what it just learnt, evictions included, two seconds late.
#[tokio::test]
async fn a_node_on_all_addresses_knows_itself_and_sends_itself_nothing() {
    let node = Node::with(Config { listen: ([0, 0, 0, 0], 0).into(), ..config() }).await;
    let ping = node.get("/endpoint/ping").await.json();
    assert_eq!(ping["data"]["members"], serde_json::json!([ping["data"]["host"]]));
    let before = node.get("/registry/detail?name=a").await.status;
    assert_eq!(before, 200);
    node.register("a", 1, 0).await;
    node.post("/registry/evict", r#"{"name":"a","ip":"10.0.0.1","port":1}"#).await;
    node.register("a", 1, 0).await;
    // Longer than the reference waits before it sends.
    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
    assert_eq!(node.ports("name=a").await, [1]);
    let metrics = node.get("/metrics").await.body;
    let counted: Vec<_> =
        metrics.lines().filter(|line| line.starts_with("elkeid_sd_http_api")).collect();
    let expected = [
        r#"elkeid_sd_http_api{code="200",path="/endpoint/ping"} 1"#,
        r#"elkeid_sd_http_api{code="200",path="/registry/detail"} 2"#,
        r#"elkeid_sd_http_api{code="200",path="/registry/evict"} 1"#,
        r#"elkeid_sd_http_api{code="200",path="/registry/register"} 2"#,
    ];
    assert_eq!(counted, expected, "every request came from the test");
}

/// The reference compares stamps of whoever sent them: a step of a clock empties the registry.
#[tokio::test]
async fn a_step_of_the_clock_ends_nothing() {
    let node = Node::start().await;
    node.register("a", 1, 0).await;
    node.pass(10).await;
    for step in [86_400_000, -172_800_000, 600_000] {
        node.clock.advance_ms(step);
        assert_eq!(node.ports("name=a").await, [1], "after {step} ms");
    }
    node.pass(100).await;
    assert_eq!(node.ports("name=a").await, [0; 0]);
}

#[tokio::test]
async fn a_restart_forgets_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let data = Some(directory.path().join("sd"));
    let node = Node::with(Config { data: data.clone(), ..config() }).await;
    node.register("a", 1, 7).await;
    node.register("a", 2, 3).await;
    node.post("/registry/evict", r#"{"name":"a","ip":"10.0.0.1","port":2}"#).await;
    let before = node.get("/registry/detail?name=a").await.body;
    node.end().await;
    let node = Node::with(Config { data, ..config() }).await;
    assert_eq!(node.get("/registry/detail?name=a").await.body, before);
    // Kept ones end like others.
    node.pass(106).await;
    node.get("/registry/list").await.is(200, JSON, r#"{"data":[],"msg":"ok"}"#);
}

#[tokio::test]
async fn a_damaged_file_of_the_registry_costs_the_registry_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("registry.json");
    let data = Some(directory.path().to_owned());
    for damage in ["", "{", "\u{0}\u{1}", r#"{"format":9,"instances":[]}"#, r#"{"format":1}"#] {
        std::fs::write(&file, damage).unwrap();
        let node = Node::with(Config { data: data.clone(), ..config() }).await;
        node.get("/registry/list").await.is(200, JSON, r#"{"data":[],"msg":"ok"}"#);
        node.register("a", 1, 0).await;
        node.end().await;
        let node = Node::with(Config { data: data.clone(), ..config() }).await;
        assert_eq!(node.ports("name=a").await, [1], "after {damage:?}");
        node.end().await;
    }
}
