//! Files of `mongoexport`: a document a line, or all of them in one array.

use std::io::BufRead;

use serde::Deserializer as _;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde_json::Value;

use super::plain::plain;
use super::{Document, MAX_DOCUMENT, ReadError};

/// Reads documents one after the other; what is no object is handed over as `None`.
pub(super) fn read(
    mut file: impl BufRead,
    take: impl FnMut(Option<Document>),
) -> Result<(), ReadError> {
    loop {
        let blanks = file.fill_buf()?;
        let skipped = blanks.iter().take_while(|it| it.is_ascii_whitespace()).count();
        match blanks.get(skipped) {
            Some(b'[') => return array(file, take),
            Some(_) => return lines(file, take),
            None if blanks.is_empty() => return Ok(()),
            None => file.consume(skipped),
        }
    }
}

fn lines(mut file: impl BufRead, mut take: impl FnMut(Option<Document>)) -> Result<(), ReadError> {
    let (mut line, mut at) = (Vec::new(), 0);
    loop {
        line.clear();
        let limit = MAX_DOCUMENT as u64 * 4;
        let read = std::io::Read::take(&mut file, limit).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(());
        }
        if read as u64 == limit {
            return Err(ReadError::Size { at, size: i64::try_from(limit).unwrap_or(i64::MAX) });
        }
        if !line.trim_ascii().is_empty() {
            let value: Value = serde_json::from_slice(&line)
                .map_err(|error| ReadError::Content { at, reason: error.to_string() })?;
            take(object(value));
        }
        at += read as u64;
    }
}

fn array(file: impl BufRead, take: impl FnMut(Option<Document>)) -> Result<(), ReadError> {
    let mut reader = serde_json::Deserializer::from_reader(file);
    let read = reader.deserialize_seq(Each(take)).and_then(|()| reader.end());
    read.map_err(|error| ReadError::Content { at: 0, reason: error.to_string() })
}

struct Each<F>(F);

impl<'de, F: FnMut(Option<Document>)> Visitor<'de> for Each<F> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an array of documents")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element::<Value>().map_err(A::Error::custom)? {
            self.0(object(value));
        }
        Ok(())
    }
}

fn object(value: Value) -> Option<Document> {
    match plain(value) {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Result<Vec<Option<String>>, String> {
        let mut found = Vec::new();
        let take = |it: Option<Document>| {
            found.push(it.map(|it| it["a"].to_string()));
        };
        read(text.as_bytes(), take).map_err(|error| error.to_string())?;
        Ok(found)
    }

    #[test]
    fn lines_and_an_array_hold_the_same_documents() {
        let want = vec![Some("1".to_owned()), None, Some("2".to_owned())];
        for text in [
            "{\"a\":1}\n7\n\n{\"a\":{\"$numberInt\":\"2\"}}",
            " \n[{\"a\":1},7,\n{\"a\":2}]\n",
            "{\"a\":1}\r\n[]\r\n{\"a\":2}\r\n",
        ] {
            assert_eq!(all(text).expect(text), want, "{text}");
        }
        assert_eq!(all("").expect("nothing"), Vec::new());
        assert_eq!(all(" \n ").expect("nothing"), Vec::new());
    }

    #[test]
    fn what_is_damaged_is_told_with_its_place() {
        assert!(all("{\"a\":1}\n{\"a\":").expect_err("is cut").starts_with("byte 8: "));
        assert!(all("[{\"a\":1},{\"a\"").expect_err("is cut").contains("EOF"));
        assert!(all("[{\"a\":1}] x").expect_err("goes on").contains("trailing"));
    }
}
