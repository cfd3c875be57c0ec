//! The registry: no clock, no socket; time and chance are arguments.

mod merge;

use std::collections::{BTreeMap, HashMap};

use elk_api::registry::{Instance, Registration};
use rand::Rng;
use rand::seq::SliceRandom as _;
use serde::{Deserialize, Serialize};

use crate::Limits;
pub(crate) use merge::{Item, Stamp};

/// A registration ends this long after its last renewal.
const LIFE_MS: i64 = 105_000;
/// From here on an instance is handed out after all others.
const STALE_MS: i64 = 90_000;
/// Reads look for ended registrations no more often than this.
const SWEEP_MS: u64 = 1_000;
/// A clock that was not looked at for longer was set, or its host slept.
const JUMP_MS: i64 = 30_000;
const MAX_NAME: usize = 128;

/// Why a registration was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("a service's name has 1 to 128 printable characters")]
    Name,
    #[error("ip is an IP address or a host name, and port 1 to 65535")]
    Address,
    #[error("extra has more than {0} bytes")]
    Extra(usize),
    #[error("{0} services are registered already")]
    Services(usize),
    #[error("{0} instances of this service are registered already")]
    Instances(usize),
}

/// Name, address and port.
pub(crate) type Key = (String, String, u16);

/// Services and their instances.
#[derive(Debug)]
pub(crate) struct Registry {
    limits: Limits,
    services: BTreeMap<String, HashMap<(String, u16), Entry>>,
    swept_ms: Option<i64>,
    /// Grows with every change.
    revision: u64,
    /// The latest change that this node knows of.
    latest: Stamp,
    /// What other nodes are told, in the order in which it came about here.
    changes: BTreeMap<u64, Key>,
    /// The last place that was given.
    place: u64,
    /// What ended: it comes back by a later registration only.
    ended: HashMap<Key, Ended>,
}

#[derive(Debug)]
struct Ended {
    stamp: Stamp,
    at_ms: i64,
    /// Its place among the changes; none if it ended by this node's clock, which counts here only.
    place: Option<u64>,
}

/// An instance as it is kept over a restart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) instance: Instance,
    renewed_ms: i64,
    answers: i64,
    stamp: Stamp,
}

#[derive(Debug)]
struct Entry {
    instance: Instance,
    renewed_ms: i64,
    /// Answers that put it first since its last renewal.
    answers: i64,
    stamp: Stamp,
    /// Its place among the changes; none if it is only remembered from before a restart.
    place: Option<u64>,
    /// Its last renewal was told by a node of the reference.
    synced: bool,
}

impl Entry {
    fn age_ms(&self, now_ms: i64) -> i64 {
        now_ms.saturating_sub(self.renewed_ms)
    }

    /// Its weight as reported and the answers given since; a weight below zero lures nobody.
    fn load(&self) -> i64 {
        self.instance.weight.max(0).saturating_add(self.answers)
    }

    fn shown(&self, now_ms: i64) -> Instance {
        Instance { status: status(self.age_ms(now_ms)), ..self.instance.clone() }
    }
}

/// Returns 0 (green) to 4 (red) by the time since the last renewal.
fn status(age_ms: i64) -> u8 {
    match age_ms {
        ..=45_999 => 0,
        46_000..=60_999 => 1,
        61_000..=75_999 => 2,
        76_000..=90_999 => 3,
        _ => 4,
    }
}

impl Registry {
    /// Makes an empty one; `node` differs from that of every other node, and every other start.
    pub(crate) fn new(limits: Limits, node: u64) -> Self {
        Self {
            limits,
            services: BTreeMap::new(),
            swept_ms: None,
            revision: 0,
            latest: Stamp { count: 0, node },
            changes: BTreeMap::new(),
            place: 0,
            ended: HashMap::new(),
        }
    }

    /// Returns a number that differs after every change.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns all instances, to be kept.
    pub(crate) fn kept(&self) -> Vec<Kept> {
        let entries = self.services.values().flat_map(|instances| instances.values());
        let kept = entries.map(|it| Kept {
            instance: it.instance.clone(),
            renewed_ms: it.renewed_ms,
            answers: it.answers,
            stamp: it.stamp,
        });
        kept.collect()
    }

    /// Takes back what was kept, as old as it has become; what is out of bounds or known better is
    /// left out. Other nodes are not told: they know, or it ended.
    pub(crate) fn restore(&mut self, kept: Vec<Kept>, now_ms: i64) {
        for Kept { instance, renewed_ms, answers, stamp } in kept {
            let Instance { name, ip, port, weight, extra, .. } = instance.clone();
            let key = (name.clone(), ip.clone(), port);
            let new = Registration { name, ip, port, weight, extra };
            if self.stamp_of(&key).is_some() || self.admit(&new).is_err() {
                continue;
            }
            self.latest.count = self.latest.count.max(stamp.count);
            let renewed_ms = renewed_ms.min(now_ms);
            let (place, synced) = (None, false);
            self.insert(key, Entry { instance, renewed_ms, answers, stamp, place, synced });
        }
        self.sweep(now_ms);
    }

    /// Registers an instance or renews it. A renewal changes its weight only. Returns it as it is now.
    pub(crate) fn register(&mut self, new: Registration, now_ms: i64) -> Result<Instance, Refused> {
        self.register_from(new, false, now_ms)
    }

    /// Registers what a node of the reference tells: by this node's clock.
    pub(crate) fn register_synced(
        &mut self,
        new: Registration,
        now_ms: i64,
    ) -> Result<Instance, Refused> {
        self.register_from(new, true, now_ms)
    }

    /// Removes what a node of the reference says is gone; returns whether it did. Such a node also
    /// says so of instances whose renewals did not reach it: what was renewed elsewhere stays.
    pub(crate) fn evict_synced(&mut self, gone: &Registration, now_ms: i64) -> bool {
        let key = (gone.name.clone(), gone.ip.clone(), gone.port);
        let evicts = self.entry(&key).is_some_and(|it| it.synced);
        if evicts {
            self.evict(&gone.name, &gone.ip, gone.port, now_ms);
        }
        evicts
    }

    /// Returns the instances that no node of the reference told of.
    pub(crate) fn own(&self, now_ms: i64) -> Vec<Instance> {
        let entries = self.services.values().flat_map(HashMap::values);
        entries.filter(|it| !it.synced).map(|it| it.shown(now_ms)).collect()
    }

    fn register_from(
        &mut self,
        new: Registration,
        synced: bool,
        now_ms: i64,
    ) -> Result<Instance, Refused> {
        self.sweep_if_due(now_ms);
        self.admit(&new)?;
        let now = now_ms.div_euclid(1_000);
        let key = (new.name.clone(), new.ip.clone(), new.port);
        let instance = match self.entry(&key) {
            Some(entry) => {
                let known = entry.instance.clone();
                Instance { weight: new.weight, update_at: now, ..known }
            }
            None => Instance {
                name: new.name,
                ip: new.ip,
                port: new.port,
                status: 0,
                create_at: now,
                update_at: now,
                weight: new.weight,
                extra: new.extra,
            },
        };
        let (stamp, place) = (self.next_stamp(now_ms), Some(self.change(&key)));
        let shown = instance.clone();
        self.insert(key, Entry { instance, renewed_ms: now_ms, answers: 0, stamp, place, synced });
        Ok(shown)
    }

    fn entry(&self, (name, ip, port): &Key) -> Option<&Entry> {
        self.services.get(name)?.get(&(ip.clone(), *port))
    }

    fn insert(&mut self, (name, ip, port): Key, entry: Entry) {
        self.services.entry(name).or_default().insert((ip, port), entry);
        self.revision += 1;
    }

    fn remove(&mut self, (name, ip, port): &Key) {
        let Some(instances) = self.services.get_mut(name) else { return };
        if instances.remove(&(ip.clone(), *port)).is_some() {
            self.revision += 1;
        }
        if instances.is_empty() {
            self.services.remove(name);
        }
    }

    /// Returns whether there is room for an instance that is as it should be.
    fn admit(&self, new: &Registration) -> Result<(), Refused> {
        self.check(new)?;
        let services = self.services.len();
        match self.services.get(&new.name) {
            None if services >= self.limits.services => Err(Refused::Services(services)),
            Some(instances)
                if instances.len() >= self.limits.instances
                    && !instances.contains_key(&(new.ip.clone(), new.port)) =>
            {
                Err(Refused::Instances(instances.len()))
            }
            _ => Ok(()),
        }
    }

    fn check(&self, new: &Registration) -> Result<(), Refused> {
        let plain = new.name.chars().all(|c| c.is_ascii_graphic());
        if new.name.is_empty() || new.name.len() > MAX_NAME || !plain {
            return Err(Refused::Name);
        }
        let host = new.ip.parse::<std::net::IpAddr>().is_ok() || is_host(&new.ip);
        if !host || new.port == 0 {
            return Err(Refused::Address);
        }
        let extra = serde_json::to_string(&new.extra).map_or(usize::MAX, |it| it.len());
        let most = self.limits.extra_bytes;
        if extra > most { Err(Refused::Extra(most)) } else { Ok(()) }
    }

    /// Removes an instance if it is there; other nodes are told also if it is not, as it may be there.
    pub(crate) fn evict(&mut self, name: &str, ip: &str, port: u16, now_ms: i64) {
        let (name, ip) = (name.to_owned(), ip.to_owned());
        let gone = Registration { name, ip, port, ..Registration::default() };
        if self.check(&gone).is_err() {
            return;
        }
        let key = (gone.name, gone.ip, port);
        let (stamp, place) = (self.next_stamp(now_ms), Some(self.change(&key)));
        self.remove(&key);
        self.end(key, Ended { stamp, at_ms: now_ms, place });
    }

    /// Ends registrations that were not renewed; expects to be called every few seconds.
    ///
    /// Where the clock jumped, forwards or back, ages go on from where they were: nobody could
    /// renew in between.
    pub(crate) fn sweep(&mut self, now_ms: i64) {
        let passed = now_ms.saturating_sub(self.swept_ms.unwrap_or(now_ms));
        let jumped = if (0..=JUMP_MS).contains(&passed) { 0 } else { passed };
        self.swept_ms = Some(now_ms);
        let mut old = Vec::new();
        for (name, instances) in &mut self.services {
            for ((ip, port), entry) in instances {
                entry.renewed_ms = entry.renewed_ms.saturating_add(jumped);
                if entry.age_ms(now_ms) > LIFE_MS {
                    old.push(((name.clone(), ip.clone(), *port), entry.stamp, entry.place));
                }
            }
        }
        for (key, stamp, place) in old {
            self.remove(&key);
            self.forget(place);
            self.end(key, Ended { stamp, at_ms: now_ms, place: None });
        }
        self.sweep_ended(jumped, now_ms);
    }

    fn sweep_if_due(&mut self, now_ms: i64) {
        if self.swept_ms.is_none_or(|swept_ms| now_ms.abs_diff(swept_ms) >= SWEEP_MS) {
            self.sweep(now_ms);
        }
    }

    /// Returns instances of a service, the least loaded first, `count` at most.
    ///
    /// Load is the weight as reported and the answers given since. Stale ones come last; equals in
    /// random order. The first one counts as given.
    pub(crate) fn detail(
        &mut self,
        name: &str,
        count: usize,
        (now_ms, chance): (i64, &mut impl Rng),
    ) -> Vec<Instance> {
        self.sweep_if_due(now_ms);
        let Some(instances) = self.services.get_mut(name) else { return Vec::new() };
        let mut entries: Vec<&mut Entry> = instances.values_mut().collect();
        entries.shuffle(chance);
        entries.sort_by_key(|it| (it.age_ms(now_ms) > STALE_MS, it.load()));
        if let Some(first) = entries.first_mut() {
            first.answers = first.answers.saturating_add(1);
        }
        entries.into_iter().take(count).map(|it| it.shown(now_ms)).collect()
    }

    /// Returns the number of instances by service.
    pub(crate) fn summary(&mut self, now_ms: i64) -> BTreeMap<String, usize> {
        self.sweep_if_due(now_ms);
        self.services.iter().map(|(name, instances)| (name.clone(), instances.len())).collect()
    }
}

fn is_host(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    (1..=253).contains(&text.len()) && text.chars().all(plain)
}

#[cfg(test)]
mod tests;
