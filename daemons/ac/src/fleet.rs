//! Who is connected: sessions by agent, which of them are clones, and what changed since when.

mod agent;
pub(crate) mod changes;
pub(crate) mod facts;
mod log;
#[cfg(test)]
mod reader;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use elk_life::Stop;
use elk_model::AgentId;
use parking_lot::Mutex;
use serde_json::value::RawValue;
use tokio::sync::mpsc;

use crate::detail::Gauges;
use crate::session::{Order, OrderError, Session, State};
use agent::Agent;

use facts::Facts;
use log::Log;

/// How long a clone that left may come back before it counts as gone for good.
const LEFT_MS: i64 = 60_000;
/// The most live streams under one id; beyond it the oldest ends.
const MAX_CLONES: usize = 8;

/// As many agents as allowed are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("out of max connection limit")]
pub(crate) struct FleetFull;

/// A stream that wants to belong to the fleet.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) id: AgentId,
    pub(crate) facts: Facts,
    pub(crate) addr: SocketAddr,
    pub(crate) orders: mpsc::Sender<Order>,
    pub(crate) end: Stop,
}

#[derive(Debug)]
pub(crate) struct Fleet {
    limit: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    agents: HashMap<AgentId, Agent>,
    sessions: usize,
    next: u64,
    log: Log,
}

impl Fleet {
    /// Creates an empty fleet for `limit` streams; `epoch` tells its cursors from those of others.
    pub(crate) fn new(limit: usize, epoch: u64) -> Self {
        let log = Log::new(epoch);
        let inner = Inner { agents: HashMap::new(), sessions: 0, next: 1, log };
        Self { limit, inner: Mutex::new(inner) }
    }

    /// Adds a stream. One of the same host is replaced at once; one of another host stays.
    pub(crate) fn register(
        &self,
        candidate: Candidate,
        now_ms: i64,
    ) -> Result<Arc<Session>, FleetFull> {
        let mut guard = self.inner.lock();
        let inner = &mut *guard;
        let known = inner.agents.get(&candidate.id).is_some_and(|it| !it.sessions.is_empty());
        if inner.sessions >= self.limit && !known {
            return Err(FleetFull);
        }
        let number = inner.next;
        inner.next += 1;
        let agent = inner.agents.entry(candidate.id.clone()).or_default();
        let facts = candidate.facts;
        agent.welcome(&facts);
        // Among clones a host is known only by its boot time, which the first heartbeat brings.
        let certain = !agent.clone;
        let mut replaced = agent.replace(now_ms, |old| {
            let old = old.state.lock();
            if certain { facts.succeeds(&old.facts) } else { facts.same(&old.facts) }
        });
        if agent.sessions.len() >= MAX_CLONES
            && let Some(oldest) = agent.sessions.first().map(|it| it.number)
        {
            replaced += agent.replace(now_ms, |old| old.number == oldest);
        }
        inner.sessions -= replaced;
        if inner.sessions >= self.limit {
            return Err(FleetFull);
        }
        let session = Arc::new(Session {
            number,
            id: candidate.id,
            addr: candidate.addr,
            connected_at_ms: now_ms,
            orders: candidate.orders,
            end: candidate.end,
            records: AtomicU64::new(0),
            configured: AtomicBool::new(false),
            state: Mutex::new(State { facts, ..State::default() }),
        });
        agent.sessions.push(Arc::clone(&session));
        inner.sessions += 1;
        agent.judge();
        inner.log.changed(&session.id);
        Ok(session)
    }

    /// Takes a heartbeat of an agent; now the host may turn out to be another one than thought.
    pub(crate) fn beat(
        &self,
        session: &Session,
        heartbeat: (Box<RawValue>, Gauges, Option<i64>),
        now_ms: i64,
    ) {
        let (info, gauges, boot_time) = heartbeat;
        let facts = {
            let mut state = session.state.lock();
            state.beat(info, gauges, now_ms);
            if state.facts.boot_time.is_some() || boot_time.is_none() {
                None
            } else {
                state.facts.boot_time = boot_time;
                Some(state.facts.clone())
            }
        };
        let mut guard = self.inner.lock();
        let inner = &mut *guard;
        let Some(agent) = inner.agents.get_mut(&session.id) else { return };
        if !agent.sessions.iter().any(|it| it.number == session.number) {
            return;
        }
        if let Some(facts) = facts {
            agent.welcome(&facts);
            inner.sessions -= agent.replace(now_ms, |old| {
                old.number < session.number && facts.same(&old.state.lock().facts)
            });
            if agent.judge() && agent.clone {
                tracing::warn!(agent.id = %session.id, "two hosts use the agent id {}", session.id);
            }
        }
        inner.log.changed(&session.id);
    }

    /// Takes a heartbeat of a plugin.
    pub(crate) fn beat_plugin(
        &self,
        session: &Session,
        plugin: (&str, Box<RawValue>, Gauges),
        now_ms: i64,
    ) {
        let (name, info, gauges) = plugin;
        session.state.lock().beat_plugin(name, info, gauges, now_ms);
        let mut inner = self.inner.lock();
        if inner.agents.get(&session.id).is_some_and(|it| !it.sessions.is_empty()) {
            inner.log.changed(&session.id);
        }
    }

    /// Removes a stream that ended; a stream that was replaced is gone already.
    pub(crate) fn remove(&self, session: &Session, now_ms: i64) {
        let mut guard = self.inner.lock();
        let inner = &mut *guard;
        let Some(agent) = inner.agents.get_mut(&session.id) else { return };
        let Some(at) = agent.sessions.iter().position(|it| it.number == session.number) else {
            return;
        };
        agent.sessions.remove(at);
        inner.sessions -= 1;
        if agent.clone {
            agent.remember(session, now_ms + LEFT_MS);
        }
        agent.judge();
        if !agent.sessions.is_empty() {
            inner.log.changed(&session.id);
            return;
        }
        inner.log.gone(&session.id);
        if agent.past.is_empty() {
            inner.agents.remove(&session.id);
        }
    }

    /// Forgets hosts that are gone for good.
    pub(crate) fn tidy(&self, now_ms: i64) {
        let mut guard = self.inner.lock();
        let Inner { agents, log, .. } = &mut *guard;
        agents.retain(|id, agent| {
            let before = agent.past.len();
            agent.past.retain(|past| past.until_ms > now_ms);
            if agent.past.len() != before && agent.judge() {
                log.changed(id);
            }
            !agent.sessions.is_empty() || !agent.past.is_empty()
        });
    }

    /// Returns the stream that orders for `id` go to.
    pub(crate) fn find(&self, id: &str) -> Result<Arc<Session>, OrderError> {
        let id: AgentId = id.parse().map_err(|_| OrderError::Gone)?;
        let inner = self.inner.lock();
        let agent = inner.agents.get(&id).ok_or(OrderError::Gone)?;
        match agent.sessions.last() {
            None => Err(OrderError::Gone),
            Some(_) if agent.clone => Err(OrderError::Clone),
            Some(session) => Ok(Arc::clone(session)),
        }
    }

    /// Returns whether orders for `session` are refused as several hosts use its id.
    pub(crate) fn is_clone(&self, session: &Session) -> bool {
        self.inner.lock().agents.get(&session.id).is_some_and(|agent| agent.clone)
    }

    /// Returns the streams under `id`.
    pub(crate) fn of(&self, id: &str) -> Vec<Arc<Session>> {
        let Ok(id) = id.parse::<AgentId>() else { return Vec::new() };
        self.inner.lock().agents.get(&id).map_or_else(Vec::new, |agent| agent.sessions.clone())
    }

    /// Returns the ids of connected agents, unordered.
    pub(crate) fn ids(&self) -> Vec<AgentId> {
        let inner = self.inner.lock();
        let live = inner.agents.iter().filter(|(_, agent)| !agent.sessions.is_empty());
        live.map(|(id, _)| id.clone()).collect()
    }

    /// Returns all streams, unordered.
    pub(crate) fn all(&self) -> Vec<Arc<Session>> {
        self.inner.lock().agents.values().flat_map(|it| it.sessions.iter().cloned()).collect()
    }

    /// Returns how many streams there are.
    pub(crate) fn count(&self) -> usize {
        self.inner.lock().sessions
    }

    /// Returns how many ids are used by several hosts.
    pub(crate) fn clones(&self) -> usize {
        self.inner.lock().agents.values().filter(|it| it.clone && !it.sessions.is_empty()).count()
    }
}
