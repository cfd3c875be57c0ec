//! Following the log: tails, and consumer groups whose offsets are kept.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use bytes::Bytes;
use tokio::sync::watch;

use crate::local::{Local, partition_dir, write_synced};
use crate::reader::{Found, Reader};
use crate::segment;

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
    group: String,
    #[source]
    source: io::Error,
}

/// Follows all partitions. Holds no records back and no writer up.
#[derive(Debug)]
pub struct Tail {
    log: Local,
    readers: Vec<Reader>,
    news: watch::Receiver<u64>,
}

impl Tail {
    pub(crate) fn new(log: Local, start: Start) -> Self {
        let offsets = log.0.ends.iter().map(|end| match start {
            Start::Now => end.load(Ordering::Acquire),
            Start::Earliest => 0,
        });
        let offsets = offsets.collect();
        Self::at(log, offsets, start == Start::Earliest)
    }

    /// A tail from the beginning starts with the oldest record kept: what is older is no gap.
    fn at(log: Local, offsets: Vec<u64>, skip_removed: bool) -> Self {
        let news = log.0.news.subscribe();
        let dir = log.0.config.dir.clone();
        let readers = offsets.into_iter().zip(0..).map(|(mut offset, number)| {
            let dir = partition_dir(&dir, number);
            if skip_removed && let Ok(segments) = segment::list(&dir) {
                offset = segments.first().map_or(offset, |it| offset.max(it.first));
            }
            Reader::new(dir, offset)
        });
        let readers = readers.collect();
        Self { log, readers, news }
    }

    /// Returns what comes next, at least one entry and at most one block a partition.
    ///
    /// Cancel-safe: a call that is dropped early loses nothing that was not returned.
    ///
    /// # Errors
    ///
    /// Returns an error if the disk cannot be read.
    pub async fn next(&mut self) -> io::Result<Vec<Entry>> {
        loop {
            self.news.mark_unchanged();
            let entries = self.read()?;
            if !entries.is_empty() {
                return Ok(entries);
            }
            if self.news.changed().await.is_err() {
                return Err(io::Error::other("the log is closed"));
            }
        }
    }

    /// Reads at most one block a partition. The files are in the page cache or nearly so: a block is
    /// a bounded read that is not worth a thread of its own.
    fn read(&mut self) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for ((reader, end), partition) in self.readers.iter_mut().zip(&self.log.0.ends).zip(0..) {
            match reader.read(end.load(Ordering::Acquire))? {
                Found::End => {}
                Found::Missing(missed) => entries.push(Entry::Gap { partition, missed }),
                Found::Records(first, records) => {
                    let records = (first..).zip(records);
                    entries.extend(records.map(|(offset, (key, value))| Entry::Record {
                        partition,
                        offset,
                        key,
                        value,
                    }));
                }
            }
        }
        Ok(entries)
    }
}

/// A reader whose place is kept; retention counts what it removes before the group has read it.
#[derive(Debug)]
pub struct Consumer {
    group: String,
    path: PathBuf,
    tail: Tail,
}

impl Consumer {
    pub(crate) fn open(log: Local, group: &str) -> Result<Self, CommitError> {
        let failed = |source| CommitError { group: group.to_owned(), source };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if group.is_empty() || group.len() > 64 || !group.chars().all(plain) {
            return Err(failed(io::Error::other("a group's name matches [0-9A-Za-z_-]{1,64}")));
        }
        let dir = log.0.config.dir.join("consumers");
        fs::create_dir_all(&dir).map_err(failed)?;
        let path = dir.join(format!("{group}.json"));
        let offsets = match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(io::Error::from).map_err(failed)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(failed(error)),
        };
        let offsets = places(&offsets, log.0.ends.len());
        let consumer = Self { group: group.to_owned(), path, tail: Tail::at(log, offsets, false) };
        consumer.commit()?;
        Ok(consumer)
    }

    /// Returns what comes next, as [`Tail::next`] does.
    ///
    /// # Errors
    ///
    /// Returns an error if the disk cannot be read.
    pub async fn next(&mut self) -> io::Result<Vec<Entry>> {
        self.tail.next().await
    }

    /// Keeps the place after the last entry returned: the group goes on there after a restart.
    ///
    /// # Errors
    ///
    /// [`CommitError`] if the disk refuses; the place kept before still stands.
    pub fn commit(&self) -> Result<(), CommitError> {
        let failed = |source| CommitError { group: self.group.clone(), source };
        let offsets: BTreeMap<u32, u64> = self
            .tail
            .readers
            .iter()
            .zip(0..)
            .map(|(reader, number)| (number, reader.next))
            .collect();
        let text = serde_json::to_vec(&offsets).map_err(io::Error::from).map_err(failed)?;
        write_synced(&self.path, &text).map_err(failed)
    }
}

fn places(offsets: &BTreeMap<u32, u64>, partitions: usize) -> Vec<u64> {
    (0..).take(partitions).map(|number| offsets.get(&number).copied().unwrap_or(0)).collect()
}

/// Returns the lowest place of any registered group in each partition; `None` without a group.
pub(crate) fn lowest(dir: &Path, partitions: usize) -> io::Result<Option<Vec<u64>>> {
    let mut lowest: Option<Vec<u64>> = None;
    let entries = match fs::read_dir(dir.join("consumers")) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|it| it != "json") {
            continue;
        }
        let offsets: BTreeMap<u32, u64> =
            serde_json::from_slice(&fs::read(&path)?).unwrap_or_default();
        let places = places(&offsets, partitions);
        lowest = Some(match lowest {
            None => places,
            Some(others) => others.into_iter().zip(places).map(|(a, b)| a.min(b)).collect(),
        });
    }
    Ok(lowest)
}
