//! Backups of the store, and the way back from one.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::backend::{Backend, Said, wait_for};

fn elkctl(backend: &Backend, line: &str) -> Said {
    backend.elkctl(&line.split_whitespace().collect::<Vec<_>>())
}

/// Makes a backup and returns where it is.
fn backup(backend: &Backend, name: &str) -> PathBuf {
    let file = backend.home().join(name);
    let line = ["cluster", "backup", "--out", &file.display().to_string(), "-o", "json"];
    let said = backend.elkctl(&line).ends(0).items().remove(0);
    assert_eq!(said["bytes"], fs::metadata(&file).expect("a file").len(), "{said}");
    file
}

fn restore(backend: &Backend, file: &Path, more: &[&str]) -> Said {
    let (file, data) = (file.display().to_string(), backend.path("").display().to_string());
    let line = ["cluster", "restore", &file, "--data", &data];
    backend.elkctl(&[&line, more].concat())
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("a directory").map(|it| it.expect("an entry"));
    let mut names: Vec<_> =
        entries.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn tags(backend: &Backend) -> Vec<Value> {
    let said = elkctl(backend, "tag list -o json").ends(0);
    said.items().iter().map(|it| it["name"].clone()).collect()
}

#[test]
fn a_restored_backup_brings_back_what_was_lost_and_ends_what_was_under_way() {
    let mut backend = Backend::with_agents(2);
    let agents = backend.names(2);
    elkctl(&backend, "component create demo --type exec").ends(0);
    let good = backend.home().join("good");
    fs::write(&good, "elk-sim: ok\n").expect("writes");
    let file = format!("default={}", good.display());
    backend
        .elkctl(&["component", "publish", "demo", "--version", "1.0.0.1", "--file", &file])
        .ends(0);
    backend.elkctl(&["tag", "add", "kept", &agents[0], "--yes"]).ends(0);
    // Nobody answers this one: it is under way when the backup is made.
    let line = "task create --plugin nobody --data-type 1 --data {} --all-agents --confirm=2";
    elkctl(&backend, line).ends(0);
    let started = "rollout create --component demo --version 1.0.0.1 --all-agents --confirm=2 \
                   --steps canary:1,100% --soak 1h";
    elkctl(&backend, started).ends(0);
    wait_for("an order on its way", || {
        let tasks = elkctl(&backend, "task list -o json").ends(0).items();
        tasks.iter().any(|it| it["plugin"] == "nobody" && it["counts"]["acked"] == 2)
    });

    let archive = backup(&backend, "one.tar");
    backend.elkctl(&["tag", "remove", "kept", &agents[0], "--yes"]).ends(0);
    assert!(tags(&backend).is_empty());
    backend.stop();
    let (database, files) = (backend.path("manager/state.db"), backend.path("manager/files"));
    fs::write(&database, "a disk that lost it, ".repeat(500)).expect("writes");
    fs::remove_dir_all(&files).expect("removes");

    let shown = restore(&backend, &archive, &["-o", "json"]).ends(0).items().remove(0);
    let before = shown["before"].as_str().expect("a path");
    assert!(fs::read(before).expect("a file").starts_with(b"a disk that lost it"));
    assert_eq!((&shown["unknown"], &shown["paused"]), (&2.into(), &1.into()), "{shown}");
    assert_eq!(shown["files"], 1, "{shown}");
    assert_eq!(names(&files).len(), 1);
    assert!(!backend.path("manager/.restore").exists());

    backend.restart(2);
    // Whoever was signed in then is not any more.
    elkctl(&backend, "whoami").ends(4);
    backend.login();
    assert_eq!(tags(&backend), ["kept"]);
    let rollouts = elkctl(&backend, "rollout list -o json").ends(0).items();
    assert_eq!(rollouts[0]["phase"], "paused", "{rollouts:?}");
    let said = elkctl(&backend, "audit list --action cluster.* -o json").ends(0).items();
    let actions: Vec<_> = said.iter().map(|it| &it["action"]).collect();
    assert_eq!(actions, ["cluster.restore", "cluster.backup"]);
    elkctl(&backend, "audit verify").ends(0);
    let task = elkctl(&backend, "task list -o json").ends(0).items();
    let task = task.iter().find(|it| it["plugin"] == "nobody").expect("the task");
    assert_eq!(task["counts"]["unknown"], 2, "{task}");
    // What was published can be brought to agents again.
    let id = rollouts[0]["id"].as_str().expect("an id");
    backend.elkctl(&["rollout", "abort", id, "--yes"]).ends(0);
    let wanted = "rollout create --component demo --version 1.0.0.1 --all-agents --confirm=2 \
                  --steps 100% --soak 0s --health-window 2s --wait";
    elkctl(&backend, wanted).ends(0);
}

#[test]
fn a_running_backend_is_backed_up_again_and_again_and_never_overwritten() {
    let mut backend = Backend::with_agents(1);
    let first = backup(&backend, "one.tar");
    let out = first.display().to_string();
    let said = backend.elkctl(&["cluster", "backup", "--out", &out]).ends(7);
    assert!(said.err.contains("--force"), "{}", said.err);
    backend.elkctl(&["cluster", "backup", "--out", &out, "--force"]).ends(0);
    let running = restore(&backend, &first, &[]).ends(7);
    assert!(running.err.contains("in use"), "{}", running.err);
    // Nor over one that no `up` runs, but something else has open.
    let alone = backend.path("manager").display().to_string();
    let said = backend.elkctl(&["cluster", "restore", &out, "--data", &alone]).ends(7);
    assert!(said.err.contains("in use"), "{}", said.err);
    assert!(!backend.path("manager/backup.db").exists());
    elkctl(&backend, "whoami").ends(0);
    // Only admins may.
    backend
        .elkctl_reading(
            "a long passphrase",
            &["user", "create", "kim", "--role", "operator", "--password-stdin"],
        )
        .ends(0);
    backend.login_as("kim", "a long passphrase");
    let other = backend.home().join("other.tar");
    backend.elkctl(&["cluster", "backup", "--out", &other.display().to_string()]).ends(5);
    assert_eq!(names(backend.home()).iter().filter(|it| it.contains("elk-backup")).count(), 0);
    assert!(!other.exists());
    backend.stop();
}

#[test]
fn an_archive_that_is_not_whole_replaces_nothing() {
    let mut backend = Backend::with_agents(1);
    let agents = backend.names(1);
    backend.elkctl(&["tag", "add", "kept", &agents[0], "--yes"]).ends(0);
    let archive = backup(&backend, "one.tar");
    let whole = fs::read(&archive).expect("a file");
    backend.stop();
    let before = names(&backend.path("manager"));
    let mut flipped = whole.clone();
    flipped[4_096] ^= 1;
    for (what, bytes) in
        [("cut", &whole[..whole.len() / 2]), ("flipped", &flipped), ("foreign", b"no archive")]
    {
        let file = backend.home().join(what);
        fs::write(&file, bytes).expect("writes");
        let said = restore(&backend, &file, &["--dry-run"]).ends(1);
        assert!(said.err.contains("archive"), "{what}: {}", said.err);
        let said = restore(&backend, &file, &[]).ends(1);
        assert!(said.err.contains("nothing was replaced"), "{what}: {}", said.err);
        assert_eq!(names(&backend.path("manager")), before, "{what}");
    }
    let said = restore(&backend, &archive, &["--dry-run"]).ends(0);
    assert!(said.out.contains("nothing was changed"), "{}", said.out);
    assert_eq!(names(&backend.path("manager")), before);
    backend.restart(1);
    assert_eq!(tags(&backend), ["kept"]);
}
