//! Blocks: what a segment file is made of.
//!
//! A block is a header of 36 bytes, little-endian: magic, CRC-32 of all that follows it, length of
//! the compressed payload, length of the payload, number of records, offset of the first record,
//! milliseconds since the Unix epoch; then the payload, compressed with LZ4. The payload holds for
//! each record the lengths of key and value (4 bytes each), then both.

use bytes::{Buf as _, Bytes};
use lz4_flex::block::{
    CompressTable, compress_into_with_table, decompress, get_maximum_output_size,
};

pub(crate) const HEADER: usize = 36;
const MAGIC: u32 = 0x314b_4c45;
/// A payload this large is closed.
pub(crate) const TARGET: usize = 128 << 10;
/// The largest payload that is believed: one batch of the largest message, with overhead.
const MAX_RAW: usize = 64 << 20;

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
    /// Reads a header; `None` if these bytes are none.
    pub(crate) fn read(mut bytes: &[u8]) -> Option<Self> {
        if bytes.len() < HEADER || bytes.get_u32_le() != MAGIC {
            return None;
        }
        let crc = bytes.get_u32_le();
        let stored = bytes.get_u32_le() as usize;
        let raw = bytes.get_u32_le() as usize;
        let count = bytes.get_u32_le();
        let (first, at_ms) = (bytes.get_u64_le(), bytes.get_i64_le());
        let sane = raw <= MAX_RAW && stored <= MAX_RAW && count > 0 && count as usize <= raw / 8;
        sane.then_some(Self { stored, raw, count, first, at_ms, crc })
    }

    /// Returns the offset after the last record.
    pub(crate) fn end(&self) -> u64 {
        self.first.saturating_add(u64::from(self.count))
    }
}

/// Returns the header of the block at the front of `bytes` if all of it is there and undamaged.
pub(crate) fn check(bytes: &[u8]) -> Option<Header> {
    let header = Header::read(bytes)?;
    let sealed = bytes.get(8..HEADER + header.stored)?;
    (crc32fast::hash(sealed) == header.crc).then_some(header)
}

/// Appends one record to a payload.
pub(crate) fn push(payload: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    let length = |part: &[u8]| u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes();
    payload.extend_from_slice(&length(key));
    payload.extend_from_slice(&length(value));
    payload.extend_from_slice(key);
    payload.extend_from_slice(value);
}

/// Compresses payloads into blocks; keeps its buffers.
pub(crate) struct Sealer {
    table: CompressTable,
    block: Vec<u8>,
}

impl Sealer {
    pub(crate) fn new() -> std::io::Result<Self> {
        Ok(Self { table: CompressTable::large(), block: Vec::new() })
    }

    /// Returns the block that holds `count` records of `payload`.
    pub(crate) fn seal(
        &mut self,
        payload: &[u8],
        count: u32,
        first: u64,
        at_ms: i64,
    ) -> std::io::Result<&[u8]> {
        let room = get_maximum_output_size(payload.len());
        self.block.clear();
        self.block.resize(HEADER + room, 0);
        let (head, body) = self.block.split_at_mut(HEADER);
        let stored = compress_into_with_table(payload, body, &mut self.table)
            .map_err(std::io::Error::other)?;
        let length = |it: usize| u32::try_from(it).unwrap_or(u32::MAX).to_le_bytes();
        let fields: [&[u8]; 7] = [
            &MAGIC.to_le_bytes(),
            &[0; 4],
            &length(stored),
            &length(payload.len()),
            &count.to_le_bytes(),
            &first.to_le_bytes(),
            &at_ms.to_le_bytes(),
        ];
        head.copy_from_slice(&fields.concat());
        self.block.truncate(HEADER + stored);
        let crc = crc32fast::hash(self.block.get(8..).unwrap_or_default());
        if let Some(place) = self.block.get_mut(4..8) {
            place.copy_from_slice(&crc.to_le_bytes());
        }
        Ok(&self.block)
    }
}

/// Unpacks the records of a checked block; `None` if its content is not what its header says.
pub(crate) fn open(block: &[u8]) -> Option<Vec<(Bytes, Bytes)>> {
    let header = check(block)?;
    let stored = block.get(HEADER..HEADER + header.stored)?;
    let mut payload = Bytes::from(decompress(stored, header.raw).ok()?);
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

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn sealed(records: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
        let mut payload = Vec::new();
        records.iter().for_each(|(key, value)| push(&mut payload, key, value));
        let count = u32::try_from(records.len()).unwrap();
        Sealer::new().unwrap().seal(&payload, count, 7, 1).unwrap().to_vec()
    }

    proptest! {
        #[test]
        fn a_block_gives_back_what_was_put_in(
            records in vec((vec(any::<u8>(), 0..20), vec(any::<u8>(), 0..200)), 1..20),
        ) {
            let block = sealed(&records);
            let read: Vec<_> = open(&block).unwrap().into_iter().map(|(k, v)| (k.to_vec(), v.to_vec())).collect();
            prop_assert_eq!(read, records);
            prop_assert_eq!(check(&block).unwrap().end(), 7 + open(&block).unwrap().len() as u64);
        }

        #[test]
        fn a_flipped_bit_is_always_found(at in 0_usize..1_000, bit in 0_u8..8) {
            let mut block = sealed(&[(b"key".to_vec(), vec![9; 300])]);
            let at = at % block.len();
            block[at] ^= 1 << bit;
            prop_assert!(open(&block).is_none());
        }

        #[test]
        fn hostile_bytes_never_panic(bytes in vec(any::<u8>(), 0..200)) {
            drop(open(&bytes));
        }
    }
}
