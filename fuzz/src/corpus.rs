//! Reading the inputs that are committed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A corpus cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("could not read the corpus {path:?}")]
pub struct CorpusError {
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// Returns the inputs of a target, in the order of their names.
///
/// # Errors
///
/// [`CorpusError`] if the directory or one of its files cannot be read.
pub fn read(corpus: &Path, target: &str) -> Result<Vec<Vec<u8>>, CorpusError> {
    let dir = corpus.join(target);
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| CorpusError { path, source }
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(&dir).map_err(failed(&dir))? {
        paths.push(entry.map_err(failed(&dir))?.path());
    }
    paths.sort();
    paths.iter().map(|path| fs::read(path).map_err(failed(path))).collect()
}
