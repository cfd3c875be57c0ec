//! Blocks: what a segment file is made of.
//!
//! A block is a header of 36 bytes, little-endian: the log's mark, CRC-32 of all that follows it,
//! length of the compressed payload, length of the payload, number of records, offset of the first
//! record, milliseconds since the Unix epoch; then the payload, compressed with LZ4. The payload
//! holds for each record the lengths of key and value (4 bytes each), then both.
//!
//! Mark and start of the CRC are drawn for each log: what an agent sends cannot pass for a block
//! when damage makes a reader look for the next one.

use bytes::{Buf as _, Bytes};
use lz4_flex::block::{
    CompressTable, compress_into_with_table, decompress, get_maximum_output_size,
};
use serde::{Deserialize, Serialize};

use crate::Value;

pub(crate) const HEADER: usize = 36;
/// What stands before each record: the lengths of its key and its value.
const LENGTHS: usize = 8;
/// A payload this large is closed.
pub(crate) const TARGET: usize = 128 << 10;
/// The largest key and value together.
pub(crate) const MAX_RECORD: usize = 16 << 20;
/// The largest payload that is believed.
const MAX_RAW: usize = TARGET + MAX_RECORD + 8;

/// What tells the blocks of one log from all other bytes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Seal {
    mark: u32,
    start: u32,
}

/// What the header of a block says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) stored: usize,
    pub(crate) raw: usize,
    pub(crate) count: u32,
    pub(crate) first: u64,
    pub(crate) at_ms: i64,
    crc: u32,
}

impl Header {
    /// Returns the offset after the last record.
    pub(crate) fn end(&self) -> u64 {
        self.first.saturating_add(u64::from(self.count))
    }
}

impl Seal {
    /// Draws the seal of a new log.
    pub(crate) fn draw() -> Self {
        Self { mark: rand::random(), start: rand::random() }
    }

    /// Returns the seal that logs made for fuzzing have.
    pub(crate) fn known() -> Self {
        Self { mark: 0x6b6c_6521, start: 0x0102_0304 }
    }

    /// Reads a header; `None` if these bytes are none.
    pub(crate) fn header(&self, mut bytes: &[u8]) -> Option<Header> {
        if bytes.len() < HEADER || bytes.get_u32_le() != self.mark {
            return None;
        }
        let crc = bytes.get_u32_le();
        let stored = bytes.get_u32_le() as usize;
        let raw = bytes.get_u32_le() as usize;
        let count = bytes.get_u32_le();
        let (first, at_ms) = (bytes.get_u64_le(), bytes.get_i64_le());
        let sane = raw <= MAX_RAW && stored <= get_maximum_output_size(raw);
        let sane = sane && count > 0 && count as usize <= raw / 8;
        sane.then_some(Header { stored, raw, count, first, at_ms, crc })
    }

    /// Returns the header of the block at the front of `bytes` if all of it is there and undamaged.
    pub(crate) fn check(&self, bytes: &[u8]) -> Option<Header> {
        let header = self.header(bytes)?;
        let sealed = bytes.get(8..HEADER + header.stored)?;
        (self.crc(sealed) == header.crc).then_some(header)
    }

    /// Returns how far from the front of `bytes` the first undamaged block begins, and its header.
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<(usize, Header)> {
        let mark = self.mark.to_le_bytes();
        let starts = bytes.windows(HEADER).enumerate().filter(|(_, it)| it.starts_with(&mark));
        starts.map(|(at, _)| at).find_map(|at| Some((at, self.check(bytes.get(at..)?)?)))
    }

    /// Unpacks the records of a block; `None` if its content is not what its header says.
    pub(crate) fn open(&self, block: &[u8]) -> Option<Vec<(Bytes, Bytes)>> {
        let header = self.check(block)?;
        let stored = block.get(HEADER..HEADER + header.stored)?;
        let payload = decompress(stored, header.raw).ok()?;
        let mut payload = (payload.len() == header.raw).then(|| Bytes::from(payload))?;
        let mut records = Vec::with_capacity(header.count as usize);
        for _ in 0..header.count {
            if payload.len() < 8 {
                return None;
            }
            let (key, value) = (payload.get_u32_le() as usize, payload.get_u32_le() as usize);
            if payload.len() < key.checked_add(value)? {
                return None;
            }
            records.push((payload.split_to(key), payload.split_to(value)));
        }
        payload.is_empty().then_some(records)
    }

    fn crc(&self, bytes: &[u8]) -> u32 {
        let mut crc = crc32fast::Hasher::new_with_initial(self.start);
        crc.update(bytes);
        crc.finalize()
    }
}

/// Appends one record to a payload; returns whether it was small enough.
pub(crate) fn push(payload: &mut Vec<u8>, key: &[u8], value: &impl Value) -> bool {
    let start = payload.len();
    payload.extend_from_slice(&[0; LENGTHS]);
    payload.extend_from_slice(key);
    value.write(payload);
    let size = payload.len() - start - LENGTHS;
    let lengths = u32::try_from(key.len()).ok().zip(u32::try_from(size - key.len()).ok());
    let Some((key, value)) = lengths.filter(|_| size <= MAX_RECORD) else {
        payload.truncate(start);
        return false;
    };
    if let Some(head) = payload.get_mut(start..).and_then(|it| it.first_chunk_mut::<LENGTHS>()) {
        *head = (u64::from(value) << 32 | u64::from(key)).to_le_bytes();
    }
    true
}

/// Walks through the records of a payload that [`push`] made.
#[cfg(feature = "kafka")]
pub(crate) fn records(mut payload: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let (lengths, rest) = payload.split_first_chunk::<LENGTHS>()?;
        let lengths = u64::from_le_bytes(*lengths);
        let key_length = usize::try_from(lengths & u64::from(u32::MAX)).ok()?;
        let (key, rest) = rest.split_at_checked(key_length)?;
        let (value, rest) = rest.split_at_checked(usize::try_from(lengths >> 32).ok()?)?;
        payload = rest;
        Some((key, value))
    })
}

/// Compresses payloads into blocks; keeps its buffers.
pub(crate) struct Sealer {
    seal: Seal,
    table: CompressTable,
    block: Vec<u8>,
}

impl Sealer {
    pub(crate) fn new(seal: Seal) -> Self {
        Self { seal, table: CompressTable::large(), block: Vec::new() }
    }

    /// Returns the block that holds `count` records of `payload`.
    pub(crate) fn seal(
        &mut self,
        payload: &[u8],
        count: u32,
        first: u64,
        at_ms: i64,
    ) -> std::io::Result<&[u8]> {
        self.block.clear();
        self.block.resize(HEADER + get_maximum_output_size(payload.len()), 0);
        let (head, body) = self.block.split_at_mut(HEADER);
        let stored = compress_into_with_table(payload, body, &mut self.table);
        let stored = stored.map_err(std::io::Error::other)?;
        let length = |it: usize| u32::try_from(it).unwrap_or(u32::MAX).to_le_bytes();
        let fields: [&[u8]; 7] = [
            &self.seal.mark.to_le_bytes(),
            &[0; 4],
            &length(stored),
            &length(payload.len()),
            &count.to_le_bytes(),
            &first.to_le_bytes(),
            &at_ms.to_le_bytes(),
        ];
        head.copy_from_slice(&fields.concat());
        self.block.truncate(HEADER + stored);
        let crc = self.seal.crc(self.block.get(8..).unwrap_or_default());
        if let Some(place) = self.block.get_mut(4..8) {
            place.copy_from_slice(&crc.to_le_bytes());
        }
        Ok(&self.block)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const SEAL: Seal = Seal { mark: 0x1234_5678, start: 9 };

    fn sealed(records: &[(Vec<u8>, Vec<u8>)], seal: Seal) -> Vec<u8> {
        let mut payload = Vec::new();
        records.iter().for_each(|(key, value)| assert!(push(&mut payload, key, &value.as_slice())));
        let count = u32::try_from(records.len()).unwrap();
        Sealer::new(seal).seal(&payload, count, 7, 1).unwrap().to_vec()
    }

    #[test]
    fn a_block_of_another_log_inside_damage_is_not_taken_for_one_of_this() {
        let forged = sealed(&[(b"key".to_vec(), b"forged".to_vec())], Seal { start: 8, ..SEAL });
        let real = sealed(&[(b"key".to_vec(), b"real".to_vec())], SEAL);
        let damaged = [b"damage".as_slice(), &forged, b"more", &real].concat();
        let (at, header) = SEAL.find(&damaged).unwrap();
        assert_eq!((at, header.first), (damaged.len() - real.len(), 7));
    }

    proptest! {
        #[test]
        fn a_block_gives_back_what_was_put_in(
            records in vec((vec(any::<u8>(), 0..20), vec(any::<u8>(), 0..200)), 1..20),
        ) {
            let block = sealed(&records, SEAL);
            let read = SEAL.open(&block).unwrap();
            let read: Vec<_> = read.into_iter().map(|(k, v)| (k.to_vec(), v.to_vec())).collect();
            prop_assert_eq!(SEAL.check(&block).unwrap().end(), 7 + read.len() as u64);
            prop_assert_eq!(read, records);
        }

        #[test]
        fn a_flipped_bit_is_always_found(at in 0_usize..1_000, bit in 0_u8..8) {
            let mut block = sealed(&[(b"key".to_vec(), vec![9; 300])], SEAL);
            let at = at % block.len();
            block[at] ^= 1 << bit;
            prop_assert!(SEAL.open(&block).is_none());
        }

        #[test]
        fn hostile_bytes_never_panic(mut bytes in vec(any::<u8>(), 0..200)) {
            for (place, byte) in bytes.iter_mut().zip(SEAL.mark.to_le_bytes()) {
                *place = byte;
            }
            prop_assert!(SEAL.open(&bytes).is_none());
            prop_assert!(SEAL.find(&bytes).is_none());
        }
    }
}
