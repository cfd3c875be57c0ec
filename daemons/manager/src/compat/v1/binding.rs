//! What is wrong with a request, told as the reference tells it.

use axum::response::Response;
use elk_api::center::ConfigItem;
use elk_web::{enveloped, go_text};
use http::StatusCode;
use serde_json::{Value, json};

/// Items in one list.
const MAX_ITEMS: usize = 64;
/// What an item hands to its plugin.
const MAX_DETAIL: usize = 64 << 10;
const MAX_NAME: usize = 64;
/// Any other text of an item.
const MAX_TEXT: usize = 2_048;
const MAX_URLS: usize = 64;

pub(super) type Bound<T> = Result<T, Box<Response>>;

/// Answers for a body or a query that cannot be read: 400, JSON under the type of plain text.
pub(super) fn unreadable(what: impl Into<Value>) -> Response {
    let envelope = json!({ "code": 5, "msg": "param invalid", "data": what.into() });
    go_text(StatusCode::BAD_REQUEST, &envelope)
}

/// Refuses a field that has to be there and not be empty.
pub(super) fn required(field: &str, given: bool) -> Bound<()> {
    if given {
        return Ok(());
    }
    let text =
        format!("Key: '{field}' Error:Field validation for '{field}' failed on the 'required' tag");
    Err(Box::new(unreadable(text)))
}

/// Answers for what can be read and makes no sense.
pub(super) fn invalid(what: impl Into<Value>) -> Response {
    enveloped(5, "param invalid", what.into())
}

/// Answers for what went wrong otherwise.
pub(super) fn unknown(what: impl Into<Value>) -> Response {
    enveloped(10, "unknown error", what.into())
}

/// Answers for what is not in the database.
pub(super) fn no_document() -> Response {
    enveloped(3, "db operate error", NO_DOCUMENT)
}

pub(super) const NO_DOCUMENT: &str = "mongo: no documents in result";

/// Returns what is wrong with the items of a list.
pub(super) fn check_items(items: &[ConfigItem]) -> Result<(), String> {
    if items.len() > MAX_ITEMS {
        return Err(format!("config: more than {MAX_ITEMS} items"));
    }
    for (item, at) in items.iter().zip(0_usize..) {
        let refused = |what: &str| Err(format!("config[{at}].{what}"));
        if item.name.is_empty() || item.name.len() > MAX_NAME {
            return refused(&format!("name: it has 1 to {MAX_NAME} bytes"));
        }
        if items.iter().take(at).any(|it| it.name == item.name) {
            return refused(&format!("name: {:?} is there twice", item.name));
        }
        let texts = [&item.kind, &item.version, &item.sha256, &item.signature];
        let urls = &item.download_url;
        if urls.len() > MAX_URLS || texts.into_iter().chain(urls).any(|it| it.len() > MAX_TEXT) {
            return refused("*: a text is too long or there are too many");
        }
        if item.detail.len() > MAX_DETAIL {
            return refused(&format!("detail: more than {MAX_DETAIL} bytes"));
        }
    }
    Ok(())
}
