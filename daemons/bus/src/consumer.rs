//! Following the local log: tails, and consumer groups whose offsets are kept.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::directory::{partition_dir, write_synced};
use crate::follow::{CommitError, Entry, Start, check_group};
use crate::local::{Local, Shared};
use crate::reader::{Found, Reader};
use crate::segment;

/// Follows all partitions. Holds no records back and no writer up.
#[derive(Debug)]
pub struct LocalTail {
    shared: Arc<Shared>,
    /// Where the next entry to be returned is, for each partition.
    places: Vec<u64>,
    /// At rest here, or at work in `reading`.
    readers: Option<Vec<Reader>>,
    reading: Option<JoinHandle<(Vec<Reader>, io::Result<Vec<Entry>>)>>,
    /// The log had ended before the last reading began.
    ended: bool,
    news: watch::Receiver<u64>,
}

impl LocalTail {
    pub(crate) fn new(log: &Local, start: Start) -> Self {
        let offsets = match start {
            Start::Now => log.shared.ends.iter().map(|it| it.load(Ordering::Acquire)).collect(),
            Start::Earliest => oldest(&log.shared),
        };
        Self::at(log, offsets)
    }

    pub(crate) fn resume(log: &Local, places: &[u64]) -> Self {
        let ends = log.shared.ends.iter().map(|it| it.load(Ordering::Acquire));
        let oldest = oldest(&log.shared);
        let known = places.iter().map(Some).chain(std::iter::repeat(None));
        let places = ends.zip(oldest).zip(known).map(|((end, oldest), place)| match place {
            Some(place) if *place <= end => *place,
            _ => oldest,
        });
        Self::at(log, places.collect())
    }

    /// Returns the offset of what comes next, for each partition.
    pub(crate) fn places(&self) -> &[u64] {
        &self.places
    }

    fn at(log: &Local, places: Vec<u64>) -> Self {
        let shared = Arc::clone(&log.shared);
        let readers = places.iter().zip(0..).map(|(offset, number)| {
            Reader::new(partition_dir(&shared.config.dir, number), shared.seal, *offset)
        });
        let readers = Some(readers.collect());
        let news = shared.news.subscribe();
        Self { shared, places, readers, reading: None, ended: false, news }
    }

    /// Returns what comes next, at least one entry and at most one block a partition.
    ///
    /// Cancel-safe: a call that is dropped early loses nothing that was not returned.
    ///
    /// # Errors
    ///
    /// Returns an error if the disk cannot be read, or after all entries once the log is closed.
    pub(crate) async fn next(&mut self) -> io::Result<Vec<Entry>> {
        loop {
            if self.reading.is_none() {
                self.start()?;
            }
            let Some(reading) = &mut self.reading else { continue };
            let done = reading.await;
            self.reading = None;
            let (readers, entries) = done.map_err(io::Error::other)?;
            let places = readers.iter().map(|it| it.next).collect();
            self.readers = Some(readers);
            let entries = entries?;
            if !entries.is_empty() {
                self.places = places;
                return Ok(entries);
            }
            if self.ended || self.news.changed().await.is_err() {
                return Err(io::Error::other("the log is closed"));
            }
        }
    }

    /// Reads on a thread that may block: the records may have left the page cache long ago.
    fn start(&mut self) -> io::Result<()> {
        let lost = || io::Error::other("an earlier reading of the log ended badly");
        let mut readers = self.readers.take().ok_or_else(lost)?;
        self.news.mark_unchanged();
        self.ended = self.shared.ended.load(Ordering::Acquire);
        let shared = Arc::clone(&self.shared);
        self.reading = Some(spawn_blocking(move || {
            let entries = read(&mut readers, &shared);
            (readers, entries)
        }));
        Ok(())
    }
}

/// Reads at most one block a partition. An error is kept for the next time if there are entries.
fn read(readers: &mut [Reader], shared: &Shared) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for ((reader, end), partition) in readers.iter_mut().zip(&shared.ends).zip(0..) {
        match reader.read(end.load(Ordering::Acquire)) {
            Ok(Found::Missing(missed)) => entries.push(Entry::Gap { partition, missed }),
            Ok(Found::Records(first, records)) => {
                let records = (first..).zip(records);
                entries.extend(records.map(|(offset, (key, value))| Entry::Record {
                    partition,
                    offset,
                    key,
                    value,
                }));
            }
            Err(error) if entries.is_empty() => return Err(error),
            Ok(Found::End) | Err(_) => {}
        }
    }
    Ok(entries)
}

/// Returns the offset of the oldest record kept in each partition: what is older is no gap.
fn oldest(shared: &Shared) -> Vec<u64> {
    let first = |number| {
        let segments = segment::list(&partition_dir(&shared.config.dir, number)).ok()?;
        segments.first().map(|it| it.first)
    };
    (0..).take(shared.ends.len()).map(|number| first(number).unwrap_or(0)).collect()
}

/// A reader whose place is kept; retention counts what it removes before the group has read it.
#[derive(Debug)]
pub struct LocalConsumer {
    group: String,
    path: PathBuf,
    tail: LocalTail,
}

impl LocalConsumer {
    pub(crate) fn open(log: &Local, group: &str) -> Result<Self, CommitError> {
        let failed = |source| CommitError { group: group.to_owned(), source };
        check_group(group).map_err(failed)?;
        let dir = log.shared.config.dir.join("consumers");
        fs::create_dir_all(&dir).map_err(failed)?;
        let path = dir.join(format!("{group}.json"));
        let places = match fs::read(&path) {
            Ok(text) => {
                let kept =
                    serde_json::from_slice(&text).map_err(io::Error::from).map_err(failed)?;
                // A crash of the machine may have taken records that were read before it.
                let ends = log.shared.ends.iter().map(|it| it.load(Ordering::Acquire));
                places(&kept, log.shared.ends.len())
                    .into_iter()
                    .zip(ends)
                    .map(|(a, b)| a.min(b))
                    .collect()
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => oldest(&log.shared),
            Err(error) => return Err(failed(error)),
        };
        keep(&path, &places).map_err(failed)?;
        Ok(Self { group: group.to_owned(), path, tail: LocalTail::at(log, places) })
    }

    /// Returns what comes next, as [`LocalTail::next`] does.
    ///
    /// # Errors
    ///
    /// Returns an error if the disk cannot be read.
    pub(crate) async fn next(&mut self) -> io::Result<Vec<Entry>> {
        self.tail.next().await
    }

    /// Keeps the place after the last entry returned: the group goes on there after a restart.
    ///
    /// # Errors
    ///
    /// [`CommitError`] if the disk refuses; the place kept before still stands.
    pub(crate) async fn commit(&self) -> Result<(), CommitError> {
        let failed = |source| CommitError { group: self.group.clone(), source };
        if self.tail.shared.ended.load(Ordering::Acquire) {
            return Err(failed(io::Error::other("the log is closed")));
        }
        let (path, places) = (self.path.clone(), self.tail.places.clone());
        let kept = spawn_blocking(move || keep(&path, &places)).await;
        kept.map_err(io::Error::other).flatten().map_err(failed)
    }
}

pub(crate) fn keep(path: &Path, places: &[u64]) -> io::Result<()> {
    let offsets: BTreeMap<u32, u64> = (0..).zip(places.iter().copied()).collect();
    write_synced(path, &serde_json::to_vec(&offsets)?)
}

pub(crate) fn places(offsets: &BTreeMap<u32, u64>, partitions: usize) -> Vec<u64> {
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
