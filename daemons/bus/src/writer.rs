//! The thread that owns the segment files.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use elk_life::Clock;

use crate::block::Sealer;
use crate::local::{Inbox, Pending, Shared};
use crate::retention;
use crate::segment::Active;
use crate::{FlushError, Fsync};

/// A block waits this long to fill.
const LINGER: Duration = Duration::from_millis(20);
/// Between two attempts on a disk that refuses.
const RETRY: Duration = Duration::from_millis(200);
const RETENTION_MS: i64 = 2_000;

pub(crate) struct Writer {
    shared: Arc<Shared>,
    active: Vec<Active>,
    sealer: Sealer,
    synced_ms: i64,
    retained_ms: i64,
}

impl Writer {
    pub(crate) fn new(shared: Arc<Shared>, active: Vec<Active>) -> io::Result<Self> {
        Ok(Self { shared, active, sealer: Sealer::new()?, synced_ms: 0, retained_ms: 0 })
    }

    pub(crate) fn run(mut self) {
        loop {
            let mut inbox = self.shared.inbox.lock();
            if inbox.blocks.is_empty() && inbox.flushes.is_empty() && !inbox.close {
                self.shared.wake.wait_for(&mut inbox, LINGER);
            }
            drop(inbox);
            self.shared.sweep();
            let work = std::mem::take(&mut *self.shared.inbox.lock());
            let close = work.close;
            if !self.turn(work) && !close {
                let mut inbox = self.shared.inbox.lock();
                self.shared.wake.wait_for(&mut inbox, RETRY);
            }
            if close {
                return;
            }
        }
    }

    /// Does what there is to do; returns whether the disk took it.
    fn turn(&mut self, mut work: Inbox) -> bool {
        let wrote = !work.blocks.is_empty();
        let mut result = Ok(());
        while let Some(pending) = work.blocks.pop_front() {
            result = self.write(&pending);
            if result.is_err() {
                work.blocks.push_front(pending);
                break;
            }
            self.shared.queued.fetch_sub(pending.payload.len(), Ordering::Relaxed);
        }
        let now = Clock::System.unix_ms();
        if result.is_ok() && self.sync_is_due(now, wrote, !work.flushes.is_empty()) {
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
        let mut inbox = self.shared.inbox.lock();
        while let Some(pending) = work.blocks.pop_back() {
            inbox.blocks.push_front(pending);
        }
        error.is_none()
    }

    fn write(&mut self, pending: &Pending) -> io::Result<()> {
        let Some(active) = self.active.get_mut(pending.partition) else { return Ok(()) };
        if active.bytes >= self.shared.config.segment_bytes {
            active.roll()?;
        }
        let now = self.shared.clock.unix_ms();
        let block = self.sealer.seal(&pending.payload, pending.count, active.next, now)?;
        active.append(block, pending.count)?;
        self.shared.counters.records.fetch_add(u64::from(pending.count), Ordering::Relaxed);
        if let Some(end) = self.shared.ends.get(pending.partition) {
            end.store(active.next, Ordering::Release);
        }
        Ok(())
    }
}
