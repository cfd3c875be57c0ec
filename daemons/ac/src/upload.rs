//! Files that agents upload: to disk, into an archive, to the Manager.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use elk_api::intake::UPLOAD;
use elk_life::{Stop, chain};
use elk_wire::frame::{self, Deframer};
use elk_wire::{FileUploadRequest, FileUploadResponse, file_upload_response};
use http::{HeaderValue, Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use md5::{Digest as _, Md5};
use prost::Message as _;
use serde_json::json;
use sha2::Sha256;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use tonic::Status;
use uuid::Uuid;
use zip::write::SimpleFileOptions;

use crate::backoff::pause;
use crate::center::Center;
use crate::peers::{CallError, Content, Payload};
use crate::reply::{Answer, answer, refuse};
use crate::stream::{broken, encoding};

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

/// A file under way; dropped, nothing is left of it.
struct Draft {
    plain: PathBuf,
    packed: PathBuf,
    /// The body of the call to the Manager.
    form: PathBuf,
}

impl Drop for Draft {
    fn drop(&mut self) {
        for path in [&self.plain, &self.packed, &self.form] {
            // Nothing is there if the upload failed early.
            drop(std::fs::remove_file(path));
        }
    }
}

/// Removes what uploads left behind when the process was killed.
pub(crate) fn clean(directory: &Path) -> io::Result<()> {
    std::fs::create_dir_all(directory)?;
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "part" || it == "zip" || it == "form") {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
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
    let Ok(_room) = center.uploads.try_acquire() else {
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
        let Some(chunk) = next(&mut body, &mut frames).await? else { break };
        let (_, _, file, size) = match &mut upload {
            Some(upload) => upload,
            None => {
                let token = chunk.token.clone();
                check(&token)?;
                let name = Uuid::new_v4().simple().to_string();
                let directory = center.config.data.join("uploads");
                let draft = Draft {
                    plain: directory.join(format!("{name}.part")),
                    packed: directory.join(format!("{name}.zip")),
                    form: directory.join(format!("{name}.form")),
                };
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
    let (media, len, hash) = form?;
    let mut failures = 0;
    loop {
        let file = tokio::fs::File::open(&draft.form).await?;
        let body = Content::File { file, len, hash: hash.clone() };
        let payload = Payload { media: media.clone(), body };
        match center.manager.ask(UPLOAD, payload, LIMIT).await {
            Ok(data) => {
                let name: Option<String> =
                    data.and_then(|data| serde_json::from_str(data.get()).ok());
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

/// A file that is hashed while it is written.
struct Hashed<D> {
    file: BufWriter<File>,
    digest: D,
    len: u64,
}

impl<D: md5::Digest> Hashed<D> {
    fn create(path: &Path) -> io::Result<Self> {
        let file = BufWriter::new(File::create(path)?);
        Ok(Self { file, digest: D::new(), len: 0 })
    }

    fn finish(mut self) -> io::Result<(String, u64)> {
        self.file.flush()?;
        let digest = self.digest.finalize();
        Ok((hex(&digest), self.len))
    }
}

impl<D: md5::Digest> Write for Hashed<D> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.digest.update(bytes.get(..count).unwrap_or_default());
        self.len += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |text, byte| text + &format!("{byte:02x}"))
}

/// Writes the archive, and the form that holds it; returns the form's type, length and SHA-256.
fn pack(draft: &Draft, token: &str) -> Result<(HeaderValue, u64, String), UploadError> {
    let mut plain = File::open(&draft.plain)?;
    let mut archive = zip::ZipWriter::new(File::create(&draft.packed)?);
    archive.start_file(token, SimpleFileOptions::default().large_file(true))?;
    io::copy(&mut plain, &mut archive)?;
    archive.finish()?.flush()?;
    let mut packed = File::open(&draft.packed)?;
    let mut hash = Md5::new();
    io::copy(&mut packed, &mut hash)?;
    let hash = hex(&hash.finalize());
    let boundary = format!("elk-{}", Uuid::new_v4().simple());
    let mut body = Hashed::<Sha256>::create(&draft.form)?;
    write!(
        body,
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{token}.zip\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    )?;
    packed.rewind()?;
    io::copy(&mut packed, &mut body)?;
    write!(
        body,
        "\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"hash\"\r\n\r\n{hash}\r\n--{boundary}--\r\n"
    )?;
    let media = format!("multipart/form-data; boundary={boundary}");
    let (hash, len) = body.finish()?;
    Ok((HeaderValue::from_str(&media).map_err(io::Error::other)?, len, hash))
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
