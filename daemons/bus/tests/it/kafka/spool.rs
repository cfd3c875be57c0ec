//! The spool: when it is full, and when its process is killed.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use elk_bus::{KafkaConfig, Value};

use super::load::{KEYS, Load, stats};
use crate::world::{NOWHERE, kafka, open, read, shared, until};

/// A record of either class that does not get smaller by compression.
#[derive(Clone)]
struct Noise {
    text: Vec<u8>,
    control: bool,
}

impl Value for Noise {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.text);
    }

    fn is_control(&self) -> bool {
        self.control
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_spool_sheds_bulk_and_counts_it_and_keeps_every_heartbeat() {
    let Some(broker) = shared() else { return };
    let dir = tempfile::tempdir().unwrap();
    let config = KafkaConfig { spool_bytes: 1 << 20, lanes: 2, ..kafka(NOWHERE) };
    let bus = open(&config, dir.path());
    let (mut taken, mut shed, mut control) = (Vec::new(), 0, 0);
    for number in 0_u32..4_000 {
        let mut text = number.to_be_bytes().to_vec();
        text.extend((0..1_000).map(|_| rand::random::<u8>()));
        let value = Noise { text, control: number % 10 == 0 };
        match bus.append(b"agent-1", [value.clone()].into_iter()) {
            Ok(()) => taken.push(value.text),
            Err(full) => shed += full.shed.get(),
        }
        control += u64::from(value.control);
        if number % 100 == 0 {
            bus.flush().await.expect("the disk takes it");
        }
    }
    let told = bus.stats();
    assert!(shed > 1_000 && told.shed == shed && told.shed_control == 0, "{told:?}");
    let number = |it: &Vec<u8>| u32::from_be_bytes(*it.first_chunk().expect("four bytes"));
    let kept = taken.iter().filter(|it| number(it) % 10 == 0).count();
    assert_eq!(kept as u64, control, "each heartbeat is kept");
    assert!(told.disk_bytes < 3 << 20, "{told:?}");
    bus.close().await;
    drop(bus);
    let bus = open(&KafkaConfig { brokers: vec![broker.addr()], ..config }, dir.path());
    let mut consumer = bus.consumer("all").unwrap();
    let found = read(&mut consumer, taken.len()).await;
    let values: Vec<_> = found.into_iter().map(|it| it.value).collect();
    assert!(values == taken, "all that was taken arrives in order");
    until("the spool is empty", || stats(&bus).spooled_bytes < 1 << 20).await;
    let more = Noise { text: b"more".to_vec(), control: false };
    until("bulk is taken again", || bus.append(b"agent-1", [more.clone()].into_iter()).is_ok())
        .await;
    bus.close().await;
}

/// Run by the test below in a process of its own: fills the spool, or drains it, until killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fills_or_drains_until_killed_when_told_to() {
    let Some(dir) = std::env::var_os("ELK_BUS_TEST_SPOOL").map(PathBuf::from) else { return };
    let config = std::env::var("ELK_BUS_TEST_KAFKA").expect("settings");
    let bus = open(&serde_json::from_str(&config).expect("settings"), &dir);
    let mut load = Load::new();
    let fills = std::env::var_os("ELK_BUS_TEST_FILL").is_some();
    loop {
        if fills && load.total() < 16_000 {
            load.step(&bus, 100);
        }
        bus.flush().await.expect("the disk takes it");
        if fills && load.total() >= 16_000 {
            println!("\nat {}", load.total());
        }
        if !fills {
            println!("\nat {}", stats(&bus).drained);
        }
    }
}

fn child(dir: &Path, config: &KafkaConfig, fills: bool) -> (Child, impl Iterator<Item = u64>) {
    let mut command = Command::new(std::env::current_exe().expect("a test has a file"));
    command.args([
        "--exact",
        "kafka::spool::fills_or_drains_until_killed_when_told_to",
        "--nocapture",
    ]);
    command.env("ELK_BUS_TEST_SPOOL", dir);
    command.env("ELK_BUS_TEST_KAFKA", serde_json::to_string(config).expect("JSON"));
    if fills {
        command.env("ELK_BUS_TEST_FILL", "1");
    }
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the child starts");
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let told = |line: String| line.strip_prefix("at ").and_then(|it| it.parse().ok());
    (child, lines.map_while(Result::ok).filter_map(told))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_killed_with_a_half_drained_spool_loses_nothing() {
    let Some(broker) = shared() else { return };
    let dir = tempfile::tempdir().unwrap();
    // So little is in flight at a time that draining takes a while.
    let config = KafkaConfig { queue_bytes: 256 << 10, ..kafka(&broker.addr()) };
    let roomy = KafkaConfig { queue_bytes: 64 << 20, ..config.clone() };
    let alone = KafkaConfig { brokers: vec![NOWHERE.to_owned()], ..roomy.clone() };
    let (mut filler, mut told) = child(dir.path(), &alone, true);
    let total = told.next().expect("it reports");
    filler.kill().expect("it is ours");
    filler.wait().expect("it ends");
    let (mut drainer, mut told) = child(dir.path(), &config, false);
    let drained = told.find(|it| *it > 0).expect("it reports");
    drainer.kill().expect("it is ours");
    drainer.wait().expect("it ends");
    assert!(drained < total, "it was killed halfway: {drained} of {total}");
    let bus = open(&roomy, dir.path());
    let left = stats(&bus).spooled_records;
    until("the spool is drained", || stats(&bus).spooled_records == 0 && stats(&bus).drained > 0)
        .await;
    let load = Load::of(total / KEYS);
    // What the killed process had sent and not noted was sent again.
    let again = load.verify(&bus).await;
    assert!(again <= total && left <= total, "{again} of {total} came twice");
    bus.close().await;
}
