//! Writes the log.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use elk_api::audit::Outcome;
use elk_life::{Clock, Stop, chain};
use parking_lot::Mutex;
use tokio::sync::Semaphore;
use tokio::time::{MissedTickBehavior, interval};

use super::pace::Pace;
use super::refusals::{Counted, Refusals};
use super::{Draft, Source, store};
use crate::app::App;
use crate::session::network;
use crate::store::{Result, Store};

/// Ends of changes that wait to be written.
const MAX_LATE: usize = 10_000;
/// Walks through the whole log at a time.
const WALKS: usize = 2;
const TICK: Duration = Duration::from_secs(1);
/// Ticks between two looks for entries that are too old.
const PRUNE_TICKS: u64 = 600;
const DAY_MS: i64 = 86_400_000;

/// The end of a change.
#[derive(Debug)]
struct Late {
    draft: Draft,
    begun: u64,
}

/// The audit log.
#[derive(Debug)]
pub(crate) struct Log {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) pace: Pace,
    refusals: Mutex<Refusals>,
    late: Mutex<VecDeque<Late>>,
    /// Leave to read all of it.
    pub(super) walks: Arc<Semaphore>,
}

impl Log {
    pub(crate) fn new(store: Store, clock: Clock) -> Self {
        let walks = Arc::new(Semaphore::new(WALKS));
        let (pace, refusals, late) = (Pace::default(), Mutex::default(), Mutex::default());
        Self { store, clock, pace, refusals, late, walks }
    }

    /// Writes an entry and returns its number.
    pub(crate) async fn write(&self, draft: &Draft) -> Result<u64> {
        let mut tx = self.store.begin().await?;
        let sequence = store::append(&mut tx, draft, self.clock.now()).await?;
        tx.commit().await?;
        Ok(sequence)
    }

    /// Writes that a change begins and returns the number of that entry.
    pub(crate) async fn begin(&self, draft: &Draft) -> Result<u64> {
        self.write(&draft.clone().ending(Outcome::Begun, "")).await
    }

    /// Writes how a change ended, at once or, if that fails, later.
    pub(crate) async fn end(&self, draft: Draft, begun: u64) {
        if let Err(error) = self.close(&draft, begun).await {
            tracing::error!(error = %chain(&error), begun, "could not write the end of a change");
            self.leave(draft, begun);
        }
    }

    async fn close(&self, draft: &Draft, begun: u64) -> Result<()> {
        let mut tx = self.store.begin().await?;
        store::close(&mut tx, draft, Some(begun), self.clock.now()).await?;
        tx.commit().await
    }

    /// Leaves the end of a change to be written soon.
    pub(super) fn leave(&self, draft: Draft, begun: u64) {
        let mut late = self.late.lock();
        // The beginning is written and says that no end is known.
        if late.len() < MAX_LATE {
            late.push_back(Late { draft, begun });
        }
    }

    /// Writes or counts a refused attempt.
    pub(crate) async fn refuse(&self, draft: Draft, peer: Option<IpAddr>) {
        let peer = network(peer.unwrap_or(Ipv4Addr::UNSPECIFIED.into()));
        if !self.refusals.lock().admit(peer, self.clock.unix_ms()) {
            return;
        }
        if let Err(error) = self.write(&draft).await {
            let (error, action) = (chain(&error), &draft.action);
            tracing::error!(%error, action, "could not write a refused attempt");
        }
    }

    /// Writes what waits; `last` also what is not due yet.
    pub(super) async fn flush(&self, last: bool) -> Result<()> {
        loop {
            let Some(Late { draft, begun }) = self.late.lock().pop_front() else { break };
            if let Err(error) = self.close(&draft, begun).await {
                self.late.lock().push_front(Late { draft, begun });
                return Err(error);
            }
        }
        let counted = self.refusals.lock().due(self.clock.unix_ms(), last);
        for Counted { peer, count } in counted {
            let address = peer.map(|it| it.to_string()).unwrap_or_default();
            let source = Source { via: "none".to_owned(), address, request: String::new() };
            let summary = format!("{count} more attempts were refused and not written one by one");
            let draft = Draft::of("", source, "audit.refusals").saying(summary);
            self.write(&draft.ending(Outcome::Refused, "counted")).await?;
        }
        Ok(())
    }

    async fn prune(&self, days: u32) -> Result<()> {
        let bound_ms = self.clock.unix_ms() - i64::from(days).saturating_mul(DAY_MS);
        let mut removed = 0;
        loop {
            match store::prune(&self.store, bound_ms).await? {
                0 => break,
                some => removed += some,
            }
        }
        if removed > 0 {
            let summary = format!("{removed} entries older than {days} days were removed");
            self.write(&Draft::system("audit.prune", "", summary)).await?;
        }
        Ok(())
    }
}

/// Writes what waits and removes what is too old, until asked to stop.
pub(crate) async fn run(app: App, stop: Stop) -> std::result::Result<(), Infallible> {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (log, days) = (&app.audit, app.config.audit_days);
    let mut count: u64 = 0;
    while stop.until(ticks.tick()).await.is_some() {
        let mut done = log.flush(false).await;
        if done.is_ok() && days > 0 && count.is_multiple_of(PRUNE_TICKS) {
            done = log.prune(days).await;
        }
        if let Err(error) = done {
            tracing::error!(error = %chain(&error), "could not write the audit log");
        }
        count += 1;
    }
    if let Err(error) = log.flush(true).await {
        tracing::error!(error = %chain(&error), "could not write the end of the audit log");
    }
    Ok(())
}
