//! Nodes of the reference beside this one: what is said here is told to them, as they do among each
//! other. They confirm nothing and forget all at a restart, so a node that was away is told all.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use elk_api::registry::{Instance, SYNC, SyncBatch, SyncItem};
use elk_client::reference::Caller;
use elk_client::{ClientError, ConfigError, Trust};
use elk_life::{Clock, Group, Stop, chain};
use elk_trust::aksk::Keys;
use parking_lot::Mutex;
use tokio::time::{MissedTickBehavior, interval};

use crate::http::App;
use crate::state::Key;

pub(crate) const REGISTER: &str = "REGISTER";
pub(crate) const EVICT: &str = "EVICT";
/// How often changes are told.
const PERIOD: Duration = Duration::from_secs(1);
const LIMIT: Duration = Duration::from_secs(2);
/// The most changes in one call.
const BATCH: usize = 100;
/// The most changes that wait for one node; with more it is told all instead.
const MAX_WAITING: usize = 8_192;

/// What the others are still to be told.
#[derive(Debug, Default)]
pub(crate) struct Sync {
    members: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    base: String,
    waiting: Mutex<Waiting>,
}

/// The last change of each instance counts.
#[derive(Debug, Default)]
struct Waiting {
    changes: BTreeMap<Key, SyncItem>,
    /// Everything there is.
    all: bool,
}

impl Waiting {
    fn put(&mut self, item: SyncItem) {
        let Instance { name, ip, port, .. } = item.registry.clone();
        self.changes.insert((name, ip, port), item);
        if self.changes.len() > MAX_WAITING {
            (self.changes, self.all) = (BTreeMap::new(), true);
        }
    }

    fn take(&mut self) -> Vec<SyncItem> {
        let mut taken = Vec::new();
        while let Some(first) = self.changes.first_entry().filter(|_| taken.len() < BATCH) {
            taken.push(first.remove());
        }
        taken
    }

    /// Puts back what was not told, where nothing changed since.
    fn put_back(&mut self, items: Vec<SyncItem>) {
        for item in items {
            let Instance { name, ip, port, .. } = item.registry.clone();
            self.changes.entry((name, ip, port)).or_insert(item);
        }
    }
}

impl Sync {
    pub(crate) fn new(members: &[String]) -> Self {
        let member = |base: &String| Member {
            base: base.trim_end_matches('/').to_owned(),
            // They may have been there before this node.
            waiting: Mutex::new(Waiting { all: true, ..Waiting::default() }),
        };
        Self { members: members.iter().map(member).collect() }
    }

    /// Returns whether there are such nodes.
    pub(crate) fn is_on(&self) -> bool {
        !self.members.is_empty()
    }

    /// Notes a change that was made here.
    pub(crate) fn put(&self, action: &str, registry: &Instance) {
        for member in &self.members {
            let item = SyncItem { action: action.to_owned(), registry: registry.clone() };
            member.waiting.lock().put(item);
        }
    }
}

/// Returns whether a member is this very node, listening on `own`: lists of members name all nodes.
pub(crate) fn is_own(member: &str, own: SocketAddr) -> bool {
    let place = member.trim_end_matches('/').trim_start_matches("http://");
    let Ok(place) = place.parse::<SocketAddr>() else { return false };
    let here = || UdpSocket::bind((place.ip(), 0)).is_ok();
    place == own || (own.ip().is_unspecified() && place.port() == own.port() && here())
}

/// Returns what calls each member, signed with the first of the keys.
pub(crate) fn callers(
    members: usize,
    keys: &Keys,
    clock: &Clock,
) -> Result<Vec<Caller>, ConfigError> {
    let caller = |_| Caller::new(&Trust::System, keys.first(), clock.clone());
    (0..members).map(caller).collect()
}

/// Adds a task for each of the others to `group`.
pub(crate) fn spawn(app: &App, callers: Vec<Caller>, group: &mut Group, stop: &Stop) {
    for (number, caller) in callers.into_iter().enumerate() {
        group.spawn("sd-sync", tell(Arc::clone(app), number, caller, stop.clone()));
    }
}

async fn tell(app: App, number: usize, caller: Caller, stop: Stop) -> Result<(), Infallible> {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let Some(member) = app.sync.members.get(number) else { return Ok(()) };
    let mut away = false;
    while stop.until(ticks.tick()).await.is_some() {
        match stop.until(flush(&app, member, &caller)).await {
            None => return Ok(()),
            Some(Ok(())) if away => {
                tracing::info!(node = %member.base, "the node is back and is told all");
                member.waiting.lock().all = true;
                away = false;
            }
            Some(Ok(())) => {}
            Some(Err(error)) => {
                if !away {
                    let error = chain(&error);
                    tracing::warn!(node = %member.base, %error, "a node was not told what changed; trying again");
                }
                app.metrics.sync_failed.inc();
                away = true;
            }
        }
    }
    Ok(())
}

/// Tells a node all that waits for it.
async fn flush(app: &App, member: &Member, caller: &Caller) -> Result<(), ClientError> {
    loop {
        let items = {
            let mut waiting = member.waiting.lock();
            if std::mem::take(&mut waiting.all) {
                let now_ms = app.clock.unix_ms();
                let own = app.registry.lock().own(now_ms);
                let items = own
                    .into_iter()
                    .map(|registry| SyncItem { action: REGISTER.to_owned(), registry });
                waiting.put_back(items.collect());
            }
            waiting.take()
        };
        if items.is_empty() {
            return Ok(());
        }
        let batch = SyncBatch { source: app.addr.to_string(), data: items };
        let url = format!("{}{SYNC}", member.base);
        // The answer has no data.
        let told: Result<serde::de::IgnoredAny, _> = caller.post(&url, &batch, LIMIT).await;
        if let Err(error) = told {
            member.waiting.lock().put_back(batch.data);
            return Err(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(port: u16, weight: i64) -> SyncItem {
        let registry = serde_json::json!({
            "name": "n", "ip": "192.0.2.1", "port": port, "status": 0, "create_at": 1,
            "update_at": 1, "weight": weight, "extra": {},
        });
        SyncItem {
            action: REGISTER.to_owned(),
            registry: serde_json::from_value(registry).unwrap(),
        }
    }

    #[test]
    fn changes_that_are_too_many_to_wait_become_all_there_is() {
        let mut waiting = Waiting::default();
        for port in 0..=u16::try_from(MAX_WAITING).unwrap() {
            assert!(!waiting.all, "{port}");
            waiting.put(item(port, 0));
        }
        assert!(waiting.all && waiting.changes.is_empty());
    }

    #[test]
    fn of_one_instance_the_last_change_waits_also_when_an_older_one_could_not_be_told() {
        let mut waiting = Waiting::default();
        waiting.put(item(1, 1));
        let taken = waiting.take();
        waiting.put(item(1, 2));
        waiting.put_back(taken);
        let again = waiting.take();
        let weights: Vec<_> = again.iter().map(|it| it.registry.weight).collect();
        assert_eq!(weights, [2]);
    }
}
