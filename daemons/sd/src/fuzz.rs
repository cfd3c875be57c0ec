//! The door for fuzzing: what a node makes of changes that another one tells, and what a third node
//! makes of it. Nothing of the product goes through it.

use elk_api::registry::Instance;

use crate::Limits;
use crate::body::changes;
use crate::state::Registry;
use crate::sync::{EVICT, REGISTER};

/// The limits of the nodes here.
pub const LIMITS: Limits = Limits { services: 4, instances: 4, extra_bytes: 256 };
const NOW_MS: i64 = 1_700_000_000_000;

/// What two nodes know in the end, by name and address.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The one that was told by a node of the reference.
    pub here: Vec<Instance>,
    /// The one that was told by that one.
    pub there: Vec<Instance>,
}

/// Takes a body of `/registry/sync`, `rounds` times; `None` if it is none.
pub fn told(body: &[u8], rounds: usize) -> Option<Known> {
    let (mut here, mut there) = (Registry::new(LIMITS, 1), Registry::new(LIMITS, 2));
    let changes = changes(body).ok()?;
    for (action, registry) in (0..rounds).flat_map(|_| changes.clone()) {
        match action.as_str() {
            // What does not fit is left out.
            REGISTER => drop(here.register_synced(registry, NOW_MS)),
            EVICT => {
                here.evict_synced(&registry, NOW_MS);
            }
            _ => {}
        }
    }
    for item in here.changes_after(0, usize::MAX, NOW_MS).0 {
        there.merge(item, NOW_MS);
    }
    Some(Known { here: sorted(&here), there: sorted(&there) })
}

fn sorted(registry: &Registry) -> Vec<Instance> {
    let mut all: Vec<Instance> = registry.kept().into_iter().map(|it| it.instance).collect();
    all.sort_by(|a, b| (&a.name, &a.ip, a.port).cmp(&(&b.name, &b.ip, b.port)));
    all
}
