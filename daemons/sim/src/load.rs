//! Load: one message made once and sent again and again, or one that says when it was sent.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use elk_wire::{RawData, Record, frame};
use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::link::Link;
use crate::{Shared, records};

/// How much each agent sends.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Records a second and agent; as many as it can if 0.
    pub rate: f64,
    /// Records in a message.
    pub batch: u32,
    /// Bytes of each record's body, about.
    pub body_bytes: usize,
    /// Writes into each record when it was sent, `sent_us`, in Unix microseconds.
    pub stamp: bool,
}

/// Sends until the stream ends.
pub(crate) async fn run(
    shared: &Arc<Shared>,
    load: Load,
    link: &mut Link,
    head: RawData,
) -> io::Result<()> {
    let now = shared.clock.unix();
    let mut dice = SmallRng::seed_from_u64(shared.config.seed);
    let data = (0..load.batch.max(1)).map(|_| body(&mut dice, load.body_bytes, now)).collect();
    let mut message = RawData { data, ..head };
    let mut framed = frame::snappy(&message);
    let period = f64::from(load.batch.max(1)) / load.rate;
    let mut ticks = (load.rate > 0.0).then(|| {
        let period = Duration::from_secs_f64(period.clamp(0.000_1, 86_400.0));
        let mut ticks = interval_at(Instant::now() + period, period);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        ticks
    });
    loop {
        if let Some(ticks) = &mut ticks {
            ticks.tick().await;
        }
        if load.stamp {
            let now_us = shared.clock.now().as_microsecond().to_string();
            let stamped = records::record(59, shared.clock.unix(), &[("sent_us", &now_us)]);
            message.data.fill(stamped);
            framed = frame::snappy(&message);
        }
        if !link.send_raw(framed.clone()).await {
            return Ok(());
        }
        shared.counters.bytes.fetch_add(framed.len() as u64, Ordering::Relaxed);
        shared.counters.messages.fetch_add(1, Ordering::Relaxed);
        shared.counters.records.fetch_add(u64::from(load.batch.max(1)), Ordering::Relaxed);
    }
}

const KEYS: [&str; 12] = [
    "exe",
    "argv",
    "pid",
    "ppid",
    "pgid",
    "tgid",
    "comm",
    "nodename",
    "pid_tree",
    "username",
    "run_path",
    "ld_preload",
];
const WORDS: [&str; 16] = [
    "/usr/bin/",
    "curl",
    "python3",
    "systemd",
    "-c",
    "--config",
    "/etc/",
    "nginx",
    "worker",
    "/var/lib/",
    "docker",
    "root",
    "bash",
    "cron",
    "/tmp/",
    "sshd",
];

/// Makes a record of about `size` bytes that packs about as well as those of real hosts: known
/// keys, known words, and numbers that differ.
fn body(dice: &mut SmallRng, size: usize, now: i64) -> Record {
    let mut fields = Vec::new();
    let mut length = 0;
    while length < size {
        let key = KEYS.get(fields.len() % KEYS.len()).copied().unwrap_or_default();
        let word = |it: usize| WORDS.get(it % WORDS.len()).copied().unwrap_or_default();
        let (a, b) = (word(dice.random_range(0..16)), word(dice.random_range(0..16)));
        let value = format!("{a}{b} {}", dice.random_range(0..10_000_000));
        length += key.len() + value.len() + 6;
        fields.push((key, value));
    }
    let fields: Vec<_> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
    records::record(59, now, &fields)
}
