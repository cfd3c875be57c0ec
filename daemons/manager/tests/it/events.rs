//! Live events, over real sockets: who sees what, and what becomes of who was away or is slow.

use elk_api::alerts::{self, AlertQuery, Handling};
use elk_api::events::{
    Bookmark, Event, EventLine, EventPage, EventQuery, EventType, LAST_EVENT_ID, List, Watch,
};
use elk_api::roles::{self, NewRole, RoleRule};
use elk_api::tokens::{self, NewToken};
use elk_api::users::{self, NewUser};
use elk_api::{Nothing, Role};
use elk_client::{Client, Lines};
use elk_trust::Secret;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::center::Beat;
use crate::world::{HANG, NOW, PASSWORD, World, json, raw, sign_in, until};

type Stream = Lines<EventLine>;

async fn watch(client: &Client, query: &EventQuery) -> (Stream, Bookmark) {
    let mut stream = client.lines::<Watch>(&[], query).await.unwrap();
    match next(&mut stream).await {
        EventLine::Bookmark(mark) => (stream, mark),
        EventLine::Event(event) => panic!("{event:?} before a bookmark"),
    }
}

async fn next(stream: &mut Stream) -> EventLine {
    timeout(HANG, stream.next()).await.expect("in time").expect("more").unwrap()
}

/// Returns the next event; bookmarks without a gap are passed over.
async fn event(stream: &mut Stream) -> Event {
    loop {
        match next(stream).await {
            EventLine::Event(event) => return event,
            EventLine::Bookmark(mark) => assert!(!mark.gap, "{mark:?}"),
        }
    }
}

fn of(types: &str) -> EventQuery {
    EventQuery { types: Some(types.to_owned()), ..EventQuery::default() }
}

async fn alarm(world: &World, agent: &str, rule: &str) {
    let body = serde_json::json!({ "data_type": "59", "agent_id": agent, "rule_name": rule });
    let reply = raw(&world.admin, "POST", "/api/v6/alarm/add", Some(&body.to_string())).await;
    assert_eq!((reply.status, &json(&reply)["code"]), (200, &0.into()));
}

async fn list(client: &Client, query: &EventQuery) -> EventPage {
    client.send::<List>(&[], query, &Nothing {}).await.unwrap()
}

#[tokio::test]
async fn what_agents_do_is_told_as_it_happens() {
    let world = World::new().await;
    let (mut stream, mark) = watch(&world.admin, &of("agent")).await;
    assert!(!mark.gap);
    let center = world.center_with(1).await;
    let told = event(&mut stream).await;
    assert_eq!((told.action.as_str(), told.object.as_str()), ("running", "agent-0"));
    assert_eq!((told.r#type, told.at.as_millisecond()), (EventType::Agent, NOW));
    assert_eq!(told.detail["hostname"], "host-agent-0");
    center.put(&Beat::new("agent-0").with("state", "abnormal"));
    let told = event(&mut stream).await;
    assert_eq!((told.action.as_str(), &told.detail["before"]), ("abnormal", &"running".into()));
    center.remove("agent-0");
    assert_eq!(event(&mut stream).await.action, "disconnected");
    // Nobody writes that time has passed.
    world.clock.advance_ms(180_000);
    let told = event(&mut stream).await;
    assert_eq!((told.action.as_str(), told.agent.unwrap().as_str()), ("offline", "agent-0"));
    center.put(&Beat::new("agent-0"));
    let told = event(&mut stream).await;
    assert_eq!((told.action.as_str(), &told.detail["before"]), ("running", &"offline".into()));
    world.end().await;
}

#[tokio::test]
async fn more_agents_than_can_be_told_one_by_one_are_told_together() {
    let world = World::new().await;
    let center = world.center(true).await;
    let beats: Vec<_> = (0..1_100).map(|number| Beat::new(&format!("agent-{number}"))).collect();
    center.put_all(&beats);
    until("all", async || world.page("", None).await.unwrap().total == 1_100).await;
    let (mut stream, _) = watch(&world.admin, &of("agent")).await;
    center.restart(&[]);
    let told = event(&mut stream).await;
    assert_eq!((told.action.as_str(), told.agent), ("disconnected", None));
    assert_eq!(told.detail["count"], 1_100);
    world.clock.advance_ms(180_000);
    let told = event(&mut stream).await;
    assert_eq!((told.action.as_str(), &told.detail["count"]), ("offline", &1_100.into()));
    world.end().await;
}

#[tokio::test]
async fn tasks_alerts_centers_and_the_audit_log_are_told() {
    let world = World::new().await;
    let (mut tasks, _) = watch(&world.admin, &of("task")).await;
    let (mut alerts, _) = watch(&world.admin, &of("alert")).await;
    let (mut audit, _) = watch(&world.admin, &of("audit")).await;
    let (mut cluster, _) = watch(&world.admin, &of("cluster")).await;
    let center = world.center_with(1).await;
    let told = event(&mut cluster).await;
    assert_eq!((told.action.as_str(), &*told.object), ("center.joined", &*center.addr.to_string()));
    let task = world.task("", |_| {}).await;
    let told = event(&mut tasks).await;
    assert_eq!((told.action.as_str(), &told.object), ("created", &task.id));
    assert_eq!(told.detail["targets"], 1);
    let told = event(&mut tasks).await;
    assert_eq!(told.action, "progress");
    world.until_task(&task.id, elk_api::tasks::SubtaskState::Acked, 1).await;
    world.answer(&center.tokens()[0], "succeed").await;
    let told = loop {
        let told = event(&mut tasks).await;
        if told.action != "progress" {
            break told;
        }
    };
    assert_eq!(
        (told.action.as_str(), &told.detail["counts"]["succeeded"]),
        ("finished", &1.into())
    );
    alarm(&world, "agent-0", "one").await;
    let told = event(&mut alerts).await;
    assert_eq!((told.action.as_str(), &told.detail["title"]), ("raised", &"one".into()));
    let kind = Some("detection".to_owned());
    let query = AlertQuery { kind, ..AlertQuery::default() };
    let page = world.admin.send::<alerts::List>(&[], &query, &Nothing {}).await.unwrap();
    let id = page.items[0].id.clone();
    assert_eq!(told.object, id);
    let given = Handling::default();
    world.admin.send::<alerts::Resolve>(&[&id], &Nothing {}, &given).await.unwrap();
    let told = event(&mut alerts).await;
    assert_eq!((told.action.as_str(), &told.detail["by"]), ("resolved", &"admin".into()));
    let told = event(&mut audit).await;
    assert_eq!((told.action.as_str(), &told.object), ("task.create", &task.id));
    assert_eq!(told.detail["outcome"], "ok");
    assert_eq!(event(&mut audit).await.action, "alert.resolve");
    world.end().await;
}

#[tokio::test]
async fn who_comes_back_goes_on_where_the_stream_broke_and_misses_nothing() {
    let world = World::new().await;
    let (mut stream, first) = watch(&world.admin, &of("alert")).await;
    alarm(&world, "a1", "one").await;
    let seen = event(&mut stream).await;
    drop(stream);
    for rule in ["two", "three"] {
        alarm(&world, "a1", rule).await;
    }
    let after = |id: &str| EventQuery { after: Some(id.to_owned()), ..of("alert") };
    let (mut stream, mark) = watch(&world.admin, &after(&seen.id)).await;
    assert!(!mark.gap);
    for rule in ["two", "three"] {
        assert_eq!(event(&mut stream).await.detail["title"], rule);
    }
    let (mut stream, mark) = watch(&world.admin, &after(&first.id)).await;
    assert_eq!((mark.gap, event(&mut stream).await.id), (false, seen.id.clone()));
    // As a browser says it, on a connection that breaks.
    let text = browse(&world, &seen.id, 3).await;
    let told: Vec<_> = text.lines().filter(|it| it.starts_with("event:")).collect();
    assert_eq!(told, ["event: bookmark", "event: alert", "event: alert"], "{text}");
    assert!(text.contains("content-type: text/event-stream"), "{text}");
    for id in ["x", "1-1", "%00", "-"] {
        let path = format!("/api/n1/events?after={id}");
        let reply = raw(&world.admin, "GET", &path, None).await;
        assert_eq!(
            (reply.status, &json(&reply)["code"]),
            (422, &"invalid_event_id".into()),
            "{id}"
        );
    }
    world.end().await;
}

/// Reads a stream with nothing but a socket until it has brought so many events.
async fn browse(world: &World, id: &str, count: usize) -> String {
    let token = crate::world::open_session(world.addr, "admin", PASSWORD).await.unwrap();
    let mut socket = TcpStream::connect(world.addr).await.unwrap();
    let request = format!(
        "GET /api/n1/events?types=alert HTTP/1.1\r\nhost: x\r\ntoken: {}\r\n{LAST_EVENT_ID}: {id}\r\n\r\n",
        token.expose(),
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let (mut text, mut buffer) = (String::new(), [0; 4_096]);
    while text.matches("data: {").count() < count {
        let read = timeout(HANG, socket.read(&mut buffer)).await.expect("in time").unwrap();
        assert_ne!(read, 0, "{text}");
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
    text
}

#[tokio::test]
async fn who_comes_back_after_a_restart_is_told_of_a_gap() {
    let world = World::new().await;
    let (mut stream, _) = watch(&world.admin, &of("alert")).await;
    alarm(&world, "a1", "one").await;
    let seen = event(&mut stream).await;
    let world = world.restart().await;
    alarm(&world, "a1", "two").await;
    let after = EventQuery { after: Some(seen.id), ..of("alert") };
    let (mut stream, mark) = watch(&world.admin, &after).await;
    assert!(mark.gap);
    // Since the restart it misses nothing.
    assert_eq!(event(&mut stream).await.detail["title"], "two");
    let page = list(&world.admin, &after).await;
    assert_eq!((page.gap, page.items.len()), (true, 1));
    // So it is with a time before it.
    let since = jiff::Timestamp::from_millisecond(NOW - 1_000).ok();
    let (_, mark) = watch(&world.admin, &EventQuery { since, ..of("alert") }).await;
    assert!(mark.gap);
    world.end().await;
}

#[tokio::test]
async fn who_reads_too_slowly_is_told_how_much_went_by_and_nobody_waits_for_it() {
    let world = World::new().await;
    let (mut slow, _) = watch(&world.admin, &of("agent,audit")).await;
    let center = world.center(true).await;
    // What fits into the sockets' buffers and the ring is far less than this.
    let mut wave = 0;
    let gap = loop {
        let beats: Vec<_> = (0..2_000)
            .map(|number| {
                let beat = Beat::new(&format!("agent-{number:04}"));
                beat.with("state", if wave % 2 == 0 { "running" } else { "abnormal" })
                    .with("hostname", "h".repeat(512))
            })
            .collect();
        center.put_all(&beats);
        let status = if wave % 2 == 0 { "running" } else { "abnormal" };
        let selector = format!("status={status}");
        until("the wave", async || world.page(&selector, None).await.unwrap().total == 2_000).await;
        wave += 1;
        if wave < 16 {
            continue;
        }
        // It begins to read only now.
        let mut seen = 0;
        let gap = loop {
            match timeout(std::time::Duration::from_secs(2), slow.next()).await {
                Ok(line) => match line.expect("more").unwrap() {
                    EventLine::Bookmark(mark) if mark.gap => break Some(mark),
                    EventLine::Bookmark(_) => {}
                    EventLine::Event(_) => seen += 1,
                },
                Err(_) => break None,
            }
        };
        break (gap.expect("a gap"), seen);
    };
    let (mark, seen) = gap;
    let missed = mark.missed.expect("a count");
    assert!(seen > 0 && missed > 0, "{seen} {missed}");
    // What comes behind the gap is whole.
    let told = event(&mut slow).await;
    let number = |id: &str| id.rsplit_once('-').unwrap().1.parse::<u64>().unwrap();
    assert!(number(&told.id) > number(&mark.id));
    world.end().await;
}

#[tokio::test]
async fn each_sees_only_what_it_may_list() {
    let world = World::new().await;
    world.center_with(2).await;
    let viewer = world.user("eve", Role::Viewer).await;
    let hub = world.user("hub", Role::HubViewer).await;
    for (client, query, status) in [
        (&viewer, "?types=audit", 403),
        (&viewer, "?types=agent,audit", 403),
        (&viewer, "/recent?types=audit", 403),
        (&viewer, "/recent", 200),
        (&viewer, "?types=nonsense", 422),
        (&viewer, "?types=", 422),
        (&viewer, "?nonsense=1", 400),
        (&hub, "", 403),
        (&hub, "/recent", 403),
    ] {
        let reply = raw(client, "GET", &format!("/api/n1/events{query}"), None).await;
        assert_eq!(reply.status, status, "{query}");
    }
    let seen = list(&viewer, &EventQuery::default()).await;
    assert!(seen.items.iter().all(|it| it.r#type != EventType::Audit) && !seen.items.is_empty());
    let all = list(&world.admin, &EventQuery::default()).await;
    assert!(all.items.iter().any(|it| it.r#type == EventType::Audit));
    world.end().await;
}

#[tokio::test]
async fn who_is_limited_to_some_agents_sees_only_their_events() {
    let world = World::new().await;
    let new = NewToken {
        name: "ci".to_owned(),
        role: None,
        selector: Some("id=agent-0".to_owned()),
        expires_at: None,
    };
    let made = world.admin.send::<tokens::Create>(&[], &Nothing {}, &new).await.unwrap();
    let token = crate::world::client(world.addr).with_token(&Secret::new(made.secret)).unwrap();
    // A role that may list some agents, and watch without a limit: the narrower one counts.
    let rule = |action: &str, selector: Option<&str>| RoleRule {
        action: action.to_owned(),
        selector: selector.map(str::to_owned),
    };
    let rules = vec![rule("event.*", None), rule("agent.list", Some("id=agent-0"))];
    let role = NewRole { name: "some".to_owned(), rules };
    world.admin.send::<roles::Create>(&[], &Nothing {}, &role).await.unwrap();
    let new = NewUser {
        name: "kim".to_owned(),
        role: Role::Custom,
        custom_role: Some("some".to_owned()),
        password: PASSWORD.to_owned(),
    };
    world.admin.send::<users::Create>(&[], &Nothing {}, &new).await.unwrap();
    let kim = sign_in(world.addr, "kim", PASSWORD).await.unwrap();
    let (mut stream, _) = watch(&token, &EventQuery::default()).await;
    let (mut theirs, _) = watch(&kim, &EventQuery::default()).await;
    let center = world.center_with(3).await;
    alarm(&world, "agent-1", "hidden").await;
    alarm(&world, "agent-0", "shown").await;
    center.put(&Beat::new("agent-1").with("state", "abnormal"));
    until("it", async || world.agents("status=abnormal").await.len() == 1).await;
    center.put(&Beat::new("agent-0").with("state", "abnormal"));
    let mut told = Vec::new();
    while told.len() < 3 {
        let event = event(&mut stream).await;
        told.push((event.r#type, event.action, event.agent.unwrap().to_string()));
    }
    let of = |r#type, action: &str| (r#type, action.to_owned(), "agent-0".to_owned());
    let wanted = [
        of(EventType::Agent, "running"),
        of(EventType::Alert, "raised"),
        of(EventType::Agent, "abnormal"),
    ];
    assert_eq!(told, wanted);
    for action in ["running", "abnormal"] {
        let event = event(&mut theirs).await;
        assert_eq!((event.action.as_str(), event.agent.unwrap().as_str()), (action, "agent-0"));
    }
    let listed = list(&token, &EventQuery::default()).await;
    assert_eq!(listed.items.len(), 3);
    for types in ["task", "cluster", "audit"] {
        let path = format!("/api/n1/events?types={types}");
        assert_eq!(raw(&token, "GET", &path, None).await.status, 403, "{types}");
        assert_eq!(raw(&kim, "GET", &path, None).await.status, 403, "{types}");
    }
    world.end().await;
}

#[tokio::test]
async fn events_are_listed_page_by_page() {
    let world = World::new().await;
    for number in 0..25 {
        alarm(&world, "a1", &format!("rule-{number}")).await;
        world.clock.advance_ms(1_000);
    }
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = list(&world.admin, &EventQuery { after, limit: Some(10), ..of("alert") }).await;
        assert!(!page.gap);
        seen.extend(page.items.into_iter().map(|it| it.detail["title"].clone()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let wanted: Vec<serde_json::Value> = (0..25).map(|it| format!("rule-{it}").into()).collect();
    assert_eq!(seen, wanted);
    let since = jiff::Timestamp::from_millisecond(NOW + 20_000).ok();
    let page = list(&world.admin, &EventQuery { since, ..of("alert") }).await;
    assert_eq!((page.gap, page.items.len()), (false, 5));
    let agent = "a2".parse().ok();
    assert!(list(&world.admin, &EventQuery { agent, ..of("alert") }).await.items.is_empty());
    world.end().await;
}

#[tokio::test]
async fn many_watchers_on_sockets_get_each_event() {
    let world = World::new().await;
    let (count, alarms) = (200, 50);
    let mut streams = Vec::new();
    for _ in 0..count {
        streams.push(watch(&world.admin, &of("alert")).await.0);
    }
    let reads: FuturesUnordered<_> = streams
        .into_iter()
        .map(async |mut stream| {
            for number in 0..alarms {
                assert_eq!(event(&mut stream).await.detail["title"], format!("rule-{number}"));
            }
        })
        .collect();
    for number in 0..alarms {
        alarm(&world, "a1", &format!("rule-{number}")).await;
    }
    assert_eq!(reads.count().await, count);
    world.end().await;
}
