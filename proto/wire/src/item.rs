//! The content of a record: pairs of key and value, read in place and never trusted to be UTF-8.

use std::borrow::Cow;

use crate::proto::{DecodeError, Fields, put_bytes};

/// Key and value, borrowed from the record.
pub type Pair<'a> = (&'a [u8], &'a [u8]);

/// Reads the pairs of an item in the order of its bytes; ends after the first error.
#[derive(Clone, Debug)]
pub struct Pairs<'a>(Fields<'a>);

/// Returns the pairs of the item encoded in `body`; of equal keys the last one counts.
pub fn pairs(body: &[u8]) -> Pairs<'_> {
    Pairs(Fields::new("item", body))
}

/// Checks that all of `body` is an item.
pub fn check(body: &[u8]) -> Result<(), DecodeError> {
    pairs(body).try_for_each(|pair| pair.map(drop))
}

/// Returns the value of `key`, if the item has it and is sound.
pub fn get<'a>(body: &'a [u8], key: &[u8]) -> Result<Option<&'a [u8]>, DecodeError> {
    let mut found = None;
    for pair in pairs(body) {
        let (name, value) = pair?;
        if name == key {
            found = Some(value);
        }
    }
    Ok(found)
}

/// Reads agent-supplied bytes as text; what is not UTF-8 becomes U+FFFD.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Appends one pair to an item.
pub fn push(out: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    let mut entry = Vec::with_capacity(key.len() + value.len() + 12);
    put_bytes(&mut entry, 1, key);
    put_bytes(&mut entry, 2, value);
    crate::proto::put_varint(out, 0x0a);
    crate::proto::put_varint(out, entry.len() as u64);
    out.extend_from_slice(&entry);
}

impl<'a> Iterator for Pairs<'a> {
    type Item = Result<Pair<'a>, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.0.next()? {
                Ok(field) if field.number == 1 => {
                    let pair = field.bytes("item.fields").and_then(entry);
                    if pair.is_err() {
                        self.0.end();
                    }
                    return Some(pair);
                }
                Ok(_) => {}
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

fn entry(bytes: &[u8]) -> Result<Pair<'_>, DecodeError> {
    let (mut key, mut value): (&[u8], &[u8]) = (&[], &[]);
    for field in Fields::new("item.fields", bytes) {
        let field = field?;
        match field.number {
            1 => key = field.bytes("item.fields.key")?,
            2 => value = field.bytes("item.fields.value")?,
            _ => {}
        }
    }
    Ok((key, value))
}
