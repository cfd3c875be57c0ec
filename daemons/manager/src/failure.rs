//! From a failed operation to a problem document.

use elk_life::chain;
use elk_web::ApiError;
use http::StatusCode;

use crate::store::StoreError;

pub(crate) type ApiResult<T> = Result<T, ApiError>;

/// Answers 500 for a database that failed, and logs why.
pub(crate) fn internal(error: StoreError) -> ApiError {
    tracing::error!(error = %chain(&error), "the database failed");
    if matches!(error, StoreError::TooSlow) {
        let detail = "the database took too long for this; ask for less, or later";
        return ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "database_slow", detail);
    }
    let detail = "the database failed; the server's log says why";
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "database_failed", detail)
}

pub(crate) fn not_found(code: &str, detail: impl Into<String>) -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, code, detail)
}

pub(crate) fn invalid(code: &str, detail: impl Into<String>) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}

pub(crate) fn conflict(code: &str, detail: impl Into<String>) -> ApiError {
    ApiError::new(StatusCode::CONFLICT, code, detail)
}
