//! Writing an archive as it is sent: nothing but the database's copy is ever on the disk.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;

use bytes::{Bytes, BytesMut};
use elk_model::Sha256;
use sha2::Digest as _;
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use tokio::sync::OwnedSemaphorePermit;

use super::archive::{Entry, MANIFEST, Manifest};

const BLOCK: usize = 512;
const CHUNK: usize = 128 << 10;

/// The copy of the database; removed when dropped.
#[derive(Debug)]
pub(super) struct Copy(pub(super) PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        // What stays is removed at the next start.
        drop(std::fs::remove_file(&self.0));
    }
}

/// An archive that is being written.
#[derive(Debug)]
pub(super) struct Pack {
    waiting: VecDeque<(String, PathBuf)>,
    open: Option<Open>,
    /// Taken at the end.
    manifest: Option<Manifest>,
    _copy: Copy,
    _leave: OwnedSemaphorePermit,
}

#[derive(Debug)]
struct Open {
    name: String,
    file: File,
    sha: sha2::Sha256,
    bytes: u64,
    left: u64,
}

impl Pack {
    pub(super) fn new(
        entries: Vec<(String, PathBuf)>,
        manifest: Manifest,
        (copy, leave): (Copy, OwnedSemaphorePermit),
    ) -> Self {
        let waiting = entries.into();
        Self { waiting, open: None, manifest: Some(manifest), _copy: copy, _leave: leave }
    }

    /// Returns the next piece; `None` at the end.
    pub(super) async fn next(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            match self.open.take() {
                Some(mut open) if open.left > 0 => {
                    let chunk = open.read().await?;
                    self.open = Some(open);
                    return Ok(Some(chunk));
                }
                Some(open) => {
                    let padding = padding(open.bytes);
                    self.enter(open);
                    if !padding.is_empty() {
                        return Ok(Some(padding));
                    }
                }
                None => {
                    let Some((name, path)) = self.waiting.pop_front() else {
                        return self.manifest.take().map(|it| last(&it)).transpose();
                    };
                    if let Some((open, head)) = Open::new(name, path).await? {
                        self.open = Some(open);
                        return Ok(Some(head));
                    }
                }
            }
        }
    }

    fn enter(&mut self, open: Open) {
        if let Some(manifest) = &mut self.manifest {
            let sha256 = Sha256::from_bytes(open.sha.finalize().into());
            manifest.entries.insert(open.name, Entry { bytes: open.bytes, sha256 });
        }
    }
}

impl Open {
    /// Opens a file and returns its header; `None` if it was removed meanwhile.
    async fn new(name: String, path: PathBuf) -> io::Result<Option<(Self, Bytes)>> {
        let file = match File::open(&path).await {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let bytes = file.metadata().await?.len();
        let head = header(&name, bytes)?;
        Ok(Some((Self { name, file, sha: sha2::Sha256::new(), bytes, left: bytes }, head)))
    }

    async fn read(&mut self) -> io::Result<Bytes> {
        let most = usize::try_from(self.left).map_or(CHUNK, |left| Ord::min(left, CHUNK));
        let mut chunk = BytesMut::with_capacity(most);
        let read = (&mut self.file).take(most as u64).read_buf(&mut chunk).await?;
        if read == 0 {
            return Err(io::Error::other(format!(
                "{} became shorter while it was read",
                self.name
            )));
        }
        self.left -= read as u64;
        self.sha.update(&chunk);
        Ok(chunk.freeze())
    }
}

fn header(name: &str, bytes: u64) -> io::Result<Bytes> {
    let mut header = tar::Header::new_gnu();
    header.set_path(name)?;
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    Ok(Bytes::copy_from_slice(header.as_bytes()))
}

/// Returns what fills the last block of so many bytes.
fn padding(bytes: u64) -> Bytes {
    static ZEROS: [u8; BLOCK] = [0; BLOCK];
    let rest = usize::try_from(bytes % BLOCK as u64).unwrap_or(0);
    let length = if rest == 0 { 0 } else { BLOCK - rest };
    Bytes::from_static(ZEROS.get(..length).unwrap_or_default())
}

/// Returns the manifest and the archive's end.
fn last(manifest: &Manifest) -> io::Result<Bytes> {
    let text = serde_json::to_vec(manifest)?;
    let mut piece = BytesMut::from(&*header(MANIFEST, text.len() as u64)?);
    piece.extend_from_slice(&text);
    piece.extend_from_slice(&padding(text.len() as u64));
    piece.extend_from_slice(&[0; 2 * BLOCK]);
    Ok(piece.freeze())
}
