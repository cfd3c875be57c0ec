//! The output contract: what stands on standard output in which format, and what never does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::backend::{Backend, Said, came_within, command, run};
use crate::fake;

const ENVELOPE: [&str; 4] = ["api_version", "items", "kind", "metadata"];
const METADATA: [&str; 6] =
    ["context", "next_cursor", "returned", "server_time", "total", "total_is_estimate"];

/// The keys of each kind; one that disappears breaks somebody's script.
const KINDS: [(&str, &str, &[&str]); 38] = [
    ("tag add x AGENT --dry-run", "Request", &["body", "id", "method", "url"]),
    ("agent status AGENT", "AgentList", AGENT),
    ("component list", "ComponentList", COMPONENT),
    ("component get watcher", "Component", COMPONENT),
    (
        "component versions watcher",
        "ComponentVersionList",
        &["blocked", "component", "files", "published_at", "published_by", "version"],
    ),
    (
        "config get --agent AGENT",
        "AgentConfig",
        &["desired", "drift", "in_sync", "profile", "revision"],
    ),
    ("context show", "Context", CONTEXT),
    ("doctor", "CheckList", &["check", "detail", "hint", "id", "state"]),
    ("version", "Version", &["client", "server", "server_api"]),
    ("agent list", "AgentList", AGENT),
    ("agent get AGENT", "Agent", DETAIL),
    (
        "agent status",
        "FleetStatus",
        &["abnormal", "context", "offline", "running", "total", "versions"],
    ),
    ("agent count --by status", "AgentCountList", &["count", "key"]),
    ("tag list", "TagList", &["agents", "name"]),
    ("task list", "TaskList", TASK),
    ("task get TASK", "Task", TASK),
    (
        "task results TASK",
        "TaskResultList",
        &["agent", "finished_at", "hostname", "message", "result", "sent_at", "state", "token"],
    ),
    (
        "config get",
        "Profile",
        &["agent_version", "name", "plugins", "revision", "updated_at", "updated_by"],
    ),
    ("agent why AGENT", "Why", &["agent", "findings", "hostname", "server_time", "subject"]),
    ("rollout list", "RolloutList", ROLLOUT),
    (
        "rollout agents ro-",
        "RolloutAgentList",
        &["agent", "begun_at", "ended_at", "hostname", "previous", "reason", "state", "task"],
    ),
    ("user list", "UserList", USER),
    ("user get", "User", USER),
    (
        "role list",
        "RoleList",
        &["built_in", "created_at", "created_by", "level", "name", "permissions", "rules"],
    ),
    ("alert list", "AlertList", ALERT),
    ("alert stats", "AlertCountList", &["by", "count", "key"]),
    (
        "alert sink list",
        "AlertSinkList",
        &[
            "created_at",
            "created_by",
            "delivered",
            "delivered_at",
            "dropped",
            "error",
            "failed",
            "kind",
            "least",
            "name",
            "next_at",
            "target",
            "waiting",
        ],
    ),
    ("alert sink test siem", "AlertSinkTest", &["delivered", "error", "name"]),
    (
        "event list --type audit",
        "EventList",
        &["action", "agent", "at", "detail", "id", "object", "type"],
    ),
    ("audit list", "AuditEntryList", ENTRY),
    ("audit get 1", "AuditEntry", ENTRY),
    ("audit verify", "AuditVerdict", &["anchor", "broken", "entries", "head", "whole"]),
    (
        "token list",
        "TokenList",
        &[
            "created_at",
            "expires_at",
            "id",
            "last_used_at",
            "name",
            "revoked_at",
            "role",
            "selector",
            "state",
            "user",
        ],
    ),
    (
        "session list",
        "OpenSessionList",
        &["address", "current", "id", "last_used_at", "opened_at", "user"],
    ),
    (
        "whoami",
        "Session",
        &[
            "custom_role",
            "expires_at",
            "idle_timeout_seconds",
            "name",
            "permissions",
            "role",
            "token",
        ],
    ),
    ("cluster status", "ClusterStatus", &["ac", "bus", "manager", "problems", "sd", "server_time"]),
    (
        "cluster kube list",
        "KubeClusterList",
        &["created_at", "created_by", "id", "name", "reporting"],
    ),
    ("context list", "ContextList", CONTEXT),
];
const USER: &[&str] = &[
    "created_at",
    "custom_role",
    "failed_sign_ins",
    "last_login_at",
    "locked_until",
    "name",
    "password_changed_at",
    "password_set",
    "role",
    "totp",
];
const ALERT: &[&str] = &[
    "agent",
    "changed_at",
    "changed_by",
    "count",
    "data",
    "detail",
    "first_at",
    "id",
    "kind",
    "last_at",
    "muted_until",
    "object",
    "reason",
    "severity",
    "source",
    "state",
    "title",
];
const ENTRY: &[&str] = &[
    "action",
    "actor",
    "address",
    "at",
    "code",
    "hash",
    "kind",
    "object",
    "outcome",
    "previous",
    "request_id",
    "sequence",
    "summary",
    "via",
];
const COMPONENT: &[&str] =
    &["created_at", "created_by", "latest_version", "name", "type", "versions"];
const CONTEXT: &[&str] = &[
    "banner",
    "ca_file",
    "current",
    "default_selector",
    "name",
    "protected",
    "read_only",
    "server",
    "signed_in_at",
    "store",
    "user",
];
const AGENT: &[&str] = &[
    "ac",
    "addresses",
    "arch",
    "clone",
    "cpu_percent",
    "first_seen_at",
    "heartbeat_interval_seconds",
    "hostname",
    "id",
    "idc",
    "kernel",
    "last_heartbeat_at",
    "memory_bytes",
    "platform",
    "platform_version",
    "plugins",
    "region",
    "status",
    "tags",
    "version",
];
const DETAIL: &[&str] = &[
    "ac",
    "addresses",
    "arch",
    "clone",
    "config",
    "connected_at",
    "cpu_percent",
    "first_seen_at",
    "heartbeat",
    "heartbeat_interval_seconds",
    "hostname",
    "id",
    "idc",
    "kernel",
    "last_heartbeat_at",
    "memory_bytes",
    "peer",
    "platform",
    "platform_version",
    "plugins",
    "region",
    "status",
    "tags",
    "tasks",
    "version",
];
const TASK: &[&str] = &[
    "counts",
    "created_at",
    "created_by",
    "data",
    "data_type",
    "finished_at",
    "id",
    "kind",
    "max_in_flight",
    "name",
    "plugin",
    "state",
    "targets",
    "timeout_seconds",
];

const ROLLOUT: &[&str] = &[
    "changed_by",
    "changes",
    "counts",
    "created_at",
    "created_by",
    "deferred_until",
    "finished_at",
    "health_window_seconds",
    "id",
    "install_timeout_seconds",
    "max_failed",
    "max_in_flight",
    "name",
    "notices",
    "offline",
    "on_failure",
    "phase",
    "phase_since",
    "reason",
    "reversed_by",
    "reverses",
    "revision",
    "soak_seconds",
    "step",
    "steps",
    "targets",
    "window",
];

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// A backend with two agents, a tag and a task; the agent's and the task's names.
fn filled() -> (Backend, String, String) {
    let backend = Backend::with_agents(2);
    let agent = backend.names(1).remove(0);
    backend.elkctl(&["tag", "add", "kept", &agent]).ends(0);
    let line = ["task", "create", "--plugin", "collector", "--data-type", "5050", &agent];
    let task = backend.elkctl(&[&line[..], &["-o", "name"]].concat()).ends(0).lines().remove(0);
    let file = backend.path("plugin");
    fs::write(&file, "#!/bin/sh\n# elk-sim: ok\n").expect("writes");
    let file = file.display().to_string();
    let rollout = "rollout create --profile default --all-agents --confirm=2 --paused";
    let rollout: Vec<_> = rollout.split(' ').collect();
    for line in [
        &["component", "create", "watcher", "--type", "exec"][..],
        &["component", "publish", "watcher", "--version", "1.0.0.1", "--file", &file],
        &["config", "set", "watcher=1.0.0.1", "--yes"],
        &["cluster", "kube", "add", "prod", "--no-certificate"],
        &["token", "create", "ci"],
        &rollout,
        &["api", "POST", "/api/v6/alarm/add", "-f", "rule_name=shell"],
        &["alert", "sink", "add", "siem", "udp://127.0.0.1:9"],
    ] {
        backend.elkctl(line).ends(0);
    }
    (backend, agent, task)
}

/// Returns the names of all kinds that the source defines.
fn defined(directory: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.append(&mut defined(&path));
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source");
        for (_, rest) in text.match_indices(": Kind = Kind {").map(|(at, _)| text.split_at(at)) {
            let name = rest.split('"').nth(1).expect("a name");
            found.insert(name.to_owned());
        }
    }
    found
}

#[test]
fn no_kind_is_without_a_promise() {
    let promised = KINDS.iter().map(|(_, kind, _)| kind.trim_end_matches("List").to_owned());
    // Shown by tests of their own.
    let others = [
        "AlertSinkTest",
        "Backup",
        "CompatRoute",
        "Import",
        "EndedSessions",
        "RecoveryCodes",
        "Restore",
        "TotpSecret",
    ];
    let promised: BTreeSet<_> = promised.chain(others.map(str::to_owned)).collect();
    assert_eq!(defined(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))), promised);
}

#[test]
fn every_kind_keeps_its_keys_in_every_format() {
    let (backend, agent, task) = filled();
    for (line, kind, wanted) in KINDS {
        let line = line.replace("AGENT", &agent).replace("TASK", &task);
        let in_format = |format: &str| -> Said {
            let args: Vec<_> = line.split(' ').chain(["-o", format]).collect();
            backend.elkctl(&args).ends(0)
        };
        let said = in_format("json");
        assert_eq!(said.err, "", "{line}");
        assert_eq!(said.out.lines().count(), 1, "one compact document: {line}");
        let document = said.json();
        assert_eq!(keys(&document), ENVELOPE, "{line}");
        assert_eq!(document["api_version"], "elkctl/v1");
        assert_eq!(document["kind"], kind);
        let metadata = &document["metadata"];
        assert_eq!(keys(metadata), METADATA, "{line}");
        let local = ["context list", "context show", "version"].contains(&line.as_str());
        assert_eq!(metadata["server_time"].is_null(), local, "{line}");
        let exact = if metadata["total"].is_null() { Value::Null } else { false.into() };
        assert_eq!(metadata["total_is_estimate"], exact, "{line}");
        let items = document["items"].as_array().expect("items");
        assert!(!items.is_empty(), "{line}");
        assert_eq!(keys(&items[0]), wanted, "{line}");
        let lines = in_format("jsonl").lines();
        assert_eq!(lines.len(), items.len(), "{line}");
        let first: Value = serde_json::from_str(&lines[0]).expect("JSON");
        assert_eq!(keys(&first), wanted, "{line}");
        let yaml = in_format("yaml").out;
        assert!(yaml.starts_with("api_version: elkctl/v1\nkind: "), "{yaml}");
        let csv = in_format("csv").lines();
        assert_eq!(csv.len(), items.len() + 1, "{line}: {csv:?}");
        assert_eq!(csv[0], csv[0].to_lowercase());
        let names = in_format("name").lines();
        assert!(names.iter().all(|name| name.contains('/')), "{names:?}");
        let path = in_format("jsonpath={.kind}").lines();
        assert_eq!(path, [kind]);
        for format in ["table", "wide"] {
            let table = in_format(format);
            assert!(!table.out.is_empty() && !table.out.contains('\u{1b}'), "{line}");
        }
    }
}

#[test]
fn the_routes_of_the_reference_are_listed_without_a_server() {
    let home = tempfile::tempdir().expect("a directory");
    let table = |format: &str| {
        run(command(home.path()).args(["api", "--compat-table", "-o", format])).ends(0)
    };
    let items = table("json").items();
    assert_eq!(items.len(), 246);
    assert_eq!(table("json").json()["kind"], "CompatRouteList");
    assert!(items.iter().all(|it| keys(it) == ["method", "path", "state"]));
    let status = json!({
        "method": "GET", "path": "/api/v1/agent/getStatus/:id", "state": "served",
    });
    assert!(items.contains(&status));
    let states: BTreeSet<_> = items.iter().filter_map(|it| it["state"].as_str()).collect();
    assert!(states.is_subset(&["served", "not yet"].into()), "{states:?}");
    for (format, lines) in
        [("jsonl", 246), ("csv", 247), ("name", 246), ("table", 247), ("wide", 247)]
    {
        assert_eq!(table(format).lines().len(), lines, "{format}");
    }
    assert!(table("yaml").out.starts_with("api_version: elkctl/v1\nkind: CompatRouteList\n"));
    assert_eq!(table("jsonpath={.metadata.total}").lines(), ["246"]);
    // A path is still needed for everything else.
    run(command(home.path()).args(["api", "GET"])).ends(2);
    run(command(home.path()).args(["api", "--compat-table", "GET", "/"])).ends(2);
}

#[test]
fn a_page_says_where_the_next_one_begins_and_all_is_all() {
    let backend = Backend::with_agents(5);
    let first = backend.elkctl(&["agent", "list", "--limit", "2", "-o", "json"]).ends(0);
    assert!(first.err.starts_with("showing 2 of 5; next page: --cursor "), "{}", first.err);
    let mut seen = BTreeSet::new();
    let mut page = first.json();
    loop {
        for item in page["items"].as_array().expect("items") {
            assert!(seen.insert(item["id"].to_string()), "shown twice");
        }
        let Some(cursor) = page["metadata"]["next_cursor"].as_str() else { break };
        let line = ["agent", "list", "--limit", "2", "--cursor", cursor, "-o", "json"];
        page = backend.elkctl(&line).ends(0).json();
    }
    assert_eq!(seen.len(), 5);
    for format in ["json", "jsonl", "csv", "name", "table", "yaml"] {
        let all = backend.elkctl(&["agent", "list", "--all", "-o", format]).ends(0);
        assert_eq!(all.err, "", "{format}");
        assert!(seen.iter().all(|id| all.out.contains(id.trim_matches('"'))), "{format}");
    }
    let all = backend.elkctl(&["agent", "list", "--all", "-o", "json"]).json();
    assert_eq!(all["metadata"]["total"], 5);
    assert_eq!(all["metadata"]["returned"], 5);
    assert_eq!(all["metadata"]["next_cursor"], Value::Null);
    let none = backend.elkctl(&["agent", "list", "-l", "tag=none", "-o", "json"]).ends(0);
    assert_eq!(none.json()["items"], json!([]));
    assert_eq!(none.err, "");
    let fleet = backend.elkctl(&["agent", "status", "-o", "name"]).ends(0).lines().remove(0);
    backend.elkctl(&["-c", &fleet, "whoami"]).ends(0);
    backend.elkctl(&["context", "use", &fleet]).ends(0);
    let none = backend.elkctl(&["agent", "list", "-l", "tag=none"]).ends(0);
    assert_eq!((none.out.as_str(), none.err.as_str()), ("", ""), "nobody is at a terminal");
}

#[test]
fn standard_output_that_is_closed_or_full_ends_a_command_in_order() {
    let backend = Backend::with_agents(2);
    let piped = |line: &str| {
        let binary = env!("CARGO_BIN_EXE_elkctl");
        let mut shell = std::process::Command::new("/bin/sh");
        shell.env_clear().env("HOME", backend.home()).env("PATH", "/usr/bin:/bin");
        run(shell.args(["-c", &line.replace("elkctl", binary)]))
    };
    let closed = piped("(elkctl agent list --all -o jsonl; echo ended $? >&2) | true");
    assert_eq!(closed.err, "ended 0\n");
    let changed = piped("(elkctl tag add seen --all-agents --confirm 2; echo ended $? >&2) | true");
    assert_eq!(changed.err, "ended 0\n");
    let tags = backend.elkctl(&["tag", "list", "-o", "json"]).ends(0).items();
    assert_eq!(tags, [json!({"name": "seen", "agents": 2})]);
    for line in ["elkctl agent list > /dev/full", "elkctl --help > /dev/full"] {
        let full = piped(line).ends(1);
        assert!(full.err.contains("standard output cannot be written"), "{}", full.err);
    }
}

#[test]
fn text_of_agents_cannot_drive_a_terminal() {
    let evil = "\u{1b}]0;pwn\u{7}\r\u{202e}gpj.exe";
    let server = fake::serve(move |path| {
        let page = json!({
            "items": [fake::agent("a-1", evil)], "next_cursor": null, "total": 1,
            "server_time": "2026-01-01T00:00:00Z",
        });
        let mut detail = fake::agent("a-1", evil);
        let more = json!({
            "heartbeat": {"hostname": evil}, "connected_at": null, "peer": evil, "tasks": [],
            "config": {"profile": evil, "revision": 1, "desired": [], "in_sync": null,
                "drift": [evil]},
        });
        detail.as_object_mut().expect("an object").extend(more.as_object().expect("one").clone());
        let refused = json!({
            "type": "about:blank", "title": evil, "status": 404, "detail": evil, "code": "x",
        });
        match path {
            "/api/n1/agents/a-1" => (200, detail.to_string()),
            "/api/n1/agents/lost" => (404, refused.to_string()),
            _ => (200, page.to_string()),
        }
    });
    let home = tempfile::tempdir().expect("a directory");
    let lines = [
        "agent list",
        "agent list -o wide",
        "agent list -o json",
        "agent list -o yaml",
        "agent list -o jsonl",
        "agent list -o jsonpath=$.items[*].hostname",
        "agent inspect a-1",
        "agent get a-1",
        "agent status a-1",
        "agent get lost",
        "agent get lost -o json",
    ];
    for line in lines {
        let mut command = command(home.path());
        command.env("ELKCTL_TOKEN", "t").args(["--server", &server]).args(line.split(' '));
        let said = run(&mut command);
        let text = format!("{}{}", said.out, said.err);
        assert!(text.contains("pwn"), "{line}: {text}");
        let machine = line.contains("-o json") || line.contains("-o yaml");
        let machine = machine && !line.contains("jsonpath");
        let harmful = |c: char| (c.is_control() && c != '\n') || (c == '\u{202e}' && !machine);
        assert!(!text.contains(harmful), "{line}: {text:?}");
    }
}

#[test]
fn a_list_longer_than_memory_is_printed_page_by_page() {
    let page = {
        let items: Vec<_> = (0..1_000).map(|at| fake::agent(&format!("a-{at}"), "web")).collect();
        serde_json::to_string(&items).expect("JSON")
    };
    let server = fake::serve(move |path| {
        let at = path.split("cursor=").nth(1).and_then(|it| it.split('&').next());
        let at: elk_api::Cursor = at
            .map_or(elk_api::Cursor { after: vec!["0".to_owned()] }, |it| {
                it.parse().expect("a cursor")
            });
        let at: u32 = at.after[0].parse().expect("a number");
        let next = elk_api::Cursor { after: vec![(at + 1).to_string()] };
        let next = if at < 29 { json!(next) } else { Value::Null };
        let rest = format!(
            "\"next_cursor\":{next},\"total\":30000,\"server_time\":\"2026-01-01T00:00:00Z\""
        );
        (200, format!("{{\"items\":{page},{rest}}}"))
    });
    let home = tempfile::tempdir().expect("a directory");
    let out = home.path().join("out");
    let mut command = command(home.path());
    command.env("ELKCTL_TOKEN", "t").args(["--server", &server, "agent", "list", "--all"]);
    command.args(["-o", "json"]).stdout(fs::File::create(&out).expect("a file"));
    let mut child = command.spawn().expect("elkctl runs");
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    let ended = came_within(std::time::Duration::from_secs(120), || {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|it| it.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        most = most.max(peak.unwrap_or(0));
        child.try_wait().expect("is known").is_some()
    });
    assert!(ended, "did not end");
    assert!(most > 0 && most < 64 << 10, "{most} KiB");
    let text = fs::read(&out).expect("a file");
    let document: Value = serde_json::from_slice(&text).expect("one document");
    assert_eq!(document["items"].as_array().map(Vec::len), Some(30_000));
    assert_eq!(document["metadata"]["returned"], 30_000);
}
