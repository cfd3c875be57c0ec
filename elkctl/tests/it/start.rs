//! How `elkctl up` starts and ends.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::backend::{Backend, Said, command, has, run, wait_for};

fn refused(args: &[&str]) -> Said {
    let home = tempfile::tempdir().expect("a directory");
    run(command(home.path()).args(["up", "--ports", "auto"]).args(args))
}

#[test]
fn a_directory_that_is_not_its_own_is_refused_and_not_touched() {
    for (name, text, told) in [
        ("elk.json", "{\"format\":99}", "later version"),
        ("elk.json", "junk", "damaged"),
        ("elk.json", "{}", "damaged"),
        ("notes.txt", "mine", "holds no elk.json"),
    ] {
        let dir = tempfile::tempdir().expect("a directory");
        fs::write(dir.path().join(name), text).expect("writes");
        let said = refused(&["--data", &dir.path().display().to_string()]).ends(1);
        assert!(
            said.err.contains(told) && said.err.contains("nothing was touched"),
            "{}",
            said.err
        );
        assert_eq!(said.err.lines().filter(|line| line.starts_with("error: ")).count(), 1);
        assert_eq!(fs::read_to_string(dir.path().join(name)).expect("text"), text);
        assert_eq!(fs::read_dir(dir.path()).expect("entries").count(), 1);
    }
}

#[test]
fn only_one_process_runs_on_a_directory() {
    let backend = Backend::start(0);
    let second = refused(&["--data", &backend.path("").display().to_string()]).ends(1);
    let told = format!("in use by another elkctl up (process {})", backend.process.id());
    assert!(second.err.contains(&told), "{}", second.err);
    assert!(backend.path("endpoints.json").exists(), "the first still serves");
    backend.login();
}

#[test]
fn addresses_that_agents_cannot_dial_are_refused() {
    for (args, told) in [
        (&["--listen", "0.0.0.0"][..], "--advertise HOST"),
        (&["--listen", "::"], "--advertise HOST"),
        (&["--listen", "0.0.0.0", "--advertise", "http://x"], "no host name"),
        (&["--listen", "here"], "--listen"),
        (&["--ports", "some"], "default, auto"),
        (&["--demo", "5001"], "5000"),
    ] {
        let dir = tempfile::tempdir().expect("a directory");
        let data = dir.path().join("data").display().to_string();
        let home = tempfile::tempdir().expect("a directory");
        let said = run(command(home.path()).args(["up", "--data", &data]).args(args)).ends(2);
        assert!(said.err.contains(told), "{args:?}: {}", said.err);
        assert!(!Path::new(&data).exists(), "nothing was made");
    }
}

#[test]
fn settings_reach_the_daemons_and_wrong_ones_name_their_place() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("up.toml");
    let path = file.display().to_string();
    for (text, told) in [
        ("[ac.grpc]\nconection_limit = 1\n", "up.toml:2:1: conection_limit: unknown field"),
        ("[manager]\nplaintext_api = 3\n", "up.toml:2:17: plaintext_api: "),
        ("[bus]\ndir = \"/tmp\"\n", "up.toml:2:1: bus.dir: under `up` it follows from --data"),
        ("[sd\n", "up.toml:1:"),
    ] {
        fs::write(&file, text).expect("writes");
        let said = refused(&["--config", &path]).ends(2);
        assert!(said.err.contains(told), "{text}: {}", said.err);
    }
    let said = refused(&["--config", "/no/such.toml"]).ends(2);
    assert!(said.err.contains("/no/such.toml"), "{}", said.err);
    fs::write(&file, "[bus]\npartitions = 3\n[sd.auth.keys]\nmine = \"a secret of mine\"\n")
        .expect("writes");
    let backend = Backend::start_with(0, &["--config", &path]);
    assert!(backend.path("log/p002").exists() && !backend.path("log/p003").exists());
    backend.login();
    wait_for("a registered AgentCenter", || {
        let status = backend.elkctl(&["cluster", "status", "-o", "json"]).ends(0).items();
        status[0]["ac"].as_array().is_some_and(|it| it.len() == 1)
    });
}

#[test]
fn a_second_start_keeps_ports_and_state_and_takes_others_where_they_are_in_use() {
    let mut backend = Backend::with_agents(2);
    backend.elkctl(&["tag", "add", "kept", "-l", "status=running"]).ends(0);
    let first = backend.endpoints();
    for name in ["admin-password", "endpoints.json", "pki/ca.key", "pki/client.key", "keys/ac"] {
        let mode = fs::metadata(backend.path(name)).expect(name).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    backend.crash_and_restart(0);
    assert_eq!(backend.endpoints(), first);
    let kept = ["agent", "list", "-l", "tag=kept", "-o", "name"];
    assert_eq!(backend.elkctl(&kept).ends(0).lines().len(), 2, "the session is kept too");
    backend.process.kill().expect("runs");
    backend.process.wait().expect("ends");
    let taken = first["sd"].as_str().expect("a url").strip_prefix("http://").expect("http");
    let _held = TcpListener::bind(taken).expect("the port is free");
    backend.restart(0);
    let second = backend.endpoints();
    assert_ne!(second["sd"], first["sd"]);
    assert_eq!(second["manager"], first["manager"]);
}

#[test]
fn a_signal_drains_and_ends_well_and_leaves_no_address_behind() {
    for signal in [Signal::INT, Signal::TERM] {
        let said = tempfile::NamedTempFile::new().expect("a file");
        let (dir, home) = (tempfile::tempdir().expect("one"), tempfile::tempdir().expect("one"));
        let mut process = command(home.path())
            .args(["up", "--ports", "auto", "--demo", "3", "--data"])
            .arg(dir.path())
            .stdout(Stdio::null())
            .stderr(said.reopen().expect("a file"))
            .spawn()
            .expect("runs");
        let endpoints = dir.path().join("endpoints.json");
        wait_for("endpoints.json", || endpoints.exists());
        kill_process(Pid::from_child(&process), signal).expect("is there");
        assert_eq!(process.wait().expect("ends").code(), Some(0));
        let said = fs::read_to_string(said.path()).expect("text");
        assert!(!endpoints.exists());
        assert!(!said.contains("WARN") && !said.contains("ERROR"), "{said}");
        let next = said.lines().skip_while(|line| !line.starts_with("ready: ")).nth(2);
        assert!(
            next.is_some_and(|line| line.trim().starts_with("elkctl login --server ")),
            "{said}"
        );
        assert_eq!(
            fs::read_dir(home.path()).expect("a home").count(),
            0,
            "all is in the directory"
        );
    }
}

#[test]
fn a_second_signal_ends_it_at_once_whatever_still_drains() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let said = tempfile::NamedTempFile::new().expect("a file");
        let (dir, home) = (tempfile::tempdir().expect("one"), tempfile::tempdir().expect("one"));
        let mut process = command(home.path())
            .args(["up", "--ports", "auto", "--data"])
            .arg(dir.path())
            .stderr(said.reopen().expect("a file"))
            .spawn()
            .expect("runs");
        let endpoints = dir.path().join("endpoints.json");
        wait_for("endpoints.json", || endpoints.exists());
        let text = fs::read(&endpoints).expect("a file");
        let text: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
        let address = text["manager"].as_str().expect("a url").strip_prefix("http://");
        let mut stream = TcpStream::connect(address.expect("http")).expect("connects");
        // A request that never ends is waited for.
        let head = "POST /api/v1/user/login HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\
                    content-type: application/json\r\nexpect: 100-continue\r\n\r\n";
        stream.write_all(head.as_bytes()).expect("writes");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).expect("its body is waited for");
        assert_eq!(&answer, b"HTTP/1.1 100");
        kill_process(Pid::from_child(&process), Signal::TERM).expect("is there");
        wait_for("the first signal", || {
            fs::read_to_string(said.path()).is_ok_and(|it| it.contains("a second signal ends"))
        });
        kill_process(Pid::from_child(&process), signal).expect("is there");
        assert_eq!(process.wait().expect("ends").code(), Some(code));
    }
}

#[test]
fn who_follows_records_goes_on_where_it_was_when_the_backend_is_back() {
    let mut backend = Backend::with_agents(1);
    let (shown, said) = (backend.path("shown"), backend.path("said"));
    let mut tail = command(backend.home())
        .args(["event", "tail", "-o", "jsonl"])
        .stdout(fs::File::create(&shown).expect("a file"))
        .stderr(fs::File::create(&said).expect("a file"))
        .spawn()
        .expect("runs");
    wait_for("a record", || fs::metadata(&shown).is_ok_and(|it| it.len() > 0));
    kill_process(Pid::from_child(&backend.process), Signal::TERM).expect("is there");
    assert_eq!(backend.process.wait().expect("ends").code(), Some(0));
    let told = |text: &str| fs::read_to_string(&said).is_ok_and(|it| it.contains(text));
    wait_for("word of the end", || told("trying again"));
    backend.restart(1);
    wait_for("word of the return", || told("goes on where it was"));
    let before = fs::metadata(&shown).expect("a file").len();
    wait_for("more records", || fs::metadata(&shown).is_ok_and(|it| it.len() > before));
    kill_process(Pid::from_child(&tail), Signal::INT).expect("is there");
    assert_eq!(tail.wait().expect("ends").code(), Some(130));
    let mut next = std::collections::BTreeMap::new();
    for line in fs::read_to_string(&shown).expect("text").lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let (partition, offset) = (record["partition"].as_u64(), record["offset"].as_u64());
        let expected = next.insert(partition, offset.map(|it| it + 1));
        assert!(expected.is_none_or(|it| it == offset), "{line}: a gap or a double");
    }
}

#[test]
fn an_agent_with_certificates_of_an_existing_elkeid_connects() {
    if !has("openssl", "version") {
        return;
    }
    let pki = tempfile::tempdir().expect("a directory");
    make_reference_pki(pki.path());
    let path = pki.path().display().to_string();
    let mut backend = Backend::start_with(1, &["--import-pki", &path]);
    backend.login();
    wait_for("the agent", || {
        backend.elkctl(&["agent", "status", "-o", "json"]).ends(0).items()[0]["running"] == 1
    });
    let imported = fs::read(pki.path().join("client.crt")).expect("a certificate");
    assert_eq!(fs::read(backend.path("pki/client.crt")).expect("one"), imported);
    assert!(!backend.path("pki/ca.key").exists(), "no authority of its own");
    backend.process.kill().expect("runs");
    backend.process.wait().expect("ends");
    // Another authority would lose the agents that know this one.
    openssl(pki.path(), "x509 -req -in ca.csr -signkey ca.key -sha256 -days 9 -out ca.crt");
    let data = backend.path("").display().to_string();
    let other = refused(&["--data", &data, "--import-pki", &path]).ends(7);
    assert!(other.err.contains("another ca.crt"), "{}", other.err);
    let empty = tempfile::tempdir().expect("a directory");
    let fresh = empty.path().join("data").display().to_string();
    let missing = refused(&["--data", &fresh, "--import-pki", &empty.path().display().to_string()]);
    assert!(missing.ends(1).err.contains("ca.crt"));
}

/// A version 1 authority, server and client pairs under RSA keys in PKCS#1, as Elkeid makes them.
pub(crate) fn make_reference_pki(at: &Path) {
    let subject = "/C=GB/L=China/O=hids-svr/CN=elkeid@elkeid.com";
    let extensions = "basicConstraints=CA:FALSE\nsubjectAltName=DNS:elkeid.com\n\
                      keyUsage=digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment\n";
    fs::write(at.join("leaf.ext"), extensions).expect("writes");
    for name in ["ca", "server", "client"] {
        openssl(at, &format!("genrsa -traditional -out {name}.key 2048"));
        openssl(at, &format!("req -new -key {name}.key -subj {subject} -out {name}.csr"));
    }
    openssl(at, "x509 -req -in ca.csr -signkey ca.key -sha256 -days 36500 -out ca.crt");
    for (serial, name) in [(1, "server"), (2, "client")] {
        let sign = "-CA ca.crt -CAkey ca.key -sha256 -days 3650 -extfile leaf.ext";
        openssl(
            at,
            &format!("x509 -req -in {name}.csr {sign} -set_serial {serial} -out {name}.crt"),
        );
    }
}

fn openssl(at: &Path, line: &str) {
    let output = Command::new("openssl").args(line.split(' ')).current_dir(at).output();
    let output = output.expect("openssl runs");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}
