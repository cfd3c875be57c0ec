//! Messages that have arrived in part: bounded all together, so that senders who stall cannot fill
//! memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use elk_life::Stop;
use parking_lot::Mutex;
use prometheus::IntCounter;

/// What each stream may hold without being counted; most messages are smaller.
pub(crate) const FREE: usize = 64 << 10;
/// Room for any one message, whatever the setting.
const LEAST: usize = 16 << 20;

#[derive(Clone, Debug)]
pub(crate) struct Partials(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    limit: usize,
    held: usize,
    next: u64,
    claims: BTreeMap<u64, (usize, Stop)>,
    cut: IntCounter,
}

/// What one stream holds; dropped, it is free.
#[derive(Debug)]
pub(crate) struct Claim {
    partials: Partials,
    number: Option<u64>,
    end: Stop,
}

impl Partials {
    /// Allows `limit` bytes; streams that are ended for it are counted by `cut`.
    pub(crate) fn new(limit: usize, cut: IntCounter) -> Self {
        let limit = limit.max(LEAST);
        let inner = Inner { limit, held: 0, next: 0, claims: BTreeMap::new(), cut };
        Self(Arc::new(Mutex::new(inner)))
    }

    pub(crate) fn claim(&self, end: Stop) -> Claim {
        Claim { partials: self.clone(), number: None, end }
    }
}

impl Claim {
    /// Says that the stream holds `bytes` now. If that is too much with all others, the streams end
    /// whose messages began first: a message that is on its way at all is soon complete.
    pub(crate) fn hold(&mut self, bytes: usize) {
        if bytes <= FREE {
            return self.free();
        }
        let mut ended = Vec::new();
        let mut guard = self.partials.0.lock();
        let inner = &mut *guard;
        let number = *self.number.get_or_insert_with(|| {
            inner.next += 1;
            inner.claims.insert(inner.next, (0, self.end.clone()));
            inner.next
        });
        let Some((held, _)) = inner.claims.get_mut(&number) else { return };
        let before = std::mem::replace(held, bytes);
        inner.held = inner.held + bytes - before;
        while inner.held > inner.limit {
            let Some((_, (bytes, end))) = inner.claims.pop_first() else { break };
            inner.held -= bytes;
            inner.cut.inc();
            ended.push(end);
        }
        drop(guard);
        ended.iter().for_each(Stop::now);
    }

    fn free(&mut self) {
        let Some(number) = self.number.take() else { return };
        let mut inner = self.partials.0.lock();
        if let Some((bytes, _)) = inner.claims.remove(&number) {
            inner.held -= bytes;
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.free();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partials() -> (Partials, IntCounter) {
        let cut = IntCounter::new("cut", "cut").unwrap();
        (Partials::new(LEAST, cut.clone()), cut)
    }

    #[test]
    fn the_message_that_began_first_gives_way_and_nobody_else() {
        let (partials, cut) = partials();
        let stops: Vec<Stop> = (0..3).map(|_| Stop::default()).collect();
        let mut claims: Vec<Claim> = stops.iter().map(|it| partials.claim(it.clone())).collect();
        claims[1].hold(LEAST / 2);
        claims[0].hold(LEAST / 2);
        claims[2].hold(FREE);
        assert!(stops.iter().all(|it| !it.is_stopped()));
        claims[2].hold(FREE + 1);
        let ended: Vec<bool> = stops.iter().map(Stop::is_stopped).collect();
        assert_eq!((ended, cut.get()), (vec![false, true, false], 1));
        // What comes after its end neither counts nor ends others.
        claims[1].hold(LEAST);
        assert!(!stops[0].is_stopped() && !stops[2].is_stopped());
    }

    #[test]
    fn what_is_complete_or_gone_holds_nothing() {
        let (partials, cut) = partials();
        for _ in 0..100 {
            let mut claim = partials.claim(Stop::default());
            claim.hold(LEAST / 2);
            claim.hold(LEAST);
            claim.hold(0);
            claim.hold(LEAST);
        }
        assert_eq!((partials.0.lock().held, cut.get()), (0, 0));
    }
}
