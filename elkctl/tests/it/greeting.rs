//! What `elkctl up` says on its start, followed to the letter; and where it keeps things when told nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::backend::{Said, command, run, wait_for};

/// A process that ends with the test.
struct Up(std::process::Child);

impl Drop for Up {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Runs a line in a shell in which `elkctl` is the binary under test.
fn shell(home: &Path, line: &str) -> Said {
    let binary = Path::new(env!("CARGO_BIN_EXE_elkctl"));
    let place = binary.parent().expect("a directory").display().to_string();
    let mut sh = Command::new("sh");
    sh.env_clear().env("HOME", home).env("PATH", format!("{place}:/usr/bin:/bin"));
    run(sh.args(["-c", line]).stdin(Stdio::null()))
}

fn endpoints(data: &Path) -> Value {
    let path = data.join("endpoints.json");
    wait_for("endpoints.json", || path.exists());
    serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
}

#[test]
fn the_lines_that_are_printed_work_here_and_from_other_hosts() {
    let place = tempfile::tempdir().expect("a directory");
    let (data, said) = (place.path().join("it's here"), place.path().join("said"));
    let home = tempfile::tempdir().expect("a directory");
    let listen = ["--listen", "0.0.0.0", "--advertise", "127.0.0.2", "--demo", "1"];
    let up = command(home.path())
        .args(["up", "--ports", "auto", "--data"])
        .arg(&data)
        .args(listen)
        .stderr(fs::File::create(&said).expect("a file"))
        .spawn()
        .expect("runs");
    let _up = Up(up);
    let endpoints = endpoints(&data);
    let printed = || fs::read_to_string(&said).expect("text");
    wait_for("the greeting", || printed().contains("login -u admin"));
    let text = printed();
    let lines: Vec<_> =
        text.lines().map(str::trim).filter(|it| it.starts_with("elkctl ")).collect();
    let [login, status, set, other] = lines[..] else { panic!("{text}") };
    assert!(login.starts_with("elkctl login --server http://127.0.0.1:"), "{login}");
    assert!(set.contains(endpoints["manager_tls"].as_str().expect("a url")), "{set}");
    for line in [login, status, set] {
        shell(home.path(), line).ends(0);
    }
    // There the password is typed.
    let (_, password) = login.split_once(" < ").expect("a file");
    shell(home.path(), &format!("{other} --password-stdin < {password}")).ends(0);
    let context = shell(home.path(), "elkctl context show -o json").ends(0).items().remove(0);
    assert_eq!(context["server"], endpoints["manager_tls"]);
    wait_for("an agent, found where ServiceDiscovery says", || {
        let status = shell(home.path(), "elkctl agent status -o json").ends(0).items();
        status[0]["running"] == 1
    });
    let mode = fs::metadata(&data).expect("a directory").permissions().mode();
    assert_eq!(mode & 0o777, 0o700, "only its owner enters it");
    // What others dial is what was advertised, everywhere.
    for (name, url) in endpoints.as_object().expect("an object") {
        assert!(url.as_str().expect("text").contains("127.0.0.2:"), "{name}: {url}");
    }
    let sd = endpoints["sd"].as_str().expect("a url").strip_prefix("http://").expect("http");
    let found = get(sd, "/registry/detail?name=hids_svr_grpc&count=10");
    assert!(found.contains("\"127.0.0.2\"") && !found.contains("0.0.0.0"), "{found}");
    let file = place.path().join("watcher");
    fs::write(&file, "#!/bin/sh\n# elk-sim: ok\n").expect("writes");
    for line in [
        "elkctl component create watcher --type exec".to_owned(),
        format!("elkctl component publish watcher --version 1.0.0.7 --file {}", file.display()),
        "elkctl config set watcher=1.0.0.7 --yes".to_owned(),
    ] {
        shell(home.path(), &line).ends(0);
    }
    let id = shell(home.path(), "elkctl agent list -o jsonpath='{.items[0].id}'").ends(0).out;
    let path = format!("/api/v1/agent/getConfig/{}", id.trim());
    let config = shell(home.path(), &format!("elkctl api GET {path}")).ends(0).out;
    assert!(config.contains("\"http://127.0.0.2:"), "{config}");
}

fn get(address: &str, path: &str) -> String {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(address).expect("connects");
    let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("writes");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    answer
}

#[test]
fn told_no_directory_it_keeps_all_in_the_one_of_the_user() {
    for (name, under) in [("HOME", ".local/share/elk"), ("XDG_DATA_HOME", "elk")] {
        let (home, place) = (tempfile::tempdir().expect("one"), tempfile::tempdir().expect("one"));
        let up = command(home.path())
            .args(["up", "--ports", "auto"])
            .env(name, place.path())
            .stderr(Stdio::null())
            .spawn()
            .expect("runs");
        let _up = Up(up);
        assert!(endpoints(&place.path().join(under))["manager"].is_string());
    }
}
