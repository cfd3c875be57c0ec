//! Replies in the reference's manner.

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use elk_api::center::Envelope;

/// Answers with JSON of the reference's content type, `application/json; charset=utf-8`.
pub fn go_json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    respond(status, "application/json; charset=utf-8", value)
}

/// Answers with JSON under the content type `text/plain; charset=utf-8`, as the reference does
/// when it could not read the body.
pub fn go_text<T: Serialize>(status: StatusCode, value: &T) -> Response {
    respond(status, "text/plain; charset=utf-8", value)
}

/// Answers 200 with the reference's envelope.
pub fn enveloped<T: Serialize>(code: i32, msg: &str, data: T) -> Response {
    go_json(StatusCode::OK, &Envelope { code, msg: msg.to_owned(), data })
}

/// Answers 404 as the reference does: the fallback of its APIs.
pub async fn not_found_as_gin() -> Response {
    (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "text/plain")], "404 page not found").into_response()
}

fn respond<T: Serialize>(status: StatusCode, media: &'static str, value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(text) => (status, [(CONTENT_TYPE, media)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "could not write a reply as JSON");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
