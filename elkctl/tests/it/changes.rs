//! Changes: who is meant, what is asked, and that nothing happens before the answer.

use serde_json::{Value, json};

use crate::backend::{Backend, Said};

fn tagged(backend: &Backend, tag: &str) -> usize {
    let selector = format!("tag={tag}");
    backend.elkctl(&["agent", "list", "--all", "-l", &selector, "-o", "name"]).ends(0).lines().len()
}

#[test]
fn what_is_not_confirmed_is_refused_and_changes_nothing() {
    let backend = Backend::with_agents(12);
    let error = |said: Said| -> Value { serde_json::from_str(&said.err).expect("an error") };
    // Up to nine agents are free; more need a yes, and all of them their number.
    let few = ["tag", "add", "few", "-l", "status=running", "--expect", "12"];
    let refused = backend.elkctl(&[&few[..], &["-o", "json"]].concat()).ends(2);
    assert_eq!(refused.out, "");
    let told = error(refused);
    assert_eq!(told["code"], "confirmation_needed");
    assert_eq!(told["hint"], "pass --yes");
    assert_eq!(told["exit_code"], 2);
    backend.elkctl(&[&few[..], &["--no-input"]].concat()).ends(2);
    assert_eq!(tagged(&backend, "few"), 0);
    backend.elkctl(&[&few[..], &["--yes"]].concat()).ends(0);
    assert_eq!(tagged(&backend, "few"), 12);

    let all = ["tag", "add", "all", "--all-agents"];
    let told = backend.elkctl(&[&all[..], &["--yes"]].concat()).ends(2).err;
    assert!(told.contains("pass --confirm=12"), "{told}");
    let told = backend.elkctl(&[&all[..], &["--confirm", "11"]].concat()).ends(2).err;
    assert!(told.contains("--confirm=12"), "{told}");
    assert_eq!(tagged(&backend, "all"), 0);
    backend.elkctl(&[&all[..], &["--confirm=12"]].concat()).ends(0);
    assert_eq!(tagged(&backend, "all"), 12);

    let one = backend.names(1).remove(0);
    backend.elkctl(&["agent", "restart", &one]).ends(2);
    backend.elkctl(&["agent", "forget", &one, "--yes"]).ends(2);
    let kept = backend.elkctl(&["agent", "forget", &one, "--confirm", "1"]).ends(0).out;
    assert_eq!(kept, "forgot 0, kept 1\n", "it is online");
    let tasks = backend.elkctl(&["task", "list", "-o", "json"]).ends(0).items();
    assert_eq!(tasks, [] as [Value; 0]);
}

#[test]
fn a_protected_or_read_only_context_guards_every_change() {
    let backend = Backend::with_agents(1);
    let one = backend.names(1).remove(0);
    let name = backend.elkctl(&["context", "list", "-o", "jsonpath={.items[0].name}"]).ends(0);
    let name = name.out.trim().to_owned();
    backend.elkctl(&["context", "set", &name, "--protected", "true"]).ends(0);
    backend.elkctl(&["tag", "add", "x", &one, "--yes"]).ends(2);
    backend.elkctl(&["user", "create", "bob", "--role", "viewer", "--password-stdin"]).ends(2);
    backend.elkctl(&["tag", "add", "x", &one, "--confirm", "1"]).ends(0);
    backend
        .elkctl(&["context", "set", &name, "--protected", "false", "--read-only", "true"])
        .ends(0);
    let denied = backend.elkctl(&["tag", "remove", "x", &one, "--confirm", "1"]).ends(5);
    assert!(denied.err.contains("read-only"), "{}", denied.err);
    backend.elkctl(&["api", "POST", "/api/n1/logout"]).ends(5);
    assert_eq!(tagged(&backend, "x"), 1);
}

#[test]
fn an_expectation_that_does_not_hold_stops_the_change() {
    let backend = Backend::with_agents(3);
    for (expect, code) in [
        ("4", 7),
        ("4..9", 7),
        ("<=2", 7),
        ("<=50%", 7),
        ("3", 0),
        ("1..3", 0),
        ("<=100%", 0),
        ("x", 2),
    ] {
        let line = ["tag", "add", "x", "-l", "status=running", "--expect", expect];
        backend.elkctl(&line).ends(code);
        assert_eq!(tagged(&backend, "x") > 0, code == 0, "{expect}");
        backend.elkctl(&["tag", "remove", "x", "-l", "status=running"]).ends(0);
    }
}

#[test]
fn agents_are_named_by_id_prefix_host_selector_file_and_standard_input() {
    let backend = Backend::with_agents(4);
    let list = backend.elkctl(&["agent", "list", "--all", "-o", "json"]).ends(0).items();
    let ids: Vec<_> = list.iter().map(|it| it["id"].as_str().expect("an id")).collect();
    let host = format!("host={}", list[1]["hostname"].as_str().expect("a name"));
    let prefix = ids[2].get(..12).expect("a long id");
    backend.elkctl(&["tag", "add", "a", ids[0], &host, prefix]).ends(0);
    assert_eq!(tagged(&backend, "a"), 3);
    let names = format!("agent/{}\n\n  {}\n", ids[0], ids[3]);
    backend.elkctl_reading(&names, &["tag", "add", "b", "-"]).ends(0);
    backend.elkctl_reading(&names, &["tag", "add", "c", "--from", "-"]).ends(0);
    let file = backend.path("ids.txt");
    std::fs::write(&file, &names).expect("writes");
    backend.elkctl(&["tag", "add", "d", "--from", &file.display().to_string()]).ends(0);
    for tag in ["b", "c", "d"] {
        assert_eq!(tagged(&backend, tag), 2, "{tag}");
    }
    backend.elkctl(&["tag", "add", "e", "-l", "tag=a,tag=b"]).ends(0);
    assert_eq!(tagged(&backend, "e"), 1);
    for (line, told) in [
        ("tag add x", "--all-agents"),
        ("tag add x -l tag=a --all-agents", "only one"),
        ("tag add x --from /no/such/file", "/no/such/file cannot be read"),
        ("tag add x -l tag=a,,", "character 7"),
        ("tag add x -l colour=red", "unknown key `colour`"),
        ("tag add X! -l tag=a", "a tag matches"),
    ] {
        let said = backend.elkctl(&line.split(' ').collect::<Vec<_>>()).ends(2);
        assert!(said.err.contains(told), "{line}: {}", said.err);
    }
    backend.elkctl_reading("", &["tag", "add", "x", "-"]).ends(2);
    backend.elkctl(&["tag", "add", "x", ids[0], "no-such-agent"]).ends(6);
    assert_eq!(tagged(&backend, "x"), 0);
}

#[test]
fn adding_and_removing_what_is_so_already_is_no_failure() {
    let backend = Backend::with_agents(2);
    let one = backend.names(1).remove(0);
    for (line, told) in [
        ("tag add x", "added to 1, already had it 0\n"),
        ("tag add x", "added to 0, already had it 1\n"),
        ("tag remove x", "removed from 1, had it not 0\n"),
        ("tag remove x", "removed from 0, had it not 1\n"),
    ] {
        let line: Vec<_> = line.split(' ').chain([one.as_str()]).collect();
        assert_eq!(backend.elkctl(&line).ends(0).out, told);
    }
    let changed = backend.elkctl(&["tag", "add", "x", &one, "-o", "name"]).ends(0);
    assert_eq!(changed.lines(), [one.as_str()], "what changed, and only that");
    let nobody = backend.elkctl(&["tag", "add", "x", "-l", "tag=none", "-o", "json"]).ends(0);
    assert_eq!(nobody.json()["items"], json!([]));
}
