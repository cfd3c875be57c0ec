//! This node in the place of one of the reference: what its callers of the reference send, byte for
//! byte, and what they must be able to read.

use elk_sd::Auth;
use elk_trust::Secret;
use elk_trust::aksk::KeyPair;
use serde_json::{Value, json};

use crate::world::{JSON, Node, START, config, signed};

fn pair(ak: &str, sk: &str) -> KeyPair {
    KeyPair { ak: ak.to_owned(), sk: Secret::new(sk) }
}

/// A node with the pairs that the recorded signatures were made with.
async fn node() -> Node {
    let keys = [
        pair("7abyAiYf56JOWGHp", "L3E56PpoCoKktzUSlZc1zQdq1x2n9ign"),
        pair("AkOfManager", "SkOfManager"),
    ];
    Node::with(elk_sd::Config { auth: Auth { keys: keys.into_iter().collect() }, ..config() }).await
}

#[tokio::test]
async fn a_registration_that_the_reference_signed_is_taken() {
    let node = node().await;
    let body = r#"{"name":"hids_svr_grpc","ip":"10.0.0.5","port":6751,"weight":12,"extra":null}"#;
    let recorded = "48cd08a58364c3b25100b35f6776a8bdb32c344b8d394516b7b5c82a49ad7402";
    // Signed in lower case it passes whatever the case of the header; nothing else does.
    for (ak, signature, status) in [
        ("7abyaiyf56jowghp", recorded, 200),
        ("7abyAiYf56JOWGHp", recorded, 200),
        ("7abyaiyf56jowghp", &recorded.replace('4', "5"), 403),
    ] {
        let headers = [
            ("AccessKey", ak.to_owned()),
            ("TimeStamp", START.to_string()),
            ("Signature", signature.to_owned()),
            ("User-Agent", "GRequests/0.10".to_owned()),
            ("Content-Type", "application/json".to_owned()),
        ];
        let answer = node.send("POST", "/registry/register", &headers, body).await;
        assert_eq!(answer.status, status, "{answer:?}");
        if status == 200 {
            answer.is(200, JSON, r#"{"msg":"ok"}"#);
        }
    }
    let detail = node.get("/registry/detail?name=hids_svr_grpc").await.json();
    let expected = json!({"data": [{
        "name": "hids_svr_grpc", "ip": "10.0.0.5", "port": 6751, "status": 0, "create_at": START,
        "update_at": START, "weight": 12, "extra": null,
    }], "msg": "ok"});
    assert_eq!(detail, expected);
    node.end().await;
}

#[tokio::test]
async fn an_agent_and_managers_of_the_reference_find_what_was_registered() {
    let node = node().await;
    let key = pair("akofmanager", "SkOfManager");
    // A Manager of the reference leaves `extra` out, in both calls.
    let body = r#"{"name":"hids_manage","ip":"10.0.0.1","port":6701,"weight":0}"#;
    let post = async |path: &str, body: &str| {
        let headers = signed(&key, path, body, node.clock.unix());
        node.send("POST", path, &headers, body).await
    };
    post("/registry/register", body).await.is(200, JSON, r#"{"msg":"ok"}"#);
    for (name, port) in [("hids_svr_grpc", 6751), ("hids_svr_http", 6752)] {
        let body =
            json!({"name": name, "ip": "192.0.2.2", "port": port, "weight": 0, "extra": null});
        post("/registry/register", &body.to_string()).await.is(200, JSON, r#"{"msg":"ok"}"#);
    }
    // The agent reads two fields, whose types matter; it asks with `count`, and never signs.
    let headers =
        [("User-Agent", "Go-http-client/1.1".to_owned()), ("Accept-Encoding", "gzip".to_owned())];
    let asked = "/registry/detail?name=hids_svr_grpc&count=10";
    let found = node.send("GET", asked, &headers, "").await.json();
    assert_eq!(
        (found["data"][0]["ip"].as_str(), found["data"][0]["port"].as_u64()),
        (Some("192.0.2.2"), Some(6751))
    );
    let managers = node.get("/registry/detail?name=hids_manage").await.json();
    assert_eq!(
        (&managers["data"][0]["port"], &managers["data"][0]["extra"]),
        (&json!(6701), &json!({}))
    );
    let mut names = node.get("/registry/list").await.json()["data"].clone();
    names.as_array_mut().unwrap().sort_by_key(Value::to_string);
    assert_eq!(names, json!(["hids_manage", "hids_svr_grpc", "hids_svr_http"]));
    let summary = node.get("/registry/summary").await.json();
    assert_eq!(summary["data"], json!({"hids_manage": 1, "hids_svr_grpc": 1, "hids_svr_http": 1}));
    post("/registry/evict", body).await.is(200, JSON, r#"{"msg":"ok"}"#);
    node.get("/registry/detail?name=hids_manage").await.is(200, JSON, r#"{"data":[],"msg":"ok"}"#);
    // Renewed every 30 s an entry stays green; it outlives two renewals that were lost.
    for _ in 0..4 {
        node.pass(30).await;
        let body = json!({"name": "hids_svr_grpc", "ip": "192.0.2.2", "port": 6751, "weight": 3, "extra": null});
        post("/registry/register", &body.to_string()).await.is(200, JSON, r#"{"msg":"ok"}"#);
    }
    node.pass(100).await;
    let found = node.get(asked).await.json();
    assert_eq!((&found["data"][0]["weight"], &found["data"][0]["status"]), (&json!(3), &json!(4)));
    node.get("/registry/detail?name=hids_svr_http").await.is(
        200,
        JSON,
        r#"{"data":[],"msg":"ok"}"#,
    );
    node.end().await;
}
