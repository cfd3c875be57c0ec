//! The snappy framing format.

use elk_wire::snappy::{SnappyError, deflate, inflate};

use crate::script::Script;

pub(super) const WORDS: &[&[u8]] = &[
    b"\xff\x06\x00\x00sNaPpY",
    b"\xfe\x04\x00\x00skip",
    b"\x00\x05\x00\x00",
    b"\x01\x04\x00\x00",
    b"\xff\xff\xff\xff\x0f",
    b"\xf0\x00",
    b"\xfe\x01\x00",
    b"\x01\x00",
    b"\x80\x80\x04",
];

const LIMIT: usize = 1 << 20;
const BLOCK: usize = 65_536;

pub(super) fn run(input: &[u8]) {
    if let Ok(content) = inflate(input, LIMIT) {
        assert!(content.len() <= LIMIT);
        assert_eq!(inflate(input, content.len()).as_ref(), Ok(&content), "the limit is met");
        round_trip(&content);
    }
    round_trip(input);
    sealed(Script::new(input));
}

fn round_trip(content: &[u8]) {
    let mut packed = Vec::new();
    deflate(content, &mut packed);
    assert_eq!(inflate(&packed, content.len()).as_deref(), Ok(content));
    if let Some(less) = content.len().checked_sub(1) {
        assert_eq!(inflate(&packed, less), Err(SnappyError::TooLarge { limit: less }));
    }
}

/// Puts hostile blocks into a stream whose lengths and checksums are right, so that they get as
/// far as the decoder; what is sound must come out whole.
fn sealed(mut script: Script<'_>) {
    let mut stream = b"\xff\x06\x00\x00sNaPpY".to_vec();
    let mut expected = Some(Vec::new());
    while !script.is_empty() {
        let kind = script.byte();
        let (kind, block) = match kind {
            0..=89 => (0, script.bytes().to_vec()),
            // Kinds that must not be skipped.
            90..=99 => (kind - 80, script.bytes().to_vec()),
            100..=179 => (1, script.bytes().to_vec()),
            180..=199 => (0, repetitive(&mut script)),
            other => (other, script.bytes().to_vec()),
        };
        let plain = match kind {
            0 if snap::raw::decompress_len(&block).is_ok_and(|it| it <= BLOCK) => {
                snap::raw::Decoder::new().decompress_vec(&block).ok()
            }
            1 => Some(block.clone()),
            0xff => (block == b"sNaPpY").then(Vec::new),
            0x80..=0xfe => Some(Vec::new()),
            _ => None,
        };
        let mut chunk = Vec::new();
        if kind < 2 {
            let crc = crc32c::crc32c(plain.as_deref().unwrap_or_default());
            let crc = crc.rotate_right(15).wrapping_add(0xa282_ead8);
            chunk.extend_from_slice(&crc.to_le_bytes());
        }
        chunk.extend_from_slice(&block);
        stream.push(kind);
        stream.extend(chunk.len().to_le_bytes().into_iter().take(3));
        stream.extend(chunk);
        let plain = plain.filter(|it| it.len() <= BLOCK);
        expected = expected.zip(plain).map(|(before, plain)| [before, plain].concat());
    }
    let read = inflate(&stream, LIMIT);
    match expected {
        Some(content) if content.len() <= LIMIT => assert_eq!(read.as_deref(), Ok(&*content)),
        _ => assert!(read.is_err(), "{} bytes of what is unsound", read.map_or(0, |it| it.len())),
    }
}

/// Returns a block that grows a lot.
fn repetitive(script: &mut Script<'_>) -> Vec<u8> {
    let (piece, times) = (script.bytes(), 1 + script.short());
    let mut content = piece.repeat(1 + times / (piece.len() + 1));
    content.truncate(BLOCK + 1);
    snap::raw::Encoder::new().compress_vec(&content).unwrap_or_default()
}
