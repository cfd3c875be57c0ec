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
#[doc(hidden)]
pub mod fuzz;
mod local;
mod partition;
mod reader;
mod retention;
mod segment;
mod stats;
mod writer;

use std::num::NonZeroU64;

pub use config::{Fsync, LocalConfig};
pub use consumer::{CommitError, Consumer, Entry, Start, Tail};
pub use directory::{OpenError, look};
pub use elk_life::Clock;

pub use partition::partition;
pub use stats::BusStats;

/// What becomes one record: it is written straight to where the record will lie.
pub trait Value {
    /// Appends the value to `out`, which holds other records already.
    fn write(&self, out: &mut Vec<u8>);
}

impl Value for &[u8] {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
}

/// Where records go.
#[derive(Clone, Debug)]
pub enum Bus {
    /// A segmented log on this host's disk, owned by this process.
    Local(local::Local),
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

    /// Queues `values` under `key`, all in one partition and in order; never blocks.
    ///
    /// They can be read, and survive a crash of the process, some 20 ms later; a crash of the
    /// machine, when they are synced as `fsync` says. [`flush`](Self::flush) waits for both.
    ///
    /// # Errors
    ///
    /// [`Full`] if the disk does not keep up, and none of `values` was taken; or if some of them
    /// are larger than 16 MiB, and only these were not taken.
    pub fn append<V: Value>(
        &self,
        key: &[u8],
        values: impl ExactSizeIterator<Item = V>,
    ) -> Result<(), Full> {
        let Self::Local(log) = self;
        log.append(key, values)
    }

    /// Completes when all that was appended before is on disk and synced.
    ///
    /// # Errors
    ///
    /// [`FlushError`] if the disk refuses; the records stay queued and are tried again.
    pub async fn flush(&self) -> Result<(), FlushError> {
        let Self::Local(log) = self;
        log.flush().await
    }

    /// Opens the consumer group `group` where it left off, or at the oldest record.
    ///
    /// # Errors
    ///
    /// [`CommitError`] if the group's offsets cannot be read or registered.
    pub fn consumer(&self, group: &str) -> Result<Consumer, CommitError> {
        let Self::Local(log) = self;
        Consumer::open(log, group)
    }

    /// Follows all partitions without leaving a trace.
    pub fn tail(&self, start: Start) -> Tail {
        let Self::Local(log) = self;
        Tail::new(log, start)
    }

    /// Follows all partitions from where [`Tail::places`] told. A place that the log does not have
    /// is one of another log: then that partition begins with the oldest record kept.
    pub fn tail_from(&self, places: &[u64]) -> Tail {
        let Self::Local(log) = self;
        Tail::resume(log, places)
    }

    /// Returns counters and what is wrong at present.
    pub fn stats(&self) -> BusStats {
        let Self::Local(log) = self;
        log.stats()
    }

    /// Writes out and syncs what is queued, ends the writer and gives the directory free.
    ///
    /// Later appends are shed, and counted like what the disk refuses now. Dropping the last handle
    /// does the same without waiting.
    pub async fn close(&self) {
        let Self::Local(log) = self;
        log.close().await;
    }
}
