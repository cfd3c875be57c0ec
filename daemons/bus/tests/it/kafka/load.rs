//! Records that come all the time, and the proof that they arrived.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use elk_bus::{Bus, KafkaStats};
use tokio::time::{Instant, sleep};

use crate::world::{Read, append, check, read_until};

pub(crate) const KEYS: u64 = 8;

pub(crate) fn stats(bus: &Bus) -> KafkaStats {
    bus.stats().kafka.expect("it is Kafka")
}

/// Appends numbers under each key all the time; `verify` knows what it appended.
pub(crate) struct Load {
    counts: BTreeMap<String, u64>,
}

impl Load {
    pub(crate) fn new() -> Self {
        Self::of(0)
    }

    /// As if so many were appended under each key already.
    pub(crate) fn of(count: u64) -> Self {
        Self { counts: (0..KEYS).map(|key| (format!("agent-{key}"), count)).collect() }
    }

    /// Appends `each` values under every key; returns how long the longest call took.
    pub(crate) fn step(&mut self, bus: &Bus, each: u64) -> Duration {
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

    pub(crate) async fn run(&mut self, bus: &Bus, time: Duration) -> Duration {
        let (end, mut longest) = (Instant::now() + time, Duration::ZERO);
        while Instant::now() < end {
            longest = longest.max(self.step(bus, 10));
            sleep(Duration::from_millis(5)).await;
        }
        longest
    }

    pub(crate) fn total(&self) -> usize {
        usize::try_from(self.counts.values().sum::<u64>()).expect("few")
    }

    /// Reads all from the topic and returns how many records came twice.
    pub(crate) async fn verify(&self, bus: &Bus) -> u64 {
        for key in self.counts.keys() {
            append(bus, key, &["end"]);
        }
        let mut consumer = bus.consumer("verify").expect("it opens");
        let enough = |read: &[Read]| {
            let ended = read.iter().filter(|it| it.value == b"end").map(|it| &it.key);
            read.len() >= self.total() && ended.collect::<BTreeSet<_>>().len() == self.counts.len()
        };
        let mut read = read_until(&mut consumer, enough).await;
        read.retain(|it| it.value != b"end");
        check(&read, &self.counts)
    }
}
