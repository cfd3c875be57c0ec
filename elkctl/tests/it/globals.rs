//! Flags that every command takes.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::backend::{Backend, command, run, run_reading};

#[test]
fn a_dry_run_shows_what_would_be_sent_and_changes_nothing() {
    let backend = Backend::with_agents(2);
    let one = backend.names(1).remove(0);
    let file = backend.path("plugin");
    fs::write(&file, "#!/bin/sh\n# elk-sim: ok\n").expect("writes");
    let file = file.display().to_string();
    backend.elkctl(&["component", "create", "watcher", "--type", "exec"]).ends(0);
    let order = ["task", "create", "--plugin", "collector", "--data-type", "5050", "--wait"];
    let publish = ["component", "publish", "watcher", "--version", "1.0.0.1", "--file", &file];
    let lines: [(&[&str], &str); 9] = [
        (&["tag", "add", "dry", "--all-agents"], "tag.add"),
        (&["tag", "remove", "dry", &one], "tag.remove"),
        (&[&order[..], &["-l", "status=running"]].concat(), "task.create"),
        (&["agent", "restart", "--all-agents"], "agent.restart"),
        (&["agent", "forget", "--all-agents"], "agent.forget"),
        (&["component", "create", "other", "--type", "exec"], "component.create"),
        (&publish, "component.publish"),
        (&["config", "set", "driver=1.0.0.1"], "config.set"),
        (&["config", "push", "--all-agents", "--wait"], "config.push"),
    ];
    let state = || {
        ["tag list", "task list", "component list", "config get", "agent count"].map(|line| {
            let args: Vec<_> = line.split(' ').chain(["-o", "jsonl"]).collect();
            backend.elkctl(&args).ends(0).out
        })
    };
    let before = state();
    for (line, id) in lines {
        // Nothing is asked: there is nothing to confirm.
        let said = backend.elkctl(&[line, &["--dry-run", "-o", "json"]].concat()).ends(0);
        let item = said.items().remove(0);
        assert_eq!(
            (said.json()["kind"].as_str(), item["id"].as_str()),
            (Some("Request"), Some(id))
        );
        let url = item["url"].as_str().expect("an address");
        assert!(url.starts_with(&backend.manager()), "{url}");
        let human = backend.elkctl(&[line, &["--dry-run"]].concat()).ends(0);
        assert!(human.out.starts_with("would send P"), "{}", human.out);
        assert!(human.out.ends_with("nothing was changed\n"), "{}", human.out);
        if line.contains(&"--all-agents") {
            assert!(human.err.contains(" 2 agents ("), "{}", human.err);
            assert!(human.err.contains("pass --confirm=2"), "{}", human.err);
        }
    }
    let said = backend.elkctl(&[&publish[..], &["--dry-run"]].concat()).ends(0);
    assert!(said.err.contains("would upload "), "{}", said.err);
    let user = ["user", "create", "eve", "--role", "viewer", "--password-stdin", "--dry-run"];
    let said = backend.elkctl_reading("a s3cret of eve\n", &user).ends(0);
    assert!(said.out.contains("<redacted>") && !said.out.contains("s3cret"), "{}", said.out);
    let raw = ["api", "POST", "/api/n1/components", "-f", "name=raw", "-f", "type=exec"];
    let said = backend.elkctl(&[&raw[..], &["--dry-run"]].concat()).ends(0);
    assert!(said.out.contains("\"name\": \"raw\""), "{}", said.out);
    assert_eq!(state(), before);
    let users = backend.elkctl(&["user", "list", "-o", "name"]).ends(0).lines();
    assert_eq!(users, ["user/admin"]);
    // What would be refused before it is sent, is.
    backend.elkctl(&["tag", "add", "dry", "--all-agents", "--expect", "9", "--dry-run"]).ends(7);
    for line in ["logout", "context delete x", "login -u admin"] {
        let args: Vec<_> = line.split(' ').chain(["--dry-run"]).collect();
        assert!(backend.elkctl(&args).ends(2).err.contains("--dry-run is for"), "{line}");
    }
    backend.elkctl(&["whoami"]).ends(0);
}

#[test]
fn requests_are_told_on_demand_without_what_is_secret() {
    let backend = Backend::start(0);
    let (server, password) = (backend.manager(), backend.password());
    let line = ["login", "--server", &server, "-u", "admin", "--password-stdin", "--store", "file"];
    let login = run_reading(command(backend.home()).args(line).arg("-vv"), &password).ends(0);
    assert!(login.err.contains("> POST "), "{}", login.err);
    let stored = backend.home().join(".local/state/elkctl/credentials");
    let stored = fs::read_dir(stored).expect("a directory").next().expect("one").expect("one");
    let stored = fs::read_to_string(stored.path()).expect("text");
    let token = serde_json::from_str::<Value>(&stored).expect("JSON")["token"].clone();
    let token = token.as_str().expect("a token");
    let quiet = backend.elkctl(&["agent", "list", "-o", "json"]).ends(0);
    assert_eq!(quiet.err, "");
    let once = backend.elkctl(&["agent", "list", "-o", "json", "-v"]).ends(0);
    let told = format!("GET {server}/api/n1/agents: 200 in ");
    assert!(once.err.starts_with(&told) && once.err.ends_with(" ms\n"), "{}", once.err);
    assert_eq!(once.err.lines().count(), 1);
    assert_eq!(once.items(), json!([]).as_array().cloned().expect("none"));
    let twice = backend.elkctl(&["agent", "list", "-vv"]).ends(0).err;
    assert!(twice.contains("/api/n1/agents?limit=100") && twice.contains("< "), "{twice}");
    assert!(twice.contains("> token: Sensitive"), "{twice}");
    for text in [&login.err, &once.err, &twice] {
        assert!(!text.contains(token) && !text.contains(password.trim()), "{text}");
    }
    let refused = backend.elkctl(&["agent", "get", "none", "-v"]).ends(6).err;
    assert!(refused.contains("/api/n1/agents/none: 404 in "), "{refused}");
    let named =
        |level: &str| run(command(backend.home()).env("ELKCTL_LOG", level).args(["agent", "list"]));
    assert!(named("debug").ends(0).err.starts_with(&told));
    assert_eq!(named("warn").ends(0).err, "");
    assert!(named("loud").ends(2).err.contains("ELKCTL_LOG is `loud`"));
}

#[test]
fn states_are_coloured_where_somebody_asks_for_it() {
    let backend = Backend::with_agents(2);
    let escapes = |args: &[&str], set: &[(&str, &str)]| -> BTreeSet<String> {
        let mut command = command(backend.home());
        let said = run(command.args(["agent", "list"]).args(args).envs(set.iter().copied()));
        let said = said.ends(0).out;
        said.split('\u{1b}').skip(1).map(|rest| rest.chars().take(4).collect()).collect()
    };
    let none = BTreeSet::<String>::new();
    let green: BTreeSet<_> = ["[32m".to_owned(), "[0m ".to_owned()].into();
    assert_eq!(escapes(&[], &[("TERM", "xterm")]), none, "into a pipe");
    assert_eq!(escapes(&["--color", "always"], &[("NO_COLOR", "1")]), green);
    assert_eq!(escapes(&[], &[("CLICOLOR_FORCE", "1")]), green);
    assert_eq!(escapes(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), none);
    assert_eq!(escapes(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]), none);
    for format in ["json", "jsonl", "yaml", "csv", "name"] {
        assert_eq!(escapes(&["--color", "always", "-o", format], &[]), none, "{format}");
    }
    let status = backend.elkctl(&["agent", "status", "--color", "always"]).ends(0).out;
    assert!(status.contains("\u{1b}[32mrunning\u{1b}[0m 2 100.00%   abnormal 0 "), "{status}");
    let checks = backend.elkctl(&["doctor", "--color", "always"]).out;
    assert!(checks.contains("D02  \u{1b}[32mok\u{1b}[0m       context "), "{checks}");
}

#[test]
fn a_prompt_shows_the_context_and_asks_no_server() {
    let home = tempfile::tempdir().expect("a directory");
    let prompt = |more: &[&str]| {
        let said = run(command(home.path()).args(["context", "prompt"]).args(more)).ends(0);
        assert_eq!(said.err, "");
        said.out
    };
    assert_eq!(prompt(&[]), "", "there is no context yet");
    let set = ["context", "set", "prod", "--server", "https://nowhere.invalid:6701"];
    run(command(home.path()).args(set).args(["--protected", "true", "--user", "alice"])).ends(0);
    run(command(home.path()).args(["context", "use", "prod"])).ends(0);
    assert_eq!(prompt(&[]), "prod!\n");
    assert_eq!(prompt(&["--format", "%u@%s"]), "alice@https://nowhere.invalid:6701\n");
    assert_eq!(prompt(&["-c", "gone"]), "");
}
