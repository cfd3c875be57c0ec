//! Brokers that are gone, frozen or killed, a full spool, a killed writer: nothing is lost, the
//! order of each key is kept, and what comes twice was sent twice.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use elk_bus::{Broker as State, Bus, KafkaConfig, KafkaStats, Sasl, SaslMechanism, Value};
use rdkafka::ClientConfig;
use rdkafka::admin::{
    AdminClient, AdminOptions, AlterConfig, NewTopic, ResourceSpecifier, TopicReplication,
};
use rdkafka::client::DefaultClientContext;
use tokio::time::{Instant, sleep};

use crate::broker::{Broker, USER};
use crate::world::{
    NOWHERE, Read, World, append, check, kafka, open, read, read_until, shared, until,
};

const KEYS: u64 = 8;

fn stats(bus: &Bus) -> KafkaStats {
    bus.stats().kafka.expect("it is Kafka")
}

/// Appends numbers under each key all the time; `check` knows what it appended.
struct Load {
    counts: BTreeMap<String, u64>,
}

impl Load {
    fn new() -> Self {
        Self { counts: (0..KEYS).map(|key| (format!("agent-{key}"), 0)).collect() }
    }

    /// Appends `each` values under every key; returns how long the longest call took.
    fn step(&mut self, bus: &Bus, each: u64) -> Duration {
        let mut longest = Duration::ZERO;
        for (key, next) in &mut self.counts {
            let values: Vec<_> =
                (*next..*next + each).map(|it| format!("{it} {:0>300}", it % 977)).collect();
            *next += each;
            let from = Instant::now();
            append(bus, key, &values.iter().map(String::as_str).collect::<Vec<_>>());
            longest = longest.max(from.elapsed());
        }
        longest
    }

    async fn run(&mut self, bus: &Bus, time: Duration) -> Duration {
        let (end, mut longest) = (Instant::now() + time, Duration::ZERO);
        while Instant::now() < end {
            longest = longest.max(self.step(bus, 10));
            sleep(Duration::from_millis(5)).await;
        }
        longest
    }

    fn total(&self) -> usize {
        usize::try_from(self.counts.values().sum::<u64>()).expect("few")
    }

    /// Reads all from the topic and returns how many records came twice.
    async fn verify(&self, bus: &Bus) -> u64 {
        for key in self.counts.keys() {
            append(bus, key, &["end"]);
        }
        let mut consumer = bus.consumer("verify").expect("it opens");
        let ends = |read: &[Read]| read.iter().filter(|it| it.value == b"end").count();
        let enough = |read: &[Read]| read.len() >= self.total() && ends(read) >= self.counts.len();
        let mut read = read_until(&mut consumer, enough).await;
        read.retain(|it| it.value != b"end");
        check(&read, &self.counts)
    }
}

const CALL: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_is_killed_and_restarted_under_load_loses_and_doubles_nothing() {
    let Some(mut broker) = Broker::running() else { return };
    let world = World::of(&broker);
    let (bus, mut load) = (world.open(), Load::new());
    load.run(&bus, Duration::from_millis(500)).await;
    until("the broker is up", || stats(&bus).broker == State::Up).await;
    broker.kill();
    let longest = load.run(&bus, Duration::from_secs(1)).await;
    assert!(longest < CALL, "a call took {longest:?}");
    until("records are spooled", || stats(&bus).spooled_records > 0).await;
    assert_eq!(bus.stats().shed, 0);
    broker.start();
    load.run(&bus, Duration::from_millis(500)).await;
    until("the spool is drained", || stats(&bus).spooled_records == 0).await;
    let again = load.verify(&bus).await;
    let told = stats(&bus);
    assert!(again == 0 || told.delivery_errors > 0, "{again} came twice: {told:?}");
    assert!(told.drained > 0 && told.refused == 0 && told.damaged == 0, "{told:?}");
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
    until("both are counted", || stats(&bus).spooled_records == load.total() as u64).await;
    broker.start();
    until("the spool is drained", || stats(&bus).spooled_records == 0).await;
    until("the broker is up", || stats(&bus).broker == State::Up).await;
    assert_eq!(load.verify(&bus).await, 0);
    assert_eq!(bus.stats().error, None);
    bus.close().await;
}

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_that_the_broker_refuses_for_its_size_is_counted_and_holds_up_no_other() {
    let Some(World::Kafka(dir, config)) = World::kafka() else { return };
    let mut admin = ClientConfig::new();
    admin.set("bootstrap.servers", &config.brokers[0]);
    let admin: AdminClient<DefaultClientContext> = admin.create().unwrap();
    let topic = NewTopic::new(&config.topic, 4, TopicReplication::Fixed(1));
    let topic = topic.set("max.message.bytes", "2000");
    admin.create_topics(&[topic], &AdminOptions::new()).await.unwrap();
    let bus = open(&config, dir.path());
    let large: String = (0..5_000).map(|_| rand::random_range('a'..='z')).collect();
    let mut consumer = bus.consumer("sizes").unwrap();
    append(&bus, "a", &["0"]);
    assert_eq!(read(&mut consumer, 1).await[0].value, b"0");
    append(&bus, "a", &[&large]);
    until("it is counted", || stats(&bus).refused == 1).await;
    append(&bus, "a", &["1"]);
    assert_eq!(read(&mut consumer, 1).await[0].value, b"1");
    until("nothing waits", || bus.stats().records == 2 && bus.stats().queued_bytes == 0).await;
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_that_fails_for_good_is_tried_again_and_nothing_overtakes_it() {
    let Some(World::Kafka(dir, config)) = World::kafka() else { return };
    let mut admin = ClientConfig::new();
    admin.set("bootstrap.servers", &config.brokers[0]);
    let admin: AdminClient<DefaultClientContext> = admin.create().unwrap();
    // The broker refuses what is older than a millisecond, and librdkafka gives such records up.
    let key = "message.timestamp.before.max.ms";
    let topic = NewTopic::new(&config.topic, 4, TopicReplication::Fixed(1)).set(key, "1");
    admin.create_topics(&[topic], &AdminOptions::new()).await.unwrap();
    let (bus, mut load) = (open(&config, dir.path()), Load::new());
    until("deliveries fail", || {
        load.step(&bus, 5);
        stats(&bus).delivery_errors > 100
    })
    .await;
    let topic = AlterConfig::new(ResourceSpecifier::Topic(&config.topic)).set(key, "86400000");
    admin.alter_configs(&[topic], &AdminOptions::new()).await.unwrap();
    load.run(&bus, Duration::from_millis(200)).await;
    until("the spool is drained", || stats(&bus).spooled_records == 0).await;
    load.verify(&bus).await;
    assert_eq!((bus.stats().shed, stats(&bus).refused), (0, 0));
    bus.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_opens_the_door_and_a_wrong_one_does_not() {
    let Some(broker) = shared() else { return };
    for mechanism in [SaslMechanism::Plain, SaslMechanism::ScramSha512] {
        let sasl = |password: &str| {
            let (username, password) = (USER.0.to_owned(), elk_trust::Secret::new(password));
            Some(Sasl { mechanism, username, password })
        };
        let dir = tempfile::tempdir().unwrap();
        let topic = format!("t{:x}", rand::random::<u64>());
        let config = KafkaConfig { topic, ..kafka(&broker.sasl_addr()) };
        let wrong = KafkaConfig { sasl: sasl("wrong"), ..config.clone() };
        let bus = open(&wrong, dir.path());
        append(&bus, "a", &["0"]);
        until("it is said", || bus.stats().error.is_some_and(|it| !it.contains("wrong"))).await;
        bus.flush().await.unwrap();
        bus.close().await;
        drop(bus);
        let bus = open(&KafkaConfig { sasl: sasl(USER.1), ..config }, dir.path());
        let mut consumer = bus.consumer("sasl").unwrap();
        assert_eq!(read(&mut consumer, 1).await[0].value, b"0", "{mechanism:?}");
        bus.close().await;
    }
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
    command.args(["--exact", "faults::fills_or_drains_until_killed_when_told_to", "--nocapture"]);
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
    let load =
        Load { counts: (0..KEYS).map(|key| (format!("agent-{key}"), total / KEYS)).collect() };
    // What the killed process had sent and not noted was sent again.
    let again = load.verify(&bus).await;
    assert!(again <= total && left <= total, "{again} of {total} came twice");
    bus.close().await;
}
