//! What a simulated host is: drawn from the seed, the same every time.

use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};
use uuid::Uuid;

/// A simulated host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The agent's id.
    pub id: String,
    /// Host name.
    pub hostname: String,
    /// Private address.
    pub address: String,
    /// Distribution, its family and version.
    pub platform: (&'static str, &'static str, &'static str),
    /// Kernel release.
    pub kernel: &'static str,
    /// Processors.
    pub processors: u32,
    /// Memory in bytes.
    pub memory: u64,
    /// For how long the host had run at a fixed moment before now.
    pub up_seconds: i64,
    /// The agent's version.
    pub version: &'static str,
}

const ROLES: [&str; 6] = ["web", "db", "cache", "queue", "build", "edge"];
const PLATFORMS: [((&str, &str, &str), &str); 4] = [
    (("debian", "debian", "12.11"), "6.1.0-37-amd64"),
    (("ubuntu", "debian", "24.04"), "6.8.0-63-generic"),
    (("rocky", "rhel", "9.5"), "5.14.0-503.11.1.el9_5.x86_64"),
    (("centos", "rhel", "7.9"), "3.10.0-1160.el7.x86_64"),
];

/// The moments from which hosts count: they come every 116 days.
const EPOCH: i64 = 10_000_000;

impl Facts {
    /// Returns when the host started. It stays the same when the simulation starts again, as only
    /// a host that starts anew changes it.
    pub fn booted(&self, now: i64) -> i64 {
        now - now.rem_euclid(EPOCH) - self.up_seconds
    }

    /// Draws host number `index` of `seed`.
    pub fn draw(seed: u64, index: u32) -> Self {
        let mut dice = SmallRng::seed_from_u64(seed ^ (u64::from(index) << 32 | 0x5eed));
        let pick = |dice: &mut SmallRng, count: usize| dice.random_range(0..count);
        let role = ROLES.get(pick(&mut dice, ROLES.len())).copied().unwrap_or("host");
        let (platform, kernel) =
            PLATFORMS.get(pick(&mut dice, PLATFORMS.len())).copied().unwrap_or(PLATFORMS[0]);
        let processors = 1 << dice.random_range(1..6);
        Self {
            id: Uuid::from_u128(dice.random()).to_string(),
            hostname: format!("{role}-{index:02}"),
            address: format!("10.{}.{}.{}", index >> 16 & 255, index >> 8 & 255, index & 255),
            platform,
            kernel,
            processors,
            memory: u64::from(processors) * (4 << 30),
            up_seconds: dice.random_range(3_600..9_000_000),
            version: if dice.random_ratio(1, 10) { "1.9.1.21" } else { "1.9.1.22" },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_seed_gives_the_same_hosts_every_time_and_no_two_alike() {
        let hosts: Vec<_> = (0..500).map(|index| Facts::draw(7, index)).collect();
        assert_eq!(hosts, (0..500).map(|index| Facts::draw(7, index)).collect::<Vec<_>>());
        let ids: HashSet<_> = hosts.iter().map(|it| &it.id).collect();
        assert_eq!(ids.len(), hosts.len());
        assert_ne!(Facts::draw(8, 0).id, hosts[0].id);
    }
}
