//! How the records of a lane move: from memory and the spool to the connection, and from memory to
//! the spool.

use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::Shared;
use super::connection::Launched;
use super::lane::{Block, Flight, Lane};
use super::pump::Pump;
use crate::block;
use crate::reader::Found;

/// What was not acknowledged by then goes to the spool.
const PATIENCE: Duration = Duration::from_millis(250);

impl Pump {
    /// Moves a lane on: first what the spool holds, then what is new, unless that is to be spooled.
    pub(crate) fn turn(&mut self, number: usize, last: bool) {
        self.drain(number);
        let queued = self.shared.intake.queued.load(Ordering::Relaxed);
        let heavy = queued > self.shared.config.queue_bytes / 2;
        let Some(lane) = self.lanes.get(number) else { return };
        let late = lane.oldest().is_some_and(|it| it.since.elapsed() >= PATIENCE);
        let behind = self.spool.unread(number) > 0;
        if behind || late || heavy || last || !self.connection.has_producer() {
            self.store(number);
        }
        while self.has_room(number) && self.spool.unread(number) == 0 {
            let Some(lane) = self.lanes.get_mut(number) else { return };
            if self.connection.is_single() {
                lane.split();
            }
            let Some(block) = lane.back.pop_front() else { break };
            let launched = self.connection.send(self.id(number), block::records(&block.payload));
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
            match found {
                Found::Records(first, records) => self.hand_over(number, first, &records),
                Found::End => return,
                Found::Missing(missed) => {
                    tracing::error!(bus.damaged = missed, "{missed} records of the spool are lost");
                    self.shared.gauges.damaged.fetch_add(missed, Ordering::Relaxed);
                    self.fly(number, place, 0, &Launched::default());
                }
            }
        }
    }

    /// Hands over records that the spool holds from `place` on.
    fn hand_over(&mut self, number: usize, mut place: u64, records: &[(Bytes, Bytes)]) {
        let size = if self.connection.is_single() { 1 } else { records.len().max(1) };
        for records in records.chunks(size) {
            place += records.len() as u64;
            let pairs = records.iter().map(|(key, value)| (&**key, &**value));
            let launched = self.connection.send(self.id(number), pairs);
            self.fly(number, place, records.len(), &launched);
            if launched.failed {
                return;
            }
        }
    }

    /// Keeps in mind that the `count` records of the spool before `place` were handed over.
    fn fly(&mut self, number: usize, place: u64, count: usize, launched: &Launched) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let block = Block { payload: Vec::new(), count, since: Instant::now(), ticket: 0 };
        self.launch(number, Flight::new(block, launched.size, Some(place)), launched);
    }

    /// Returns the number under which the next flight of a lane is handed over.
    fn id(&self, number: usize) -> usize {
        let flight = self.lanes.get(number).map_or(0, |it| it.number());
        flight.wrapping_mul(self.lanes.len()).wrapping_add(number)
    }

    fn has_room(&self, number: usize) -> bool {
        let share = self.shared.config.queue_bytes / self.lanes.len().max(1);
        let single = self.connection.is_single();
        let may = |lane: &Lane| {
            // What goes one by one is only what has to.
            (!single || lane.is_doubtful()) && (!lane.has_flights() || lane.in_flight < share)
        };
        self.connection.is_open() && self.lanes.get(number).is_some_and(may)
    }

    fn launch(&mut self, number: usize, mut flight: Flight, launched: &Launched) {
        let Some(lane) = self.lanes.get_mut(number) else { return };
        flight.refuse(launched.refused);
        lane.launch(flight);
    }

    /// Writes what is in memory only to the spool.
    pub(crate) fn store(&mut self, number: usize) {
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
}

/// Gives back the room of a payload that needs no memory any more.
pub(crate) fn free(shared: &Shared, payload: Vec<u8>) {
    shared.intake.queued.fetch_sub(payload.len(), Ordering::Relaxed);
    shared.intake.reuse(payload);
}
