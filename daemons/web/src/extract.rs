//! Extractors whose failures are problem documents that name what is wrong and where.

use std::fmt;

use axum::extract::{FromRequest, FromRequestParts, Request};
use bytes::Bytes;
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::ApiError;

/// A JSON body, whatever its content type says; also a reply.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// The query string.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

/// The holes of the route.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let body = Bytes::from_request(request, state).await.map_err(|rejection| {
            let code = match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => "body_too_large",
                _ => "invalid_body",
            };
            ApiError::new(rejection.status(), code, format!("body: {}", rejection.body_text()))
        })?;
        read(&body).map(Self).map_err(|error| {
            ApiError::new(StatusCode::BAD_REQUEST, "invalid_body", format!("body: {error}"))
        })
    }
}

/// Reads one JSON document; an error names the field, the line and the column.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(placed)?;
    json.end().map_err(|error| error.to_string())?;
    Ok(value)
}

fn placed<E: fmt::Display>(error: serde_path_to_error::Error<E>) -> String {
    let path = error.path().to_string();
    // `?` stands for a place that the document does not name.
    match path.trim_end_matches(['?', '.']) {
        "" => error.inner().to_string(),
        path => format!("{path}: {}", error.inner()),
    }
}

impl<T: serde::Serialize> axum::response::IntoResponse for Json<T> {
    fn into_response(self) -> axum::response::Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

/// Reads a query string; an error names the key.
pub(crate) fn query<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    let pairs = form_urlencoded::parse(text.as_bytes());
    let read = serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs));
    read.map_err(|error| {
        let detail = format!("query: {}", placed(error));
        ApiError::new(StatusCode::BAD_REQUEST, "invalid_query", detail)
    })
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0)).map_err(|rejection| {
            let detail = format!("path: {}", rejection.body_text());
            ApiError::new(rejection.status(), "invalid_path", detail)
        })
    }
}
