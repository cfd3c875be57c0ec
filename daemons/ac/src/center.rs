//! What the parts of a running AgentCenter share.

use elk_bus::Bus;
use elk_life::{Clock, Tasks};
use elk_web::Crowd;
use prometheus::Registry;
use tokio::sync::Semaphore;

use std::sync::Arc;

use crate::audit::Audit;
use crate::config::Config;
use crate::configs::Configs;
use crate::fleet::Fleet;
use crate::metrics::Metrics;
use crate::outbox::Outbox;
use crate::partial::Partials;
use crate::peers::Peers;
use crate::refused::Refusals;
use crate::tags::Tags;
use crate::upload::places::Uploads;

#[derive(Debug)]
pub(crate) struct Center {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) fleet: Arc<Fleet>,
    pub(crate) metrics: Metrics,
    pub(crate) registry: Registry,
    pub(crate) bus: Bus,
    pub(crate) audit: Audit,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) manager: Peers,
    pub(crate) tags: Tags,
    pub(crate) configs: Configs,
    /// Streams without a message.
    pub(crate) waiting: Crowd,
    /// Connections whose TLS handshake is under way.
    pub(crate) handshakes: Crowd,
    /// Addresses whose TLS handshakes failed.
    pub(crate) refused: Refusals,
    /// Messages that have arrived in part.
    pub(crate) partials: Partials,
    /// Streams, waiting or live.
    pub(crate) streams: Tasks,
    /// Bodies of calls that are being read.
    pub(crate) bodies: Arc<Semaphore>,
    /// Uploads under way.
    pub(crate) uploads: Uploads,
}
