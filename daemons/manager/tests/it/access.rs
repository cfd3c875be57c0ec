//! Who may call what.

use std::net::{IpAddr, UdpSocket};
use std::time::Duration;

use elk_api::components::ComponentKind;
use elk_api::{Operation, Role, operations};
use elk_client::Client;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::components::{create, release};
use crate::world::{HANG, NOW, PASSWORD, World, json, raw, sign_in, until};

/// Fills the holes of a route; a user is the caller, as others are forbidden by the handler.
pub(crate) fn path(operation: &Operation, caller: &str) -> String {
    let fill = |part: &str| match part {
        // Who removes himself makes no further calls.
        "{user}" if operation.id == "user.delete" => "nobody".to_owned(),
        "{user}" => caller.to_owned(),
        "{tag}" => "some-tag".to_owned(),
        "{version}" => "1.0.0.1".to_owned(),
        hole if hole.starts_with('{') => "default".to_owned(),
        fixed => fixed.to_owned(),
    };
    operation.route.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// What nobody should send, as text.
fn nasty() -> Vec<String> {
    let deep = "[".repeat(100_000);
    let fixed = [
        "",
        "null",
        "[]",
        "{",
        "true",
        "\u{0}",
        "{\"a\":1,}",
        "1e999",
        "\"\\ud800\"",
        &deep,
        r#"{"selection":null,"ids":[null],"name":{},"plugin":7,"data_type":1e300}"#,
        r#"{"selection":"\u0000","plugin":"p","data_type":2147483648}"#,
        r#"{"selection":"sel-x","plugin":"p","data_type":-2147483648,"timeout_seconds":0}"#,
        r#"{"selector":"hostname~(a{1000}){1000}"}"#,
        r#"{"selector":"last_seen>999999999d"}"#,
        r#"{"ids":["", "host=", "%", "\u0000", "a/b"]}"#,
        r#"{"selection":"x","offline_for_seconds":18446744073709551615}"#,
        r#"{"name":"../../etc","kind":"exec","version":"1.0.0.1","files":[]}"#,
        r#"{"revision":18446744073709551615,"plugins":{"..":{"version":"1.0.0.1"}}}"#,
        r#"{"username":"\u0000","password":"\u0000"}"#,
    ];
    fixed.into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn no_body_name_or_query_makes_an_operation_fail() {
    let world = World::new().await;
    world.center_with(2).await;
    let caller = world.user("kim", Role::Admin).await;
    let queries = [
        "limit=-1",
        "limit=99999999999999999999",
        "cursor=%00",
        "cursor=WyIiLCIiXQ",
        "selector=%00",
        "selector=hostname~((((",
        "sort=colour",
        "reverse=2",
        "by=,",
        "by=%00",
        "state=lost",
        "selector=id%20in%20(%22%27;drop%20table%20agents;--%22)",
        "limit=%ff",
    ];
    let names = ["%00", "..%2F..", "%FF", "a%20b", "host=", "'%3B--", "%F0%9F%A6%8C"];
    let mut all = operations();
    all.retain(|it| it.id != "session.logout" && it.id != "event.tail");
    for operation in &all {
        let method = operation.method.as_str();
        let plain = path(operation, "kim");
        let mut calls: Vec<(String, Option<String>)> = Vec::new();
        if method == "GET" {
            calls.extend(queries.iter().map(|it| (format!("{plain}?{it}"), None)));
        } else {
            calls.extend(nasty().into_iter().map(|it| (plain.clone(), Some(it))));
        }
        let holes = operation.route.matches('{').count();
        for name in names.iter().filter(|_| holes > 0) {
            let fill = |part: &str| if part.starts_with('{') { *name } else { part }.to_owned();
            let path = operation.route.split('/').map(fill).collect::<Vec<_>>().join("/");
            calls.push((path, (method != "GET").then(|| "{}".to_owned())));
        }
        for (path, body) in calls {
            let reply = raw(&caller, method, &path, body.as_deref()).await;
            let start: String = body.unwrap_or_default().chars().take(80).collect();
            assert!(reply.status < 500, "{method} {path} {start}: {}", reply.status);
            if reply.status >= 400 {
                let problem = json(&reply);
                assert!(problem["detail"].is_string(), "{method} {path} {start}: {problem}");
            }
        }
        // Sign-ins that fail are slowed down after a while.
        world.clock.advance_ms(60_000);
    }
    assert_eq!(world.agents("").await.len(), 2);
    let wrong = raw(&caller, "DELETE", "/api/n1/agents", None).await;
    assert_eq!((wrong.status, &json(&wrong)["code"]), (405, &"method_not_allowed".into()));
    world.end().await;
}

#[tokio::test]
async fn no_body_of_an_agent_center_or_an_old_client_makes_a_call_fail() {
    let world = World::new().await;
    world.center_with(1).await;
    let ids: Vec<String> = (0..50_000).map(|it| format!("agent-{it}")).collect();
    let mut bodies = nasty();
    bodies.extend([
        serde_json::json!({ "id_list": ids }).to_string(),
        r#"{"id_list":[1]}"#.to_owned(),
        r#"[{"token":7}]"#.to_owned(),
        r#"[{"token":"t","data_type":"5100","status":null}]"#.to_owned(),
        r#"{"agent_id":"agent-0","arch":{"deep":[]},"platform_family":7}"#.to_owned(),
        r#"{"filter":[{"key":"a.b.c","condition":"$and","rules":[{"operator":"$in","value":[{}]}]}]}"#
            .to_owned(),
    ]);
    let centers = [
        "/api/v1/agent/queryInfo",
        "/api/v1/agent/updateSubTask",
        "/api/v6/component/GetComponentInstances",
        "/api/v6/shared/Upload",
    ];
    let old = ["/api/v1/agent/getStatus/filter", "/api/v1/user/login"];
    for body in &bodies {
        let start: String = body.chars().take(80).collect();
        for path in centers {
            let reply = world.signed(path, body).await;
            assert!(matches!(reply.status, 200 | 400), "{path} {start}: {}", reply.status);
            assert!(json(&reply)["code"].is_i64(), "{path} {start}");
        }
        for path in old {
            let reply = raw(&world.admin, "POST", path, Some(body)).await;
            assert!(matches!(reply.status, 200 | 400 | 429), "{path} {start}: {}", reply.status);
            assert!(json(&reply)["code"].is_i64(), "{path} {start}");
        }
    }
    assert_eq!(world.agents("").await.len(), 1);
    world.end().await;
}

#[tokio::test]
async fn what_is_refused_says_why_in_a_problem_document() {
    let world = World::new().await;
    let viewer = world.user("eve", Role::Viewer).await;
    let cases = [
        (&world.anyone(), "GET", "/api/n1/agents", 401, "unauthenticated"),
        (&viewer, "POST", "/api/n1/users", 403, "denied"),
        (&viewer, "PUT", "/api/n1/users/admin/password", 403, "denied"),
        (&viewer, "GET", "/api/n1/nothing", 404, "route_not_found"),
        (&viewer, "GET", "/api/n1/agents/nobody", 404, "agent_not_found"),
        (&viewer, "GET", "/api/n1/agents?limit=0", 422, "invalid_limit"),
        (&viewer, "GET", "/api/n1/agents?cursor=zz!", 400, "invalid_query"),
        (&viewer, "GET", "/api/n1/agents?selector=up", 422, "invalid_selector"),
        (&viewer, "GET", "/api/n1/agents?selector=hostname~(", 422, "invalid_selector"),
        (&viewer, "GET", "/api/n1/agents/aggregate?by=colour", 422, "invalid_key"),
        (&viewer, "GET", "/api/n1/agents/aggregate?by=tag,tag", 422, "invalid_key"),
        (&viewer, "GET", "/api/n1/agents/aggregate?by=component.A%20B", 422, "invalid_key"),
        (&viewer, "POST", "/api/n1/selections", 400, "invalid_body"),
    ];
    for (client, method, path, status, code) in cases {
        let body = match code {
            "denied" => r#"{"password":"a new password"}"#,
            _ => r#"{"ids":1"#,
        };
        let reply = raw(client, method, path, (method != "GET").then_some(body)).await;
        let problem = json(&reply);
        assert_eq!((reply.status, &problem["code"]), (status, &code.into()), "{path}: {problem}");
        assert_eq!(reply.headers["content-type"], "application/problem+json", "{path}");
        assert!(!problem["detail"].as_str().unwrap().is_empty(), "{path}");
        assert_eq!(problem["request_id"], reply.headers["x-request-id"].to_str().unwrap());
    }
    world.end().await;
}

#[tokio::test]
async fn the_description_of_the_api_is_served_and_the_clock_with_every_answer() {
    let world = World::new().await;
    let reply = raw(&world.anyone(), "GET", "/openapi.json", None).await;
    assert_eq!(reply.status, 200);
    let committed = include_str!("../../../../proto/api/openapi.json");
    let committed: serde_json::Value = serde_json::from_str(committed).unwrap();
    assert!(json(&reply) == committed, "another description is served");
    let answers = [
        (&world.admin, "GET", "/api/n1/agents/aggregate", 200),
        (&world.admin, "GET", "/api/n1/nothing", 404),
        (&world.anyone(), "GET", "/api/n1/agents", 401),
    ];
    for (client, method, path, status) in answers {
        let reply = raw(client, method, path, None).await;
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(reply.headers["server-time"], "2023-11-14T22:13:20Z", "{path}");
    }
    world.agents("").await;
    assert_eq!(world.admin.server_time().map(|it| it.as_millisecond()), Some(NOW));
    world.end().await;
}

#[tokio::test]
async fn calls_of_agent_centers_are_refused_to_strangers_and_counted() {
    let world = World::new().await;
    let nobody = serde_json::json!({ "id_list": [] });
    let signed = world.as_center("/api/v1/agent/queryInfo", &nobody).await;
    assert_eq!(signed.unwrap(), serde_json::json!({}));
    let ask = r#"{"id_list":["a1"]}"#;
    let paths = [
        ("POST", "/api/v1/agent/queryInfo"),
        ("POST", "/api/v1/agent/updateSubTask"),
        ("POST", "/api/v6/component/GetComponentInstances"),
        ("POST", "/api/v6/shared/Upload"),
        ("GET", "/api/v6/kube/inner/cluster/list"),
    ];
    for (method, path) in paths {
        let body = (method == "POST").then_some(ask);
        // Being signed in does not help: these calls are no user's.
        for client in [&world.anyone(), &world.admin] {
            let reply = raw(client, method, path, body).await;
            assert_eq!((reply.status, reply.body.len()), (401, 0), "{path}");
        }
    }
    let status = raw(&world.admin, "GET", "/api/n1/cluster", None).await;
    assert_eq!(json(&status)["manager"]["refused_requests"], 10);
    // One of ours has keys: its address proves nothing.
    let ours = world.center_with(1).await;
    assert_eq!(
        raw(&world.anyone(), "POST", "/api/v1/agent/queryInfo", Some(ask)).await.status,
        401
    );
    // Once ServiceDiscovery lists one of the reference at an address, calls from there pass.
    let center = world.center(false).await;
    until("calls from a listed address to pass", async || {
        raw(&world.anyone(), "POST", "/api/v1/agent/queryInfo", Some(ask)).await.status == 200
    })
    .await;
    ours.end();
    // But not under a wrong signature.
    let mut headers = http::HeaderMap::new();
    for (name, value) in [("accesskey", "testak"), ("timestamp", "1700000000"), ("signature", "00")]
    {
        headers.insert(name, value.parse().unwrap());
    }
    let (post, path) = (http::Method::POST, "/api/v1/agent/queryInfo");
    let reply = world.anyone().raw(post, path, &headers, Some(ask.into())).await;
    assert_eq!(reply.unwrap().status, 401);
    center.end();
    world.end().await;
}

#[tokio::test]
async fn a_password_that_is_set_ends_the_other_sessions() {
    let world = World::new().await;
    let first = world.user("alice", Role::Operator).await;
    let second = sign_in(world.addr, "alice", PASSWORD).await.unwrap();
    let me = async |client: &Client| raw(client, "GET", "/api/n1/self", None).await.status;
    let put = async |client: &Client, body: &str| {
        raw(client, "PUT", "/api/n1/users/alice/password", Some(body)).await.status
    };
    assert_eq!(put(&first, r#"{"password":"a new password"}"#).await, 422);
    assert_eq!(put(&first, r#"{"current":"wrong","password":"a new password"}"#).await, 422);
    let short = format!(r#"{{"current":"{PASSWORD}","password":"short"}}"#);
    assert_eq!(put(&first, &short).await, 422);
    // What is too long to be a password is not hashed whole, and is wrong.
    let endless = format!(r#"{{"current":"{}","password":"a new password"}}"#, "x".repeat(1 << 20));
    assert_eq!(put(&first, &endless).await, 422);
    assert_eq!((me(&first).await, me(&second).await), (200, 200));
    let right = format!(r#"{{"current":"{PASSWORD}","password":"a new password"}}"#);
    assert_eq!(put(&first, &right).await, 200);
    assert_eq!((me(&first).await, me(&second).await), (200, 401));
    sign_in(world.addr, "alice", PASSWORD).await.unwrap_err();
    sign_in(world.addr, "alice", "a new password").await.unwrap();
    assert_eq!(put(&world.admin, r#"{"password":"set by the admin"}"#).await, 200);
    assert_eq!(me(&first).await, 401);
    sign_in(world.addr, "alice", "set by the admin").await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn the_present_password_is_not_guessed_faster_than_by_signing_in() {
    let world = World::new().await;
    let alice = world.user("alice", Role::Viewer).await;
    let guess = async |client: &Client, current: &str| {
        let body = format!(r#"{{"current":"{current}","password":"a new password"}}"#);
        raw(client, "PUT", "/api/n1/users/alice/password", Some(&body)).await
    };
    for _ in 0..5 {
        assert_eq!(guess(&alice, "wrong").await.status, 422);
    }
    let waits = guess(&alice, PASSWORD).await;
    assert_eq!((waits.status, &json(&waits)["code"]), (429, &"too_many_attempts".into()));
    assert_eq!(waits.headers["retry-after"], "1");
    assert!(sign_in(world.addr, "alice", PASSWORD).await.is_err());
    world.clock.advance_ms(1_000);
    assert_eq!(guess(&alice, PASSWORD).await.status, 200);
    world.end().await;
}

/// Begins a call of an AgentCenter and leaves its body unfinished.
async fn half_sent(world: &World, headers: &str) -> TcpStream {
    let mut socket = TcpStream::connect(world.addr).await.unwrap();
    let head = format!(
        "POST /api/v1/agent/queryInfo HTTP/1.1\r\nhost: x\r\n{headers}content-length: 16777216\r\n\r\n{{"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket
}

#[tokio::test]
async fn the_body_of_a_stranger_is_not_read() {
    let world = World::new().await;
    let strangers = [
        "",
        "accesskey: testak\r\ntimestamp: 1600000000\r\nsignature: 00\r\n",
        "accesskey: nobody\r\ntimestamp: 1700000000\r\nsignature: 00\r\n",
    ];
    for headers in strangers {
        let mut socket = half_sent(&world, headers).await;
        let mut start = [0; 12];
        let answer = timeout(HANG / 2, socket.read_exact(&mut start)).await;
        assert!(answer.is_ok(), "no answer: {headers:?}");
        assert_eq!(&start, b"HTTP/1.1 401", "{headers:?}");
    }
    world.end().await;
}

#[tokio::test]
async fn bodies_that_prove_nothing_yet_have_bounded_room() {
    let world = World::new().await;
    let headers = "accesskey: testak\r\ntimestamp: 1700000000\r\nsignature: 00\r\n";
    let mut held = Vec::new();
    for _ in 0..32 {
        held.push(half_sent(&world, headers).await);
    }
    // All of them are waited for once none has room; a genuine call then waits, too.
    let ask = serde_json::json!({ "id_list": [] });
    until("all room to be taken", async || {
        let call = world.as_center("/api/v1/agent/queryInfo", &ask);
        timeout(Duration::from_millis(500), call).await.is_err()
    })
    .await;
    drop(held);
    world.as_center("/api/v1/agent/queryInfo", &ask).await.unwrap();
    world.end().await;
}

/// Returns an address of this host that is not loopback; nothing is sent to find it.
fn other_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    socket.local_addr().ok().map(|it| it.ip()).filter(|it| !it.is_loopback())
}

#[tokio::test]
async fn in_clear_other_hosts_get_only_what_agents_and_their_centers_need() {
    let Some(ip) = other_address() else {
        assert!(std::env::var_os("ELK_REQUIRE_ALL").is_none(), "no address but loopback");
        println!("skipped: this host has no address but loopback");
        return;
    };
    let world = World::with(|config| config.listen = "0.0.0.0:0".parse().unwrap()).await;
    let login = format!(r#"{{"username":"admin","password":"{PASSWORD}"}}"#);
    let (plain, tls) = (world.client_at(ip, false), world.client_at(ip, true));
    let refused = [
        ("POST", "/api/n1/login"),
        ("POST", "/api/v1/user/login"),
        ("GET", "/api/v1/agent/getStatus"),
        ("GET", "/api/v1/agent/getConfig/x"),
        ("GET", "/openapi.json"),
        ("GET", "/api/v1/agent/queryInfo/x"),
        ("GET", "/nothing"),
    ];
    for (method, path) in refused {
        let reply = raw(&plain, method, path, (method == "POST").then_some(login.as_str())).await;
        assert_eq!(
            (reply.status, &json(&reply)["code"]),
            (403, &"plaintext_refused".into()),
            "{path}"
        );
    }
    // These are served, and then ask who calls.
    let served = [
        ("GET", "/ping", 200),
        ("POST", "/api/v1/agent/queryInfo", 401),
        ("POST", "/api/v1/agent/updateSubTask", 401),
        ("POST", "/api/v6/component/GetComponentInstances", 401),
        ("POST", "/api/v6/shared/Upload", 401),
        ("GET", "/api/v6/kube/inner/cluster/list", 401),
    ];
    for (method, path, status) in served {
        let reply = raw(&plain, method, path, (method == "POST").then_some("{}")).await;
        assert_eq!(reply.status, status, "{path}");
    }
    // Agents fetch without a session, and trust no certificate of ours.
    create(&world.admin, "driver", ComponentKind::Exec).await;
    let version = release(&world.admin, "driver", "1.0.0.1", &[("default", b"program")]).await;
    let fetched = raw(&plain, "GET", &version.files[0].path, None).await;
    assert_eq!((fetched.status, &fetched.body[..]), (200, &b"program"[..]));
    let reply = raw(&plain, "GET", "/api/n1/components", None).await;
    assert_eq!((reply.status, &json(&reply)["code"]), (403, &"plaintext_refused".into()));
    assert_eq!(raw(&tls, "POST", "/api/n1/login", Some(&login)).await.status, 200);
    let loopback = world.anyone();
    assert_eq!(raw(&loopback, "POST", "/api/n1/login", Some(&login)).await.status, 200);
    world.end().await;
    let open = World::with(|config| {
        config.listen = "0.0.0.0:0".parse().unwrap();
        config.plaintext_api = true;
    })
    .await;
    let reply = raw(&open.client_at(ip, false), "POST", "/api/n1/login", Some(&login)).await;
    assert_eq!(reply.status, 200);
    open.end().await;
}
