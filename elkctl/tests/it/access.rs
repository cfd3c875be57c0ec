//! Contexts, credentials, sessions and users.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::backend::{Backend, command, run, run_reading};

/// Returns the token that login stored.
fn token(backend: &Backend) -> String {
    let directory = backend.home().join(".local/state/elkctl/credentials");
    let file = fs::read_dir(directory).expect("a directory").next().expect("one").expect("a file");
    let text = fs::read(file.path()).expect("text");
    let value: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    value["token"].as_str().expect("a token").to_owned()
}

#[test]
fn logout_ends_the_session_on_the_server_too() {
    let backend = Backend::start(0);
    backend.login();
    let me = backend.elkctl(&["whoami", "-o", "json"]).ends(0).items().remove(0);
    assert_eq!((&me["name"], &me["role"]), (&json!("admin"), &json!("admin")));
    let stolen = backend.home().join("token");
    fs::write(&stolen, token(&backend)).expect("writes");
    let stolen = stolen.display().to_string();
    backend.elkctl(&["whoami", "--token-file", &stolen]).ends(0);
    let piped = fs::read_to_string(&stolen).expect("a token");
    backend.elkctl_reading(&piped, &["whoami", "--token-file", "-"]).ends(0);
    run(command(backend.home()).env("ELKCTL_TOKEN", &piped).arg("whoami")).ends(0);
    run(command(backend.home()).env("ELKCTL_TOKEN_FILE", &stolen).arg("whoami")).ends(0);
    backend.elkctl(&["logout"]).ends(0);
    backend.elkctl(&["whoami", "--token-file", &stolen]).ends(4);
    let none = backend.elkctl(&["whoami"]).ends(4);
    assert!(none.err.contains("hint: elkctl login --server"), "{}", none.err);
    let kept = fs::read_dir(backend.home().join(".local/state/elkctl/credentials"));
    assert_eq!(kept.expect("a directory").count(), 0);
    backend.elkctl(&["logout"]).ends(0);
}

#[test]
fn a_wrong_password_or_no_way_to_ask_for_one_is_told() {
    let backend = Backend::start(0);
    let server = backend.manager();
    let login = ["login", "--server", &server, "-u", "admin", "--store", "file"];
    let stdin = [&login[..], &["--password-stdin"]].concat();
    let wrong = backend.elkctl_reading("not the password\n", &stdin).ends(4);
    assert_eq!(wrong.out, "");
    assert!(!wrong.err.contains("not the password"), "{}", wrong.err);
    backend.elkctl_reading("", &stdin).ends(2);
    let nobody = backend.elkctl(&login).ends(2);
    assert!(nobody.err.contains("--password-stdin"), "{}", nobody.err);
    // No keyring here, and nobody to ask: never a file in silence.
    let keyring = ["login", "--server", &server, "-u", "admin", "--password-stdin"];
    let keyring = backend.elkctl_reading(&backend.password(), &keyring).ends(4);
    for way in ["--store file", "--server http", "-u admin", "ELKCTL_TOKEN_FILE"] {
        assert!(keyring.err.contains(way), "{}", keyring.err);
    }
    let none = [&stdin[..5], &["--password-stdin", "--no-store"]].concat();
    backend.elkctl_reading(&backend.password(), &none).ends(0);
    let all: Vec<_> = fs::read_dir(backend.home()).expect("a directory").collect();
    assert!(all.is_empty(), "nothing was to be kept: {all:?}");
    // Who only looks whether a password is right stays signed in.
    backend.login();
    backend.elkctl_reading(&backend.password(), &none).ends(0);
    backend.elkctl(&["whoami"]).ends(0);
    let other = [&none[..4], &["nobody"], &none[5..]].concat();
    backend.elkctl_reading("wrong", &other).ends(4);
    backend.elkctl(&["whoami"]).ends(0);
}

#[test]
fn over_tls_an_own_authority_is_named_once() {
    let backend = Backend::start(0);
    let server = backend.endpoints()["manager_tls"].as_str().expect("an address").to_owned();
    let login =
        ["login", "--server", &server, "-u", "admin", "--password-stdin", "--store", "file"];
    let unknown = backend.elkctl_reading(&backend.password(), &login).ends(9);
    assert!(unknown.err.contains("--ca-file"), "{}", unknown.err);
    let ca = backend.path("pki/ca.crt").display().to_string();
    let login = [&login[..], &["--ca-file", &ca]].concat();
    backend.elkctl_reading(&backend.password(), &login).ends(0);
    backend.elkctl(&["whoami"]).ends(0);
}

#[test]
fn who_brings_a_bad_credential_is_told_where_it_is_from() {
    let backend = Backend::start(0);
    backend.login();
    let said = run(command(backend.home()).env("ELKCTL_TOKEN", "bad").arg("whoami")).ends(4);
    assert!(said.err.contains("ELKCTL_TOKEN"), "{}", said.err);
    assert!(!said.err.contains("hint: elkctl login"), "{}", said.err);
}

#[test]
fn users_are_made_listed_and_held_to_their_role() {
    let backend = Backend::with_agents(1);
    let one = backend.names(1).remove(0);
    let create = ["user", "create", "eve", "--role", "viewer", "--password-stdin"];
    backend.elkctl_reading("short", &create).ends(2);
    let made = [&create[..], &["-o", "name"]].concat();
    let made = backend.elkctl_reading("a long enough password\n", &made).ends(0);
    assert_eq!(made.lines(), ["user/eve"]);
    backend.elkctl_reading("a long enough password", &create).ends(7);
    backend.elkctl(&["user", "create", "x", "--role", "king"]).ends(2);
    let names = backend.elkctl(&["user", "list", "-o", "name"]).ends(0).lines();
    assert_eq!(names, ["user/admin", "user/eve"]);

    backend.login_as("eve", "a long enough password");
    backend.elkctl(&["agent", "list"]).ends(0);
    backend.elkctl(&["tag", "add", "x", &one]).ends(5);
    backend.elkctl(&["user", "list"]).ends(5);
    let passwd = ["user", "passwd", "--password-stdin"];
    backend.elkctl_reading("wrong\nanother long password\n", &passwd).ends(2);
    backend.elkctl_reading("a long enough password\n", &passwd).ends(2);
    let both = "a long enough password\nanother long password\n";
    backend.elkctl_reading(both, &passwd).ends(0);
    backend.login_as("eve", "another long password");
    backend.login();
    let reset = ["user", "passwd", "user/eve", "--password-stdin"];
    backend.elkctl_reading("set by the administrator", &reset).ends(0);
    backend.login_as("eve", "set by the administrator");
}

#[test]
fn contexts_are_made_used_renamed_and_removed() {
    let home = tempfile::tempdir().expect("a directory");
    let elkctl = |line: &str| run(command(home.path()).args(line.split(' ')));
    assert_eq!(elkctl("context list -o json").ends(0).items().len(), 0);
    elkctl("context show").ends(6);
    elkctl("context add lab").ends(2);
    elkctl("context add lab --server ftp://lab").ends(2);
    elkctl("context add lab --server http://127.0.0.1:1 --user ann").ends(0);
    elkctl("context set prod --server https://prod:6701 --protected true --banner PROD").ends(0);
    elkctl("context use lab").ends(0);
    elkctl("context set lab --user bob").ends(0);
    let lab = elkctl("context show -o json").ends(0).items().remove(0);
    assert_eq!((&lab["name"], &lab["user"]), (&json!("lab"), &json!("bob")));
    assert_eq!(lab["server"], "http://127.0.0.1:1", "what is not said stays");
    let near = elkctl("context use prood").ends(6);
    assert!(near.err.contains("prod"), "{}", near.err);
    let near = elkctl("-c prood agent list").ends(6);
    assert!(near.err.contains("elkctl context use prod"), "{}", near.err);
    elkctl("context rename lab prod").ends(7);
    elkctl("context rename lab attic").ends(0);
    assert_eq!(elkctl("context list -o name").ends(0).lines(), ["context/attic", "context/prod"]);
    elkctl("context remove attic").ends(0);
    elkctl("context remove attic").ends(6);
    elkctl("context show").ends(6);
    let config = home.path().join(".config/elkctl/config.toml");
    assert_eq!(fs::metadata(&config).expect("a file").permissions().mode() & 0o777, 0o600);
    fs::write(
        &config,
        "version = 1\n[contexts.x]\nserver = \"http://127.0.0.1:1\"\ntoken = \"s\"\n",
    )
    .expect("writes");
    let secret = elkctl("context list").ends(2);
    assert!(secret.err.contains("token"), "{}", secret.err);
    fs::write(&config, "version = \n").expect("writes");
    let damaged = elkctl("context list").ends(2);
    assert!(damaged.err.contains("config.toml"), "{}", damaged.err);
}

#[test]
fn a_stored_token_goes_to_its_own_server_only() {
    let backend = Backend::start(0);
    backend.login();
    let (tell, told) = std::sync::mpsc::channel();
    let other = crate::fake::serve(move |path| {
        drop(tell.send(path.to_owned()));
        (200, "{}".to_owned())
    });
    backend.elkctl(&["--server", &other, "whoami"]).ends(4);
    let session = |format: &str| {
        let said = backend.elkctl(&["context", "list", "--columns", "session", "-o", format]);
        said.ends(0).lines().remove(1)
    };
    assert!(session("table").ends_with(" ago"), "{}", session("table"));
    assert!(session("csv").ends_with('Z'), "{}", session("csv"));
    assert!(told.try_recv().is_err(), "nothing was asked");
    let mut http = command(backend.home());
    http.env("ELKCTL_TOKEN", "t").args(["--server", "http://example.com", "whoami"]);
    let plain = run(&mut http).ends(2);
    assert!(plain.err.contains("plain"), "{}", plain.err);
    let secret = backend.password();
    for line in [&["whoami"][..], &["agent", "list", "-o", "json"], &["doctor"]] {
        let said = backend.elkctl(line);
        assert!(!said.out.contains(&secret) && !said.err.contains(&secret));
        assert!(!said.out.contains(&token(&backend)));
    }
    drop(run_reading(&mut command(backend.home()), ""));
}
