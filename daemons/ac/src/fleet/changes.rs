//! What changed since a cursor.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use elk_model::AgentId;
use serde::Serialize;
use serde_json::value::RawValue;

use super::Fleet;
use crate::session::Session;

/// Ended connections that are remembered; a reader that is further behind reads everything.
const MAX_GONE: usize = 200_000;
/// Changes in one answer.
const MAX_ITEMS: usize = 2_000;

#[derive(Debug)]
pub(super) struct Log {
    epoch: u64,
    last: u64,
    /// The last event that is not remembered any more.
    forgotten: u64,
    changed: BTreeMap<u64, AgentId>,
    at: HashMap<AgentId, u64>,
    gone: VecDeque<(u64, AgentId)>,
}

impl Log {
    pub(super) fn new(epoch: u64) -> Self {
        Self {
            epoch,
            last: 0,
            forgotten: 0,
            changed: BTreeMap::new(),
            at: HashMap::new(),
            gone: VecDeque::new(),
        }
    }

    pub(super) fn changed(&mut self, id: &AgentId) {
        self.last += 1;
        if let Some(at) = self.at.insert(id.clone(), self.last) {
            self.changed.remove(&at);
        }
        self.changed.insert(self.last, id.clone());
    }

    pub(super) fn gone(&mut self, id: &AgentId) {
        self.last += 1;
        if let Some(at) = self.at.remove(id) {
            self.changed.remove(&at);
        }
        self.gone.push_back((self.last, id.clone()));
        if self.gone.len() > MAX_GONE
            && let Some((at, _)) = self.gone.pop_front()
        {
            self.forgotten = at;
        }
    }

    fn read(&self, cursor: &str) -> Option<u64> {
        let (epoch, at) = cursor.split_once('-')?;
        let epoch = u64::from_str_radix(epoch, 16).ok()?;
        let at = at.parse().ok()?;
        (epoch == self.epoch && at >= self.forgotten && at <= self.last).then_some(at)
    }

    fn cursor(&self, at: u64) -> String {
        format!("{:x}-{at}", self.epoch)
    }
}

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
    /// Returns what changed since `cursor`: everything if it is not one of ours or too old.
    pub(crate) fn changes(&self, cursor: &str) -> Changes {
        let inner = self.inner.lock();
        let log = &inner.log;
        let since = log.read(cursor);
        let limit = if since.is_some() { MAX_ITEMS } else { usize::MAX };
        let from = since.unwrap_or(0) + 1;
        let mut found: Vec<(Arc<Session>, bool)> = Vec::new();
        let mut reached = log.last;
        let mut more = false;
        for (at, id) in log.changed.range(from..) {
            if found.len() == limit {
                (more, reached) = (true, at - 1);
                break;
            }
            let agent = inner.agents.get(id);
            let newest = agent.and_then(|it| it.sessions.last().map(|s| (Arc::clone(s), it.clone)));
            found.extend(newest);
        }
        let start = log.gone.partition_point(|(at, _)| *at < from);
        let gone = log.gone.range(start..).take_while(|(at, _)| *at <= reached);
        let back = |id: &AgentId| log.at.contains_key(id);
        let gone = match since {
            Some(_) => gone.filter(|(_, id)| !back(id)).map(|(_, id)| id.clone()).collect(),
            None => Vec::new(),
        };
        let cursor = log.cursor(reached);
        drop(inner);
        let items = found.iter().map(|(session, clone)| item(session, *clone)).collect();
        Changes { cursor, full: since.is_none(), more, items, gone }
    }
}
