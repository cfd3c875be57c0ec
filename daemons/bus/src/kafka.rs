//! The Kafka engine: an idempotent producer, with a spool on disk behind it.
//!
//! Records are gathered in memory for some 10 ms and handed to librdkafka; they are kept until a
//! broker acknowledges them. Where that takes longer than 250 ms, or memory fills, they are written
//! to the spool, and what comes later under these keys goes behind them. The spool is drained in
//! order; what a broker has is noted, so that a start goes on there.
//!
//! A process that is killed loses what was neither acknowledged nor spooled: with a broker that
//! answers, the last 20 ms or so, and with one that has just stopped, the last 300 ms. What was
//! acknowledged but not noted is sent again; nothing else is written twice.

mod connection;
pub(crate) mod follow;
mod lane;
mod pump;
mod report;
mod settings;
mod spool;
mod traffic;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use elk_life::Clock;
use parking_lot::Mutex;

use crate::directory::OpenError;
use crate::follow::CommitError;
use crate::intake::Intake;
use crate::stats::{BusStats, Counters};
use crate::{FlushError, Full, Value};

pub use report::{Broker, KafkaStats};
pub use settings::{Compression, KafkaConfig, Mechanism, Sasl, Tls};

use follow::{From, KafkaConsumer, KafkaTail};
use pump::Pump;
use report::Gauges;
use spool::Spool;

/// Segments of the spool have at most this many bytes: what is drained is soon removed.
const SEGMENT: u64 = 16 << 20;

/// A producer of one topic and its spool.
#[derive(Clone, Debug)]
pub struct Kafka {
    shared: Arc<Shared>,
    owner: Arc<Owner>,
}

/// Ends the thread when the last handle is dropped.
#[derive(Debug)]
struct Owner {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.intake.close();
    }
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: KafkaConfig,
    pub(crate) topic: String,
    pub(crate) clock: Clock,
    pub(crate) intake: Intake,
    pub(crate) counters: Counters,
    pub(crate) gauges: Arc<Gauges>,
    /// The producer is gone: nothing new comes from here.
    pub(crate) ended: AtomicBool,
}

impl Kafka {
    pub(crate) fn open(
        config: KafkaConfig,
        topic: String,
        dir: &Path,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        config.check().map_err(|what| OpenError::Settings { what })?;
        let counters = Counters::default();
        let segment = SEGMENT.min(config.spool_bytes / 64).max(64 << 10);
        let spool = Spool::open(dir, config.lanes, segment, &counters)?;
        let shared = Arc::new(Shared {
            intake: Intake::new(spool.lanes(), config.queue_bytes),
            config,
            topic,
            clock,
            counters,
            gauges: Arc::default(),
            ended: AtomicBool::new(false),
        });
        let waiting = spool.waiting();
        shared.gauges.spooled_records.store(waiting, Ordering::Relaxed);
        shared.gauges.spooled_bytes.store(spool.bytes, Ordering::Relaxed);
        if waiting > 0 {
            tracing::info!(bus.spooled = waiting, "the spool holds {waiting} records to deliver");
        }
        let pump = Pump::new(Arc::clone(&shared), spool);
        let pump = pump.map_err(|what| OpenError::Settings { what })?;
        let refused = |source| OpenError::Io { dir: dir.to_owned(), source };
        // A thread of its own: it waits for the disk and for librdkafka.
        let thread = std::thread::Builder::new().name("elk-bus-kafka".to_owned());
        let thread = thread.spawn(move || pump.run()).map_err(refused)?;
        let owner = Owner { shared: Arc::clone(&shared), thread: Mutex::new(Some(thread)) };
        Ok(Self { shared, owner: Arc::new(owner) })
    }

    pub(crate) fn append<V: Value>(
        &self,
        key: &[u8],
        values: impl ExactSizeIterator<Item = V>,
    ) -> Result<(), Full> {
        self.shared.intake.append(key, values, &self.shared.counters)
    }

    pub(crate) async fn flush(&self) -> Result<(), FlushError> {
        self.shared.intake.flush().await
    }

    pub(crate) fn consumer(&self, group: &str) -> Result<KafkaConsumer, CommitError> {
        KafkaConsumer::open(&self.shared, group)
    }

    pub(crate) fn tail(&self, from: From) -> KafkaTail {
        KafkaTail::new(&self.shared, from)
    }

    pub(crate) fn stats(&self) -> BusStats {
        let kafka = self.shared.gauges.read();
        let mut stats = self.shared.counters.read();
        if stats.error.is_none() {
            stats.error.clone_from(&self.shared.gauges.link.lock().reason);
        }
        BusStats {
            queued_bytes: self.shared.intake.queued.load(Ordering::Relaxed) as u64,
            disk_bytes: kafka.spooled_bytes,
            kafka: Some(kafka),
            ..stats
        }
    }

    pub(crate) async fn close(&self) {
        self.shared.intake.close();
        let Some(thread) = self.owner.thread.lock().take() else { return };
        let joined = tokio::task::spawn_blocking(move || thread.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!("the thread that feeds Kafka ended badly");
        }
    }
}
