//! The registry: no clock, no socket; time and chance are arguments.

use std::collections::{BTreeMap, HashMap};

use elk_api::registry::{Instance, Registration};
use rand::Rng;
use rand::seq::SliceRandom as _;
use serde::{Deserialize, Serialize};

use crate::Limits;

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

/// Services and their instances.
#[derive(Debug)]
pub(crate) struct Registry {
    limits: Limits,
    services: BTreeMap<String, HashMap<(String, u16), Entry>>,
    swept_ms: Option<i64>,
    /// Grows with every change.
    revision: u64,
}

/// An instance as it is kept over a restart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    instance: Instance,
    renewed_ms: i64,
    answers: i64,
}

#[derive(Debug)]
struct Entry {
    instance: Instance,
    renewed_ms: i64,
    /// Answers that put it first since its last renewal.
    answers: i64,
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
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, services: BTreeMap::new(), swept_ms: None, revision: 0 }
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
        });
        kept.collect()
    }

    /// Takes back what was kept, as old as it has become; what is out of bounds is left out.
    pub(crate) fn restore(&mut self, kept: Vec<Kept>, now_ms: i64) {
        for Kept { instance, renewed_ms, answers } in kept {
            let key = (instance.ip.clone(), instance.port);
            let Instance { name, ip, port, weight, extra, .. } = instance.clone();
            let new = Registration { name: name.clone(), ip, port, weight, extra };
            if self.register(new, now_ms).is_err() {
                continue;
            }
            let entry = self.services.get_mut(&name).and_then(|it| it.get_mut(&key));
            if let Some(entry) = entry {
                *entry = Entry { instance, renewed_ms: renewed_ms.min(now_ms), answers };
            }
        }
        self.sweep(now_ms);
    }

    /// Registers an instance or renews it. A renewal changes its weight only.
    pub(crate) fn register(&mut self, new: Registration, now_ms: i64) -> Result<(), Refused> {
        self.check(&new)?;
        self.sweep_if_due(now_ms);
        let key = (new.ip.clone(), new.port);
        let services = self.services.len();
        let known = self.services.contains_key(&new.name);
        if !known && services >= self.limits.services {
            return Err(Refused::Services(services));
        }
        let instances = self.services.entry(new.name.clone()).or_default();
        let now = now_ms.div_euclid(1_000);
        if let Some(entry) = instances.get_mut(&key) {
            entry.instance.weight = new.weight;
            entry.instance.update_at = now;
            (entry.renewed_ms, entry.answers) = (now_ms, 0);
            self.revision += 1;
            return Ok(());
        }
        if instances.len() >= self.limits.instances {
            return Err(Refused::Instances(instances.len()));
        }
        let instance = Instance {
            name: new.name,
            ip: new.ip,
            port: new.port,
            status: 0,
            create_at: now,
            update_at: now,
            weight: new.weight,
            extra: new.extra,
        };
        instances.insert(key, Entry { instance, renewed_ms: now_ms, answers: 0 });
        self.revision += 1;
        Ok(())
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

    /// Removes an instance if it is there.
    pub(crate) fn evict(&mut self, name: &str, ip: &str, port: u16) {
        if let Some(instances) = self.services.get_mut(name) {
            if instances.remove(&(ip.to_owned(), port)).is_some() {
                self.revision += 1;
            }
            if instances.is_empty() {
                self.services.remove(name);
            }
        }
    }

    /// Ends registrations that were not renewed; expects to be called every few seconds.
    ///
    /// Where the clock jumped, forwards or back, ages go on from where they were: nobody could
    /// renew in between.
    pub(crate) fn sweep(&mut self, now_ms: i64) {
        let passed = now_ms.saturating_sub(self.swept_ms.unwrap_or(now_ms));
        let jumped = if (0..=JUMP_MS).contains(&passed) { 0 } else { passed };
        self.swept_ms = Some(now_ms);
        let mut ended = 0;
        self.services.retain(|_, instances| {
            instances.retain(|_, entry| {
                entry.renewed_ms = entry.renewed_ms.saturating_add(jumped);
                let lives = entry.age_ms(now_ms) <= LIFE_MS;
                ended += u64::from(!lives);
                lives
            });
            !instances.is_empty()
        });
        self.revision += ended;
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
