//! Whose TLS handshakes failed, and how: hosts that never got in leave no other trace.
//!
//! Strangers decide what comes here, so it is bounded: of too many addresses the one that failed
//! longest ago gives way, and how many did is told.

use std::collections::HashMap;
use std::net::IpAddr;

use elk_api::center::{Refused, RefusedList};
use parking_lot::Mutex;

/// The most addresses.
const MAX: usize = 4_096;
/// The longest text of a failure, in characters.
const MAX_TEXT: usize = 160;

/// Failed handshakes by address.
#[derive(Debug)]
pub(crate) struct Refusals {
    since_ms: i64,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    by_address: HashMap<IpAddr, Refused>,
    forgotten: u64,
}

impl Refusals {
    pub(crate) fn new(now_ms: i64) -> Self {
        Self { since_ms: now_ms, held: Mutex::default() }
    }

    /// Notes a failure.
    pub(crate) fn note(&self, ip: IpAddr, (reason, detail): (&str, &str), now_ms: i64) {
        let mut held = self.held.lock();
        if held.by_address.len() >= MAX && !held.by_address.contains_key(&ip) {
            let oldest = held.by_address.iter().min_by_key(|(_, it)| it.last_ms).map(|it| *it.0);
            if let Some(oldest) = oldest {
                held.by_address.remove(&oldest);
                held.forgotten += 1;
            }
        }
        let new = || Refused {
            address: ip,
            reason: String::new(),
            detail: String::new(),
            count: 0,
            first_ms: now_ms,
            last_ms: now_ms,
        };
        let it = held.by_address.entry(ip).or_insert_with(new);
        it.count += 1;
        it.last_ms = now_ms;
        // The last failure says most.
        reason.clone_into(&mut it.reason);
        it.detail = detail.chars().filter(|it| !it.is_control()).take(MAX_TEXT).collect();
    }

    /// Returns all that is known, the latest failure first.
    pub(crate) fn list(&self) -> RefusedList {
        let held = self.held.lock();
        let mut items: Vec<_> = held.by_address.values().cloned().collect();
        let forgotten = held.forgotten;
        drop(held);
        items.sort_by_key(|it| std::cmp::Reverse(it.last_ms));
        RefusedList { since_ms: self.since_ms, forgotten, items }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn ip(number: u32) -> IpAddr {
        Ipv4Addr::from_bits(number).into()
    }

    #[test]
    fn failures_of_an_address_are_one_entry_that_tells_the_last() {
        let it = Refusals::new(1);
        it.note(ip(7), ("certificate", "unknown\nissuer"), 5);
        it.note(ip(7), ("timeout", ""), 9);
        let list = it.list();
        assert_eq!((list.since_ms, list.forgotten, list.items.len()), (1, 0, 1));
        let only = list.items.first().unwrap();
        assert_eq!((only.count, only.first_ms, only.last_ms), (2, 5, 9));
        assert_eq!((only.reason.as_str(), only.detail.as_str()), ("timeout", ""));
    }

    #[test]
    fn strangers_from_everywhere_push_out_the_oldest_and_are_counted() {
        let it = Refusals::new(0);
        let max = u32::try_from(MAX).unwrap();
        for number in 0..max + 10 {
            it.note(ip(number), ("closed", ""), i64::from(number));
        }
        let list = it.list();
        assert_eq!((list.items.len(), list.forgotten), (MAX, 10));
        assert_eq!(list.items.first().unwrap().address, ip(max + 9));
        assert!(list.items.iter().all(|it| it.last_ms >= 10));
    }
}
