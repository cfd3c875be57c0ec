//! A backend under a version 1 authority, and the agent of `tests/foreign` that dials it.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use serde_json::Value;

use crate::backend::{Backend, has, skipped, wait_for};
use crate::start::make_reference_pki;

/// Where everything of the agent lies.
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/foreign");
/// What is kept from one run to the next.
const KEPT: &str = env!("CARGO_TARGET_TMPDIR");
const HANG: Duration = Duration::from_secs(60);

/// What was made once: an interpreter with what the agent needs, and two authorities.
struct Made {
    python: PathBuf,
    pki: PathBuf,
    other: PathBuf,
}

/// A backend, and what a foreign agent needs to dial it.
pub(super) struct Scene {
    pub(super) backend: Backend,
    pub(super) other: PathBuf,
    python: PathBuf,
    pki: PathBuf,
}

/// A scenario that is being run.
pub(super) struct Foreign {
    child: Child,
    input: Option<ChildStdin>,
    events: Receiver<Value>,
    complaints: PathBuf,
}

impl Scene {
    /// Starts a backend; `None`, after a line that says so, if a tool is missing.
    pub(super) fn new() -> Option<Self> {
        static MADE: OnceLock<Result<Made, String>> = OnceLock::new();
        if !has("openssl", "version") || !has("python3", "--version") {
            return None;
        }
        let made = match MADE.get_or_init(make) {
            Ok(made) => made,
            Err(why) => {
                skipped(why);
                return None;
            }
        };
        let pki = made.pki.display().to_string();
        let backend = Backend::start_with(0, &["--import-pki", &pki]);
        backend.login();
        let (python, pki, other) = (made.python.clone(), made.pki.clone(), made.other.clone());
        Some(Self { backend, other, python, pki })
    }

    /// Begins a scenario as agent `id`.
    pub(super) fn run(&self, scenario: &str, id: &str) -> Foreign {
        let endpoints = self.backend.endpoints();
        let text = |name: &str| endpoints[name].as_str().expect("an address").to_owned();
        let keys = fs::read_to_string(self.backend.path("keys/ac")).expect("a key");
        let complaints = self.backend.path(&format!("{id}.err"));
        let mut command = Command::new(&self.python);
        command
            .arg(Path::new(SOURCES).join("run.py"))
            .args([scenario, "--id", id, "--grpc", &text("ac_grpc"), "--http", &text("ac_http")])
            .args(["--aksk", &keys.trim().replace(' ', ":")])
            .arg("--ca")
            .arg(self.pki.join("ca.crt"))
            .arg("--cert")
            .arg(self.pki.join("client.crt"))
            .arg("--key")
            .arg(self.pki.join("client.key"))
            .arg("--other")
            .arg(&self.other)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&complaints).expect("a file"));
        let mut child = command.spawn().expect("python runs");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let (tell, events) = sync_channel(64);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let event = serde_json::from_str(&line).unwrap_or(Value::String(line));
                if tell.send(event).is_err() {
                    return;
                }
            }
        });
        Foreign { input: child.stdin.take(), child, events, complaints }
    }

    /// Returns what is known of an agent.
    pub(super) fn agent(&self, id: &str) -> Option<Value> {
        let said = self.backend.elkctl(&["agent", "get", id, "-o", "json"]);
        (said.code == Some(0)).then(|| said.items().remove(0))
    }

    /// Waits until what is known of an agent `fits`.
    #[track_caller]
    pub(super) fn agent_until(&self, id: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let mut found = Value::Null;
        wait_for(&format!("agent {id}"), || {
            found = self.agent(id).unwrap_or_default();
            !found.is_null() && fits(&found)
        });
        found
    }

    /// Gives an agent a task, and waits until it ends with exit code `code`; returns its result.
    #[track_caller]
    pub(super) fn task(&self, id: &str, order: (&str, i32, &str), code: i32) -> Value {
        let (plugin, kind, data) = order;
        let (agent, kind) = (format!("agent/{id}"), kind.to_string());
        let what = ["task", "create", "--plugin", plugin, "--data-type", &kind, "--data", data];
        let more = [agent.as_str(), "--wait", "--timeout", "50s", "-o", "json"];
        let task = self.backend.elkctl(&[&what[..], &more].concat()).ends(code);
        let task = task.items()[0]["id"].as_str().expect("an id").to_owned();
        self.backend.elkctl(&["task", "results", &task, "-o", "json"]).ends(0).items().remove(0)
    }

    /// Returns all files of the backend.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut open = vec![self.backend.path("")];
        while let Some(at) = open.pop() {
            for entry in fs::read_dir(at).expect("a directory") {
                let path = entry.expect("an entry").path();
                if path.is_dir() { open.push(path) } else { found.push(path) }
            }
        }
        found
    }
}

impl Foreign {
    /// Returns what happens next, which must be `event`.
    #[track_caller]
    pub(super) fn next(&mut self, event: &str) -> Value {
        let told = self.events.recv_timeout(HANG).unwrap_or_default();
        assert_eq!(told["event"], event, "{told} {}", self.complained());
        told
    }

    /// Lets it go on.
    pub(super) fn go_on(&mut self) {
        self.say("");
    }

    /// Lets it go on with `text`.
    pub(super) fn say(&mut self, text: &str) {
        let input = self.input.as_mut().expect("a pipe");
        writeln!(input, "{text}").expect("it reads");
    }

    /// Checks that it ended well.
    #[track_caller]
    pub(super) fn done(mut self) {
        self.next("done");
        assert!(self.child.wait().expect("it ends").success(), "{}", self.complained());
    }

    fn complained(&self) -> String {
        fs::read_to_string(&self.complaints).unwrap_or_default()
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Makes what is missing; other processes that run tests wait meanwhile.
fn make() -> Result<Made, String> {
    let kept = Path::new(KEPT).join("foreign");
    fs::create_dir_all(&kept).expect("a directory");
    let lock = File::create(kept.join("lock")).expect("a file");
    flock(&lock, FlockOperation::LockExclusive).expect("a lock");
    let pki = once(&kept.join("pki"), "1", |at| {
        make_reference_pki(at);
        Ok(())
    })?;
    let other = once(&kept.join("other"), "1", |at| {
        make_reference_pki(at);
        Ok(())
    })?;
    let wanted = fs::read_to_string(Path::new(SOURCES).join("requirements.txt")).expect("a list");
    let venv = once(&kept.join("venv"), &wanted, install)?;
    Ok(Made { python: venv.join("bin/python"), pki, other })
}

/// Makes a directory unless it is there, whole and for the same `stamp`.
fn once(
    at: &Path,
    stamp: &str,
    make: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<PathBuf, String> {
    let stamped = at.join("stamp");
    if !fs::read_to_string(&stamped).is_ok_and(|it| it == stamp) {
        drop(fs::remove_dir_all(at));
        fs::create_dir_all(at).expect("a directory");
        make(at)?;
        fs::write(stamped, stamp).expect("writes");
    }
    Ok(at.to_owned())
}

fn install(at: &Path) -> Result<(), String> {
    let list = Path::new(SOURCES).join("requirements.txt");
    let mut venv = Command::new("python3");
    tried("python3 -m venv", venv.args(["-m", "venv"]).arg(at))?;
    let mut pip = Command::new(at.join("bin/python"));
    let pip = pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
    tried("pip install", pip.arg(list))
}

fn tried(what: &str, command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{what}: {error}"))?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).trim().replace('\n', " ");
    if output.status.success() { Ok(()) } else { Err(format!("{what} failed: {said}")) }
}
