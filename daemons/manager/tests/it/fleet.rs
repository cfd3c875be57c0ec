//! AgentCenters that come, go, restart, hang and lie.

use elk_api::Nothing;
use elk_api::agents::{Forget, ForgetRequest};
use elk_api::cluster::{AcStatus, Status};
use elk_life::Stop;
use elk_trust::ca::Authority;
use serde_json::json;

use crate::center::{Beat, Center};
use crate::world::{World, json, raw, until};

async fn centers(world: &World) -> Vec<AcStatus> {
    world.admin.send::<Status>(&[], &Nothing {}, &Nothing {}).await.unwrap().ac
}

async fn shown(world: &World, center: &Center) -> Option<AcStatus> {
    centers(world).await.into_iter().find(|it| it.address == center.name())
}

async fn ac_of(world: &World, id: &str) -> Option<String> {
    world.agent(id).await.unwrap().agent.ac
}

#[tokio::test]
async fn both_kinds_of_centers_are_asked_in_their_own_way() {
    let world = World::new().await;
    let (ours, theirs) = (world.center(true).await, world.center(false).await);
    ours.put(&Beat::new("ours-1"));
    theirs.put(&Beat::new("theirs-1"));
    theirs.put(&Beat { last: None, ..Beat::new("silent-1") });
    world.until_listed("", 2).await;
    assert_eq!(ac_of(&world, "ours-1").await, Some(ours.name()));
    assert_eq!(ac_of(&world, "theirs-1").await, Some(theirs.name()));
    let (a, b) = (shown(&world, &ours).await.unwrap(), shown(&world, &theirs).await.unwrap());
    assert_eq!((a.native, a.reachable, b.native, b.reachable), (true, true, false, true));
    theirs.remove("theirs-1");
    until("it to leave", async || ac_of(&world, "theirs-1").await.is_none()).await;
    assert_eq!((ours.unsigned(), theirs.unsigned()), (0, 0));
    world.end().await;
}

#[tokio::test]
async fn a_center_with_more_than_one_answer_of_agents_is_read_to_the_end() {
    let world = World::new().await;
    let center = world.hidden_center(true).await;
    center.set_page(7);
    for number in 0..50 {
        center.put(&Beat::new(&format!("agent-{number:02}")));
    }
    world.sd.list(center.addr, true, world.clock.unix());
    world.until_listed(&format!("ac={}", center.name()), 50).await;
    // After its restart most are elsewhere: that shows once all answers were read.
    let kept: Vec<String> = (0..20).map(|number| format!("agent-{number:02}")).collect();
    center.restart(&kept.iter().map(String::as_str).collect::<Vec<_>>());
    world.until_listed(&format!("ac={}", center.name()), 20).await;
    world.until_listed("!ac", 30).await;
    assert_eq!(ac_of(&world, "agent-19").await, Some(center.name()));
    world.end().await;
}

#[tokio::test]
async fn a_center_that_hangs_delays_no_other() {
    let world = World::new().await;
    let hanging = world.center(true).await;
    hanging.hang(true);
    until("it to be asked", async || hanging.asked("/conn/stat") > 0).await;
    let center = world.center_with(3).await;
    for round in 0..3 {
        center.put(&Beat::new(&format!("new-{round}")));
        world.until_listed("", 4 + round).await;
    }
    // All that time the one question to the other has been waiting.
    assert_eq!(hanging.asked("/conn/stat"), 1);
    hanging.hang(false);
    world.end().await;
}

#[tokio::test]
async fn what_no_center_says_is_refused_and_shown() {
    let world = World::new().await;
    let (bad, good) = (world.center(true).await, world.center_with(1).await);
    let stuck = json!({ "cursor": "1-1", "full": false, "more": true, "items": [], "gone": [] });
    let spaced =
        json!({ "cursor": "a b&c", "full": false, "more": false, "items": [], "gone": [] });
    let beat = json!({
        "cursor": "1-1", "full": true, "more": false, "gone": [], "items": [{
            "id": "a/b", "connected_at_ms": 1, "last_heartbeat_ms": 1,
            "heartbeat_interval_ms": 1, "clone": false, "agent_info": {}, "plugins_info": [],
        }],
    });
    let envelope = |data| json!({ "code": 0, "msg": "success", "data": data }).to_string();
    let cases = [
        (200, "no json".to_owned(), "cannot be read"),
        (200, envelope(stuck), "stands still"),
        (200, envelope(spaced), "cursor"),
        (200, envelope(beat), "agent id"),
        (200, r#"{"code":1,"msg":"auth failed","data":"signature error"}"#.to_owned(), "signature"),
        (500, "oops\u{1b}[31m".to_owned(), "500"),
    ];
    for (status, text, expected) in cases {
        bad.say(Some((status, text.clone())));
        until(&format!("{expected:?} to be shown"), async || {
            let error = shown(&world, &bad).await.and_then(|it| it.error).unwrap_or_default();
            assert!(!error.contains('\u{1b}'), "{error:?}");
            error.contains(expected)
        })
        .await;
        assert!(!shown(&world, &bad).await.unwrap().reachable, "{text}");
    }
    let status = json(&raw(&world.admin, "GET", "/api/n1/cluster", None).await);
    let problems = status["problems"].to_string();
    assert!(problems.contains(&bad.name()), "{problems}");
    bad.say(None);
    until("it to be reachable again", async || {
        shown(&world, &bad).await.is_some_and(|it| it.reachable && it.error.is_none())
    })
    .await;
    assert_eq!(ac_of(&world, "agent-0").await, Some(good.name()));
    world.end().await;
}

#[tokio::test]
async fn agents_of_a_reference_center_without_an_id_are_counted_and_others_taken() {
    let world = World::new().await;
    let center = world.center(false).await;
    let list = json!({ "code": 0, "msg": "success", "data": [
        { "agent_info": { "agent_id": "good-1", "hostname": "a", "last_heartbeat_time": 1_700_000_000.0 },
          "plugins_info": null },
        { "agent_info": { "agent_id": "", "hostname": "b" }, "plugins_info": [] },
        { "agent_info": { "agent_id": 7 }, "plugins_info": [{ "name": null }] },
        { "agent_info": {}, "plugins_info": [] },
        { "agent_info": null, "plugins_info": [] },
    ] });
    center.say(Some((200, list.to_string())));
    world.until_listed("", 1).await;
    let text = "2 of its agents have no usable agent_id";
    until("the count to be shown", async || {
        shown(&world, &center).await.unwrap().error.as_deref() == Some(text)
    })
    .await;
    assert!(shown(&world, &center).await.unwrap().reachable);
    let status = json(&raw(&world.admin, "GET", "/api/n1/cluster", None).await);
    assert!(status["problems"].to_string().contains(text), "{}", status["problems"]);
    world.end().await;
}

#[tokio::test]
async fn what_a_full_list_repeats_is_not_written_again() {
    let mut world = World::new().await;
    let center = world.center(false).await;
    center.put(&Beat::new("silent-1"));
    world.until_listed("", 1).await;
    // It is connected but says nothing, so it can be forgotten: its old heartbeat is no news.
    world.clock.advance_ms(1_000_000);
    let selection = world.select("").await;
    let asked = ForgetRequest { selection, offline_for_seconds: 600 };
    let gone = world.admin.send::<Forget>(&[], &Nothing {}, &asked).await.unwrap();
    assert_eq!(gone.forgotten.len(), 1);
    let lists = center.asked("/conn/stat");
    until("more lists", async || center.asked("/conn/stat") > lists + 3).await;
    assert!(world.agents("").await.is_empty());
    center.put(&Beat::new("silent-1"));
    world.until_listed(&format!("ac={}", center.name()), 1).await;
    // After a restart of the Manager everything is news.
    world = world.restart().await;
    center.put(&Beat::new("other-1"));
    world.until_listed("exists(ac)", 2).await;
    world.end().await;
}

#[tokio::test]
async fn a_center_with_a_certificate_of_another_authority_is_told_nothing() {
    let world = World::new().await;
    let other = Authority::create().unwrap();
    let center = Center::new(&other, world.clock.clone(), true, Stop::default()).await;
    center.put(&Beat::new("stranger-1"));
    world.sd.list(center.addr, true, world.clock.unix());
    until("the refusal to be shown", async || {
        let error = shown(&world, &center).await.and_then(|it| it.error).unwrap_or_default();
        error.contains("certificate")
    })
    .await;
    assert_eq!(center.asked("/conn/stat"), 0);
    assert!(world.agents("").await.is_empty());
    center.end();
    world.end().await;
}

#[tokio::test]
async fn a_center_that_is_gone_has_no_agents_any_more() {
    let world = World::new().await;
    let (gone, stays) = (world.center_with(2).await, world.center(true).await);
    stays.put(&Beat::new("stays-1"));
    world.until_listed("", 3).await;
    world.sd.unlist(gone.addr);
    gone.end();
    world.until_listed("!ac", 2).await;
    assert_eq!(shown(&world, &gone).await.map(|it| it.address), None);
    assert_eq!(ac_of(&world, "stays-1").await, Some(stays.name()));
    world.end().await;
}

#[tokio::test]
async fn an_agent_center_is_called_by_the_address_that_agents_dial() {
    let world = World::new().await;
    let center = world.center_with(2).await;
    let ac = async || world.agent("agent-0").await.unwrap().agent.ac.unwrap();
    assert_eq!(ac().await, center.name());
    world.sd.list_stream("127.0.0.1:6751".parse().unwrap());
    until("its name", async || ac().await == "127.0.0.1:6751").await;
    assert_eq!(world.agents("").await[1].ac.as_deref(), Some("127.0.0.1:6751"));
    let api = center.name();
    for (selector, count) in [
        ("ac=127.0.0.1:6751", 2),
        ("ac!=127.0.0.1:6751", 0),
        (&*format!("ac={api}"), 2),
        ("ac~^127[.].*:6751$", 2),
        ("ac~^$", 0),
        ("ac in (10.0.0.1:6751)", 0),
        ("exists(ac)", 2),
    ] {
        assert_eq!(world.agents(selector).await.len(), count, "{selector}");
    }
    let path = "/api/n1/agents/aggregate?by=ac";
    let counted = json(&raw(&world.admin, "GET", path, None).await);
    let groups = serde_json::json!([{ "key": ["127.0.0.1:6751"], "count": 2 }]);
    assert_eq!(counted["groups"], groups);
    // Orders go where its API is.
    let task = world.task("ac=127.0.0.1:6751", |_| {}).await;
    world.until_task(&task.id, elk_api::tasks::SubtaskState::Acked, 2).await;
    center.remove("agent-1");
    world.until_listed("ac~^$", 1).await;
    world.end().await;
}

#[tokio::test]
async fn a_center_that_answers_may_be_missing_in_discovery_for_a_while() {
    let world = World::new().await;
    let center = world.center(false).await;
    center.put(&Beat::new("agent-0"));
    world.until_listed("", 1).await;
    world.sd.unlist(center.addr);
    // Calls from an address that is not listed any more are refused at once.
    let body = r#"{"id_list":[]}"#;
    until("calls from there to be refused", async || {
        raw(&world.anyone(), "POST", "/api/v1/agent/queryInfo", Some(body)).await.status == 401
    })
    .await;
    center.put(&Beat::new("late-1"));
    world.until_listed("exists(ac)", 2).await;
    world.clock.advance_ms(61_000);
    world.until_listed("!ac", 2).await;
    world.end().await;
}

#[tokio::test]
async fn a_discovery_that_does_not_answer_changes_nothing() {
    let world = World::new().await;
    let center = world.center_with(1).await;
    world.sd.set_down(true);
    until("it to be shown", async || {
        let status = json(&raw(&world.admin, "GET", "/api/n1/cluster", None).await);
        status["sd"][0]["up"] == false
    })
    .await;
    world.clock.advance_ms(3_600_000);
    center.put(&Beat::new("agent-9"));
    world.until_listed("exists(ac)", 2).await;
    world.end().await;
}

#[tokio::test]
async fn what_discovery_lists_is_checked_before_it_is_dialled() {
    let world = World::new().await;
    for (ip, port) in [("evil/path?x=", 80), ("", 6_752), ("10.0.0.1", 0), ("a b", 1)] {
        world.sd.list_raw(json!({ "name": "hids_svr_http", "ip": ip, "port": port }));
    }
    let center = world.center_with(1).await;
    let known: Vec<_> = centers(&world).await.into_iter().map(|it| it.address).collect();
    assert_eq!(known, [center.name()]);
    world.end().await;
}

#[tokio::test]
async fn an_agent_that_moved_is_where_its_newer_stream_is() {
    let world = World::new().await;
    let (old, new) = (world.center(true).await, world.center(true).await);
    old.put(&Beat { connected_for: 60_000, ..Beat::new("agent-1") });
    until("it to be listed", async || !world.agents("").await.is_empty()).await;
    new.put(&Beat { connected_for: 1_000, ..Beat::new("agent-1") });
    until("it to have moved", async || ac_of(&world, "agent-1").await == Some(new.name())).await;
    // The old one repeats itself, then notices.
    old.put(&Beat { connected_for: 60_000, ..Beat::new("agent-1") });
    let asked = old.asked("/conn/stat");
    until("the old one to be asked", async || old.asked("/conn/stat") > asked + 2).await;
    assert_eq!(ac_of(&world, "agent-1").await, Some(new.name()));
    old.remove("agent-1");
    let asked = old.asked("/conn/stat");
    until("the old one to be asked", async || old.asked("/conn/stat") > asked + 2).await;
    assert_eq!(ac_of(&world, "agent-1").await, Some(new.name()));
    world.end().await;
}

#[tokio::test]
async fn after_a_restart_of_the_manager_agents_and_tags_are_still_there() {
    let world = World::new().await;
    let center = world.center_with(3).await;
    world.tag("prod", "id in (agent-0, agent-1)").await;
    center.end();
    world.sd.unlist(center.addr);
    let world = world.restart().await;
    assert_eq!(world.agents("tag=prod").await.len(), 2);
    // The AgentCenter left while nobody looked.
    world.until_listed("!ac", 3).await;
    world.end().await;
}

#[tokio::test]
async fn the_manager_registers_itself_and_leaves_when_it_stops() {
    let world = World::new().await;
    until("it to register", async || !world.sd.registered().is_empty()).await;
    let sd = world.sd.clone();
    let port = world.addr.port();
    let expected = |it: &serde_json::Value| {
        (it["name"].clone(), it["ip"].clone(), it["port"].clone())
            == (json!("hids_manage"), json!("127.0.0.1"), json!(port))
    };
    assert!(sd.registered().iter().all(expected), "{:?}", sd.registered());
    let world = world.restart().await;
    assert!(sd.evicted().iter().any(expected), "{:?}", sd.evicted());
    world.end().await;
}
