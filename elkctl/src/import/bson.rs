//! Files of `mongodump`: documents of BSON one after the other.

use std::io::Read;

use serde_json::Value;

use super::plain::plain;
use super::{Document, MAX_DOCUMENT, ReadError};

/// The shortest document: its length and its end.
const SHORTEST: i64 = 5;

/// Reads documents one after the other; what is no object is handed over as `None`.
pub(super) fn read(
    mut file: impl Read,
    mut take: impl FnMut(Option<Document>),
) -> Result<(), ReadError> {
    let mut at = 0_u64;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let head = (&mut file).take(4).read_to_end(&mut bytes)?;
        if head == 0 {
            return Ok(());
        }
        let Ok(length) = <[u8; 4]>::try_from(bytes.as_slice()) else {
            return Err(ReadError::Torn { at });
        };
        let size = i64::from(i32::from_le_bytes(length));
        let most = i64::try_from(MAX_DOCUMENT).unwrap_or(i64::MAX);
        let rest = u64::try_from(size - 4).ok().filter(|_| (SHORTEST..=most).contains(&size));
        let Some(rest) = rest else { return Err(ReadError::Size { at, size }) };
        if (&mut file).take(rest).read_to_end(&mut bytes)? as u64 != rest {
            return Err(ReadError::Torn { at });
        }
        let read = bson::Document::from_reader(bytes.as_slice());
        let document =
            read.map_err(|error| ReadError::Content { at, reason: error.to_string() })?;
        take(match plain(bson::Bson::Document(document).into_relaxed_extjson()) {
            Value::Object(object) => Some(object),
            _ => None,
        });
        at += rest + 4;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// `{a: 1 (int32), b: "x", c: 2.5, d: [true], e: 7 (int64)}`.
    const GOLDEN: &[u8] =
        b"\x37\0\0\0\x10a\0\x01\0\0\0\x02b\0\x02\0\0\0x\0\x01c\0\0\0\0\0\0\0\x04\x40\
        \x04d\0\x09\0\0\0\x080\0\x01\0\x12e\0\x07\0\0\0\0\0\0\0\0";

    fn all(bytes: &[u8]) -> Result<Vec<Document>, String> {
        let mut found = Vec::new();
        read(bytes, |it| found.extend(it)).map_err(|error| error.to_string())?;
        Ok(found)
    }

    #[test]
    fn documents_follow_one_another_to_the_end() {
        let one = json!({"a": 1, "b": "x", "c": 2.5, "d": [true], "e": 7});
        let want = vec![one.as_object().expect("an object").clone(); 2];
        assert_eq!(all(&[GOLDEN, GOLDEN].concat()), Ok(want));
        assert_eq!(all(b""), Ok(Vec::new()));
    }

    #[test]
    fn what_is_cut_off_or_no_document_is_told_with_its_place() {
        let twice = [GOLDEN, GOLDEN].concat();
        for cut in GOLDEN.len() + 1..twice.len() {
            let error = all(twice.get(..cut).expect("a part")).expect_err("is cut");
            assert_eq!(error, format!("byte {}: a document is cut off", GOLDEN.len()));
        }
        for size in [-1_i32, 0, 4, i32::MAX] {
            let error = all(&size.to_le_bytes()).expect_err("is no size");
            assert_eq!(error, format!("byte 0: no document has {size} bytes"));
        }
        let mut odd = GOLDEN.to_vec();
        odd[4] = 0x7e;
        assert!(all(&odd).expect_err("is no type").starts_with("byte 0: "));
    }
}
