//! Users, tokens, sessions, the second factor and the audit log, on the command line.

use std::fs;
use std::process::Command;

use crate::backend::{Backend, command, has, run, run_reading};

/// A home in which somebody else than the administrator signs in.
fn signed_in(
    backend: &Backend,
    user: &str,
    input: &str,
    more: &[&str],
) -> (tempfile::TempDir, i32) {
    let home = tempfile::tempdir().expect("a directory");
    let server = backend.manager();
    let line = ["login", "--server", &server, "-u", user, "--password-stdin", "--store", "file"];
    let ca = backend.path("pki/ca.crt").display().to_string();
    let said =
        run_reading(command(home.path()).args(line).args(["--ca-file", &ca]).args(more), input);
    (home, said.code.expect("a code"))
}

const PASSWORD: &str = "seven little horses";

#[test]
fn the_audit_log_tells_who_did_what_and_is_whole() {
    let backend = Backend::start(0);
    backend.login();
    let create = ["user", "create", "kim", "--role", "viewer", "--password-stdin"];
    backend.elkctl_reading(PASSWORD, &create).ends(0);
    let (home, _) = signed_in(&backend, "kim", PASSWORD, &[]);
    let theirs = |line: &[&str]| run(command(home.path()).args(line));
    theirs(&["user", "list"]).ends(5);
    theirs(&["audit", "list"]).ends(5);
    let line = ["audit", "list", "--action", "user.*", "--since", "1h", "-o", "json"];
    let items = backend.elkctl(&line).ends(0).items();
    let told: Vec<_> = items
        .iter()
        .map(|it| (it["actor"].as_str(), it["action"].as_str(), it["outcome"].as_str()))
        .collect();
    let wanted = [
        (Some("kim"), Some("user.list"), Some("refused")),
        (Some("admin"), Some("user.create"), Some("ok")),
        (Some("system"), Some("user.create"), Some("ok")),
    ];
    assert_eq!(told, wanted);
    assert_eq!(items[1]["object"], "kim");
    let number = items[1]["sequence"].to_string();
    let one = backend.elkctl(&["audit", "get", &number, "-o", "json"]).ends(0).items();
    assert_eq!(one[0], items[1]);
    backend.elkctl(&["audit", "get", "999999"]).ends(6);
    backend.elkctl(&["audit", "list", "--since", "yesterday"]).ends(2);
    let human = backend.elkctl(&["audit", "verify"]).ends(0).out;
    assert!(human.contains(" entries are whole, up to "), "{human}");
    let place = human.trim().rsplit(' ').next().expect("a place");
    backend.elkctl(&["audit", "verify", "--known", place]).ends(0);
    let other = format!("{}:{}", place.split(':').next().expect("a number"), "0".repeat(64));
    let broken = backend.elkctl(&["audit", "verify", "--known", &other]).ends(3).out;
    assert!(broken.starts_with("broken at entry "), "{broken}");
    let export = backend.elkctl(&["audit", "export"]).ends(0).lines();
    assert!(export.iter().any(|line| line.contains(place.split(':').nth(1).expect("a hash"))));
    let rest = backend.elkctl(&["audit", "export", "--after", "2"]).ends(0).lines();
    assert!(rest[0].contains("\"sequence\":3"), "{}", rest[0]);
}

#[test]
fn a_token_is_shown_once_and_used_from_a_file() {
    let backend = Backend::start(0);
    backend.login();
    let line = ["token", "create", "ci", "--role", "viewer", "--expires", "30d"];
    let made = backend.elkctl(&line).ends(0);
    assert!(made.out.starts_with("elk_") && made.out.lines().count() == 1, "{}", made.out);
    let file = backend.path("token");
    fs::write(&file, &made.out).expect("writes");
    let (server, file) = (backend.manager(), file.display().to_string());
    let ca = backend.path("pki/ca.crt").display().to_string();
    let home = tempfile::tempdir().expect("a directory");
    let program = |line: &[&str]| {
        let mut command = command(home.path());
        command.env("ELKCTL_TOKEN_FILE", &file).env("ELKCTL_SERVER", &server);
        run(command.env("ELKCTL_CA_FILE", &ca).args(line))
    };
    let me = program(&["whoami", "-o", "json"]).ends(0).items();
    assert_eq!((&me[0]["token"], &me[0]["role"]), (&"ci".into(), &"viewer".into()));
    program(&["agent", "list"]).ends(0);
    program(&["user", "list"]).ends(5);
    program(&["token", "create", "more"]).ends(5);
    backend.elkctl(&line).ends(7);
    let listed = backend.elkctl(&["token", "list", "-o", "json"]).ends(0);
    assert!(!listed.out.contains("elk_"), "{}", listed.out);
    assert!(listed.items()[0]["last_used_at"].is_string());
    let revoked = backend.elkctl(&["token", "revoke", "ci", "-o", "json"]).ends(0).items();
    assert_eq!(revoked[0]["state"], "revoked");
    let said = program(&["agent", "list"]).ends(4).err;
    assert!(said.contains("the token ci was revoked at "), "{said}");
    let dry = backend.elkctl(&["token", "create", "other", "--dry-run"]).ends(0).out;
    assert!(dry.contains("nothing was changed"), "{dry}");
}

#[test]
fn users_are_changed_unlocked_and_removed_and_their_sessions_end() {
    let backend = Backend::start(0);
    backend.login();
    let create = ["user", "create", "kim", "--role", "3", "--password-stdin"];
    let weak = backend.elkctl_reading("kim kim kim kim", &create).ends(2).err;
    assert!(weak.contains("little more than the user's name"), "{weak}");
    backend.elkctl_reading(PASSWORD, &create).ends(0);
    let (home, code) = signed_in(&backend, "kim", PASSWORD, &[]);
    assert_eq!(code, 0);
    let theirs = |line: &[&str]| run(command(home.path()).args(line));
    assert_eq!(theirs(&["user", "get", "-o", "json"]).ends(0).items()[0]["name"], "kim");
    assert_eq!(theirs(&["session", "list", "-o", "json"]).ends(0).items().len(), 1);
    backend.elkctl(&["user", "set-role", "kim", "operator"]).ends(2);
    let set = backend.elkctl(&["user", "set-role", "kim", "operator", "--yes", "-o", "json"]);
    assert_eq!(set.ends(0).items()[0]["role"], "operator");
    theirs(&["whoami"]).ends(4);
    backend.elkctl(&["user", "role", "admin", "viewer", "--yes"]).ends(7);
    for _ in 0..5 {
        assert_eq!(signed_in(&backend, "kim", "wrong", &[]).1, 4);
    }
    let get = ["user", "get", "kim", "-o", "json"];
    assert_eq!(backend.elkctl(&get).ends(0).items()[0]["failed_sign_ins"], 5);
    let free = backend.elkctl(&["user", "unlock", "kim", "-o", "json"]).ends(0).items();
    assert_eq!(free[0]["failed_sign_ins"], 0);
    let (home, _) = signed_in(&backend, "kim", PASSWORD, &[]);
    let ended = backend.elkctl(&["session", "revoke", "--user", "kim", "--yes"]).ends(0).out;
    assert_eq!(ended, "ended 1 sessions of kim\n");
    run(command(home.path()).arg("whoami")).ends(4);
    backend.elkctl(&["session", "revoke", "0123456789abcdef"]).ends(6);
    backend.elkctl(&["user", "delete", "kim", "--yes"]).ends(2);
    backend.elkctl(&["user", "delete", "kim", "--confirm", "kim"]).ends(0);
    backend.elkctl(&["user", "get", "kim"]).ends(6);
}

const CODE: &str = r#"
import base64, hashlib, hmac, struct, sys, time
key = base64.b32decode(sys.argv[1])
tag = hmac.new(key, struct.pack(">q", int(time.time()) // 30 + int(sys.argv[2])), hashlib.sha1).digest()
at = tag[19] & 15
print("%06d" % ((struct.unpack(">I", tag[at:at + 4])[0] & 0x7fffffff) % 1000000))
"#;

#[test]
fn a_second_factor_is_put_in_force_asked_for_and_taken_away() {
    if !has("python3", "--version") {
        return;
    }
    let backend = Backend::start(0);
    backend.login();
    let create = ["user", "create", "kim", "--role", "viewer", "--password-stdin"];
    backend.elkctl_reading(PASSWORD, &create).ends(0);
    let (home, _) = signed_in(&backend, "kim", PASSWORD, &[]);
    let theirs = |line: &[&str], input: &str| run_reading(command(home.path()).args(line), input);
    let made = theirs(&["user", "totp", "enable", "-o", "json"], "").ends(0).items();
    let secret = made[0]["secret"].as_str().expect("a secret").to_owned();
    // The step behind this one is good, too; each sign-in needs a later one.
    let code = |off: &str| {
        let said = run(Command::new("python3").args(["-c", CODE, &secret, off])).ends(0);
        said.out.trim().to_owned()
    };
    theirs(&["user", "totp", "enable", "--otp-stdin"], "000000x").ends(2);
    let codes = theirs(&["user", "totp", "enable", "--otp-stdin"], &code("0")).ends(0).lines();
    assert_eq!(codes.len(), 10);
    assert_eq!(signed_in(&backend, "kim", PASSWORD, &[]).1, 4);
    let both = |code: &str| format!("{PASSWORD}\n{code}\n");
    assert_eq!(signed_in(&backend, "kim", &both(&code("1")), &["--otp-stdin"]).1, 0);
    assert_eq!(signed_in(&backend, "kim", &both("000000"), &["--otp-stdin"]).1, 4);
    assert_eq!(signed_in(&backend, "kim", &both(&codes[0]), &["--otp-stdin"]).1, 0);
    theirs(&["user", "totp", "disable", "--yes"], "").ends(2);
    let off = theirs(&["user", "totp", "disable", "--yes", "--otp-stdin", "-o", "json"], &codes[1]);
    assert_eq!(off.ends(0).items()[0]["totp"], false);
    assert_eq!(signed_in(&backend, "kim", PASSWORD, &[]).1, 0);
}

#[test]
fn a_role_of_ones_own_allows_what_its_rules_say_on_the_agents_they_name() {
    let backend = Backend::with_agents(3);
    let one = backend.names(1).remove(0);
    backend.elkctl(&["tag", "add", "db", &one]).ends(0);
    let rules = ["agent.list:tag=db", "selection.create:tag=db", "tag.add:tag=db"];
    let mut create = vec!["role", "create", "db-team"];
    create.extend(rules.iter().flat_map(|it| ["--rule", it]));
    backend.elkctl(&create).ends(0);
    backend.elkctl(&create).ends(7);
    backend.elkctl(&["role", "create", "x", "--rule", "tags.add"]).ends(2);
    let user = ["user", "create", "kim", "--role", "db-team", "--password-stdin"];
    let shown = backend.elkctl_reading(PASSWORD, &user).ends(0).out;
    assert!(shown.contains("db-team"), "{shown}");
    let (home, _) = signed_in(&backend, "kim", PASSWORD, &[]);
    let theirs = |line: &[&str]| run(command(home.path()).args(line));
    let seen = theirs(&["agent", "list", "-o", "name"]).ends(0).lines();
    assert_eq!(seen, [one]);
    let all = ["tag", "add", "seen", "--all-agents", "--confirm", "1"];
    theirs(&all).ends(0);
    let tags = backend.elkctl(&["tag", "list", "-o", "json"]).ends(0).items();
    assert!(tags.contains(&serde_json::json!({ "name": "seen", "agents": 1 })), "{tags:?}");
    for line in [&["tag", "list"][..], &["agent", "status"], &["role", "list"], &["audit", "list"]]
    {
        theirs(line).ends(5);
    }
    let listed = backend.elkctl(&["role", "get", "db-team"]).ends(0).out;
    assert!(listed.contains("tag.add:tag=db"), "{listed}");
    backend.elkctl(&["role", "delete", "db-team", "--yes"]).ends(7);
    backend.elkctl(&["user", "delete", "kim", "--confirm", "kim"]).ends(0);
    backend.elkctl(&["role", "delete", "role/db-team", "--yes"]).ends(0);
    backend.elkctl(&["role", "get", "db-team"]).ends(6);
}
