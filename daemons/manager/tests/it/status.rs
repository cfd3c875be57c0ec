//! What agents are, by the Manager's clock.

use elk_api::agents::PluginStatus;
use elk_model::selector::AgentStatus;

use crate::center::Beat;
use crate::world::{PASSWORD, World, json, raw, sign_in, until};

async fn status(world: &World, id: &str) -> AgentStatus {
    world.agent(id).await.unwrap().agent.status
}

#[tokio::test]
async fn an_agent_is_offline_three_of_its_own_intervals_after_its_last_heartbeat() {
    let world = World::new().await;
    let center = world.center(true).await;
    center.put(&Beat { interval: Some(5_000), ..Beat::new("fast-1") });
    center.put(&Beat { interval: None, ..Beat::new("slow-1") });
    world.until_listed("", 2).await;
    world.clock.advance_ms(14_999);
    assert_eq!(status(&world, "fast-1").await, AgentStatus::Running);
    world.clock.advance_ms(1);
    assert_eq!(status(&world, "fast-1").await, AgentStatus::Offline);
    assert_eq!(world.agents("status=offline").await.len(), 1);
    // Until its interval is known it is a minute.
    world.clock.advance_ms(164_999);
    assert_eq!(status(&world, "slow-1").await, AgentStatus::Running);
    world.clock.advance_ms(1);
    assert_eq!(status(&world, "slow-1").await, AgentStatus::Offline);
    // The reference's API goes on showing it: there, 600 s are the client's to judge.
    let reply = raw(&world.admin, "GET", "/api/v1/agent/getStatus/slow-1", None).await;
    assert_eq!(json(&reply)["data"]["last_heartbeat_time"], 1_700_000_000);
    center.put(&Beat { interval: Some(5_000), ..Beat::new("fast-1") });
    until("it to run again", async || status(&world, "fast-1").await == AgentStatus::Running).await;
    world.end().await;
}

#[tokio::test]
async fn trouble_that_an_agent_reports_shows_and_a_lost_stream_keeps_what_is_known() {
    let world = World::new().await;
    let center = world.center(true).await;
    center.put(&Beat::new("agent-1").with("state", "abnormal"));
    world.until_listed("status=abnormal", 1).await;
    center.remove("agent-1");
    until("the stream to be gone", async || {
        world.agent("agent-1").await.unwrap().connected_at.is_none()
    })
    .await;
    let agent = world.agent("agent-1").await.unwrap();
    assert_eq!((agent.agent.status, agent.agent.ac), (AgentStatus::Abnormal, None));
    assert_eq!(agent.heartbeat["hostname"], "host-agent-1");
    // A new stream without a heartbeat does not make it forget either.
    center.put(&Beat { last: None, ..Beat::new("agent-1") });
    until("the new stream", async || world.agent("agent-1").await.unwrap().connected_at.is_some())
        .await;
    assert_eq!(world.agent("agent-1").await.unwrap().agent.hostname, "host-agent-1");
    world.end().await;
}

#[tokio::test]
async fn no_report_of_an_interval_or_a_time_makes_an_agent_immortal() {
    let mut world = World::new().await;
    let center = world.center(true).await;
    center.put(&Beat { interval: Some(u64::MAX), ..Beat::new("eternal-1") });
    center.put(&Beat { interval: Some(0), ..Beat::new("zero-1") });
    center.put(&Beat { last: Some(-86_400_000), ..Beat::new("future-1") });
    center.put(&Beat { last: Some(i64::MIN / 4), ..Beat::new("dawn-1") });
    world.until_listed("", 4).await;
    world.clock.advance_ms(180_000);
    let offline = ["zero-1", "future-1", "dawn-1"];
    for id in offline {
        assert_eq!(status(&world, id).await, AgentStatus::Offline, "{id}");
    }
    world.clock.advance_ms(3 * 3_600_000);
    world.admin = sign_in(world.addr, "admin", PASSWORD).await.unwrap();
    assert_eq!(status(&world, "eternal-1").await, AgentStatus::Offline);
    world.end().await;
}

#[tokio::test]
async fn a_plugin_stops_with_its_own_heartbeats() {
    let world = World::new().await;
    let center = world.center(true).await;
    let agent = Beat { interval: Some(500), ..Beat::new("agent-1") }.running("driver", "1.7.0.24");
    center.put(&agent);
    world.until_listed("component.driver=1.7.0.24", 1).await;
    let plugin = async || world.agent("agent-1").await.unwrap().agent.plugins.remove(0);
    assert_eq!(plugin().await.status, PluginStatus::Running);
    world.clock.advance_ms(1_500);
    assert_eq!(plugin().await.status, PluginStatus::Stopped);
    world.end().await;
}

#[tokio::test]
async fn the_interval_of_an_agent_on_a_reference_center_is_learnt() {
    let world = World::new().await;
    let center = world.center(false).await;
    let beat = |connected_for| Beat { connected_for, ..Beat::new("agent-1") };
    center.put(&beat(0));
    world.until_listed("", 1).await;
    let interval = async || world.agent("agent-1").await.unwrap().agent.heartbeat_interval_seconds;
    assert_eq!(interval().await, 60);
    world.clock.advance_ms(20_000);
    center.put(&beat(20_000));
    until("20 s to be learnt", async || interval().await == 20).await;
    world.clock.advance_ms(59_999);
    assert_eq!(status(&world, "agent-1").await, AgentStatus::Running);
    world.clock.advance_ms(1);
    assert_eq!(status(&world, "agent-1").await, AgentStatus::Offline);
    world.end().await;
}
