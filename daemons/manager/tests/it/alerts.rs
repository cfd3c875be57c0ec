//! Alerts: raised by the backend itself and by engines of detection, handled by people.

use elk_api::alerts::{
    Ack, Alert, AlertQuery, AlertState, AlertStats, Get, Handling, List, Mute, Muting, Resolve,
    Severity, Stats, StatsQuery,
};
use elk_api::tokens::{self, NewToken};
use elk_api::{Nothing, Role};
use elk_client::Client;
use elk_trust::Secret;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::center::Beat;
use crate::world::{NOW, World, json as body, raw, until};

async fn list(client: &Client, query: AlertQuery) -> Vec<Alert> {
    client.send::<List>(&[], &query, &Nothing {}).await.unwrap().items
}

async fn of_kind(world: &World, kind: &str) -> Vec<Alert> {
    list(&world.admin, AlertQuery { kind: Some(kind.to_owned()), ..AlertQuery::default() }).await
}

async fn stats(world: &World) -> AlertStats {
    world.admin.send::<Stats>(&[], &StatsQuery::default(), &Nothing {}).await.unwrap()
}

async fn add(client: &Client, alarm: &Value) -> (u16, Value) {
    let reply = raw(client, "POST", "/api/v6/alarm/add", Some(&alarm.to_string())).await;
    (reply.status, if reply.body.is_empty() { Value::Null } else { body(&reply) })
}

fn alarm(agent: &str, rule: &str, level: &str) -> Value {
    json!({ "data_type": "59", "agent_id": agent, "hostname": format!("host-{agent}"),
        "rule_name": rule, "harm_level": level, "alert_type_us": "persistent",
        "exe": "/bin/bash", "argv": "bash -i" })
}

fn because(reason: &str) -> Handling {
    Handling { reason: reason.to_owned() }
}

#[tokio::test]
async fn the_same_alarm_again_is_counted_with_the_one_that_is_not_resolved() {
    let world = World::new().await;
    for _ in 0..3 {
        let (status, reply) = add(&world.admin, &alarm("a1", "reverse shell", "high")).await;
        assert_eq!((status, &reply["code"], &reply["data"]), (200, &0.into(), &"ok".into()));
        world.clock.advance_ms(1_000);
    }
    add(&world.admin, &alarm("a2", "reverse shell", "high")).await;
    let found = of_kind(&world, "persistent").await;
    assert_eq!(found.len(), 2, "{found:?}");
    let (second, first) = (&found[0], &found[1]);
    assert_eq!((first.count, second.count), (3, 1));
    assert_eq!(first.first_at.as_millisecond(), NOW);
    assert_eq!(first.last_at.as_millisecond(), NOW + 2_000);
    assert_eq!((first.source.as_str(), first.title.as_str()), ("hids", "reverse shell"));
    assert_eq!(first.agent.as_ref().unwrap().as_str(), "a1");
    let whole = world.admin.send::<Get>(&[&first.id], &Nothing {}, &Nothing {}).await.unwrap();
    assert_eq!((whole.data.unwrap()["exe"].as_str(), &first.data), (Some("/bin/bash"), &None));
    // Also after a restart.
    let world = world.restart().await;
    add(&world.admin, &alarm("a1", "reverse shell", "high")).await;
    assert_eq!(of_kind(&world, "persistent").await[1].count, 4);
    let id = of_kind(&world, "persistent").await[1].id.clone();
    world.admin.send::<Resolve>(&[&id], &Nothing {}, &because("patched")).await.unwrap();
    add(&world.admin, &alarm("a1", "reverse shell", "high")).await;
    let found = of_kind(&world, "persistent").await;
    assert_eq!((found.len(), found[0].count, found[0].state), (3, 1, AlertState::Open));
    world.end().await;
}

#[tokio::test]
async fn an_alert_is_acked_muted_up_to_a_time_and_resolved_once() {
    let world = World::new().await;
    let kim = world.user("kim", Role::AlertOperator).await;
    add(&world.admin, &alarm("a1", "r", "low")).await;
    let id = of_kind(&world, "persistent").await[0].id.clone();
    let path = [id.as_str()];
    let acked = kim.send::<Ack>(&path, &Nothing {}, &because("looking")).await.unwrap();
    assert_eq!((acked.state, acked.changed_by.as_deref()), (AlertState::Acked, Some("kim")));
    assert_eq!(acked.reason, "looking");
    let until = Timestamp::from_millisecond(NOW + 60_000).unwrap();
    let muting = Muting { reason: "a test".to_owned(), until };
    let muted = kim.send::<Mute>(&path, &Nothing {}, &muting).await.unwrap();
    assert_eq!((muted.state, muted.muted_until), (AlertState::Muted, Some(until)));
    let in_state = async |state| {
        list(&kim, AlertQuery { state: Some(state), ..AlertQuery::default() }).await.len()
    };
    assert_eq!((in_state(AlertState::Muted).await, in_state(AlertState::Open).await), (1, 0));
    world.clock.advance_ms(60_000);
    assert_eq!((in_state(AlertState::Muted).await, in_state(AlertState::Open).await), (0, 1));
    assert_eq!(stats(&world).await.by_state[&AlertState::Open], 1);
    // Neither without a reason nor for ever, nor one that is not there.
    for (reason, ms) in [(" ", NOW + 120_000), ("x", NOW), ("x", NOW + 400 * 86_400_000)] {
        let given = json!({ "reason": reason, "until": Timestamp::from_millisecond(ms).unwrap() });
        let path = format!("/api/n1/alerts/{id}/mute");
        let reply = raw(&kim, "POST", &path, Some(&given.to_string())).await;
        assert_eq!(reply.status, 422, "{reason:?} {ms}");
    }
    let long = json!({ "reason": "x".repeat(1_001) }).to_string();
    let ack = format!("/api/n1/alerts/{id}/ack");
    assert_eq!(raw(&kim, "POST", &ack, Some(&long)).await.status, 422);
    assert_eq!(raw(&kim, "POST", "/api/n1/alerts/none/ack", Some("{}")).await.status, 404);
    kim.send::<Resolve>(&path, &Nothing {}, &because("done")).await.unwrap();
    let again = kim.send::<Resolve>(&path, &Nothing {}, &because("again")).await.unwrap();
    assert_eq!((again.state, again.reason.as_str()), (AlertState::Resolved, "done"));
    let reply = raw(&kim, "POST", &ack, Some("{}")).await;
    assert_eq!((reply.status, &body(&reply)["code"]), (409, &"alert_resolved".into()));
    world.end().await;
}

#[tokio::test]
async fn alerts_are_listed_page_by_page_and_filtered() {
    let world = World::new().await;
    for number in 0..25 {
        let level = ["low", "medium", "high", "critical"][number % 4];
        add(&world.admin, &alarm(&format!("a{number}"), "rule", level)).await;
    }
    add(&world.admin, &json!({ "data_type": 6003, "agent_id": "a1", "rule_name": "v" })).await;
    let (mut cursor, mut seen) = (None, Vec::new());
    loop {
        let query = AlertQuery { limit: Some(10), cursor, ..AlertQuery::default() };
        let page = world.admin.send::<List>(&[], &query, &Nothing {}).await.unwrap();
        assert_eq!(page.total, 26);
        seen.extend(page.items.into_iter().map(|it| it.id));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let mut sorted = seen.clone();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.reverse();
    assert_eq!((seen.len(), &seen), (26, &sorted));
    let least = Some(Severity::High);
    let high = list(&world.admin, AlertQuery { least, ..AlertQuery::default() }).await;
    assert_eq!(high.len(), 12);
    let agent = "a1".parse().ok();
    assert_eq!(list(&world.admin, AlertQuery { agent, ..AlertQuery::default() }).await.len(), 2);
    let source = Some("virus".to_owned());
    assert_eq!(list(&world.admin, AlertQuery { source, ..AlertQuery::default() }).await.len(), 1);
    let counted = stats(&world).await;
    assert_eq!((counted.total, counted.by_severity[&Severity::Low]), (26, 7));
    assert_eq!((counted.by_kind["persistent"], counted.by_source["virus"]), (25, 1));
    assert_eq!((counted.shed, counted.expired), (0, 0));
    for query in ["cursor=x", "state=gone", "least=bad", "limit=0", "agent=%00", "nonsense=1"] {
        let reply = raw(&world.admin, "GET", &format!("/api/n1/alerts?{query}"), None).await;
        assert!(matches!(reply.status, 400 | 422), "{query}: {}", reply.status);
    }
    world.end().await;
}

#[tokio::test]
async fn who_brings_alarms_may_do_so_and_what_is_no_alarm_is_refused() {
    let world = World::new().await;
    let viewer = world.user("eve", Role::Viewer).await;
    assert_eq!(add(&viewer, &alarm("a1", "r", "low")).await.0, 403);
    assert_eq!(add(&world.anyone(), &alarm("a1", "r", "low")).await.0, 401);
    for text in ["", "[]", "{", "7"] {
        let reply = raw(&world.admin, "POST", "/api/v6/alarm/add", Some(text)).await;
        assert_eq!((reply.status, &body(&reply)["code"]), (400, &5.into()), "{text:?}");
    }
    let large = json!({ "argv": "x".repeat(2 << 20) });
    let reply = raw(&world.admin, "POST", "/api/v6/alarm/add", Some(&large.to_string())).await;
    assert_eq!(reply.status, 413);
    assert_eq!(stats(&world).await.total, 0);
    world.end().await;
}

#[tokio::test]
async fn a_token_for_some_agents_sees_only_their_alerts() {
    let world = World::new().await;
    world.center_with(2).await;
    for agent in ["agent-0", "agent-1", "elsewhere"] {
        add(&world.admin, &alarm(agent, "r", "low")).await;
    }
    let new = NewToken {
        name: "ci".to_owned(),
        role: None,
        selector: Some("id=agent-0".to_owned()),
        expires_at: None,
    };
    let made = world.admin.send::<tokens::Create>(&[], &Nothing {}, &new).await.unwrap();
    let limited = crate::world::client(world.addr).with_token(&Secret::new(made.secret)).unwrap();
    let seen = list(&limited, AlertQuery::default()).await;
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].agent.as_ref().unwrap().as_str(), "agent-0");
    let counted = limited.send::<Stats>(&[], &StatsQuery::default(), &Nothing {}).await.unwrap();
    assert_eq!(counted.total, 1);
    let other = list(&world.admin, AlertQuery::default()).await;
    let other = other.iter().find(|it| it.object == "host-elsewhere").unwrap();
    let denied = limited.send::<Get>(&[&other.id], &Nothing {}, &Nothing {}).await;
    assert!(denied.is_err());
    world.end().await;
}

#[tokio::test]
async fn an_agent_center_that_falls_silent_raises_an_alert_that_ends_when_it_answers() {
    let world = World::new().await;
    let center = world.center_with(1).await;
    center.say(Some((500, "no".to_owned())));
    let raised = async || {
        world.clock.advance_ms(1_000);
        !of_kind(&world, "ac_silent").await.is_empty()
    };
    until("the alert", raised).await;
    let alert = &of_kind(&world, "ac_silent").await[0];
    assert_eq!((alert.severity, alert.state), (Severity::Critical, AlertState::Open));
    assert_eq!(
        (alert.object.as_str(), alert.source.as_str()),
        (&*center.addr.to_string(), "system")
    );
    // A Manager that starts again counts it on, and sees its end.
    center.say(None);
    let world = world.restart().await;
    until("its end", async || of_kind(&world, "ac_silent").await[0].state == AlertState::Resolved)
        .await;
    let alert = &of_kind(&world, "ac_silent").await[0];
    assert_eq!(
        (alert.changed_by.as_deref(), alert.reason.as_str()),
        (Some("system"), "it answers again")
    );
    world.end().await;
}

#[tokio::test]
async fn an_agent_that_several_hosts_claim_to_be_raises_one_alert() {
    let world = World::new().await;
    let center = world.center_with(1).await;
    let mut beat = Beat::new("agent-0");
    beat.clone = true;
    for _ in 0..3 {
        center.put(&beat);
        world.clock.advance_ms(1_000);
    }
    until("the alert", async || !of_kind(&world, "agent_cloned").await.is_empty()).await;
    center.put(&beat);
    center.put(&Beat::new("agent-1"));
    world.until_listed("", 2).await;
    let found = of_kind(&world, "agent_cloned").await;
    assert_eq!((found.len(), found[0].count), (1, 1));
    assert_eq!(found[0].agent.as_ref().unwrap().as_str(), "agent-0");
    world.end().await;
}

#[tokio::test]
async fn little_room_on_the_disk_and_certificates_that_end_raise_alerts() {
    let world = World::with(|config| config.disk_low_percent = 101).await;
    until("the disk", async || !of_kind(&world, "disk_low").await.is_empty()).await;
    let alert = &of_kind(&world, "disk_low").await[0];
    assert!(alert.detail.contains("MiB are left"), "{alert:?}");
    assert!(of_kind(&world, "certificate_expiring").await.is_empty());
    // Those of the test end in the next century.
    world.clock.advance_ms(97 * 366 * 86_400_000);
    let world = world.restart().await;
    until("them", async || of_kind(&world, "certificate_expiring").await.len() == 2).await;
    let alert = &of_kind(&world, "certificate_expiring").await[0];
    assert!(alert.title.contains("has expired"), "{alert:?}");
    assert_eq!(alert.severity, Severity::Critical);
    world.end().await;
}

#[tokio::test]
async fn alerts_that_did_not_happen_for_long_are_removed_and_open_ones_counted() {
    let world = World::with(|config| config.alert_days = 2).await;
    for agent in ["a1", "a2"] {
        add(&world.admin, &alarm(agent, "r", "low")).await;
    }
    let id = of_kind(&world, "persistent").await[0].id.clone();
    world.admin.send::<Resolve>(&[&id], &Nothing {}, &because("")).await.unwrap();
    world.clock.advance_ms(2 * 86_400_000);
    let world = world.restart().await;
    assert_eq!(stats(&world).await.by_kind.get("persistent"), Some(&2));
    world.clock.advance_ms(1);
    let world = world.restart().await;
    until("their end", async || !stats(&world).await.by_kind.contains_key("persistent")).await;
    assert_eq!(stats(&world).await.expired, 1);
    world.end().await;
}

#[tokio::test]
async fn records_that_are_shed_raise_an_alert_that_says_how_many() {
    let world = World::with_bus().await;
    let bus = world.bus.clone().unwrap();
    // A record that is larger than any may be.
    let large = vec![0_u8; 17 << 20];
    for _ in 0..2 {
        assert!(bus.append(b"a1", [&large[..]].into_iter()).is_err());
    }
    until("the alert", async || !of_kind(&world, "records_shed").await.is_empty()).await;
    assert!(bus.append(b"a1", [&large[..]].into_iter()).is_err());
    // It is told once a minute at most.
    let told = async || {
        world.clock.advance_ms(30_000);
        let alert = of_kind(&world, "records_shed").await.remove(0);
        alert.detail.ends_with("3 since the start")
    };
    until("the rest", told).await;
    assert!(of_kind(&world, "records_shed").await[0].count <= 2);
    world.end().await;
}
