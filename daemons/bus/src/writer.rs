//! The thread that owns the segment files.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use elk_life::Clock;
use tokio::time::Instant;

use crate::block::Sealer;
use crate::intake::{Inbox, Pending};
use crate::local::Shared;
use crate::retention;
use crate::segment::Active;
use crate::{FlushError, Fsync};

/// A block waits this long to fill.
const LINGER: Duration = Duration::from_millis(20);
/// Between two attempts on a disk that refuses.
const RETRY: Duration = Duration::from_millis(200);
const RETENTION_MS: i64 = 2_000;
/// A partition that is written to has at least this many segments within the age it is kept for.
const SEGMENTS_PER_AGE: i64 = 8;

pub(crate) struct Writer {
    shared: Arc<Shared>,
    active: Vec<Active>,
    sealer: Sealer,
    swept: Instant,
    synced_ms: i64,
    retained_ms: i64,
    /// Held until the last block is written.
    _lock: File,
}

/// However the thread ends, nobody waits for it in vain.
impl Drop for Writer {
    fn drop(&mut self) {
        self.shared.end();
    }
}

impl Writer {
    pub(crate) fn new(shared: Arc<Shared>, active: Vec<Active>, lock: File) -> Self {
        let sealer = Sealer::new(shared.seal);
        let swept = Instant::now();
        Self { shared, active, sealer, swept, synced_ms: 0, retained_ms: 0, _lock: lock }
    }

    pub(crate) fn run(mut self) {
        loop {
            let rest = LINGER.saturating_sub(self.swept.elapsed());
            let mut inbox = self.shared.intake.inbox.lock();
            if inbox.blocks.is_empty() && inbox.flushes.is_empty() && !inbox.close {
                self.shared.intake.wake.wait_for(&mut inbox, rest);
            }
            let close = inbox.close;
            drop(inbox);
            if close || self.swept.elapsed() >= LINGER {
                self.shared.intake.sweep();
                self.swept = Instant::now();
            }
            let work = std::mem::take(&mut *self.shared.intake.inbox.lock());
            self.shared.intake.inbox.lock().close |= work.close;
            let wrote = self.turn(work, close);
            if close {
                return;
            }
            if !wrote {
                let mut inbox = self.shared.intake.inbox.lock();
                let idle = |inbox: &mut Inbox| !inbox.close && inbox.flushes.is_empty();
                self.shared.intake.wake.wait_while_for(&mut inbox, idle, RETRY);
            }
        }
    }

    /// Does what there is to do; returns whether the disk took it.
    fn turn(&mut self, mut work: Inbox, last: bool) -> bool {
        let wrote = !work.blocks.is_empty();
        let mut result = Ok(());
        while let Some(pending) = work.blocks.pop_front() {
            result = self.write(&pending);
            if result.is_err() {
                work.blocks.push_front(pending);
                break;
            }
            self.shared.intake.queued.fetch_sub(pending.payload.len(), Ordering::Relaxed);
            self.shared.intake.reuse(pending.payload);
        }
        let now = Clock::System.unix_ms();
        let asked = last || !work.flushes.is_empty();
        if result.is_ok() && self.sync_is_due(now, wrote, asked) {
            result = self.active.iter_mut().try_for_each(Active::sync);
            self.synced_ms = now;
        }
        if wrote {
            self.shared.news.send_modify(|turn| *turn += 1);
        }
        if (now - self.retained_ms).abs() >= RETENTION_MS {
            retention::enforce(&self.shared);
            self.retained_ms = now;
        }
        self.answer(work, result)
    }

    fn sync_is_due(&self, now: i64, wrote: bool, asked: bool) -> bool {
        let config = &self.shared.config;
        let interval = i64::try_from(config.fsync_interval_ms).unwrap_or(i64::MAX);
        asked
            || match config.fsync {
                Fsync::Never => false,
                Fsync::Block => wrote,
                Fsync::Interval => (now - self.synced_ms).abs() >= interval,
            }
    }

    fn answer(&self, mut work: Inbox, result: io::Result<()>) -> bool {
        let error = result.err().map(|error| error.to_string());
        let mut shown = self.shared.counters.error.lock();
        if *shown != error {
            match &error {
                Some(reason) => tracing::error!(reason, "the log cannot be written, will retry"),
                None => tracing::info!("the log can be written again"),
            }
            shown.clone_from(&error);
        }
        drop(shown);
        for flush in work.flushes.drain(..) {
            let answer = error.clone().map_or(Ok(()), |reason| Err(FlushError { reason }));
            drop(flush.send(answer));
        }
        let mut inbox = self.shared.intake.inbox.lock();
        while let Some(pending) = work.blocks.pop_back() {
            inbox.blocks.push_front(pending);
        }
        error.is_none()
    }

    fn write(&mut self, pending: &Pending) -> io::Result<()> {
        let Some(active) = self.active.get_mut(pending.partition) else { return Ok(()) };
        let now = self.shared.clock.unix_ms();
        let config = &self.shared.config;
        // A segment also ends by age, so that retention by age has something to remove.
        let old = config.retain_seconds > 0
            && active.age_ms(now) / 1_000 * SEGMENTS_PER_AGE
                >= i64::try_from(config.retain_seconds).unwrap_or(i64::MAX);
        if active.bytes >= config.segment_bytes || (old && active.bytes > 0) {
            active.roll()?;
        }
        let block = self.sealer.seal(&pending.payload, pending.count, active.next, now)?;
        active.append(block, pending.count, now)?;
        self.shared.counters.records.fetch_add(u64::from(pending.count), Ordering::Relaxed);
        if let Some(end) = self.shared.ends.get(pending.partition) {
            end.store(active.next, Ordering::Release);
        }
        Ok(())
    }
}
