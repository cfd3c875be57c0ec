//! Settings of the bus.

#[cfg(feature = "kafka")]
use std::path::Path;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

#[cfg(feature = "kafka")]
use crate::{Bus, Clock, KafkaConfig, OpenError, Topic};

/// How the local log keeps records.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LocalConfig {
    /// Its directory; one process owns it at a time.
    pub dir: PathBuf,
    /// Partitions of a new log; an existing one keeps its number.
    pub partitions: u32,
    /// A segment file is closed at this size, in bytes.
    pub segment_bytes: u64,
    /// When written blocks are synced to the disk.
    pub fsync: Fsync,
    /// Milliseconds between syncs for `fsync = "interval"`.
    pub fsync_interval_ms: u64,
    /// Segments older than this many seconds are removed; 0 keeps them.
    pub retain_seconds: u64,
    /// The oldest segments are removed above this many bytes in all; 0 for no limit.
    pub retain_bytes: u64,
    /// The oldest segments are removed while the disk has fewer free bytes than this.
    pub min_free_bytes: u64,
    /// Bytes that may wait for the disk; what comes beyond is shed and counted.
    pub queue_bytes: usize,
}

/// When written blocks are synced to the disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fsync {
    /// When the kernel likes: a crash of the machine may lose seconds.
    Never,
    /// Every `fsync_interval_ms`.
    Interval,
    /// After each write.
    Block,
}

impl Default for LocalConfig {
    fn default() -> Self {
        Self {
            dir: PathBuf::from("log"),
            partitions: 12,
            segment_bytes: 64 << 20,
            fsync: Fsync::Interval,
            fsync_interval_ms: 100,
            retain_seconds: 7 * 86_400,
            retain_bytes: 8 << 30,
            min_free_bytes: 1 << 30,
            queue_bytes: 64 << 20,
        }
    }
}

/// Where records go, and how.
#[cfg(feature = "kafka")]
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BusConfig {
    /// The local log or Kafka.
    pub engine: Engine,
    /// Settings of Kafka; unused with the local log.
    pub kafka: KafkaConfig,
    /// As [`LocalConfig::dir`]; who opens the bus decides.
    pub dir: PathBuf,
    /// As [`LocalConfig::partitions`].
    pub partitions: u32,
    /// As [`LocalConfig::segment_bytes`].
    pub segment_bytes: u64,
    /// As [`LocalConfig::fsync`].
    pub fsync: Fsync,
    /// As [`LocalConfig::fsync_interval_ms`].
    pub fsync_interval_ms: u64,
    /// As [`LocalConfig::retain_seconds`].
    pub retain_seconds: u64,
    /// As [`LocalConfig::retain_bytes`].
    pub retain_bytes: u64,
    /// As [`LocalConfig::min_free_bytes`].
    pub min_free_bytes: u64,
    /// As [`LocalConfig::queue_bytes`].
    pub queue_bytes: usize,
}

/// What keeps records.
#[cfg(feature = "kafka")]
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// A segmented log on this host's disk.
    #[default]
    Local,
    /// A topic of Apache Kafka.
    Kafka,
}

#[cfg(feature = "kafka")]
impl Default for BusConfig {
    fn default() -> Self {
        let local = LocalConfig::default();
        Self {
            engine: Engine::Local,
            kafka: KafkaConfig::default(),
            dir: local.dir,
            partitions: local.partitions,
            segment_bytes: local.segment_bytes,
            fsync: local.fsync,
            fsync_interval_ms: local.fsync_interval_ms,
            retain_seconds: local.retain_seconds,
            retain_bytes: local.retain_bytes,
            min_free_bytes: local.min_free_bytes,
            queue_bytes: local.queue_bytes,
        }
    }
}

#[cfg(feature = "kafka")]
impl BusConfig {
    /// Opens the bus with its files below `root`: `log` of the local log, `spool` of Kafka.
    ///
    /// # Errors
    ///
    /// As [`Bus::open`] and [`Bus::open_kafka`].
    pub fn open(&self, topic: Topic, root: &Path, clock: Clock) -> Result<Bus, OpenError> {
        let name = |of_records: &str| match topic {
            Topic::Records => root.join(of_records),
            Topic::Audit => root.join(format!("{of_records}-audit")),
        };
        match self.engine {
            Engine::Local => Bus::open(self.local(name("log")), clock),
            Engine::Kafka => Bus::open_kafka(self.kafka.clone(), topic, &name("spool"), clock),
        }
    }

    fn local(&self, dir: PathBuf) -> LocalConfig {
        LocalConfig {
            dir,
            partitions: self.partitions,
            segment_bytes: self.segment_bytes,
            fsync: self.fsync,
            fsync_interval_ms: self.fsync_interval_ms,
            retain_seconds: self.retain_seconds,
            retain_bytes: self.retain_bytes,
            min_free_bytes: self.min_free_bytes,
            queue_bytes: self.queue_bytes,
        }
    }
}
