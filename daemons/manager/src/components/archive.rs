//! The digest of the executable inside a package.

use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::{Component, Path};

use elk_model::Sha256;
use flate2::read::MultiGzDecoder;
use sha2::Digest as _;

/// The most an archive may unpack to.
const MAX_UNPACKED: u64 = 4 << 30;
/// The most members an archive may have.
const MAX_MEMBERS: usize = 100_000;

/// Why a package has no signature.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArchiveError {
    /// It is no archive, or a cut one.
    #[error("it is no tar.gz archive: {0}")]
    Unreadable(#[from] io::Error),
    /// Agents start the member that is named like the component.
    #[error("it holds no file {0:?}, which agents would start")]
    NoMain(String),
    /// It would fill the agent's disk.
    #[error("it holds more than {MAX_MEMBERS} members")]
    Crowded,
}

/// Returns the digest of the member of the archive at `path` that is called `name`.
///
/// # Errors
///
/// [`ArchiveError`] says why agents could not use the archive.
pub(crate) fn signature(path: &Path, name: &str) -> Result<Sha256, ArchiveError> {
    let packed = BufReader::new(File::open(path)?);
    let mut archive = tar::Archive::new(MultiGzDecoder::new(packed).take(MAX_UNPACKED));
    for (number, member) in archive.entries()?.enumerate() {
        if number >= MAX_MEMBERS {
            return Err(ArchiveError::Crowded);
        }
        let mut member = member?;
        if !member.header().entry_type().is_file() || !is_called(&member.path()?, name) {
            continue;
        }
        let mut digest = sha2::Sha256::new();
        io::copy(&mut member, &mut digest)?;
        return Ok(Sha256::from_bytes(digest.finalize().into()));
    }
    Err(ArchiveError::NoMain(name.to_owned()))
}

fn is_called(path: &Path, name: &str) -> bool {
    let mut parts = path.components().filter(|it| !matches!(it, Component::CurDir));
    matches!((parts.next(), parts.next()), (Some(Component::Normal(it)), None) if it == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};

    fn archive(members: &[(&str, &[u8])]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let gz = GzEncoder::new(file.reopen().unwrap(), Compression::fast());
        let mut tar = tar::Builder::new(gz);
        for (name, content) in members {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(0o755);
            tar.append_data(&mut header, name, *content).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap();
        file
    }

    #[test]
    fn the_signature_is_the_digest_of_the_member_named_like_the_component() {
        let digest = Sha256::from_bytes(sha2::Sha256::digest(b"program").into());
        for name in ["driver", "./driver"] {
            let file = archive(&[("lib/driver", b"other"), (name, b"program")]);
            assert_eq!(signature(file.path(), "driver").unwrap(), digest);
        }
    }

    #[test]
    fn an_archive_without_the_program_is_refused() {
        let file = archive(&[("lib/driver", b"x"), ("driver2", b"y")]);
        let error = signature(file.path(), "driver").unwrap_err().to_string();
        assert!(error.contains("\"driver\""), "{error}");
    }

    #[test]
    fn what_is_no_archive_or_a_cut_one_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"not an archive").unwrap();
        assert!(matches!(signature(file.path(), "driver"), Err(ArchiveError::Unreadable(_))));
        let noise: Vec<u8> = (0..100_000_u32)
            .flat_map(|it| (it.wrapping_mul(2_654_435_761) >> 8).to_le_bytes())
            .collect();
        let whole = archive(&[("driver", &noise)]);
        let bytes = std::fs::read(whole.path()).unwrap();
        std::fs::write(file.path(), &bytes[..bytes.len() / 2]).unwrap();
        assert!(signature(file.path(), "driver").is_err());
    }
}
