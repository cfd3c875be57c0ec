//! Copies of the store, and the way back from one.
//!
//! An archive holds the database as of one moment and the files it names; keys and certificates are
//! not in it. It is read with suspicion: nothing in it decides where a file is written.

mod archive;
pub(crate) mod http;
mod pack;
mod restore;
mod settle;

use std::io;
use std::path::Path;

pub use archive::{ArchiveError, Manifest, check};
pub use restore::{RestoreError, Restored, restore};

/// The copy of the database while it is sent.
const COPY: &str = "backup.db";

/// Removes a copy that was not sent to its end.
pub(crate) fn clean(data: &Path) -> io::Result<()> {
    for name in [COPY, "backup.db-journal"] {
        match std::fs::remove_file(data.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
