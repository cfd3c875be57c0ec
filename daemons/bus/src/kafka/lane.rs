//! A lane: the records of one partition of the spool, on their way to a broker, in order.
//!
//! Their order is: blocks in flight that are in the spool, blocks in flight that are not, what the
//! spool holds beyond, blocks in memory. Either the second or the third is empty.

use std::collections::VecDeque;

use tokio::time::Instant;

use crate::block;

/// What librdkafka needs for each record, besides its bytes.
const OVERHEAD: usize = 256;

/// Records that go together.
#[derive(Debug)]
pub(crate) struct Block {
    /// Empty for a block that is in the spool.
    pub(crate) payload: Vec<u8>,
    pub(crate) count: u32,
    pub(crate) since: Instant,
    /// Its place among all that were put into the lane.
    pub(crate) ticket: u64,
}

/// A block that was handed to librdkafka.
#[derive(Debug)]
pub(crate) struct Flight {
    pub(crate) block: Block,
    /// Records without a word from a broker.
    pub(crate) left: u32,
    /// Records that no broker takes.
    pub(crate) refused: u32,
    /// Bytes in librdkafka.
    pub(crate) size: usize,
    /// Where the spool goes on after it, if it is there.
    pub(crate) place: Option<u64>,
}

impl Flight {
    pub(crate) fn new(block: Block, size: usize, place: Option<u64>) -> Self {
        let size = size + block.count as usize * OVERHEAD;
        Self { left: block.count, refused: 0, block, size, place }
    }

    /// Counts records that no broker takes.
    pub(crate) fn refuse(&mut self, count: u32) {
        self.left = self.left.saturating_sub(count);
        self.refused += count;
    }
}

#[derive(Debug, Default)]
pub(crate) struct Lane {
    flights: VecDeque<Flight>,
    /// The number of the first of them; each number is used once.
    first: usize,
    pub(crate) in_flight: usize,
    pub(crate) back: VecDeque<Block>,
    tickets: u64,
    /// So many records from the front on were in batches that are too large, or before them.
    doubtful: u64,
    pub(crate) control_only: bool,
}

impl Lane {
    pub(crate) fn put(&mut self, payload: Vec<u8>, count: u32, since: Instant) {
        self.back.push_back(Block { payload, count, since, ticket: self.tickets });
        self.tickets += 1;
    }

    /// Returns the ticket that the next block will have.
    pub(crate) fn tickets(&self) -> u64 {
        self.tickets
    }

    /// Returns the number of the next flight.
    pub(crate) fn number(&self) -> usize {
        self.first.wrapping_add(self.flights.len())
    }

    pub(crate) fn launch(&mut self, flight: Flight) {
        self.in_flight += flight.size;
        self.flights.push_back(flight);
    }

    pub(crate) fn has_flights(&self) -> bool {
        !self.flights.is_empty()
    }

    /// Returns whether a flight that is in the spool has not landed.
    pub(crate) fn is_spooled(&self) -> bool {
        self.flights.front().is_some_and(|it| it.place.is_some())
    }

    /// Counts records of flight `number` that a broker has; a flight of an earlier producer is
    /// unknown.
    pub(crate) fn hear(&mut self, number: usize, count: u32) {
        if let Some(flight) = self.flight(number) {
            flight.left = flight.left.saturating_sub(count);
        }
    }

    /// Counts records of flight `number` that no broker takes.
    pub(crate) fn refuse(&mut self, number: usize, count: u32) {
        if let Some(flight) = self.flight(number) {
            flight.refuse(count);
        }
    }

    /// Notes that some record of flight `number` was in a batch that is too large.
    pub(crate) fn doubt(&mut self, number: usize) {
        let at = number.wrapping_sub(self.first);
        if at < self.flights.len() {
            let counts = self.flights.iter().take(at + 1).map(|it| u64::from(it.block.count));
            self.doubtful = self.doubtful.max(counts.sum());
        }
    }

    /// Returns whether records are to go one by one.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.doubtful > 0
    }

    /// Makes the first block in memory one of a single record.
    pub(crate) fn split(&mut self) {
        let Some(whole) = self.back.pop_front_if(|it| it.count > 1) else {
            return;
        };
        let records: Vec<_> = block::records(&whole.payload).collect();
        for (key, value) in records.into_iter().rev() {
            let mut payload = Vec::with_capacity(key.len() + value.len() + 8);
            // It was small enough before.
            if block::push(&mut payload, key, &value) {
                self.back.push_front(Block { payload, count: 1, ..whole });
            }
        }
    }

    fn flight(&mut self, number: usize) -> Option<&mut Flight> {
        self.flights.get_mut(number.wrapping_sub(self.first))
    }

    /// Takes the next flight from the front all of whose records have arrived.
    pub(crate) fn landed(&mut self) -> Option<Flight> {
        let flight = self.flights.pop_front_if(|it| it.left == 0)?;
        self.first = self.first.wrapping_add(1);
        self.in_flight = self.in_flight.saturating_sub(flight.size);
        self.doubtful = self.doubtful.saturating_sub(u64::from(flight.block.count));
        Some(flight)
    }

    /// Returns the oldest flight that is not in the spool.
    pub(crate) fn unspooled(&mut self) -> Option<&mut Flight> {
        self.flights.iter_mut().find(|it| it.place.is_none())
    }

    /// Returns the oldest block that is in memory only.
    pub(crate) fn oldest(&self) -> Option<&Block> {
        let flight = self.flights.iter().find(|it| it.place.is_none());
        flight.map(|it| &it.block).or_else(|| self.back.front())
    }

    /// Gives all flights up: those in memory only are first in line again.
    pub(crate) fn recall(&mut self) {
        self.first = self.number();
        self.in_flight = 0;
        while let Some(flight) = self.flights.pop_back() {
            if flight.place.is_none() {
                self.back.push_front(flight.block);
            }
        }
    }

    /// Returns how many records are in memory only.
    pub(crate) fn unsafe_records(&self) -> u64 {
        let flights = self.flights.iter().filter(|it| it.place.is_none()).map(|it| &it.block);
        flights.chain(&self.back).map(|it| u64::from(it.count)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(counts: &[u32]) -> Lane {
        let mut lane = Lane::default();
        for count in counts {
            lane.put(vec![7; 10], *count, Instant::now());
        }
        lane
    }

    fn launch(lane: &mut Lane, place: Option<u64>) -> usize {
        let number = lane.number();
        let block = lane.back.pop_front().expect("a block");
        lane.launch(Flight::new(block, 10, place));
        number
    }

    #[test]
    fn flights_land_in_order_although_they_are_heard_of_in_another() {
        let mut lane = lane(&[2, 1]);
        let (one, two) = (launch(&mut lane, None), launch(&mut lane, Some(9)));
        lane.hear(two, 1);
        assert!(lane.landed().is_none());
        lane.hear(one, 1);
        assert!(lane.landed().is_none());
        lane.hear(one, 1);
        assert_eq!(lane.landed().map(|it| it.place), Some(None));
        assert_eq!(lane.landed().map(|it| it.place), Some(Some(9)));
        assert_eq!((lane.in_flight, lane.has_flights()), (0, false));
    }

    #[test]
    fn what_is_in_doubt_stays_so_over_a_recall_until_it_has_landed_one_by_one() {
        let mut lane = lane(&[]);
        let mut payload = Vec::new();
        for value in [&b"one"[..], b"two"] {
            assert!(block::push(&mut payload, b"k", &value));
        }
        let size = payload.len();
        lane.put(payload, 2, Instant::now());
        lane.put(vec![7; 10], 5, Instant::now());
        let first = launch(&mut lane, None);
        launch(&mut lane, None);
        lane.doubt(first);
        lane.recall();
        lane.split();
        let pieces: Vec<_> = lane.back.iter().map(|it| (it.count, it.payload.len())).collect();
        assert_eq!(pieces, [(1, size / 2), (1, size / 2), (5, 10)]);
        let one = launch(&mut lane, None);
        lane.hear(one, 1);
        assert_eq!(lane.landed().map(|it| it.refused), Some(0));
        assert!(lane.is_doubtful());
        let two = launch(&mut lane, None);
        lane.refuse(two, 1);
        assert_eq!(lane.landed().map(|it| it.refused), Some(1));
        assert!(!lane.is_doubtful());
    }

    #[test]
    fn what_is_recalled_comes_first_and_is_not_heard_of_again() {
        let mut lane = lane(&[1, 2, 3, 4]);
        let one = launch(&mut lane, Some(1));
        launch(&mut lane, None);
        launch(&mut lane, None);
        lane.recall();
        let counts: Vec<_> = lane.back.iter().map(|it| it.count).collect();
        assert_eq!((counts, lane.unsafe_records()), (vec![2, 3, 4], 9));
        let again = launch(&mut lane, None);
        lane.hear(one, 1);
        assert!(lane.landed().is_none(), "that was another flight");
        lane.hear(again, 2);
        assert_eq!(lane.landed().map(|it| it.block.count), Some(2));
    }
}
