//! Settings of the reference: what of them counts, what is refused, and the binary on them.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use elk_boot::{load_translated, outbound_ip};
use elk_life::Stop;
use elk_manager::Config;
use elk_manager::reference::translate;
use elk_trust::Secret;
use elk_trust::aksk::{KeyPair, Keys};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::discovery::Discovery;
use crate::world::until;

const SAMPLE: &str = include_str!("../samples/svr.yml");
const ADVERTISE: (&str, &str) = ("ELK_MANAGER__ADVERTISE", "10.20.0.9");

/// Reads settings; the directory's name is left out of what is said.
fn read(text: &str, variables: &[(&str, &str)]) -> Result<(Config, Vec<String>), String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("svr.yml");
    fs::write(&path, text).unwrap();
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let at = format!("{}/", directory.path().display());
    match load_translated(&path, "ELK_MANAGER", variables, translate) {
        Ok((config, notes)) => Ok((config, notes.iter().map(|it| it.replace(&at, "")).collect())),
        Err(error) => Err(error.to_string().replace(&at, "")),
    }
}

fn pair(ak: &str, sk: &str) -> KeyPair {
    KeyPair { ak: ak.to_owned(), sk: Secret::new(sk) }
}

#[test]
fn each_key_of_the_reference_counts_or_is_named() {
    let (config, notes) = read(SAMPLE, &[ADVERTISE]).unwrap();
    assert_eq!(config.listen.to_string(), "0.0.0.0:16701");
    assert_eq!(config.advertise.as_deref(), Some("10.20.0.9"));
    assert_eq!(config.sd.addrs, ["http://10.20.0.8:8088"]);
    assert_eq!(config.sd.auth, Some(pair("aktowardssd", "SkTowardsSd")));
    assert_eq!(config.ac.auth, Some(pair("aktowardsac", "SkTowardsAc")));
    let inner: Keys = [pair("akofmanagers", "SkOfManagers")].into_iter().collect();
    assert_eq!(config.inner_keys, inner);
    assert!(config.ac.keys.is_empty(), "AgentCenters of the reference sign nothing");
    assert!(config.tls.is_none() && !config.plaintext_api);
    assert_eq!(config.data, Path::new("manager"));
    let expected = [
        "http.innerauth: other Managers are listened to, but the work that they hand out through \
         Redis is not taken: let none run beside this one",
        "http.apiauth.secret: not used: sessions are random and none is signed",
        "mongo (10.20.0.5:27017), redis (10.20.0.6:6379): not used: state is kept in the database \
         in `data`; `elkctl import elkeid` takes over what MongoDB holds",
        "log: not used: it logs to stderr, and RUST_LOG sets the level",
        "hub, es, trace: not used: nothing here calls these",
        "there is no key for plaintext_api: over plain HTTP, users of other hosts are not served, \
         only AgentCenters and agents are; ELK_MANAGER__PLAINTEXT_API sets it",
        "there is no key for data: data = \"manager\", below the working directory: the database, \
         components and files of agents; ELK_MANAGER__DATA sets another",
    ];
    assert_eq!(notes, expected.map(|it| format!("svr.yml: {it}")));
}

#[test]
fn the_address_to_register_is_derived_and_named() {
    let (config, notes) = read(SAMPLE, &[]).unwrap();
    let note = notes.iter().find(|it| it.contains("there is no key for advertise")).unwrap();
    assert!(note.contains("ELK_MANAGER__ADVERTISE"), "{note}");
    match outbound_ip() {
        Ok(ip) => assert_eq!(config.advertise, Some(ip.to_string())),
        Err(_) => assert_eq!(config.advertise, None),
    }
}

#[test]
fn what_reads_otherwise_than_the_reference_is_named() {
    let text = SAMPLE
        .replace("enable: true", "enable: false")
        .replace("name: hids_manage", "name: other")
        .replace("name: hids_svr", "name: other")
        .replace("name: elkeid-agent", "name: other")
        .replace("dbname:", "dbnam:");
    let (_, notes) = read(&format!("{text}extra: {{a: [1]}}\n"), &[ADVERTISE]).unwrap();
    let noted = |text: &str| notes.iter().any(|it| it.contains(text));
    assert!(noted("http.apiauth.enable is not true: users must sign in all the same"), "{notes:?}");
    for key in ["sd.name", "server.name", "agent.name"] {
        assert!(noted(&format!("{key}: not used: the name is `")), "{key}: {notes:?}");
    }
    assert!(noted("not known and not used: extra.a (line "), "{notes:?}");
}

#[test]
fn secrets_of_the_sample_files_of_the_reference_are_refused_by_file_line_and_key() {
    for (secret, expected) in [
        ("SkOfManagers", "svr.yml:5:19: http.innerauth.akofmanagers: is the secret of the"),
        ("word-of-tokens", "svr.yml:8:13: http.apiauth.secret: is the secret of"),
        ("SkTowardsSd", "svr.yml:19:9: sd.credentials.sk: is the secret of"),
        ("SkTowardsAc", "svr.yml:25:9: server.credentials.sk: is the secret of"),
        ("redis-word", "svr.yml:30:11: redis.passwd: is the secret of"),
        ("mongo-word", "svr.yml:34:8: mongo.uri: is the secret of"),
        ("SkTowardsHub", "svr.yml:41:9: hub.credentials.sk: is the secret of"),
    ] {
        assert!(SAMPLE.contains(secret));
        let error = read(&SAMPLE.replace(secret, "password"), &[]).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
        assert!(error.contains("openssl rand -hex 16"), "{error}");
    }
}

#[test]
fn settings_that_do_not_fit_are_refused_by_file_line_and_key() {
    for (from, to, expected) in [
        ("16701", "{a: 1}", "svr.yml:3:9: http.port: a number is expected that fits"),
        ("port: 16701", "prt: 16701", "svr.yml: http.port: is missing"),
        ("[\"10.20.0.8:8088\"]", "[]", "svr.yml: sd.addrs: is missing"),
        ("    sk: SkTowardsAc\n", "", "svr.yml: server.credentials.sk: is missing"),
        ("AkTowardsSd", "12e4", "svr.yml:18:9: sd.credentials.ak: is not the text that stands"),
        ("dbname: hids_server", "dbname: a: b", "svr.yml:35:"),
    ] {
        assert!(SAMPLE.contains(from), "{from}");
        let error = read(&SAMPLE.replacen(from, to, 1), &[]).unwrap_err();
        assert!(error.starts_with(expected), "{to}: {error}");
    }
}

/// A process that is killed at the end, if it still lives.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts the binary in `directory` and returns what it said first, and where it serves.
fn start(directory: &Path) -> (Running, Vec<String>, SocketAddr) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_elk-manager"));
    command.args(["--config", "conf/svr.yml"]).current_dir(directory);
    command.env_remove("RUST_LOG").stderr(Stdio::piped());
    let mut child = Running(command.spawn().unwrap());
    let mut log = BufReader::new(child.0.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut said = Vec::new();
    let addr: SocketAddr = loop {
        let line = log.next().unwrap_or_else(|| panic!("it ended: {said:?}"));
        if let Some((_, rest)) = line.split_once("serving on ") {
            break rest.split(' ').next().unwrap().parse().unwrap();
        }
        said.push(line);
    };
    // Somebody must take what it goes on to say.
    std::thread::spawn(move || log.for_each(drop));
    (child, said, ([127, 0, 0, 1], addr.port()).into())
}

/// Returns the whole answer.
fn ask(addr: SocketAddr, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    let length = body.len();
    write!(
        stream,
        "{head} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn the_binary_serves_from_a_file_of_the_reference_in_its_working_directory() {
    let stop = Stop::default();
    let sd = Discovery::new(stop.clone()).await;
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("conf")).unwrap();
    let text = SAMPLE.replace("10.20.0.8:8088", &sd.addr.to_string()).replace("16701", "0");
    fs::write(directory.path().join("conf/svr.yml"), text).unwrap();
    let (mut process, said, addr) = start(directory.path());
    let warned = |text: &str| {
        said.iter().any(|it| it.starts_with(&format!("elk-manager: warning: conf/svr.yml: {text}")))
    };
    assert!(
        warned(
            "mongo (10.20.0.5:27017), redis (10.20.0.6:6379): not used: state is kept in the database"
        ),
        "{said:?}"
    );
    assert!(warned("there is no key for data: data = \"manager\""), "{said:?}");
    until("its registration", async || !sd.registered().is_empty()).await;
    let registered = sd.registered();
    assert_eq!(
        (&registered[0]["name"], &registered[0]["port"]),
        (&json!("hids_manage"), &json!(addr.port()))
    );
    if let Ok(ip) = outbound_ip() {
        assert_eq!(registered[0]["ip"], ip.to_string());
    }
    let password = directory.path().join("manager/admin-password");
    until("the first user", async || password.exists()).await;
    let body = json!({"username": "admin", "password": fs::read_to_string(password).unwrap()});
    let mut answer = String::new();
    until("signing in", async || {
        answer = ask(addr, "POST /api/v1/user/login", &body.to_string());
        answer.contains("\"code\":0")
    })
    .await;
    let envelope: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    let token = envelope["data"]["token"].as_str().unwrap();
    assert!(token.starts_with("seesion-"), "{token}");
    let info = "GET /api/v1/user/info";
    assert!(ask(addr, info, "").starts_with("HTTP/1.1 401 "), "nobody is let in without a token");
    kill_process(Pid::from_child(&process.0), Signal::TERM).unwrap();
    assert_eq!(process.0.wait().unwrap().code(), Some(0));
    stop.now();
}
