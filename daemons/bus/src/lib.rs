//! Records between the daemons: keyed, partitioned, durable.
//!
//! It must not know what a record says: keys and values are bytes.
//!
//! Invariants: records of one key keep their order; a reader never sees a record that differs from
//! what was appended; what is shed, torn off or removed unread is counted.

mod block;
mod config;
mod consumer;
mod directory;
mod follow;
#[doc(hidden)]
pub mod fuzz;
mod intake;
#[cfg(feature = "kafka")]
mod kafka;
mod local;
mod partition;
mod reader;
mod retention;
mod segment;
mod stats;
mod writer;

use std::num::NonZeroU64;

use consumer::{LocalConsumer, LocalTail};

#[cfg(feature = "kafka")]
pub use config::{BusConfig, Engine};
pub use config::{Fsync, LocalConfig};
pub use directory::{OpenError, look};
pub use elk_life::Clock;
pub use follow::{CommitError, Consumer, Entry, Start, Tail};
#[cfg(feature = "kafka")]
pub use kafka::{
    Broker, Compression, KafkaConfig, KafkaStats, Mechanism as SaslMechanism, Sasl, Tls as KafkaTls,
};
pub use partition::partition;
pub use stats::BusStats;

/// What becomes one record: it is written straight to where the record will lie.
pub trait Value {
    /// Appends the value to `out`, which holds other records already.
    fn write(&self, out: &mut Vec<u8>);

    /// Returns whether this is a heartbeat or a result, which bulk makes room for: where there is
    /// none for all, bulk is shed first.
    fn is_control(&self) -> bool {
        false
    }
}

impl Value for &[u8] {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
}

/// What a bus is for.
#[cfg(feature = "kafka")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Agents' records.
    Records,
    /// Kubernetes' audit events.
    Audit,
}

/// Where records go.
#[derive(Clone, Debug)]
pub enum Bus {
    /// A segmented log on this host's disk, owned by this process.
    Local(local::Local),
    /// A topic of Apache Kafka, with a spool on this host's disk.
    #[cfg(feature = "kafka")]
    Kafka(kafka::Kafka),
}

/// This many records were shed, and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bus did not take {shed} records")]
pub struct Full {
    /// How many records were not taken.
    pub shed: NonZeroU64,
}

/// The log could not be written out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not write the log to disk: {reason}")]
pub struct FlushError {
    /// Why.
    pub reason: String,
}

impl Bus {
    /// Opens the log in `config.dir`, repairs a torn tail, and starts its writer.
    ///
    /// # Errors
    ///
    /// [`OpenError`] if another process owns it, if it is damaged or of a later format (it is then
    /// left untouched), or if the directory cannot be used.
    pub fn open(config: LocalConfig, clock: Clock) -> Result<Self, OpenError> {
        local::Local::open(config, clock).map(Self::Local)
    }

    /// Opens the producer of `topic`, and its spool in `dir`: it drains what lies there.
    ///
    /// No broker need be there: until one is, records go to the spool.
    ///
    /// # Errors
    ///
    /// [`OpenError`] if another process owns the spool, if it is damaged or of a later format, if
    /// the directory cannot be used, or if the settings cannot work.
    #[cfg(feature = "kafka")]
    pub fn open_kafka(
        config: KafkaConfig,
        topic: Topic,
        dir: &std::path::Path,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let name = match topic {
            Topic::Records => config.topic.clone(),
            Topic::Audit => config.audit_topic.clone(),
        };
        kafka::Kafka::open(config, name, dir, clock).map(Self::Kafka)
    }

    /// Queues `values` under `key`, all in one partition and in order; never blocks.
    ///
    /// They survive a crash of the process some 20 ms later: in the local log, acknowledged by a
    /// Kafka broker or, where that takes long, in the spool. A crash of the machine they survive in
    /// the local log when they are synced as `fsync` says, and in the spool after 100 ms.
    /// [`flush`](Self::flush) waits for both.
    ///
    /// # Errors
    ///
    /// [`Full`] if what is behind does not keep up, and some of `values` were not taken, bulk first;
    /// or if some of them are larger than 16 MiB, and only these were not taken.
    pub fn append<V: Value>(
        &self,
        key: &[u8],
        values: impl ExactSizeIterator<Item = V>,
    ) -> Result<(), Full> {
        match self {
            Self::Local(log) => log.append(key, values),
            #[cfg(feature = "kafka")]
            Self::Kafka(kafka) => kafka.append(key, values),
        }
    }

    /// Completes when all that was appended before is on disk and synced, or acknowledged by a
    /// Kafka broker.
    ///
    /// # Errors
    ///
    /// [`FlushError`] if the disk refuses; the records stay queued and are tried again.
    pub async fn flush(&self) -> Result<(), FlushError> {
        match self {
            Self::Local(log) => log.flush().await,
            #[cfg(feature = "kafka")]
            Self::Kafka(kafka) => kafka.flush().await,
        }
    }

    /// Opens the consumer group `group` where it left off, or at the oldest record.
    ///
    /// # Errors
    ///
    /// [`CommitError`] if the group's offsets cannot be read or registered.
    pub fn consumer(&self, group: &str) -> Result<Consumer, CommitError> {
        match self {
            Self::Local(log) => LocalConsumer::open(log, group).map(Consumer::Local),
            #[cfg(feature = "kafka")]
            Self::Kafka(kafka) => kafka.consumer(group).map(Consumer::Kafka),
        }
    }

    /// Follows all partitions without leaving a trace.
    pub fn tail(&self, start: Start) -> Tail {
        match self {
            Self::Local(log) => Tail::Local(LocalTail::new(log, start)),
            #[cfg(feature = "kafka")]
            Self::Kafka(kafka) => Tail::Kafka(kafka.tail(kafka::follow::From::Start(start))),
        }
    }

    /// Follows all partitions from where [`Tail::places`] told. A place that the log does not have
    /// is one of another log: then that partition begins with the oldest record kept.
    pub fn tail_from(&self, places: &[u64]) -> Tail {
        match self {
            Self::Local(log) => Tail::Local(LocalTail::resume(log, places)),
            #[cfg(feature = "kafka")]
            Self::Kafka(kafka) => {
                Tail::Kafka(kafka.tail(kafka::follow::From::Places(places.to_vec())))
            }
        }
    }

    /// Returns the engine's name.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Local(_) => "local",
            #[cfg(feature = "kafka")]
            Self::Kafka(_) => "kafka",
        }
    }

    /// Returns counters and what is wrong at present.
    pub fn stats(&self) -> BusStats {
        match self {
            Self::Local(log) => log.stats(),
            #[cfg(feature = "kafka")]
            Self::Kafka(kafka) => kafka.stats(),
        }
    }

    /// Writes out and syncs what is queued, ends the writer and gives the directory free.
    ///
    /// Kafka's brokers have 2 s to acknowledge; what they did not by then stays in the spool for
    /// the next start. Later appends are shed, and counted like what the disk refuses now. Dropping
    /// the last handle does the same without waiting.
    pub async fn close(&self) {
        match self {
            Self::Local(log) => log.close().await,
            #[cfg(feature = "kafka")]
            Self::Kafka(kafka) => kafka.close().await,
        }
    }
}
