//! One stream of one agent: what it said last and how to reach it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use bytes::Bytes;
use elk_api::center::{NOT_FOUND, QUEUE_FULL};
use elk_life::Stop;
use elk_model::AgentId;
use parking_lot::Mutex;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::detail::Gauges;
use crate::fleet::facts::Facts;

/// Orders that wait for one agent.
pub(crate) const ORDERS: usize = 16;
/// Plugins that are remembered of one agent.
const MAX_PLUGINS: usize = 64;
const PATIENCE: Duration = Duration::from_secs(2);
/// Until an agent's own interval is known.
const INTERVAL_MS: i64 = 60_000;

/// A framed command on its way to the stream.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) frame: Bytes,
    /// Fails if whoever waits has given up: then the order must not be written any more.
    pub(crate) taken: oneshot::Sender<()>,
}

#[derive(Debug)]
pub(crate) struct Session {
    /// Unique while the process lives: a late end of this stream never touches its successor.
    pub(crate) number: u64,
    pub(crate) id: AgentId,
    pub(crate) addr: SocketAddr,
    pub(crate) connected_at_ms: i64,
    pub(crate) orders: mpsc::Sender<Order>,
    pub(crate) end: Stop,
    pub(crate) records: AtomicU64,
    /// Whether its configuration was asked for.
    pub(crate) configured: AtomicBool,
    pub(crate) state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) facts: Facts,
    pub(crate) tag: Arc<[u8]>,
    pub(crate) info: Option<Box<RawValue>>,
    pub(crate) gauges: Gauges,
    pub(crate) last_heartbeat_ms: Option<i64>,
    pub(crate) interval_ms: Option<u64>,
    pub(crate) plugins: Vec<Plugin>,
}

#[derive(Debug)]
pub(crate) struct Plugin {
    pub(crate) name: Box<str>,
    pub(crate) info: Box<RawValue>,
    pub(crate) gauges: Gauges,
    seen_ms: i64,
}

impl State {
    /// Returns how many bytes of JSON show it.
    pub(crate) fn size(&self) -> usize {
        let plugins = self.plugins.iter().map(|plugin| plugin.info.get().len());
        plugins.sum::<usize>() + self.info.as_ref().map_or(0, |info| info.get().len())
    }

    /// Takes an agent's heartbeat; plugins that were silent for three intervals are forgotten.
    pub(crate) fn beat(&mut self, info: Box<RawValue>, gauges: Gauges, now_ms: i64) {
        if let Some(last) = self.last_heartbeat_ms {
            self.interval_ms = u64::try_from(now_ms - last).ok().filter(|ms| *ms > 0);
        }
        self.last_heartbeat_ms = Some(now_ms);
        self.info = Some(info);
        self.gauges = gauges;
        let interval = self.interval_ms.and_then(|ms| i64::try_from(ms).ok());
        let patience = 3 * interval.unwrap_or(INTERVAL_MS).clamp(1_000, 600_000);
        self.plugins.retain(|plugin| now_ms - plugin.seen_ms <= patience);
    }

    /// Takes a plugin's heartbeat.
    pub(crate) fn beat_plugin(
        &mut self,
        name: &str,
        info: Box<RawValue>,
        gauges: Gauges,
        now_ms: i64,
    ) {
        let fresh = Plugin { name: name.into(), info, gauges, seen_ms: now_ms };
        if let Some(plugin) = self.plugins.iter_mut().find(|plugin| *plugin.name == *name) {
            *plugin = fresh;
        } else if self.plugins.len() < MAX_PLUGINS {
            self.plugins.push(fresh);
        }
    }
}

/// Why an order was not written to the stream; the texts are the reference's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OrderError {
    #[error("{NOT_FOUND}")]
    Gone,
    #[error("{QUEUE_FULL}")]
    Full,
    #[error("two hosts use this agent id: they get no orders until one of them is gone for good")]
    Clone,
}

impl Session {
    /// Hands `frame` to the stream and waits until the connection has taken it. An order that is
    /// not taken in time is withdrawn: after an error it is certain that it was not sent.
    pub(crate) async fn send(&self, frame: Bytes) -> Result<(), OrderError> {
        let (taken, mut ack) = oneshot::channel();
        let room = match timeout(PATIENCE, self.orders.reserve()).await {
            Ok(Ok(room)) => room,
            Ok(Err(_)) => return Err(OrderError::Gone),
            Err(_) => return Err(OrderError::Full),
        };
        room.send(Order { frame, taken });
        match timeout(PATIENCE, &mut ack).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(OrderError::Gone),
            Err(_) => {
                ack.close();
                ack.try_recv().map_err(|_| OrderError::Full)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    #[test]
    fn a_plugin_that_is_silent_for_three_intervals_is_forgotten() {
        let mut state = State::default();
        state.beat(raw("{}"), Gauges::default(), 0);
        state.beat_plugin("driver", raw("{}"), Gauges::default(), 1_000);
        state.beat_plugin("baseline", raw("{}"), Gauges::default(), 1_000);
        for now in [10_000, 20_000, 30_000, 40_000] {
            state.beat(raw("{}"), Gauges::default(), now);
            state.beat_plugin("driver", raw("{}"), Gauges::default(), now);
        }
        let names: Vec<_> = state.plugins.iter().map(|plugin| &*plugin.name).collect();
        assert_eq!((names, state.interval_ms), (vec!["driver"], Some(10_000)));
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_that_was_not_taken_in_time_is_withdrawn_for_certain() {
        let (orders, mut taken) = mpsc::channel(1);
        let session = Session {
            number: 1,
            id: "agent-1".parse().unwrap(),
            addr: "127.0.0.1:1".parse().unwrap(),
            connected_at_ms: 0,
            orders,
            end: Stop::default(),
            records: AtomicU64::new(0),
            configured: AtomicBool::new(false),
            state: Mutex::default(),
        };
        let frame = Bytes::from_static(b"x");
        assert_eq!(session.send(frame.clone()).await, Err(OrderError::Full));
        assert_eq!(session.send(frame.clone()).await, Err(OrderError::Full), "the queue is full");
        let late = taken.recv().await.unwrap();
        assert!(late.taken.send(()).is_err(), "the stream learns that it must not write it");
        let stream = async { taken.recv().await.unwrap().taken.send(()) };
        let (sent, written) = tokio::join!(session.send(frame.clone()), stream);
        assert_eq!((sent, written), (Ok(()), Ok(())));
        drop(taken);
        assert_eq!(session.send(frame).await, Err(OrderError::Gone));
    }
}
