//! A log under bad conditions: damage, refusal by the disk, age, closing.

use std::fs;
use std::path::Path;
use std::time::Duration;

use elk_bus::{Bus, Clock, Entry, LocalConfig, Start};
use proptest::prelude::*;
use tokio::time::timeout;

use crate::local::log::{HANG, append, config, open, segments};

/// Appends 0 to 11 under one key in six blocks and returns the segment's content.
async fn written(dir: &Path) -> Vec<u8> {
    let bus = open(dir);
    for number in (0..12).step_by(2) {
        append(&bus, "a", &[&number.to_string(), &(number + 1).to_string()]);
        bus.flush().await.expect("the disk takes it");
    }
    bus.close().await;
    fs::read(&segments(dir, "a")[0]).expect("a segment")
}

/// Opens the log with `content` in place of its segment; returns what can be read of 0 to 11, and
/// the number of records said to be missing.
async fn survivors(dir: &Path, content: &[u8]) -> (Vec<u64>, u64) {
    fs::write(&segments(dir, "a")[0], content).expect("the segment is replaced");
    let bus = open(dir);
    append(&bus, "a", &["end"]);
    let mut tail = bus.tail(Start::Earliest);
    let (mut values, mut gaps) = (Vec::new(), 0);
    'read: loop {
        for entry in timeout(HANG, tail.next()).await.expect("records come").expect("readable") {
            match entry {
                Entry::Record { value, .. } if &value[..] == b"end" => break 'read,
                Entry::Record { key, value, offset, .. } => {
                    let number = std::str::from_utf8(&value).expect("text").parse().expect("ours");
                    assert_eq!((&key[..], offset), (&b"a"[..], number));
                    values.push(number);
                }
                Entry::Gap { missed, .. } => gaps += missed,
            }
        }
    }
    bus.close().await;
    (values, gaps)
}

fn run<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_log_cut_anywhere_gives_a_prefix(cut in any::<prop::sample::Index>()) {
        run(async {
            let dir = tempfile::tempdir().unwrap();
            let whole = written(dir.path()).await;
            let cut = cut.index(whole.len());
            let (values, gaps) = survivors(dir.path(), &whole[..cut]).await;
            assert_eq!(values, (0..values.len() as u64).collect::<Vec<_>>());
            assert!(values.len() / 2 >= cut / (whole.len() / 6 + 2), "{} of {cut}", values.len());
            assert_eq!(gaps, 0);
        });
    }

    #[test]
    fn a_flipped_byte_costs_its_block_and_nothing_else(
        at in any::<prop::sample::Index>(), flip in 1_u8..,
    ) {
        run(async {
            let dir = tempfile::tempdir().unwrap();
            let mut content = written(dir.path()).await;
            let at = at.index(content.len());
            content[at] ^= flip;
            let (values, gaps) = survivors(dir.path(), &content).await;
            assert_eq!(values.len(), 10, "{values:?}");
            assert!(values.is_sorted());
            // Damage of the last block cannot be told from a torn write: it is cut off.
            let last_is_hit = !values.contains(&10);
            assert_eq!(gaps, if last_is_hit { 0 } else { 2 });
        });
    }
}

#[tokio::test]
async fn a_disk_that_refuses_is_reported_and_writing_goes_on_when_it_takes_again() {
    let dir = tempfile::tempdir().unwrap();
    let small = LocalConfig { segment_bytes: 1, queue_bytes: 100, ..config(dir.path()) };
    let bus = Bus::open(small, Clock::System).unwrap();
    append(&bus, "a", &["0"]);
    bus.flush().await.unwrap();
    // The next segment cannot be created: its name is taken.
    let taken = segments(dir.path(), "a")[0].with_file_name(format!("{:020}.log", 1));
    fs::create_dir(&taken).unwrap();
    let (mut kept, mut shed) = (1, 0);
    for number in 1..200 {
        match bus.append(b"a", [number.to_string().as_bytes()].into_iter()) {
            Ok(()) => kept += 1,
            Err(full) => shed += full.shed.get(),
        }
    }
    bus.flush().await.unwrap_err();
    let stats = bus.stats();
    assert!(stats.error.is_some());
    assert!(shed > 0 && stats.shed == shed && stats.queued_bytes > 0, "{stats:?}");
    fs::remove_dir(&taken).unwrap();
    timeout(HANG, async { while bus.flush().await.is_err() {} }).await.unwrap();
    let stats = bus.stats();
    assert_eq!((stats.error, stats.records, stats.queued_bytes), (None, kept, 0));
    assert_eq!(kept + shed, 200);
    bus.close().await;
}

#[tokio::test]
async fn a_record_that_is_too_large_is_shed_alone() {
    let dir = tempfile::tempdir().unwrap();
    let bus = open(dir.path());
    let huge = vec![0; 17 << 20];
    let full = bus.append(b"a", [&b"1"[..], &huge, b"2"].into_iter()).unwrap_err();
    bus.flush().await.unwrap();
    assert_eq!((full.shed.get(), bus.stats().records, bus.stats().shed), (1, 2, 1));
    bus.close().await;
}

#[tokio::test]
async fn records_older_than_the_retention_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::manual(Clock::System.unix_ms());
    let day = LocalConfig { retain_seconds: 86_400, ..config(dir.path()) };
    let bus = Bus::open(day, clock.clone()).unwrap();
    append(&bus, "a", &["old"]);
    bus.flush().await.unwrap();
    clock.advance_ms(2 * 86_400_000);
    append(&bus, "a", &["new"]);
    bus.flush().await.unwrap();
    let removed = async {
        while segments(dir.path(), "a").len() > 1 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(HANG, removed).await.unwrap();
    let entries = timeout(HANG, bus.tail(Start::Earliest).next()).await.unwrap().unwrap();
    let [Entry::Record { offset: 1, value, .. }] = entries.as_slice() else {
        panic!("{entries:?}")
    };
    assert_eq!(&value[..], b"new");
    assert_eq!(bus.stats().removed_unread, 0);
    bus.close().await;
}

#[tokio::test]
async fn a_tail_ends_after_the_last_record_of_a_closed_log() {
    let dir = tempfile::tempdir().unwrap();
    let bus = open(dir.path());
    let mut tail = bus.tail(Start::Now);
    append(&bus, "a", &["1"]);
    bus.close().await;
    assert_eq!(timeout(HANG, tail.next()).await.unwrap().unwrap().len(), 1);
    timeout(HANG, tail.next()).await.unwrap().unwrap_err();
    bus.flush().await.unwrap_err();
    // The directory is free although handles are left.
    open(dir.path()).close().await;
}

#[tokio::test]
async fn dropping_the_last_handle_writes_out_what_is_queued_and_frees_the_directory() {
    let dir = tempfile::tempdir().unwrap();
    let bus = open(dir.path());
    append(&bus, "a", &["1"]);
    drop(bus);
    let reopened = async {
        loop {
            match Bus::open(config(dir.path()), Clock::System) {
                Ok(bus) => return bus,
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    };
    let bus = timeout(HANG, reopened).await.unwrap();
    let entries = timeout(HANG, bus.tail(Start::Earliest).next()).await.unwrap().unwrap();
    assert_eq!(entries.len(), 1);
    bus.close().await;
}

#[tokio::test]
async fn a_group_ahead_of_the_log_goes_on_at_its_end_instead_of_skipping_what_comes() {
    let dir = tempfile::tempdir().unwrap();
    let bus = open(dir.path());
    fs::create_dir(dir.path().join("consumers")).unwrap();
    fs::write(dir.path().join("consumers/ahead.json"), r#"{"0":500}"#).unwrap();
    let mut consumer = bus.consumer("ahead").unwrap();
    append(&bus, "agent-1", &["1"]);
    let entries = timeout(HANG, consumer.next()).await.unwrap().unwrap();
    assert!(matches!(entries.as_slice(), [Entry::Record { partition: 0, offset: 0, .. }]));
    bus.close().await;
}

#[tokio::test]
async fn a_tail_that_is_cancelled_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let bus = open(dir.path());
    let mut tail = bus.tail(Start::Now);
    let mut values = Vec::new();
    for number in 0_u32..50 {
        append(&bus, "a", &[&number.to_string()]);
        if let Ok(entries) = timeout(Duration::from_millis(1), tail.next()).await {
            values.extend(entries.unwrap());
        }
    }
    while values.len() < 50 {
        values.extend(timeout(HANG, tail.next()).await.unwrap().unwrap());
    }
    let offsets = values.iter().map(|it| match it {
        Entry::Record { offset, .. } => *offset,
        Entry::Gap { .. } => panic!("{it:?}"),
    });
    assert!(offsets.eq(0..50));
    bus.close().await;
}
