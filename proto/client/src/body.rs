//! Reading answers, within bounds.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use elk_api::Problem;
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;

use crate::ClientError;

/// The longest JSON answer that is read.
pub(crate) const MAX_JSON: usize = 64 * 1024 * 1024;
/// The longest failure that is read.
const MAX_FAILURE: usize = 1024 * 1024;
/// How much of an answer that cannot be read is shown.
const SHOWN: usize = 200;

/// Reads the whole answer.
pub(crate) async fn read(
    url: &str,
    mut response: Response,
    limit: usize,
    timeout: Duration,
) -> Result<Bytes, ClientError> {
    let too_large = || ClientError::TooLarge { url: url.to_owned(), limit };
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(too_large());
    }
    let mut whole = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if whole.len() + chunk.len() > limit => return Err(too_large()),
            Ok(Some(chunk)) => whole.extend_from_slice(&chunk),
            Ok(None) => return Ok(whole.freeze()),
            Err(error) => return Err(ClientError::transport(url, &error, timeout)),
        }
    }
}

/// Reads a failure, whatever its shape.
pub(crate) async fn failure(url: &str, response: Response, timeout: Duration) -> ClientError {
    let status = response.status();
    let request_id = request_id(&response);
    let body = read(url, response, MAX_FAILURE, timeout).await.unwrap_or_default();
    if let Ok(mut problem) = serde_json::from_slice::<Problem>(&body) {
        problem.status = status.as_u16();
        if problem.request_id.is_none() {
            problem.request_id = request_id;
        }
        return ClientError::Problem { url: url.to_owned(), problem: Box::new(problem) };
    }
    let text = match excerpt(&body) {
        text if text.is_empty() => reason(status),
        text => text,
    };
    ClientError::Status { url: url.to_owned(), status: status.as_u16(), request_id, text }
}

fn reason(status: StatusCode) -> String {
    if status.is_redirection() {
        return "a redirect, which is not followed".to_owned();
    }
    status.canonical_reason().unwrap_or_default().to_lowercase()
}

/// Returns the server's id of the request.
pub(crate) fn request_id(response: &Response) -> Option<String> {
    let id = response.headers().get("x-request-id")?.to_str().ok()?;
    Some(id.chars().take(128).collect())
}

/// Decodes one JSON document; an empty body reads as `{}`.
pub(crate) fn decode<T: DeserializeOwned>(
    url: &str,
    body: &[u8],
    request_id: Option<String>,
) -> Result<T, ClientError> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| {
        let what = format!("{error}; it begins with `{}`", excerpt(body));
        ClientError::Decode { url: url.to_owned(), what, request_id }
    })
}

/// Returns the beginning of an answer with everything escaped that a terminal would obey.
pub(crate) fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body.get(..SHOWN * 4).unwrap_or(body));
    text.trim().chars().take(SHOWN).flat_map(char::escape_debug).collect()
}
