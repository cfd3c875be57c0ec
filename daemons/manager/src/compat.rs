//! The reference's API: translates to the same services and shapes nothing else.

pub(crate) mod intake;
mod jobs;
pub(crate) mod uploads;
pub(crate) mod v0;
pub(crate) mod v1;
pub(crate) mod v6;

use axum::Router;
use axum::routing::get;

use crate::app::App;

/// Files that agents sent, for operators.
pub(crate) fn downloads() -> Router<App> {
    Router::new().route("/api/v6/shared/Download/{name}", get(uploads::download))
}
