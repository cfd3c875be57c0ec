//! The registry: no clock, no socket; time and chance are arguments.

use std::collections::{BTreeMap, HashMap};

use elk_api::registry::{Instance, Registration};
use rand::Rng;
use rand::seq::SliceRandom as _;

use crate::Limits;

/// A registration ends this long after its last renewal.
const LIFE_MS: i64 = 105_000;
/// From here on an instance is handed out after all others.
const STALE_MS: i64 = 90_000;
const MAX_NAME: usize = 128;

/// Why a registration was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("a service's name has 1 to 128 printable characters")]
    Name,
    #[error("ip is no IP address and port no port")]
    Address,
    #[error("extra is too large")]
    Extra,
    #[error("too many services are registered")]
    Services,
    #[error("too many instances of the service are registered")]
    Instances,
}

/// Services and their instances.
#[derive(Debug)]
pub(crate) struct Registry {
    limits: Limits,
    services: BTreeMap<String, HashMap<(String, u16), Entry>>,
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
        Self { limits, services: BTreeMap::new() }
    }

    /// Registers an instance or renews it. A renewal changes its weight only.
    pub(crate) fn register(&mut self, new: Registration, now_ms: i64) -> Result<(), Refused> {
        self.check(&new)?;
        let key = (new.ip.clone(), new.port);
        let services = self.services.len();
        let known = self.services.contains_key(&new.name);
        if !known && services >= self.limits.services {
            return Err(Refused::Services);
        }
        let instances = self.services.entry(new.name.clone()).or_default();
        let now = now_ms.div_euclid(1_000);
        if let Some(entry) = instances.get_mut(&key) {
            entry.instance.weight = new.weight;
            entry.instance.update_at = now;
            (entry.renewed_ms, entry.answers) = (now_ms, 0);
            return Ok(());
        }
        if instances.len() >= self.limits.instances {
            return Err(Refused::Instances);
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
        if extra > self.limits.extra_bytes { Err(Refused::Extra) } else { Ok(()) }
    }

    /// Removes an instance if it is there.
    pub(crate) fn evict(&mut self, name: &str, ip: &str, port: u16) {
        if let Some(instances) = self.services.get_mut(name) {
            instances.remove(&(ip.to_owned(), port));
            if instances.is_empty() {
                self.services.remove(name);
            }
        }
    }

    /// Ends registrations that were not renewed. A clock that jumped back makes them young again,
    /// never immortal.
    pub(crate) fn sweep(&mut self, now_ms: i64) {
        self.services.retain(|_, instances| {
            instances.retain(|_, entry| {
                entry.renewed_ms = entry.renewed_ms.min(now_ms);
                entry.age_ms(now_ms) <= LIFE_MS
            });
            !instances.is_empty()
        });
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
        let Some(instances) = self.services.get_mut(name) else { return Vec::new() };
        let mut entries: Vec<&mut Entry> = instances.values_mut().collect();
        entries.shuffle(chance);
        entries.sort_by_key(|it| {
            let load = it.instance.weight.saturating_add(it.answers);
            (it.age_ms(now_ms) > STALE_MS, load)
        });
        if let Some(first) = entries.first_mut() {
            first.answers += 1;
        }
        entries.into_iter().take(count).map(|it| it.shown(now_ms)).collect()
    }

    /// Returns the number of instances by service.
    pub(crate) fn summary(&self) -> BTreeMap<String, usize> {
        self.services.iter().map(|(name, instances)| (name.clone(), instances.len())).collect()
    }
}

fn is_host(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    (1..=253).contains(&text.len()) && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng as _;
    use rand::rngs::SmallRng;

    use super::*;

    fn registration(port: u16, weight: i64) -> Registration {
        let (name, ip) = ("hids_svr_grpc".to_owned(), "10.0.0.1".to_owned());
        Registration { name, ip, port, weight, extra: serde_json::Value::Null }
    }

    fn registry() -> (Registry, SmallRng) {
        (Registry::new(Limits::default()), SmallRng::seed_from_u64(7))
    }

    fn ports(list: &[Instance]) -> Vec<u16> {
        list.iter().map(|it| it.port).collect()
    }

    #[test]
    fn fifty_thousand_agents_within_one_renewal_spread_within_ten_percent() {
        let (mut registry, mut chance) = registry();
        for (port, weight) in [(1, 0), (2, 0), (3, 300), (4, 0), (5, 120)] {
            registry.register(registration(port, weight), 0).unwrap();
        }
        let mut held = HashMap::from([(1, 0_i64), (2, 0), (3, 300), (4, 0), (5, 120)]);
        for _ in 0..50_000 {
            let list = registry.detail("hids_svr_grpc", 10, (1_000, &mut chance));
            *held.entry(list[0].port).or_default() += 1;
        }
        let mean = held.values().sum::<i64>() / 5;
        for (port, count) in held {
            assert!((count - mean).abs() * 10 <= mean, "{port} holds {count}, the mean is {mean}");
        }
    }

    #[test]
    fn the_least_loaded_come_first_stale_ones_last_and_count_is_honoured() {
        let (mut registry, mut chance) = registry();
        registry.register(registration(1, 0), 0).unwrap();
        registry.register(registration(2, 50), 95_000).unwrap();
        registry.register(registration(3, 9), 95_000).unwrap();
        let list = registry.detail("hids_svr_grpc", 10, (95_000, &mut chance));
        assert_eq!(ports(&list), [3, 2, 1]);
        assert_eq!(list[2].status, 4);
        let list = registry.detail("hids_svr_grpc", 2, (95_000, &mut chance));
        assert_eq!(list.len(), 2);
    }

    #[test]
    fn a_registration_ends_by_this_nodes_clock_alone() {
        let (mut registry, mut chance) = registry();
        registry.register(registration(1, 0), 1_000_000).unwrap();
        registry.sweep(1_000_000 + LIFE_MS);
        assert_eq!(registry.summary().len(), 1);
        registry.sweep(1_000_001 + LIFE_MS);
        assert!(registry.detail("hids_svr_grpc", 9, (0, &mut chance)).is_empty());
    }

    #[test]
    fn a_clock_that_jumps_back_neither_evicts_nor_immortalises() {
        let (mut registry, _) = registry();
        registry.register(registration(1, 0), 1_000_000).unwrap();
        registry.sweep(10);
        assert_eq!(registry.summary().len(), 1);
        registry.sweep(10 + LIFE_MS + 1);
        assert!(registry.summary().is_empty());
    }

    #[test]
    fn a_renewal_changes_the_weight_and_keeps_what_was_registered() {
        let (mut registry, mut chance) = registry();
        let first = Registration { extra: serde_json::json!({"a": 1}), ..registration(1, 0) };
        registry.register(first, 5_000).unwrap();
        registry.register(registration(1, 8), 9_000).unwrap();
        let [it] = &registry.detail("hids_svr_grpc", 9, (9_000, &mut chance))[..] else { panic!() };
        assert_eq!((it.weight, it.create_at, it.update_at), (8, 5, 9));
        assert_eq!(it.extra, serde_json::json!({"a": 1}));
    }

    #[test]
    fn the_registry_is_bounded_and_refuses_what_is_no_instance() {
        let limits = Limits { services: 1, instances: 1, extra_bytes: 10 };
        let mut registry = Registry::new(limits);
        registry.register(registration(1, 0), 0).unwrap();
        let other = Registration { name: "other".into(), ..registration(1, 0) };
        let bad_name = Registration { name: "a\nb".into(), ..registration(1, 0) };
        let bad_host = Registration { ip: "a b".into(), ..registration(1, 0) };
        let large = Registration { extra: "x".repeat(20).into(), ..registration(1, 0) };
        let cases = [
            (registration(2, 0), Refused::Instances),
            (other, Refused::Services),
            (bad_name, Refused::Name),
            (bad_host, Refused::Address),
            (registration(0, 0), Refused::Address),
            (large, Refused::Extra),
        ];
        for (given, expected) in cases {
            assert_eq!(registry.register(given.clone(), 0), Err(expected), "{given:?}");
        }
    }

    proptest! {
        #[test]
        fn an_evicted_instance_is_never_handed_out(
            steps in prop::collection::vec((0_u8..4, 1_u16..5, 0_i64..40_000), 1..60),
        ) {
            let (mut registry, mut chance) = registry();
            let (mut now, mut alive) = (0, HashMap::new());
            for (step, port, wait) in steps {
                now += wait;
                match step {
                    0 => { registry.register(registration(port, 0), now).unwrap(); alive.insert(port, now); }
                    1 => { registry.evict("hids_svr_grpc", "10.0.0.1", port); alive.remove(&port); }
                    2 => { registry.sweep(now); alive.retain(|_, at| now - *at <= LIFE_MS); }
                    _ => {
                        let mut listed = ports(&registry.detail("hids_svr_grpc", 100, (now, &mut chance)));
                        listed.sort_unstable();
                        let mut expected: Vec<_> = alive.keys().copied().collect();
                        expected.sort_unstable();
                        prop_assert_eq!(listed, expected);
                    }
                }
            }
        }
    }
}
