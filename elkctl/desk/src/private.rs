//! Files that others must not change or read.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

/// The longest configuration or credential file.
const MAX_BYTES: u64 = 1024 * 1024;

/// A file is not used or not written.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The file system says no.
    #[error("cannot {verb} {}", path.display())]
    Io {
        /// What was tried.
        verb: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// Somebody else may have written it.
    #[error("{} can be changed by others; run `chmod {mode} {}`", path.display(), path.display())]
    Writable {
        /// The file or directory.
        path: PathBuf,
        /// What to give to chmod.
        mode: &'static str,
    },
    /// Somebody else may read the secret in it.
    #[error("{} can be read by others; run `chmod 600 {}`", path.display(), path.display())]
    Readable {
        /// The file.
        path: PathBuf,
    },
    /// It belongs to somebody else.
    #[error("{} belongs to user {uid}; run `chown {own} {}`", path.display(), path.display())]
    Foreign {
        /// The file or directory.
        path: PathBuf,
        /// Its owner.
        uid: u32,
        /// Who it should belong to.
        own: u32,
    },
    /// It is a link, a directory or a device.
    #[error("{} is not a regular file", path.display())]
    Irregular {
        /// The path.
        path: PathBuf,
    },
    /// It is far longer than such a file can be.
    #[error("{} is longer than {MAX_BYTES} bytes", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
    },
}

fn io<'a>(verb: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> Trouble + 'a {
    move |source| Trouble::Io { verb, path: path.to_owned(), source }
}

/// Refuses what others own or can change.
pub(crate) fn check_unchanged(path: &Path, metadata: &Metadata) -> Result<(), Trouble> {
    let own = rustix::process::geteuid().as_raw();
    if metadata.uid() != own {
        return Err(Trouble::Foreign { path: path.to_owned(), uid: metadata.uid(), own });
    }
    if metadata.mode() & 0o022 != 0 {
        let mode = if metadata.is_dir() { "700" } else { "600" };
        return Err(Trouble::Writable { path: path.to_owned(), mode });
    }
    Ok(())
}

/// Checks that only the owner can replace files in a directory.
pub(crate) fn check_directory(path: &Path) -> Result<(), Trouble> {
    let metadata = fs::metadata(path).map_err(io("look at", path))?;
    check_unchanged(path, &metadata)
}

/// Makes a directory of mode 0700 with its parents, or checks the one that is there.
pub(crate) fn ensure_directory(path: &Path) -> Result<(), Trouble> {
    if !path.is_dir() {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
        made.map_err(io("make the directory", path))?;
    }
    check_directory(path)
}

/// Reads a file that holds a secret: not through a link, checked on the open descriptor. `None` if there is none.
pub(crate) fn read_secret(path: &Path) -> Result<Option<Vec<u8>>, Trouble> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let flags = flags.bits().cast_signed();
    let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
    let file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => {
            return Err(Trouble::Irregular { path: path.to_owned() });
        }
        Err(error) => return Err(io("open", path)(error)),
    };
    let metadata = file.metadata().map_err(io("look at", path))?;
    if !metadata.is_file() {
        return Err(Trouble::Irregular { path: path.to_owned() });
    }
    check_unchanged(path, &metadata)?;
    if metadata.mode() & 0o077 != 0 {
        return Err(Trouble::Readable { path: path.to_owned() });
    }
    read_bounded(file, path).map(Some)
}

/// Reads the rest of an open file, within bounds.
pub(crate) fn read_bounded(file: File, path: &Path) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(io("read", path))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Trouble::TooLong { path: path.to_owned() });
    }
    Ok(bytes)
}

/// An open file and what was true of it then.
pub(crate) type Opened = (File, Metadata);

/// Opens a file that others may read but not change. `None` if there is none.
pub(crate) fn open_unchanged(path: &Path) -> Result<Option<Opened>, Trouble> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io("open", path)(error)),
    };
    let metadata = file.metadata().map_err(io("look at", path))?;
    if !metadata.is_file() {
        return Err(Trouble::Irregular { path: path.to_owned() });
    }
    check_unchanged(path, &metadata)?;
    Ok(Some((file, metadata)))
}

/// Replaces a file by one of mode 0600 so that a crash leaves the old content or the new.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    let directory = directory_of(path);
    let written = (|| {
        let mut draft = tempfile::NamedTempFile::new_in(&directory)?;
        draft.write_all(bytes)?;
        draft.as_file().sync_all()?;
        draft.persist(path).map_err(|error| error.error)?;
        File::open(&directory)?.sync_all()
    })();
    written.map_err(io("write", path))
}

/// Removes a file; returns whether there was one.
pub(crate) fn remove(path: &Path) -> Result<bool, Trouble> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(io("remove", path)(error)),
    }
}

/// Waits for the lock beside `path`; it ends with the returned file.
pub(crate) fn lock(path: &Path) -> Result<File, Trouble> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let lock = PathBuf::from(name);
    let opened =
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&lock);
    let file = opened.map_err(io("open", &lock))?;
    file.lock().map_err(io("lock", &lock))?;
    Ok(file)
}

/// Returns the directory a file is in.
pub(crate) fn directory_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Opens a token file, which may be a link, a pipe, or readable by others, but not changeable. `None` if there is none.
pub(crate) fn open_for_token(path: &Path) -> Result<Option<File>, Trouble> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io("open", path)(error)),
    };
    let metadata = file.metadata().map_err(io("look at", path))?;
    if metadata.is_file() && metadata.mode() & 0o022 != 0 {
        return Err(Trouble::Writable { path: path.to_owned(), mode: "600" });
    }
    if metadata.is_dir() {
        return Err(Trouble::Irregular { path: path.to_owned() });
    }
    Ok(Some(file))
}
