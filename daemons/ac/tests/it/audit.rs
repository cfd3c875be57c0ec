//! API servers of Kubernetes and what they post.

use axum::body::Bytes;
use elk_ac::Config;
use elk_trust::SERVER_NAME;
use elk_trust::ca::Authority;
use elk_trust::tls::{Expect, client_config};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::{Duration, timeout};
use tokio_rustls::TlsConnector;

use crate::agent::{batch, record};
use crate::world::World;

const CLUSTERS: &str = "/api/v6/kube/inner/cluster/list";
const HANG: Duration = Duration::from_secs(30);

fn on(config: &mut Config) {
    config.audit.listen = ([127, 0, 0, 1], 0).into();
    config.audit.cert = Some(config.tls.cert.clone());
    config.audit.key = Some(config.tls.key.clone());
}

/// An AgentCenter that knows `c-1`.
async fn world() -> World {
    let world = World::with(|config| {
        on(config);
        config.audit.max_body_bytes = 1 << 20;
    })
    .await;
    world.answer(CLUSTERS, 200, json!({"code": 0, "msg": "success", "data": ["c-1"]}));
    world
}

/// Posts as a client with a certificate of `authority` for `name`; `None` if it is not spoken to.
async fn post(
    world: &World,
    authority: &Authority,
    name: &str,
    body: &str,
) -> Option<(u16, Value)> {
    let issued = authority.issue_client(name).unwrap();
    let pair = (issued.cert.as_bytes(), issued.key.expose().as_bytes());
    send(world, Some(pair), body).await
}

async fn send(world: &World, pair: Option<(&[u8], &[u8])>, body: &str) -> Option<(u16, Value)> {
    let ca = world.authority.pem().cert.clone();
    let tls =
        client_config(ca.as_bytes(), pair, Expect::Name(SERVER_NAME), &[b"http/1.1"]).unwrap();
    let socket = TcpStream::connect(world.audit_addr.unwrap()).await.unwrap();
    let server = ServerName::try_from("127.0.0.1").unwrap();
    let stream = TlsConnector::from(tls).connect(server, socket).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    drop(tokio::spawn(connection));
    let request = http::Request::post("/rawdata/audit").header("host", "ac");
    let request = request.body(Full::new(Bytes::from(body.to_owned()))).unwrap();
    let response = timeout(HANG, sender.send_request(request)).await.unwrap().ok()?;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.ok()?.to_bytes();
    Some((status, serde_json::from_slice(&body).unwrap_or_default()))
}

/// Posts once the Manager has said which clusters there are.
async fn ready(world: &World, body: &str) -> (u16, Value) {
    let posted = async {
        loop {
            let answer = post(world, &world.authority, "c-1", body).await.unwrap();
            if answer.0 != 503 {
                return answer;
            }
        }
    };
    timeout(HANG, posted).await.unwrap()
}

fn ok() -> (u16, Value) {
    (200, json!({"code": 0, "msg": "success", "data": "ok"}))
}

#[tokio::test]
async fn events_of_a_known_cluster_lie_on_the_bus_as_the_reference_writes_them() {
    let world = world().await;
    let list = r#"{"kind":"EventList","items":[{"level":"Metadata","auditID":"1","verb":"get","new":1},
        {"level":"Metadata","auditID":"2","requestURI":"/a?b=<c>&d","requestObject":{"z":1.50}}]}"#;
    assert_eq!(ready(&world, list).await, ok());
    let found = World::records_of(&world.audit, 2).await;
    for ((key, value), (id, part)) in
        found.iter().zip([("1", r#""verb":"get""#), ("2", r#""requestURI":"/a?b=<c>&d""#)])
    {
        assert_eq!(key, b"c-1");
        let text = std::str::from_utf8(value).unwrap();
        assert!(text.starts_with(r#"{"cluster_id":"c-1","event":{"level":"Metadata","#), "{text}");
        assert!(text.ends_with(r#"},"data_type":"9003"}"#), "{text}");
        assert!(text.contains(&format!(r#""auditID":"{id}""#)) && text.contains(part), "{text}");
        assert!(!text.contains("new"), "{text}");
    }
    assert_eq!(world.data("GET", "/kube/cluster/list", "").await, json!(["c-1"]));
    assert_eq!(world.metric("elk_ac_audit_events_total").await, Some(2.0));
    for nothing in ["{}", r#"{"items":null}"#] {
        assert_eq!(post(&world, &world.authority, "c-1", nothing).await, Some(ok()));
    }
    world.end().await;
}

#[tokio::test]
async fn strangers_and_unknown_clusters_and_what_is_no_list_are_refused() {
    let world = world().await;
    assert_eq!(ready(&world, "{}").await, ok());
    let unknown = post(&world, &world.authority, "agent", "{}").await.unwrap();
    assert_eq!((unknown.0, &unknown.1["code"]), (200, &json!(3)));
    assert_eq!(unknown.1["data"], "cluster uuid is not found");
    let stranger = Authority::create().unwrap();
    assert_eq!(post(&world, &stranger, "c-1", "{}").await, None);
    assert_eq!(send(&world, None, "{}").await, None);
    for bad in ["", "[", r#"{"items":{}}"#, r#"{"items":[{"verb":"get"},{"verb":7}]}"#] {
        let answer = post(&world, &world.authority, "c-1", bad).await.unwrap();
        assert_eq!((answer.0, &answer.1["code"]), (400, &json!(2)), "{bad}");
    }
    let huge = format!(r#"{{"items":[{{"verb":"{}"}}]}}"#, "x".repeat(2 << 20));
    let answer = post(&world, &world.authority, "c-1", &huge).await;
    assert!(answer.is_none_or(|it| it.0 == 413), "it is cut off or answered");
    assert_eq!(ready(&world, r#"{"items":[{"verb":"last"}]}"#).await, ok());
    let found = World::records_of(&world.audit, 1).await;
    assert!(String::from_utf8_lossy(&found[0].1).contains("last"), "nothing of the others");
    for (reason, count) in [("unknown_cluster", 1.0), ("unreadable", 4.0), ("too_large", 1.0)] {
        let series = format!("elk_ac_audit_refused_total{{reason=\"{reason}\"}}");
        world.until_metric(&series, count).await;
    }
    world.end().await;
}

#[tokio::test]
async fn a_cluster_that_is_added_is_heard_soon_after_it_first_came() {
    let world = world().await;
    assert_eq!(ready(&world, "{}").await, ok());
    let list = json!({"code": 0, "msg": "success", "data": ["c-1", "c-2"]});
    world.answer(CLUSTERS, 200, list);
    let heard = async {
        while post(&world, &world.authority, "c-2", "{}").await != Some(ok()) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(HANG, heard).await.expect("well before the minute is over");
    world.end().await;
}

#[tokio::test]
async fn without_its_certificate_the_listener_is_off_and_agents_are_served() {
    let world = World::with(|config| {
        on(config);
        config.audit.key = Some(config.data.join("no-such-key"));
    })
    .await;
    assert_eq!(world.audit_addr, None);
    world.answer(elk_api::intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let agent = world.agent().await;
    agent.send(&batch("agent-1", "h1", vec![record(59, &[])])).await;
    assert_eq!(world.records(1).await[0].0, b"agent-1");
    world.end().await;
}

#[tokio::test]
async fn until_the_manager_said_which_clusters_there_are_an_api_server_is_asked_to_come_again() {
    let world = World::with(on).await;
    world.answer(CLUSTERS, 500, json!({}));
    let answer = post(&world, &world.authority, "c-1", "{}").await.unwrap();
    assert_eq!(answer.0, 503);
    world.end().await;
}

#[tokio::test]
async fn what_the_bus_does_not_take_is_not_acknowledged_and_is_counted() {
    let world = world().await;
    assert_eq!(ready(&world, "{}").await, ok());
    world.audit.close().await;
    let list = r#"{"items":[{"verb":"get"},{"verb":"list"}]}"#;
    let (status, answer) = post(&world, &world.authority, "c-1", list).await.unwrap();
    assert_eq!((status, &answer["code"]), (503, &json!(1)), "{answer}");
    world.until_metric("elk_ac_audit_shed_total", 2.0).await;
    world.until_metric("elk_ac_audit_events_total", 0.0).await;
    world.end().await;
}
