//! The HTTP API.

use elk_api::intake;
use elk_life::Clock;
use elk_trust::Secret;
use elk_trust::aksk::{self, KeyPair};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::agent::{batch, record};
use crate::world::{World, key, log};

async fn one_agent(world: &World) -> crate::agent::Agent {
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let agent = world.agent().await;
    agent.hello("agent-1", "h1", "1").await;
    world.connected(1).await;
    agent
}

#[tokio::test]
async fn both_spellings_of_the_command_path_work_and_a_refused_order_says_why() {
    let world = World::new().await;
    let mut agent = one_agent(&world).await;
    for path in ["/command", "/command/"] {
        let order = json!({"agent_id": "agent-1", "command": {"task":
            {"name": "collector", "data": "", "token": "tok", "data_type": 5050}}});
        let (status, media, text) = world.api("POST", path, &order.to_string()).await;
        assert_eq!(status, 200);
        assert_eq!(media, "application/json; charset=utf-8");
        assert_eq!(text, r#"{"code":0,"msg":"success","data":""}"#);
        assert_eq!(agent.call.command().await.unwrap().task.unwrap().token, "tok");
    }
    let order = json!({"agent_id": "nobody", "command": {"task": {}}}).to_string();
    let (status, _, text) = world.api("POST", "/command", &order).await;
    assert_eq!(status, 200);
    assert_eq!(text, r#"{"code":3,"msg":"some errors occurred","data":"agentID not found"}"#);
    world.end().await;
}

#[tokio::test]
async fn an_order_without_content_never_reaches_an_agent() {
    let world = World::new().await;
    let mut agent = one_agent(&world).await;
    for (order, status) in [
        (json!({"agent_id": "agent-1"}), 400),
        (json!({"agent_id": "agent-1", "command": {"agent_ctrl": 2}}), 200),
        (json!({"command": {"config": null}}), 400),
        (json!({"agent_id": 7, "command": {"config": null}}), 400),
    ] {
        let (got, media, text) = world.api("POST", "/command", &order.to_string()).await;
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((got, &answer["code"]), (status, &json!(2)), "{order}: {text}");
        if status == 400 {
            assert_eq!(media, "text/plain; charset=utf-8");
        }
    }
    for body in ["", "{", "[]", "null"] {
        let (status, _, text) = world.api("POST", "/command", body).await;
        assert_eq!(status, 400, "{body}: {text}");
    }
    world
        .data("POST", "/command", r#"{"agent_id":"agent-1","command":{"task":{"name":"last"}}}"#)
        .await;
    let command = agent.call.command().await.unwrap();
    assert_eq!(command.task.unwrap().name, "last", "it is the first that came through");
    world.end().await;
}

#[tokio::test]
async fn neither_orders_nor_what_agents_say_is_written_to_the_log() {
    let world = World::new().await;
    let mut agent = one_agent(&world).await;
    let order = json!({"agent_id": "agent-1", "command": {"task":
        {"name": "collector", "data": "order-7f3a", "token": "token-7f3a", "data_type": 5050}}});
    world.data("POST", "/command", &order.to_string()).await;
    agent.call.command().await.unwrap();
    let said = record(1010, &[("msg", "said-7f3a")]);
    let answer = record(5100, &[("token", "token-7f3a"), ("msg", "answer-7f3a")]);
    agent.send(&batch("agent-1", "h1", vec![said, answer])).await;
    world.called(intake::RESULTS, |_| true).await;
    world.end().await;
    let lines = String::from_utf8(log().lock().clone()).unwrap();
    assert!(lines.contains("AgentCenter serves agents"), "the log is read");
    assert!(!lines.contains("7f3a"), "{lines}");
}

#[tokio::test]
async fn a_batch_answers_for_each_order() {
    let world = World::new().await;
    let mut agent = one_agent(&world).await;
    let order = |id: &str| json!({"agent_id": id, "command": {"task": {"name": "x"}}});
    let body = json!({"orders": [order("agent-1"), order("nobody"), {"agent_id": "agent-1"}]});
    let data = world.data("POST", "/command/batch", &body.to_string()).await;
    assert_eq!(data["errors"], json!([null, "agentID not found", "`command` is required"]));
    assert!(agent.call.command().await.is_some());
    let many: Vec<Value> = (0..1001).map(|_| order("nobody")).collect();
    let (status, ..) =
        world.api("POST", "/command/batch", &json!({"orders": many}).to_string()).await;
    assert_eq!(status, 400);
    world.end().await;
}

#[tokio::test]
async fn a_reset_closes_what_is_listed() {
    let world = World::new().await;
    let mut agent = one_agent(&world).await;
    let body = r#"{"type":"strict","id_list":["agent-1","nobody"]}"#;
    let data = world.data("POST", "/conn/reset", body).await;
    assert_eq!(
        data,
        json!({"count": 2, "detail": {"agent-1": "ok", "nobody": "agentID not found"}})
    );
    assert_eq!(agent.call.status().await.0, 0);
    world.connected(0).await;
    let data = world.data("POST", "/conn/reset", r#"{"type":"random","count":5}"#).await;
    assert_eq!(data, json!({"count": 0, "detail": {}}));
    let (status, _, text) = world.api("POST", "/conn/reset", r#"{"type":"all"}"#).await;
    assert_eq!(status, 200);
    assert!(text.contains("type only support strict|random"), "{text}");
    assert_eq!(world.api("POST", "/conn/reset", "{}").await.0, 400);
    world.end().await;
}

#[tokio::test]
async fn who_does_not_sign_gets_an_envelope_that_says_so() {
    let world = World::new().await;
    let wrong = KeyPair { ak: "testak".to_owned(), sk: Secret::new("wrong") };
    let unknown = KeyPair { ak: "other".to_owned(), sk: Secret::new("wrong") };
    for (key, expected) in [
        (None, "header missed: AccessKey|Signature|TimeStamp"),
        (Some(&wrong), "signature error"),
        (Some(&unknown), "User not exist"),
    ] {
        let (status, _, text) = world.call("GET", "/conn/list", "", key).await;
        let answer = json!({"code": 1, "msg": "auth failed", "data": expected});
        assert_eq!((status, serde_json::from_str::<Value>(&text).unwrap()), (200, answer));
    }
    let (status, _, text) = world.call("GET", "/ping", "", None).await;
    assert_eq!((status, text.as_str()), (200, r#"{"message":"pong"}"#));
    world.end().await;
}

#[tokio::test]
async fn other_paths_are_answered_as_gin_answers_them() {
    let world = World::new().await;
    assert_eq!(world.call("GET", "/conn/list/", "", None).await.0, 301);
    assert_eq!(world.call("POST", "/conn/reset/", "", None).await.0, 307);
    let (status, media, text) = world.call("GET", "/no/such", "", None).await;
    assert_eq!((status, text.as_str()), (404, "404 page not found"));
    assert!(media.starts_with("text/plain"));
    assert_eq!(world.call("DELETE", "/conn/list", "", None).await.0, 404);
    assert_eq!(world.call("GET", "/debug/pprof/", "", None).await.0, 404);
    assert_eq!(world.data("GET", "/kube/cluster/list", "").await, json!([]));
    assert_eq!(world.data("GET", "/conn/list", "").await, json!([]));
    world.end().await;
}

#[tokio::test]
async fn no_body_is_read_of_who_has_no_key() {
    let world = World::new().await;
    let now = Clock::System.unix();
    let junk = KeyPair { ak: "nobody".to_owned(), sk: Secret::new("x") };
    let old = aksk::sign(&key(), ("POST", "/command", ""), b"", now - 3_600);
    let other = aksk::sign(&junk, ("POST", "/command", ""), b"", now);
    for signed in [old, other] {
        let mut stream = world.tls().await;
        // The body that is announced never comes.
        let head = format!(
            "POST /command HTTP/1.1\r\nhost: ac\r\ncontent-length: 30000000\r\n{}: {}\r\n{}: {}\r\n{}: {}\r\n\r\n",
            aksk::ACCESS_KEY,
            signed.access_key,
            aksk::TIMESTAMP,
            signed.timestamp,
            aksk::SIGNATURE,
            signed.signature,
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let told = async {
            while !answer.windows(11).any(|it| it == b"auth failed") {
                assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0);
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), told).await.expect("it waits");
    }
    world.end().await;
}

#[tokio::test]
async fn a_body_without_end_is_refused() {
    let world = World::new().await;
    let body = "x".repeat(33 << 20);
    let (status, _, text) = world.api("POST", "/command", &body).await;
    assert_eq!(status, 400);
    assert!(text.contains("length limit exceeded"), "{text}");
    world.end().await;
}

#[tokio::test]
async fn without_managers_and_discovery_agents_are_still_served() {
    let world = World::with(|config| {
        config.manager.addrs.clear();
        config.sd.addrs.clear();
    })
    .await;
    let mut agent = one_agent(&world).await;
    let order = r#"{"agent_id":"agent-1","command":{"config":null}}"#;
    world.data("POST", "/command", order).await;
    assert!(agent.call.command().await.is_some());
    world.end().await;
}
