//! Configurations are obeyed as real agents obey them.

use std::sync::atomic::Ordering;

use crate::center::{World, until};

#[tokio::test]
async fn an_agent_runs_exactly_the_set_it_is_told() {
    let world = World::new().await;
    assert_eq!(world.plugins().await.len(), 4, "what runs at first");
    let driver = world.package("driver", "2.0.0.1", b"elk-sim: ok\n");
    let other = world.package("other", "1.0.0.1", b"program");
    world.configure(&[driver.clone(), other.clone()]).await;
    world.until_plugins(&[("driver", "2.0.0.1"), ("other", "1.0.0.1")]).await;
    assert_eq!(world.downloads(), 2);
    // The same version again is left alone, whatever else changed.
    let mut same = driver;
    same.sha256 = "0".repeat(64);
    world.configure(&[same, world.package("other", "1.0.0.2", b"program 2")]).await;
    world.until_plugins(&[("driver", "2.0.0.1"), ("other", "1.0.0.2")]).await;
    assert_eq!(world.downloads(), 3);
    world.configure(&[]).await;
    world.until_plugins(&[]).await;
    assert_eq!(world.counters.installed.load(Ordering::Relaxed), 3);
    let counters = &world.counters;
    assert!(counters.bytes.load(Ordering::Relaxed) > counters.records.load(Ordering::Relaxed));
    world.end();
}

#[tokio::test]
async fn a_package_with_another_digest_is_not_started_and_the_agent_says_so() {
    let world = World::new().await;
    let mut driver = world.package("driver", "2.0.0.1", b"program");
    driver.sha256 = "0".repeat(64);
    let good = world.package("other", "1.0.0.1", b"program");
    world.configure(&[driver.clone(), good.clone()]).await;
    world.until_plugins(&[("other", "1.0.0.1")]).await;
    let log = world.record(1_010, |_| true).await;
    assert!(log["msg"].contains("checksum") && log["level"] == "error", "{log:?}");
    let beat = world.record(1_000, |it| it["state"] == "abnormal").await;
    assert!(beat["state_detail"].contains("driver"), "{beat:?}");
    // The next set that works makes it well again.
    world.configure(&[world.package("driver", "2.0.0.2", b"program"), good]).await;
    world.until_plugins(&[("driver", "2.0.0.2"), ("other", "1.0.0.1")]).await;
    world.record(1_000, |it| it["state"] == "running").await;
    world.end();
}

#[tokio::test]
async fn a_file_is_taken_from_the_next_place_if_the_first_has_none() {
    let world = World::new().await;
    let mut driver = world.package("driver", "2.0.0.1", b"program");
    let absent = driver.download_url[0].replace("driver", "absent");
    driver.download_url.insert(0, absent);
    world.configure(&[driver]).await;
    world.until_plugins(&[("driver", "2.0.0.1")]).await;
    assert_eq!(world.downloads(), 2);
    world.end();
}

#[tokio::test]
async fn a_plugin_behaves_as_its_package_says() {
    let world = World::new().await;
    let item = |name: &str| {
        world.package(name, "1.0.0.1", format!("#!\nelk-sim: {name}\nrest").as_bytes())
    };
    let all = ["crash", "hang", "wrong-version", "flap", "ok"].map(item);
    world.configure(&all).await;
    // A plugin that flaps is heard in one of two intervals.
    world
        .until_plugins(&[("flap", "1.0.0.1"), ("ok", "1.0.0.1"), ("wrong-version", "0.0.0.1")])
        .await;
    world.forget();
    until("ten heartbeats", || world.records(1_000).len() >= 10).await;
    let heard = |name: &str| world.records(1_001).iter().filter(|it| it.1["name"] == name).count();
    let (flaps, good) = (heard("flap"), heard("ok"));
    assert!(flaps >= 3 && flaps * 2 <= good + 2, "{flaps} of {good}");
    // One that hangs runs: a task for it is no error, but is never answered.
    world.order("hang", 1, "{}").await;
    world.order("crash", 1, "{}").await;
    let log = world.record(1_010, |_| true).await;
    assert!(log["msg"].contains("crash"), "{log:?}");
    assert!(world.records(5_100).is_empty());
    world.end();
}

#[tokio::test]
async fn a_new_agent_starts_again_and_says_its_version() {
    let world = World::new().await;
    let agent = world.package("elkeid-agent", "9.0.0.1", b"elk-sim: ok");
    let other = world.package("other", "1.0.0.1", b"program");
    world.configure(&[agent.clone(), other.clone()]).await;
    until("a second stream", || world.streams().len() == 2).await;
    until("the version", || world.records(1_000).iter().any(|it| it.0 == "9.0.0.1")).await;
    // Its plugins are those from before until it is told once more.
    assert_eq!(world.plugins().await.len(), 4);
    world.configure(&[agent, other]).await;
    world.until_plugins(&[("other", "1.0.0.1")]).await;
    assert_eq!(world.streams(), [1, 1]);
    world.end();
}

#[tokio::test]
async fn an_agent_that_crashes_is_silent_until_the_next_configuration() {
    let world = World::new().await;
    let bad = world.package("elkeid-agent", "9.0.0.1", b"elk-sim: crash");
    world.configure(&[bad]).await;
    until("a second stream", || world.streams().len() == 2).await;
    assert_eq!(world.streams()[1], 0, "its stream begins without a heartbeat");
    world.forget();
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert!(world.records(1_000).is_empty());
    let good = world.package("elkeid-agent", "9.0.0.2", b"elk-sim: ok");
    world.configure(&[good]).await;
    until("the version", || world.records(1_000).iter().any(|it| it.0 == "9.0.0.2")).await;
    world.end();
}

/// Gives the agent a new version, which behaves as the line says.
async fn upgrade(world: &World, version: &str, line: &str) {
    let content = format!("elk-sim: {line}");
    world.configure(&[world.package("elkeid-agent", version, content.as_bytes())]).await;
}

#[tokio::test]
async fn an_agent_with_another_version_inside_says_that_one() {
    let world = World::new().await;
    upgrade(&world, "9.0.0.1", "wrong-version").await;
    until("the version", || world.records(1_000).iter().any(|it| it.0 == "0.0.0.1")).await;
    world.end();
}

#[tokio::test]
async fn an_agent_that_flaps_starts_and_ends_every_two_intervals() {
    let world = World::new().await;
    upgrade(&world, "9.0.0.1", "flap").await;
    until("it to start again and again", || world.streams().len() >= 5).await;
    assert!(world.records(1_000).iter().any(|it| it.0 == "9.0.0.1"));
    world.end();
}

#[tokio::test]
async fn an_agent_that_hangs_holds_its_stream_and_sends_no_heartbeat() {
    let world = World::new().await;
    upgrade(&world, "9.0.0.1", "hang").await;
    until("a second stream", || world.streams().len() == 2).await;
    world.forget();
    // Its plugins go on: a task is answered.
    world.order("collector", 5_050, "{}").await;
    world.record(5_100, |_| true).await;
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    assert!(world.records(1_000).is_empty() && world.streams() == [1, 0]);
    world.end();
}
