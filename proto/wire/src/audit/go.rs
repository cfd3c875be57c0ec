//! JSON as Go reads and writes it: `null` stands for nothing, and two more characters are escaped.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::ser::Formatter;

/// Text; `null` is read as none.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Text(String);

impl Text {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        nullable(deserializer).map(Self)
    }
}

/// A time, written in UTC with six digits of the second; Go's first one is `null`.
#[derive(Debug, Default)]
pub(super) struct Time(Option<String>);

/// How Go says that there is no time.
const NEVER: &str = "0001-01-01T00:00:00.000000Z";

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else {
            return Ok(Self(None));
        };
        let time: Timestamp = text.parse().map_err(serde::de::Error::custom)?;
        Ok(Self(Some(format!("{time:.6}")).filter(|it| it != NEVER)))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Reads a value; `null` is read as the one that stands for none.
pub(super) fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Leaves out the blanks between the parts of some JSON.
pub(super) fn compact(json: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let mut kept = String::with_capacity(json.len());
    for it in json.chars() {
        if quoted {
            quoted = escaped || it != '"';
            escaped = !escaped && it == '\\';
        } else if matches!(it, ' ' | '\t' | '\r' | '\n') {
            continue;
        } else {
            quoted = it == '"';
        }
        kept.push(it);
    }
    kept
}

/// Writes JSON.
pub(super) fn to_vec<T: Serialize>(value: &T) -> serde_json::Result<Vec<u8>> {
    let mut written = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut written, Go))?;
    Ok(written)
}

/// Escapes the line separators that Go escapes even where it leaves `<`, `>` and `&` alone.
struct Go;

impl Formatter for Go {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        for part in fragment.split_inclusive(['\u{2028}', '\u{2029}']) {
            if let Some(text) = part.strip_suffix('\u{2028}') {
                write!(writer, "{text}\\u2028")?;
            } else if let Some(text) = part.strip_suffix('\u{2029}') {
                write!(writer, "{text}\\u2029")?;
            } else {
                writer.write_all(part.as_bytes())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_go_unless_they_are_quoted() {
        let json = "{ \"a \\\" b\" : [ 1 ,\n\t\"\\\\\" , \" \" ] }\r";
        assert_eq!(compact(json), "{\"a \\\" b\":[1,\"\\\\\",\" \"]}");
    }

    #[test]
    fn a_time_keeps_six_digits() {
        for (text, want) in [
            ("2024-02-29T23:59:59.999999Z", "2024-02-29T23:59:59.999999Z"),
            ("2024-02-29T23:59:59.9999999Z", "2024-02-29T23:59:59.999999Z"),
            ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000000Z"),
            ("2024-03-01T00:30:00.000001+01:00", "2024-02-29T23:30:00.000001Z"),
        ] {
            let time: Time = serde_json::from_str(&format!("{text:?}")).unwrap();
            assert_eq!(to_vec(&time).unwrap(), format!("{want:?}").as_bytes());
        }
    }
}
