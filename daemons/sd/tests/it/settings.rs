//! Settings of the reference: what of them counts, and what is refused.

use std::fs;
use std::path::{Path, PathBuf};

use elk_boot::load_translated;
use elk_life::Clock;
use elk_sd::Config;
use elk_sd::reference::translate;
use elk_trust::Secret;
use elk_trust::aksk::{KeyPair, Keys};
use rustix::process::Signal;

use crate::binary::{Node, run};
use crate::world::{send, signed};

const SAMPLE: &str = include_str!("../samples/conf.yaml");

fn file(directory: &Path, text: &str) -> PathBuf {
    let path = directory.join("conf.yaml");
    fs::write(&path, text).unwrap();
    path
}

/// Reads settings; the directory's name is left out of what is said.
fn read(text: &str, variables: &[(&str, &str)]) -> Result<(Config, Vec<String>), String> {
    let directory = tempfile::tempdir().unwrap();
    let path = file(directory.path(), text);
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let at = format!("{}/", directory.path().display());
    match load_translated(&path, "ELK_SD", variables, translate) {
        Ok((config, notes)) => Ok((config, notes.iter().map(|it| it.replace(&at, "")).collect())),
        Err(error) => Err(error.to_string().replace(&at, "")),
    }
}

fn pair(ak: &str, sk: &str) -> KeyPair {
    KeyPair { ak: ak.to_owned(), sk: Secret::new(sk) }
}

#[test]
fn each_key_of_the_reference_counts_or_is_named() {
    let (config, notes) = read(SAMPLE, &[]).unwrap();
    assert_eq!(config.listen.to_string(), "0.0.0.0:18088");
    let keys: Keys = [pair("akofcenter", "SkOfCenter"), pair("akofmanager", "SkOfManager")]
        .into_iter()
        .collect();
    assert_eq!(config.auth.keys, keys);
    assert_eq!(config.sync.members, ["http://10.20.0.8:8088", "http://10.20.0.18:8088"]);
    let expected = [
        "conf.yaml: Cluster.Mode, Cluster.Key, Redis: not used: members are those that the file names",
        "conf.yaml: log: not used: it logs to stderr, and RUST_LOG sets the level",
    ];
    assert_eq!(notes, expected);
}

#[test]
fn the_environment_counts_more_than_the_file() {
    let variables = [("ELK_SD__LISTEN", "127.0.0.1:9"), ("ELK_SD__LIMITS__SERVICES", "7")];
    let (config, _) = read(SAMPLE, &variables).unwrap();
    assert_eq!((config.listen.to_string().as_str(), config.limits.services), ("127.0.0.1:9", 7));
}

#[test]
fn what_reads_otherwise_than_the_reference_is_named() {
    let text = "Server: {Port: 1}\nAuth: {Enable: false}\nserver2: {x: 1}\nAuth2: 3\n\
        Cluster: {Members: ['10.0.0.8:1']}\n";
    let (config, notes) = read(text, &[]).unwrap();
    assert_eq!(config.listen.to_string(), "0.0.0.0:1");
    assert!(config.auth.keys.is_empty());
    assert_eq!(config.sync.members, ["http://10.0.0.8:1"]);
    let expected = [
        "conf.yaml: Auth.Enable is not true: whoever registers must sign all the same",
        "conf.yaml: not known and not used: auth2 (line 4), server2.x (line 3)",
    ];
    assert_eq!(notes, expected);
}

#[test]
fn settings_that_do_not_fit_are_refused_by_file_line_and_key() {
    let wrong = |from: &str, to: &str| {
        assert!(SAMPLE.contains(from), "{from}");
        read(&SAMPLE.replacen(from, to, 1), &[]).unwrap_err()
    };
    for (from, to, expected) in [
        ("18088", "eighty", "conf.yaml:4:9: Server.Port: a number is expected that fits"),
        ("18088", "70000", "conf.yaml:4:9: Server.Port: a number is expected that fits"),
        ("18088", "", "conf.yaml: Server.Port: is missing"),
        ("0.0.0.0", "here", "conf.yaml:3:7: Server.Ip: an IP address is expected"),
        ("SkOfCenter", "''", "conf.yaml:23:17: Auth.Keys.akofcenter: an access key or a secret"),
        ("SkOfCenter", "[1]", "conf.yaml:23:17: Auth.Keys.akofcenter: text is expected"),
        ("SkOfCenter", "0017", "conf.yaml:23:17: Auth.Keys.akofcenter: is not the text"),
        // What the sample files of the reference hold is known to everybody.
        ("SkOfCenter", "password", "conf.yaml:23:17: Auth.Keys.akofcenter: is the secret of the"),
        ("Members: [", "Members: [[", "conf.yaml:"),
    ] {
        let error = wrong(from, to);
        assert!(error.starts_with(expected), "{to}: {error}");
    }
    let twice = read(&format!("{SAMPLE}    akofcenter: x\n"), &[]).unwrap_err();
    assert!(
        twice.starts_with("conf.yaml:25:5: auth.keys.akofcenter: the key comes twice"),
        "{twice}"
    );
}

/// Nor are they a way in when copied to settings of ours.
#[test]
fn secrets_of_the_sample_files_of_the_reference_are_refused_in_every_form() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sd.toml");
    fs::write(&path, "[auth.keys]\nmine = \"password\"\n").unwrap();
    let path = path.to_str().unwrap();
    let (code, stdout, stderr) = run(&["--config", path, "--print-config"], &[]);
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
    assert!(
        stderr.contains("sd.toml:") && stderr.contains("the secret key of `mine` is the"),
        "{stderr}"
    );
    let variable = ("ELK_SD__AUTH__KEYS__MINE", "password");
    let (code, _, stderr) = run(&["--print-config"], &[variable]);
    assert!(
        code == 2 && stderr.contains(variable.0) && stderr.contains("openssl rand"),
        "{stderr}"
    );
}

#[test]
fn hostile_files_are_refused_in_one_sentence() {
    let directory = tempfile::tempdir().unwrap();
    let bomb: String = (1..10)
        .map(|it| format!("a{it}: &a{it} [{}]\n", vec![format!("*a{}", it - 1); 9].join(",")))
        .collect();
    let bomb = format!("a0: &a0 [x,x,x,x,x,x,x,x,x]\n{bomb}");
    let huge = format!("Server:\n  Port: 1\n# {}\n", "x".repeat(2 << 20));
    for (text, expected) in [
        (format!("a: {}", "[".repeat(50_000)), "levels deep"),
        (format!("a: {}", "{b: ".repeat(50_000)), "levels deep"),
        (bomb, "more than 10000 values"),
        (huge, "larger than 1048576 bytes"),
        ("Server: *nobody\n".to_owned(), "conf.yaml:1:9: server: "),
        ("Server:\n\tPort: 1\n".to_owned(), "conf.yaml:2:"),
        ("\u{0}\u{1}".to_owned(), "conf.yaml:1:"),
    ] {
        let path = file(directory.path(), &text);
        let (code, stdout, stderr) = run(&["--config", path.to_str().unwrap(), "--check"], &[]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(expected) && stderr.lines().count() == 1, "{expected}: {stderr}");
    }
    fs::write(directory.path().join("conf.yaml"), [0xff, 0xfe, 0xfd]).unwrap();
    let path = directory.path().join("conf.yaml");
    let (code, _, stderr) = run(&["--config", path.to_str().unwrap(), "--check"], &[]);
    assert!(code == 2 && stderr.contains("cannot read"), "{stderr}");
}

#[tokio::test]
async fn a_node_serves_from_a_file_of_the_reference_and_takes_its_changed_keys() {
    let directory = tempfile::tempdir().unwrap();
    let text = SAMPLE
        .replace("0.0.0.0", "127.0.0.1")
        .replace("18088", "0")
        .replace("10.20.0.8:8088", "127.0.0.1:1")
        .replace("10.20.0.18:8088", "127.0.0.1:2");
    let path = file(directory.path(), &text);
    let mut node = Node::start(path.to_str().unwrap());
    // As AgentCenter of the reference registers, and as an agent asks.
    let body = r#"{"name":"hids_svr_grpc","ip":"192.0.2.2","port":6751,"weight":0,"extra":null}"#;
    let register = async |node: &Node, key: &KeyPair| {
        let headers = signed(key, "/registry/register", body, Clock::System.unix());
        send(node.addr, ("POST", "/registry/register"), &headers, body).await
    };
    let key = pair("AkOfCenter", "SkOfCenter");
    assert_eq!(register(&node, &key).await.body, r#"{"msg":"ok"}"#);
    let asked = ("GET", "/registry/detail?name=hids_svr_grpc&count=10");
    let found = send(node.addr, asked, &[], "").await.json();
    assert_eq!(found["data"][0]["ip"], "192.0.2.2");
    assert_eq!(found["data"][0]["port"], 6751);
    file(directory.path(), &text.replace("SkOfCenter", "SkOfLater"));
    node.hang_up("took auth.keys");
    assert_eq!(register(&node, &key).await.status, 403);
    assert_eq!(register(&node, &pair("AkOfCenter", "SkOfLater")).await.status, 200);
    file(directory.path(), &text.replace("SkOfCenter", "password"));
    node.hang_up("kept the settings of before");
    node.signal(Signal::TERM);
    assert_eq!(node.ended().await.0, Some(0));
}

#[test]
fn print_config_shows_what_a_file_of_the_reference_comes_to() {
    let directory = tempfile::tempdir().unwrap();
    let path = file(directory.path(), SAMPLE);
    let (code, stdout, stderr) = run(&["--config", path.to_str().unwrap(), "--print-config"], &[]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stdout.starts_with("listen = \"0.0.0.0:18088\"\n"), "{stdout}");
    assert!(!stdout.contains("SkOf") && !stderr.contains("SkOf"), "{stdout} {stderr}");
    let warned =
        |text: &str| stderr.contains(&format!("elk-sd: warning: {}: {text}", path.display()));
    assert!(
        warned("Cluster.Mode, Cluster.Key, Redis: not used") && warned("log: not used"),
        "{stderr}"
    );
}
