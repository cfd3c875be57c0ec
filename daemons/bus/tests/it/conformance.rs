//! What holds for every engine: one function for each property, run on each engine.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use elk_bus::{KafkaConfig, Start, partition};
use tokio::time::timeout;

use crate::world::{HANG, Read, World, append, check, open, read, records};

/// Makes the tests of an engine, in the module where it stands.
macro_rules! suite {
    ($engine:ident: $($property:ident,)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $property() {
                let Some(world) = crate::world::World::$engine() else { return };
                crate::conformance::$property(&world).await;
            }
        )*
    };
}

/// All properties, on one engine.
macro_rules! engine {
    ($engine:ident) => {
        crate::conformance::suite! { $engine:
            records_of_a_key_keep_their_order,
            values_come_back_as_the_bytes_they_were,
            a_key_lies_in_the_partition_of_its_hash,
            a_group_goes_on_where_it_committed,
            what_was_put_in_before_the_close_is_there_after_it,
            what_comes_after_the_close_is_shed_and_counted,
            a_record_that_is_too_large_is_shed_alone,
            a_tail_from_now_sees_what_comes_and_nothing_else,
            a_tail_goes_on_from_the_places_it_told,
            a_second_owner_of_the_directory_is_refused,
            what_was_flushed_survives_kill_dash_nine,
        }
    };
}
pub(crate) use {engine, suite};

pub(crate) async fn records_of_a_key_keep_their_order(world: &World) {
    let bus = world.open();
    let mut counts = BTreeMap::new();
    for number in 0..300_u64 {
        for key in ["a", "b", "c", "d", "e"] {
            let next: &mut u64 = counts.entry(key.to_owned()).or_default();
            let values: Vec<_> = (*next..=*next + number % 3).map(|it| it.to_string()).collect();
            *next += values.len() as u64;
            append(&bus, key, &values.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if number % 50 == 0 {
            bus.flush().await.unwrap();
        }
    }
    let count = counts.values().sum::<u64>();
    let mut consumer = bus.consumer("order").unwrap();
    let found = read(&mut consumer, usize::try_from(count).unwrap()).await;
    assert_eq!(check(&found, &counts), 0);
    assert_eq!(bus.stats().records, count);
    bus.close().await;
}

pub(crate) async fn values_come_back_as_the_bytes_they_were(world: &World) {
    let bus = world.open();
    let all: Vec<u8> = (0..=255).collect();
    let large: Vec<u8> = all.iter().copied().cycle().take(10 << 20).collect();
    for value in [&b""[..], &all, &large, b"last"] {
        bus.append(b"\xff\x00key", [value].into_iter()).unwrap();
    }
    bus.append(b"", [&b"no key"[..]].into_iter()).unwrap();
    let mut consumer = bus.consumer("bytes").unwrap();
    let (mut of_key, mut of_none) = (Vec::new(), Vec::new());
    for Read { key, value, .. } in read(&mut consumer, 5).await {
        if key.is_empty() { of_none.push(value) } else { of_key.push((key, value)) }
    }
    assert_eq!(of_none, [b"no key"]);
    assert!(of_key.iter().all(|(key, _)| key == b"\xff\x00key"));
    let values: Vec<_> = of_key.into_iter().map(|(_, value)| value).collect();
    assert!(values == [Vec::new(), all, large, b"last".to_vec()]);
    bus.close().await;
}

pub(crate) async fn a_key_lies_in_the_partition_of_its_hash(world: &World) {
    let bus = world.open();
    let reference = ["", "agent-1", "33623333-3365-4905-b417-331e183333183"].map(str::to_owned);
    let keys: Vec<_> = reference.into_iter().chain((0..97).map(|it| format!("k{it}"))).collect();
    for key in &keys {
        append(&bus, key, &["x"]);
    }
    let mut consumer = bus.consumer("hash").unwrap();
    let found = read(&mut consumer, keys.len()).await;
    for record in found {
        assert_eq!(record.partition, partition(&record.key, world.partitions()), "{record:?}");
    }
    bus.close().await;
}

pub(crate) async fn a_group_goes_on_where_it_committed(world: &World) {
    let bus = world.open();
    append(&bus, "a", &["1", "2"]);
    let mut consumer = bus.consumer("archive").unwrap();
    assert_eq!(read(&mut consumer, 2).await.len(), 2);
    consumer.commit().await.unwrap();
    append(&bus, "a", &["3"]);
    assert_eq!(read(&mut consumer, 1).await[0].value, b"3");
    drop(consumer);
    bus.close().await;
    drop(bus);
    let bus = world.open();
    let mut consumer = bus.consumer("archive").unwrap();
    assert_eq!(read(&mut consumer, 1).await[0].value, b"3", "that was not committed");
    bus.close().await;
}

pub(crate) async fn what_was_put_in_before_the_close_is_there_after_it(world: &World) {
    let bus = world.open();
    append(&bus, "a", &["0", "1"]);
    append(&bus, "a", &["2"]);
    bus.close().await;
    drop(bus);
    let bus = world.open();
    append(&bus, "a", &["3"]);
    let mut consumer = bus.consumer("again").unwrap();
    let found = read(&mut consumer, 4).await;
    assert_eq!(check(&found, &BTreeMap::from([("a".to_owned(), 4)])), 0);
    bus.close().await;
}

pub(crate) async fn what_comes_after_the_close_is_shed_and_counted(world: &World) {
    let bus = world.open();
    bus.close().await;
    let full = bus.append(b"a", [&b"1"[..], b"2"].into_iter()).unwrap_err();
    assert_eq!((full.shed.get(), bus.stats().shed), (2, 2));
    bus.flush().await.unwrap_err();
}

pub(crate) async fn a_record_that_is_too_large_is_shed_alone(world: &World) {
    let bus = world.open();
    let huge = vec![0; 17 << 20];
    let full = bus.append(b"a", [&b"0"[..], &huge, b"1"].into_iter()).unwrap_err();
    assert_eq!((full.shed.get(), bus.stats().shed), (1, 1));
    let mut consumer = bus.consumer("large").unwrap();
    let found = read(&mut consumer, 2).await;
    assert_eq!(check(&found, &BTreeMap::from([("a".to_owned(), 2)])), 0);
    bus.close().await;
}

pub(crate) async fn a_tail_from_now_sees_what_comes_and_nothing_else(world: &World) {
    let bus = world.open();
    append(&bus, "a", &["before"]);
    crate::world::until("it can be read", || bus.stats().records == 1).await;
    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    let mut tail = bus.tail(Start::Now);
    append(&bus, "a", &["after"]);
    let found: Vec<_> = records(timeout(HANG, tail.next()).await.unwrap().unwrap()).collect();
    assert_eq!((found.len(), &found[0].value[..]), (1, &b"after"[..]));
    bus.close().await;
    timeout(HANG, tail.next()).await.unwrap().unwrap_err();
}

pub(crate) async fn a_tail_goes_on_from_the_places_it_told(world: &World) {
    let bus = world.open();
    append(&bus, "a", &["1", "2"]);
    bus.flush().await.unwrap();
    let mut tail = bus.tail(Start::Earliest);
    timeout(HANG, tail.begin()).await.unwrap().unwrap();
    assert_eq!(tail.places(), vec![0; world.partitions() as usize]);
    let mut found = Vec::new();
    while found.len() < 2 {
        found.extend(records(timeout(HANG, tail.next()).await.unwrap().unwrap()));
    }
    let places = tail.places().to_vec();
    assert_eq!(places.len(), world.partitions() as usize);
    drop(tail);
    append(&bus, "a", &["3"]);
    let mut tail = bus.tail_from(&places);
    let found: Vec<_> = records(timeout(HANG, tail.next()).await.unwrap().unwrap()).collect();
    assert_eq!((found.len(), &found[0].value[..]), (1, &b"3"[..]));
    bus.close().await;
}

pub(crate) async fn a_second_owner_of_the_directory_is_refused(world: &World) {
    let bus = world.open();
    let second = match world {
        World::Local(dir) => elk_bus::Bus::open(
            elk_bus::LocalConfig { dir: dir.path().to_owned(), ..Default::default() },
            elk_bus::Clock::System,
        ),
        World::Kafka(dir, config) => elk_bus::Bus::open_kafka(
            KafkaConfig::clone(config),
            elk_bus::Topic::Records,
            dir.path(),
            elk_bus::Clock::System,
        ),
    };
    let error = second.unwrap_err().to_string();
    assert!(error.ends_with(&format!("is in use by process {}", std::process::id())), "{error}");
    bus.close().await;
}

/// Run by the test below in a process of its own: appends for ever and prints what is flushed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appends_until_killed_when_told_to() {
    let Some(dir) = std::env::var_os("ELK_BUS_TEST_WORLD").map(PathBuf::from) else { return };
    let bus = match std::env::var("ELK_BUS_TEST_KAFKA") {
        Ok(text) => open(&serde_json::from_str(&text).expect("settings"), &dir),
        Err(_) => {
            let config = elk_bus::LocalConfig { dir, min_free_bytes: 0, ..Default::default() };
            elk_bus::Bus::open(config, elk_bus::Clock::System).expect("it opens")
        }
    };
    for number in 0_u64.. {
        let text = number.to_string();
        append(&bus, "a", &[&text]);
        append(&bus, "b", &[&text]);
        bus.flush().await.unwrap();
        println!("\nflushed {number}");
    }
}

pub(crate) async fn what_was_flushed_survives_kill_dash_nine(world: &World) {
    let mut command = Command::new(std::env::current_exe().expect("a test has a file"));
    command.args(["--exact", "conformance::appends_until_killed_when_told_to", "--nocapture"]);
    match world {
        World::Local(dir) => command.env("ELK_BUS_TEST_WORLD", dir.path()),
        World::Kafka(dir, config) => command
            .env("ELK_BUS_TEST_WORLD", dir.path())
            .env("ELK_BUS_TEST_KAFKA", serde_json::to_string(config).expect("JSON")),
    };
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the child starts");
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let flushed = |line: String| line.strip_prefix("flushed ").and_then(|it| it.parse().ok());
    let mut reports = lines.map_while(Result::ok).filter_map(flushed);
    let last: u64 = reports.find(|it| *it >= 20).expect("the child reports");
    child.kill().expect("the child is killed");
    child.wait().expect("the child ends");
    let count = reports.last().unwrap_or(last) + 1;
    let bus = world.open();
    append(&bus, "a", &["end"]);
    append(&bus, "b", &["end"]);
    let mut consumer = bus.consumer("survivors").unwrap();
    let ends = |read: &[Read]| read.iter().filter(|it| it.value == b"end").count();
    let found = crate::world::read_until(&mut consumer, |read| ends(read) == 2).await;
    for key in ["a", "b"] {
        let of_key = found.iter().filter(|it| it.key == key.as_bytes());
        let values: Vec<_> = of_key.map(|it| String::from_utf8_lossy(&it.value)).collect();
        let expected: Vec<_> = (0..count).map(|it| it.to_string()).collect();
        let sure: Vec<_> = values.iter().take(expected.len()).collect();
        assert!(sure == expected.iter().collect::<Vec<_>>(), "key {key}: {values:?}");
        assert_eq!(values.last().map(|it| &**it), Some("end"));
    }
    bus.close().await;
}
