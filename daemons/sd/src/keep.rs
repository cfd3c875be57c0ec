//! The registry on disk, so that a restart does not forget who was there.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use elk_trust::files::{WriteError, write_private};
use serde::{Deserialize, Serialize};

use crate::state::Kept;

const FORMAT: u32 = 2;
const MAX_BYTES: u64 = 256 << 20;

#[derive(Serialize, Deserialize)]
struct Content {
    format: u32,
    instances: Vec<Kept>,
}

/// Why the file was not read. It holds nothing that renewals do not bring again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("cannot read it")]
    Io(#[from] io::Error),
    #[error("it is damaged")]
    Damaged(#[from] serde_json::Error),
    #[error("it has format {0}, which this version does not know")]
    Format(u32),
}

/// Reads the instances in `path`; none if there is no such file.
pub(crate) fn read(path: &Path) -> Result<Vec<Kept>, ReadError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut text = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut text)?;
    let content: Content = serde_json::from_slice(&text)?;
    if content.format == FORMAT {
        Ok(content.instances)
    } else {
        Err(ReadError::Format(content.format))
    }
}

/// Replaces what `path` holds.
pub(crate) fn write(path: &Path, instances: Vec<Kept>) -> Result<(), WriteError> {
    let content = Content { format: FORMAT, instances };
    let text = serde_json::to_vec(&content).expect("keys of the content are strings");
    write_private(path, &text)
}
