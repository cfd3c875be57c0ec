//! What agents should run: profiles, what AgentCenters are told, and pushes.

use elk_api::components::ComponentKind;
use elk_api::profiles::{Get, NewProfile, PluginSetting, Profile, Push, PushRequest, Set};
use elk_api::tasks::{SubtaskState, Task};
use elk_api::{Nothing, agents, intake};
use elk_client::ClientError;
use serde_json::{Value, json};

use crate::center::{Beat, Center};
use crate::components::{code, create, release};
use crate::world::{World, until};

const V1: &str = "1.0.0.1";
const V2: &str = "1.0.0.2";

/// A Manager with two plugins, the agent, and two versions of each.
async fn stocked() -> World {
    let world = World::new().await;
    let kinds = [
        ("driver", ComponentKind::Exec),
        ("journal", ComponentKind::Exec),
        ("elkeid-agent", ComponentKind::Agent),
    ];
    for (name, kind) in kinds {
        create(&world.admin, name, kind).await;
        for version in [V1, V2] {
            let content = format!("{name} {version}");
            let special = format!("{name} {version} for debian");
            let files: [(&str, &[u8]); 2] =
                [("default", content.as_bytes()), ("debian_x86_64", special.as_bytes())];
            release(&world.admin, name, version, &files).await;
        }
    }
    world
}

async fn profile(world: &World) -> Profile {
    world.admin.send::<Get>(&["default"], &Nothing {}, &Nothing {}).await.unwrap()
}

fn wanted(revision: u64, plugins: &[(&str, &str)], agent: Option<&str>) -> NewProfile {
    let setting = |version: &str| PluginSetting {
        version: version.parse().unwrap(),
        detail: "{\"a\":1}".to_owned(),
    };
    NewProfile {
        revision,
        plugins: plugins.iter().map(|it| (it.0.parse().unwrap(), setting(it.1))).collect(),
        agent_version: agent.map(|it| it.parse().unwrap()),
    }
}

async fn set(world: &World, new: &NewProfile) -> Result<Profile, ClientError> {
    world.admin.send::<Set>(&["default"], &Nothing {}, new).await
}

async fn push(
    world: &World,
    selector: &str,
    change: impl FnOnce(&mut PushRequest),
) -> Result<Task, ClientError> {
    let mut asked = PushRequest {
        selection: world.select(selector).await,
        remove_all_plugins: false,
        max_in_flight: None,
        timeout_seconds: Some(60),
    };
    change(&mut asked);
    world.admin.send::<Push>(&["default"], &Nothing {}, &asked).await
}

/// Asks as an AgentCenter does for an agent that has just connected.
async fn asked(world: &World, id: &str) -> Result<Value, ClientError> {
    let heartbeat = json!({
        "agent_id": id, "platform_family": "debian", "arch": "x86_64", "kernel_version": 5.10,
    });
    world.as_center(intake::CONFIG, &heartbeat).await
}

async fn config_of(world: &World, id: &str) -> agents::AgentConfig {
    world.admin.send::<agents::Config>(&[id], &Nothing {}, &Nothing {}).await.unwrap()
}

/// Waits for an order with a configuration and returns the names and versions in it.
async fn sent(center: &Center, number: usize) -> Vec<(String, String)> {
    until("an order", async || center.orders().len() > number).await;
    let config = center.orders()[number]["command"]["config"].clone();
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let items = config.as_array().unwrap().iter();
    items.map(|it| (text(&it["name"]), text(&it["version"]))).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect()
}

#[tokio::test]
async fn without_a_plugin_to_run_an_agent_is_left_as_it_is() {
    let world = stocked().await;
    let refused = |answer: Result<Value, ClientError>| {
        let text = answer.unwrap_err().to_string();
        assert!(text.contains("no plugin") && text.contains(intake::HELD), "{text}");
    };
    refused(asked(&world, "agent-0").await);
    // A set of the agent alone would make it delete its plugins just the same.
    set(&world, &wanted(0, &[], Some(V1))).await.unwrap();
    refused(asked(&world, "agent-0").await);
    assert_eq!(code(push(&world, "", |_| {}).await), "no_plugins");
    world.end().await;
}

#[tokio::test]
async fn a_center_is_told_the_complete_set_with_the_files_that_fit() {
    let world = stocked().await;
    set(&world, &wanted(0, &[("driver", V1), ("journal", V2)], Some(V1))).await.unwrap();
    let items = asked(&world, "agent-0").await.unwrap();
    let names: Vec<_> = items.as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["driver", "journal", "elkeid-agent"]);
    let driver = &items[0];
    let digest = crate::components::digest(b"driver 1.0.0.1 for debian").to_string();
    assert_eq!(driver["sha256"], digest);
    assert_eq!(driver["type"], "exec");
    assert_eq!(driver["detail"], "{\"a\":1}");
    let url = driver["download_url"][0].as_str().unwrap();
    let path = url.strip_prefix(&format!("http://{}", world.addr)).unwrap();
    let file = crate::world::raw(&world.anyone(), "GET", path, None).await;
    assert_eq!(file.body, "driver 1.0.0.1 for debian");
    world.end().await;
}

#[tokio::test]
async fn a_profile_changes_only_from_the_revision_that_was_read() {
    let world = stocked().await;
    assert_eq!(profile(&world).await.revision, 0);
    let first = set(&world, &wanted(0, &[("driver", V1)], None)).await.unwrap();
    assert_eq!((first.revision, first.updated_by.as_deref()), (1, Some("admin")));
    assert_eq!(code(set(&world, &wanted(0, &[("driver", V2)], None)).await), "revision_conflict");
    assert_eq!(profile(&world).await.plugins, first.plugins);
    let world = world.kill().await;
    assert_eq!(profile(&world).await.plugins, first.plugins);
    set(&world, &wanted(1, &[("driver", V2)], None)).await.unwrap();
    assert_eq!(asked(&world, "agent-0").await.unwrap()[0]["version"], V2);
    world.end().await;
}

#[tokio::test]
async fn a_profile_that_agents_could_not_follow_is_refused() {
    let world = stocked().await;
    let cases = [
        (wanted(0, &[("driver", "9.0.0.0")], None), "version_not_published"),
        (wanted(0, &[("absent", V1)], None), "version_not_published"),
        (wanted(0, &[("elkeid-agent", V1)], None), "invalid_plugin"),
        (wanted(0, &[("driver", V1)], Some("9.0.0.0")), "version_not_published"),
    ];
    for (new, problem) in cases {
        assert_eq!(code(set(&world, &new).await), problem, "{new:?}");
    }
    let mut large = wanted(0, &[("driver", V1)], None);
    large.plugins.values_mut().for_each(|it| it.detail = "x".repeat((64 << 10) + 1));
    assert_eq!(code(set(&world, &large).await), "detail_too_large");
    let other = world.admin.send::<Get>(&["other"], &Nothing {}, &Nothing {}).await;
    assert_eq!(code(other), "profile_not_found");
    assert_eq!(profile(&world).await.revision, 0);
    world.end().await;
}

#[tokio::test]
async fn a_push_succeeds_once_the_agent_reports_exactly_the_set() {
    let world = stocked().await;
    let center = world.center_with(1).await;
    set(&world, &wanted(0, &[("driver", V2)], None)).await.unwrap();
    let task = push(&world, "id=agent-0", |it| it.timeout_seconds = Some(600)).await.unwrap();
    assert_eq!(sent(&center, 0).await, pairs(&[("driver", V2)]));
    world.until_task(&task.id, SubtaskState::Acked, 1).await;
    let told = async |part: &str| {
        until(part, async || world.results(&task.id).await[0].message.contains(part)).await;
    };
    world.clock.advance_ms(60_000);
    center.put(&Beat::new("agent-0").running("driver", V1).running("old", V1));
    told("driver is 1.0.0.1, not 1.0.0.2").await;
    told("old 1.0.0.1 runs, but should not").await;
    let drift = config_of(&world, "agent-0").await;
    assert_eq!((drift.in_sync, drift.drift.len()), (Some(false), 2));
    // One heartbeat without a plugin may be one that got lost.
    world.clock.advance_ms(60_000);
    center.put(&Beat::new("agent-0").running("driver", V2));
    until("driver", async || !world.results(&task.id).await[0].message.contains("driver")).await;
    assert_eq!(world.task_now(&task.id).await.counts.acked, 1);
    world.clock.advance_ms(60_000);
    center.put(&Beat::new("agent-0").running("driver", V2));
    world.until_task(&task.id, SubtaskState::Succeeded, 1).await;
    assert_eq!(config_of(&world, "agent-0").await.in_sync, Some(true));
    world.end().await;
}

#[tokio::test]
async fn an_agent_that_does_what_it_is_told_ends_the_push() {
    let world = stocked().await;
    let center = world.center_with(2).await;
    set(&world, &wanted(0, &[("driver", V1), ("journal", V1)], Some(V1))).await.unwrap();
    let task = push(&world, "", |it| it.max_in_flight = Some(1)).await.unwrap();
    for number in 0..2 {
        until("the next order", async || center.orders().len() == number + 1).await;
        let agent = center.orders()[number]["agent_id"].as_str().unwrap().to_owned();
        world.clock.advance_ms(5_000);
        let beat = Beat::new(&agent).running("driver", V1).running("journal", V1);
        center.put(&beat.with("version", V1));
        world.until_task(&task.id, SubtaskState::Succeeded, number as u64 + 1).await;
        assert_eq!(config_of(&world, &agent).await.in_sync, Some(true));
    }
    until("the end", async || world.task_now(&task.id).await.finished_at.is_some()).await;
    world.end().await;
}

#[tokio::test]
async fn a_push_that_no_heartbeat_shows_ends_in_time_and_says_what_is_missing() {
    let world = stocked().await;
    let center = world.center_with(1).await;
    set(&world, &wanted(0, &[("driver", V1)], None)).await.unwrap();
    let task = push(&world, "", |_| {}).await.unwrap();
    world.until_task(&task.id, SubtaskState::Acked, 1).await;
    world.clock.advance_ms(30_000);
    center.put(&Beat::new("agent-0"));
    until("a word", async || !world.results(&task.id).await[0].message.is_empty()).await;
    world.clock.advance_ms(31_000);
    world.until_task(&task.id, SubtaskState::TimedOut, 1).await;
    let message = world.results(&task.id).await[0].message.clone();
    assert_eq!(message, "not in time: driver 1.0.0.1 does not run");
    assert_eq!(center.orders().len(), 1);
    world.end().await;
}

#[tokio::test]
async fn all_plugins_go_only_where_an_operator_asked_for_that() {
    let world = stocked().await;
    let center = world.center_with(2).await;
    set(&world, &wanted(0, &[("driver", V1)], None)).await.unwrap();
    let task = push(&world, "id=agent-0", |it| it.remove_all_plugins = true).await.unwrap();
    assert!(sent(&center, 0).await.is_empty());
    assert_eq!(center.orders()[0]["agent_id"], "agent-0");
    world.clock.advance_ms(5_000);
    center.put(&Beat::new("agent-0"));
    world.until_task(&task.id, SubtaskState::Succeeded, 1).await;
    // When it reconnects it stays without, by an answer that removes nothing.
    let held = asked(&world, "agent-0").await.unwrap_err().to_string();
    assert!(held.contains(&task.id), "{held}");
    assert_eq!(asked(&world, "agent-1").await.unwrap()[0]["name"], "driver");
    let world = world.kill().await;
    assert!(asked(&world, "agent-0").await.is_err());
    push(&world, "id=agent-0", |_| {}).await.unwrap();
    assert_eq!(sent(&center, 1).await, pairs(&[("driver", V1)]));
    assert_eq!(asked(&world, "agent-0").await.unwrap()[0]["name"], "driver");
    world.end().await;
}

#[tokio::test]
async fn a_push_withdraws_older_ones_that_were_not_sent() {
    let world = stocked().await;
    let center = world.center_with(1).await;
    center.remove("agent-0");
    world.until_listed("!ac", 1).await;
    set(&world, &wanted(0, &[("driver", V1)], None)).await.unwrap();
    let old = push(&world, "", |it| it.remove_all_plugins = true).await.unwrap();
    let new = push(&world, "", |_| {}).await.unwrap();
    world.until_task(&old.id, SubtaskState::Cancelled, 1).await;
    assert!(world.results(&old.id).await[0].message.contains(&new.id));
    center.put(&Beat::new("agent-0"));
    assert_eq!(sent(&center, 0).await, pairs(&[("driver", V1)]));
    world.until_task(&new.id, SubtaskState::Acked, 1).await;
    assert_eq!(center.orders().len(), 1);
    world.end().await;
}

#[tokio::test]
async fn an_agent_that_a_component_does_not_fit_is_sent_nothing() {
    let world = stocked().await;
    let center = world.center_with(1).await;
    create(&world.admin, "narrow", ComponentKind::Exec).await;
    release(&world.admin, "narrow", V1, &[("rhel", b"narrow")]).await;
    set(&world, &wanted(0, &[("driver", V1), ("narrow", V1)], None)).await.unwrap();
    let task = push(&world, "", |_| {}).await.unwrap();
    world.until_task(&task.id, SubtaskState::Failed, 1).await;
    let message = world.results(&task.id).await[0].message.clone();
    assert!(
        message.contains("narrow 1.0.0.1 has no file") && message.contains("debian"),
        "{message}"
    );
    assert!(center.orders().is_empty());
    let shown = config_of(&world, "agent-0").await;
    assert_eq!((shown.in_sync, shown.drift), (None, vec![message]));
    world.end().await;
}

#[tokio::test]
async fn a_clone_gets_no_configuration() {
    let world = stocked().await;
    let center = world.center_with(1).await;
    center.put(&Beat { clone: true, ..Beat::new("agent-0") });
    until("the clone", async || world.agent("agent-0").await.unwrap().agent.clone).await;
    set(&world, &wanted(0, &[("driver", V1)], None)).await.unwrap();
    let task = push(&world, "", |_| {}).await.unwrap();
    let other = center.clone();
    other.put(&Beat::new("agent-1"));
    world.until_listed("", 2).await;
    // The next order goes out, so the clone's had its turn.
    push(&world, "id=agent-1", |_| {}).await.unwrap();
    until("an order", async || center.orders().len() == 1).await;
    assert_eq!(center.orders()[0]["agent_id"], "agent-1");
    assert_eq!(world.task_now(&task.id).await.counts.queued, 1);
    world.end().await;
}
