//! Each call as the reference answers it.

use serde_json::{Value, json};

use crate::world::{JSON, Node, START, TEXT};

const OK: &str = r#"{"msg":"ok"}"#;
const AC: &str = r#"{"name":"hids_svr_grpc","ip":"192.0.2.2","port":6751,"weight":0,"extra":null}"#;

#[tokio::test]
async fn what_is_registered_is_listed_in_the_shapes_of_the_reference() {
    let node = Node::start().await;
    node.post("/registry/register", AC).await.is(200, JSON, OK);
    let detail = format!(
        r#"{{"data":[{{"name":"hids_svr_grpc","ip":"192.0.2.2","port":6751,"status":0,"create_at":{START},"update_at":{START},"weight":0,"extra":null}}],"msg":"ok"}}"#
    );
    node.get("/registry/detail?name=hids_svr_grpc&count=10").await.is(200, JSON, &detail);
    node.register("hids_svr_http", 6752, 0).await;
    node.register("hids_svr_http", 6753, 0).await;
    let list = r#"{"data":["hids_svr_grpc","hids_svr_http"],"msg":"ok"}"#;
    node.get("/registry/list").await.is(200, JSON, list);
    let summary = r#"{"data":{"hids_svr_grpc":1,"hids_svr_http":2},"msg":"ok"}"#;
    node.get("/registry/summary").await.is(200, JSON, summary);
}

#[tokio::test]
async fn an_empty_node_answers_empty_lists() {
    let node = Node::start().await;
    let empty = r#"{"data":[],"msg":"ok"}"#;
    node.get("/registry/detail?name=nobody").await.is(200, JSON, empty);
    node.get("/registry/list").await.is(200, JSON, empty);
    node.get("/registry/summary").await.is(200, JSON, r#"{"data":{},"msg":"ok"}"#);
}

#[tokio::test]
async fn a_question_without_a_name_is_answered_400() {
    let node = Node::start().await;
    for target in ["/registry/detail", "/registry/detail?name=", "/registry/detail?count=3"] {
        node.get(target).await.is(400, JSON, r#"{"msg":"no server name"}"#);
    }
}

#[tokio::test]
async fn extra_is_echoed_null_stays_null_and_none_is_an_empty_object() {
    let node = Node::start().await;
    let cases = [
        (r#","extra":null"#, Value::Null),
        ("", json!({})),
        (r#","extra":{"zone":"a","n":[1,null]}"#, json!({"zone": "a", "n": [1, null]})),
    ];
    for (index, (extra, expected)) in cases.into_iter().enumerate() {
        let body = format!(r#"{{"name":"s{index}","ip":"10.0.0.1","port":1{extra}}}"#);
        node.post("/registry/register", &body).await.is(200, JSON, OK);
        let answer = node.get(&format!("/registry/detail?name=s{index}")).await.json();
        assert_eq!(answer["data"][0]["extra"], expected, "{body}");
    }
}

#[tokio::test]
async fn a_renewal_changes_weight_and_time_only() {
    let node = Node::start().await;
    node.post("/registry/register", AC).await.is(200, JSON, OK);
    node.pass(30).await;
    let renewal = r#"{"name":"hids_svr_grpc","ip":"192.0.2.2","port":6751,"weight":12,"extra":{"a":1},"create_at":1,"update_at":9999999999,"status":4}"#;
    node.post("/registry/register", renewal).await.is(200, JSON, OK);
    let answer = node.get("/registry/detail?name=hids_svr_grpc").await.json();
    let expected = json!([{
        "name": "hids_svr_grpc", "ip": "192.0.2.2", "port": 6751, "status": 0,
        "create_at": START, "update_at": START + 30, "weight": 12, "extra": null,
    }]);
    assert_eq!(answer["data"], expected);
}

#[tokio::test]
async fn an_eviction_removes_one_instance_and_is_fine_with_none() {
    let node = Node::start().await;
    node.register("a", 1, 0).await;
    node.register("a", 2, 0).await;
    let evict = r#"{"name":"a","ip":"10.0.0.1","port":1,"weight":5,"extra":null}"#;
    for _ in 0..2 {
        node.post("/registry/evict", evict).await.is(200, JSON, OK);
        assert_eq!(node.ports("name=a").await, [2]);
    }
    node.post("/registry/evict", r#"{"name":"a","ip":"10.0.0.1","port":2}"#).await;
    node.get("/registry/list").await.is(200, JSON, r#"{"data":[],"msg":"ok"}"#);
}

#[tokio::test]
async fn status_follows_the_age_of_the_last_renewal_and_105_seconds_end_it() {
    let node = Node::start().await;
    node.register("a", 1, 0).await;
    let ages = [(45, 0), (46, 1), (60, 1), (61, 2), (75, 2), (76, 3), (90, 3), (91, 4), (105, 4)];
    let mut passed = 0;
    for (age, status) in ages {
        node.pass(age - passed).await;
        passed = age;
        let answer = node.get("/registry/detail?name=a").await.json();
        assert_eq!(answer["data"][0]["status"], status, "{age} s");
    }
    node.pass(1).await;
    node.get("/registry/list").await.is(200, JSON, r#"{"data":[],"msg":"ok"}"#);
    assert_eq!(node.ports("name=a").await, [0; 0]);
}

#[tokio::test]
async fn pings_and_members_are_answered_without_a_signature() {
    let node = Node::start().await;
    let addr = node.addr;
    node.get("/ping").await.is(200, JSON, r#"{"message":"pong"}"#);
    let ping = format!(r#"{{"data":{{"host":"{addr}","members":["{addr}"]}},"msg":"ok"}}"#);
    node.get("/endpoint/ping").await.is(200, JSON, &ping);
    let stat = format!(r#"{{"data":["{addr}"],"msg":"ok"}}"#);
    node.get("/endpoint/stat").await.is(200, JSON, &stat);
}

#[tokio::test]
async fn unknown_paths_and_wrong_methods_are_404_and_a_slash_too_many_redirects() {
    let node = Node::start().await;
    for (method, target) in [
        ("GET", "/"),
        ("GET", "/registry/nothing"),
        ("POST", "/registry/detail?name=a"),
        ("GET", "/registry/register"),
        ("DELETE", "/ping"),
    ] {
        let answer = node.send(method, target, &[], "").await;
        answer.is(404, "text/plain", "404 page not found");
    }
    let answer = node.get("/registry/detail/?name=a&count=1").await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (301, "/registry/detail?name=a&count=1")
    );
    let answer = node.send("POST", "/registry/register/", &[], AC).await;
    assert_eq!((answer.status, answer.header("location")), (307, "/registry/register"));
}

#[tokio::test]
async fn a_request_that_was_redirected_carries_its_headers_twice_and_passes() {
    let node = Node::start().await;
    let mut headers =
        crate::world::signed(&crate::world::key(), "/registry/register", AC, START).to_vec();
    headers.extend(headers.clone());
    node.send("POST", "/registry/register", &headers, AC).await.is(200, JSON, OK);
}

#[tokio::test]
async fn keys_of_any_case_and_unknown_keys_are_read_as_by_the_reference() {
    let node = Node::start().await;
    let body = r#"{"NAME":"a","IP":"10.0.0.1","Port":9,"weight":null,"whatever":[1,2]}"#;
    node.post("/registry/register", body).await.is(200, JSON, OK);
    assert_eq!(node.ports("name=a").await, [9]);
    node.post("/registry/register", "{").await.is(400, TEXT, r#"{"msg":"post data error"}"#);
}

#[tokio::test]
async fn metrics_bear_the_names_of_the_reference_and_a_client_adds_no_label() {
    let node = Node::start().await;
    node.post("/registry/register", AC).await.is(200, JSON, OK);
    node.post("/registry/register", "{").await;
    node.send("POST", "/registry/register", &[], AC).await;
    for n in 0..50 {
        node.get(&format!("/registry/x{n}")).await;
        node.get(&format!("/registry/detail?name=x{n}")).await;
        node.send(&format!("M{n}"), "/registry/list", &[], "").await;
    }
    node.get("/ping").await;
    let answer = node.get("/metrics").await;
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"), "{answer:?}");
    let mut lines: Vec<_> = answer.body.lines().filter(|it| !it.starts_with('#')).collect();
    lines.sort_unstable();
    let expected = [
        "elk_sd_refused_total 0",
        r#"elkeid_sd_http_api{code="200",path="/registry/detail"} 50"#,
        r#"elkeid_sd_http_api{code="200",path="/registry/register"} 1"#,
        r#"elkeid_sd_http_api{code="400",path="/registry/register"} 1"#,
        r#"elkeid_sd_http_api{code="403",path="/registry/register"} 1"#,
        r#"elkeid_sd_http_api{code="404",path=""} 100"#,
        r#"elkeid_sd_registry_list{name="hids_svr_grpc"} 1"#,
    ];
    assert_eq!(lines, expected);
}
