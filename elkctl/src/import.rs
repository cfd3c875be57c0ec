//! Reading what an installation of the reference exported: files of `mongodump` and `mongoexport`, as
//! JSON objects without MongoDB's own types.

mod bson;
mod json;
pub(crate) mod map;
mod plain;
mod source;

pub(crate) use source::{Source, Wanted};

/// The largest document that is read; MongoDB keeps none that is larger.
const MAX_DOCUMENT: usize = 16 << 20;

/// An object as it was stored.
pub(crate) type Document = serde_json::Map<String, serde_json::Value>;

/// A file cannot be read to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("byte {at}: a document is cut off")]
    Torn { at: u64 },
    #[error("byte {at}: no document has {size} bytes")]
    Size { at: u64, size: i64 },
    #[error("byte {at}: {reason}")]
    Content { at: u64, reason: String },
}
