//! The directory of a log: its owner, its description.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use crate::block::Seal;
use crate::segment;

const FORMAT: u32 = 1;
const META: &str = "meta.json";
const PARTITIONS: RangeInclusive<u32> = 1..=1024;

/// Why a log could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("the log {dir:?} is in use by process {pid}")]
    InUse {
        /// Its directory.
        dir: PathBuf,
        /// The owner.
        pid: String,
    },
    /// It was written by a later version.
    #[error("the log {dir:?} has format {found}; this version reads up to {FORMAT}")]
    TooNew {
        /// Its directory.
        dir: PathBuf,
        /// Its format.
        found: u32,
    },
    /// The settings of Kafka cannot be used.
    #[cfg(feature = "kafka")]
    #[error("the settings of Kafka cannot be used: {what}")]
    Settings {
        /// What about them.
        what: String,
    },
    /// Its description cannot be read.
    #[error("the log {dir:?} is damaged: {what}")]
    Damaged {
        /// Its directory.
        dir: PathBuf,
        /// What cannot be read.
        what: String,
    },
    /// The disk refused.
    #[error("could not open the log {dir:?}")]
    Io {
        /// Its directory.
        dir: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// The number of the format; read before anything else of a description is.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Meta {
    format: u32,
    pub(crate) partitions: u32,
    pub(crate) seal: Seal,
}

pub(crate) fn partition_dir(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("p{number:03}"))
}

pub(crate) fn lock(dir: &Path) -> Result<File, OpenError> {
    let refused = |source| OpenError::Io { dir: dir.to_owned(), source };
    let mut options = OpenOptions::new();
    let mut file = options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(dir.join("LOCK"))
        .map_err(refused)?;
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        let mut pid = String::new();
        drop((&mut file).take(20).read_to_string(&mut pid));
        return Err(OpenError::InUse { dir: dir.to_owned(), pid: pid.trim().to_owned() });
    }
    file.set_len(0).map_err(refused)?;
    writeln!(file, "{}", std::process::id()).map_err(refused)?;
    Ok(file)
}

/// Reads the description of the log in `dir`; `None` if there is no log.
pub(crate) fn describe(dir: &Path) -> Result<Option<Meta>, OpenError> {
    let damaged = |what: &str| OpenError::Damaged { dir: dir.to_owned(), what: what.to_owned() };
    let text = match fs::read(dir.join(META)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let has_records = partition_dir(dir, 0).exists();
            return if has_records { Err(damaged("meta.json is missing")) } else { Ok(None) };
        }
        Err(source) => return Err(OpenError::Io { dir: dir.to_owned(), source }),
    };
    let unreadable = |_| damaged("meta.json cannot be read");
    let Format { format } = serde_json::from_slice(&text).map_err(unreadable)?;
    if format > FORMAT {
        return Err(OpenError::TooNew { dir: dir.to_owned(), found: format });
    }
    let meta: Meta = serde_json::from_slice(&text).map_err(unreadable)?;
    if !PARTITIONS.contains(&meta.partitions) {
        return Err(damaged("meta.json names no number of partitions"));
    }
    Ok(Some(meta))
}

/// Looks whether `dir` holds a log that this version can open; changes nothing, whatever it finds.
///
/// A torn tail is no damage: opening the log repairs it.
///
/// # Errors
///
/// [`OpenError`] if there is no log, if a part of it is missing, or if it has a later format.
pub fn look(dir: &Path) -> Result<(), OpenError> {
    let damaged = |what: String| OpenError::Damaged { dir: dir.to_owned(), what };
    let Some(meta) = describe(dir)? else {
        return Err(damaged("meta.json is missing".to_owned()));
    };
    for number in 0..meta.partitions {
        let place = partition_dir(dir, number);
        let name = place.file_name().unwrap_or_default().display();
        match segment::list(&place) {
            Err(error) => return Err(damaged(format!("{name}: {error}"))),
            Ok(segments) if segments.is_empty() => {
                return Err(damaged(format!("{name} holds no segment")));
            }
            Ok(_) => {}
        }
    }
    Ok(())
}

pub(crate) fn create(dir: &Path, partitions: u32) -> Result<Meta, OpenError> {
    let refused = |source| OpenError::Io { dir: dir.to_owned(), source };
    if !PARTITIONS.contains(&partitions) {
        return Err(refused(io::Error::other("a log has 1 to 1024 partitions")));
    }
    let meta = Meta { format: FORMAT, partitions, seal: Seal::draw() };
    let text = serde_json::to_vec(&meta).map_err(io::Error::from).map_err(refused)?;
    write_synced(&dir.join(META), &text).map_err(refused)?;
    Ok(meta)
}

/// Replaces a small file as a whole.
pub(crate) fn write_synced(path: &Path, content: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("new");
    let mut file = File::create(&draft)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    match path.parent() {
        Some(dir) => File::open(dir)?.sync_all(),
        None => Ok(()),
    }
}
