//! Lists by keyset cursor.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The largest page; a larger `limit` is cut to it.
pub const MAX_PAGE: u32 = 1_000;

/// One page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Page<T> {
    /// The objects.
    pub items: Vec<T>,
    /// Where the next page begins; null on the last one.
    pub next_cursor: Option<Cursor>,
    /// How many objects match in all.
    pub total: u64,
    /// `total` is not counted but estimated.
    #[serde(default)]
    pub total_is_estimate: bool,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// The query of a plain list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ListQuery {
    /// Objects per page, 1 to 1,000; 100 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

/// A place in a list: the sort keys of the last object seen. Opaque to clients.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Cursor {
    /// Values of the sort keys, the unique one last.
    pub after: Vec<String>,
}

/// The text is not a cursor of this server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is damaged; take it unchanged from `next_cursor`")]
pub struct ParseCursorError;

impl FromStr for Cursor {
    type Err = ParseCursorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > 4096 {
            return Err(ParseCursorError);
        }
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| ParseCursorError)?;
        let after = serde_json::from_slice(&json).map_err(|_| ParseCursorError)?;
        Ok(Self { after })
    }
}

impl TryFrom<String> for Cursor {
    type Error = ParseCursorError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.to_string()
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(&self.after).map_err(|_| fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_cursor_says_where_to_take_one_from() {
        let cases = ["", "!", "e30", "WzFd", "W10=", "bnVsbA", &"A".repeat(5_000)];
        for text in cases {
            let error = text.parse::<Cursor>().unwrap_err();
            assert!(error.to_string().contains("`next_cursor`"), "{text:?}: {error}");
        }
    }

    proptest! {
        #[test]
        fn a_cursor_survives_the_trip_through_a_url(after in prop::collection::vec(".{0,40}", 0..4)) {
            let cursor = Cursor { after };
            prop_assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
        }

        #[test]
        fn a_damaged_cursor_is_refused_without_a_panic(text in ".{0,60}", bytes: Vec<u8>) {
            for text in [text, URL_SAFE_NO_PAD.encode(&bytes)] {
                // What is taken is what this server may have given out.
                let read = text.parse::<Cursor>();
                prop_assert!(read.is_err() || read.is_ok_and(|it| it.to_string().parse() == Ok(it)));
            }
        }
    }
}
