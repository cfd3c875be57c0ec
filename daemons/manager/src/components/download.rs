//! The files that agents fetch.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use elk_web::ApiError;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use http::{StatusCode, Uri};
use tokio_util::io::ReaderStream;

use super::store;
use crate::app::App;
use crate::failure::{ApiResult, internal, not_found};

/// Every file is below this path.
pub(crate) const PREFIX: &str = "/agent/component/";

const CHUNK: usize = 64 << 10;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/agent/component/{component}/{file}", get(download))
}

async fn download(State(app): State<App>, uri: Uri) -> ApiResult<Response> {
    let found = store::at_path(&app.store, uri.path()).await.map_err(internal)?;
    let absent = || not_found("file_not_found", "no published version has this file");
    let (digest, size) = found.ok_or_else(absent)?;
    let file = tokio::fs::File::open(app.blobs.path(&digest)).await.map_err(|error| {
        tracing::error!(%error, digest, "a published file cannot be read");
        let detail = "the file cannot be read; the server's log says why";
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "file_unreadable", detail)
    })?;
    let head = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_LENGTH, size.to_string()),
        (ETAG, format!("\"{digest}\"")),
    ];
    Ok((head, Body::from_stream(ReaderStream::with_capacity(file, CHUNK))).into_response())
}
