//! What changed since a cursor.

use std::sync::Arc;

use elk_model::AgentId;
use serde::Serialize;
use serde_json::value::RawValue;

use super::Fleet;
use super::log::Place;
use crate::session::Session;

/// Agents that changed in one answer.
pub(super) const MAX_ITEMS: usize = 2_000;
/// Bytes of their heartbeats in one answer; one agent may exceed it, by less than 3 MiB.
pub(super) const MAX_BYTES: usize = 8 << 20;
/// Agents that left in one answer.
pub(super) const MAX_GONE_ITEMS: usize = 20_000;

/// The same JSON as [`elk_api::center::Changes`], without reading stored JSON again.
#[derive(Debug, Serialize)]
pub(crate) struct Changes {
    pub(crate) cursor: String,
    pub(super) full: bool,
    pub(super) more: bool,
    pub(super) items: Vec<Item>,
    pub(super) gone: Vec<AgentId>,
}

#[derive(Debug, Serialize)]
pub(super) struct Item {
    pub(super) id: AgentId,
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
