//! The real binary, run the way a user runs it: from an empty home, over real sockets.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// A running `elkctl up`, and the home of who uses it.
pub(crate) struct Backend {
    pub(crate) process: Child,
    dir: TempDir,
    home: TempDir,
}

impl Drop for Backend {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// How a command ended and what it said.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Said {
    /// Checks how it ended.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{} {}", self.out, self.err);
        self
    }

    /// Returns the document on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect(&self.err)
    }

    /// Returns the document's objects.
    #[track_caller]
    pub(crate) fn items(&self) -> Vec<Value> {
        self.json()["items"].as_array().expect("items").clone()
    }

    /// Returns the lines of standard output.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.out.lines().map(str::to_owned).collect()
    }
}

impl Backend {
    /// Starts it with this many simulated agents.
    pub(crate) fn start(agents: usize) -> Self {
        Self::start_with(agents, &[])
    }

    /// Starts it with further options of `up`.
    pub(crate) fn start_with(agents: usize, options: &[&str]) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let home = tempfile::tempdir().expect("a directory");
        let process = up(dir.path(), home.path(), agents, options);
        let backend = Self { process, dir, home };
        backend.wait_until_it_serves();
        backend
    }

    /// Starts it, signs in, and waits until all agents run.
    pub(crate) fn with_agents(agents: usize) -> Self {
        let backend = Self::start(agents);
        backend.login();
        wait_for("running agents", || {
            let status = backend.elkctl(&["agent", "status", "-o", "json"]).ends(0).items();
            status[0]["running"] == agents
        });
        backend
    }

    pub(crate) fn wait_until_it_serves(&self) {
        wait_for("endpoints.json", || self.path("endpoints.json").exists());
    }

    /// Ends it as a crash does and starts it again on the same directory.
    pub(crate) fn crash_and_restart(&mut self, agents: usize) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it ends");
        self.restart(agents);
    }

    /// Ends it as an operator does.
    pub(crate) fn stop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it runs");
        self.process.wait().expect("it ends");
    }

    /// Starts it again on the same directory.
    pub(crate) fn restart(&mut self, agents: usize) {
        drop(fs::remove_file(self.path("endpoints.json")));
        self.process = up(self.dir.path(), self.home.path(), agents, &[]);
        self.wait_until_it_serves();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn password(&self) -> String {
        fs::read_to_string(self.path("admin-password")).expect("a password").trim().to_owned()
    }

    pub(crate) fn endpoints(&self) -> Value {
        serde_json::from_slice(&fs::read(self.path("endpoints.json")).expect("a file"))
            .expect("JSON")
    }

    pub(crate) fn manager(&self) -> String {
        self.endpoints()["manager"].as_str().expect("an address").to_owned()
    }

    /// Runs a command.
    pub(crate) fn elkctl(&self, args: &[&str]) -> Said {
        run(command(self.home()).args(args))
    }

    /// Runs a command that reads `input`.
    pub(crate) fn elkctl_reading(&self, input: &str, args: &[&str]) -> Said {
        run_reading(command(self.home()).args(args), input)
    }

    pub(crate) fn login(&self) {
        self.login_as("admin", &self.password());
    }

    pub(crate) fn login_as(&self, user: &str, password: &str) {
        let server = self.manager();
        let line =
            ["login", "--server", &server, "-u", user, "--password-stdin", "--store", "file"];
        self.elkctl_reading(password, &line).ends(0);
    }

    /// Returns the names of some agents, as commands take them.
    pub(crate) fn names(&self, count: usize) -> Vec<String> {
        let count = count.to_string();
        self.elkctl(&["agent", "list", "--limit", &count, "-o", "name"]).ends(0).lines()
    }
}

/// Waits, a minute at most.
#[track_caller]
pub(crate) fn wait_for(what: &str, done: impl FnMut() -> bool) {
    let came = came_within(Duration::from_secs(60), done);
    assert!(came, "{what} did not come within a minute");
}

pub(crate) fn came_within(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    for _ in 0..limit.as_millis() / 50 {
        if done() {
            return true;
        }
        pause(50);
    }
    done()
}

pub(crate) fn pause(ms: u64) {
    #[expect(clippy::disallowed_methods, reason = "no runtime: the test watches processes")]
    std::thread::sleep(Duration::from_millis(ms));
}

/// Returns the binary with an environment of nothing but a home.
pub(crate) fn command(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_elkctl"));
    command.env_clear().env("HOME", home).env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
    command
}

pub(crate) fn run(command: &mut Command) -> Said {
    command.output().expect("elkctl runs").into()
}

pub(crate) fn run_reading(command: &mut Command, input: &str) -> Said {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("elkctl runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A command that refuses its flags reads nothing.
    drop(stdin.write_all(input.as_bytes()));
    drop(stdin);
    child.wait_with_output().expect("elkctl ends").into()
}

pub(crate) fn up(dir: &Path, home: &Path, agents: usize, options: &[&str]) -> Child {
    command(home)
        .args(["up", "--ports", "auto", "--demo", &agents.to_string(), "--data"])
        .arg(dir)
        .args(options)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("elkctl runs")
}

/// Returns whether a tool of the system is there; says so if not, and fails where all are required.
pub(crate) fn has(tool: &str, probe: &str) -> bool {
    let there = Command::new(tool).arg(probe).output().is_ok();
    if !there {
        skipped(&format!("the tool {tool} is missing"));
    }
    there
}

/// Says why a test is left out; fails where none may be.
#[expect(clippy::print_stdout, reason = "whoever runs the tests is told what was left out")]
pub(crate) fn skipped(why: &str) {
    let all = std::env::var("ELK_REQUIRE_ALL").is_ok_and(|it| it == "1");
    assert!(!all, "{why}");
    println!("skipped: {why}");
}
