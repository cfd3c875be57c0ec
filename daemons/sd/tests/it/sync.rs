//! Nodes of the reference beside this one: what they are told, and what is believed of what they tell.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use elk_life::Stop;
use elk_sd::{Config, Members};
use elk_trust::aksk::{self, RequestParts};
use http::HeaderMap;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

use crate::world::{JSON, Node, START, config, key};

const HANG: Duration = Duration::from_secs(20);
const SYNC: &str = "/registry/sync";

/// A node of the reference: takes everything, and remembers it.
struct Peer {
    addr: SocketAddr,
    heard: Arc<Mutex<Vec<Value>>>,
    stop: Stop,
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stop.now();
    }
}

impl Peer {
    async fn start(addr: SocketAddr) -> Self {
        let listener = TcpListener::bind(addr).await.unwrap();
        let (addr, heard) = (listener.local_addr().unwrap(), Arc::default());
        let router = Router::new().route(SYNC, post(hear)).with_state(Arc::clone(&heard));
        let stop = Stop::default();
        let ends = stop.child();
        #[expect(clippy::disallowed_methods, reason = "the test is the supervisor")]
        drop(tokio::spawn(async move {
            axum::serve(listener, router).with_graceful_shutdown(ends.wait()).await.unwrap();
        }));
        Self { addr, heard, stop }
    }

    /// Waits until it heard so many changes.
    async fn hears(&self, count: usize) -> Vec<Value> {
        let deadline = Instant::now() + HANG;
        loop {
            let heard = self.heard.lock().clone();
            let all = heard.iter().flat_map(|it| it["data"].as_array().unwrap().clone());
            let all: Vec<Value> = all.collect();
            if all.len() >= count {
                return all;
            }
            assert!(Instant::now() < deadline, "{all:?}");
            sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn hear(State(heard): State<Arc<Mutex<Vec<Value>>>>, head: HeaderMap, body: Bytes) -> String {
    let header = |name: &str| head.get(name).map_or("", |it| it.to_str().unwrap());
    let parts = RequestParts {
        method: "POST",
        path: SYNC,
        query: "",
        access_key: header(aksk::ACCESS_KEY),
        timestamp: header(aksk::TIMESTAMP),
        signature: header(aksk::SIGNATURE),
    };
    let keys = [key()].into_iter().collect();
    aksk::verify(&keys, &parts, &body, START).unwrap();
    heard.lock().push(serde_json::from_slice(&body).unwrap());
    json!({"msg": "ok"}).to_string()
}

async fn beside(peer: SocketAddr) -> Node {
    let members = vec![format!("http://{peer}")];
    Node::with(Config { sync: Members { members }, ..config() }).await
}

fn nowhere() -> SocketAddr {
    ([127, 0, 0, 1], 0).into()
}

fn change(action: &str, port: u16, update_at: i64) -> Value {
    json!({"action": action, "registry": {"name": "hids_svr_grpc", "ip": "10.0.0.5", "port": port,
        "status": 4, "create_at": update_at, "update_at": update_at, "weight": 12, "extra": null}})
}

async fn tell(node: &Node, changes: &[Value]) {
    let body = json!({"source": "0.0.0.0:8088", "data": changes}).to_string();
    node.post(SYNC, &body).await.is(200, JSON, r#"{"msg":"ok"}"#);
}

#[tokio::test]
async fn what_is_said_here_is_told_and_what_was_told_here_is_not_passed_on() {
    let peer = Peer::start(nowhere()).await;
    let node = beside(peer.addr).await;
    tell(&node, &[change("REGISTER", 1, START)]).await;
    node.register("hids_svr_grpc", 2, 3).await;
    let registry = json!({"name": "hids_svr_grpc", "ip": "10.0.0.1", "port": 2, "status": 0,
        "create_at": START, "update_at": START, "weight": 3, "extra": null});
    assert_eq!(peer.hears(1).await, [json!({"action": "REGISTER", "registry": registry})]);
    let gone = r#"{"name":"hids_svr_grpc","ip":"10.0.0.1","port":2}"#;
    node.post("/registry/evict", gone).await.is(200, JSON, r#"{"msg":"ok"}"#);
    let evicted = peer.hears(2).await.remove(1);
    assert_eq!((&evicted["action"], &evicted["registry"]["port"]), (&json!("EVICT"), &json!(2)));
    assert_eq!(node.ports("name=hids_svr_grpc").await, [1]);
    node.end().await;
}

#[tokio::test]
async fn a_node_that_was_away_is_told_all_once_it_is_back() {
    let peer = Peer::start(nowhere()).await;
    let addr = peer.addr;
    let node = beside(addr).await;
    node.register("a", 1, 0).await;
    peer.hears(1).await;
    drop(peer);
    for port in 2..250 {
        node.register("a", port, 0).await;
    }
    let deadline = Instant::now() + HANG;
    while !node.get("/metrics").await.body.contains("elk_sd_sync_failed_total 1") {
        assert!(Instant::now() < deadline, "the failure was never counted");
        sleep(Duration::from_millis(10)).await;
    }
    // Like one of the reference after a restart: it knows nothing, not even the first.
    let peer = Peer::start(addr).await;
    let mut ports: Vec<u64> = Vec::new();
    let deadline = Instant::now() + HANG;
    while ports.len() < 249 {
        assert!(Instant::now() < deadline, "{} of 249", ports.len());
        let heard = peer.hears(1).await;
        ports = heard.iter().map(|it| it["registry"]["port"].as_u64().unwrap()).collect();
        ports.sort_unstable();
        ports.dedup();
        sleep(Duration::from_millis(10)).await;
    }
    assert!(ports.into_iter().eq(1..250));
    let longest = peer.heard.lock().iter().map(|it| it["data"].as_array().unwrap().len()).max();
    assert!(longest.unwrap() <= 100);
    node.end().await;
}

#[tokio::test]
async fn another_clock_neither_keeps_an_instance_nor_ends_it() {
    let peer = Peer::start(nowhere()).await;
    let node = beside(peer.addr).await;
    tell(&node, &[change("REGISTER", 1, 0), change("REGISTER", 2, START * 2)]).await;
    let detail = node.get("/registry/detail?name=hids_svr_grpc").await.json();
    for instance in detail["data"].as_array().unwrap() {
        assert_eq!((&instance["update_at"], &instance["status"]), (&json!(START), &json!(0)));
    }
    node.pass(100).await;
    assert_eq!(node.ports("name=hids_svr_grpc").await.len(), 2);
    node.pass(10).await;
    assert!(node.ports("name=hids_svr_grpc").await.is_empty());
    node.end().await;
}

#[tokio::test]
async fn a_node_that_missed_renewals_cannot_evict_what_was_renewed_here() {
    let peer = Peer::start(nowhere()).await;
    let node = beside(peer.addr).await;
    node.register("hids_svr_grpc", 2, 0).await;
    tell(&node, &[change("REGISTER", 1, START), change("REGISTER", 3, START)]).await;
    let mut late = change("EVICT", 2, 0);
    late["registry"]["ip"] = json!("10.0.0.1");
    tell(&node, &[late, change("EVICT", 1, 0), change("DANCE", 3, 0)]).await;
    let mut left = node.ports("name=hids_svr_grpc").await;
    left.sort_unstable();
    assert_eq!(left, [2, 3], "only what it told of is gone");
    let metrics = node.get("/metrics").await.body;
    assert!(metrics.contains("elk_sd_sync_refused_total 2"), "{metrics}");
    node.end().await;
}

#[tokio::test]
async fn only_who_may_sign_to_a_node_with_members_is_heard() {
    let alone = Node::start().await;
    let body = json!({"source": "x", "data": [change("REGISTER", 1, START)]}).to_string();
    assert_eq!(alone.post(SYNC, &body).await.status, 403);
    assert!(alone.ports("name=hids_svr_grpc").await.is_empty());
    alone.end().await;
    let peer = Peer::start(nowhere()).await;
    let node = beside(peer.addr).await;
    assert_eq!(node.send("POST", SYNC, &[], &body).await.status, 403);
    for bad in
        ["", "[]", r#"{"data":{}}"#, r#"{"data":[1]}"#, r#"{"data":[{"registry":{"ip":1}}]}"#]
    {
        assert_eq!(node.post(SYNC, bad).await.status, 400, "{bad}");
    }
    let mut bad = change("REGISTER", 1, START);
    bad["registry"]["ip"] = json!("a b");
    tell(&node, &[bad, change("REGISTER", 0, START), change("REGISTER", 7, START)]).await;
    assert_eq!(node.ports("name=hids_svr_grpc").await, [7], "what is wrong with one is its own");
    node.end().await;
}
