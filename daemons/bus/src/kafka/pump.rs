//! The thread that owns the producer and the spool.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::Shared;
use super::lane::{Block, Flight, Lane};
use super::report::{Broker, Outcome, Reports, too_large};
use super::spool::Spool;
use crate::reader::Found;
use crate::{FlushError, block};

/// How long records are gathered, and deliveries are listened for.
const LINGER: Duration = Duration::from_millis(10);
/// What was not acknowledged by then goes to the spool.
const PATIENCE: Duration = Duration::from_millis(250);
/// Between two notes of what is drained, and two looks at the disk.
const TIDY: Duration = Duration::from_millis(250);
/// The spool is synced so often, as the local log is.
const SYNC: Duration = Duration::from_millis(100);
/// Before the first attempt after a delivery failed, and the longest time.
const PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
/// How long the end waits for deliveries before it spools what is left.
const FAREWELL: Duration = Duration::from_secs(2);

pub(crate) struct Pump {
    shared: Arc<Shared>,
    spool: Spool,
    lanes: Vec<Lane>,
    producer: Option<BaseProducer<Reports>>,
    /// No producer before then.
    paused_until: Instant,
    pause: Duration,
    /// A delivery failed for this reason.
    failed: Option<String>,
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
        let producer = producer(&shared).map_err(|error| error.to_string())?;
        Ok(Self {
            lanes: (0..spool.lanes()).map(|_| Lane::default()).collect(),
            producer: Some(producer),
            paused_until: now,
            pause: PAUSE.0,
            failed: None,
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
            match &self.producer {
                Some(producer) => producer.poll(LINGER),
                None => std::thread::park_timeout(LINGER),
            }
            let closing = self.take_in();
            self.listen();
            if self.failed.is_some() {
                self.recall();
            }
            self.resume();
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
    fn listen(&mut self) {
        let Some(producer) = &self.producer else { return };
        let outcomes = producer.context().take();
        let count = self.lanes.len();
        for outcome in outcomes {
            let gone = self.settle(outcome);
            let lane = outcome.block.checked_rem(count).and_then(|at| self.lanes.get_mut(at));
            if let Some(lane) = lane.filter(|_| gone) {
                lane.hear(outcome.block / count, outcome);
            }
        }
        for (number, lane) in self.lanes.iter_mut().enumerate() {
            while let Some(flight) = lane.landed() {
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

    /// Counts an outcome; returns whether its records need nothing more.
    fn settle(&mut self, outcome: Outcome) -> bool {
        let count = u64::from(outcome.count);
        match outcome.error {
            None => {
                self.shared.counters.records.fetch_add(count, Ordering::Relaxed);
                self.shared.gauges.up();
                self.pause = PAUSE.0;
                true
            }
            Some(code) if too_large(code) => {
                refuse(&self.shared, count);
                true
            }
            Some(code) => {
                self.shared.gauges.delivery_errors.fetch_add(count, Ordering::Relaxed);
                self.failed.get_or_insert_with(|| code.to_string());
                false
            }
        }
    }

    /// Begins anew after a failure, from what was last acknowledged: nothing may overtake a record
    /// that failed.
    fn recall(&mut self) {
        let Some(reason) = self.failed.take() else { return };
        let wait = self.pause;
        tracing::warn!(reason, ?wait, "Kafka did not take records: they will be sent again");
        self.shared.gauges.link.lock().reason = Some(reason);
        for number in 0..self.lanes.len() {
            self.store(number);
        }
        // It forgets what it holds.
        self.producer = None;
        for (number, lane) in self.lanes.iter_mut().enumerate() {
            lane.recall();
            self.spool.rewind(number);
        }
        self.paused_until = Instant::now() + wait;
        self.pause = (wait * 2).min(PAUSE.1);
    }

    fn resume(&mut self) {
        if self.producer.is_some() || Instant::now() < self.paused_until {
            return;
        }
        match producer(&self.shared) {
            Ok(producer) => self.producer = Some(producer),
            Err(error) => {
                self.shared.gauges.down(error.to_string());
                self.paused_until = Instant::now() + self.pause;
                self.pause = (self.pause * 2).min(PAUSE.1);
            }
        }
    }

    /// Moves a lane on: first what the spool holds, then what is new, unless that is to be spooled.
    fn turn(&mut self, number: usize, last: bool) {
        self.drain(number);
        let queued = self.shared.intake.queued.load(Ordering::Relaxed);
        let heavy = queued > self.shared.config.queue_bytes / 2;
        let Some(lane) = self.lanes.get(number) else { return };
        let late = lane.oldest().is_some_and(|it| it.since.elapsed() >= PATIENCE);
        let behind = self.spool.unread(number) > 0;
        if behind || late || heavy || last || self.producer.is_none() {
            self.store(number);
        }
        let mut failed = false;
        while !failed && self.has_room(number) && self.spool.unread(number) == 0 {
            let Some(lane) = self.lanes.get_mut(number) else { return };
            let Some(block) = lane.back.pop_front() else { break };
            let launched = self.send(number, block::records(&block.payload));
            failed = launched.failed;
            self.launch(number, Flight::new(block, launched.size, None), &launched);
        }
    }

    /// Hands over what the spool holds, as far as there is room in flight.
    fn drain(&mut self, number: usize) {
        while self.has_room(number) && self.spool.unread(number) > 0 {
            let (found, place) = match self.spool.read(number) {
                Ok(found) => found,
                Err(error) => return self.refuse_spool(Some(error.to_string())),
            };
            let records = match found {
                Found::Records(_, records) => records,
                Found::End => return,
                Found::Missing(missed) => {
                    tracing::error!(bus.damaged = missed, "{missed} records of the spool are lost");
                    self.shared.gauges.damaged.fetch_add(missed, Ordering::Relaxed);
                    Vec::new()
                }
            };
            let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
            let pairs = records.iter().map(|(key, value)| (&**key, &**value));
            let launched = self.send(number, pairs);
            let block = Block { payload: Vec::new(), count, since: Instant::now(), ticket: 0 };
            self.launch(number, Flight::new(block, launched.size, Some(place)), &launched);
            if launched.failed {
                return;
            }
        }
    }

    fn has_room(&self, number: usize) -> bool {
        let share = self.shared.config.queue_bytes / self.lanes.len().max(1);
        let lane = self.lanes.get(number);
        self.producer.is_some()
            && self.failed.is_none()
            && lane.is_some_and(|it| !it.has_flights() || it.in_flight < share)
    }

    fn launch(&mut self, number: usize, mut flight: Flight, launched: &Launched) {
        let Some(lane) = self.lanes.get_mut(number) else { return };
        flight.left = flight.left.saturating_sub(launched.refused);
        lane.launch(flight);
        refuse(&self.shared, u64::from(launched.refused));
    }

    /// Hands records to librdkafka; it does not wait.
    fn send<'a>(
        &mut self,
        number: usize,
        records: impl Iterator<Item = (&'a [u8], &'a [u8])>,
    ) -> Launched {
        let mut launched = Launched::default();
        let Some((producer, lane)) = self.producer.as_ref().zip(self.lanes.get(number)) else {
            launched.failed = true;
            return launched;
        };
        let id = lane.number().wrapping_mul(self.lanes.len()).wrapping_add(number);
        for (key, value) in records {
            let record = BaseRecord::with_opaque_to(&self.shared.topic, id);
            match producer.send(record.key(key).payload(value)) {
                Ok(()) => launched.size += key.len() + value.len(),
                Err((KafkaError::MessageProduction(code), _)) if too_large(code) => {
                    launched.refused += 1;
                }
                Err((error, _)) => {
                    let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Unknown);
                    self.failed = Some(code.to_string());
                    launched.failed = true;
                    return launched;
                }
            }
        }
        launched
    }

    /// Writes what is in memory only to the spool.
    fn store(&mut self, number: usize) {
        let now_ms = self.shared.clock.unix_ms();
        let Some(lane) = self.lanes.get_mut(number) else { return };
        let mut error = None;
        while let Some(flight) = lane.unspooled() {
            let block = &mut flight.block;
            match self.spool.append(number, (&block.payload, block.count), now_ms) {
                Ok(place) => {
                    flight.place = Some(place);
                    self.spool.skip(number);
                    free(&self.shared, std::mem::take(&mut block.payload));
                }
                Err(refusal) => return self.refuse_spool(Some(refusal.to_string())),
            }
        }
        while let Some(block) = lane.back.pop_front() {
            match self.spool.append(number, (&block.payload, block.count), now_ms) {
                Ok(_) => free(&self.shared, block.payload),
                Err(refusal) => {
                    lane.back.push_front(block);
                    error = Some(refusal.to_string());
                    break;
                }
            }
        }
        self.refuse_spool(error);
    }

    fn refuse_spool(&mut self, error: Option<String>) {
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
        let flying = self.producer.as_ref().map_or(0, |it| it.in_flight_count());
        gauges.in_flight.store(u64::try_from(flying).unwrap_or(0), Ordering::Relaxed);
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

/// What came of handing a block over.
#[derive(Default)]
struct Launched {
    size: usize,
    refused: u32,
    failed: bool,
}

fn producer(shared: &Shared) -> Result<BaseProducer<Reports>, KafkaError> {
    let reports = Reports::new(Arc::clone(&shared.gauges));
    shared.config.producer().create_with_context(reports)
}

/// Gives back the room of a payload that needs no memory any more.
fn free(shared: &Shared, payload: Vec<u8>) {
    shared.intake.queued.fetch_sub(payload.len(), Ordering::Relaxed);
    shared.intake.reuse(payload);
}

fn refuse(shared: &Shared, count: u64) {
    if count > 0 {
        shared.gauges.refused.fetch_add(count, Ordering::Relaxed);
        tracing::error!(
            bus.refused = count,
            "Kafka takes no records as large as {count} were: see the topic's max.message.bytes"
        );
    }
}
