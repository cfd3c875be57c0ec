//! Sign-ins that fail again and again have to wait, longer each time.
//!
//! Failures are counted by address and by name and address: nobody can lock out somebody else who
//! comes from another address. A signed-in user is never affected.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

use parking_lot::Mutex;

/// Failures that cost nothing, of one name from one address.
const FREE_OF_NAME: u32 = 5;
/// Failures that cost nothing, from one address.
const FREE_OF_PEER: u32 = 50;
const LONGEST_WAIT_MS: i64 = 60_000;
/// Failures are forgotten after this long without one.
const MEMORY_MS: i64 = 900_000;
/// Counters kept; further ones replace those that matter least.
const MAX_COUNTERS: usize = 20_000;
/// Sign-ins under way at a time, from one address and in all; each waits for a processor.
const AT_ONCE_OF_PEER: u32 = 32;
const AT_ONCE: u32 = 256;
const MAX_NAME: usize = 64;

/// Counts failed sign-ins.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    counters: HashMap<(IpAddr, Option<String>), Counter>,
    under_way: HashMap<IpAddr, u32>,
    in_all: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counter {
    failures: u32,
    last_ms: i64,
    until_ms: i64,
}

/// Leave to try one sign-in.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    attempts: &'a Attempts,
    peer: IpAddr,
    name: String,
    begun_ms: i64,
    decided: bool,
}

impl Attempts {
    /// Gives leave to try, or says for how many seconds not to.
    pub(crate) fn begin(&self, name: &str, peer: IpAddr, now_ms: i64) -> Result<Attempt<'_>, u64> {
        let peer = network(peer);
        let name: String = name.chars().take(MAX_NAME).collect();
        let mut table = self.0.lock();
        let until = |key: &(IpAddr, Option<String>)| table.counters.get(key).map(|it| it.until_ms);
        let until = until(&(peer, None)).max(until(&(peer, Some(name.clone()))));
        if let Some(wait) = until.map(|it| it - now_ms).filter(|wait| *wait > 0) {
            return Err(wait.min(LONGEST_WAIT_MS).unsigned_abs().div_ceil(1_000));
        }
        let here = table.under_way.get(&peer).copied().unwrap_or(0);
        if here >= AT_ONCE_OF_PEER || table.in_all >= AT_ONCE {
            return Err(1);
        }
        table.under_way.insert(peer, here + 1);
        table.in_all += 1;
        Ok(Attempt { attempts: self, peer, name, begun_ms: now_ms, decided: false })
    }
}

/// What is known of the sign-ins of a name, from the address where most failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Failures {
    pub(crate) count: u32,
    /// Until when sign-ins are not looked at.
    pub(crate) until_ms: Option<i64>,
}

impl Attempts {
    /// Returns how often sign-ins of a name failed lately.
    pub(crate) fn of(&self, name: &str, now_ms: i64) -> Failures {
        let table = self.0.lock();
        let of_name = table.counters.iter().filter(|((_, it), counter)| {
            it.as_deref() == Some(name) && now_ms - counter.last_ms <= MEMORY_MS
        });
        let worst = of_name.max_by_key(|(_, it)| (it.until_ms, it.failures));
        worst.map_or_else(Failures::default, |(_, it)| Failures {
            count: it.failures,
            until_ms: (it.until_ms > now_ms).then_some(it.until_ms),
        })
    }

    /// Forgets the failures of a name, from whichever address.
    pub(crate) fn forget(&self, name: &str) {
        self.0.lock().counters.retain(|(_, it), _| it.as_deref() != Some(name));
    }
}

impl Attempt<'_> {
    /// Notes that the password was wrong.
    pub(crate) fn failed(mut self, now_ms: i64) {
        self.decided = true;
        self.count(now_ms);
    }

    fn count(&self, now_ms: i64) {
        let mut table = self.attempts.0.lock();
        for (name, free) in [(None, FREE_OF_PEER), (Some(self.name.clone()), FREE_OF_NAME)] {
            table.make_room(now_ms);
            let counter = table.counters.entry((self.peer, name)).or_default();
            counter.fail(free, now_ms);
        }
    }

    /// Notes that the password was right.
    pub(crate) fn succeeded(mut self) {
        self.decided = true;
        self.attempts.0.lock().counters.remove(&(self.peer, Some(self.name.clone())));
    }

    /// Gives the leave back: the password was not looked at, through no fault of the caller.
    pub(crate) fn withdrawn(mut self) {
        self.decided = true;
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        // Whoever does not wait for the answer has made the server work for nothing.
        if !self.decided {
            self.count(self.begun_ms);
        }
        let mut table = self.attempts.0.lock();
        table.in_all = table.in_all.saturating_sub(1);
        let left = table.under_way.get(&self.peer).map_or(0, |it| it.saturating_sub(1));
        match left {
            0 => table.under_way.remove(&self.peer),
            left => table.under_way.insert(self.peer, left),
        };
    }
}

impl Counter {
    fn fail(&mut self, free: u32, now_ms: i64) {
        if now_ms - self.last_ms > MEMORY_MS {
            *self = Self::default();
        }
        self.failures = self.failures.saturating_add(1);
        self.last_ms = now_ms;
        if self.failures >= free {
            let doublings = (self.failures - free).min(6);
            self.until_ms = now_ms + (1_000 << doublings).min(LONGEST_WAIT_MS);
        }
    }
}

impl Table {
    /// Drops what is old, or else half of the counters: those with the fewest failures.
    fn make_room(&mut self, now_ms: i64) {
        if self.counters.len() < MAX_COUNTERS {
            return;
        }
        self.counters.retain(|_, it| now_ms - it.last_ms <= MEMORY_MS);
        if self.counters.len() < MAX_COUNTERS {
            return;
        }
        let mut ranks: Vec<_> =
            self.counters.values().map(|it| (it.failures, it.last_ms)).collect();
        ranks.sort_unstable();
        let median = ranks.get(ranks.len() / 2).copied().unwrap_or_default();
        self.counters.retain(|_, it| (it.failures, it.last_ms) > median);
    }
}

/// Returns what counts as one address: for IPv6 the network, as every host has many.
pub(crate) fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        ip @ IpAddr::V4(_) => ip,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn fail(attempts: &Attempts, name: &str, peer: &str, now: i64) -> Result<(), u64> {
        attempts.begin(name, ip(peer), now).map(|it| it.failed(now))
    }

    #[test]
    fn waits_double_after_a_few_failures_and_end_with_a_right_password() {
        let attempts = Attempts::default();
        for _ in 0..5 {
            fail(&attempts, "admin", "10.0.0.1", NOW).unwrap();
        }
        let mut now = NOW;
        for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
            assert_eq!(attempts.begin("admin", ip("10.0.0.1"), now).unwrap_err(), wait);
            now += i64::try_from(wait).unwrap() * 1_000;
            fail(&attempts, "admin", "10.0.0.1", now).unwrap();
        }
        now += 60_000;
        attempts.begin("admin", ip("10.0.0.1"), now).unwrap().succeeded();
        fail(&attempts, "admin", "10.0.0.1", now).unwrap();
        attempts.begin("admin", ip("10.0.0.1"), now).unwrap();
    }

    #[test]
    fn the_worst_of_a_name_is_told_until_it_is_forgotten() {
        let attempts = Attempts::default();
        fail(&attempts, "admin", "10.0.0.2", NOW).unwrap();
        while fail(&attempts, "admin", "10.0.0.1", NOW).is_ok() {}
        let told = attempts.of("admin", NOW);
        assert_eq!((told.count, told.until_ms), (5, Some(NOW + 1_000)));
        assert_eq!(attempts.of("admin", NOW + 1_000).until_ms, None);
        assert_eq!(attempts.of("admin", NOW + MEMORY_MS + 1), Failures::default());
        assert_eq!(attempts.of("alice", NOW), Failures::default());
        attempts.forget("admin");
        assert_eq!(attempts.of("admin", NOW), Failures::default());
        fail(&attempts, "admin", "10.0.0.1", NOW).unwrap();
    }

    #[test]
    fn other_addresses_and_other_names_go_on() {
        let attempts = Attempts::default();
        while fail(&attempts, "admin", "10.0.0.1", NOW).is_ok() {}
        attempts.begin("admin", ip("10.0.0.2"), NOW).unwrap();
        attempts.begin("alice", ip("10.0.0.1"), NOW).unwrap();
        while fail(&attempts, "admin", "fd00::1", NOW).is_ok() {}
        attempts.begin("admin", ip("fd00::2"), NOW).unwrap_err();
        attempts.begin("admin", ip("fd00:0:0:1::2"), NOW).unwrap();
        attempts.begin("admin", ip("::ffff:10.0.0.1"), NOW).unwrap_err();
    }

    #[test]
    fn many_names_from_one_address_have_to_wait_too() {
        let attempts = Attempts::default();
        let tried = (0..1_000)
            .take_while(|n| fail(&attempts, &format!("user-{n}"), "10.0.0.1", NOW).is_ok())
            .count();
        assert_eq!(tried, 50);
    }

    #[test]
    fn failures_are_forgotten_and_memory_is_bounded() {
        let attempts = Attempts::default();
        while fail(&attempts, "admin", "10.0.0.1", NOW).is_ok() {}
        fail(&attempts, "admin", "10.0.0.1", NOW + MEMORY_MS + 1).unwrap();
        attempts.begin("admin", ip("10.0.0.1"), NOW + MEMORY_MS + 1).unwrap();
        for number in 0..30_000_u32 {
            let peer = std::net::Ipv4Addr::from_bits(number);
            if let Ok(it) = attempts.begin("x", peer.into(), NOW) {
                it.failed(NOW);
            }
        }
        let table = attempts.0.lock();
        assert!(table.counters.len() <= MAX_COUNTERS, "{}", table.counters.len());
        assert!(table.under_way.is_empty() && table.in_all == 0);
    }

    #[test]
    fn sign_ins_under_way_are_bounded() {
        let attempts = Attempts::default();
        let held: Vec<_> =
            (0..32).map(|_| attempts.begin("a", ip("10.0.0.1"), NOW).unwrap()).collect();
        assert_eq!(attempts.begin("a", ip("10.0.0.1"), NOW).unwrap_err(), 1);
        attempts.begin("a", ip("10.0.0.2"), NOW).unwrap();
        held.into_iter().for_each(Attempt::withdrawn);
        attempts.begin("a", ip("10.0.0.1"), NOW).unwrap();
    }

    #[test]
    fn who_hangs_up_before_the_answer_has_failed() {
        let attempts = Attempts::default();
        for _ in 0..5 {
            drop(attempts.begin("a", ip("10.0.0.1"), NOW).unwrap());
        }
        assert_eq!(attempts.begin("a", ip("10.0.0.1"), NOW).unwrap_err(), 1);
        attempts.begin("b", ip("10.0.0.1"), NOW).unwrap();
    }
}
