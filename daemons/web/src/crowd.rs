//! A bounded number of places, of which one address cannot keep others out.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use elk_life::Stop;
use parking_lot::Mutex;

/// Who holds a place, by address.
#[derive(Clone, Debug)]
pub struct Crowd(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    limit: usize,
    next: u64,
    streams: BTreeMap<u64, (IpAddr, Stop)>,
    from: HashMap<IpAddr, usize>,
}

/// A place; dropped, it is free.
#[derive(Debug)]
pub struct Place {
    crowd: Crowd,
    number: u64,
}

impl Crowd {
    /// Makes `limit` places, at least one.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        let (streams, from) = (BTreeMap::new(), HashMap::new());
        Self(Arc::new(Mutex::new(Inner { limit: limit.max(1), next: 0, streams, from })))
    }

    /// Takes a place; if all are taken, one is ended for it: of the address that has most of them,
    /// the one that has had it longest.
    #[must_use]
    pub fn enter(&self, ip: IpAddr, end: Stop) -> Place {
        let mut inner = self.0.lock();
        let number = inner.next;
        inner.next += 1;
        inner.streams.insert(number, (ip, end));
        *inner.from.entry(ip).or_default() += 1;
        let evicted = if inner.streams.len() > inner.limit { inner.evict() } else { None };
        drop(inner);
        if let Some(end) = evicted {
            end.now();
        }
        Place { crowd: self.clone(), number }
    }
}

impl Inner {
    fn evict(&mut self) -> Option<Stop> {
        let most = self.from.values().copied().max()?;
        let crowded = |ip: &IpAddr| self.from.get(ip).is_some_and(|count| *count == most);
        let number = *self.streams.iter().find(|(_, (ip, _))| crowded(ip))?.0;
        self.leave(number)
    }

    fn leave(&mut self, number: u64) -> Option<Stop> {
        let (ip, end) = self.streams.remove(&number)?;
        if let Some(count) = self.from.get_mut(&ip) {
            *count -= 1;
            if *count == 0 {
                self.from.remove(&ip);
            }
        }
        Some(end)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.crowd.0.lock().leave(self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    #[test]
    fn the_longest_there_gives_way_and_nobody_else() {
        let crowd = Crowd::new(2);
        let stops: Vec<Stop> = (0..3).map(|_| Stop::default()).collect();
        let first = crowd.enter(ip(1), stops[0].clone());
        let second = crowd.enter(ip(1), stops[1].clone());
        drop(second);
        let _third = crowd.enter(ip(1), stops[2].clone());
        assert!(!stops[0].is_stopped());
        let _fourth = crowd.enter(ip(1), Stop::default());
        assert!(stops[0].is_stopped());
        assert!(!stops[2].is_stopped());
        drop(first);
    }

    #[test]
    fn one_address_with_many_cannot_push_out_another_ones() {
        let crowd = Crowd::new(3);
        let agent = Stop::default();
        let _agent = crowd.enter(ip(1), agent.clone());
        let places: Vec<Place> = (0..100).map(|_| crowd.enter(ip(2), Stop::default())).collect();
        assert!(!agent.is_stopped());
        drop(places);
        assert_eq!(crowd.0.lock().from, HashMap::from([(ip(1), 1)]));
    }
}
