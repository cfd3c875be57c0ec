//! What `elkctl up` does with directories that are damaged, too new or half made.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal, kill_process};

use crate::backend::{Backend, Said, command, run, wait_for};

/// Everything in a directory: mode, change and content of each file.
fn snapshot(dir: &Path) -> BTreeMap<PathBuf, (u32, i64, i64, Vec<u8>)> {
    let mut all = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(path) = open.pop() {
        let meta = fs::metadata(&path).expect("is there");
        let mut content = Vec::new();
        if meta.is_dir() {
            open.extend(fs::read_dir(&path).expect("entries").map(|it| it.expect("one").path()));
        } else {
            content = fs::read(&path).expect("readable");
        }
        all.insert(path, (meta.mode(), meta.mtime(), meta.mtime_nsec(), content));
    }
    all
}

fn up(data: &Path, options: &[&str]) -> Said {
    let home = tempfile::tempdir().expect("a directory");
    run(command(home.path()).args(["up", "--ports", "auto", "--data"]).arg(data).args(options))
}

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp runs");
    assert!(done.success());
}

fn put(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = File::options().write(true).open(path).expect("opens");
    file.seek(SeekFrom::Start(at)).expect("seeks");
    file.write_all(bytes).expect("writes");
}

/// Leaves half a block at the end of a segment, as a crash does.
fn tear(data: &Path) -> PathBuf {
    let segments = fs::read_dir(data.join("log/p000")).expect("a partition");
    let segment = segments.map(|it| it.expect("one").path()).max().expect("a segment");
    let mut file = File::options().append(true).open(&segment).expect("opens");
    file.write_all(b"half a block").expect("writes");
    segment
}

/// A directory that was used and left, well or by a crash.
fn used(signal: Signal) -> (Backend, PathBuf) {
    let mut backend = Backend::with_agents(1);
    kill_process(Pid::from_child(&backend.process), signal).expect("runs");
    backend.process.wait().expect("ends");
    let path = backend.path("");
    (backend, path)
}

type Damage = fn(&Path);

const MISSING: [&str; 15] = [
    "manager/state.db",
    "manager/files",
    "manager",
    "log",
    "log/meta.json",
    "log/p003",
    "pki",
    "pki/ca.crt",
    "pki/server.crt",
    "pki/server.key",
    "pki/client.crt",
    "pki/client.key",
    "keys",
    "keys/ac",
    "ac",
];

const BROKEN: [(&str, Damage); 9] = [
    ("elk.json", |it| fs::write(it.join("elk.json"), "{\"form").expect("writes")),
    ("names no format", |it| fs::write(it.join("elk.json"), "{}").expect("writes")),
    ("later version", |it| {
        fs::write(it.join("elk.json"), "{\"format\":99}").expect("writes");
    }),
    ("schema 999", |it| put(&it.join("manager/state.db"), 60, &999_u32.to_be_bytes())),
    ("is no database", |it| put(&it.join("manager/state.db"), 0, b"junk")),
    ("format 99", |it| {
        let text = "{\"format\":99,\"partitions\":12}";
        fs::write(it.join("log/meta.json"), text).expect("writes");
    }),
    ("meta.json cannot be read", |it| {
        fs::write(it.join("log/meta.json"), "{").expect("writes");
    }),
    ("pki: ", |it| {
        let file = File::options().write(true).open(it.join("pki/server.crt"));
        file.expect("opens").set_len(99).expect("cuts");
    }),
    ("keys/sd", |it| fs::write(it.join("keys/sd"), "").expect("writes")),
];

#[test]
fn what_is_damaged_or_too_new_is_refused_in_one_sentence_and_not_touched() {
    let place = tempfile::tempdir().expect("a directory");
    let (_backend, whole) = used(Signal::TERM);
    let check = |name: &str, damage: &dyn Fn(&Path)| {
        let dir = place.path().join(name.replace(['/', ' '], "_"));
        copy(&whole, &dir);
        fs::write(dir.join("endpoints.json"), "stale").expect("writes");
        if dir.join("log/p000").exists() {
            tear(&dir);
        }
        damage(&dir);
        let before = snapshot(&dir);
        let said = up(&dir, &[]).ends(1);
        // A part of the log is named as the log knows it.
        let part = name.strip_prefix("log/").unwrap_or(name);
        assert!(said.err.contains(part), "{name}: {}", said.err);
        let lines: Vec<_> = said.err.trim_end().lines().collect();
        assert!(
            lines.len() == 1 && lines[0].ends_with("; nothing was touched"),
            "{name}: {lines:?}"
        );
        assert!(snapshot(&dir) == before, "{name}: something was touched");
    };
    for name in MISSING {
        check(name, &|dir| {
            let path = dir.join(name);
            fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path)).expect("removes");
        });
    }
    for (told, damage) in BROKEN {
        check(told, &damage);
    }
}

#[test]
fn a_torn_tail_alone_is_repaired_also_where_the_database_was_not_closed() {
    let (mut backend, data) = used(Signal::KILL);
    let segment = tear(&data);
    backend.restart(0);
    let bytes = fs::read(segment).expect("a segment");
    assert!(!bytes.windows(12).any(|it| it == b"half a block"));
    let kept = backend.elkctl(&["agent", "list", "-o", "name"]).ends(0).lines();
    assert_eq!(kept.len(), 1, "the session is kept too");
}

#[test]
fn no_password_is_written_that_is_not_the_admins() {
    let (mut backend, data) = used(Signal::TERM);
    let password = backend.password();
    fs::remove_file(data.join("admin-password")).expect("removes");
    backend.restart(0);
    assert!(!data.join("admin-password").exists());
    backend.login_as("admin", &password);
}

#[test]
fn a_first_start_that_fails_leaves_nothing_and_says_why() {
    let place = tempfile::tempdir().expect("a directory");
    let data = place.path().join("data");
    let config = place.path().join("up.toml");
    fs::write(&config, "[bus]\npartitions = 0\n").expect("writes");
    let said = up(&data, &["--config", &config.display().to_string()]).ends(1);
    assert!(said.err.contains("1 to 1024 partitions"), "{}", said.err);
    assert!(!data.exists(), "what was made is removed");
    let said = up(&data, &["--listen", "203.0.113.1"]).ends(2);
    assert!(said.err.contains("an address of this host"), "{}", said.err);
    let said = up(&data, &["--import-pki", &place.path().display().to_string()]).ends(1);
    assert!(said.err.contains("ca.crt"), "{}", said.err);
    // In use by this test, or by somebody else already.
    let _held = TcpListener::bind("127.0.0.1:8088");
    let home = tempfile::tempdir().expect("a directory");
    let said = run(command(home.path()).args(["up", "--data"]).arg(&data)).ends(9);
    assert!(said.err.contains("127.0.0.1:8088 for ServiceDiscovery"), "{}", said.err);
    assert!(said.err.contains("--ports auto"), "{}", said.err);
    assert!(!data.exists(), "nothing was made");
}

#[test]
fn a_first_start_that_was_killed_is_brought_to_its_end() {
    let mut backend = Backend::start(0);
    backend.process.kill().expect("runs");
    backend.process.wait().expect("ends");
    let data = backend.path("");
    assert!(!data.join("unfinished").exists());
    // As if it had been killed before the log was there.
    fs::remove_dir_all(data.join("log")).expect("removes");
    fs::remove_file(data.join("keys/ac")).expect("removes");
    fs::write(data.join("unfinished"), "").expect("writes");
    let password = backend.password();
    backend.restart(0);
    assert!(!data.join("unfinished").exists() && data.join("log/meta.json").exists());
    backend.login_as("admin", &password);
}

#[test]
fn endpoints_are_taken_back_at_once_and_told_when_everything_serves() {
    let (mut backend, data) = used(Signal::KILL);
    assert!(data.join("endpoints.json").exists(), "a crash leaves them");
    // A start that comes as far as the log.
    let held = File::open(data.join("log/LOCK")).expect("a file");
    flock(&held, FlockOperation::NonBlockingLockExclusive).expect("nobody has it");
    let said = up(&data, &[]).ends(1);
    assert!(said.err.contains("could not open the log"), "{}", said.err);
    assert!(!data.join("endpoints.json").exists());
    assert!(data.join("pki/ca.crt").exists(), "only a first start is undone");
    drop(held);
    backend.restart(0);
    for (name, address) in backend.endpoints().as_object().expect("an object") {
        let address = address.as_str().expect("text");
        let address = address.rsplit('/').next().expect("one");
        assert!(TcpStream::connect(address).is_ok(), "{name} {address}");
    }
    wait_for("a new owner", || File::open(data.join("log/LOCK")).is_ok());
}
