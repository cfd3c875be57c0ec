//! Errors on the wire.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a request failed: a problem document (RFC 9457), `application/problem+json`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, thiserror::Error)]
#[error("{detail}")]
pub struct Problem {
    /// Always `about:blank`: `code` tells problems apart.
    #[serde(rename = "type", default = "blank")]
    pub kind: String,
    /// The HTTP status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong and with which thing, lower case, for people.
    pub detail: String,
    /// Stable name of the cause, such as `agent_not_found`.
    pub code: String,
    /// Whether the same request may succeed later.
    #[serde(default)]
    pub retryable: bool,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The request's id in the server's log; also in the header `X-Request-Id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

fn blank() -> String {
    "about:blank".to_owned()
}

impl Problem {
    /// Creates a problem; those with a status of 502 to 504 or 429 are retryable.
    pub fn new(status: http::StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: blank(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            retryable: matches!(status.as_u16(), 429 | 502..=504),
            hint: None,
            request_id: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
