//! Problem documents as responses.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use elk_api::Problem;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, StatusCode, Uri};

/// The id of a request: an extension of it, in its log lines, in `X-Request-Id` and in problems.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// A failed request; answered as `application/problem+json`.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{problem}")]
pub struct ApiError {
    /// What the caller is told.
    pub problem: Box<Problem>,
}

impl ApiError {
    /// Creates an error with a status, a stable name and what went wrong.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Problem::new(status, code, detail).into()
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self { problem: Box::new(problem) }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        let status = StatusCode::from_u16(self.problem.status);
        *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        write(&mut response, &self.problem);
        // Whoever knows the request's id writes the document once more.
        response.extensions_mut().insert(self.problem);
        response
    }
}

fn write(response: &mut Response, problem: &Problem) {
    let text = serde_json::to_vec(problem).expect("a problem has only strings and numbers");
    *response.body_mut() = Body::from(text);
    // Set for the document before the request's id was in it.
    response.headers_mut().remove(CONTENT_LENGTH);
    let media = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(CONTENT_TYPE, media);
}

/// Writes the request's id into the header and, if there is one, into the problem document.
pub(crate) fn stamp(response: &mut Response, id: &RequestId) {
    if let Some(mut problem) = response.extensions_mut().remove::<Box<Problem>>() {
        problem.request_id = Some(id.0.clone());
        write(response, &problem);
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert("x-request-id", value);
    }
}

/// Answers 404 with a problem document: the fallback of a native API.
pub async fn not_found(uri: Uri) -> ApiError {
    let path: String = uri.path().chars().take(200).collect();
    ApiError::new(StatusCode::NOT_FOUND, "route_not_found", format!("there is no route {path:?}"))
}
