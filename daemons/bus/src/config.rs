//! Settings of the local log.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

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
