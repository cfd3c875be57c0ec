//! The spool: records on disk that no broker has acknowledged, by lane and in order.
//!
//! It is a local log that one thread writes and reads. What was acknowledged is noted in
//! `drained.json`: a start goes on there. Files that are drained are removed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::block::Sealer;
use crate::consumer;
use crate::directory::{OpenError, partition_dir};
use crate::local::Files;
use crate::reader::{Found, Reader};
use crate::segment::{self, Active};
use crate::stats::Counters;

const DRAINED: &str = "drained.json";

pub(crate) struct Spool {
    dir: PathBuf,
    files: Vec<Lane>,
    sealer: Sealer,
    seal: crate::block::Seal,
    segment_bytes: u64,
    /// Bytes of all its files.
    pub(crate) bytes: u64,
    /// Written, but maybe not on the disk.
    dirty: bool,
    _lock: File,
}

struct Lane {
    active: Active,
    reader: Reader,
    /// What comes before this was acknowledged.
    acked: u64,
    /// What comes before this is noted as acknowledged.
    kept: u64,
}

impl Spool {
    pub(crate) fn open(
        dir: &Path,
        lanes: u32,
        segment_bytes: u64,
        counters: &Counters,
    ) -> Result<Self, OpenError> {
        let refused = |source| OpenError::Io { dir: dir.to_owned(), source };
        let Files { active, seal, lock } = Files::open(dir, lanes, counters)?;
        let drained = match fs::read(dir.join(DRAINED)) {
            Ok(text) => serde_json::from_slice(&text).map_err(|_| OpenError::Damaged {
                dir: dir.to_owned(),
                what: format!("{DRAINED} cannot be read"),
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(source) => return Err(refused(source)),
        };
        let places = consumer::places(&drained, active.len());
        let mut files = Vec::new();
        let mut bytes = 0;
        for ((active, place), number) in active.into_iter().zip(places).zip(0..) {
            let lane = partition_dir(dir, number);
            let segments = segment::list(&lane).map_err(refused)?;
            for segment in &segments {
                bytes += fs::metadata(&segment.path).map_err(refused)?.len();
            }
            // What is gone from the front was drained; what is gone from the end, a crash of the
            // machine took.
            let first = segments.first().map_or(0, |it| it.first);
            let acked = place.max(first).min(active.next);
            let reader = Reader::new(lane, seal, acked);
            files.push(Lane { active, reader, acked, kept: acked });
        }
        let (dir, sealer) = (dir.to_owned(), Sealer::new(seal));
        Ok(Self { dir, files, sealer, seal, segment_bytes, bytes, dirty: false, _lock: lock })
    }

    pub(crate) fn lanes(&self) -> usize {
        self.files.len()
    }

    /// Appends a block and returns the offset after it.
    pub(crate) fn append(
        &mut self,
        lane: usize,
        (payload, count): (&[u8], u32),
        now_ms: i64,
    ) -> io::Result<u64> {
        let lane = self.files.get_mut(lane).ok_or(io::ErrorKind::NotFound)?;
        if lane.active.bytes >= self.segment_bytes {
            lane.active.roll()?;
        }
        let block = self.sealer.seal(payload, count, lane.active.next, now_ms)?;
        lane.active.append(block, count, now_ms)?;
        self.bytes += block.len() as u64;
        self.dirty = true;
        Ok(lane.active.next)
    }

    /// Reads on; [`Found::End`] if all was read.
    pub(crate) fn read(&mut self, lane: usize) -> io::Result<(Found, u64)> {
        let lane = self.files.get_mut(lane).ok_or(io::ErrorKind::NotFound)?;
        let found = lane.reader.read(lane.active.next)?;
        Ok((found, lane.reader.next))
    }

    /// Returns how many records were not read yet.
    pub(crate) fn unread(&self, lane: usize) -> u64 {
        self.files.get(lane).map_or(0, |it| it.active.next.saturating_sub(it.reader.next))
    }

    /// Returns how many records are not acknowledged.
    pub(crate) fn waiting(&self) -> u64 {
        self.files.iter().map(|it| it.active.next.saturating_sub(it.acked)).sum()
    }

    /// Goes past what is at the end: it was handed over already.
    pub(crate) fn skip(&mut self, lane: usize) {
        if let Some(lane) = self.files.get_mut(lane) {
            lane.reader.next = lane.active.next;
        }
    }

    /// Goes back to what was not acknowledged.
    pub(crate) fn rewind(&mut self, number: usize) {
        if let Some(lane) = self.files.get_mut(number) {
            let place = partition_dir(&self.dir, u32::try_from(number).unwrap_or(u32::MAX));
            lane.reader = Reader::new(place, self.seal, lane.acked);
        }
    }

    /// Notes that a broker has what comes before `place`; returns how many records are new to it.
    pub(crate) fn acknowledge(&mut self, lane: usize, place: u64) -> u64 {
        let Some(lane) = self.files.get_mut(lane) else { return 0 };
        let new = place.saturating_sub(lane.acked);
        lane.acked += new;
        new
    }

    /// Writes to the disk what the kernel may still hold.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        if self.dirty {
            self.files.iter_mut().try_for_each(|it| it.active.sync())?;
            self.dirty = false;
        }
        Ok(())
    }

    /// Keeps the places up to which the spool is drained, and removes what lies before them.
    pub(crate) fn keep(&mut self) -> io::Result<()> {
        if self.files.iter().all(|it| it.acked == it.kept) {
            return Ok(());
        }
        // Without their records, places would be those of other records after a crash.
        self.sync()?;
        let places: Vec<_> = self.files.iter().map(|it| it.acked).collect();
        consumer::keep(&self.dir.join(DRAINED), &places)?;
        for (number, lane) in (0..).zip(&mut self.files) {
            if lane.acked == lane.kept {
                continue;
            }
            lane.kept = lane.acked;
            if lane.acked == lane.active.next && lane.active.bytes > 0 {
                lane.active.roll()?;
            }
            let segments = segment::list(&partition_dir(&self.dir, number))?;
            for pair in segments.windows(2) {
                let [old, next] = pair else { continue };
                if next.first > lane.acked {
                    break;
                }
                let size = fs::metadata(&old.path)?.len();
                fs::remove_file(&old.path)?;
                self.bytes = self.bytes.saturating_sub(size);
            }
        }
        Ok(())
    }

    /// Returns how many bytes its disk has free.
    pub(crate) fn free_bytes(&self) -> io::Result<u64> {
        let disk = rustix::fs::statvfs(&self.dir)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
}
