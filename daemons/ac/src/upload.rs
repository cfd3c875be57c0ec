//! Files that agents upload: to disk, into an archive, to the Manager.

pub(crate) mod archive;
pub(crate) mod places;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use elk_api::intake::UPLOAD;
use elk_client::reference::{Content, Payload};
use elk_life::{Stop, chain};
use elk_wire::frame::{self, Deframer};
use elk_wire::{FileUploadRequest, FileUploadResponse, file_upload_response};
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use prost::Message as _;
use serde_json::json;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use tonic::Status;
use uuid::Uuid;

use crate::backoff::pause;
use crate::center::Center;
use crate::peers::CallError;
use crate::reply::{Answer, answer, refuse};
use crate::stream::{broken, encoding};
use archive::{Draft, pack};

const ATTEMPTS: u32 = 3;
const LIMIT: Duration = Duration::from_mins(1);
const MAX_TOKEN: usize = 128;

/// Why an upload came to nothing.
#[derive(Debug, thiserror::Error)]
enum UploadError {
    #[error("the token must have 1 to 128 letters, digits, `_` or `-`")]
    Token,
    #[error("the file has more than {0} bytes")]
    TooLarge(u64),
    #[error("cannot keep the file")]
    Disk(#[from] io::Error),
    #[error("cannot pack the file")]
    Pack(#[from] zip::result::ZipError),
    #[error("the Manager did not take the file")]
    Manager(#[from] CallError),
    #[error("{}", .0.message())]
    Stream(Status),
}

/// Answers a call of `Upload`.
pub(crate) async fn receive(
    center: &Arc<Center>,
    addr: SocketAddr,
    request: Request<Incoming>,
    stop: &Stop,
) -> Response<Answer> {
    let encoding = match encoding(&request) {
        Ok(encoding) => encoding,
        Err(status) => return refuse(&status),
    };
    let Some(_place) = center.uploads.enter(addr.ip()) else {
        count(center, "busy");
        return refuse(&Status::resource_exhausted("as many uploads as allowed are under way"));
    };
    let frames = Deframer::new(encoding);
    let limit = Duration::from_secs(center.config.upload.seconds.max(1));
    let work = timeout(limit, Box::pin(take(center, request.into_body(), frames)));
    let status = match stop.until(work).await {
        None => return refuse(&Status::unavailable("the server is stopping")),
        Some(Err(_)) => {
            count(center, "timeout");
            return refuse(&Status::deadline_exceeded("the upload took too long"));
        }
        Some(Ok(Ok(()))) => {
            count(center, "done");
            file_upload_response::StatusCode::Success
        }
        Some(Ok(Err(UploadError::Stream(status)))) => {
            count(center, "broken");
            return refuse(&status);
        }
        Some(Ok(Err(error))) => {
            count(center, "refused");
            tracing::warn!(%addr, error = %chain(&error), "an upload failed");
            file_upload_response::StatusCode::Failed
        }
    };
    let response = FileUploadResponse { status: status.into() };
    answer(Answer::Message(Some(frame::identity(&response)), false))
}

fn count(center: &Center, outcome: &str) {
    center.metrics.uploads.with_label_values(&[outcome]).inc();
}

async fn take(
    center: &Arc<Center>,
    mut body: Incoming,
    mut frames: Deframer,
) -> Result<(), UploadError> {
    let max = center.config.upload.max_bytes;
    let mut upload: Option<(String, Draft, tokio::fs::File, u64)> = None;
    loop {
        let idle = Duration::from_secs(center.config.upload.idle_seconds.max(1));
        let chunk = timeout(idle, next(&mut body, &mut frames)).await;
        let silent = |_| UploadError::Stream(Status::deadline_exceeded("the upload was silent"));
        let Some(chunk) = chunk.map_err(silent)?? else { break };
        let (_, _, file, size) = match &mut upload {
            Some(upload) => upload,
            None => {
                let token = chunk.token.clone();
                check(&token)?;
                let name = Uuid::new_v4().simple().to_string();
                let draft = Draft::new(&center.config.data.join("uploads"), &name);
                let file = tokio::fs::File::create(&draft.plain).await?;
                upload.insert((token, draft, file, 0))
            }
        };
        *size += chunk.data.len() as u64;
        if *size > max {
            if let Some((token, ..)) = upload {
                finish(center, &token, Err(&UploadError::TooLarge(max)));
            }
            return Err(UploadError::TooLarge(max));
        }
        tokio::io::AsyncWriteExt::write_all(file, &chunk.data).await?;
    }
    let Some((token, draft, mut file, _)) = upload else { return Ok(()) };
    tokio::io::AsyncWriteExt::flush(&mut file).await?;
    drop(file);
    let stored = Box::pin(forward(center, &token, draft)).await;
    finish(center, &token, stored.as_deref());
    Ok(())
}

async fn next(
    body: &mut Incoming,
    frames: &mut Deframer,
) -> Result<Option<FileUploadRequest>, UploadError> {
    loop {
        let frame = frames.next().map_err(|error| UploadError::Stream(broken(&error)))?;
        if let Some(message) = frame {
            let chunk = FileUploadRequest::decode(message)
                .map_err(|error| UploadError::Stream(Status::internal(error.to_string())))?;
            return Ok(Some(chunk));
        }
        match body.frame().await {
            None => {
                frames.finish().map_err(|error| UploadError::Stream(broken(&error)))?;
                return Ok(None);
            }
            Some(Err(error)) => {
                return Err(UploadError::Stream(Status::cancelled(error.to_string())));
            }
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    frames.push(data);
                }
            }
        }
    }
}

fn check(token: &str) -> Result<(), UploadError> {
    let plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-');
    let sound = (1..=MAX_TOKEN).contains(&token.len()) && token.bytes().all(plain);
    if sound { Ok(()) } else { Err(UploadError::Token) }
}

/// Packs the file and hands it to the Manager; returns the name under which that keeps it.
async fn forward(center: &Center, token: &str, draft: Draft) -> Result<String, UploadError> {
    let name = token.to_owned();
    let (draft, form) = spawn_blocking(move || {
        let form = pack(&draft, &name);
        (draft, form)
    })
    .await
    .map_err(io::Error::other)?;
    let form = form?;
    let mut failures = 0;
    loop {
        let file = tokio::fs::File::open(&draft.form).await?;
        let content = Content::File { file, len: form.len, sha256: form.sha256.clone() };
        let payload = Payload { media: form.media.clone(), content };
        match center.manager.ask(UPLOAD, payload, LIMIT).await {
            Ok(data) => {
                let name: Option<String> = data.and_then(|data| serde_json::from_slice(&data).ok());
                let missing = || CallError::Unreadable("no name of the file".to_owned());
                return Ok(name.ok_or_else(missing)?);
            }
            Err(error) => {
                failures += 1;
                if failures == ATTEMPTS || error.is_final() {
                    return Err(error.into());
                }
                sleep(pause(failures, LIMIT)).await;
            }
        }
    }
}

/// Tells the Manager what became of the task.
fn finish(center: &Center, token: &str, stored: Result<&str, &UploadError>) {
    let (status, msg) = match stored {
        Ok(name) => ("succeed", name.to_owned()),
        Err(error) => {
            tracing::warn!(error = %chain(error), "an uploaded file did not reach the Manager");
            ("failed", chain(error).to_string())
        }
    };
    let fields = json!({"token": token, "status": status, "data_type": "5100", "msg": msg});
    center.outbox.push(fields.to_string().as_bytes());
}
