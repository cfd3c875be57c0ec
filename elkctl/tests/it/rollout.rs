//! Rollouts: they stop themselves, and undo themselves.

use std::fs;

use serde_json::{Value, json};

use crate::backend::{Backend, Said, wait_for};

/// Publishes a version of `demo` that behaves as `how` says.
fn publish(backend: &Backend, version: &str, how: &str) {
    let file = backend.home().join(how);
    fs::write(&file, format!("elk-sim: {how}\n")).expect("writes");
    let file = format!("default={}", file.display());
    let line = ["component", "publish", "demo", "--version", version, "--file", &file];
    backend.elkctl(&line).ends(0);
}

fn elkctl(backend: &Backend, line: &str) -> Said {
    backend.elkctl(&line.split_whitespace().collect::<Vec<_>>())
}

/// Returns versions of `demo` and how many agents run each.
fn versions(backend: &Backend) -> Vec<Value> {
    let said = elkctl(backend, "agent count --by component.demo -o json").ends(0);
    let count = |it: &Value| json!({ "key": it["key"], "count": it["count"] });
    said.items().iter().map(count).collect()
}

fn started(agents: usize) -> Backend {
    let backend = Backend::with_agents(agents);
    elkctl(&backend, "component create demo --type exec").ends(0);
    publish(&backend, "1.0.0.1", "ok");
    backend
}

/// Returns the names of the plugins of one agent.
fn plugins(backend: &Backend, agent: &str) -> Vec<String> {
    let said = backend.elkctl(&["agent", "inspect", agent, "-o", "json"]).ends(0).items();
    let plugins = said[0]["plugins"].as_array().expect("plugins");
    let names = plugins.iter().map(|it| it["name"].as_str().expect("a name").to_owned());
    names.collect()
}

#[test]
fn a_bad_version_stops_at_the_canary_and_everyone_is_back_at_the_good_one() {
    let backend = started(40);
    let all = "rollout create --component demo --all-agents --confirm=40 --health-window 2s --wait";
    let good = elkctl(&backend, &format!("{all} --version 1.0.0.1 --steps 100% --soak 0s"));
    let good = good.ends(0);
    assert!(good.err.contains("the health window is raised to two heartbeat"), "{}", good.err);
    assert_eq!(versions(&backend), [json!({ "key": "1.0.0.1", "count": 40 })]);

    publish(&backend, "1.0.0.2", "crash");
    let bad = format!(
        "{all} --version 1.0.0.2 --steps canary:4,100% --soak 1s --max-failed 1% --on-failure undo -o json"
    );
    let bad = elkctl(&backend, &bad).ends(11).items().remove(0);
    assert_eq!((&bad["phase"], &bad["step"]), (&json!("undone"), &json!(1)), "{bad}");
    assert_eq!(bad["counts"]["reverted"], 4, "{bad}");
    assert_eq!(bad["counts"]["skipped"], 36, "{bad}");
    wait_for("the good version everywhere", || {
        versions(&backend) == [json!({ "key": "1.0.0.1", "count": 40 })]
    });
    let id = bad["id"].as_str().expect("an id");
    elkctl(&backend, &format!("rollout status {id} --exit-status")).ends(11);
    elkctl(&backend, &format!("rollout status {id}")).ends(0);
    let reverted = elkctl(&backend, &format!("rollout agents {id} --state reverted -o json"));
    let reverted = reverted.ends(0).items();
    assert!(reverted.iter().all(|it| it["previous"]["demo"] == "1.0.0.1"), "{reverted:?}");
    elkctl(&backend, "audit verify").ends(0);
    let told = elkctl(&backend, "audit list -o json --limit 50").ends(0).out;
    assert!(told.contains("rollout.halt") && told.contains("rollout.undo"), "{told}");
    // What was told while it happened; the alert ended with the halt.
    let events = elkctl(&backend, "event list --type rollout --since 10m -o json").ends(0).items();
    let of = |it: &&Value| it["object"] == id;
    let phases: Vec<_> = events.iter().filter(of).map(|it| it["action"].clone()).collect();
    assert_eq!(phases, ["created", "undoing", "undone"]);
}

#[test]
fn a_rollout_is_steered_by_hand_and_takes_away_nothing_else() {
    let mut backend = started(4);
    let agent = backend.names(1).remove(0);
    wait_for("plugins", || plugins(&backend, &agent).len() == 4);
    let before = plugins(&backend, &agent);
    assert!(!before.contains(&"demo".to_owned()), "{before:?}");
    let create = "rollout create --component demo --version 1.0.0.1 --all-agents --confirm=4";
    let line = format!("{create} --steps 1,100% --manual --paused --wait -o json");
    let made = elkctl(&backend, &line).ends(12).items().remove(0);
    let id = made["id"].as_str().expect("an id").to_owned();
    assert_eq!((&made["phase"], &made["counts"]["pending"]), (&json!("paused"), &json!(4)));

    // Nothing else reaches its agents meanwhile.
    let other = elkctl(&backend, create).ends(7);
    assert!(other.err.contains(&id), "{}", other.err);
    elkctl(&backend, "config set demo=1.0.0.1 --yes").ends(0);
    elkctl(&backend, "config push --all-agents --confirm=4").ends(7);
    // A change of what somebody else has changed is refused.
    let steer = format!("/api/n1/rollouts/{id}/resume");
    let stale = backend.elkctl(&["api", "POST", &steer, "-F", "revision=7"]);
    let stale = stale.ends(7);
    assert!(stale.out.contains("rollout_changed"), "{} {}", stale.out, stale.err);

    // It goes on after a crash of the backend, up to its gate.
    elkctl(&backend, &format!("rollout resume {id}")).ends(0);
    backend.crash_and_restart(4);
    let gate = elkctl(&backend, &format!("rollout status {id} --wait -o json")).ends(12);
    let gate = gate.items().remove(0);
    assert_eq!((&gate["counts"]["done"], &gate["step"]), (&json!(1), &json!(2)), "{gate}");
    elkctl(&backend, &format!("rollout promote {id} --wait --yes")).ends(0);
    assert_eq!(versions(&backend), [json!({ "key": "1.0.0.1", "count": 4 })]);
    let with = plugins(&backend, &agent);
    assert!(before.iter().all(|it| with.contains(it)), "{before:?} {with:?}");
    elkctl(&backend, &format!("rollout abort {id} --yes")).ends(7);
}

#[test]
fn an_undo_takes_away_what_an_agent_did_not_have() {
    let backend = started(3);
    let create = "rollout create --component demo --version 1.0.0.1 --all-agents --confirm=3";
    let made = elkctl(&backend, &format!("{create} --wait -o json")).ends(0).items().remove(0);
    let id = made["id"].as_str().expect("an id");
    let undo = format!("rollout undo {id} --confirm={id} --wait -o json");
    let undone = elkctl(&backend, &undo).ends(0).items().remove(0);
    assert_eq!(undone["reverses"], id);
    assert_eq!(undone["counts"]["done"], 3, "{undone}");
    let status = elkctl(&backend, &format!("rollout status {id} -o json")).ends(0).items();
    assert_eq!(status[0]["phase"], "undone");
    for agent in backend.names(3) {
        wait_for("an agent without it", || !plugins(&backend, &agent).contains(&"demo".to_owned()));
        assert_eq!(plugins(&backend, &agent).len(), 4);
    }
    elkctl(&backend, "rollout status ro-none").ends(6);
    elkctl(&backend, "rollout list -o json").ends(0);
}

#[test]
fn a_blocked_version_is_selected_by_nothing_and_its_rollout_is_paused() {
    let backend = started(3);
    publish(&backend, "1.0.0.2", "ok");
    let create = "rollout create --component demo --all-agents --confirm=3";
    let line = format!("{create} --version 1.0.0.2 --steps canary:1,100% --soak 1h -o json");
    let id = elkctl(&backend, &line).ends(0).items()[0]["id"].as_str().expect("an id").to_owned();
    let status =
        || elkctl(&backend, &format!("rollout status {id} -o json")).ends(0).items().remove(0);
    wait_for("its soak", || status()["phase"] == "soaking");

    let block = ["component", "block", "demo", "1.0.0.2", "--reason", "hangs", "--dry-run"];
    backend.elkctl(&block).ends(0);
    let (block, sure) = (block.split_last().expect("words").1, "--confirm=demo/1.0.0.2");
    backend.elkctl(block).ends(2);
    backend.elkctl(&[block, &[sure]].concat()).ends(0);
    wait_for("its pause", || status()["phase"] == "paused");
    assert_eq!(status()["reason"], "demo 1.0.0.2 is blocked by admin: hangs");
    for line in [
        format!("rollout resume {id}"),
        format!("rollout promote {id} --yes"),
        format!("{create} --version 1.0.0.2"),
        "config set demo=1.0.0.2 --yes".to_owned(),
    ] {
        let said = elkctl(&backend, &line).ends(7);
        assert!(said.err.contains("1.0.0.2 is blocked by admin: hangs"), "{line}: {}", said.err);
    }
    // A profile that named it before is not pushed any more.
    elkctl(&backend, "config set demo=1.0.0.1 --yes").ends(0);
    let listed = elkctl(&backend, "component versions demo -o json").ends(0).items();
    assert_eq!(
        (&listed[0]["blocked"]["reason"], &listed[1]["blocked"]),
        (&json!("hangs"), &Value::Null)
    );
    assert!(elkctl(&backend, "component versions demo").ends(0).out.contains("hangs"));
    let block =
        ["component", "block", "demo", "1.0.0.1", "--reason", "too", "--confirm=demo/1.0.0.1"];
    backend.elkctl(&block).ends(0);
    elkctl(&backend, &format!("rollout abort {id} --yes")).ends(0);
    let push = elkctl(&backend, "config push --all-agents --confirm=3").ends(7);
    assert!(push.err.contains("1.0.0.1 is blocked"), "{}", push.err);
    // Who runs it keeps it, and it can be selected again.
    assert!(versions(&backend).contains(&json!({ "key": "1.0.0.2", "count": 1 })));
    elkctl(&backend, "component unblock demo 1.0.0.1 --yes").ends(0);
    elkctl(&backend, "component unblock demo 1.0.0.2 --yes").ends(0);
    let line =
        format!("{create} --version 1.0.0.2 --steps 100% --soak 0s --health-window 2s --wait");
    elkctl(&backend, &line).ends(0);
    let none = ["component", "block", "demo", "9.9.9.9", "--reason", "x", "--confirm=demo/9.9.9.9"];
    backend.elkctl(&none).ends(6);
    let actions = elkctl(&backend, "audit list --action component.* --outcome ok -o json").ends(0);
    assert!(actions.items().iter().any(|it| it["action"] == "component.unblock"));
}
