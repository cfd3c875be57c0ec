//! Streams that have not said anything yet: counted apart, so that they cannot keep agents out.

use std::collections::BTreeMap;
use std::sync::Arc;

use elk_life::Stop;
use parking_lot::Mutex;

#[derive(Clone, Debug)]
pub(crate) struct Waiting(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    limit: usize,
    next: u64,
    streams: BTreeMap<u64, Stop>,
}

/// A place among the waiting; dropped, it is free.
#[derive(Debug)]
pub(crate) struct Place {
    waiting: Waiting,
    number: u64,
}

impl Waiting {
    pub(crate) fn new(limit: usize) -> Self {
        let limit = limit.max(1);
        Self(Arc::new(Mutex::new(Inner { limit, next: 0, streams: BTreeMap::new() })))
    }

    /// Takes a place; if all are taken, the stream that has waited longest is ended for it.
    pub(crate) fn enter(&self, end: Stop) -> Place {
        let mut inner = self.0.lock();
        let number = inner.next;
        inner.next += 1;
        inner.streams.insert(number, end);
        let evicted =
            if inner.streams.len() > inner.limit { inner.streams.pop_first() } else { None };
        drop(inner);
        if let Some((_, end)) = evicted {
            end.now();
        }
        Place { waiting: self.clone(), number }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.waiting.0.lock().streams.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silent_streams_push_out_the_longest_waiting_one_and_nobody_else() {
        let waiting = Waiting::new(2);
        let stops: Vec<Stop> = (0..3).map(|_| Stop::default()).collect();
        let first = waiting.enter(stops[0].clone());
        let second = waiting.enter(stops[1].clone());
        drop(second);
        let _third = waiting.enter(stops[2].clone());
        assert!(!stops[0].is_stopped());
        let _fourth = waiting.enter(Stop::default());
        assert!(stops[0].is_stopped());
        assert!(!stops[2].is_stopped());
        drop(first);
    }
}
