//! The digest of the executable inside a package.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path, PathBuf};

use elk_model::Sha256;
use flate2::read::MultiGzDecoder;
use sha2::Digest as _;
use tar::{Entry, PaxExtensions};

/// The most an archive may unpack to.
const MAX_UNPACKED: u64 = 4 << 30;
/// The most members an archive may have.
const MAX_MEMBERS: usize = 100_000;
/// The most that stands before a member to say more of it, such as a long name.
const MAX_EXTENSION: u64 = 64 << 10;

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
    /// It would fill the memory of whoever reads it.
    #[error("it says more of a member than {MAX_EXTENSION} bytes")]
    Lengthy,
}

/// What stands before a member and is meant for it.
#[derive(Debug, Default)]
struct Extension {
    path: Option<PathBuf>,
    size: Option<u64>,
}

/// Returns the digest of the member of the archive at `path` that is called `name`.
///
/// # Errors
///
/// [`ArchiveError`] says why agents could not use the archive.
pub(crate) fn signature(path: &Path, name: &str) -> Result<Sha256, ArchiveError> {
    let packed = BufReader::new(File::open(path)?);
    let mut archive = tar::Archive::new(MultiGzDecoder::new(packed).take(MAX_UNPACKED));
    let mut extension = Extension::default();
    // The library would read what stands before a member into memory, however long it is.
    for (number, member) in archive.entries()?.raw(true).enumerate() {
        if number >= MAX_MEMBERS {
            return Err(ArchiveError::Crowded);
        }
        let mut member = member?;
        if extension.take(&mut member)? {
            continue;
        }
        let Extension { path, size } = std::mem::take(&mut extension);
        if size.is_some_and(|it| it != member.header().size().unwrap_or_default()) {
            let error = io::Error::other("a member has two sizes");
            return Err(ArchiveError::Unreadable(error));
        }
        let path = match path {
            Some(path) => path,
            None => member.path()?.into_owned(),
        };
        if !member.header().entry_type().is_file() || !is_called(&path, name) {
            continue;
        }
        let mut digest = sha2::Sha256::new();
        io::copy(&mut member, &mut digest)?;
        return Ok(Sha256::from_bytes(digest.finalize().into()));
    }
    Err(ArchiveError::NoMain(name.to_owned()))
}

impl Extension {
    /// Takes what stands before a member; false if it is the member itself.
    fn take<R: Read>(&mut self, member: &mut Entry<'_, R>) -> Result<bool, ArchiveError> {
        let kind = member.header().entry_type();
        let (name, pax) = (kind.is_gnu_longname(), kind.is_pax_local_extensions());
        if !name && !pax && !kind.is_gnu_longlink() && !kind.is_pax_global_extensions() {
            return Ok(false);
        }
        if member.size() > MAX_EXTENSION {
            return Err(ArchiveError::Lengthy);
        }
        let mut text = Vec::new();
        member.read_to_end(&mut text)?;
        if name {
            let text = text.strip_suffix(b"\0").unwrap_or(&text);
            self.path = Some(OsStr::from_bytes(text).into());
        }
        for pair in PaxExtensions::new(&text).filter(|_| pax) {
            let pair = pair?;
            let value = pair.value_bytes();
            match pair.key_bytes() {
                b"path" if self.path.is_none() => self.path = Some(OsStr::from_bytes(value).into()),
                b"size" => {
                    self.size = std::str::from_utf8(value).ok().and_then(|it| it.parse().ok());
                }
                _ => {}
            }
        }
        Ok(true)
    }
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

    /// An archive whose member `x` stands after an extension of this kind.
    fn extended(kind: tar::EntryType, text: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let gz = GzEncoder::new(file.reopen().unwrap(), Compression::fast());
        let mut tar = tar::Builder::new(gz);
        let mut append = |kind, name: &str, content: &[u8]| {
            let mut header = tar::Header::new_ustar();
            header.set_entry_type(kind);
            header.set_size(content.len() as u64);
            header.set_mode(0o755);
            tar.append_data(&mut header, name, content).unwrap();
        };
        append(kind, "before", text);
        append(tar::EntryType::Regular, "x", b"program");
        tar.into_inner().unwrap().finish().unwrap();
        file
    }

    #[test]
    fn a_name_that_stands_before_its_member_counts() {
        let digest = Sha256::from_bytes(sha2::Sha256::digest(b"program").into());
        let cases = [
            (tar::EntryType::GNULongName, &b"./driver\0"[..]),
            (tar::EntryType::XHeader, b"15 path=driver\n9 size=7\n"),
        ];
        for (kind, text) in cases {
            let file = extended(kind, text);
            assert_eq!(signature(file.path(), "driver").unwrap(), digest, "{kind:?}");
            assert!(signature(file.path(), "x").is_err(), "{kind:?}");
        }
        let other = extended(tar::EntryType::XHeader, b"9 size=8\n");
        assert!(matches!(signature(other.path(), "x"), Err(ArchiveError::Unreadable(_))));
    }

    #[test]
    fn what_stands_before_a_member_is_not_read_without_end() {
        use tar::EntryType;
        let text = vec![0; 65 << 10];
        for kind in [
            EntryType::GNULongName,
            EntryType::GNULongLink,
            EntryType::XHeader,
            EntryType::XGlobalHeader,
        ] {
            let file = extended(kind, &text);
            let error = signature(file.path(), "x").unwrap_err();
            assert!(matches!(error, ArchiveError::Lengthy), "{kind:?}: {error}");
        }
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
