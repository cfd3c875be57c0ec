//! The stream of an agent, cut into messages.

use bytes::Bytes;
use elk_wire::FileUploadRequest;
use elk_wire::frame::{self, Deframer, Encoding};

use crate::script::Script;

pub(super) const WORDS: &[&[u8]] = &[
    b"\x00\x00\x00\x00\x00",
    b"\x01\x00\x00\x00\x0a\xff\x06\x00\x00sNaPpY",
    b"\x00\x00\x00\x00\x01x",
    b"\x02",
    b"\x00\xff\xff\xff\xff",
    b"\xff\x06\x00\x00sNaPpY",
    b"\x28\xb5\x2f\xfd",
    b"\x1f\x8b\x08\x00",
];

const LIMITS: [usize; 4] = [1 << 20, 70_000, 64, 1];

pub(super) fn run(input: &[u8]) {
    let mut script = Script::new(input);
    let names: [&[u8]; 4] = [b"identity", b"snappy", b"zstd", b"gzip"];
    let name = names.get(script.below(4)).copied();
    let encoding = Encoding::from_header(name).expect("one of ours");
    let limit = LIMITS.get(script.below(4)).copied().unwrap_or(1);
    let step = 1 + script.below(40);
    let stream = script.rest();
    let whole = read(encoding, limit, stream, stream.len().max(1));
    let pieces = read(encoding, limit, stream, step);
    assert_eq!(whole, pieces, "how the bytes arrive makes a difference");
    assert!(whole.0.iter().all(|it| it.len() <= limit), "a message over the limit");
    header(stream);
    round_trip(stream, step);
}

/// Returns the messages of a stream that arrives in pieces, and how it ended.
fn read(encoding: Encoding, limit: usize, stream: &[u8], step: usize) -> (Vec<Bytes>, String) {
    let mut frames = Deframer::with_limit(encoding, limit);
    let mut messages = Vec::new();
    for piece in stream.chunks(step) {
        frames.push(Bytes::copy_from_slice(piece));
        loop {
            match frames.next() {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => break,
                Err(error) => return (messages, error.to_string()),
            }
        }
    }
    let end = frames.finish().err().map(|error| error.to_string());
    (messages, end.unwrap_or_default())
}

fn header(name: &[u8]) {
    let known: [&[u8]; 5] = [b"", b"identity", b"snappy", b"zstd", b"gzip"];
    assert_eq!(Encoding::from_header(Some(name)).is_ok(), known.contains(&name));
}

/// What we send is what we read, compressed or not, whole or in pieces.
fn round_trip(content: &[u8], step: usize) {
    let data = content.to_vec().into();
    let message = FileUploadRequest { token: String::new(), data };
    let plain = frame::identity(&message);
    let packed = frame::snappy(&message);
    let stream = [&*plain, &*packed, &*plain].concat();
    let (messages, end) = read(Encoding::Snappy, frame::MAX_MESSAGE, &stream, step * 64);
    let expected = plain.slice(5..);
    assert_eq!(messages, [expected.clone(), expected.clone(), expected]);
    assert_eq!(end, "");
}
