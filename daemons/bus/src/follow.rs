//! Following the bus, whatever its engine: tails, and consumer groups whose offsets are kept.

use std::io;

use bytes::Bytes;

use crate::consumer::{LocalConsumer, LocalTail};
#[cfg(feature = "kafka")]
use crate::kafka::follow::{KafkaConsumer, KafkaTail};

/// Where to begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Start {
    /// With what is appended from now on.
    Now,
    /// With the oldest record kept.
    Earliest,
}

/// One record, or word of records that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entry {
    /// A record.
    Record {
        /// Its partition.
        partition: u32,
        /// Its place in the partition.
        offset: u64,
        /// The key it was appended under.
        key: Bytes,
        /// Its content.
        value: Bytes,
    },
    /// This many records were removed by retention, or are damaged.
    Gap {
        /// The partition.
        partition: u32,
        /// How many.
        missed: u64,
    },
}

/// The offsets of a consumer group could not be kept.
#[derive(Debug, thiserror::Error)]
#[error("could not keep the offsets of consumer group `{group}`")]
pub struct CommitError {
    pub(crate) group: String,
    #[source]
    pub(crate) source: io::Error,
}

/// Checks the name of a consumer group.
pub(crate) fn check_group(group: &str) -> io::Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if group.is_empty() || group.len() > 64 || !group.chars().all(plain) {
        return Err(io::Error::other("a group's name matches [0-9A-Za-z_-]{1,64}"));
    }
    Ok(())
}

/// Follows all partitions. Holds no records back and no writer up.
#[derive(Debug)]
pub enum Tail {
    /// Of the local log.
    #[doc(hidden)]
    Local(LocalTail),
    /// Of a topic.
    #[doc(hidden)]
    #[cfg(feature = "kafka")]
    Kafka(KafkaTail),
}

impl Tail {
    /// Returns the offset of what comes next, for each partition; nothing with Kafka until
    /// [`begin`](Self::begin) completed.
    pub fn places(&self) -> &[u64] {
        match self {
            Self::Local(tail) => tail.places(),
            #[cfg(feature = "kafka")]
            Self::Kafka(tail) => tail.places(),
        }
    }

    /// Waits until it is known where this begins; with Kafka, until a broker has told. Cancel-safe.
    ///
    /// # Errors
    ///
    /// Returns an error if the log cannot be read, or once it is closed.
    #[cfg_attr(
        not(feature = "kafka"),
        expect(clippy::unused_async, reason = "only Kafka has something to wait for")
    )]
    pub async fn begin(&mut self) -> io::Result<()> {
        match self {
            Self::Local(_) => Ok(()),
            #[cfg(feature = "kafka")]
            Self::Kafka(tail) => tail.begin().await,
        }
    }

    /// Returns what comes next, at least one entry and at most some thousand.
    ///
    /// Cancel-safe: a call that is dropped early loses nothing that was not returned.
    ///
    /// # Errors
    ///
    /// Returns an error if the log cannot be read, or after all entries once it is closed.
    pub async fn next(&mut self) -> io::Result<Vec<Entry>> {
        match self {
            Self::Local(tail) => tail.next().await,
            #[cfg(feature = "kafka")]
            Self::Kafka(tail) => tail.next().await,
        }
    }
}

/// A reader whose place is kept.
///
/// Retention of the local log counts what it removes before the group has read it. The members of a
/// group in Kafka share its partitions.
#[derive(Debug)]
pub enum Consumer {
    /// Of the local log.
    #[doc(hidden)]
    Local(LocalConsumer),
    /// Of a topic.
    #[doc(hidden)]
    #[cfg(feature = "kafka")]
    Kafka(KafkaConsumer),
}

impl Consumer {
    /// Returns what comes next, as [`Tail::next`] does.
    ///
    /// # Errors
    ///
    /// Returns an error if the log cannot be read, or after all entries once it is closed.
    pub async fn next(&mut self) -> io::Result<Vec<Entry>> {
        match self {
            Self::Local(consumer) => consumer.next().await,
            #[cfg(feature = "kafka")]
            Self::Kafka(consumer) => consumer.next().await,
        }
    }

    /// Keeps the place after the last entry returned: the group goes on there after a restart.
    ///
    /// # Errors
    ///
    /// [`CommitError`] if it cannot be kept; the place kept before still stands.
    pub async fn commit(&self) -> Result<(), CommitError> {
        match self {
            Self::Local(consumer) => consumer.commit().await,
            #[cfg(feature = "kafka")]
            Self::Kafka(consumer) => consumer.commit().await,
        }
    }
}
