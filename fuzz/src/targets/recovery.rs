//! The log after a crash: files that were torn, damaged or mixed up.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};

use elk_bus::fuzz::{Found, block, recover};
use tempfile::TempDir;

use crate::script::Script;

/// Choices of [`build`].
pub(super) const WORDS: &[&[u8]] = &[
    b"\x00\x01\x03key\x05value",
    b"\x01\x40",
    b"\x02\x10\x00\x01",
    b"\x03\x20\x00\x08",
    b"\x04\x00\x00",
    b"\x05",
    b"\x06\x24garbage",
    b"\x00\x03\x00\x00\x01a\x00\x01b\xff",
];

type Record = (Vec<u8>, Vec<u8>);

/// A partition as it was written, and what became of its files.
#[derive(Default)]
struct Built {
    /// Offset of the first record, and content, of each file.
    files: Vec<(u64, Vec<u8>)>,
    /// All records that were written, by offset.
    records: Vec<Record>,
    /// File, end in it, and records up to there, of each block.
    ends: Vec<(usize, usize, usize)>,
    /// Records before the first damage.
    sound: usize,
    damaged: bool,
}

pub(super) fn run(input: &[u8]) {
    let built = build(Script::new(input));
    scratch(|dir| check(&built, dir));
}

fn check(built: &Built, dir: &Path) {
    let place = dir.join("p");
    drop(fs::remove_dir_all(&place));
    fs::create_dir_all(&place).expect("a directory");
    for (first, content) in &built.files {
        fs::write(place.join(format!("{first:020}.log")), content).expect("writes");
    }
    let opened = recover(&place, &[]).expect("opens");
    assert!(built.damaged || opened.torn == 0, "{} sound bytes were cut off", opened.torn);
    genuine(built, &opened.found, opened.next);
    for (found, record) in opened.found.iter().zip(&built.records).take(built.sound) {
        assert_eq!((&*found.1, &*found.2), (&*record.0, &*record.1));
    }
    assert!(opened.found.len() >= built.sound, "{} of {}", opened.found.len(), built.sound);
    accounted(&opened.found, opened.missing, opened.next);

    // A second start finds nothing to repair, and goes on where the first one did.
    let more: [(&[u8], &[u8]); 2] = [(b"later", b"one"), (b"later", b"")];
    let again = recover(&place, &more).expect("opens");
    assert_eq!((again.torn, again.next), (0, opened.next + 2));
    let (before, after) = again.found.split_at(again.found.len().saturating_sub(2));
    assert_eq!(before, opened.found);
    let after: Vec<_> = after.iter().map(|(at, key, value)| (*at, &**key, &**value)).collect();
    let (first, second) = (opened.next, opened.next + 1);
    let expected: [(u64, &[u8], &[u8]); 2] = [(first, b"later", b"one"), (second, b"later", b"")];
    assert_eq!(after, expected);
}

/// No reader sees a record that differs from what was appended there.
fn genuine(built: &Built, found: &[Found], next: u64) {
    for (offset, key, value) in found {
        assert!(*offset < next);
        let at = usize::try_from(*offset).unwrap_or(usize::MAX);
        let written = built.records.get(at).map(|(key, value)| (&**key, &**value));
        assert_eq!(Some((&**key, &**value)), written, "offset {offset}");
    }
    assert!(found.is_sorted_by(|a, b| a.0 < b.0), "records are out of order");
}

/// What is not found is counted as missing.
fn accounted(found: &[Found], missing: u64, next: u64) {
    assert_eq!(found.len() as u64 + missing, next, "records are neither found nor missing");
}

/// Writes a log by the script's choices, then damages it by further ones.
fn build(mut script: Script<'_>) -> Built {
    let mut built = Built { files: vec![(0, Vec::new())], ..Built::default() };
    let mut blocks: Vec<Vec<u8>> = Vec::new();
    while !script.is_empty() && built.records.len() < 200 {
        match script.below(8) {
            0..=3 => append(&mut built, &mut blocks, &mut script),
            4 => roll(&mut built),
            choice => damage(&mut built, &blocks, choice, &mut script),
        }
    }
    built
}

fn append(built: &mut Built, blocks: &mut Vec<Vec<u8>>, script: &mut Script<'_>) {
    let first = built.records.len() as u64;
    let count = 1 + script.below(4);
    let records: Vec<Record> =
        (0..count).map(|_| (script.bytes().to_vec(), script.bytes().to_vec())).collect();
    let slices: Vec<(&[u8], &[u8])> = records.iter().map(|(a, b)| (&**a, &**b)).collect();
    let sealed = block(&slices, first, 1_700_000_000_000);
    let file = built.files.len() - 1;
    built.records.extend(records);
    if let Some((_, content)) = built.files.last_mut() {
        content.extend_from_slice(&sealed);
        built.ends.push((file, content.len(), built.records.len()));
    }
    blocks.push(sealed);
    if !built.damaged {
        built.sound = built.records.len();
    }
}

fn roll(built: &mut Built) {
    let next = built.records.len() as u64;
    if built.files.last().is_some_and(|(first, _)| *first < next) {
        built.files.push((next, Vec::new()));
    }
}

fn damage(built: &mut Built, blocks: &[Vec<u8>], choice: usize, script: &mut Script<'_>) {
    let last = built.files.len() - 1;
    let (any, kind) = (script.below(built.files.len()), script.below(4));
    // A block of the log may be there twice, but none is in a file before it was written.
    let which = if choice == 7 && kind == 1 { last } else { any };
    let Some((_, content)) = built.files.get_mut(which) else { return };
    let at = script.short() % (content.len() + 1);
    match (choice, kind) {
        (5, _) => content.truncate(at),
        (6, bit) => {
            if let Some(place) = content.get_mut(at) {
                *place ^= 1 << bit;
            }
        }
        (_, 0) => drop(content.splice(at..at, script.bytes().iter().copied())),
        // A block that is sound by itself, where it does not belong.
        (_, 1) => {
            let stray = blocks.get(script.below(blocks.len().max(1)));
            let stray = stray.cloned().unwrap_or_default();
            drop(content.splice(at..at, stray));
        }
        (_, 2) => {
            let end = content.len().min(at + script.short());
            drop(content.drain(at..end));
        }
        (_, _) => content.extend(script.bytes()),
    }
    let before = built.ends.iter().rfind(|(file, end, _)| (*file, *end) <= (which, at));
    built.sound = built.sound.min(before.map_or(0, |(_, _, records)| *records));
    built.damaged = true;
}

/// Hands over a directory in memory, if there is such, of this thread alone.
fn scratch(work: impl FnOnce(&Path)) {
    thread_local! {
        static DIR: OnceCell<TempDir> = const { OnceCell::new() };
    }
    DIR.with(|dir| {
        let dir = dir.get_or_init(|| {
            let memory = PathBuf::from("/dev/shm");
            let at = if memory.is_dir() { memory } else { std::env::temp_dir() };
            tempfile::Builder::new().prefix("elk-fuzz-").tempdir_in(at).expect("a directory")
        });
        work(dir.path());
    });
}
