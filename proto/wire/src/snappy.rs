//! The snappy framing format, one complete stream per message.

use bytes::{Bytes, BytesMut};

const IDENTIFIER: &[u8] = b"\xff\x06\x00\x00sNaPpY";
const BLOCK: usize = 65_536;

/// Why bytes are not a snappy stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnappyError {
    /// The stream is malformed.
    #[error("snappy stream is corrupt: {0}")]
    Corrupt(&'static str),
    /// The content exceeds the bound.
    #[error("snappy stream holds more than {limit} bytes")]
    TooLarge {
        /// The bound.
        limit: usize,
    },
}

use SnappyError::Corrupt;

enum Chunk<'a> {
    Packed { crc: u32, data: &'a [u8], len: usize },
    Plain { crc: u32, data: &'a [u8] },
}

struct Chunks<'a> {
    rest: &'a [u8],
    started: bool,
}

impl<'a> Chunks<'a> {
    fn new(rest: &'a [u8]) -> Self {
        Self { rest, started: false }
    }

    fn next(&mut self) -> Result<Option<Chunk<'a>>, SnappyError> {
        while !self.rest.is_empty() {
            let Some((head, rest)) = self.rest.split_first_chunk::<4>() else {
                return Err(Corrupt("truncated chunk header"));
            };
            let [kind, a, b, c] = *head;
            let len = u32::from_le_bytes([a, b, c, 0]) as usize;
            let Some((data, rest)) = rest.split_at_checked(len) else {
                return Err(Corrupt("truncated chunk"));
            };
            self.rest = rest;
            match kind {
                0xff if data == b"sNaPpY" => self.started = true,
                0xff => return Err(Corrupt("bad stream identifier")),
                _ if !self.started => return Err(Corrupt("no stream identifier")),
                0 | 1 => return data_chunk(kind, data).map(Some),
                2..=0x7f => return Err(Corrupt("reserved chunk that must not be skipped")),
                0x80..=0xfe => {}
            }
        }
        Ok(None)
    }
}

fn data_chunk(kind: u8, data: &[u8]) -> Result<Chunk<'_>, SnappyError> {
    let Some((crc, data)) = data.split_first_chunk::<4>() else {
        return Err(Corrupt("chunk without checksum"));
    };
    let crc = u32::from_le_bytes(*crc);
    let len = match kind {
        0 => snap::raw::decompress_len(data).map_err(|_| Corrupt("bad block length"))?,
        _ => data.len(),
    };
    if len > BLOCK {
        return Err(Corrupt("block over 65536 bytes"));
    }
    Ok(if kind == 0 { Chunk::Packed { crc, data, len } } else { Chunk::Plain { crc, data } })
}

fn mask(data: &[u8]) -> u32 {
    crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8)
}

/// Inflates one stream; an empty stream is an empty message.
///
/// # Errors
///
/// The declared size is checked against `limit` before anything is allocated.
pub fn inflate(stream: &[u8], limit: usize) -> Result<Bytes, SnappyError> {
    let mut total = 0_usize;
    let mut chunks = Chunks::new(stream);
    while let Some(chunk) = chunks.next()? {
        total += match chunk {
            Chunk::Packed { len, .. } => len,
            Chunk::Plain { data, .. } => data.len(),
        };
        if total > limit {
            return Err(SnappyError::TooLarge { limit });
        }
    }
    let mut out = BytesMut::zeroed(total);
    let mut free: &mut [u8] = &mut out;
    let mut chunks = Chunks::new(stream);
    while let Some(chunk) = chunks.next()? {
        let (crc, len) = match &chunk {
            Chunk::Packed { crc, len, .. } => (*crc, *len),
            Chunk::Plain { crc, data } => (*crc, data.len()),
        };
        let (block, rest) = free.split_at_mut_checked(len).ok_or(Corrupt("length changed"))?;
        match chunk {
            Chunk::Packed { data, .. } => {
                let written = snap::raw::Decoder::new().decompress(data, block);
                written.map_err(|_| Corrupt("bad block"))?;
            }
            Chunk::Plain { data, .. } => block.copy_from_slice(data),
        }
        if mask(block) != crc {
            return Err(Corrupt("checksum mismatch"));
        }
        free = rest;
    }
    Ok(out.freeze())
}

/// Appends `content` to `out` as one complete stream.
pub fn deflate(content: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(IDENTIFIER);
    let mut encoder = snap::raw::Encoder::new();
    let mut room = Vec::new();
    for block in content.chunks(BLOCK) {
        room.resize(snap::raw::max_compress_len(block.len()), 0);
        let packed = encoder.compress(block, &mut room).ok().and_then(|len| room.get(..len));
        let (kind, data) = match packed {
            Some(packed) if packed.len() < block.len() - block.len() / 8 => (0_u8, packed),
            _ => (1, block),
        };
        let len = u32::try_from(data.len() + 4).expect("a block is at most 65536 bytes");
        let [a, b, c, _] = len.to_le_bytes();
        out.extend_from_slice(&[kind, a, b, c]);
        out.extend_from_slice(&mask(block).to_le_bytes());
        out.extend_from_slice(data);
    }
}
