//! The filter language, for who fuzzes it.

use serde_json::{Map, Value};

use super::filter::Filter;

/// What a filter says of one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// There are no rules.
    pub empty: bool,
    /// It lets the document pass.
    pub passes: bool,
    /// Only these ids are asked for.
    pub ids: Option<Vec<String>>,
    /// Only agents seen since are asked for.
    pub seen_from: Option<f64>,
}

/// Reads a filter and applies it to a document.
///
/// # Errors
///
/// What is wrong with the filter.
pub fn judge(query: &[u8], document: &Map<String, Value>) -> Result<Judged, String> {
    let query = serde_json::from_slice(query).map_err(|error| error.to_string())?;
    let filter = Filter::read(query)?;
    let bounds = filter.bounds();
    Ok(Judged {
        empty: filter.is_empty(),
        passes: filter.passes(document),
        ids: bounds.ids,
        seen_from: bounds.seen_from,
    })
}
