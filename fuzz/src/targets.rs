//! The targets: one reader each, with what must hold whatever it is given.

mod aksk;
mod audit;
mod filter;
mod frame;
mod item;
mod mqdata;
mod raw_data;
mod recovery;
mod selector;
mod snappy;
mod sync;

/// A reader under test.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, and that of its corpus.
    pub name: &'static str,
    /// Feeds it an input; panics if something does not hold.
    pub run: fn(&[u8]),
    /// Words of its language.
    pub words: &'static [&'static [u8]],
}

/// All of them.
pub const ALL: &[Target] = &[
    Target { name: "frame", run: frame::run, words: frame::WORDS },
    Target { name: "snappy", run: snappy::run, words: snappy::WORDS },
    Target { name: "raw-data", run: raw_data::run, words: PROTOBUF },
    Target { name: "item", run: item::run, words: PROTOBUF },
    Target { name: "mqdata", run: mqdata::run, words: PROTOBUF },
    Target { name: "aksk", run: aksk::run, words: aksk::WORDS },
    Target { name: "audit", run: audit::run, words: audit::WORDS },
    Target { name: "selector", run: selector::run, words: selector::WORDS },
    Target { name: "filter", run: filter::run, words: filter::WORDS },
    Target { name: "sync", run: sync::run, words: sync::WORDS },
    Target { name: "recovery", run: recovery::run, words: recovery::WORDS },
];

/// Keys of fields, and lengths that lead out of a message.
const PROTOBUF: &[&[u8]] = &[
    b"\x08",
    b"\x0a",
    b"\x10",
    b"\x12",
    b"\x1a",
    b"\x22",
    b"\x2a",
    b"\x32",
    b"\x3a",
    b"\x42",
    b"\x4a",
    b"\x60",
    b"\x7a",
    b"\x0d",
    b"\x11",
    b"\x0b",
    b"\x0c",
    b"\x00",
    b"\x0a\x00",
    b"\x0a\x04\x0a\x00\x12\x00",
    b"\x12\x00",
    b"\xfe\xff\xff\xff\x0f",
    b"\xff\xff\xff\xff\x0f",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
    b"\x80\x00",
    b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00",
    b"\xff\xfe",
    b"name",
    b"token",
];
