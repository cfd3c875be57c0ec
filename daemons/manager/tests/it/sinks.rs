//! Alerts that are sent elsewhere: signed, again and again until they are taken, and each counted.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use elk_api::alerts::{AlertQuery, Handling, List as Alerts, Resolve, Severity};
use elk_api::sinks::{Add, List, MadeSink, NewSink, Remove, Sink, SinkKind, Test, Tested};
use elk_api::{ListQuery, Nothing, Role};
use http::{HeaderMap, StatusCode};
use parking_lot::Mutex;
use ring::hmac;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, UdpSocket};
use tokio::time::timeout;

use crate::world::{HANG, NOW, World, json as body, raw, until};

/// What a webhook was posted.
type Posts = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A webhook that answers as a test says.
struct Hook {
    url: String,
    posts: Posts,
    status: Arc<Mutex<StatusCode>>,
}

type Shared = (Posts, Arc<Mutex<StatusCode>>);

impl Hook {
    async fn new() -> Self {
        let (posts, status) = (Posts::default(), Arc::new(Mutex::new(StatusCode::OK)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/alerts?key=secret", listener.local_addr().unwrap());
        let take = async |State((posts, status)): State<Shared>, head: HeaderMap, body: Bytes| {
            posts.lock().push((head, String::from_utf8(body.to_vec()).unwrap()));
            *status.lock()
        };
        let shared = (Arc::clone(&posts), Arc::clone(&status));
        let router = Router::new().route("/alerts", post(take)).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, posts, status }
    }

    fn posts(&self) -> Vec<(HeaderMap, Value)> {
        let read = |(head, body): &(HeaderMap, String)| {
            (head.clone(), serde_json::from_str(body).unwrap())
        };
        self.posts.lock().iter().map(read).collect()
    }
}

async fn add(world: &World, name: &str, kind: SinkKind, target: &str) -> MadeSink {
    let (name, target) = (name.to_owned(), target.to_owned());
    let new = NewSink { name, kind, target, least: Some(Severity::High), secret: None };
    world.admin.send::<Add>(&[], &Nothing {}, &new).await.unwrap()
}

async fn sink(world: &World, name: &str) -> Sink {
    let all = world.admin.send::<List>(&[], &ListQuery::default(), &Nothing {}).await.unwrap();
    all.items.into_iter().find(|it| it.name == name).unwrap()
}

async fn alarm(world: &World, rule: &str, level: &str) {
    let given = json!({ "data_type": "59", "agent_id": "a1", "rule_name": rule,
        "harm_level": level, "alert_type_us": "persistent" });
    let reply = raw(&world.admin, "POST", "/api/v6/alarm/add", Some(&given.to_string())).await;
    assert_eq!(body(&reply)["code"], 0);
}

async fn test(world: &World, name: &str) -> Tested {
    world.admin.send::<Test>(&[name], &Nothing {}, &Nothing {}).await.unwrap()
}

#[tokio::test]
async fn a_webhook_is_told_of_each_alert_once_it_is_raised_and_resolved_and_can_prove_who_tells() {
    let (world, hook) = (World::new().await, Hook::new().await);
    let made = add(&world, "siem", SinkKind::Webhook, &hook.url).await;
    let secret = made.secret.unwrap();
    alarm(&world, "minor", "medium").await;
    for _ in 0..3 {
        alarm(&world, "shell", "critical").await;
    }
    let query = AlertQuery { least: Some(Severity::High), ..AlertQuery::default() };
    let alerts = world.admin.send::<Alerts>(&[], &query, &Nothing {}).await.unwrap().items;
    let given = Handling::default();
    world.admin.send::<Resolve>(&[&alerts[0].id], &Nothing {}, &given).await.unwrap();
    until("both", async || sink(&world, "siem").await.delivered == 2).await;
    let posts = hook.posts();
    let told: Vec<_> = posts
        .iter()
        .map(|(_, it)| (it["event"].as_str(), it["title"].as_str(), it["id"].as_str()))
        .collect();
    let id = Some(alerts[0].id.as_str());
    let wanted = [(Some("raised"), Some("shell"), id), (Some("resolved"), Some("shell"), id)];
    assert_eq!(told, wanted);
    assert_eq!((&posts[0].1["severity"], &posts[0].1["agent"]), (&"critical".into(), &"a1".into()));
    for (head, text) in hook.posts.lock().iter() {
        let header = |name: &str| head[name].to_str().unwrap();
        assert_eq!(header("content-type"), "application/json");
        let (at, id) = (header("elk-timestamp"), header("elk-delivery"));
        assert_eq!(at, (NOW / 1_000).to_string());
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let signed = hmac::sign(&key, format!("{at}.{id}.{text}").as_bytes());
        let hex: String = signed.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(header("elk-signature"), format!("v1={hex}"));
    }
    let shown = sink(&world, "siem").await;
    assert_eq!((shown.waiting, shown.failed, shown.error), (0, 0, None));
    world.end().await;
}

#[tokio::test]
async fn what_is_not_taken_is_sent_again_also_by_a_manager_that_was_killed_meanwhile() {
    let (world, hook) = (World::new().await, Hook::new().await);
    add(&world, "siem", SinkKind::Webhook, &hook.url).await;
    *hook.status.lock() = StatusCode::SERVICE_UNAVAILABLE;
    for rule in ["one", "two"] {
        alarm(&world, rule, "high").await;
    }
    until("a failure", async || sink(&world, "siem").await.failed == 1).await;
    let shown = sink(&world, "siem").await;
    assert_eq!((shown.waiting, shown.delivered), (2, 0));
    let error = shown.error.unwrap();
    assert!(error.contains("503") && !error.contains("key=secret"), "{error}");
    assert_eq!(shown.next_at.unwrap().as_millisecond(), NOW + 1_000);
    // Not before its time, and later each time.
    world.clock.advance_ms(1_000);
    until("another", async || sink(&world, "siem").await.failed == 2).await;
    assert_eq!(sink(&world, "siem").await.next_at.unwrap().as_millisecond(), NOW + 3_000);
    let world = world.kill().await;
    *hook.status.lock() = StatusCode::NO_CONTENT;
    world.clock.advance_ms(2_000);
    until("both", async || sink(&world, "siem").await.delivered == 2).await;
    let posts = hook.posts();
    let told: Vec<_> = posts.iter().map(|(_, it)| it["title"].as_str().unwrap()).collect();
    assert_eq!(told, ["one", "one", "one", "two"]);
    // By its id a receiver knows what it has already.
    let ids: Vec<_> = posts.iter().map(|(head, _)| head["elk-delivery"].clone()).collect();
    assert!(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3]);
    let shown = sink(&world, "siem").await;
    assert_eq!((shown.waiting, shown.failed, shown.error), (0, 2, None));
    world.end().await;
}

#[tokio::test]
async fn what_waited_for_a_day_is_given_up_and_counted() {
    let world = World::new().await;
    // Nobody listens there.
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    add(&world, "gone", SinkKind::Webhook, &format!("http://{closed}/")).await;
    alarm(&world, "one", "high").await;
    until("a failure", async || sink(&world, "gone").await.failed > 0).await;
    let tested = test(&world, "gone").await;
    assert!(!tested.delivered && tested.error.unwrap().contains("cannot connect"));
    world.clock.advance_ms(86_400_001);
    let world = world.restart().await;
    until("the end", async || sink(&world, "gone").await.dropped == 1).await;
    assert_eq!(sink(&world, "gone").await.waiting, 0);
    world.end().await;
}

#[tokio::test]
async fn syslog_is_sent_by_datagrams_and_by_streams() {
    let world = World::new().await;
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (udp, tcp) = (socket.local_addr().unwrap(), listener.local_addr().unwrap());
    let made = add(&world, "datagrams", SinkKind::Syslog, &format!("udp://{udp}")).await;
    assert_eq!(made.secret, None);
    add(&world, "stream", SinkKind::Syslog, &format!("tcp://{tcp}")).await;
    alarm(&world, "shell", "critical").await;
    let mut buffer = [0; 4_096];
    let read = timeout(HANG, socket.recv(&mut buffer)).await.expect("in time").unwrap();
    let message = std::str::from_utf8(&buffer[..read]).unwrap().to_owned();
    assert!(message.starts_with("<130>1 2023-11-14T22:13:20Z 127.0.0.1:"), "{message}");
    assert!(message.contains(" elk - persistent [alert@32473 event=\"raised\" id=\"alert-"));
    assert!(message.ends_with("] shell"), "{message}");
    let (mut stream, _) = timeout(HANG, listener.accept()).await.expect("in time").unwrap();
    let mut framed = String::new();
    timeout(HANG, stream.read_to_string(&mut framed)).await.expect("in time").unwrap();
    assert_eq!(framed, format!("{} {message}", message.len()));
    assert!(test(&world, "datagrams").await.delivered);
    until("both", async || sink(&world, "stream").await.delivered == 1).await;
    drop(listener);
    let tested = test(&world, "stream").await;
    assert!(!tested.delivered && tested.error.is_some());
    world.end().await;
}

#[tokio::test]
async fn only_administrators_say_where_alerts_go_and_only_to_what_can_be_reached() {
    let (world, hook) = (World::new().await, Hook::new().await);
    let given = |name: &str, kind: &str, target: &str| {
        json!({ "name": name, "kind": kind, "target": target }).to_string()
    };
    let operator = world.user("olga", Role::Operator).await;
    let good = given("siem", "webhook", &hook.url);
    let path = "/api/n1/alert-sinks";
    assert_eq!(raw(&operator, "POST", path, Some(&good)).await.status, 403);
    for (name, kind, target) in [
        ("", "webhook", "http://a/"),
        ("a b", "webhook", "http://a/"),
        ("a", "webhook", "ftp://a/"),
        ("a", "webhook", "http://user:pass@a/"),
        ("a", "webhook", "nonsense"),
        ("a", "webhook", &format!("http://a/{}", "x".repeat(1_024))),
        ("a", "syslog", "http://a/"),
        ("a", "syslog", "udp://a"),
        ("a", "syslog", "udp://a:0"),
    ] {
        let reply = raw(&world.admin, "POST", path, Some(&given(name, kind, target))).await;
        assert_eq!(reply.status, 422, "{name:?} {kind} {target:?}");
    }
    let short = json!({ "name": "a", "kind": "webhook", "target": "http://a/", "secret": "x" });
    let reply = raw(&world.admin, "POST", path, Some(&short.to_string())).await;
    assert_eq!(reply.status, 422);
    assert_eq!(raw(&world.admin, "POST", path, Some(&good)).await.status, 200);
    assert_eq!(raw(&world.admin, "POST", path, Some(&good)).await.status, 409);
    // The secret is shown once.
    let listed = raw(&world.admin, "GET", path, None).await;
    assert!(body(&listed)["items"][0].get("secret").is_none());
    assert!(test(&world, "siem").await.delivered);
    assert_eq!(hook.posts()[0].1["event"], "test");
    for number in 1..32 {
        let more = given(&format!("sink-{number}"), "webhook", &hook.url);
        assert_eq!(raw(&world.admin, "POST", path, Some(&more)).await.status, 200);
    }
    let reply = raw(&world.admin, "POST", path, Some(&given("more", "webhook", "http://a/"))).await;
    assert_eq!((reply.status, &body(&reply)["code"]), (409, &"too_many_sinks".into()));
    world.admin.send::<Remove>(&["siem"], &Nothing {}, &Nothing {}).await.unwrap();
    assert!(world.admin.send::<Remove>(&["siem"], &Nothing {}, &Nothing {}).await.is_err());
    world.end().await;
}
