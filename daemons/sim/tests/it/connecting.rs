//! How an agent finds an AgentCenter, stays with it, and gives up.

use std::net::SocketAddr;
use std::time::Duration;

use elk_life::Clock;
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::center::{HANG, World, until};

/// An address at which nobody listens.
async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

#[tokio::test]
async fn streams_use_one_connection_five_times_again_and_then_a_new_one() {
    let world = World::new().await;
    for count in 2..=8 {
        world.end_stream();
        until("the next stream", || world.streams().len() == count).await;
    }
    assert_eq!(world.connections(), [1, 1, 1, 1, 1, 1, 2, 2]);
    world.end();
}

#[tokio::test]
async fn uploads_count_as_uses_and_one_too_many_closes_the_connection() {
    let world = World::new().await;
    for count in 1..=6 {
        // Refused as long as the agent has not seen the end of the one before.
        let deadline = Instant::now() + HANG;
        while world.uploads().len() < count {
            assert!(Instant::now() < deadline, "waited too long for an upload");
            let data = "{\"path\":\"/etc/hosts\",\"buf_size\":65536}";
            world.order("elkeid-agent", 1_050, data).await;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
    until("a stream on another connection", || {
        world.connections().last().is_some_and(|it| *it > 1)
    })
    .await;
    assert_eq!(world.connections()[0], 1);
    world.end();
}

#[tokio::test]
async fn every_named_center_is_tried_and_then_the_one_that_is_built_in() {
    let (first, second) = (nobody().await, nobody().await);
    let mut built_in = None;
    let world = World::with(Clock::default(), |config, place| {
        built_in = config.ac.replace("127.0.0.1:1".to_owned());
        config.sd = Some(format!("http://{place}"));
    })
    .await;
    until("failures", || world.counters.failed.load(std::sync::atomic::Ordering::Relaxed) > 0)
        .await;
    let live: SocketAddr = built_in.unwrap().parse().unwrap();
    world.name_centers(&[first, second, live]);
    let beat = world.record(1_000, |_| true).await;
    assert_eq!(beat["net_mode"], "sd");
    world.end();

    let world = World::with(Clock::default(), |config, place| {
        config.sd = Some(format!("http://{place}"));
        config.retry = Duration::from_secs(5);
    })
    .await;
    world.name_centers(&[first]);
    let beat = world.record(1_000, |_| true).await;
    assert_eq!(beat["net_mode"], "private");
    world.end();
}

#[tokio::test]
async fn after_seven_failures_the_process_ends_and_its_service_starts_it_again() {
    let clock = Clock::manual(50_000_000_000);
    let world = World::with(clock.clone(), |_, _| {}).await;
    let before = world.record(1_000, |_| true).await;
    // Nothing but a new process tells of it.
    clock.advance_ms(1_000_000);
    let failed = || world.counters.failed.load(std::sync::atomic::Ordering::Relaxed);
    world.refuse(true);
    for _ in 0..6 {
        // Until the connection there is has been used up.
        let count = world.streams().len();
        world.end_stream();
        until("a stream or a failure", || world.streams().len() > count || failed() > 0).await;
    }
    until("seven failures", || failed() >= 7).await;
    world.forget();
    world.refuse(false);
    let after = world.record(1_000, |_| true).await;
    assert_ne!(after["start_time"], before["start_time"], "another process");
    assert_eq!(after["boot_time"], before["boot_time"], "on the same host");
    world.end();
}
