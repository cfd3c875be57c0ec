//! Segment files: one partition's blocks, in a row of files named by their first offset.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::block::{HEADER, Seal};

/// A segment file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) first: u64,
    pub(crate) path: PathBuf,
}

/// Lists the segments of a partition, oldest first.
pub(crate) fn list(dir: &Path) -> io::Result<Vec<Segment>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|it| it == "log")
            && let Ok(first) = stem.parse()
        {
            found.push(Segment { first, path });
        }
    }
    found.sort_by_key(|it| it.first);
    Ok(found)
}

/// What a scan of a segment file found.
#[derive(Debug)]
struct Scan {
    /// Bytes up to the end of the last good block.
    good_bytes: u64,
    /// The offset after its last record.
    end: u64,
    /// Bytes in all.
    bytes: u64,
    /// When its first block was written.
    since_ms: Option<i64>,
}

/// Reads a segment for its last good block; damage in the middle is stepped over.
fn scan(segment: &Segment, seal: Seal) -> io::Result<Scan> {
    let content = fs::read(&segment.path)?;
    let mut scan =
        Scan { good_bytes: 0, end: segment.first, bytes: content.len() as u64, since_ms: None };
    let mut at = 0;
    while let Some((skipped, header)) = content.get(at..).and_then(|rest| seal.find(rest)) {
        at += skipped + HEADER + header.stored;
        if header.first >= scan.end {
            (scan.good_bytes, scan.end) = (at as u64, header.end());
            scan.since_ms.get_or_insert(header.at_ms);
        }
    }
    Ok(scan)
}

/// The last segment of a partition, open for appending.
#[derive(Debug)]
pub(crate) struct Active {
    dir: PathBuf,
    file: File,
    pub(crate) bytes: u64,
    pub(crate) next: u64,
    /// When its first block was written.
    since_ms: Option<i64>,
    dirty: bool,
    /// A write failed midway: the file is to be cut back to `bytes`.
    ragged: bool,
}

impl Active {
    /// Opens the last segment of `dir` and cuts off a torn tail; returns how many bytes that was.
    pub(crate) fn open(dir: &Path, seal: Seal) -> io::Result<(Self, u64)> {
        fs::create_dir_all(dir)?;
        let mut active = Self {
            dir: dir.to_owned(),
            file: File::open(dir)?,
            bytes: 0,
            next: 0,
            since_ms: None,
            dirty: true,
            ragged: false,
        };
        let Some(last) = list(dir)?.pop() else {
            active.file = create(dir, 0)?;
            return Ok((active, 0));
        };
        let scan = scan(&last, seal)?;
        active.file = OpenOptions::new().append(true).open(&last.path)?;
        let torn = scan.bytes - scan.good_bytes;
        if torn > 0 {
            active.file.set_len(scan.good_bytes)?;
            active.file.sync_all()?;
        }
        (active.bytes, active.next, active.since_ms) = (scan.good_bytes, scan.end, scan.since_ms);
        Ok((active, torn))
    }

    /// Returns for how long the segment has been written to.
    pub(crate) fn age_ms(&self, now_ms: i64) -> i64 {
        self.since_ms.map_or(0, |since| now_ms.saturating_sub(since))
    }

    /// Appends a block of `count` records; after a failure none of it counts.
    pub(crate) fn append(&mut self, block: &[u8], count: u32, now_ms: i64) -> io::Result<()> {
        if self.ragged {
            self.file.set_len(self.bytes)?;
        }
        self.ragged = true;
        self.file.write_all(block)?;
        self.ragged = false;
        self.bytes += block.len() as u64;
        self.next += u64::from(count);
        self.since_ms.get_or_insert(now_ms);
        self.dirty = true;
        Ok(())
    }

    /// Goes on in a new file.
    pub(crate) fn roll(&mut self) -> io::Result<()> {
        if self.ragged {
            self.file.set_len(self.bytes)?;
        }
        self.sync()?;
        self.file = create(&self.dir, self.next)?;
        (self.bytes, self.since_ms, self.ragged) = (0, None, false);
        Ok(())
    }

    pub(crate) fn sync(&mut self) -> io::Result<()> {
        if self.dirty {
            self.file.sync_data()?;
            self.dirty = false;
        }
        Ok(())
    }
}

fn create(dir: &Path, first: u64) -> io::Result<File> {
    let path = dir.join(format!("{first:020}.log"));
    let file = OpenOptions::new().append(true).create(true).open(path)?;
    File::open(dir)?.sync_all()?;
    Ok(file)
}
