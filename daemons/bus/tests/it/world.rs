//! An engine with a place of its own, which can be opened again and again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use elk_bus::{Bus, Clock, Consumer, Entry, KafkaConfig, LocalConfig, Topic};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::broker::Broker;

pub(crate) const HANG: Duration = Duration::from_secs(60);

pub(crate) enum World {
    Local(TempDir),
    Kafka(TempDir, Box<KafkaConfig>),
}

impl World {
    pub(crate) fn local() -> Option<Self> {
        Some(Self::Local(tempfile::tempdir().expect("a directory")))
    }

    /// A topic of its own in a broker that all tests share.
    pub(crate) fn kafka() -> Option<Self> {
        Some(Self::of(shared()?))
    }

    pub(crate) fn of(broker: &Broker) -> Self {
        Self::Kafka(tempfile::tempdir().expect("a directory"), Box::new(kafka(&broker.addr())))
    }

    pub(crate) fn open(&self) -> Bus {
        match self {
            Self::Local(dir) => {
                let dir = dir.path().to_owned();
                let config = LocalConfig { dir, min_free_bytes: 0, ..LocalConfig::default() };
                Bus::open(config, Clock::System).expect("it opens")
            }
            Self::Kafka(dir, config) => open(config, dir.path()),
        }
    }

    pub(crate) fn partitions(&self) -> u32 {
        match self {
            Self::Local(_) => 12,
            Self::Kafka(..) => 4,
        }
    }
}

/// The broker of all tests that leave it alone.
pub(crate) fn shared() -> Option<&'static Broker> {
    static SHARED: OnceLock<Option<Broker>> = OnceLock::new();
    SHARED.get_or_init(Broker::running).as_ref()
}

/// Where no broker is.
pub(crate) const NOWHERE: &str = "127.0.0.1:9";

pub(crate) fn open(config: &KafkaConfig, dir: &Path) -> Bus {
    Bus::open_kafka(config.clone(), Topic::Records, dir, Clock::System).expect("it opens")
}

/// Settings with a topic of their own.
pub(crate) fn kafka(addr: &str) -> KafkaConfig {
    KafkaConfig {
        brokers: vec![addr.to_owned()],
        topic: format!("t{:016x}", rand::random::<u64>()),
        min_free_bytes: 0,
        ..KafkaConfig::default()
    }
}

/// A record that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) partition: u32,
    pub(crate) key: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

pub(crate) fn records(entries: Vec<Entry>) -> impl Iterator<Item = Read> {
    entries.into_iter().map(|entry| match entry {
        Entry::Record { partition, key, value, .. } => {
            Read { partition, key: key.to_vec(), value: value.to_vec() }
        }
        Entry::Gap { .. } => panic!("{entry:?}"),
    })
}

/// Reads until `enough` of what was read.
pub(crate) async fn read_until(
    consumer: &mut Consumer,
    enough: impl Fn(&[Read]) -> bool,
) -> Vec<Read> {
    let mut read = Vec::new();
    while !enough(&read) {
        let entries = timeout(HANG, consumer.next()).await;
        let entries = entries.unwrap_or_else(|_| panic!("no more than {} came", read.len()));
        read.extend(records(entries.expect("it is readable")));
    }
    read
}

pub(crate) async fn read(consumer: &mut Consumer, count: usize) -> Vec<Read> {
    read_until(consumer, |read| read.len() >= count).await
}

pub(crate) fn append(bus: &Bus, key: &str, values: &[&str]) {
    bus.append(key.as_bytes(), values.iter().map(|it| it.as_bytes())).expect("there is room");
}

/// Waits until `holds`.
pub(crate) async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let waited = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(HANG, waited).await.unwrap_or_else(|_| panic!("{what}"));
}

/// Checks that each key has the numbers 0 to `counts[key]` in this order; returns how many came
/// again.
pub(crate) fn check(read: &[Read], counts: &BTreeMap<String, u64>) -> u64 {
    let mut next: BTreeMap<&str, u64> = BTreeMap::new();
    let mut again = 0;
    for record in read {
        let text = |it| std::str::from_utf8(it).expect("text");
        let number = text(&record.value).split(' ').next().and_then(|it| it.parse().ok());
        let (number, next): (u64, _) =
            (number.expect("a number"), next.entry(text(&record.key)).or_default());
        assert!(number <= *next, "{} came before {next} of {}", number, text(&record.key));
        if number == *next {
            *next += 1;
        } else {
            again += 1;
        }
    }
    let next: BTreeMap<_, _> = next.into_iter().map(|(key, it)| (key.to_owned(), it)).collect();
    assert_eq!(&next, counts, "something is lost");
    again
}
