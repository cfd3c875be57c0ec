//! Task results on their way to the Manager: on disk until it has confirmed them.

mod journal;

use std::convert::Infallible;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use elk_api::intake::RESULTS;
use elk_client::reference::Payload;
use elk_life::{Stop, chain};
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use crate::backoff::pause;
use crate::metrics::Metrics;
use crate::peers::{CallError, Peers};
use journal::{Journal, Lines};

const BATCH: usize = 100;
const BATCH_BYTES: usize = 4 << 20;
/// Lets results that come together travel together.
const LINGER: Duration = Duration::from_millis(50);
const LIMIT: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long the last results may take when the process ends; the rest stays on disk.
const FAREWELL: Duration = Duration::from_secs(3);

#[derive(Debug)]
pub(crate) struct Outbox {
    fresh: Mutex<Vec<u8>>,
    journal: Arc<Mutex<Journal>>,
    /// Bytes on disk and in memory.
    held: AtomicU64,
    limit: u64,
    written: Notify,
    stored: Notify,
    metrics: Metrics,
}

impl Outbox {
    /// Opens the outbox in `directory`; it holds at most `limit` bytes.
    pub(crate) fn open(directory: &Path, limit: u64, metrics: Metrics) -> io::Result<Self> {
        let journal = Journal::open(directory)?;
        let held = AtomicU64::new(journal.waiting());
        let journal = Arc::new(Mutex::new(journal));
        let (written, stored) = (Notify::new(), Notify::new());
        Ok(Self { fresh: Mutex::default(), journal, held, limit, written, stored, metrics })
    }

    /// Takes one result, a line of JSON without its end.
    pub(crate) fn push(&self, line: &[u8]) {
        let size = line.len() as u64 + 1;
        if self.held.fetch_add(size, Ordering::Relaxed) + size > self.limit {
            self.held.fetch_sub(size, Ordering::Relaxed);
            self.metrics.results_shed.inc();
            return;
        }
        let mut fresh = self.fresh.lock();
        fresh.extend_from_slice(line);
        fresh.push(b'\n');
        drop(fresh);
        self.written.notify_one();
    }

    async fn store(&self) -> io::Result<()> {
        let lines = std::mem::take(&mut *self.fresh.lock());
        if lines.is_empty() {
            return Ok(());
        }
        let journal = Arc::clone(&self.journal);
        let (result, lines) = blocking(move || {
            let result = journal.lock().append(&lines);
            (result, lines)
        })
        .await?;
        match result {
            Ok(()) => self.stored.notify_one(),
            Err(error) => {
                // They stay in memory, in front of what came since.
                let mut fresh = self.fresh.lock();
                let since = std::mem::replace(&mut *fresh, lines);
                fresh.extend_from_slice(&since);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Writes results to disk as they come, until asked to stop.
    pub(crate) async fn keep(self: Arc<Self>, stop: Stop) -> Result<(), Infallible> {
        let mut failures = 0;
        while stop.until(self.written.notified()).await.is_some() {
            while let Err(error) = self.store().await {
                failures += 1;
                tracing::error!(%error, "cannot store task results; trying again");
                if stop.until(sleep(pause(failures, LONGEST_PAUSE))).await.is_none() {
                    break;
                }
            }
            failures = 0;
        }
        if let Err(error) = self.store().await {
            tracing::error!(%error, "the last task results could not be stored");
        }
        Ok(())
    }

    /// Sends what is on disk to the Manager until asked to stop; tries for ever.
    pub(crate) async fn send(
        self: Arc<Self>,
        manager: Peers,
        stop: Stop,
    ) -> Result<(), Infallible> {
        let mut failures = 0;
        let mut count = BATCH;
        loop {
            let Some(passed) = stop.until(self.pass(&manager, count)).await else { break };
            match passed {
                Ok(true) => (failures, count) = (0, BATCH),
                Ok(false) => {
                    let stored = async {
                        self.stored.notified().await;
                        sleep(LINGER).await;
                    };
                    if stop.until(stored).await.is_none() {
                        break;
                    }
                }
                Err(error) => {
                    failures += 1;
                    if error.is_final() {
                        // One of them is bad: look for it one by one.
                        count = 1;
                    }
                    tracing::warn!(error = %chain(&error), "the Manager did not take task results; trying again");
                    if stop.until(sleep(pause(failures, LONGEST_PAUSE))).await.is_none() {
                        break;
                    }
                }
            }
        }
        drop(self.store().await);
        let farewell = async { while let Ok(true) = self.pass(&manager, BATCH).await {} };
        drop(timeout(FAREWELL, farewell).await);
        Ok(())
    }

    /// Sends one batch; `false` if there is none.
    async fn pass(&self, manager: &Peers, count: usize) -> Result<bool, CallError> {
        let journal = Arc::clone(&self.journal);
        let front = blocking(move || journal.lock().front(count, BATCH_BYTES)).await;
        let front = front.and_then(|it| it).map_err(CallError::Local)?;
        if front.lines.is_empty() {
            return Ok(false);
        }
        let lines = sound(&front);
        let sent = lines.len() as u64;
        let damaged = front.lines.len() as u64 - sent;
        if sent == 0 {
            self.give_up(damaged);
            self.confirm(front.upto).await.map_err(CallError::Local)?;
            return Ok(true);
        }
        let ended = match manager.ask(RESULTS, Payload::json(array(&lines)), LIMIT).await {
            Ok(_) => &self.metrics.results_sent,
            Err(error) if error.is_final() && sent == 1 => {
                tracing::error!("the Manager will never take a task result: it is given up");
                &self.metrics.results_refused
            }
            Err(error) => return Err(error),
        };
        self.give_up(damaged);
        // Counted when their room is free again, so that the count says so.
        self.confirm(front.upto).await.map_err(CallError::Local)?;
        ended.inc_by(sent);
        Ok(true)
    }

    fn give_up(&self, damaged: u64) {
        if damaged > 0 {
            tracing::error!(damaged, "left out task results that were damaged on disk");
            self.metrics.results_damaged.inc_by(damaged);
        }
    }

    async fn confirm(&self, upto: u64) -> io::Result<()> {
        let journal = Arc::clone(&self.journal);
        let freed = blocking(move || {
            let mut journal = journal.lock();
            let before = journal.waiting();
            journal.confirm(upto).map(|()| before - journal.waiting())
        })
        .await??;
        self.held.fetch_sub(freed, Ordering::Relaxed);
        Ok(())
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)
}

/// Returns the lines that are JSON; others are those of a damaged file.
fn sound(front: &Lines) -> Vec<&[u8]> {
    let sound = |line: &&[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
    front.lines.iter().map(Vec::as_slice).filter(sound).collect()
}

/// Makes one array of the lines.
fn array(lines: &[&[u8]]) -> Vec<u8> {
    let mut out = vec![b'['];
    out.extend_from_slice(&lines.join(&b','));
    out.push(b']');
    out
}
