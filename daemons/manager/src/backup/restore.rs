//! The way back from an archive.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use elk_life::Clock;
use elk_trust::files::create_private_dir;
use jiff::Timestamp;

use super::archive::{self, ArchiveError, DIRS, STATE};
use super::settle::{Settled, settle};
use crate::store::{Store, StoreError, fold};

/// Where an archive is unpacked, under the data directory.
const DRAFT: &str = ".restore";

/// Why nothing was restored; what was there stays in use, unless said otherwise.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The archive cannot be used.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Its database cannot be used.
    #[error("the database in the archive cannot be used")]
    Store(#[source] StoreError),
    /// A Manager runs on the directory.
    #[error("the database {0:?} is in use; stop the Manager first")]
    InUse(PathBuf),
    /// The disk refused something.
    #[error("could not {doing}")]
    Io {
        /// What was tried.
        doing: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// What was restored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// When the archive was made.
    pub created_at: Timestamp,
    /// The version that made it.
    pub version: String,
    /// Files that were missing and are back.
    pub files: u64,
    /// Orders that were waiting and will not be sent.
    pub cancelled: u64,
    /// Orders that were sent and whose outcome nobody knows.
    pub unknown: u64,
    /// Rollouts that were under way.
    pub paused: u64,
    /// Sessions that were ended.
    pub sessions: u64,
    /// The database that was in use before, if there was one.
    pub before: Option<PathBuf>,
}

/// Puts an archive's database and files in place of those under the data directory `data` of a
/// Manager that does not run. The archive is read to its end and its database opened before anything
/// is replaced; the database that was in use is kept beside it.
///
/// # Errors
///
/// See [`RestoreError`].
pub async fn restore(archive: &Path, data: &Path, clock: &Clock) -> Result<Restored, RestoreError> {
    let refused = |doing: String| move |source| RestoreError::Io { doing, source };
    let state = data.join(STATE);
    let draft = data.join(DRAFT);
    create_private_dir(data).map_err(refused(format!("create {data:?}")))?;
    clear(&draft).map_err(refused(format!("remove {draft:?}")))?;
    free(&state).await?;
    create_private_dir(&draft).map_err(refused(format!("create {draft:?}")))?;
    let done = replace(archive, data, &draft, clock).await;
    // After a failure it is of no use, after success it is empty.
    drop(clear(&draft));
    done
}

async fn replace(
    archive: &Path,
    data: &Path,
    draft: &Path,
    clock: &Clock,
) -> Result<Restored, RestoreError> {
    let refused = |doing: &str| {
        let doing = doing.to_owned();
        move |source| RestoreError::Io { doing, source }
    };
    let manifest = archive::unpack(archive, draft)?;
    let now = clock.now();
    let settled =
        open(&draft.join(STATE), (manifest.created_at, now)).await.map_err(RestoreError::Store)?;
    let files = bring(draft, data).map_err(refused("put the files in place"))?;
    let state = data.join(STATE);
    // It took a while: somebody may have started meanwhile.
    free(&state).await?;
    let before = swap(&draft.join(STATE), &state, now).map_err(refused("replace the database"))?;
    let Settled { cancelled, unknown, paused, sessions } = settled;
    let (created_at, version) = (manifest.created_at, manifest.version);
    Ok(Restored { created_at, version, files, cancelled, unknown, paused, sessions, before })
}

/// Opens the database of the archive, as it would be at a start, and makes it fit to go on.
async fn open(path: &Path, (made, now): (Timestamp, Timestamp)) -> Result<Settled, StoreError> {
    let store = Store::open(path).await?;
    let settled = settle(&store, made, now).await;
    store.close().await;
    let settled = settled?;
    if fold(path).await? { Ok(settled) } else { Err(StoreError::TooSlow) }
}

/// Makes sure that nobody uses the database, and that all of it is in one file where that is sound.
async fn free(state: &Path) -> Result<(), RestoreError> {
    if !state.exists() {
        return Ok(());
    }
    match fold(state).await {
        Ok(false) => Err(RestoreError::InUse(state.to_owned())),
        Ok(true) => Ok(()),
        // Damaged: that is what backups are for.
        Err(error) => {
            tracing::warn!(error = %elk_life::chain(&error), "the present database is unreadable");
            Ok(())
        }
    }
}

/// Puts files in place that are missing there; none is replaced, as their names are their digests.
fn bring(draft: &Path, data: &Path) -> io::Result<u64> {
    let mut brought = 0;
    for dir in DIRS {
        let to = data.join(dir);
        create_private_dir(&to)?;
        for entry in fs::read_dir(draft.join(dir))? {
            let entry = entry?;
            let place = to.join(entry.file_name());
            if !place.exists() {
                fs::rename(entry.path(), place)?;
                brought += 1;
            }
        }
        File::open(&to)?.sync_all()?;
    }
    Ok(brought)
}

/// Replaces the database at once; the old one gets another name, with its log if it still has one.
fn swap(new: &Path, state: &Path, now: Timestamp) -> io::Result<Option<PathBuf>> {
    let stamp = now.strftime("%Y%m%dT%H%M%S%3fZ");
    let beside = |of: &str| state.with_file_name(format!("{STATE}{of}"));
    let before = beside(&format!(".before-restore-{stamp}"));
    let had = state.exists();
    if had {
        fs::hard_link(state, &before)?;
    }
    for log in ["-wal", "-shm"] {
        let path = beside(log);
        if path.exists() {
            fs::rename(path, beside(&format!(".before-restore-{stamp}{log}")))?;
        }
    }
    fs::rename(new, state)?;
    if let Some(dir) = state.parent() {
        File::open(dir)?.sync_all()?;
    }
    Ok(had.then_some(before))
}

fn clear(draft: &Path) -> io::Result<()> {
    match fs::remove_dir_all(draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
