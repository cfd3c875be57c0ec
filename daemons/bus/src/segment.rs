//! Segment files: one partition's blocks, in a row of files named by their first offset.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::block::{self, HEADER, Header};

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
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Bytes up to the end of the last good block.
    pub(crate) good_bytes: u64,
    /// The offset after its last record.
    pub(crate) end: u64,
    /// Bytes in all.
    pub(crate) bytes: u64,
}

/// Reads a segment for its last good block; damage in the middle is stepped over.
pub(crate) fn scan(segment: &Segment) -> io::Result<Scan> {
    let content = fs::read(&segment.path)?;
    let (mut at, mut good, mut end) = (0, 0, segment.first);
    while let Some(rest) = content.get(at..).filter(|it| it.len() >= HEADER) {
        match block::check(rest) {
            Some(header) if header.first >= end => {
                at += HEADER + header.stored;
                (good, end) = (at, header.end());
            }
            _ => at += 1,
        }
    }
    Ok(Scan { good_bytes: good as u64, end, bytes: content.len() as u64 })
}

/// The last segment of a partition, open for appending.
#[derive(Debug)]
pub(crate) struct Active {
    dir: PathBuf,
    file: File,
    pub(crate) bytes: u64,
    pub(crate) next: u64,
    pub(crate) dirty: bool,
}

impl Active {
    /// Opens the last segment of `dir` and cuts off a torn tail; returns how many bytes that was.
    pub(crate) fn open(dir: &Path) -> io::Result<(Self, u64)> {
        fs::create_dir_all(dir)?;
        let Some(last) = list(dir)?.pop() else {
            let file = create(dir, 0)?;
            return Ok((Self { dir: dir.to_owned(), file, bytes: 0, next: 0, dirty: true }, 0));
        };
        let scan = scan(&last)?;
        let file = OpenOptions::new().append(true).open(&last.path)?;
        let torn = scan.bytes - scan.good_bytes;
        if torn > 0 {
            file.set_len(scan.good_bytes)?;
            file.sync_all()?;
        }
        let active = Self {
            dir: dir.to_owned(),
            file,
            bytes: scan.good_bytes,
            next: scan.end,
            dirty: false,
        };
        Ok((active, torn))
    }

    /// Appends a block of `count` records; after a failure the file is as before.
    pub(crate) fn append(&mut self, block: &[u8], count: u32) -> io::Result<()> {
        if let Err(error) = self.file.write_all(block) {
            self.file.set_len(self.bytes)?;
            return Err(error);
        }
        self.bytes += block.len() as u64;
        self.next += u64::from(count);
        self.dirty = true;
        Ok(())
    }

    /// Goes on in a new file.
    pub(crate) fn roll(&mut self) -> io::Result<()> {
        self.sync()?;
        self.file = create(&self.dir, self.next)?;
        self.bytes = 0;
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

/// Returns the header at `at` of a segment's content, and the offset in the file where its block ends.
pub(crate) fn next_good(content: &[u8], mut at: usize) -> Option<(Header, usize)> {
    while let Some(rest) = content.get(at..).filter(|it| it.len() >= HEADER) {
        if let Some(header) = block::check(rest) {
            return Some((header, at));
        }
        at += 1;
    }
    None
}
