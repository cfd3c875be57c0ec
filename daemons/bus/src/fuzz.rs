//! The door for fuzzing: one partition under a seal that is known, and what a start and a reader
//! make of its files. Nothing of the product goes through it.

use std::io;
use std::path::Path;

use bytes::Bytes;

use crate::block::{Seal, Sealer, push};
use crate::reader::{self, Reader};
use crate::segment::Active;

/// Offset, key and value.
pub type Found = (u64, Bytes, Bytes);

/// What was found in a partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Bytes cut off its last file.
    pub torn: u64,
    /// The offset of the next record.
    pub next: u64,
    /// Its records.
    pub found: Vec<Found>,
    /// How many offsets have no record.
    pub missing: u64,
}

/// Returns a block as the writer makes it.
pub fn block(records: &[(&[u8], &[u8])], first: u64, at_ms: i64) -> Vec<u8> {
    let mut payload = Vec::new();
    for (key, value) in records {
        push(&mut payload, key, value);
    }
    let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
    let sealed = Sealer::new(Seal::known()).seal(&payload, count, first, at_ms).map(<[u8]>::to_vec);
    sealed.unwrap_or_default()
}

/// Opens the partition in `dir` as a start does, appends a block of `more`, and reads it all.
///
/// # Errors
///
/// What the disk refuses.
pub fn recover(dir: &Path, more: &[(&[u8], &[u8])]) -> io::Result<Recovered> {
    let (mut active, torn) = Active::open(dir, Seal::known())?;
    if !more.is_empty() {
        let count = u32::try_from(more.len()).unwrap_or(u32::MAX);
        active.append(&block(more, active.next, 1), count, 1)?;
    }
    let mut recovered = Recovered { torn, next: active.next, ..Recovered::default() };
    let mut reader = Reader::new(dir.to_owned(), Seal::known(), 0);
    loop {
        match reader.read(active.next)? {
            reader::Found::Records(first, records) => {
                let records = (first..).zip(records).map(|(at, (key, value))| (at, key, value));
                recovered.found.extend(records);
            }
            reader::Found::Missing(count) => recovered.missing += count,
            reader::Found::End => return Ok(recovered),
        }
    }
}
