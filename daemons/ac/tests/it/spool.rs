//! `elk-ac` killed while what its spool holds goes to Kafka.

#![expect(clippy::panic, reason = "a test helper that fails fails its test")]

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use elk_bus::{Bus, Clock, Entry, KafkaConfig, Topic};
use elk_wire::{item, mqdata};
use tokio::time::{Instant, sleep, timeout};

use crate::agent::{Agent, batch, dial, record};
use crate::broker::Broker;
use crate::kafka::settings;
use crate::peer::manager;
use crate::process::Killed;
use crate::world::Files;

const HANG: Duration = Duration::from_mins(1);
const AGENTS: [&str; 3] = ["agent-1", "agent-2", "agent-3"];
const MESSAGES: usize = 60;
const RECORDS: usize = 50;

/// Returns a metric that the process serves at `admin`.
fn metric(admin: SocketAddr, name: &str) -> u64 {
    let mut text = String::new();
    let asked = TcpStream::connect(admin).and_then(|mut socket| {
        socket.write_all(b"GET /metrics HTTP/1.0\r\nHost: elk\r\n\r\n")?;
        socket.read_to_string(&mut text)
    });
    asked.unwrap();
    let line = text.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().unwrap()
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + HANG;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        sleep(Duration::from_millis(2)).await;
    }
}

/// Sends numbered records of an agent, each of about 1 KB.
async fn send(agent: &Agent, name: &str) {
    for message in 0..MESSAGES {
        let numbers = (message * RECORDS..).take(RECORDS).map(|it| it.to_string());
        let filler = || (0..1_000).map(|_| char::from(letter())).collect::<String>();
        let records = numbers.map(|it| record(59, &[("n", &it), ("filler", &filler())]));
        agent.send(&batch(name, "h1", records.collect())).await;
    }
}

/// A letter, so that there is little to compress.
fn letter() -> u8 {
    use std::hash::{BuildHasher as _, RandomState};
    b'a' + u8::try_from(RandomState::new().hash_one(0) % 26).unwrap()
}

/// Reads the topic until each agent's last record came; checks that none is missing or overtaken,
/// and returns how many came.
async fn verify(broker: &Broker) -> usize {
    let directory = tempfile::tempdir().unwrap();
    let config = KafkaConfig { brokers: vec![broker.addr()], ..KafkaConfig::default() };
    let (dir, topic) = (directory.path().join("spool"), Topic::Records);
    let bus = Bus::open_kafka(config, topic, &dir, Clock::System).unwrap();
    let mut consumer = bus.consumer("verify").unwrap();
    let (mut next, mut count) = (BTreeMap::new(), 0);
    while next.len() < AGENTS.len() || next.values().any(|it| *it < MESSAGES * RECORDS) {
        let came = timeout(HANG, consumer.next()).await;
        for entry in came.unwrap_or_else(|_| panic!("only {next:?} came")).unwrap() {
            let Entry::Record { key, value, .. } = entry else { panic!("{entry:?}") };
            let view = mqdata::View::parse(&value).unwrap();
            assert_eq!(view.agent_id, &key[..]);
            let (name, number) = item::pairs(view.body).next().unwrap().unwrap();
            assert_eq!(name, b"n");
            let number: usize = std::str::from_utf8(number).unwrap().parse().unwrap();
            let next = next.entry(String::from_utf8(key.to_vec()).unwrap()).or_default();
            assert!(number <= *next, "{number} came before {next} of {key:?}");
            *next = (*next).max(number + 1);
            count += 1;
        }
    }
    bus.close().await;
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn elk_ac_killed_with_a_half_drained_spool_loses_nothing_and_keeps_the_order() {
    let Some(broker) = Broker::running() else { return };
    let directory = tempfile::tempdir().unwrap();
    let files = Files::create(directory.path());
    let (addr, _heard, _ends) = manager().await;
    let admin = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let top = format!("admin = \"{admin}\"\n");
    let start = |queue_bytes: usize| {
        let kafka = format!("brokers = [\"{}\"]\nqueue_bytes = {queue_bytes}\n", broker.addr());
        Killed::start(&settings(directory.path(), addr, (&top, &kafka)))
    };
    let spooled = || metric(admin, "elk_ac_kafka_spooled_records");
    let drained = || metric(admin, "elk_ac_kafka_drained_total");
    let total = AGENTS.len() * MESSAGES * RECORDS;
    let (process, grpc) = start(64 << 20);
    until("the broker is up", || metric(admin, "elk_ac_kafka_up") == 1).await;
    broker.freeze();
    // A connection that ends takes along what is on its way.
    let mut agents = Vec::new();
    for name in AGENTS {
        let agent = Agent::open(dial(grpc, &files.agent_tls).await).await;
        send(&agent, name).await;
        agents.push(agent);
    }
    until("all is in the spool", || spooled() == total as u64).await;
    drop((process, agents));
    broker.thaw();
    // So little is in flight at a time that draining takes a while.
    let (process, _) = start(256 << 10);
    until("some are drained", || drained() > 0).await;
    broker.freeze();
    // The gauge falls only when the spool notes what was drained.
    let so_far = drained();
    assert!(so_far < total as u64, "it is killed halfway: {so_far} of {total} were drained");
    drop(process);
    broker.thaw();
    let (process, _) = start(64 << 20);
    until("the spool is drained", || spooled() == 0).await;
    let again = drained();
    assert!(again > 0 && again <= total as u64, "{again} were drained after the last start");
    let count = verify(&broker).await;
    // What comes twice was on its way, or not yet noted, when the process was killed.
    assert!(count <= 2 * total, "{count} came of {total}");
    drop(process);
}
