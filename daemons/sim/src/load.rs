//! Load: one message made once and sent again and again.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use elk_wire::{RawData, frame};
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
}

/// Sends until the stream ends.
pub(crate) async fn run(
    shared: &Arc<Shared>,
    load: Load,
    link: &mut Link,
    head: RawData,
) -> io::Result<()> {
    let now = shared.clock.unix();
    let filler: String = ('a'..='z').cycle().take(load.body_bytes).collect();
    let body = |number: u32| {
        // Bodies differ as real ones do, or they would pack too well.
        let mixed: String = filler.chars().skip(number as usize % 26).collect();
        let id = format!("{:x}", u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        records::record(59, now, &[("exe", "/usr/bin/curl"), ("pid_tree", &id), ("argv", &mixed)])
    };
    let data = (0..load.batch.max(1)).map(body).collect();
    let message = frame::snappy(&RawData { data, ..head });
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
        if !link.send_raw(message.clone()).await {
            return Ok(());
        }
        shared.counters.messages.fetch_add(1, Ordering::Relaxed);
        shared.counters.records.fetch_add(u64::from(load.batch.max(1)), Ordering::Relaxed);
    }
}
