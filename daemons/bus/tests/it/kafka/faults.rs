//! Brokers that are gone, stopped, frozen or killed, or whose disk is full: nothing is lost, the
//! order of each key is kept, and what comes twice was sent twice.

use std::path::PathBuf;
use std::time::Duration;

use elk_bus::{Broker as State, Bus, KafkaConfig, Start};
use tokio::time::{sleep, timeout};

use super::load::{Load, stats};
use crate::broker::Broker;
use crate::world::{HANG, World, open, until};

/// No call into the bus may take as long: it never waits for a broker.
const CALL: Duration = Duration::from_secs(2);

/// Checks all that must hold once the broker is back.
async fn recovers(bus: &Bus, load: &mut Load) {
    load.run(bus, Duration::from_millis(500)).await;
    until("the spool is drained", || stats(bus).spooled_records == 0).await;
    let again = load.verify(bus).await;
    let told = stats(bus);
    assert!(again == 0 || told.delivery_errors > 0, "{again} came twice: {told:?}");
    assert!(told.drained > 0 && told.refused == 0 && told.damaged == 0, "{told:?}");
    assert_eq!(bus.stats().shed, 0);
}

/// Ends a broker under load in this way, and starts it again.
async fn ended_and_restarted(end: fn(&mut Broker)) {
    let Some(mut broker) = Broker::running() else { return };
    let world = World::of(&broker);
    let (bus, mut load) = (world.open(), Load::new());
    load.run(&bus, Duration::from_millis(500)).await;
    until("the broker is up", || stats(&bus).broker == State::Up).await;
    let broker = tokio::task::spawn_blocking(move || {
        end(&mut broker);
        broker
    });
    let mut longest = load.run(&bus, Duration::from_secs(1)).await;
    while !broker.is_finished() {
        longest = longest.max(load.step(&bus, 10));
        sleep(Duration::from_millis(5)).await;
    }
    assert!(longest < CALL, "a call took {longest:?}");
    until("records are spooled", || stats(&bus).spooled_records > 0).await;
    let mut broker = broker.await.unwrap();
    tokio::task::block_in_place(|| broker.start());
    recovers(&bus, &mut load).await;
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_is_killed_and_restarted_under_load_loses_and_doubles_nothing() {
    ended_and_restarted(Broker::kill).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_is_stopped_and_restarted_under_load_loses_and_doubles_nothing() {
    ended_and_restarted(Broker::stop).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_whose_disk_fills_under_load_and_has_room_again_loses_nothing() {
    let Some(mut broker) = Broker::running() else { return };
    let World::Kafka(dir, config) = World::of(&broker) else { return };
    let config = KafkaConfig { compression: elk_bus::Compression::None, ..*config };
    let (bus, mut load) = (open(&config, dir.path()), Load::new());
    load.run(&bus, Duration::from_millis(300)).await;
    until("the broker is up", || stats(&bus).broker == State::Up).await;
    broker.fill_disk();
    // Records are written until its segments are full; a broker without a disk ends.
    let mut steps = 0;
    while !broker.has_ended() {
        assert!(load.step(&bus, 10) < CALL);
        steps += 1;
        assert!(steps < 10_000, "the broker finds room");
        sleep(Duration::from_millis(10)).await;
    }
    assert!(broker.told("File too large"), "that is why it ended");
    until("records are spooled", || stats(&bus).spooled_records > 0).await;
    broker.kill();
    broker.start();
    recovers(&bus, &mut load).await;
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_freezes_under_load_delays_records_and_nobody_else() {
    let Some(broker) = Broker::running() else { return };
    let world = World::of(&broker);
    let (bus, mut load) = (world.open(), Load::new());
    load.run(&bus, Duration::from_millis(300)).await;
    broker.freeze();
    let longest = load.run(&bus, Duration::from_millis(1_500)).await;
    let spooled = stats(&bus).spooled_records;
    broker.thaw();
    assert!(longest < CALL, "a call took {longest:?}");
    assert!(spooled > 0, "what a frozen broker does not acknowledge is on disk");
    load.run(&bus, Duration::from_millis(300)).await;
    until("the spool is drained", || stats(&bus).spooled_records == 0).await;
    let again = load.verify(&bus).await;
    assert!(again == 0 || stats(&bus).delivery_errors > 0, "{again} came twice");
    assert_eq!(bus.stats().shed, 0);
    bus.close().await;
    // All was acknowledged, so nothing is left of it but empty files.
    let World::Kafka(dir, _) = &world else { return };
    let bytes = |path: PathBuf| std::fs::metadata(path).expect("a file").len();
    let files = (0..12).flat_map(|it| {
        let place = dir.path().join(format!("p{it:03}"));
        std::fs::read_dir(place).expect("a directory").map(|it| it.expect("an entry").path())
    });
    assert_eq!(files.map(bytes).sum::<u64>(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_without_a_broker_keeps_records_until_one_comes() {
    let Some(mut broker) = Broker::new() else { return };
    let world = World::of(&broker);
    let (bus, mut load) = (world.open(), Load::new());
    load.step(&bus, 100);
    bus.flush().await.expect("they are in the spool");
    assert_eq!(bus.stats().queued_bytes, 0);
    until("it is said", || stats(&bus).broker == State::Down && bus.stats().error.is_some()).await;
    bus.close().await;
    drop(bus);
    let bus = world.open();
    load.step(&bus, 100);
    bus.flush().await.expect("they are in the spool");
    let mut tail = bus.tail(Start::Earliest);
    timeout(Duration::from_millis(300), tail.begin()).await.unwrap_err();
    assert!(tail.places().is_empty(), "nobody told where it begins");
    until("both are counted", || stats(&bus).spooled_records == load.total() as u64).await;
    broker.start();
    until("the spool is drained", || stats(&bus).spooled_records == 0).await;
    timeout(HANG, tail.begin()).await.unwrap().unwrap();
    assert!(!tail.places().is_empty());
    until("the broker is up", || stats(&bus).broker == State::Up).await;
    assert_eq!(load.verify(&bus).await, 0);
    assert_eq!(bus.stats().error, None);
    bus.close().await;
}
