//! Lists, pages, names, tags, selections and counts.

use elk_api::agents::{Aggregate, AggregateQuery};
use elk_api::selections::{Create, NewSelection, Selection};
use elk_api::{ListQuery, Nothing, tags};
use elk_client::ClientError;
use elk_trust::Secret;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::center::Beat;
use crate::world::{PASSWORD, World, json, open_session, raw, sign_in, until};

async fn selection(world: &World, ids: Vec<String>) -> Result<Selection, ClientError> {
    let new = NewSelection { ids: Some(ids), ..NewSelection::default() };
    world.admin.send::<Create>(&[], &Nothing {}, &new).await
}

#[tokio::test]
async fn pages_follow_each_other_while_agents_come_and_go() {
    let world = World::new().await;
    let center = world.center(true).await;
    for number in 0..25 {
        center.put(&Beat::new(&format!("agent-{number:02}")));
    }
    world.until_listed("", 25).await;
    for sort in ["id", "hostname", "last_seen", "first_seen"] {
        for reverse in [false, true] {
            let path = format!("/api/n1/agents?limit=10&sort={sort}&reverse={reverse}");
            let mut seen = Vec::new();
            let mut next = Some(path.clone());
            while let Some(at) = next {
                let page = json(&raw(&world.admin, "GET", &at, None).await);
                assert_eq!(page["total"], 25);
                let ids = page["items"].as_array().unwrap().iter();
                seen.extend(ids.map(|it| it["id"].as_str().unwrap().to_owned()));
                next = page["next_cursor"].as_str().map(|it| format!("{path}&cursor={it}"));
            }
            assert_eq!(seen.len(), 25, "{path}");
            let mut sorted = seen.clone();
            sorted.sort();
            assert_eq!(seen.first() == sorted.first(), !reverse, "{path}");
            sorted.dedup();
            assert_eq!(sorted.len(), 25, "{path}");
        }
    }
    // Between two pages some leave and some come: those that stay are seen once.
    let first = json(&raw(&world.admin, "GET", "/api/n1/agents?limit=10", None).await);
    center.put(&Beat::new("agent-001"));
    center.put(&Beat::new("agent-99"));
    world.until_listed("", 27).await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let path = format!("/api/n1/agents?limit=100&cursor={cursor}");
    let rest = json(&raw(&world.admin, "GET", &path, None).await);
    let ids: Vec<_> = rest["items"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    assert_eq!((ids.len(), &ids[0], &ids[15]), (16, &json!("agent-10"), &json!("agent-99")));
    world.end().await;
}

#[tokio::test]
async fn a_cursor_of_another_list_or_order_is_refused() {
    let world = World::new().await;
    world.center_with(3).await;
    let path = "/api/n1/agents?limit=1&sort=hostname";
    let page = json(&raw(&world.admin, "GET", path, None).await);
    let cursor = page["next_cursor"].as_str().unwrap();
    for path in ["/api/n1/agents?sort=last_seen&", "/api/n1/tags?", "/api/n1/users?"] {
        let reply = raw(&world.admin, "GET", &format!("{path}cursor={cursor}"), None).await;
        let problem = json(&reply);
        assert_eq!((reply.status, &problem["code"]), (422, &"invalid_cursor".into()), "{path}");
    }
    let longest = "A".repeat(5_000);
    for cursor in ["", "zz", "e30", "WzFd", longest.as_str()] {
        let reply =
            raw(&world.admin, "GET", &format!("/api/n1/agents?cursor={cursor}"), None).await;
        let problem = json(&reply);
        assert_eq!((reply.status, &problem["code"]), (400, &"invalid_query".into()), "{cursor}");
        assert!(problem["detail"].as_str().unwrap().contains("cursor"), "{problem}");
    }
    world.end().await;
}

#[tokio::test]
async fn an_agent_is_named_by_id_by_prefix_or_by_host() {
    let world = World::new().await;
    let center = world.center(true).await;
    for (id, host) in [("0b2f6a0c-1", "web-1"), ("0b2f6a0d-2", "web-2"), ("0b2f6a0c-11", "web-2")] {
        center.put(&Beat::new(id).with("hostname", host));
    }
    world.until_listed("", 3).await;
    let named = async |name: &str| {
        let path = format!("/api/n1/agents/{name}");
        let reply = raw(&world.admin, "GET", &path, None).await;
        let body = json(&reply);
        let text = if reply.status == 200 { &body["id"] } else { &body["code"] };
        (reply.status, text.as_str().unwrap().to_owned())
    };
    let cases = [
        ("0b2f6a0c-1", 200, "0b2f6a0c-1"),
        ("0b2f6a0d", 200, "0b2f6a0d-2"),
        ("0b2f6a0c", 409, "agent_ambiguous"),
        ("0b2", 404, "agent_not_found"),
        ("host=web-1", 200, "0b2f6a0c-1"),
        ("host=web-2", 409, "agent_ambiguous"),
        ("host=web", 404, "agent_not_found"),
        ("%25%25%25%25", 404, "agent_not_found"),
        ("0b2f____", 404, "agent_not_found"),
    ];
    for (name, status, text) in cases {
        assert_eq!(named(name).await, (status, text.to_owned()), "{name}");
    }
    let short = raw(&world.admin, "GET", "/api/n1/agents/0b2", None).await;
    assert!(json(&short)["hint"].as_str().unwrap().contains("4 characters"));
    let reply = raw(&world.admin, "GET", "/api/n1/agents/0b2f6a0c", None).await;
    let detail = json(&reply)["detail"].as_str().unwrap().to_owned();
    assert!(detail.ends_with("0b2f6a0c-1, 0b2f6a0c-11"), "{detail}");
    world.end().await;
}

#[tokio::test]
async fn a_selection_is_fixed_and_expires_after_ten_minutes() {
    let world = World::new().await;
    let center = world.center_with(2).await;
    let made = selection(&world, vec!["agent-0".into(), "host=host-agent-1".into()]).await.unwrap();
    assert_eq!((made.count, made.by_status.values().sum::<u64>()), (2, 2));
    let all = world.select("").await;
    center.put(&Beat::new("agent-2"));
    world.until_listed("", 3).await;
    let add = async |id: &str| {
        let asked = tags::TagRequest { selection: id.to_owned() };
        world.admin.send::<tags::Add>(&["prod"], &Nothing {}, &asked).await
    };
    let tagged = add(&all).await.unwrap();
    assert_eq!((tagged.changed.len(), tagged.unchanged), (2, 0));
    let again = add(&made.id).await.unwrap();
    assert_eq!((again.changed.len(), again.unchanged), (0, 2));
    world.clock.advance_ms(600_001);
    let error = add(&all).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(404), "selection_not_found"));
    let cases = [
        (json!({}), "invalid_selection"),
        (json!({ "selector": "", "all": false }), "invalid_selection"),
        (json!({ "selector": "tag=a", "all": true }), "invalid_selection"),
        (json!({ "ids": ["nobody"] }), "agent_not_found"),
        (json!({ "ids": ["agen"] }), "agent_ambiguous"),
        (json!({ "selector": "tag=" }), "invalid_selector"),
        (json!({ "everything": true }), "invalid_body"),
    ];
    for (body, code) in cases {
        let reply = raw(&world.admin, "POST", "/api/n1/selections", Some(&body.to_string())).await;
        assert_eq!(json(&reply)["code"], code, "{body}");
    }
    world.end().await;
}

#[tokio::test]
async fn ten_thousand_agents_are_selected_by_name_and_tagged() {
    let world = World::new().await;
    let center = world.center(true).await;
    let names: Vec<String> = (0..10_000).map(|number| format!("agent-{number:05}")).collect();
    let beats: Vec<Beat> = names.iter().map(|it| Beat::new(it)).collect();
    center.put_all(&beats);
    until("all to be known", async || {
        json(&raw(&world.admin, "GET", "/api/n1/agents?limit=1", None).await)["total"] == 10_000
    })
    .await;
    let made = selection(&world, names).await.unwrap();
    assert_eq!(made.count, 10_000);
    let asked = tags::TagRequest { selection: made.id };
    let tagged = world.admin.send::<tags::Add>(&["prod"], &Nothing {}, &asked).await.unwrap();
    assert_eq!((tagged.changed.len(), tagged.unchanged), (10_000, 0));
    let list = world.admin.send::<tags::List>(&[], &ListQuery::default(), &Nothing {}).await;
    assert_eq!(list.unwrap().items[0].agents, 10_000);
    let gone = world.admin.send::<tags::Remove>(&["prod"], &Nothing {}, &asked).await.unwrap();
    assert_eq!(gone.changed.len(), 10_000);
    let strangers = (0..1_001).map(|it| format!("stranger-{it}")).collect();
    let error = selection(&world, strangers).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(422), "invalid_selection"));
    world.end().await;
}

#[tokio::test]
async fn the_longest_selectors_are_served() {
    let world = World::new().await;
    world.center_with(2).await;
    let list = |value: &str, count: usize| vec![value; count].join(",");
    let addresses: Vec<_> = (0..999).map(|it| format!("10.1.{}.{}", it / 250, it % 250)).collect();
    let cases = [
        (format!("ip in (10.0.0.7,{})", addresses.join(",")), 2),
        (format!("ip notin (10.0.0.7,{})", addresses.join(",")), 0),
        (format!("status in ({})", list("running", 1_000)), 2),
        (format!("status notin ({})", list("offline", 1_000)), 2),
        (list("!tag", 200), 2),
        (list("ip=10.0.0.7", 200), 2),
        (list("status!=offline", 200), 2),
        (list("component.driver!=1.0.0.1", 200), 2),
        (list("last_seen<1d", 200), 2),
        (list("ip~^10", 16), 2),
        (format!("id in ({})", list("agent-0", 1_000)), 1),
    ];
    for (selector, count) in cases {
        let start: String = selector.chars().take(40).collect();
        let page = world.page(&selector, None).await;
        assert_eq!(page.map(|it| it.items.len()).unwrap(), count, "{start}");
        let new = NewSelection { selector: Some(selector), ..NewSelection::default() };
        let made = world.admin.send::<Create>(&[], &Nothing {}, &new).await.unwrap();
        assert_eq!(made.count, count as u64, "{start}");
    }
    for (selector, says) in [
        (list("!tag", 201), "a selector has at most 200 terms"),
        (list("id~a", 17), "at most 16 regular expressions"),
        ("id~\"\\w{0,60}\"".to_owned(), "it is too large"),
    ] {
        let error = world.page(&selector, None).await.unwrap_err();
        assert_eq!((error.status(), error.code()), (Some(422), "invalid_selector"));
        assert!(error.to_string().contains(says), "{error}");
    }
    world.end().await;
}

#[tokio::test]
async fn selections_that_nobody_uses_are_bounded_by_user() {
    let world = World::new().await;
    world.center_with(1).await;
    let viewer = world.user("eve", elk_api::Role::Viewer).await;
    let select =
        async |client| raw(client, "POST", "/api/n1/selections", Some(r#"{"all":true}"#)).await;
    for _ in 0..16 {
        assert_eq!(select(&viewer).await.status, 200);
    }
    let full = select(&viewer).await;
    assert_eq!((full.status, &json(&full)["code"]), (429, &"too_many_selections".into()));
    // Others go on, and so does who uses what he selects.
    for _ in 0..20 {
        world.tag("prod", "id=agent-0").await;
    }
    world.clock.advance_ms(600_001);
    assert_eq!(select(&viewer).await.status, 200);
    world.end().await;
}

#[tokio::test]
async fn streams_of_records_are_bounded_by_user() {
    let world = World::with_bus().await;
    let open = async |token: &Secret| {
        let mut socket = TcpStream::connect(world.addr).await.unwrap();
        let head =
            format!("GET /api/n1/records HTTP/1.1\r\nhost: x\r\ntoken: {}\r\n\r\n", token.expose());
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut start = [0; 12];
        socket.read_exact(&mut start).await.unwrap();
        (String::from_utf8_lossy(&start).into_owned(), socket)
    };
    let admin = open_session(world.addr, "admin", PASSWORD).await.unwrap();
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(open(&admin).await);
    }
    assert!(held.iter().all(|(start, _)| start == "HTTP/1.1 200"), "{held:?}");
    assert_eq!(open(&admin).await.0, "HTTP/1.1 429");
    world.user("eve", elk_api::Role::Viewer).await;
    let viewer = open_session(world.addr, "eve", PASSWORD).await.unwrap();
    assert_eq!(open(&viewer).await.0, "HTTP/1.1 200");
    held.pop();
    until("the place to be free", async || open(&admin).await.0 == "HTTP/1.1 200").await;
    drop(held);
    world.end().await;
}

#[tokio::test]
async fn agents_are_counted_by_one_or_two_keys() {
    let world = World::new().await;
    let center = world.center(true).await;
    center.put(&Beat::new("agent-1").running("driver", "1.7.0.24"));
    center.put(&Beat::new("agent-2").running("driver", "1.7.0.24").with("idc", "dc2"));
    center.put(&Beat::new("agent-3").running("driver", "1.7.0.9").with("state", "abnormal"));
    center.put(&Beat::new("agent-4").with("idc", ""));
    world.until_listed("", 4).await;
    world.tag("prod", "id in (agent-1, agent-2)").await;
    world.tag("eu", "id=agent-1").await;
    let count = async |by: &str| {
        let query = AggregateQuery { selector: None, by: Some(by.to_owned()) };
        let found = world.admin.send::<Aggregate>(&[], &query, &Nothing {}).await.unwrap();
        assert_eq!(found.total, 4);
        let shown = |it: &elk_api::agents::AggregateGroup| {
            let key: Vec<_> = it.key.iter().map(|it| it.as_deref().unwrap_or("-")).collect();
            format!("{} {}", key.join("/"), it.count)
        };
        found.groups.iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!(count("component.driver").await, ["1.7.0.24 2", "- 1", "1.7.0.9 1"]);
    assert_eq!(count("status").await, ["running 3", "abnormal 1"]);
    assert_eq!(count("tag").await, ["- 2", "prod 2", "eu 1"]);
    assert_eq!(count("idc").await, ["dc1 2", "- 1", "dc2 1"]);
    assert_eq!(
        count("component.driver,status").await,
        ["1.7.0.24/running 2", "-/running 1", "1.7.0.9/abnormal 1"]
    );
    assert_eq!(count("tag,component.driver").await.len(), 4);
    assert_eq!(count("component.nothing").await, ["- 4"]);
    world.end().await;
}

#[tokio::test]
async fn what_a_host_says_of_itself_is_cut_and_cleaned() {
    let world = World::new().await;
    let center = world.center(true).await;
    let nasty = format!("ev\u{1b}[31mil\n{}", "x".repeat(2_000));
    let agent = Beat::new("agent-1")
        .with("hostname", nasty)
        .with("version", 7)
        .with("platform", Value::Null)
        .with("intranet_ipv4", json!(["10.0.0.1", "no address", 7, "fd00::1"]))
        .with("cpu", "much")
        .with("rss", -1.5e300);
    center.put(&agent);
    world.until_listed("ip=fd00::1", 1).await;
    let agent = world.agent("agent-1").await.unwrap().agent;
    assert_eq!(agent.hostname.chars().count(), 512);
    assert!(agent.hostname.starts_with("ev[31milxx"), "{}", agent.hostname);
    assert_eq!((agent.version.as_str(), agent.platform.as_str()), ("7", ""));
    assert_eq!(agent.addresses, ["10.0.0.1", "fd00::1"]);
    assert_eq!((agent.cpu_percent, agent.memory_bytes), (None, None));
    // A session lasts as long as it is used, however the clock jumps.
    world.clock.advance_ms(-3_600_000);
    assert!(sign_in(world.addr, "admin", PASSWORD).await.is_ok());
    assert_eq!(raw(&world.admin, "GET", "/api/n1/self", None).await.status, 200);
    world.end().await;
}
