//! Servers in trouble and commands that are wrong: each ends with its own code and says why.

use serde_json::{Value, json};

use crate::backend::{Backend, Said, command, run, wait_for};
use crate::fake;

fn asked(server: &str, line: &str) -> Said {
    let home = tempfile::tempdir().expect("a directory");
    let mut command = command(home.path());
    command.env("ELKCTL_TOKEN", "t").args(["--server", server]).args(line.split(' '));
    run(&mut command)
}

#[test]
fn each_answer_of_a_server_has_its_exit_code() {
    let server = fake::serve(|path| {
        let status = path.rsplit('/').next().and_then(|it| it.parse().ok()).unwrap_or(200);
        (status, "junk".to_owned())
    });
    for (status, code) in [
        (400, 2),
        (401, 4),
        (403, 5),
        (404, 6),
        (409, 7),
        (412, 7),
        (422, 2),
        (405, 14),
        (501, 14),
        (500, 9),
        (418, 2),
    ] {
        let said = asked(&server, &format!("agent get {status} -o json")).ends(code);
        let told: Value = serde_json::from_str(&said.err).expect("an error");
        assert_eq!(told["exit_code"], code, "{told}");
        assert_eq!(said.out, "");
    }
    let junk = asked(&server, "agent get 200").ends(1);
    assert!(junk.err.contains("cannot be read"), "{}", junk.err);
    asked("http://127.0.0.1:9", "agent list").ends(9);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let silent = format!("http://{}", silent.local_addr().expect("an address"));
    asked(&silent, "task cancel x --request-timeout 300ms").ends(9);
}

#[test]
fn a_backend_that_is_gone_is_unavailable_and_the_client_still_knows_itself() {
    let mut backend = Backend::start(0);
    backend.login();
    backend.elkctl(&["version"]).ends(0);
    backend.process.kill().expect("runs");
    backend.process.wait().expect("ends");
    let gone = backend.elkctl(&["agent", "list", "-o", "json"]).ends(9);
    let told: Value = serde_json::from_str(&gone.err).expect("an error");
    assert_eq!((&told["retryable"], &told["kind"]), (&json!(true), &json!("Error")));
    let version = backend.elkctl(&["version"]).ends(9);
    assert!(version.out.starts_with("elkctl 0."), "{}", version.out);
    backend.elkctl(&["version", "--client"]).ends(0);
    let doctor = backend.elkctl(&["doctor", "-o", "json"]).ends(3);
    assert_eq!(state(&doctor, "D05"), "fail");
    assert_eq!(state(&doctor, "D07"), "skipped");
    // What ends the session ends it here, whether or not the server hears it.
    backend.elkctl(&["logout"]).ends(9);
    backend.elkctl(&["whoami"]).ends(4);
}

fn state(said: &Said, id: &str) -> String {
    let found = said.items().into_iter().find(|check| check["id"] == id);
    found.expect(id)["state"].as_str().expect("a state").to_owned()
}

#[test]
fn the_doctor_finds_what_is_wrong_and_says_which_check() {
    let backend = Backend::with_agents(1);
    let mut healthy = backend.elkctl(&["doctor", "-o", "json"]);
    wait_for("a healthy backend", || {
        healthy = backend.elkctl(&["doctor", "-o", "json"]);
        healthy.code == Some(0)
    });
    assert!(healthy.items().iter().all(|check| check["state"] == "ok"), "{}", healthy.out);
    let doctor = |line: &str| {
        let args: Vec<_> = line.split(' ').chain(["doctor", "-o", "json"]).collect();
        backend.elkctl(&args)
    };
    assert_eq!(state(&doctor("-c nowhere").ends(3), "D02"), "fail");
    let refused = doctor("--server http://example.com").ends(3);
    assert_eq!((state(&refused, "D03"), state(&refused, "D04")), ("fail".into(), "fail".into()));
    let other = fake::serve(|_| (200, "<html>".to_owned()));
    assert_eq!(state(&doctor(&format!("--server {other}")).ends(3), "D05"), "fail");
    let skewed = fake::serve(|path| match path {
        "/ping" => (
            200,
            json!({
                "commit": "", "build": "elk", "version": "0.1.0", "ci": "", "api": ["n1"],
                "server_time": "2020-01-01T00:00:00Z",
            })
            .to_string(),
        ),
        _ => (503, "overloaded".to_owned()),
    });
    let skewed = asked(&skewed, "doctor -o json").ends(3);
    assert_eq!((state(&skewed, "D05"), state(&skewed, "D06")), ("ok".into(), "fail".into()));
    assert_eq!((state(&skewed, "D07"), state(&skewed, "D08")), ("fail".into(), "fail".into()));
    let token = backend.path("expired");
    std::fs::write(&token, "no-such-session").expect("writes");
    let expired = doctor(&format!("--token-file {}", token.display())).ends(3);
    assert_eq!((state(&expired, "D05"), state(&expired, "D07")), ("ok".into(), "fail".into()));
    let shown = run(command(backend.home()).env("COLUMNS", "40").args(["-c", "nowhere", "doctor"]));
    assert!(shown.ends(3).out.contains("there is no context `nowhere`"));
    let config = backend.home().join(".config/elkctl/config.toml");
    let text = std::fs::read_to_string(&config).expect("text");
    std::fs::write(&config, format!("surprise = 1\n{text}")).expect("writes");
    assert_eq!(state(&backend.elkctl(&["doctor", "-o", "json"]).ends(0), "D01"), "warn");
    std::fs::write(&config, format!("{text}\n[[\n")).expect("writes");
    let broken = backend.elkctl(&["doctor", "-o", "json"]).ends(3);
    assert_eq!((state(&broken, "D01"), state(&broken, "D02")), ("fail".into(), "skipped".into()));
    let told = backend.elkctl(&["whoami"]).ends(2);
    assert!(told.err.contains(": line ") && !told.err.contains("x0a"), "{}", told.err);
}

#[test]
fn what_is_written_wrongly_is_named() {
    let home = tempfile::tempdir().expect("a directory");
    for (line, told) in [
        ("agent lst", "list"),
        ("agent list --limit 0", "0 is not in 1.."),
        ("agent list --limit many", "--limit"),
        ("agent list --cursor zzz", "cursor is damaged"),
        ("agent list --sort colour", "id, hostname, last_seen"),
        ("agent list --status running,foo", "running, abnormal, offline"),
        ("api FOO /x", "is none of GET"),
        ("api GET /x -o yaml", "as the server gives it"),
        ("agent list -o xml", "table, wide, json"),
        ("agent list --color blue", "--color <WHEN>"),
        ("task results x --status foo", "'--status <STATE>': use one of queued, sent"),
        ("task get x --timeout 1s", "--wait"),
        ("agent list -o jsonpath={.a[", "jsonpath"),
        ("agent list --request-timeout 30", "30s"),
        ("agent list --limit 3 --all", "cannot be used with"),
        ("agent status --exit-status --min-healthy 101", "0 to 100"),
        ("task create --plugin x --data-type y", "--data-type"),
        ("task create --plugin x", "--data-type"),
        ("component publish x --version 1.2 --file a", "four numbers"),
        ("component create ../x --type exec", "<NAME>"),
        ("tag add x --expect 5..", "A..B"),
        ("completion tcsh", "bash, elvish, fish"),
        ("api FO=O /x", "FO=O"),
        ("api GET http://evil/", "not a path on the server"),
        ("api POST /x -F a=b", "no JSON"),
    ] {
        let mut command = command(home.path());
        command.env("ELKCTL_TOKEN", "t").env("ELKCTL_SERVER", "http://127.0.0.1:9");
        let said = run(command.args(line.split(' '))).ends(2);
        assert!(said.err.contains(told), "{line}: {}", said.err);
        assert_eq!(said.out, "", "{line}");
    }
    let machine =
        run(command(home.path()).args(["agent", "list", "-o", "json", "--nonsense"])).ends(2);
    let told: Value = serde_json::from_str(&machine.err).expect("an error");
    assert!(told["message"].as_str().is_some_and(|it| it.contains("--nonsense")), "{told}");
    let unknown = |line: &str| {
        run(command(home.path()).env("ELKCTL_CONTEXT", "zz").args(line.split(' '))).ends(6).err
    };
    for line in ["agent list", "-c zz whoami", "context use zz", "context show"] {
        assert!(unknown(line).contains("there is no context `zz`"), "{line}: {}", unknown(line));
    }
    let nowhere = run(command(home.path()).args(["agent", "list"])).ends(2);
    assert!(nowhere.err.contains("elkctl login --server URL"), "{}", nowhere.err);
    let mut homeless = command(home.path());
    run(homeless.env_remove("HOME").arg("whoami")).ends(2);
}

#[test]
fn any_path_can_be_called() {
    let backend = Backend::with_agents(3);
    let me: Value = backend.elkctl(&["api", "GET", "/api/n1/self"]).ends(0).json();
    assert_eq!(me["name"], "admin");
    let page = ["api", "get", "/api/n1/agents", "-f", "limit=2", "-f", "selector=status=running"];
    let page = backend.elkctl(&page).ends(0).json();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(2));
    let all = ["api", "GET", "/api/n1/agents", "-f", "limit=1", "--paginate"];
    assert_eq!(backend.elkctl(&all).ends(0).lines().len(), 3);
    let body = ["api", "POST", "/api/n1/selections", "-F", "all=true"];
    assert_eq!(backend.elkctl(&body).ends(0).json()["count"], 3);
    let input = ["api", "POST", "/api/n1/selections", "--input", "-"];
    assert_eq!(backend.elkctl_reading("{\"all\": true}", &input).ends(0).json()["count"], 3);
    let bad = backend.elkctl_reading("{\"al\": true}", &input).ends(2);
    assert!(bad.out.contains("al"), "the server's words: {}", bad.out);
    assert!(
        bad.out.ends_with("}\n") && bad.err.starts_with("the server answered 4"),
        "{}{}",
        bad.out,
        bad.err
    );
    let head = backend.elkctl(&["api", "GET", "/ping", "-i"]).ends(0).out;
    assert!(head.starts_with("HTTP 200\n"), "{head}");
    backend.elkctl(&["api", "GET", "/nowhere"]).ends(6);
}
