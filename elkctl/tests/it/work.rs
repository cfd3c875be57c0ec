//! Orders to agents, what they run, and the records they send.

use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::backend::{Backend, command, run, wait_for};

/// An order that no agent answers: none has this plugin.
const UNANSWERED: [&str; 6] = ["task", "create", "--plugin", "absent", "--data-type", "1"];

#[test]
fn a_wait_ends_as_the_task_did() {
    let backend = Backend::with_agents(3);
    let one = backend.names(1).remove(0);
    let done = ["task", "create", "--plugin", "collector", "--data-type", "5050", &one, "--wait"];
    let done = backend.elkctl(&[&done[..], &["--timeout", "30s", "-o", "json"]].concat()).ends(0);
    assert_eq!(done.items()[0]["counts"]["succeeded"], 1);
    assert_eq!(done.items()[0]["state"], "finished");

    let more = [one.as_str(), "--wait", "--timeout", "1s"];
    let pending = backend.elkctl(&[&UNANSWERED[..], &more].concat()).ends(8);
    assert!(pending.err.contains("still going on: elkctl task get task-"), "{}", pending.err);

    let more = [one.as_str(), "--wait", "--agent-timeout", "1s", "--timeout", "30s"];
    let failed = backend.elkctl(&[&UNANSWERED[..], &more].concat()).ends(10);
    assert!(failed.err.contains("elkctl task results task-"), "{}", failed.err);
    assert!(failed.out.contains("1 timed_out"), "{}", failed.out);
    let task = failed.out.split(':').next().expect("an id");
    let results = ["task", "results", task, "--state", "timed_out", "-o", "json"];
    let results = backend.elkctl(&results).ends(0).items();
    assert_eq!(results.len(), 1);
    assert_eq!(format!("agent/{}", results[0]["agent"].as_str().expect("an id")), one);
    backend.elkctl(&["task", "results", task, "--state", "nonsense"]).ends(2);
    // Once more, for those it did not succeed on.
    assert!(failed.err.contains("elkctl task retry task-"), "{}", failed.err);
    let again = backend.elkctl(&["task", "retry", task, "--wait", "-o", "json"]).ends(10).items();
    assert_eq!((&again[0]["targets"], &again[0]["counts"]["timed_out"]), (&json!(1), &json!(1)));
    assert_ne!(again[0]["id"], task);
    backend.elkctl(&["task", "retry", task, "--state", "unknown"]).ends(7);
    backend.elkctl(&["task", "retry", task, "--state", "succeeded"]).ends(2);
    // What has ended stays as it ended.
    let ended = backend.elkctl(&["task", "cancel", task, "-o", "json"]).ends(0).items();
    assert_eq!(ended[0]["state"], "finished");
    backend.elkctl(&["task", "get", "task/task-none"]).ends(6);
}

#[test]
fn an_interrupted_wait_says_that_the_task_goes_on() {
    let backend = Backend::with_agents(1);
    let one = backend.names(1).remove(0);
    for (signal, code, name) in
        [(Signal::INT, 130, "interrupted"), (Signal::TERM, 143, "terminated")]
    {
        let said = backend.path(name);
        let mut child = command(backend.home())
            .args(UNANSWERED)
            .args([one.as_str(), "--wait"])
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&said).expect("a file"))
            .spawn()
            .expect("elkctl runs");
        let text = || std::fs::read_to_string(&said).expect("text");
        let task = || {
            let text = text();
            text.lines().find_map(|line| line.strip_prefix("waiting for ")).map(str::to_owned)
        };
        wait_for("the wait", || task().is_some());
        let task = task().expect("is waited for");
        wait_for("the order on its way", || {
            let results = backend.elkctl(&["task", "results", &task, "-o", "json"]).ends(0);
            results.items().iter().any(|it| it["state"] == "sent" || it["state"] == "acked")
        });
        kill_process(Pid::from_child(&child), signal).expect("it runs");
        assert_eq!(child.wait().expect("ends").code(), Some(code));
        let told = format!("{name}; {task} goes on without being watched");
        assert!(text().contains(&told), "{}", text());
        assert!(text().contains(&format!("hint: elkctl task get {task} --wait")), "{}", text());
        // What the hint says watches it again.
        backend.elkctl(&["task", "get", &task, "--wait", "--timeout", "1s"]).ends(8);
    }
    let tasks = backend.elkctl(&["task", "list", "-o", "json"]).ends(0).items();
    assert_eq!(tasks[0]["state"], "running");
}

#[test]
fn a_component_is_published_configured_and_pushed() {
    let backend = Backend::with_agents(2);
    let file = backend.path("plugin");
    std::fs::write(&file, "#!/bin/sh\n# elk-sim: ok\n").expect("writes");
    let file = file.display().to_string();
    backend.elkctl(&["component", "create", "watcher", "--type", "exec"]).ends(0);
    backend.elkctl(&["component", "create", "watcher", "--type", "exec"]).ends(7);
    backend.elkctl(&["component", "create", "watcher2", "--type", "zip"]).ends(2);
    let publish = ["component", "publish", "watcher", "--version", "1.0.0.7", "--file", &file];
    let published = backend.elkctl(&[&publish[..], &["-o", "json"]].concat()).ends(0);
    assert!(published.err.contains("sha256"), "{}", published.err);
    assert_eq!(published.items()[0]["files"][0]["variant"], "default");
    std::fs::write(&file, "another content").expect("writes");
    backend.elkctl(&publish).ends(7);
    let versions = backend.elkctl(&["component", "versions", "watcher", "-o", "name"]).ends(0);
    assert_eq!(versions.lines(), ["version/1.0.0.7"]);
    backend.elkctl(&["component", "get", "nothing"]).ends(6);

    backend.elkctl(&["config", "set", "watcher=9.9.9.9", "--yes"]).ends(2);
    // Agents get it when they connect again: so many agents are named, and one has to say yes.
    let asked = backend.elkctl(&["config", "set", "watcher=1.0.0.7"]).ends(2);
    assert!(asked.err.contains("2 agents") && asked.err.contains("--yes"), "{}", asked.err);
    let before = backend.elkctl(&["config", "get", "-o", "json"]).ends(0).items().remove(0);
    assert_eq!(before["revision"], 0);
    backend.elkctl(&["config", "set", "watcher"]).ends(2);
    backend.elkctl(&["config", "set", "--remove", "absent"]).ends(6);
    backend.elkctl(&["config", "set"]).ends(2);
    backend
        .elkctl(&["config", "set", "watcher=1.0.0.7", "--detail", "watcher=quick", "--yes"])
        .ends(0);
    let profile = backend.elkctl(&["config", "get", "-o", "json"]).ends(0).items().remove(0);
    let wanted = json!({"watcher": {"version": "1.0.0.7", "detail": "quick"}});
    assert_eq!((&profile["plugins"], &profile["revision"]), (&wanted, &json!(1)));
    backend.elkctl(&["config", "set", "--detail", "watcher=", "--revision", "0", "--yes"]).ends(7);
    let yaml = backend.elkctl(&["config", "get", "-o", "yaml"]).ends(0).out;
    assert!(yaml.contains("version: \"1.0.0.7\""), "{yaml}");

    let one = backend.names(1).remove(0);
    let config = ["config", "get", "--agent", &one, "-o", "json"];
    assert_eq!(backend.elkctl(&config).ends(0).items()[0]["in_sync"], false);
    let remove = ["config", "push", &one, "--remove-all-plugins"];
    backend.elkctl(&[&remove[..], &["--yes"]].concat()).ends(2);
    let push = ["config", "push", &one, "--wait", "--timeout", "60s", "-o", "json"];
    let task = backend.elkctl(&push).ends(0).items().remove(0);
    assert_eq!((&task["kind"], &task["targets"]), (&json!("config"), &json!(1)));
    assert_eq!(backend.elkctl(&config).ends(0).items()[0]["in_sync"], true);
    backend
        .elkctl(&[&remove[..], &["--confirm", "1", "--wait", "--timeout", "60s"]].concat())
        .ends(0);
    assert_eq!(backend.elkctl(&config).ends(0).items()[0]["desired"], json!([]));
    let kubectl = backend.elkctl(&["config", "use-context", "prod"]).ends(2).err;
    assert!(kubectl.contains("elkctl context use prod"), "{kubectl}");
}

#[test]
fn records_are_shown_as_they_arrive_and_only_those_asked_for() {
    let backend = Backend::with_agents(2);
    let one = backend.names(1).remove(0);
    let id = one.strip_prefix("agent/").expect("a name");
    let tail = ["event", "tail", "--agent", &one, "--data-type", "1000", "--limit", "2"];
    let lines = backend.elkctl(&[&tail[..], &["-o", "jsonl"]].concat()).ends(0);
    assert_eq!(lines.err, "");
    for line in lines.lines() {
        let record: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!((&record["agent"], &record["data_type"]), (&json!(id), &json!(1000)));
        let keys: Vec<_> = record.as_object().expect("an object").keys().cloned().collect();
        let wanted = [
            "agent",
            "agent_time",
            "body",
            "data_type",
            "fields",
            "hostname",
            "offset",
            "partition",
            "server_time",
            "tags",
        ];
        assert_eq!(keys, wanted);
    }
    assert_eq!(lines.lines().len(), 2);
    let table = backend.elkctl(&["event", "tail", "--earliest", "--limit", "3"]).ends(0);
    assert_eq!(table.lines().len(), 3);
    let nobody = ["event", "tail", "--agent", "nobody"];
    backend.elkctl(&nobody).ends(6);
    let host = backend.elkctl(&["agent", "get", &one, "-o", "json"]).ends(0).items().remove(0);
    let prefix = id.get(..id.len() - 1).expect("more than one character").to_owned();
    for name in [format!("host={}", host["hostname"].as_str().expect("a name")), prefix] {
        let tail = ["event", "tail", "--agent", &name, "--limit", "1", "-o", "jsonl"];
        let line = backend.elkctl(&tail).ends(0).lines().remove(0);
        assert!(line.contains(id), "{name}: {line}");
    }
    backend.elkctl(&["event", "tail", "-o", "json"]).ends(2);
    backend.elkctl(&["event", "tail", "--data-type", "many"]).ends(2);
}

#[test]
fn a_manager_without_a_log_says_that_it_has_no_records() {
    let dir = tempfile::tempdir().expect("a directory");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let stop = elk_life::Stop::default();
    let password = "a password for tests";
    let (url, group) = runtime.block_on(async {
        elk_trust::install_crypto();
        let config = elk_manager::Config {
            listen: ([127, 0, 0, 1], 0).into(),
            data: dir.path().join("manager"),
            ..elk_manager::Config::default()
        };
        let manager = elk_manager::Manager::bind(config, elk_manager::Parts::default()).await;
        let manager = manager.expect("binds");
        manager.ensure_admin(&elk_trust::Secret::new(password)).await.expect("makes the user");
        let url = format!("http://{}", manager.addr().expect("an address"));
        let mut group = elk_life::Group::new(stop.clone());
        group.spawn("manager", Box::pin(manager.serve(stop.child())));
        (url, group)
    });
    let serves =
        std::thread::spawn(move || runtime.block_on(group.join(std::time::Duration::from_secs(5))));
    let line = ["login", "--server", &url, "-u", "admin", "--password-stdin", "--store", "file"];
    crate::backend::run_reading(command(dir.path()).args(line), password).ends(0);
    let tail = run(command(dir.path()).args(["event", "tail", "-o", "jsonl"])).ends(14);
    let told: Value = serde_json::from_str(&tail.err).expect("an error");
    assert_eq!(told["exit_code"], 14);
    stop.now();
    serves.join().expect("no panic").expect("ends well");
}
