//! Which refused attempts are written one by one, so that no stranger fills the disk.
//!
//! Each address may have a few written, and then one a minute; all of them together may have some
//! more. The others are counted and told of in one entry each ten minutes.

use std::collections::HashMap;
use std::net::IpAddr;

/// Entries of one address: at once, and then one in this time.
const OF_ONE: Rate = Rate { burst: 10, every_ms: 60_000 };
/// Entries of all addresses.
const OF_ALL: Rate = Rate { burst: 200, every_ms: 10_000 };
/// Addresses that are remembered.
const MAX_KEYS: usize = 1_000;
/// How often what was only counted is told.
const TELL_MS: i64 = 600_000;
/// Addresses that are told of by themselves.
const TOLD: usize = 20;

#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    pub(super) burst: u32,
    pub(super) every_ms: i64,
}

/// A bucket of leave to write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    pub(super) left: u32,
    since_ms: i64,
}

impl Bucket {
    pub(super) fn full(rate: Rate, now_ms: i64) -> Self {
        Self { left: rate.burst, since_ms: now_ms }
    }

    pub(super) fn refill(&mut self, rate: Rate, now_ms: i64) {
        let more = now_ms.saturating_sub(self.since_ms).max(0) / rate.every_ms;
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        self.left = self.left.saturating_add(more).min(rate.burst);
        self.since_ms = if self.left == rate.burst {
            now_ms
        } else {
            self.since_ms.saturating_add(i64::from(more).saturating_mul(rate.every_ms))
        };
    }
}

#[derive(Debug)]
struct Counter {
    bucket: Bucket,
    unwritten: u64,
}

/// Counts refused attempts.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    all: Option<Bucket>,
    of: HashMap<IpAddr, Counter>,
    /// Of addresses that there was no room to remember.
    beyond: u64,
    told_ms: i64,
}

/// What was counted and not written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Counted {
    /// `None` for all addresses that are not told of by themselves.
    pub(super) peer: Option<IpAddr>,
    pub(super) count: u64,
}

impl Refusals {
    /// Returns whether an attempt from this address is written; counts it if not.
    pub(super) fn admit(&mut self, peer: IpAddr, now_ms: i64) -> bool {
        let all = self.all.get_or_insert_with(|| Bucket::full(OF_ALL, now_ms));
        all.refill(OF_ALL, now_ms);
        if !self.of.contains_key(&peer) && self.of.len() >= MAX_KEYS {
            self.beyond += 1;
            return false;
        }
        let fresh = || Counter { bucket: Bucket::full(OF_ONE, now_ms), unwritten: 0 };
        let counter = self.of.entry(peer).or_insert_with(fresh);
        counter.bucket.refill(OF_ONE, now_ms);
        if all.left == 0 || counter.bucket.left == 0 {
            counter.unwritten += 1;
            return false;
        }
        all.left -= 1;
        counter.bucket.left -= 1;
        true
    }

    /// Returns what was only counted, if it is time to tell it or `now` is the last time.
    pub(super) fn due(&mut self, now_ms: i64, last: bool) -> Vec<Counted> {
        if !last && now_ms.saturating_sub(self.told_ms).abs() < TELL_MS {
            return Vec::new();
        }
        self.told_ms = now_ms;
        let mut told: Vec<Counted> = self
            .of
            .iter_mut()
            .filter(|(_, it)| it.unwritten > 0)
            .map(|(peer, it)| Counted {
                peer: Some(*peer),
                count: std::mem::take(&mut it.unwritten),
            })
            .collect();
        told.sort_unstable_by_key(|it| (std::cmp::Reverse(it.count), it.peer));
        let rest: u64 = told.iter().skip(TOLD).map(|it| it.count).sum();
        told.truncate(TOLD);
        let rest = rest.saturating_add(std::mem::take(&mut self.beyond));
        if rest > 0 {
            told.push(Counted { peer: None, count: rest });
        }
        self.of.retain(|_, it| {
            it.bucket.refill(OF_ONE, now_ms);
            it.bucket.left < OF_ONE.burst
        });
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    fn ip(number: u32) -> IpAddr {
        IpAddr::from(number.to_be_bytes())
    }

    #[test]
    fn a_stranger_who_floods_is_written_a_few_times_and_counted_to_the_last() {
        let mut refusals = Refusals::default();
        refusals.due(NOW, false);
        let mut written = 0;
        for second in 0..600 {
            for _ in 0..100 {
                written += u64::from(refusals.admit(ip(1), NOW + second * 1_000));
            }
        }
        assert_eq!(written, 10 + 9);
        assert_eq!(refusals.due(NOW + 599_000, false), []);
        let told = refusals.due(NOW + 600_000, false);
        assert_eq!(told, [Counted { peer: Some(ip(1)), count: 60_000 - written }]);
        assert_eq!(refusals.due(NOW + 1_200_000, false), []);
    }

    #[test]
    fn many_strangers_share_one_bound_and_none_is_left_uncounted() {
        let mut refusals = Refusals::default();
        let mut written = 0;
        for number in 0..5_000 {
            written += u64::from(refusals.admit(ip(number), NOW));
        }
        assert_eq!(written, 200);
        let told = refusals.due(NOW, true);
        assert_eq!(told.len(), TOLD + 1);
        assert_eq!(written + told.iter().map(|it| it.count).sum::<u64>(), 5_000);
        // Somebody else is heard again once there is room.
        assert!(refusals.admit(ip(9_999), NOW + 10_000));
        refusals.due(NOW + 3_600_000, true);
        assert!(refusals.of.is_empty());
    }
}
