//! What changed since a cursor.

use std::sync::Arc;

use elk_model::AgentId;
use serde::Serialize;
use serde_json::value::RawValue;

use super::Fleet;
use super::log::Place;
use crate::session::Session;

/// Agents that changed in one answer.
const MAX_ITEMS: usize = 2_000;
/// Bytes of their heartbeats in one answer; one agent may exceed it, by less than 5 MiB.
const MAX_BYTES: usize = 8 << 20;
/// Agents that left in one answer.
const MAX_GONE_ITEMS: usize = 20_000;

/// The same JSON as [`elk_api::center::Changes`], without reading stored JSON again.
#[derive(Debug, Serialize)]
pub(crate) struct Changes {
    pub(crate) cursor: String,
    full: bool,
    more: bool,
    items: Vec<Item>,
    gone: Vec<AgentId>,
}

#[derive(Debug, Serialize)]
struct Item {
    id: AgentId,
    connected_at_ms: i64,
    last_heartbeat_ms: Option<i64>,
    heartbeat_interval_ms: Option<u64>,
    clone: bool,
    agent_info: Box<RawValue>,
    plugins_info: Vec<Box<RawValue>>,
}

/// The same JSON as [`elk_api::center::ConnStat`].
#[derive(Debug, Serialize)]
pub(crate) struct Stat {
    agent_info: Box<RawValue>,
    plugins_info: Vec<Box<RawValue>>,
}

fn empty() -> Box<RawValue> {
    RawValue::from_string("{}".to_owned()).expect("an empty object is JSON")
}

pub(crate) fn stat(session: &Session) -> Stat {
    let state = session.state.lock();
    Stat {
        agent_info: state.info.clone().unwrap_or_else(empty),
        plugins_info: state.plugins.iter().map(|plugin| plugin.info.clone()).collect(),
    }
}

fn item(session: &Session, clone: bool) -> Item {
    let Stat { agent_info, plugins_info } = stat(session);
    let state = session.state.lock();
    Item {
        id: session.id.clone(),
        connected_at_ms: session.connected_at_ms,
        last_heartbeat_ms: state.last_heartbeat_ms,
        heartbeat_interval_ms: state.interval_ms,
        clone,
        agent_info,
        plugins_info,
    }
}

impl Fleet {
    /// Returns what changed since `cursor`; everything, a page at a time, if it is not one of ours
    /// or too old.
    pub(crate) fn changes(&self, cursor: &str) -> Changes {
        let inner = self.inner.lock();
        let log = &inner.log;
        let known = log.read(cursor);
        let place = known.unwrap_or(Place { at: 0, began: log.last });
        let mut found: Vec<(u64, Arc<Session>, bool)> = Vec::new();
        let (mut reached, mut more, mut bytes) = (log.last, false, 0);
        for (at, id) in log.changed.range(place.at + 1..) {
            if found.len() == MAX_ITEMS || bytes >= MAX_BYTES {
                (more, reached) = (true, at - 1);
                break;
            }
            let Some(agent) = inner.agents.get(id) else { continue };
            let Some(newest) = agent.sessions.last() else { continue };
            bytes += newest.state.lock().size();
            found.push((*at, Arc::clone(newest), agent.clone));
        }
        let mut gone = Vec::new();
        let start = log.gone.partition_point(|(at, _)| *at <= place.told());
        for (at, id) in log.gone.range(start..).take_while(|(at, _)| *at <= reached) {
            if gone.len() == MAX_GONE_ITEMS {
                (more, reached) = (true, at - 1);
                break;
            }
            // Who is back is told of where it came back.
            if !log.at.contains_key(id) {
                gone.push(id.clone());
            }
        }
        let cursor = log.cursor(Place { at: reached, began: place.began });
        drop(inner);
        let items = found.iter().take_while(|(at, ..)| *at <= reached);
        let items = items.map(|(_, session, clone)| item(session, *clone)).collect();
        Changes { cursor, full: known.is_none(), more, items, gone }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use elk_life::Stop;
    use serde_json::value::to_raw_value;
    use tokio::sync::mpsc;

    use super::*;
    use crate::detail::Gauges;
    use crate::fleet::log::MAX_GONE;
    use crate::fleet::{Candidate, facts::Facts};

    fn join(fleet: &Fleet, name: &str) -> Arc<Session> {
        let candidate = Candidate {
            id: name.parse().unwrap(),
            facts: Facts::default(),
            addr: "127.0.0.1:1".parse().unwrap(),
            orders: mpsc::channel(1).0,
            end: Stop::default(),
        };
        fleet.register(candidate, 0).unwrap()
    }

    /// A reader that keeps what it is told, as a Manager does.
    #[derive(Default)]
    struct Reader {
        cursor: String,
        seen: BTreeSet<String>,
        kept: Option<BTreeSet<String>>,
        pages: usize,
    }

    impl Reader {
        /// Reads one page; returns whether there is more.
        fn page(&mut self, fleet: &Fleet) -> bool {
            let page = fleet.changes(&self.cursor);
            self.pages += 1;
            assert!(page.items.len() <= MAX_ITEMS && page.gone.len() <= MAX_GONE_ITEMS);
            let text = serde_json::to_vec(&page).unwrap();
            assert!(text.len() < 4 * MAX_BYTES, "{} bytes", text.len());
            if page.full {
                self.kept = Some(BTreeSet::new());
            }
            for item in &page.items {
                self.seen.insert(item.id.as_str().to_owned());
                if let Some(kept) = &mut self.kept {
                    kept.insert(item.id.as_str().to_owned());
                }
            }
            for id in &page.gone {
                self.seen.remove(id.as_str());
                if let Some(kept) = &mut self.kept {
                    kept.remove(id.as_str());
                }
            }
            self.cursor = page.cursor;
            if let Some(kept) = self.kept.take_if(|_| !page.more) {
                self.seen = kept;
            }
            page.more
        }

        fn agrees(&mut self, fleet: &Fleet) {
            while self.page(fleet) {}
            let live: BTreeSet<String> =
                fleet.ids().iter().map(|it| it.as_str().to_owned()).collect();
            assert!(self.seen == live, "{} of {} agents", self.seen.len(), live.len());
        }
    }

    #[test]
    fn a_large_fleet_is_read_in_pages_while_agents_come_and_go() {
        let fleet = Fleet::new(usize::MAX, 1);
        let mut live: Vec<_> = (0..MAX_ITEMS * 4).map(|it| join(&fleet, &it.to_string())).collect();
        let mut early = Reader::default();
        early.agrees(&fleet);
        let mut late =
            Reader { seen: BTreeSet::from(["long-gone".to_owned()]), ..Reader::default() };
        for round in 0..3 {
            assert!(late.page(&fleet), "{round}");
            // Some that were read, and some that were not; one of them comes back.
            for at in [live.len() - 1, live.len() / 2, 0] {
                fleet.remove(&live.swap_remove(at), 0);
            }
            live.push(join(&fleet, &format!("new-{round}")));
            live.push(join(&fleet, "0"));
        }
        late.agrees(&fleet);
        early.agrees(&fleet);
        assert_eq!(early.pages, 4 + 1);
    }

    #[test]
    fn a_read_of_everything_comes_to_its_end_however_many_have_left() {
        let fleet = Fleet::new(usize::MAX, 1);
        for it in 0..=MAX_ITEMS {
            join(&fleet, &it.to_string());
        }
        let left = MAX_GONE + 5;
        for it in 0..left {
            let session = join(&fleet, &format!("left-{it}"));
            fleet.remove(&session, 0);
        }
        let mut reader = Reader::default();
        reader.agrees(&fleet);
        assert_eq!(reader.pages, 2);
        let many: Vec<_> =
            (0..=MAX_GONE_ITEMS).map(|it| join(&fleet, &format!("many-{it}"))).collect();
        reader.agrees(&fleet);
        many.iter().for_each(|session| fleet.remove(session, 0));
        reader.agrees(&fleet);
    }

    #[test]
    fn agents_with_large_heartbeats_fill_a_page_sooner() {
        let fleet = Fleet::new(usize::MAX, 1);
        let info = to_raw_value(&"x".repeat(60_000)).unwrap();
        for it in 0..300 {
            let session = join(&fleet, &it.to_string());
            fleet.beat(&session, (info.clone(), Gauges::default(), None), 0);
        }
        let mut reader = Reader::default();
        reader.agrees(&fleet);
        assert_eq!(reader.pages, 3);
    }

    #[test]
    fn cursors_that_are_not_ours_begin_anew() {
        let fleet = Fleet::new(usize::MAX, 16);
        join(&fleet, "agent-1");
        assert_eq!(
            (fleet.changes("").cursor.as_str(), fleet.changes("10-1").full),
            ("10-1", false)
        );
        for cursor in ["", "1", "10", "10-2", "11-1", "10-1-9", "10-1-1-1", "10--1", "x-y", "10-1-"]
        {
            assert!(fleet.changes(cursor).full, "{cursor:?}");
        }
    }
}
