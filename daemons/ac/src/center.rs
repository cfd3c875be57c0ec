//! What the parts of a running AgentCenter share.

use elk_bus::Bus;
use elk_life::{Clock, Tasks};
use prometheus::Registry;

use std::sync::Arc;

use crate::config::Config;
use crate::configs::Configs;
use crate::fleet::Fleet;
use crate::metrics::Metrics;
use crate::outbox::Outbox;
use crate::peers::Peers;
use crate::tags::Tags;
use crate::waiting::Waiting;

#[derive(Debug)]
pub(crate) struct Center {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) fleet: Arc<Fleet>,
    pub(crate) metrics: Metrics,
    pub(crate) registry: Registry,
    pub(crate) bus: Bus,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) manager: Peers,
    pub(crate) tags: Tags,
    pub(crate) configs: Configs,
    pub(crate) waiting: Waiting,
    /// Streams, waiting or live.
    pub(crate) streams: Tasks,
    /// Uploads under way.
    pub(crate) uploads: Arc<tokio::sync::Semaphore>,
}
