//! Live events on the command line.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::backend::{Backend, command, wait_for};

fn lines(path: &std::path::Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("text");
    let whole = text.split_inclusive('\n').filter(|it| it.ends_with('\n'));
    whole.map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn what_happened_is_listed_and_only_what_is_asked_for() {
    let backend = Backend::with_agents(2);
    let one = backend.names(1).remove(0);
    let list = |more: &[&str]| {
        let line = [&["event", "list", "-o", "json"], more].concat();
        backend.elkctl(&line).ends(0).items()
    };
    let agents = list(&["--type", "agent", "--since", "1h"]);
    assert_eq!(agents.iter().filter(|it| it["action"] == "running").count(), 2, "{agents:?}");
    let of_one = list(&["--type", "agent", "--agent", &one]);
    assert!(of_one.iter().all(|it| format!("agent/{}", it["agent"].as_str().expect("one")) == one));
    assert!(!of_one.is_empty());
    let audit = list(&["--type", "audit,cluster"]);
    assert!(audit.iter().any(|it| it["action"] == "session.login"), "{audit:?}");
    let first = audit[0]["id"].as_str().expect("an id");
    assert_eq!(list(&["--type", "audit,cluster", "--after", first])[0], audit[1]);
    assert_eq!(list(&["--type", "audit,cluster", "--limit", "1"]), audit[..1]);
    let table = backend.elkctl(&["event", "list", "--type", "cluster"]).ends(0).out;
    assert!(table.contains("center.joined"), "{table}");
    // It says that a day before its start nothing is kept.
    let old = backend.elkctl(&["event", "list", "--since", "1d", "--type", "cluster"]).ends(0);
    assert!(old.err.contains("earlier ones are missing"), "{}", old.err);
    backend.elkctl(&["event", "list", "--type", "nonsense"]).ends(2);
    backend.elkctl(&["event", "list", "-w", "-o", "json"]).ends(2);
    backend.elkctl(&["event", "list", "--after", "nonsense"]).ends(2);
}

#[test]
fn who_watches_hears_of_a_gap_when_the_backend_comes_back_and_then_goes_on() {
    let mut backend = Backend::start(0);
    backend.login();
    let (shown, said) = (backend.path("shown"), backend.path("said"));
    let mut watch = command(backend.home())
        .args(["event", "list", "-w", "--type", "audit", "-o", "jsonl"])
        .stdout(fs::File::create(&shown).expect("a file"))
        .stderr(fs::File::create(&said).expect("a file"))
        .spawn()
        .expect("runs");
    wait_for("the first place", || !lines(&shown).is_empty());
    assert_eq!(
        (&lines(&shown)[0]["type"], &lines(&shown)[0]["gap"]),
        (&"bookmark".into(), &false.into())
    );
    let create = |name: &str| {
        let line = ["token", "create", name];
        backend.elkctl(&line).ends(0);
    };
    create("one");
    let has = |action: &str, name: &str| {
        lines(&shown).iter().any(|it| {
            let event = &it["object"];
            it["type"] == "added" && event["action"] == action && event["object"] == name
        })
    };
    wait_for("the event", || has("token.create", "one"));
    kill_process(Pid::from_child(&backend.process), Signal::TERM).expect("is there");
    assert_eq!(backend.process.wait().expect("ends").code(), Some(0));
    let told = |text: &str| fs::read_to_string(&said).is_ok_and(|it| it.contains(text));
    wait_for("word of the end", || told("trying again"));
    backend.restart(0);
    wait_for("word of the gap", || told("events may have been missed"));
    assert!(lines(&shown).iter().any(|it| it["type"] == "bookmark" && it["gap"] == true));
    backend.elkctl(&["token", "create", "two"]).ends(0);
    wait_for("the next event", || has("token.create", "two"));
    kill_process(Pid::from_child(&watch), Signal::INT).expect("is there");
    assert_eq!(watch.wait().expect("ends").code(), Some(130));
}
