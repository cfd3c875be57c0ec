//! Files under their digests, in one directory.

use std::io;
use std::path::{Path, PathBuf};

use axum::body::Body;
use bytes::Bytes;
use elk_model::Sha256;
use futures_util::{Stream, StreamExt as _};
use md5::Md5;
use sha2::Digest as _;
use tokio::fs;
use tokio::io::{AsyncWriteExt as _, BufWriter};
use tokio::sync::Mutex;

const INCOMING: &str = ".incoming-";

/// Why a file could not be received.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReceiveError {
    /// The disk refused it.
    #[error("the file could not be written: {0}")]
    Disk(#[from] io::Error),
    /// The sender broke off.
    #[error("the file did not arrive whole: {0}")]
    Cut(String),
    /// It is larger than files may be.
    #[error("the file has more than {0} bytes")]
    TooLarge(u64),
}

/// A file that arrived; removed when dropped, unless it is kept.
#[derive(Debug)]
pub(crate) struct Incoming {
    path: PathBuf,
    pub(crate) sha256: Sha256,
    pub(crate) md5: String,
    pub(crate) size: u64,
}

impl Incoming {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // It was moved away, or nobody wants it; what stays is removed at the next start.
        drop(std::fs::remove_file(&self.path));
    }
}

/// Files under their names, in one directory.
#[derive(Debug)]
pub(crate) struct Blobs {
    dir: PathBuf,
    /// Held while a file and its row are put or removed together.
    pub(crate) order: Mutex<()>,
}

impl Blobs {
    /// Creates the directory and removes what an earlier run left half written.
    pub(crate) fn open(dir: PathBuf) -> io::Result<Self> {
        elk_trust::files::create_private_dir(&dir)?;
        for entry in std::fs::read_dir(&dir)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(INCOMING) {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(Self { dir, order: Mutex::default() })
    }

    /// Returns where the file called `name` is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Writes a body of at most `limit` bytes to the directory.
    pub(crate) async fn receive(&self, body: Body, limit: u64) -> Result<Incoming, ReceiveError> {
        self.receive_from(body.into_data_stream(), limit).await
    }

    /// Writes a stream of at most `limit` bytes to the directory.
    pub(crate) async fn receive_from<S, E>(
        &self,
        mut chunks: S,
        limit: u64,
    ) -> Result<Incoming, ReceiveError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
        E: std::fmt::Display,
    {
        let path = self.dir.join(format!("{INCOMING}{}", uuid::Uuid::new_v4().simple()));
        let sha256 = Sha256::from_bytes([0; 32]);
        let file = fs::File::create_new(&path).await?;
        let mut incoming = Incoming { path, sha256, md5: String::new(), size: 0 };
        let mut file = BufWriter::with_capacity(256 << 10, file);
        let (mut sha, mut md5) = (sha2::Sha256::new(), Md5::new());
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| ReceiveError::Cut(error.to_string()))?;
            incoming.size += chunk.len() as u64;
            if incoming.size > limit {
                return Err(ReceiveError::TooLarge(limit));
            }
            sha.update(&chunk);
            md5.update(&chunk);
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        file.into_inner().sync_all().await?;
        incoming.sha256 = Sha256::from_bytes(sha.finalize().into());
        incoming.md5 = md5.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(incoming)
    }

    /// Gives a file its name, durably.
    pub(crate) async fn keep(&self, incoming: Incoming, name: &str) -> io::Result<()> {
        fs::rename(&incoming.path, self.path(name)).await?;
        fs::File::open(&self.dir).await?.sync_all().await
    }

    /// Removes every file that `wanted` does not want.
    pub(crate) async fn sweep(&self, wanted: impl Fn(&str) -> bool) -> io::Result<usize> {
        let mut removed = 0;
        let mut entries = fs::read_dir(&self.dir).await?;
        while let Some(entry) = entries.next_entry().await? {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.starts_with(INCOMING) && !wanted(&name) {
                fs::remove_file(entry.path()).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;

    fn chunks(parts: &[&'static str]) -> impl Stream<Item = Result<Bytes, String>> + Unpin {
        stream::iter(
            parts.iter().map(|it| Ok(Bytes::from_static(it.as_bytes()))).collect::<Vec<_>>(),
        )
    }

    fn names(dir: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(dir).unwrap();
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[tokio::test]
    async fn a_file_is_there_once_it_is_kept_and_gone_otherwise() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(dir.path().to_owned()).unwrap();
        let dropped = blobs.receive_from(chunks(&["x"]), 10).await.unwrap();
        drop(dropped);
        let kept = blobs.receive_from(chunks(&["hello ", "world"]), 11).await.unwrap();
        assert_eq!(kept.md5, "5eb63bbbe01eeed093cb22bb8f5acdc3");
        assert_eq!(kept.size, 11);
        blobs.keep(kept, "it").await.unwrap();
        assert_eq!(names(dir.path()), ["it"]);
        assert_eq!(std::fs::read(dir.path().join("it")).unwrap(), b"hello world");
    }

    #[tokio::test]
    async fn a_file_that_is_too_large_or_breaks_off_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(dir.path().to_owned()).unwrap();
        let large = blobs.receive_from(chunks(&["hello ", "world"]), 10).await;
        assert!(matches!(large, Err(ReceiveError::TooLarge(10))));
        let broken = stream::iter([Ok(Bytes::from_static(b"x")), Err("reset")]);
        assert!(matches!(blobs.receive_from(broken, 10).await, Err(ReceiveError::Cut(_))));
        assert!(names(dir.path()).is_empty());
    }

    #[tokio::test]
    async fn what_an_earlier_run_left_half_written_is_removed_at_the_start() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(".incoming-1"), b"x").unwrap();
        std::fs::write(dir.path().join("kept"), b"x").unwrap();
        Blobs::open(dir.path().to_owned()).unwrap();
        assert_eq!(names(dir.path()), ["kept"]);
    }
}
