//! The thread that owns the connection and the spool.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::Shared;
use super::connection::Connection;
use super::lane::Lane;
use super::report::{Broker, Outcome, too_large};
use super::spool::Spool;
use super::traffic::free;
use crate::FlushError;

/// Between two notes of what is drained, and two looks at the disk.
const TIDY: Duration = Duration::from_millis(250);
/// The spool is synced so often, as the local log is.
const SYNC: Duration = Duration::from_millis(100);
/// How long the end waits for deliveries before it spools what is left.
const FAREWELL: Duration = Duration::from_secs(2);

pub(crate) struct Pump {
    pub(crate) shared: Arc<Shared>,
    pub(crate) spool: Spool,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) connection: Connection,
    flushes: Vec<Flush>,
    synced: Instant,
    tidied: Instant,
    /// Why the spool cannot be written.
    refused: Option<String>,
}

/// Somebody who waits until what he put in is safe.
struct Flush {
    tickets: Vec<u64>,
    reply: oneshot::Sender<Result<(), FlushError>>,
}

/// However the thread ends, nobody waits for it in vain.
impl Drop for Pump {
    fn drop(&mut self) {
        self.shared.counters.lose(self.lanes.iter().map(Lane::unsafe_records).sum());
        self.shared.intake.end(&self.shared.counters);
        self.shared.ended.store(true, Ordering::Release);
    }
}

impl Pump {
    pub(crate) fn new(shared: Arc<Shared>, spool: Spool) -> Result<Self, String> {
        let now = Instant::now();
        Ok(Self {
            lanes: (0..spool.lanes()).map(|_| Lane::default()).collect(),
            connection: Connection::new(Arc::clone(&shared))?,
            flushes: Vec::new(),
            synced: now,
            tidied: now,
            refused: None,
            shared,
            spool,
        })
    }

    pub(crate) fn run(mut self) {
        let mut ending = None;
        loop {
            let outcomes = self.connection.listen();
            let closing = self.take_in();
            self.hear(outcomes);
            if self.connection.has_failed() {
                self.recall();
            }
            self.settle_doubts();
            self.connection.resume();
            if closing {
                ending.get_or_insert_with(|| Instant::now() + FAREWELL);
            }
            let last = ending.is_some_and(|end| Instant::now() >= end);
            for number in 0..self.lanes.len() {
                self.turn(number, last);
            }
            self.tidy(closing);
            self.answer();
            let flying = self.lanes.iter().any(Lane::has_flights);
            let unsafe_left = self.lanes.iter().any(|it| it.oldest().is_some());
            let heard = self.shared.gauges.link.lock().broker == Broker::Up;
            if last || (closing && !unsafe_left && !(flying && heard)) {
                return self.part();
            }
        }
    }

    /// Takes what was put in since; returns whether this is the end.
    fn take_in(&mut self) -> bool {
        let intake = &self.shared.intake;
        intake.sweep();
        let (blocks, flushes, close) = {
            let mut inbox = intake.inbox.lock();
            let inbox = &mut *inbox;
            (std::mem::take(&mut inbox.blocks), std::mem::take(&mut inbox.flushes), inbox.close)
        };
        for pending in blocks {
            if let Some(lane) = self.lanes.get_mut(pending.partition) {
                lane.put(pending.payload, pending.count, pending.since);
            }
        }
        for reply in flushes {
            let tickets = self.lanes.iter().map(Lane::tickets).collect();
            self.flushes.push(Flush { tickets, reply });
        }
        close
    }

    /// Takes note of what brokers said.
    fn hear(&mut self, outcomes: Vec<Outcome>) {
        let count = self.lanes.len();
        for outcome in outcomes {
            self.count(outcome);
            let alone = self.connection.is_single();
            let lane = outcome.block.checked_rem(count).and_then(|at| self.lanes.get_mut(at));
            let Some(lane) = lane else { continue };
            let number = outcome.block / count;
            match outcome.error {
                None => lane.hear(number, outcome.count),
                Some(code) if too_large(code) && alone => lane.refuse(number, outcome.count),
                Some(code) if too_large(code) => lane.doubt(number),
                Some(_) => {}
            }
        }
        for (number, lane) in self.lanes.iter_mut().enumerate() {
            while let Some(flight) = lane.landed() {
                refuse(&self.shared, flight.refused);
                match flight.place {
                    Some(place) => {
                        let drained = self.spool.acknowledge(number, place);
                        self.shared.gauges.drained.fetch_add(drained, Ordering::Relaxed);
                    }
                    None => free(&self.shared, flight.block.payload),
                }
            }
        }
    }

    /// Counts an outcome. Whatever the broker did not take, nothing that follows it was taken
    /// either: all is sent again, but for a record that is known to be too large.
    fn count(&mut self, outcome: Outcome) {
        let count = u64::from(outcome.count);
        let Some(code) = outcome.error else {
            self.shared.counters.records.fetch_add(count, Ordering::Relaxed);
            self.shared.gauges.up();
            self.connection.works();
            return;
        };
        if !(too_large(code) && self.connection.is_single()) {
            self.shared.gauges.delivery_errors.fetch_add(count, Ordering::Relaxed);
        }
        self.connection.fail(code);
    }

    /// Begins anew after a failure, from what was last acknowledged: nothing may overtake a record
    /// that failed.
    fn recall(&mut self) {
        for number in 0..self.lanes.len() {
            self.store(number);
        }
        self.connection.give_up();
        for (number, lane) in self.lanes.iter_mut().enumerate() {
            lane.recall();
            self.spool.rewind(number);
        }
    }

    /// Goes back to batches when it is known which records are too large.
    fn settle_doubts(&mut self) {
        let settled = |lane: &Lane| !lane.is_doubtful() && !lane.has_flights();
        if self.connection.is_single() && self.lanes.iter().all(settled) {
            self.connection.gather();
        }
    }

    /// Says that the spool cannot be used, or can be again.
    pub(crate) fn refuse_spool(&mut self, error: Option<String>) {
        if self.refused == error {
            return;
        }
        match &error {
            Some(reason) => tracing::error!(reason, "the spool cannot be used, will retry"),
            None => tracing::info!("the spool can be used again"),
        }
        self.shared.counters.error.lock().clone_from(&error);
        self.refused = error;
    }

    /// Syncs, notes what is drained, and closes lanes for bulk whose spool is full.
    fn tidy(&mut self, closing: bool) {
        let now = Instant::now();
        let mut done = Ok(());
        if closing || !self.flushes.is_empty() || now.duration_since(self.synced) >= SYNC {
            done = self.spool.sync();
            self.synced = now;
        }
        if closing || now.duration_since(self.tidied) >= TIDY {
            done = done.and_then(|()| self.spool.keep());
            self.tidied = now;
        }
        if let Err(error) = done {
            self.refuse_spool(Some(error.to_string()));
        }
        let config = &self.shared.config;
        let low = |spool: &Spool| spool.free_bytes().is_ok_and(|it| it < config.min_free_bytes);
        let waiting = self.spool.waiting();
        let full = self.spool.bytes >= config.spool_bytes || (waiting > 0 && low(&self.spool));
        for (number, lane) in self.lanes.iter_mut().enumerate() {
            let control_only = full && (lane.is_spooled() || self.spool.unread(number) > 0);
            if control_only != lane.control_only {
                lane.control_only = control_only;
                self.shared.intake.take_control_only(number, control_only);
            }
        }
        let gauges = &self.shared.gauges;
        gauges.spooled_records.store(waiting, Ordering::Relaxed);
        gauges.spooled_bytes.store(self.spool.bytes, Ordering::Relaxed);
        gauges.in_flight.store(self.connection.in_flight(), Ordering::Relaxed);
    }

    /// Answers who waits for what is safe by now: acknowledged, or in the spool and synced.
    fn answer(&mut self) {
        let lanes = &self.lanes;
        let safe = |flush: &mut Flush| {
            let mut lanes = lanes.iter().zip(&flush.tickets);
            lanes.all(|(lane, ticket)| lane.oldest().is_none_or(|it| it.ticket >= *ticket))
        };
        for flush in self.flushes.extract_if(.., safe) {
            drop(flush.reply.send(Ok(())));
        }
        let Some(reason) = &self.refused else { return };
        for flush in self.flushes.drain(..) {
            drop(flush.reply.send(Err(FlushError { reason: reason.clone() })));
        }
    }

    /// Leaves the spool so that the next start goes on here.
    fn part(mut self) {
        self.tidy(true);
        let left = self.spool.waiting();
        if left > 0 {
            tracing::warn!(
                bus.spooled = left,
                "{left} records stay in the spool for the next start"
            );
        }
    }
}

fn refuse(shared: &Shared, count: u32) {
    if count > 0 {
        shared.gauges.refused.fetch_add(u64::from(count), Ordering::Relaxed);
        tracing::error!(
            bus.refused = count,
            "Kafka takes no records as large as {count} were: see the topic's max.message.bytes"
        );
    }
}
