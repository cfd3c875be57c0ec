//! Files that agents sent, as AgentCenters hand them over and operators fetch them.

use std::collections::HashSet;

use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{Extension, Multipart, Path, State};
use axum::response::{IntoResponse as _, Response};
use elk_api::Permission;
use elk_web::{Caller, enveloped};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use sqlx::Row as _;
use tokio_util::io::ReaderStream;

use super::intake::failed;
use crate::app::App;
use crate::components::blobs::{Incoming, ReceiveError};
use crate::store::{Result, StoreError};

/// The largest file with what surrounds it.
pub(super) const MAX_BODY: u64 = 512 << 20;
const MAX_HASH: usize = 64;
/// Files that are taken for one order.
const MAX_FILES: u64 = 4;

enum Refusal {
    NoHash,
    /// No order waits for a file under this name.
    Unasked,
    Mismatch,
    NoRoom,
    Receive(ReceiveError),
    Form(MultipartError),
    Store(StoreError),
}

/// Answers for a file that could not be received.
pub(super) fn refused(error: &ReceiveError) -> Response {
    tracing::warn!(%error, "could not receive a file of an agent");
    enveloped(10, "unknown error", error.to_string())
}

/// Answers `POST /api/v6/shared/Upload`.
pub(super) async fn upload(
    State(app): State<App>,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Response {
    let form = match form {
        Ok(form) => form,
        Err(error) => return enveloped(5, "param invalid", error.body_text()),
    };
    match take(&app, form).await {
        Ok(name) => enveloped(0, "success", name),
        Err(Refusal::NoHash) => enveloped(5, "param invalid", "no file hash"),
        Err(Refusal::Unasked) => enveloped(10, "unknown error", "no task waits for this file"),
        Err(Refusal::Mismatch) => enveloped(10, "unknown error", "md5 check failed"),
        Err(Refusal::NoRoom) => enveloped(10, "unknown error", "no room for further files"),
        Err(Refusal::Receive(error)) => refused(&error),
        Err(Refusal::Form(error)) => enveloped(5, "param invalid", error.body_text()),
        Err(Refusal::Store(error)) => failed(&error),
    }
}

async fn take(app: &App, mut form: Multipart) -> std::result::Result<String, Refusal> {
    let (mut hash, mut file, mut token) = (None, None, String::new());
    while let Some(field) = form.next_field().await.map_err(Refusal::Form)? {
        match field.name() {
            Some("hash") => hash = Some(small(field).await?),
            Some("file") => {
                token = token_of(field.file_name().unwrap_or_default()).to_owned();
                if !is_awaited(app, &token).await.map_err(Refusal::Store)? {
                    return Err(Refusal::Unasked);
                }
                let received = app.agent_files.receive_from(field, MAX_BODY).await;
                file = Some(received.map_err(Refusal::Receive)?);
            }
            _ => {}
        }
    }
    let hash = hash.filter(|it| !it.is_empty()).ok_or(Refusal::NoHash)?;
    let known = named(app, &hash).await.map_err(Refusal::Store)?;
    if let Some(name) = known {
        return Ok(name);
    }
    let file = file.filter(|it| it.md5 == hash.to_ascii_lowercase()).ok_or(Refusal::Mismatch)?;
    let used = used(app).await.map_err(Refusal::Store)?;
    if used.saturating_add(file.size) > app.config.agent_files_max_bytes {
        return Err(Refusal::NoRoom);
    }
    keep(app, file, &token).await
}

/// Returns the token in a file's name, as AgentCenters name files: `TOKEN.zip`.
fn token_of(name: &str) -> &str {
    let name = name.rsplit_once('/').map_or(name, |(_, name)| name);
    name.strip_suffix(".zip").unwrap_or(name)
}

/// Returns whether an order with this token was sent, was not answered, and has room for a file.
async fn is_awaited(app: &App, token: &str) -> Result<bool> {
    let files = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from("agent_files")
        .and_where(Expr::col("token").eq(token))
        .to_owned();
    let order = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from("subtasks")
        .and_where(Expr::col("token").eq(token))
        .and_where(Expr::col("state").is_in(["sent", "acked", "timed_out", "unknown"]))
        .to_owned();
    Ok(app.store.count(&order).await? == 1 && app.store.count(&files).await? < MAX_FILES)
}

/// Removes files that are older than they are kept.
pub(crate) async fn expire(app: &App) -> Result<()> {
    let days = i64::from(app.config.agent_files_days);
    let bound = app.clock.unix_ms().saturating_sub(days.saturating_mul(86_400_000));
    let _in_order = app.agent_files.order.lock().await;
    let old = Query::delete()
        .from_table("agent_files")
        .and_where(Expr::col("at_ms").lt(bound))
        .to_owned();
    app.store.execute(&old).await?;
    let kept = Query::select().column("name").from("agent_files").to_owned();
    let rows = app.store.rows(&kept).await?;
    let names = rows.iter().map(|row| Ok(row.try_get(0)?)).collect::<Result<HashSet<String>>>()?;
    match app.agent_files.sweep(|name| names.contains(name)).await {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "removed old files of agents"),
        Err(error) => tracing::warn!(%error, "could not remove old files of agents"),
    }
    Ok(())
}

async fn small(mut field: Field<'_>) -> std::result::Result<String, Refusal> {
    let mut text = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(Refusal::Form)? {
        text.extend_from_slice(&chunk);
        if text.len() > MAX_HASH {
            return Err(Refusal::Mismatch);
        }
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

async fn named(app: &App, md5: &str) -> Result<Option<String>> {
    let select = Query::select()
        .column("name")
        .from("agent_files")
        .and_where(Expr::col("md5").eq(md5.to_ascii_lowercase()))
        .to_owned();
    app.store.row(&select).await?.map(|row| Ok(row.try_get(0)?)).transpose()
}

async fn used(app: &App) -> Result<u64> {
    let select =
        Query::select().expr(Expr::cust("COALESCE(SUM(size), 0)")).from("agent_files").to_owned();
    app.store.count(&select).await
}

async fn keep(app: &App, file: Incoming, token: &str) -> std::result::Result<String, Refusal> {
    let name = format!("upload-{}-{}.zip", app.clock.unix(), file.md5);
    let size = i64::try_from(file.size).unwrap_or(i64::MAX);
    let insert = Query::insert()
        .into_table("agent_files")
        .columns(["md5", "name", "size", "at_ms", "token"])
        .values_panic([
            file.md5.as_str().into(),
            name.as_str().into(),
            size.into(),
            app.clock.unix_ms().into(),
            token.into(),
        ])
        .on_conflict(OnConflict::column("md5").do_nothing().to_owned())
        .to_owned();
    let md5 = file.md5.clone();
    let _in_order = app.agent_files.order.lock().await;
    let kept = app.agent_files.keep(file, &name).await;
    kept.map_err(|error| Refusal::Receive(error.into()))?;
    app.store.execute(&insert).await.map_err(Refusal::Store)?;
    // The same file may have arrived twice at once: the name that was written down stands.
    Ok(named(app, &md5).await.map_err(Refusal::Store)?.unwrap_or(name))
}

/// Answers `GET /api/v6/shared/Download/{name}`.
pub(super) async fn download(
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    Path(name): Path<String>,
) -> Response {
    let Some(Extension(caller)) = caller else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    // Who may not fetch a file from a host does not read what others fetched.
    if !caller.may(Permission::RunTasks) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let select = Query::select()
        .column("name")
        .from("agent_files")
        .and_where(Expr::col("name").eq(name.as_str()))
        .to_owned();
    match app.store.row(&select).await {
        Ok(Some(_)) => {}
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => return failed(&error),
    }
    let Ok(file) = tokio::fs::File::open(app.agent_files.path(&name)).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let head = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (head, Body::from_stream(ReaderStream::with_capacity(file, 64 << 10))).into_response()
}
