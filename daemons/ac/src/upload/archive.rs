//! What an upload is on disk: the file, an archive of it, and the form that the Manager gets.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write};
use std::path::{Path, PathBuf};

use md5::{Digest as _, Md5};
use sha2::Sha256;
use uuid::Uuid;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

/// A file under way; dropped, nothing is left of it.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) plain: PathBuf,
    packed: PathBuf,
    /// The body of the call to the Manager.
    pub(super) form: PathBuf,
}

impl Draft {
    pub(super) fn new(directory: &Path, name: &str) -> Self {
        let path = |kind: &str| directory.join(format!("{name}.{kind}"));
        Self { plain: path("part"), packed: path("zip"), form: path("form") }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        for path in [&self.plain, &self.packed, &self.form] {
            // Nothing is there if the upload failed early.
            drop(std::fs::remove_file(path));
        }
    }
}

/// A form that is ready to be sent.
#[derive(Debug)]
pub(super) struct Form {
    /// Its content type.
    pub(super) media: String,
    pub(super) len: u64,
    /// Lower-case hex.
    pub(super) sha256: String,
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

/// Writes the archive, and the form that holds it.
pub(super) fn pack(draft: &Draft, token: &str) -> Result<Form, ZipError> {
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
    let (sha256, len) = body.finish()?;
    Ok(Form { media, len, sha256 })
}
