//! What is refused, with which answer, and that it harms nobody.

use elk_sd::{Config, Limits};
use elk_trust::Secret;
use elk_trust::aksk::KeyPair;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::world::{Answer, JSON, Node, START, TEXT, config, key, signed};

const BODY: &str = r#"{"name":"a","ip":"10.0.0.1","port":1}"#;

fn refusal(data: &str) -> String {
    format!(r#"{{"code":-1,"data":{},"msg":"auth failed"}}"#, serde_json::json!(data))
}

#[tokio::test]
async fn each_fault_of_a_signature_has_the_answer_of_the_reference() {
    let node = Node::start().await;
    let good = |at| signed(&key(), "/registry/register", BODY, at);
    let with = |index: usize, value: &str| {
        let mut headers = good(START);
        headers[index].1 = value.to_owned();
        headers
    };
    let other_path = signed(&key(), "/registry/evict", BODY, START);
    let other_body = signed(&key(), "/registry/register", "{}", START);
    let stranger = KeyPair { ak: "nobody".to_owned(), sk: Secret::new("testsk") };
    let stranger = signed(&stranger, "/registry/register", BODY, START);
    let missing = "header missed: AccessKey|Signature|TimeStamp";
    let number = |text: &str, why: &str| {
        format!("TimeStamp Error strconv.ParseInt: parsing \"{text}\": {why}")
    };
    let cases = [
        (with(0, ""), missing.to_owned()),
        (with(1, ""), missing.to_owned()),
        (with(2, ""), missing.to_owned()),
        (with(1, "12x"), number("12x", "invalid syntax")),
        (with(1, "99999999999999999999"), number("99999999999999999999", "value out of range")),
        (good(START - 60), "TimeStamp Error".to_owned()),
        (good(START + 60), "TimeStamp Error".to_owned()),
        (stranger, "User not exist".to_owned()),
        (with(2, "00"), "Signature Error".to_owned()),
        (other_path, "Signature Error".to_owned()),
        (other_body, "Signature Error".to_owned()),
    ];
    for (headers, data) in cases {
        let answer = node.send("POST", "/registry/register", &headers, BODY).await;
        answer.is(403, JSON, &refusal(&data));
    }
    for path in ["/registry/register", "/registry/evict"] {
        node.send("POST", path, &[], BODY).await.is(403, JSON, &refusal(missing));
    }
    node.get("/registry/list").await.is(200, JSON, r#"{"data":[],"msg":"ok"}"#);
}

#[tokio::test]
async fn a_signature_that_was_heard_is_worth_nothing_a_minute_later() {
    let node = Node::start().await;
    let heard = signed(&key(), "/registry/register", BODY, START);
    node.clock.advance_ms(59_000);
    assert_eq!(node.send("POST", "/registry/register", &heard, BODY).await.status, 200);
    node.clock.advance_ms(1_000);
    let answer = node.send("POST", "/registry/register", &heard, BODY).await;
    answer.is(403, JSON, &refusal("TimeStamp Error"));
}

#[tokio::test]
async fn without_keys_nobody_may_register() {
    let node = Node::with(Config { auth: elk_sd::Auth::default(), ..config() }).await;
    node.post("/registry/register", BODY).await.is(403, JSON, &refusal("User not exist"));
}

#[tokio::test]
async fn a_body_that_is_no_registration_is_answered_400_and_changes_nothing() {
    let node = Node::start().await;
    let deep = "[".repeat(60_000);
    let bodies = [
        "",
        "{",
        "[]",
        "7",
        "\"x\"",
        deep.as_str(),
        r#"{"name":5}"#,
        r#"{"name":"a","ip":["10.0.0.1"],"port":1}"#,
        r#"{"name":"a","ip":"10.0.0.1","port":"1"}"#,
        r#"{"name":"a","ip":"10.0.0.1","port":1.5}"#,
        r#"{"name":"a","ip":"10.0.0.1","port":1,"weight":1e99}"#,
        r#"{"name":"a","ip":"10.0.0.1","port":1,"extra":"x"}"#,
        "{\"name\":\"\u{0}\u{1b}",
    ];
    for path in ["/registry/register", "/registry/evict"] {
        for body in bodies {
            node.post(path, body).await.is(400, TEXT, r#"{"msg":"post data error"}"#);
        }
    }
    node.get("/registry/list").await.is(200, JSON, r#"{"data":[],"msg":"ok"}"#);
}

#[tokio::test]
async fn a_registration_that_nobody_could_dial_is_refused_and_told_why() {
    let node = Node::start().await;
    let name = r#"{"msg":"a service's name has 1 to 128 printable characters"}"#;
    let address = r#"{"msg":"ip is an IP address or a host name, and port 1 to 65535"}"#;
    let long = format!(r#"{{"name":"{}","ip":"10.0.0.1","port":1}}"#, "x".repeat(129));
    let fat = format!(
        r#"{{"name":"a","ip":"10.0.0.1","port":1,"extra":{{"x":"{}"}}}}"#,
        "x".repeat(5_000)
    );
    let cases = [
        ("null", name),
        ("{}", name),
        (r#"{"ip":"10.0.0.1","port":1}"#, name),
        (r#"{"name":"a b","ip":"10.0.0.1","port":1}"#, name),
        (r#"{"name":"a\n","ip":"10.0.0.1","port":1}"#, name),
        (long.as_str(), name),
        (r#"{"name":"a","port":1}"#, address),
        (r#"{"name":"a","ip":"10.0.0.1:1","port":1}"#, address),
        (r#"{"name":"a","ip":"x/../y","port":1}"#, address),
        (r#"{"name":"a","ip":"10.0.0.1"}"#, address),
        (r#"{"name":"a","ip":"10.0.0.1","port":-1}"#, address),
        (r#"{"name":"a","ip":"10.0.0.1","port":65536}"#, address),
        (fat.as_str(), r#"{"msg":"extra has more than 4096 bytes"}"#),
    ];
    for (body, expected) in cases {
        node.post("/registry/register", body).await.is(400, TEXT, expected);
    }
    let metrics = node.get("/metrics").await.body;
    assert!(metrics.contains(&format!("elk_sd_refused_total {}", cases.len())), "{metrics}");
}

#[tokio::test]
async fn the_registry_takes_no_more_than_its_bounds_and_goes_on() {
    let limits = Limits { services: 2, instances: 2, ..Limits::default() };
    let node = Node::with(Config { limits, ..config() }).await;
    for (name, port) in [("a", 1), ("a", 2), ("b", 1)] {
        node.register(name, port, 0).await;
    }
    let third = r#"{"name":"c","ip":"10.0.0.1","port":1}"#;
    let full = r#"{"msg":"2 services are registered already"}"#;
    node.post("/registry/register", third).await.is(400, TEXT, full);
    let third = r#"{"name":"a","ip":"10.0.0.1","port":3}"#;
    let full = r#"{"msg":"2 instances of this service are registered already"}"#;
    node.post("/registry/register", third).await.is(400, TEXT, full);
    node.register("a", 1, 9).await;
    node.post("/registry/evict", r#"{"name":"a","ip":"10.0.0.1","port":2}"#).await;
    node.register("a", 3, 0).await;
}

#[tokio::test]
async fn a_huge_body_is_refused_before_it_is_read_whole() {
    let node = Node::start().await;
    let mut stream = TcpStream::connect(node.addr).await.unwrap();
    let head = "POST /registry/register HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
    let head = format!("{head}Content-Length: 1000000000000\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b'x'; 70_000]).await.unwrap();
    assert_eq!(Answer::read(stream).await.status, 413);
    node.register("a", 1, 0).await;
}

#[tokio::test]
async fn hostile_queries_are_answered_as_if_they_said_nothing() {
    let node = Node::start().await;
    node.register("a", 1, 0).await;
    node.register("a", 2, 0).await;
    for count in ["", "0", "-1", "x", "99999999999999999999999", "1.5", "%00"] {
        assert_eq!(node.ports(&format!("name=a&count={count}")).await.len(), 2, "{count:?}");
    }
    // Of a key that comes twice the first value counts.
    assert_eq!(node.ports("name=a&name=b&count=1&count=2").await.len(), 1);
    for name in ["%ff%fe", "a%00", "%", "%zz", "a%20", &"x".repeat(10_000)] {
        assert!(node.ports(&format!("name={name}")).await.is_empty(), "{name:?}");
    }
}
