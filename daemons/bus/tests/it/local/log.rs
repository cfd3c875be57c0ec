use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use elk_bus::{Bus, BusStats, Clock, Entry, Fsync, LocalConfig, OpenError, Start, partition};
use proptest::prelude::*;
use tokio::time::timeout;

pub(crate) const HANG: Duration = Duration::from_secs(30);

pub(crate) fn config(dir: &Path) -> LocalConfig {
    LocalConfig { dir: dir.to_owned(), min_free_bytes: 0, ..LocalConfig::default() }
}

pub(crate) fn open(dir: &Path) -> Bus {
    Bus::open(config(dir), Clock::System).expect("the log opens")
}

pub(crate) fn append(bus: &Bus, key: &str, values: &[&str]) {
    bus.append(key.as_bytes(), values.iter().map(|it| it.as_bytes())).expect("there is room");
}

async fn read(bus: &Bus, count: usize) -> Vec<(String, String)> {
    let mut tail = bus.tail(Start::Earliest);
    let mut found = Vec::new();
    while found.len() < count {
        let entries = timeout(HANG, tail.next()).await.expect("records come").expect("readable");
        for entry in entries {
            if let Entry::Record { key, value, .. } = entry {
                let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
                found.push((text(&key), text(&value)));
            }
        }
    }
    found
}

pub(crate) fn segments(dir: &Path, key: &str) -> Vec<PathBuf> {
    let number = partition(key.as_bytes(), 12);
    let files = fs::read_dir(dir.join(format!("p{number:03}"))).expect("a partition");
    let mut files: Vec<_> = files.map(|it| it.expect("an entry").path()).collect();
    files.sort();
    files
}

#[tokio::test]
async fn records_come_back_in_order_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let bus = open(dir.path());
    append(&bus, "a", &["1", "2"]);
    append(&bus, "a", &["3"]);
    bus.flush().await.unwrap();
    bus.close().await;
    drop(bus);
    let bus = open(dir.path());
    append(&bus, "a", &["4"]);
    let values: Vec<_> = read(&bus, 4).await.into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, ["1", "2", "3", "4"]);
    bus.close().await;
}

#[tokio::test]
async fn a_second_owner_is_refused_by_the_pid_of_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let bus = open(dir.path());
    let error = Bus::open(config(dir.path()), Clock::System).unwrap_err();
    let OpenError::InUse { pid, .. } = error else { panic!("{error}") };
    assert_eq!(pid, std::process::id().to_string());
    bus.close().await;
}

#[tokio::test]
async fn a_log_of_a_later_format_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("meta.json"), r#"{"format":9,"shards":[]}"#).unwrap();
    let error = Bus::open(config(dir.path()), Clock::System).unwrap_err();
    assert!(matches!(error, OpenError::TooNew { found: 9, .. }), "{error}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_log_whose_description_is_damaged_or_lost_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let meta = dir.path().join("meta.json");
    fs::write(&meta, r#"{"format":1,"partitions":12"#).unwrap();
    let error = Bus::open(config(dir.path()), Clock::System).unwrap_err();
    assert!(error.to_string().ends_with("is damaged: meta.json cannot be read"), "{error}");
    fs::remove_file(&meta).unwrap();
    fs::create_dir(dir.path().join("p000")).unwrap();
    let error = Bus::open(config(dir.path()), Clock::System).unwrap_err();
    assert!(error.to_string().ends_with("is damaged: meta.json is missing"), "{error}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_torn_tail_is_cut_off_at_the_start_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    let bus = open(dir.path());
    append(&bus, "a", &["1"]);
    bus.flush().await.unwrap();
    append(&bus, "a", &["2"]);
    bus.flush().await.unwrap();
    bus.close().await;
    drop(bus);
    let file = segments(dir.path(), "a").pop().unwrap();
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() - 3]).unwrap();
    let bus = open(dir.path());
    assert!(bus.stats().torn_bytes > 0);
    append(&bus, "a", &["3"]);
    let values: Vec<_> = read(&bus, 2).await.into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, ["1", "3"]);
    bus.close().await;
}

#[tokio::test]
async fn damage_in_the_middle_is_a_counted_gap_and_loses_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let bus = open(dir.path());
    for value in ["1", "2", "3"] {
        append(&bus, "a", &[value]);
        bus.flush().await.unwrap();
    }
    bus.close().await;
    drop(bus);
    let file = segments(dir.path(), "a").pop().unwrap();
    let mut whole = fs::read(&file).unwrap();
    let middle = whole.len() / 2;
    whole[middle] ^= 0xff;
    fs::write(&file, whole).unwrap();
    let bus = open(dir.path());
    let mut tail = bus.tail(Start::Earliest);
    let (mut values, mut missed) = (Vec::new(), 0);
    while values.len() < 2 {
        for entry in timeout(HANG, tail.next()).await.unwrap().unwrap() {
            match entry {
                Entry::Record { value, .. } => values.push(value),
                Entry::Gap { missed: more, .. } => missed += more,
            }
        }
    }
    assert_eq!((values, missed), (vec!["1".into(), "3".into()], 1));
    bus.close().await;
}

#[tokio::test]
async fn a_consumer_goes_on_where_it_committed() {
    let dir = tempfile::tempdir().unwrap();
    let bus = open(dir.path());
    append(&bus, "a", &["1", "2"]);
    let mut consumer = bus.consumer("archive").unwrap();
    assert_eq!(timeout(HANG, consumer.next()).await.unwrap().unwrap().len(), 2);
    consumer.commit().await.unwrap();
    append(&bus, "a", &["3"]);
    assert_eq!(timeout(HANG, consumer.next()).await.unwrap().unwrap().len(), 1);
    drop(consumer);
    bus.close().await;
    drop(bus);
    let bus = open(dir.path());
    let mut consumer = bus.consumer("archive").unwrap();
    let entries = timeout(HANG, consumer.next()).await.unwrap().unwrap();
    let [Entry::Record { value, offset: 2, .. }] = entries.as_slice() else {
        panic!("{entries:?}")
    };
    assert_eq!(&value[..], b"3");
    bus.close().await;
}

#[tokio::test]
async fn what_retention_removes_unread_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let small = LocalConfig { segment_bytes: 1, retain_bytes: 1, ..config(dir.path()) };
    let bus = Bus::open(small, Clock::System).unwrap();
    let consumer = bus.consumer("slow").unwrap();
    for value in ["1", "2", "3"] {
        append(&bus, "a", &[value]);
        bus.flush().await.unwrap();
    }
    let removed = async {
        while bus.stats().removed_unread < 2 {
            append(&bus, "b", &["tick"]);
            bus.flush().await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(HANG, removed).await.unwrap();
    assert_eq!(segments(dir.path(), "a").len(), 1);
    drop(consumer);
    bus.close().await;
}

#[tokio::test]
async fn what_comes_after_the_close_is_shed_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    let bus = open(dir.path());
    bus.close().await;
    let full = bus.append(b"a", [&b"1"[..], b"2"].into_iter()).unwrap_err();
    assert_eq!((full.shed.get(), bus.stats().shed), (2, 2));
}

/// Run by the test below in a process of its own: appends for ever and prints what is flushed.
#[tokio::test]
async fn appends_until_killed_when_told_to() {
    let Some(dir) = std::env::var_os("ELK_BUS_TEST_DIR") else { return };
    let bus = open(Path::new(&dir));
    for number in 0_u64.. {
        let text = number.to_string();
        append(&bus, "a", &[&text]);
        append(&bus, "b", &[&text]);
        bus.flush().await.unwrap();
        println!("\nflushed {number}");
    }
}

#[tokio::test]
async fn what_was_flushed_survives_kill_dash_nine() {
    for _ in 0..4 {
        let dir = tempfile::tempdir().unwrap();
        let acknowledged = append_until_killed(dir.path(), rand::random_range(1..80));
        let bus = open(dir.path());
        let count = usize::try_from(acknowledged + 1).unwrap() * 2;
        let read = read(&bus, count).await;
        for key in ["a", "b"] {
            let of_key = read.iter().filter(|(found, _)| found == key);
            let expected: Vec<_> = (0..=acknowledged).map(|it| it.to_string()).collect();
            let values: Vec<_> = of_key.map(|(_, it)| it.as_str()).take(expected.len()).collect();
            assert_eq!(values, expected, "key {key}");
        }
        bus.close().await;
    }
}

/// Kills a process of its own once it has reported `least`; returns the last it reported.
fn append_until_killed(dir: &Path, least: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().expect("a test has a file"))
        .args(["--exact", "local::log::appends_until_killed_when_told_to", "--nocapture"])
        .env("ELK_BUS_TEST_DIR", dir)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the child starts");
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let flushed = |line: String| line.strip_prefix("flushed ").and_then(|it| it.parse().ok());
    let mut reports = lines.map_while(Result::ok).filter_map(flushed);
    let last = reports.find(|it| *it >= least).expect("the child reports");
    child.kill().expect("the child is killed");
    child.wait().expect("the child ends");
    reports.last().unwrap_or(last)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_is_appended_is_read_in_order_across_segments(
        batches in prop::collection::vec((0_u8..5, prop::collection::vec("[a-z]{0,30}", 1..6)), 1..30),
        segment_bytes in 1_u64..400,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let config = LocalConfig { segment_bytes, fsync: Fsync::Never, retain_bytes: 0, ..config(dir.path()) };
            let bus = Bus::open(config, Clock::System).unwrap();
            let mut expected = Vec::new();
            for (key, values) in &batches {
                let values: Vec<_> = values.iter().map(String::as_str).collect();
                append(&bus, &key.to_string(), &values);
                expected.extend(values.iter().map(|it| (key.to_string(), (*it).to_owned())));
                if values.len() % 2 == 0 {
                    bus.flush().await.unwrap();
                }
            }
            let read = read(&bus, expected.len()).await;
            for key in 0..5_u8 {
                let of = |all: &[(String, String)]| -> Vec<String> {
                    all.iter().filter(|it| it.0 == key.to_string()).map(|it| it.1.clone()).collect()
                };
                assert_eq!(of(&read), of(&expected));
            }
            assert_eq!(BusStats { disk_bytes: 0, ..bus.stats() }.records, expected.len() as u64);
            bus.close().await;
        });
    }
}
