//! The README's session against a real backend: real binaries, real sockets.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

struct Backend {
    process: Child,
    dir: TempDir,
    home: TempDir,
}

impl Drop for Backend {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Backend {
    fn start(agents: &str) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let home = tempfile::tempdir().expect("a directory");
        let process = up(dir.path(), home.path(), agents);
        let backend = Self { process, dir, home };
        wait_for("endpoints.json", || backend.dir.path().join("endpoints.json").exists());
        backend
    }

    fn password(&self) -> String {
        fs::read_to_string(self.dir.path().join("admin-password")).expect("a password")
    }

    fn manager(&self) -> String {
        let text = fs::read(self.dir.path().join("endpoints.json")).expect("endpoints");
        let value: Value = serde_json::from_slice(&text).expect("JSON");
        value["manager"].as_str().expect("an address").to_owned()
    }

    fn elkctl(&self, args: &[&str]) -> Output {
        command(self.home.path()).args(args).output().expect("elkctl runs")
    }

    fn login(&self) {
        let mut child = command(self.home.path())
            .args(["login", "--server", &self.manager(), "-u", "admin"])
            .args(["--password-stdin", "--store", "file"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("elkctl runs");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(self.password().as_bytes()).expect("a reader");
        drop(input);
        assert!(child.wait().expect("an end").success());
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.elkctl(args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        serde_json::from_slice(&output.stdout).expect(&said)
    }
}

fn wait_for(what: &str, done: impl Fn() -> bool) {
    for _ in 0..1_200 {
        if done() {
            return;
        }
        #[expect(clippy::disallowed_methods, reason = "no runtime: the test watches processes")]
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(done(), "{what} did not come within a minute");
}

fn command(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_elkctl"));
    command.env_clear().env("HOME", home).env("PATH", "/usr/bin:/bin");
    command
}

fn up(dir: &Path, home: &Path, agents: &str) -> Child {
    command(home)
        .args(["up", "--ports", "auto", "--demo", agents, "--data"])
        .arg(dir)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("elkctl runs")
}

#[test]
fn the_first_session_of_the_readme_works_from_an_empty_home() {
    let backend = Backend::start("50");
    backend.login();
    wait_for("fifty running agents", || {
        let list = backend.json(&["agent", "list", "--all", "-l", "status=running", "-o", "json"]);
        list["items"].as_array().is_some_and(|it| it.len() == 50)
    });
    let list = backend.json(&["agent", "list", "--all", "-o", "json"]);
    for key in ["id", "hostname", "status", "version", "tags"] {
        assert!(list["items"][0].get(key).is_some(), "{key}");
    }
    let names = backend.elkctl(&["agent", "list", "--limit", "5", "-o", "name"]).stdout;
    let names = String::from_utf8(names).unwrap();
    let names: Vec<_> = names.split_whitespace().collect();
    assert_eq!(names.len(), 5);
    let tag: Vec<_> =
        ["tag", "add", "canary"].into_iter().chain(names.clone()).chain(["--yes"]).collect();
    assert_eq!(backend.elkctl(&tag).status.code(), Some(0));
    let task = backend.elkctl(&[
        "task",
        "create",
        "--plugin",
        "collector",
        "--data-type",
        "5050",
        "--data",
        "{}",
        "-l",
        "tag=canary",
        "--wait",
        "--timeout",
        "30s",
    ]);
    assert_eq!(task.status.code(), Some(0), "{}", String::from_utf8_lossy(&task.stderr));
    let said = String::from_utf8(task.stdout).unwrap();
    assert!(said.contains("5 succeeded"), "{said}");
    assert_eq!(backend.elkctl(&["agent", "get", "no-such-agent"]).status.code(), Some(6));
    assert_eq!(backend.elkctl(&["agent", "inspect", names[0]]).status.code(), Some(0));
    let status = backend.json(&["cluster", "status", "-o", "json"]);
    assert_eq!(status["items"][0]["problems"], serde_json::json!([]));
}

#[test]
fn after_kill_dash_nine_agents_tags_and_sessions_are_still_there() {
    let mut backend = Backend::start("3");
    backend.login();
    wait_for("three agents", || {
        let list = backend.json(&["agent", "list", "-o", "json"]);
        list["items"].as_array().is_some_and(|it| it.len() == 3)
    });
    let tag = backend.elkctl(&["tag", "add", "kept", "--all-agents", "--confirm", "3"]);
    assert_eq!(tag.status.code(), Some(0), "{}", String::from_utf8_lossy(&tag.stderr));
    backend.process.kill().unwrap();
    backend.process.wait().unwrap();
    fs::remove_file(backend.dir.path().join("endpoints.json")).unwrap();
    backend.process = up(backend.dir.path(), backend.home.path(), "0");
    wait_for("endpoints.json", || backend.dir.path().join("endpoints.json").exists());
    let list = backend.json(&["agent", "list", "-l", "tag=kept", "-o", "json"]);
    assert_eq!(list["items"].as_array().unwrap().len(), 3);
}

#[test]
fn a_directory_that_is_not_its_own_is_refused_and_not_touched() {
    let (dir, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (name, text) in [("elk.json", "{\"format\":99}"), ("elk.json", "junk")] {
        fs::write(dir.path().join(name), text).unwrap();
        let refused = command(home.path())
            .args(["up", "--ports", "auto", "--data"])
            .arg(dir.path())
            .output()
            .unwrap();
        assert!(!refused.status.success());
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("nothing was touched"), "{said}");
        assert_eq!(fs::read_to_string(dir.path().join(name)).unwrap(), text);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}

#[test]
fn the_references_curl_login_works_and_its_token_opens_get_status() {
    if Command::new("curl").arg("--version").output().is_err() {
        assert!(std::env::var_os("ELK_REQUIRE_ALL").is_none(), "curl is missing");
        println!("skipped: curl is missing");
        return;
    }
    let backend = Backend::start("1");
    let base = backend.manager();
    let body = serde_json::json!({ "username": "admin", "password": backend.password().trim() });
    let curl = |args: &[&str]| {
        let output = Command::new("curl").arg("-s").args(args).output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let login = format!("{base}/api/v1/user/login");
    let answer =
        curl(&["--location", "--request", "POST", &login, "--data-raw", &body.to_string()]);
    assert_eq!(answer["code"], 0, "{answer}");
    let header = format!("token: {}", answer["data"]["token"].as_str().unwrap());
    let url = format!("{base}/api/v1/agent/getStatus");
    let status = curl(&["--location", "--request", "GET", &url, "-H", &header]);
    assert_eq!(status["code"], 0, "{status}");
    assert!(status["data"]["items"].is_array(), "{status}");
}
