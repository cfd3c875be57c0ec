//! What is kept, and for whom.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use elk_bus::{Bus, Clock, Entry, Fsync, LocalConfig, Start};
use tokio::time::{sleep, timeout};

use crate::local::log::{HANG, append, config, segments};

/// Appends under another key until `holds`: retention looks again every two seconds.
async fn until(bus: &Bus, holds: impl Fn() -> bool) {
    let waited = async {
        while !holds() {
            append(bus, "b", &["tick"]);
            bus.flush().await.expect("the disk takes it");
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(HANG, waited).await.expect("it comes true");
}

async fn three(bus: &Bus) {
    for value in ["1", "2", "3"] {
        append(bus, "a", &[value]);
        bus.flush().await.expect("the disk takes it");
    }
}

fn log(dir: &Path) -> LocalConfig {
    LocalConfig { segment_bytes: 1, retain_bytes: 0, retain_seconds: 0, ..config(dir) }
}

#[tokio::test]
async fn below_the_floor_of_free_disk_all_goes_but_what_is_being_written() {
    let dir = tempfile::tempdir().unwrap();
    let full = LocalConfig { min_free_bytes: u64::MAX, ..log(dir.path()) };
    let bus = Bus::open(full, Clock::System).unwrap();
    let consumer = bus.consumer("slow").unwrap();
    three(&bus).await;
    until(&bus, || segments(dir.path(), "a").len() == 1 && bus.stats().removed_unread >= 2).await;
    append(&bus, "a", &["4"]);
    bus.flush().await.unwrap();
    let mut tail = bus.tail(Start::Earliest);
    let found = async {
        loop {
            let entries = tail.next().await.unwrap();
            let four = |it: &Entry| matches!(it, Entry::Record { value, .. } if &value[..] == b"4");
            if entries.iter().any(four) {
                return;
            }
        }
    };
    timeout(HANG, found).await.expect("the newest record is kept");
    drop(consumer);
    bus.close().await;
}

#[tokio::test]
async fn above_the_floor_and_without_limits_nothing_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    let bus = Bus::open(log(dir.path()), Clock::System).unwrap();
    three(&bus).await;
    // The figure is written when retention has looked.
    until(&bus, || bus.stats().disk_bytes > 0).await;
    assert_eq!(segments(dir.path(), "a").len(), 3);
    bus.close().await;
}

#[tokio::test]
async fn what_every_group_has_read_is_removed_without_being_counted() {
    let dir = tempfile::tempdir().unwrap();
    let small = LocalConfig { retain_bytes: 1, ..log(dir.path()) };
    let bus = Bus::open(small, Clock::System).unwrap();
    let mut consumer = bus.consumer("quick").unwrap();
    for value in ["1", "2", "3"] {
        append(&bus, "a", &[value]);
        bus.flush().await.unwrap();
        timeout(HANG, consumer.next()).await.unwrap().unwrap();
        consumer.commit().await.unwrap();
    }
    let waited = async {
        while segments(dir.path(), "a").len() > 1 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(HANG, waited).await.unwrap();
    assert_eq!(bus.stats().removed_unread, 0);
    bus.close().await;
}

#[tokio::test]
async fn only_its_owner_may_enter_a_new_log() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("log");
    let bus = Bus::open(log(&place), Clock::System).unwrap();
    assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o700);
    bus.close().await;
}

#[tokio::test]
async fn damaged_offsets_and_odd_names_of_groups_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let bus = Bus::open(log(dir.path()), Clock::System).unwrap();
    three(&bus).await;
    drop(bus.consumer("g").unwrap());
    fs::write(dir.path().join("consumers/g.json"), "{").unwrap();
    let error = bus.consumer("g").unwrap_err();
    assert_eq!(error.to_string(), "could not keep the offsets of consumer group `g`");
    for name in ["", "../g", "a b", "é", &"x".repeat(65)] {
        bus.consumer(name).unwrap_err();
    }
    bus.close().await;
}

#[tokio::test]
async fn every_policy_of_syncing_keeps_what_was_flushed() {
    for fsync in [Fsync::Never, Fsync::Interval, Fsync::Block] {
        let dir = tempfile::tempdir().unwrap();
        let bus = Bus::open(LocalConfig { fsync, ..config(dir.path()) }, Clock::System).unwrap();
        three(&bus).await;
        bus.close().await;
        let bus = Bus::open(config(dir.path()), Clock::System).unwrap();
        let entries = timeout(HANG, bus.tail(Start::Earliest).next()).await.unwrap().unwrap();
        assert!(matches!(entries[0], Entry::Record { offset: 0, .. }), "{fsync:?}: {entries:?}");
        bus.close().await;
    }
}
