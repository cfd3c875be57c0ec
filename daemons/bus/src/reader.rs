//! Reading one partition forwards.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;

use bytes::Bytes;

use crate::block::{HEADER, Header, Seal};
use crate::segment::{self, Segment};

/// What a reader found next.
#[derive(Debug)]
pub(crate) enum Found {
    /// Records from this offset on.
    Records(u64, Vec<(Bytes, Bytes)>),
    /// These offsets are gone: removed, or damaged.
    Missing(u64),
    /// Nothing new.
    End,
}

/// A place in a partition.
#[derive(Debug)]
pub(crate) struct Reader {
    dir: PathBuf,
    seal: Seal,
    pub(crate) next: u64,
    open: Option<(Segment, File, u64)>,
}

impl Reader {
    pub(crate) fn new(dir: PathBuf, seal: Seal, next: u64) -> Self {
        Self { dir, seal, next, open: None }
    }

    /// Reads on, up to offset `end`, which the writer published.
    pub(crate) fn read(&mut self, end: u64) -> io::Result<Found> {
        while self.next < end {
            if self.open.is_none() && !self.enter()? {
                return Ok(Found::End);
            }
            let Some((segment, file, at)) = &mut self.open else { return Ok(Found::End) };
            if let Some((header, block)) = read_block(file, self.seal, *at)? {
                *at += block.len() as u64;
                if let Some(found) = self.take(header, &block) {
                    return Ok(found);
                }
                continue;
            }
            let first = segment.first;
            let later = segment::list(&self.dir)?.into_iter().find(|it| it.first > first);
            let skipped = skip_damage(file, self.seal, at)?;
            if skipped {
                continue;
            }
            let Some(later) = later else { return Ok(Found::End) };
            self.open = None;
            if later.first > self.next {
                let missing = later.first - self.next;
                self.next = later.first;
                return Ok(Found::Missing(missing));
            }
            self.enter_segment(later)?;
        }
        Ok(Found::End)
    }

    fn take(&mut self, header: Header, block: &[u8]) -> Option<Found> {
        if header.end() <= self.next {
            return None;
        }
        if header.first > self.next {
            let missing = header.first - self.next;
            self.next = header.first;
            if let Some((_, _, at)) = &mut self.open {
                *at -= block.len() as u64;
            }
            return Some(Found::Missing(missing));
        }
        let skip = usize::try_from(self.next - header.first).unwrap_or(usize::MAX);
        let first = self.next;
        self.next = header.end();
        let Some(mut records) = self.seal.open(block) else {
            return Some(Found::Missing(header.end() - first));
        };
        records.drain(..skip.min(records.len()));
        Some(Found::Records(first, records))
    }

    /// Opens the segment that holds `next`, or the first one after it.
    fn enter(&mut self) -> io::Result<bool> {
        let segments = segment::list(&self.dir)?;
        let next = self.next;
        let holds = segments.iter().rposition(|it| it.first <= next).unwrap_or(0);
        match segments.into_iter().nth(holds) {
            Some(segment) => self.enter_segment(segment).map(|()| true),
            None => Ok(false),
        }
    }

    fn enter_segment(&mut self, segment: Segment) -> io::Result<()> {
        match File::open(&segment.path) {
            Ok(file) => self.open = Some((segment, file, 0)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.open = None,
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

fn read_block(file: &mut File, seal: Seal, at: u64) -> io::Result<Option<(Header, Vec<u8>)>> {
    let mut block = vec![0; HEADER];
    file.seek(SeekFrom::Start(at))?;
    if !fill(file, &mut block)? {
        return Ok(None);
    }
    let Some(header) = seal.header(&block) else { return Ok(None) };
    block.resize(HEADER + header.stored, 0);
    let body = block.get_mut(HEADER..).unwrap_or_default();
    if !fill(file, body)? || seal.check(&block).is_none() {
        return Ok(None);
    }
    Ok(Some((header, block)))
}

fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Moves past damage to the next good block of the file, if there is one.
fn skip_damage(file: &mut File, seal: Seal, at: &mut u64) -> io::Result<bool> {
    let mut rest = Vec::new();
    file.seek(SeekFrom::Start(*at))?;
    file.read_to_end(&mut rest)?;
    let Some((skipped, _)) = rest.get(1..).and_then(|rest| seal.find(rest)) else {
        return Ok(false);
    };
    *at += 1 + skipped as u64;
    Ok(true)
}
