//! What an archive holds, and reading it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use elk_model::Sha256;
use elk_trust::files::create_private_dir;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

/// The newest format of archives.
pub(super) const FORMAT: u32 = 1;
/// The last entry: it makes the archive whole.
pub(super) const MANIFEST: &str = "manifest.json";
/// The database.
pub(super) const STATE: &str = "state.db";
/// Directories of files beside it.
pub(super) const DIRS: [&str; 2] = ["files", "agent-files"];

/// The largest manifest that is read.
const MAX_MANIFEST: u64 = 64 << 20;
const CHUNK: usize = 128 << 10;

/// An entry of an archive.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) bytes: u64,
    pub(super) sha256: Sha256,
}

/// What an archive says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub(super) format: u32,
    /// The version of Elk that wrote it.
    pub version: String,
    /// When it was begun.
    pub created_at: Timestamp,
    /// The schema of the database.
    pub schema: i64,
    pub(super) entries: BTreeMap<String, Entry>,
}

impl Manifest {
    /// Returns how many files there are beside the database.
    pub fn files(&self) -> usize {
        self.entries.keys().filter(|name| *name != STATE).count()
    }
}

/// Why an archive cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file cannot be read, or what is in it cannot be written.
    #[error("the archive cannot be read or unpacked")]
    Io(#[from] io::Error),
    /// It has no end: it was cut off, or is no backup.
    #[error(
        "the archive is not whole: it has no {MANIFEST}; it was cut off, or is no backup of Elk"
    )]
    Cut,
    /// A later version wrote it.
    #[error("the archive has format {0}; this version reads up to {FORMAT}")]
    TooNew(u32),
    /// Its manifest cannot be read.
    #[error("the archive's {MANIFEST} cannot be read")]
    Manifest(#[from] serde_json::Error),
    /// It holds something that does not belong there, or not what its manifest says.
    #[error("the archive is damaged: {0}")]
    Damaged(String),
}

/// Returns whether a name is one that files are stored under.
pub(super) fn is_name(name: &str) -> bool {
    matches!(name.len(), 32 | 64) && name.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

/// Returns the names of an entry if it is one that archives have: all that is ever written is here.
fn place(name: &str) -> Option<PathBuf> {
    if name == STATE {
        return Some(PathBuf::from(STATE));
    }
    let (dir, file) = name.split_once('/')?;
    (DIRS.contains(&dir) && is_name(file)).then(|| Path::new(dir).join(file))
}

/// Reads a whole archive and finds out whether it is sound; writes nothing.
///
/// # Errors
///
/// See [`ArchiveError`].
pub fn check(archive: &Path) -> Result<Manifest, ArchiveError> {
    read(File::open(archive)?, None)
}

/// Writes what an archive holds into an empty directory.
pub(super) fn unpack(archive: &Path, to: &Path) -> Result<Manifest, ArchiveError> {
    for dir in DIRS {
        create_private_dir(&to.join(dir))?;
    }
    read(File::open(archive)?, Some(to))
}

fn read(archive: impl Read, to: Option<&Path>) -> Result<Manifest, ArchiveError> {
    let mut archive = tar::Archive::new(BufReader::with_capacity(CHUNK, archive));
    let mut found = BTreeMap::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        if name == MANIFEST {
            let manifest = manifest(&mut entry)?;
            same(&manifest, &found)?;
            return Ok(manifest);
        }
        let odd = || ArchiveError::Damaged(format!("it holds {:?}", clip(&name)));
        let place = place(&name).filter(|_| entry.header().entry_type().is_file());
        let place = place.ok_or_else(odd)?;
        if found.contains_key(&name) {
            return Err(odd());
        }
        let read = match to {
            Some(to) => {
                let mut file = File::create_new(to.join(place))?;
                let read = pour(&mut entry, &mut file)?;
                file.sync_all()?;
                read
            }
            None => pour(&mut entry, &mut io::sink())?,
        };
        found.insert(name, read);
    }
    Err(ArchiveError::Cut)
}

fn manifest(entry: &mut impl Read) -> Result<Manifest, ArchiveError> {
    /// Of any format there will be.
    #[derive(Deserialize)]
    struct Head {
        format: u32,
    }
    let mut text = Vec::new();
    entry.take(MAX_MANIFEST).read_to_end(&mut text)?;
    let head: Head = serde_json::from_slice(&text)?;
    if head.format > FORMAT {
        return Err(ArchiveError::TooNew(head.format));
    }
    Ok(serde_json::from_slice(&text)?)
}

fn same(manifest: &Manifest, found: &BTreeMap<String, Entry>) -> Result<(), ArchiveError> {
    let names = manifest.entries.keys().chain(found.keys());
    let mut odd = names.filter(|it| manifest.entries.get(*it) != found.get(*it));
    if let Some(name) = odd.next() {
        let what = format!("{:?} is not what its manifest says", clip(name));
        return Err(ArchiveError::Damaged(what));
    }
    if !found.contains_key(STATE) {
        return Err(ArchiveError::Damaged(format!("it has no {STATE}")));
    }
    // Files of components are told by their names from what agents were promised.
    let wrong = found.iter().find(|(name, entry)| {
        let digest = name.strip_prefix("files/").filter(|it| it.len() == 64);
        digest.is_some_and(|it| it != entry.sha256.to_string())
    });
    match wrong {
        Some((name, _)) => Err(ArchiveError::Damaged(format!("{name} has another digest"))),
        None => Ok(()),
    }
}

fn pour(from: &mut impl Read, to: &mut impl Write) -> io::Result<Entry> {
    let (mut sha, mut bytes, mut buffer) = (sha2::Sha256::new(), 0, vec![0; CHUNK]);
    loop {
        let read = from.read(&mut buffer)?;
        let chunk = buffer.get(..read).unwrap_or_default();
        if chunk.is_empty() {
            return Ok(Entry { bytes, sha256: Sha256::from_bytes(sha.finalize().into()) });
        }
        sha.update(chunk);
        to.write_all(chunk)?;
        bytes += chunk.len() as u64;
    }
}

fn clip(name: &str) -> String {
    name.chars().take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(entries: &[(&str, &[u8])], said: Option<&[(&str, &[u8])]>) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        let mut append = |name: &str, content: &[u8]| {
            let mut header = tar::Header::new_gnu();
            let field = &mut header.as_gnu_mut().unwrap().name;
            field[..name.len()].copy_from_slice(name.as_bytes());
            header.set_size(content.len() as u64);
            header.set_entry_type(tar::EntryType::Regular);
            header.set_cksum();
            builder.append(&header, content).unwrap();
        };
        entries.iter().for_each(|(name, content)| append(name, content));
        if let Some(said) = said {
            let entry = |content: &[u8]| Entry {
                bytes: content.len() as u64,
                sha256: Sha256::from_bytes(sha2::Sha256::digest(content).into()),
            };
            let entries =
                said.iter().map(|(name, content)| ((*name).to_owned(), entry(content))).collect();
            let created_at = Timestamp::UNIX_EPOCH;
            let version = "0.1.0".to_owned();
            let manifest = Manifest { format: FORMAT, version, created_at, schema: 9, entries };
            append(MANIFEST, &serde_json::to_vec(&manifest).unwrap());
        }
        builder.into_inner().unwrap()
    }

    fn refused(bytes: &[u8]) -> String {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("inner");
        create_private_dir(&inner).unwrap();
        for dir in DIRS {
            create_private_dir(&inner.join(dir)).unwrap();
        }
        let error = read(bytes, Some(&inner)).unwrap_err();
        let outside: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
        assert_eq!(outside.len(), 1, "something was written elsewhere: {outside:?}");
        elk_life::chain(&error).to_string()
    }

    #[test]
    fn an_archive_that_is_whole_is_read() {
        let md5 = format!("agent-files/{}", "a".repeat(32));
        let entries: &[(&str, &[u8])] = &[(STATE, b"database"), (&md5, b"a file")];
        let manifest = read(&*archive(entries, Some(entries)), None).unwrap();
        assert_eq!((manifest.files(), manifest.schema), (1, 9));
    }

    #[test]
    fn what_is_cut_changed_or_foreign_is_refused() {
        let state: (&str, &[u8]) = (STATE, b"database");
        let file = format!("files/{}", "0".repeat(64));
        let evil: &[&str] =
            &["../evil", "/tmp/evil", "files/../../evil", "files/x", "state.db-wal", "elk.json"];
        for name in evil {
            let entries: &[(&str, &[u8])] = &[(name, b"x"), state];
            assert!(refused(&archive(entries, Some(entries))).contains("it holds"), "{name}");
        }
        for (bytes, why) in [
            (archive(&[state], None), "not whole"),
            (archive(&[state], Some(&[(STATE, b"databasE")])), "not what its manifest says"),
            (archive(&[], Some(&[state])), "not what its manifest says"),
            (archive(&[], Some(&[])), "has no state.db"),
            (archive(&[state, state], Some(&[state])), "it holds"),
            (archive(&[state, (&file, b"x")], Some(&[state, (&file, b"x")])), "another digest"),
            (b"no archive".to_vec(), "archive"),
            (Vec::new(), "not whole"),
        ] {
            let said = refused(&bytes);
            assert!(said.contains(why), "{why}: {said}");
        }
    }

    #[test]
    fn an_archive_cut_anywhere_is_refused() {
        let entries: &[(&str, &[u8])] = &[(STATE, b"database")];
        let whole = archive(entries, Some(entries));
        let end = whole.iter().rposition(|it| *it == b'}').unwrap();
        for at in (0..=end).step_by(97) {
            refused(&whole[..at]);
        }
    }

    #[test]
    fn a_link_is_refused() {
        let mut header = tar::Header::new_gnu();
        header.set_path(STATE).unwrap();
        header.set_size(0);
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_link_name("/etc/passwd").unwrap();
        header.set_cksum();
        let mut builder = tar::Builder::new(Vec::new());
        builder.append(&header, io::empty()).unwrap();
        assert!(refused(&builder.into_inner().unwrap()).contains("it holds"));
    }
}
