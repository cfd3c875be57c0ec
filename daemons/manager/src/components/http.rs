//! HTTP for components.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, State};
use elk_api::components::{
    self, Component, ComponentKind, File, MAX_FILE_BYTES, NewComponent, NewFile, NewVersion,
    Uploaded, Version,
};
use elk_api::{Cursor, ListQuery, Page};
use elk_life::{Stop, chain};
use elk_model::data_type::AGENT_OBJECT;
use elk_model::{ComponentName, ComponentVersion, Sha256};
use elk_web::{ApiError, Caller, Json, Mount as _, Path, Query};
use http::StatusCode;
use tokio::time::{MissedTickBehavior, interval};

use super::blobs::ReceiveError;
use super::variant::Variant;
use super::{archive, blocks, store};
use crate::app::App;
use crate::compat;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::page;

const MAX_VARIANTS: usize = 9;
/// An upload that is not published is removed after this long.
const UPLOAD_LIFE_MS: i64 = 86_400_000;
const SWEEP: Duration = Duration::from_secs(3_600);

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<components::Create>()
        .to(create)
        .at::<components::List>()
        .to(list)
        .at::<components::Get>()
        .to(get)
        .at::<components::Versions>()
        .to(versions)
        .at::<components::Upload>()
        .to(upload)
        .at::<components::Publish>()
        .to(publish)
        .at::<components::BlockVersion>()
        .to(blocks::block)
        .at::<components::UnblockVersion>()
        .to(blocks::unblock)
}

async fn create(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(new): Json<NewComponent>,
) -> ApiResult<Json<Component>> {
    if (new.name.as_str() == AGENT_OBJECT) != (new.kind == ComponentKind::Agent) {
        let detail = format!("type: {AGENT_OBJECT} has the type agent, and nothing else has");
        return Err(invalid("invalid_type", detail));
    }
    let component = Component {
        name: new.name,
        kind: new.kind,
        latest_version: None,
        versions: 0,
        created_by: caller.user,
        created_at: app.clock.now(),
    };
    if !store::create(&app.store, &component).await.map_err(internal)? {
        let detail = format!("there is a component {:?} already", component.name.as_str());
        return Err(conflict("component_exists", detail));
    }
    Ok(Json(component))
}

async fn list(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<Component>>> {
    let limit = page::limit(query.limit)?;
    let after = query.cursor.as_ref().and_then(|it| it.after.first()).map(String::as_str);
    let items = store::list(&app.store, after, limit).await.map_err(internal)?;
    let total = store::count(&app.store).await.map_err(internal)?;
    let cursor = |it: &Component| Cursor { after: vec![it.name.to_string()] };
    Ok(Json(page::cut(items, limit, total, app.clock.now(), cursor)))
}

async fn known(app: &App, name: &ComponentName) -> ApiResult<Component> {
    let absent =
        || not_found("component_not_found", format!("there is no component {:?}", name.as_str()));
    store::get(&app.store, name).await.map_err(internal)?.ok_or_else(absent)
}

async fn get(
    State(app): State<App>,
    Path(name): Path<ComponentName>,
) -> ApiResult<Json<Component>> {
    known(&app, &name).await.map(Json)
}

async fn versions(
    State(app): State<App>,
    Path(name): Path<ComponentName>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<Version>>> {
    known(&app, &name).await?;
    let limit = page::limit(query.limit)?;
    let below = query.cursor.as_ref().and_then(|it| it.after.first()).map(|it| it.parse());
    let below: Option<ComponentVersion> =
        below.transpose().map_err(|error| invalid("invalid_cursor", format!("cursor: {error}")))?;
    let items = store::versions(&app.store, &name, below, limit).await.map_err(internal)?;
    let total = store::count_versions(&app.store, &name).await.map_err(internal)?;
    let cursor = |it: &Version| Cursor { after: vec![it.version.to_string()] };
    Ok(Json(page::cut(items, limit, total, app.clock.now(), cursor)))
}

async fn upload(
    State(app): State<App>,
    Path((name, sha256)): Path<(ComponentName, Sha256)>,
    body: Body,
) -> ApiResult<Json<Uploaded>> {
    known(&app, &name).await?;
    let received = app.blobs.receive(body, MAX_FILE_BYTES).await.map_err(refused)?;
    if received.sha256 != sha256 {
        let detail = format!("the file's digest is {}, not {sha256}", received.sha256);
        return Err(invalid("digest_mismatch", detail));
    }
    let uploaded = Uploaded { sha256, size_bytes: received.size };
    if uploaded.size_bytes == 0 {
        return Err(invalid("empty_file", "the file is empty"));
    }
    let _in_order = app.blobs.order.lock().await;
    let kept = app.blobs.keep(received, &sha256.to_string()).await;
    kept.map_err(|error| refused(error.into()))?;
    let file = (sha256, uploaded.size_bytes);
    store::note_upload(&app.store, &name, file, app.clock.unix_ms()).await.map_err(internal)?;
    Ok(Json(uploaded))
}

fn refused(error: ReceiveError) -> ApiError {
    let (status, code) = match &error {
        ReceiveError::Disk(cause) => {
            tracing::error!(error = %cause, "an upload could not be written");
            (StatusCode::INSUFFICIENT_STORAGE, "disk_refused")
        }
        ReceiveError::Cut(_) => (StatusCode::BAD_REQUEST, "body_cut"),
        ReceiveError::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
    };
    ApiError::new(status, code, error.to_string())
}

async fn publish(
    State(app): State<App>,
    Path(name): Path<ComponentName>,
    Extension(caller): Extension<Caller>,
    Json(new): Json<NewVersion>,
) -> ApiResult<Json<Version>> {
    let component = known(&app, &name).await?;
    let variants: BTreeSet<&str> = new.files.iter().map(|it| it.variant.as_str()).collect();
    if variants.len() != new.files.len() || !(1..=MAX_VARIANTS).contains(&variants.len()) {
        let detail = format!("files: a version has 1 to {MAX_VARIANTS} files, one for a variant");
        return Err(invalid("invalid_files", detail));
    }
    let mut files = Vec::with_capacity(new.files.len());
    for file in &new.files {
        files.push(checked(&app, &component, new.version, file).await?);
    }
    files.sort_by(|a, b| a.variant.cmp(&b.variant));
    let version = Version {
        component: name,
        version: new.version,
        files,
        published_by: caller.user,
        published_at: app.clock.now(),
        blocked: None,
    };
    if store::publish(&app.store, &version).await.map_err(internal)? {
        tracing::info!(component = %version.component, version = %version.version, "{} published {} {}", version.published_by, version.component, version.version);
        return Ok(Json(version));
    }
    existing(&app, version).await
}

/// Answers the version that was there before if it has the same files: the request was repeated.
async fn existing(app: &App, new: Version) -> ApiResult<Json<Version>> {
    let old = store::find(&app.store, &new.component, new.version).await.map_err(internal)?;
    let digests = |it: &Version| -> Vec<(String, Sha256)> {
        it.files.iter().map(|it| (it.variant.clone(), it.sha256)).collect()
    };
    let named = format!("{} {}", new.component, new.version);
    match old {
        Some(old) if digests(&old) == digests(&new) => Ok(Json(old)),
        Some(_) => {
            let detail = format!("{named} is published with other files, and never changes");
            Err(conflict("version_exists", detail))
        }
        None => Err(conflict("upload_expired", "a file has expired meanwhile; upload it again")),
    }
}

/// Makes an uploaded file part of a version, or says why agents could not use it.
async fn checked(
    app: &App,
    component: &Component,
    version: ComponentVersion,
    file: &NewFile,
) -> ApiResult<File> {
    let Some(variant) = Variant::parse(&file.variant) else {
        let known = "default, debian, rhel, x86_64, aarch64 or a pair such as debian_x86_64";
        let detail = format!("files: variant {:?} is none of {known}", file.variant);
        return Err(invalid("invalid_variant", detail));
    };
    let size = store::uploaded(&app.store, &component.name, file.sha256).await.map_err(internal)?;
    let Some(size_bytes) = size else {
        let detail = format!("files: {} was not uploaded, or more than 24 hours ago", file.sha256);
        return Err(invalid("file_not_uploaded", detail));
    };
    let signature = match component.kind {
        ComponentKind::TarGz => {
            let path = app.blobs.path(&file.sha256.to_string());
            let name = component.name.to_string();
            let read = tokio::task::spawn_blocking(move || archive::signature(&path, &name)).await;
            let bad = |error: String| {
                invalid("invalid_archive", format!("files: variant {}: {error}", file.variant))
            };
            let signature = read.map_err(|error| bad(error.to_string()))?;
            signature.map_err(|error| bad(error.to_string()))?.to_string()
        }
        ComponentKind::Exec | ComponentKind::Agent => String::new(),
    };
    Ok(File {
        variant: file.variant.clone(),
        sha256: file.sha256,
        signature,
        size_bytes,
        path: variant.path(&component.name, component.kind, version),
    })
}

/// Removes uploads that nobody published, and old files of agents, until asked to stop.
pub(crate) async fn sweep(app: App, stop: Stop) -> Result<(), Infallible> {
    let mut ticks = interval(SWEEP);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.until(ticks.tick()).await.is_some() {
        let _in_order = app.blobs.order.lock().await;
        let bound = app.clock.unix_ms() - UPLOAD_LIFE_MS;
        match store::expire_uploads(&app.store, bound).await {
            Ok(needed) => match app.blobs.sweep(|name| needed.contains(name)).await {
                Ok(0) => {}
                Ok(removed) => tracing::info!(removed, "removed uploads that nobody published"),
                Err(error) => tracing::warn!(%error, "could not remove old uploads"),
            },
            Err(error) => tracing::warn!(error = %chain(&error), "could not list old uploads"),
        }
        if let Err(error) = compat::uploads::expire(&app).await {
            tracing::warn!(error = %chain(&error), "could not list old files of agents");
        }
    }
    Ok(())
}
