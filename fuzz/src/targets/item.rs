//! The content of records: pairs of key and value.

use elk_wire::item;

use crate::encode::{data, present, unknown};
use crate::script::Script;

pub(super) fn run(input: &[u8]) {
    let read: Result<Vec<_>, _> = item::pairs(input).collect();
    assert_eq!(item::check(input).is_ok(), read.is_ok());
    let sound = item::pairs(input).take_while(Result::is_ok).count();
    assert!(item::pairs(input).count() <= sound + 1, "it goes on after an error");
    if let Ok(pairs) = read {
        again(&pairs, input);
    }
    let mut script = Script::new(input);
    let count = script.below(8);
    let pairs: Vec<_> = (0..count).map(|_| (script.bytes(), script.bytes())).collect();
    let mut noisy = Vec::new();
    for (key, value) in &pairs {
        unknown(&mut noisy, script.below(4), script.bytes());
        let mut entry = Vec::new();
        // Of equal fields the last one counts, also if it is empty.
        present(&mut entry, 2, script.bytes());
        present(&mut entry, 2, value);
        unknown(&mut entry, script.below(4), b"x");
        data(&mut entry, 1, key);
        present(&mut noisy, 1, &entry);
    }
    again(&pairs, &noisy);
}

/// Checks that `body` has these pairs, and that they are the same when written again.
fn again(pairs: &[item::Pair<'_>], body: &[u8]) {
    let mut written = Vec::new();
    for (key, value) in pairs {
        item::push(&mut written, key, value);
    }
    for body in [body, written.as_slice()] {
        let read: Result<Vec<_>, _> = item::pairs(body).collect();
        assert_eq!(read.as_deref(), Ok(pairs));
        for (key, _) in pairs {
            let last = pairs.iter().rfind(|(name, _)| name == key).map(|(_, value)| *value);
            assert_eq!(item::get(body, key), Ok(last));
        }
        let absent: &[u8] = b"a key that no pair has";
        if pairs.iter().all(|(key, _)| *key != absent) {
            assert_eq!(item::get(body, absent), Ok(None));
        }
    }
}
