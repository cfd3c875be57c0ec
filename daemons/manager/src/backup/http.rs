//! A copy over HTTP.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::response::{IntoResponse as _, Response};
use elk_api::cluster::Backup;
use elk_life::chain;
use elk_web::{ApiError, Caller, Mount as _};
use futures_util::stream::try_unfold;
use http::StatusCode;
use http::header::CONTENT_TYPE;

use super::archive::{DIRS, FORMAT, Manifest, STATE, is_name};
use super::pack::{Copy, Pack};
use super::{COPY, clean};
use crate::app::App;
use crate::audit::{self, Draft, Source};
use crate::failure::{ApiResult, internal};
use crate::store::StoreError;

pub(crate) fn routes() -> Router<App> {
    Router::new().at::<Backup>().to(backup)
}

async fn backup(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> ApiResult<Response> {
    let leave = Arc::clone(&app.copying).try_acquire_owned().map_err(|_| {
        let detail = "another backup is being made; try again when it has ended";
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, "backup_in_progress", detail)
    })?;
    let created_at = app.clock.now();
    let draft = Draft::of(&caller.user, Source::of(request.extensions()), "cluster.backup");
    note(&app, &draft.about("store")).await.map_err(internal)?;
    let data = &app.config.data;
    clean(data).map_err(|error| unwritable(&error))?;
    let copy = Copy(data.join(COPY));
    app.store.copy_to(&copy.0).await.map_err(uncopied)?;
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        created_at,
        schema: app.store.schema().await.map_err(internal)?,
        entries: BTreeMap::new(),
    };
    let mut entries = vec![(STATE.to_owned(), copy.0.clone())];
    for dir in DIRS {
        // Listed after the copy was made: whatever that names is there, or was removed since.
        entries.extend(names(data, dir).await.map_err(|error| unwritable(&error))?);
    }
    let pack = Pack::new(entries, manifest, (copy, leave));
    let pieces = try_unfold(pack, |mut pack| async {
        let piece = pack.next().await.inspect_err(|error| {
            tracing::error!(%error, "a backup was broken off");
        })?;
        Ok::<_, io::Error>(piece.map(|it| (it, pack)))
    });
    let media = [(CONTENT_TYPE, "application/octet-stream")];
    Ok((media, Body::from_stream(pieces)).into_response())
}

/// Who has a copy has every user's password hash: that is written down before.
async fn note(app: &App, draft: &Draft) -> Result<(), StoreError> {
    let mut tx = app.store.begin().await?;
    audit::append(&mut tx, draft, app.clock.now()).await?;
    tx.commit().await
}

async fn names(data: &Path, dir: &str) -> io::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    let mut entries = tokio::fs::read_dir(data.join(dir)).await?;
    while let Some(entry) = entries.next_entry().await? {
        if let Some(name) = entry.file_name().to_str().filter(|it| is_name(it)) {
            found.push((format!("{dir}/{name}"), entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

fn uncopied(error: StoreError) -> ApiError {
    match error {
        StoreError::TooSlow => internal(error),
        error => {
            tracing::error!(error = %chain(&error), "the database could not be copied");
            let detail = format!("the database could not be copied: {}", chain(&error));
            ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "backup_failed", detail)
        }
    }
}

fn unwritable(error: &io::Error) -> ApiError {
    tracing::error!(%error, "a backup could not be made");
    let detail = format!("the data directory cannot be used: {error}");
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "backup_failed", detail)
}
