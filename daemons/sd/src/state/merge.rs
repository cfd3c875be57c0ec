//! What nodes tell each other, and how it comes together: the latest change counts, whatever the order.

use elk_api::registry::{Instance, Registration};
use serde::{Deserialize, Serialize};

use super::{Ended, Entry, Key, LIFE_MS, Registry};

/// What ended is remembered for so long: much longer than anybody tells of it as alive.
const REMEMBERED_MS: i64 = 600_000;
/// The most that is remembered of what ended.
const MAX_ENDED: usize = 20_000;
/// An instance that another node tells of has at least the rest of its life left: time for two
/// renewals, whatever the other's clock says.
const MAX_AGE_MS: i64 = LIFE_MS - 60_000;

/// The order of changes: later ones have seen earlier ones, and the node settles the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Stamp {
    pub(super) count: u64,
    pub(super) node: u64,
}

/// What became of one instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Item {
    name: String,
    ip: String,
    port: u16,
    stamp: Stamp,
    /// None if it was evicted.
    live: Option<Live>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Live {
    weight: i64,
    extra: serde_json::Value,
    create_at: i64,
    /// Since its last renewal.
    age_ms: i64,
    /// A node of the reference told of that.
    synced: bool,
}

impl Registry {
    /// The count is not below the time, so that it goes on after a restart that forgot it.
    pub(super) fn next_stamp(&mut self, now_ms: i64) -> Stamp {
        let time = u64::try_from(now_ms).unwrap_or_default();
        self.latest.count = self.latest.count.saturating_add(1).max(time);
        self.latest
    }

    /// Gives a change of `key` the last place; its place before is free.
    pub(super) fn change(&mut self, key: &Key) -> u64 {
        let before = self.entry(key).and_then(|it| it.place);
        self.forget(before.or_else(|| self.ended.get(key)?.place));
        self.ended.remove(key);
        self.place += 1;
        self.changes.insert(self.place, key.clone());
        self.place
    }

    /// Returns the place of the last change.
    pub(crate) fn head(&self) -> u64 {
        self.place
    }

    pub(super) fn forget(&mut self, place: Option<u64>) {
        if let Some(place) = place {
            self.changes.remove(&place);
        }
    }

    pub(super) fn stamp_of(&self, key: &Key) -> Option<Stamp> {
        let live = self.entry(key).map(|it| it.stamp);
        live.or_else(|| self.ended.get(key).map(|it| it.stamp))
    }

    /// Remembers what ended; if that is too much, what ended first is forgotten.
    pub(super) fn end(&mut self, key: Key, ended: Ended) {
        self.ended.insert(key, ended);
        if self.ended.len() > MAX_ENDED {
            let mut first: Vec<_> = self.ended.iter().map(|(key, it)| (it.at_ms, key)).collect();
            first.sort_unstable();
            let first: Vec<Key> =
                first.into_iter().take(MAX_ENDED / 16).map(|(_, key)| key.clone()).collect();
            for key in first {
                let ended = self.ended.remove(&key);
                self.forget(ended.and_then(|it| it.place));
            }
        }
    }

    pub(super) fn sweep_ended(&mut self, jumped_ms: i64, now_ms: i64) {
        let mut old = Vec::new();
        self.ended.retain(|_, it| {
            it.at_ms = it.at_ms.saturating_add(jumped_ms);
            let counts = now_ms.saturating_sub(it.at_ms) <= REMEMBERED_MS;
            if !counts {
                old.push(it.place);
            }
            counts
        });
        old.into_iter().for_each(|place| self.forget(place));
    }

    /// Takes what another node tells; returns whether it was news.
    pub(crate) fn merge(&mut self, item: Item, now_ms: i64) -> bool {
        let Item { name, ip, port, stamp, live } = item;
        self.latest.count = self.latest.count.max(stamp.count);
        let key = (name.clone(), ip.clone(), port);
        if self.stamp_of(&key).is_some_and(|known| known >= stamp) {
            return false;
        }
        let (weight, extra) = match &live {
            Some(live) => (live.weight, live.extra.clone()),
            None => Default::default(),
        };
        let new = Registration { name, ip, port, weight, extra };
        // Ends need no room among the living.
        if self.check(&new).is_err() || (live.is_some() && self.admit(&new).is_err()) {
            return false;
        }
        let place = Some(self.change(&key));
        match live {
            Some(live) => self.revive(new, &live, (stamp, place), now_ms),
            None => {
                self.remove(&key);
                self.end(key, Ended { stamp, at_ms: now_ms, place });
            }
        }
        true
    }

    fn revive(
        &mut self,
        new: Registration,
        live: &Live,
        (stamp, place): (Stamp, Option<u64>),
        now_ms: i64,
    ) {
        let Registration { name, ip, port, weight, extra } = new;
        let key = (name.clone(), ip.clone(), port);
        let renewed_ms = now_ms.saturating_sub(live.age_ms.clamp(0, MAX_AGE_MS));
        let update_at = renewed_ms.div_euclid(1_000);
        let create_at = live.create_at;
        let instance = Instance { name, ip, port, status: 0, create_at, update_at, weight, extra };
        let synced = live.synced;
        self.insert(key, Entry { instance, renewed_ms, answers: 0, stamp, place, synced });
    }

    /// Returns changes after a place, at least one if there is one, up to about so many bytes, and
    /// the place that is reached with them.
    pub(crate) fn changes_after(&self, place: u64, bytes: usize, now_ms: i64) -> (Vec<Item>, u64) {
        let (mut items, mut used) = (Vec::new(), 0);
        for (at, key) in self.changes.range(place.saturating_add(1)..) {
            if used > bytes {
                return (items, at - 1);
            }
            let Some(item) = self.item(key, now_ms) else { continue };
            let extra = item.live.as_ref().map_or(0, |it| it.extra.to_string().len());
            used += 160 + item.name.len() + item.ip.len() + extra;
            items.push(item);
        }
        (items, self.head())
    }

    fn item(&self, key: &Key, now_ms: i64) -> Option<Item> {
        let (name, ip, port) = key.clone();
        if let Some(entry) = self.entry(key) {
            let live = Live {
                weight: entry.instance.weight,
                extra: entry.instance.extra.clone(),
                create_at: entry.instance.create_at,
                age_ms: entry.age_ms(now_ms),
                synced: entry.synced,
            };
            return Some(Item { name, ip, port, stamp: entry.stamp, live: Some(live) });
        }
        let stamp = self.ended.get(key)?.stamp;
        Some(Item { name, ip, port, stamp, live: None })
    }
}
