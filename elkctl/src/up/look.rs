//! Looking at a data directory before anything in it is repaired, made or removed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use elk_desk::{Exit, Failure};
use elk_trust::SERVER_NAME;
use elk_trust::tls::{Expect, client_config, server_config};
use rustix::fs::{FlockOperation, flock};
use serde_json::Value;

/// The first file of a directory: says whose it is, and is locked by who uses it.
pub(super) const MARKER: &str = "elk.json";
/// Stands beside it until the first start has made everything.
pub(super) const UNFINISHED: &str = "unfinished";
pub(super) const FORMAT: u64 = 1;

/// What the first start makes, and nothing later makes anew.
const KEPT: [&str; 11] = [
    "keys/ac",
    "keys/manager",
    "keys/sd",
    "pki/ca.crt",
    "pki/client.crt",
    "pki/client.key",
    "pki/server.crt",
    "pki/server.key",
    "manager/state.db",
    "manager/files",
    "ac",
];

/// A directory, as it was found.
pub(super) struct Found {
    pub(super) root: PathBuf,
    /// Locked as long as it lives; none if nothing was there yet.
    pub(super) marker: Option<File>,
    /// Whether a first start has still to make it, or the rest of it.
    pub(super) is_new: bool,
}

/// Looks at the directory; it is refused if anything in it is missing, damaged or too new.
pub(super) async fn look(root: Option<PathBuf>) -> anyhow::Result<Found> {
    let root = match root {
        Some(root) => root,
        None => default_root().context("there is no home directory; say --data DIR")?,
    };
    let path = root.join(MARKER);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            empty(&root)?;
            return Ok(Found { root, marker: None, is_new: true });
        }
        Err(error) => return Err(damaged(&root, format_args!("{MARKER}: {error}")).into()),
    };
    let value: Value = serde_json::from_slice(&text)
        .map_err(|error| damaged(&root, format_args!("{MARKER}: {error}")))?;
    let Some(format) = value["format"].as_u64() else {
        return Err(damaged(&root, format_args!("{MARKER} names no format")).into());
    };
    if format > FORMAT {
        let what = format!("{} was written by a later version (format {format})", root.display());
        return Err(untouched(&what).into());
    }
    let marker = File::open(&path).with_context(|| format!("could not open {}", path.display()))?;
    lock(&marker, &root)?;
    let is_new = root.join(UNFINISHED).exists();
    if !is_new {
        whole(&root).await?;
    }
    Ok(Found { root, marker: Some(marker), is_new })
}

/// The data directory of a Manager that does not run under `up`.
pub(crate) struct ManagerDir {
    pub(crate) path: PathBuf,
    /// Locked as long as it lives, if it is one of `up`.
    _marker: Option<File>,
}

/// Finds the Manager's directory under a data directory of `up`, or of the Manager alone.
pub(crate) fn manager_dir(root: Option<PathBuf>) -> Result<ManagerDir, Failure> {
    let usage = |what: String| Failure::new(Exit::Usage, what);
    let root = root.or_else(default_root);
    let root =
        root.ok_or_else(|| usage("there is no home directory; say --data DIR".to_owned()))?;
    if let Ok(marker) = File::open(root.join(MARKER)) {
        lock(&marker, &root).map_err(|failure| {
            let hint = "stop it first; `cluster backup` is what works while it runs";
            Failure { exit: Exit::Conflict, ..failure }.code("in_use").hint(hint)
        })?;
        return Ok(ManagerDir { path: root.join("manager"), _marker: Some(marker) });
    }
    if root.join("state.db").exists() {
        return Ok(ManagerDir { path: root, _marker: None });
    }
    let what = format!("{} is no data directory of elkctl up or elk-manager", root.display());
    Err(usage(what).hint("on a new host, start `elkctl up --data DIR` once and stop it"))
}

/// Takes the directory for this process.
pub(super) fn lock(marker: &File, root: &Path) -> Result<(), Failure> {
    if flock(marker, FlockOperation::NonBlockingLockExclusive).is_ok() {
        return Ok(());
    }
    let pid = owner(marker).map_or_else(String::new, |pid| format!(" (process {pid})"));
    let what = format!("{} is in use by another elkctl up{pid}", root.display());
    Err(untouched(&what))
}

/// Returns the process that has locked the file, where the system tells.
fn owner(marker: &File) -> Option<u32> {
    let inode = format!(":{}", marker.metadata().ok()?.ino());
    let locks = fs::read_to_string("/proc/locks").ok()?;
    locks.lines().find_map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        let [_, "FLOCK", _, _, pid, file, ..] = words[..] else { return None };
        if file.ends_with(&inode) { pid.parse().ok() } else { None }
    })
}

/// Refuses a directory that holds what somebody else put there.
fn empty(root: &Path) -> Result<(), Failure> {
    // A start that was killed at once may have left its first files, or drafts of them.
    let own = |name: &OsStr| {
        let name = name.to_string_lossy();
        name == UNFINISHED || [".elk.json.", ".unfinished."].iter().any(|it| name.starts_with(it))
    };
    let mut entries = match fs::read_dir(root) {
        Ok(entries) => entries.flatten(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            let what = format!("{} cannot be used: {error}", root.display());
            return Err(untouched(&what));
        }
    };
    if entries.any(|entry| !own(&entry.file_name())) {
        let what = format!("{} is not empty and holds no {MARKER}", root.display());
        return Err(untouched(&what));
    }
    Ok(())
}

/// Checks that everything is there and can be used.
async fn whole(root: &Path) -> Result<(), Failure> {
    for name in KEPT {
        if let Err(error) = fs::metadata(root.join(name)) {
            return Err(match error.kind() {
                io::ErrorKind::NotFound => damaged(root, format_args!("{name} is missing")),
                _ => damaged(root, format_args!("{name}: {error}")),
            });
        }
    }
    pki(root)?;
    for name in ["keys/ac", "keys/manager", "keys/sd"] {
        let text = read(root, name)?;
        if text.trim().split_once(' ').is_none_or(|(ak, sk)| ak.is_empty() || sk.is_empty()) {
            return Err(damaged(root, format_args!("{name} holds no pair of keys")));
        }
    }
    // Under Kafka there is a spool instead of a log, or beside one from before.
    let spool = root.join("spool");
    let has_spool = spool.exists();
    if has_spool {
        elk_bus::look(&spool).map_err(|error| refused(root, &error))?;
    }
    if !has_spool || root.join("log").exists() {
        elk_bus::look(&root.join("log")).map_err(|error| refused(root, &error))?;
    }
    let database = elk_manager::look(&root.join("manager")).await;
    database.map_err(|error| refused(root, &error))
}

fn pki(root: &Path) -> Result<(), Failure> {
    let read = |name: &str| read(root, &format!("pki/{name}"));
    let (ca, cert, key) = (read("ca.crt")?, read("server.crt")?, read("server.key")?);
    let server = server_config(cert.as_bytes(), key.as_bytes(), Some(ca.as_bytes()), &[]);
    server.map_err(|error| damaged(root, format_args!("pki: {}", elk_life::chain(&error))))?;
    let (cert, key) = (read("client.crt")?, read("client.key")?);
    let pair = Some((cert.as_bytes(), key.as_bytes()));
    let client = client_config(ca.as_bytes(), pair, Expect::Name(SERVER_NAME), &[]);
    client.map_err(|error| damaged(root, format_args!("pki: {}", elk_life::chain(&error))))?;
    Ok(())
}

fn read(root: &Path, name: &str) -> Result<String, Failure> {
    fs::read_to_string(root.join(name))
        .map_err(|error| damaged(root, format_args!("{name}: {error}")))
}

fn damaged(root: &Path, what: std::fmt::Arguments<'_>) -> Failure {
    untouched(&format!("{} is damaged: {what}", root.display()))
}

fn refused(root: &Path, error: &(dyn std::error::Error + 'static)) -> Failure {
    untouched(&format!("{} cannot be used: {}", root.display(), elk_life::chain(error)))
}

fn untouched(what: &str) -> Failure {
    // One sentence: what a cause says on lines of its own goes on in it.
    let what = what.split_whitespace().collect::<Vec<_>>().join(" ");
    Failure::new(Exit::Failure, format!("{what}; nothing was touched"))
}

fn default_root() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|it| it.is_absolute());
    let base = set("XDG_DATA_HOME").or_else(|| set("HOME").map(|it| it.join(".local/share")))?;
    Some(base.join("elk"))
}
