//! Why a call failed, told apart by what a caller can do about it.

use std::error::Error as _;
use std::time::Duration;

use elk_api::Problem;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The request cannot be made; nothing was sent.
    #[error("the request cannot be made: {what}")]
    Request {
        /// Why.
        what: String,
    },
    /// No connection; nothing was sent.
    #[error("cannot connect to {url}: {reason}")]
    Connect {
        /// What was called.
        url: String,
        /// Why.
        reason: String,
    },
    /// The peer's certificate or protocol was refused, or ours by it; nothing was sent.
    #[error("no trusted TLS connection to {url}: {reason}")]
    Tls {
        /// What was called.
        url: String,
        /// Why.
        reason: String,
    },
    /// No complete answer in time; the request may have taken effect.
    #[error("no answer from {url} within {} s", after.as_secs_f64())]
    Timeout {
        /// What was called.
        url: String,
        /// How long was waited.
        after: Duration,
    },
    /// The connection ended before the whole answer arrived; the request may have taken effect.
    #[error("the connection to {url} was lost: {reason}")]
    Lost {
        /// What was called.
        url: String,
        /// Why.
        reason: String,
    },
    /// The server says why it failed.
    #[error("{problem}")]
    Problem {
        /// What was called.
        url: String,
        /// What the server says.
        problem: Box<Problem>,
    },
    /// The server failed the call without a problem document.
    #[error("{url} answered {status}{}", said(text))]
    Status {
        /// What was called.
        url: String,
        /// The HTTP status.
        status: u16,
        /// From the header `X-Request-Id`.
        request_id: Option<String>,
        /// The beginning of the answer, escaped.
        text: String,
    },
    /// The reference's envelope holds a code that is not 0.
    #[error("{url} answered code {} `{}`{}", envelope.code, envelope.msg, said(&envelope.data))]
    Refused {
        /// What was called.
        url: String,
        /// What the answer holds.
        envelope: Box<Envelope>,
    },
    /// The answer is not what the operation promises.
    #[error("the answer of {url} cannot be read: {what}")]
    Decode {
        /// What was called.
        url: String,
        /// What is wrong and where.
        what: String,
        /// From the header `X-Request-Id`.
        request_id: Option<String>,
    },
    /// The answer is longer than the bound.
    #[error("the answer of {url} is longer than {limit} bytes")]
    TooLarge {
        /// What was called.
        url: String,
        /// The bound.
        limit: usize,
    },
}

/// A failed answer in the reference's envelope.
#[derive(Debug)]
pub struct Envelope {
    /// The HTTP status.
    pub status: u16,
    /// The reference's code.
    pub code: i64,
    /// Its fixed text.
    pub msg: String,
    /// The beginning of `data`, as text.
    pub data: String,
}

fn said(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

impl ClientError {
    /// Returns the stable name of the cause: the problem's code, or one for each other variant.
    pub fn code(&self) -> &str {
        match self {
            Self::Request { .. } => "bad_request",
            Self::Connect { .. } => "connect_failed",
            Self::Tls { .. } => "tls_failed",
            Self::Timeout { .. } => "timeout",
            Self::Lost { .. } => "connection_lost",
            Self::Problem { problem, .. } => &problem.code,
            Self::Status { status: 401, .. } => "unauthenticated",
            Self::Status { status: 403, .. } => "forbidden",
            Self::Status { status: 404, .. } => "not_found",
            Self::Status { .. } => "http_status",
            Self::Refused { .. } => "refused",
            Self::Decode { .. } => "bad_answer",
            Self::TooLarge { .. } => "answer_too_large",
        }
    }

    /// Returns the HTTP status, if the server answered with a failure.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem { problem, .. } => Some(problem.status),
            Self::Status { status, .. } => Some(*status),
            Self::Refused { envelope, .. } => Some(envelope.status),
            _ => None,
        }
    }

    /// Returns the server's problem document.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem { problem, .. } => Some(problem),
            _ => None,
        }
    }

    /// Returns the code in the reference's envelope.
    pub fn reference_code(&self) -> Option<i64> {
        match self {
            Self::Refused { envelope, .. } => Some(envelope.code),
            _ => None,
        }
    }

    /// Returns what was called, without its query; empty if nothing was.
    pub fn url(&self) -> &str {
        match self {
            Self::Request { .. } => "",
            Self::Connect { url, .. }
            | Self::Tls { url, .. }
            | Self::Timeout { url, .. }
            | Self::Lost { url, .. }
            | Self::Problem { url, .. }
            | Self::Status { url, .. }
            | Self::Refused { url, .. }
            | Self::Decode { url, .. }
            | Self::TooLarge { url, .. } => url,
        }
    }

    /// Returns the request's id in the server's log.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Problem { problem, .. } => problem.request_id.as_deref(),
            Self::Status { request_id, .. } | Self::Decode { request_id, .. } => {
                request_id.as_deref()
            }
            _ => None,
        }
    }

    /// Returns whether the same request may succeed later.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Connect { .. } | Self::Timeout { .. } | Self::Lost { .. } => true,
            Self::Problem { problem, .. } => problem.retryable,
            Self::Status { status, .. } => matches!(status, 429 | 502..=504),
            _ => false,
        }
    }

    /// Returns whether the request may have taken effect although the call failed.
    pub fn is_ambiguous(&self) -> bool {
        matches!(
            self,
            Self::Timeout { .. }
                | Self::Lost { .. }
                | Self::Decode { .. }
                | Self::TooLarge { .. }
                | Self::Status { status: 502 | 504, .. }
        )
    }

    /// Sorts a failure of the transport.
    pub(crate) fn transport(url: &str, error: &reqwest::Error, after: Duration) -> Self {
        let url = url.to_owned();
        let mut reason = error.to_string();
        let mut tls = false;
        let mut cause = error.source();
        while let Some(inner) = cause {
            tls |= is_tls(inner);
            reason = inner.to_string();
            cause = inner.source();
        }
        if error.is_builder() {
            return Self::Request { what: reason };
        }
        if tls && error.is_connect() {
            return Self::Tls { url, reason };
        }
        if error.is_connect() {
            return Self::Connect { url, reason };
        }
        if error.is_timeout() { Self::Timeout { url, after } } else { Self::Lost { url, reason } }
    }
}

/// rustls hides in I/O errors, whose `source` skips it.
fn is_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>() || inner.is_some_and(|inner| is_tls(inner))
}
