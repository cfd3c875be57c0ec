//! `elk-ac`: its settings and its checks.

#![expect(clippy::unwrap_used, reason = "a failure is the failure of the test")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use elk_trust::ca::Authority;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_elk-ac"));
    command.args(arguments).env_remove("RUST_LOG").envs(variables.iter().copied());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// A directory with certificates and settings.
struct Place {
    directory: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { directory: tempfile::tempdir().unwrap() };
        let authority = Authority::create().unwrap();
        let server = authority.issue_server(&[], &[]).unwrap();
        place.write("ca.crt", &authority.pem().cert);
        place.write("server.crt", &server.cert);
        place.write("server.key", server.key.expose());
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Stores settings, in which `@` stands for the directory, and returns the file.
    fn settings(&self, text: &str) -> String {
        let at = self.directory.path().to_str().unwrap();
        self.write("elk-ac.toml", &text.replace('@', at));
        self.path("elk-ac.toml").to_str().unwrap().to_owned()
    }

    fn check(&self, text: &str) -> (i32, String) {
        let file = self.settings(text);
        let (code, stdout, stderr) = run(&["--config", &file, "--check"], &[]);
        assert_eq!(stdout, "");
        (code, stderr)
    }
}

/// A running daemon.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Running {
    /// Starts it and waits until it serves; returns where, too.
    fn start(file: &str) -> (Self, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_elk-ac"));
        command.args(["--config", file]).env_remove("RUST_LOG").stderr(Stdio::piped());
        let mut running = Self(command.spawn().unwrap());
        let mut log = BufReader::new(running.0.stderr.take().unwrap()).lines();
        let addr = log.find_map(|line| {
            let line = line.unwrap();
            let (_, rest) = line.split_once("AgentCenter serves agents on ")?;
            rest.split(' ').next().map(str::to_owned)
        });
        // Somebody must take what it goes on to say.
        std::thread::spawn(move || log.for_each(drop));
        (running, addr.expect("it serves"))
    }

    fn ends(mut self, signal: Signal) -> Option<i32> {
        kill_process(Pid::from_child(&self.0), signal).unwrap();
        self.0.wait().unwrap().code()
    }
}

fn occupied() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap().to_string();
    (listener, addr)
}

fn entries(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

const SECRETS: [&str; 3] = ["http-secret", "manager-secret", "sd-secret"];

#[test]
fn print_config_shows_what_would_count_without_secrets_and_opens_nothing() {
    let place = Place::new();
    let ((_grpc, grpc), (_http, http)) = (occupied(), occupied());
    let file = place.settings(&format!(
        r#"
data = "@/data"
[grpc]
listen = "{grpc}"
[http]
listen = "{http}"
[http.keys]
Caller = "http-secret"
[tls]
ca = "@/no/ca.crt"
cert = "@/no/server.crt"
key = "@/no/server.key"
[manager]
addrs = ["http://192.0.2.1:6701"]
auth = {{ ak = "m", sk = "manager-secret" }}
[sd]
addrs = ["http://192.0.2.1:8088"]
auth = {{ ak = "s", sk = "sd-secret" }}
"#
    ));
    let before = entries(place.directory.path());
    let variables =
        [("ELK_AC__GRPC__CONNECTION_LIMIT", "77"), ("ELK_AC__SD__ADVERTISE", "10.0.0.9")];
    let (code, stdout, stderr) = run(&["--config", &file, "--print-config"], &variables);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let shown: toml::Table = stdout.parse().unwrap();
    assert_eq!(shown["grpc"]["connection_limit"].as_integer(), Some(77));
    assert_eq!(shown["sd"]["advertise"].as_str(), Some("10.0.0.9"));
    assert_eq!(shown["grpc"]["listen"].as_str(), Some(grpc.as_str()));
    assert_eq!(shown["grpc"]["ping_seconds"].as_integer(), Some(10), "a default");
    for (table, key) in [("manager", "auth"), ("sd", "auth")] {
        assert_eq!(shown[table][key]["sk"].as_str(), Some("<redacted>"));
    }
    assert_eq!(shown["http"]["keys"]["caller"].as_str(), Some("<redacted>"));
    assert!(SECRETS.iter().all(|secret| !stdout.contains(secret)), "{stdout}");
    assert_eq!(entries(place.directory.path()), before);
    // What is printed is a file of settings that means the same.
    let again = place.settings(&stdout);
    let (_, printed, _) = run(&["--config", &again, "--print-config"], &[]);
    assert_eq!(printed, stdout);
}

#[test]
fn print_config_warns_on_stderr_about_what_is_doubtful() {
    let (code, stdout, stderr) = run(&["--print-config"], &[]);
    assert_eq!(code, 0);
    assert!(stdout.contains("listen = \"0.0.0.0:6751\"\n") && stdout.ends_with('\n'), "{stdout}");
    let warned = |text: &str| stderr.lines().any(|line| line.starts_with(text));
    assert!(warned("elk-ac: warning: http.keys is empty"), "{stderr}");
    assert!(warned("elk-ac: warning: sd.addrs is empty"), "{stderr}");
    assert!(stderr.lines().all(|line| line.starts_with("elk-ac: warning: ")), "{stderr}");
}

const GOOD: &str = r#"
data = "@/data"
[grpc]
listen = "127.0.0.1:0"
[http]
listen = "127.0.0.1:0"
[tls]
ca = "@/ca.crt"
cert = "@/server.crt"
key = "@/server.key"
"#;

#[test]
fn check_opens_what_the_settings_name_and_says_what_it_cannot_open() {
    let place = Place::new();
    let (code, stderr) = place.check(GOOD);
    assert_eq!(code, 0, "{stderr}");
    let mode = fs::metadata(place.path("data")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    for name in ["ca.crt", "server.crt", "server.key"] {
        let (code, stderr) = place.check(&GOOD.replace(name, "absent"));
        let wanted =
            format!("elk-ac: cannot start: cannot read {}", place.path("absent").display());
        assert!(code == 1 && stderr.contains(&wanted), "{name}: {code} {stderr}");
        let (code, stderr) = place.check(&GOOD.replace(name, "elk-ac.toml"));
        assert!(code == 1 && stderr.contains("cannot use the certificates"), "{name}: {stderr}");
    }
    for table in ["grpc", "http"] {
        let (_held, addr) = occupied();
        let free = format!("[{table}]\nlisten = \"127.0.0.1:0\"");
        let (code, stderr) =
            place.check(&GOOD.replace(&free, &format!("[{table}]\nlisten = \"{addr}\"")));
        let wanted =
            format!("elk-ac: cannot start: cannot listen on {addr}: Address already in use");
        assert!(code == 1 && stderr.contains(&wanted), "{table}: {code} {stderr}");
    }
    let (code, stderr) = place.check(&GOOD.replace("@/data", "@/ca.crt"));
    assert!(code == 1 && stderr.contains("ca.crt"), "{code} {stderr}");
    let (code, stderr) = place.check(&format!("admin = \"0.0.0.0:0\"\n{GOOD}"));
    assert!(code == 1 && stderr.contains("0.0.0.0:0 is not on loopback"), "{code} {stderr}");
}

#[test]
fn settings_that_do_not_fit_are_refused_by_file_line_and_key() {
    let place = Place::new();
    let cases = [
        ("[grpc]\nlistne = 1\n", ":2:1: listne: unknown field `listne`"),
        ("[grpc]\nping_seconds = -1\n", ":2:16: ping_seconds: invalid value: integer `-1`"),
        ("data = 5\n", ":1:8: data: invalid type: integer `5`"),
        ("[tls\n", ":1:5: "),
    ];
    for (text, expected) in cases {
        let file = place.settings(text);
        for mode in ["--check", "--print-config"] {
            let (code, stdout, stderr) = run(&["--config", &file, mode], &[]);
            assert_eq!((code, stdout.as_str()), (2, ""), "{text:?} {stderr}");
            assert!(stderr.starts_with(&format!("elk-ac: {file}{expected}")), "{text:?} {stderr}");
        }
    }
    let absent = place.path("absent.toml");
    let absent = absent.to_str().unwrap();
    let (code, _, stderr) = run(&["--config", absent, "--check"], &[]);
    assert_eq!(code, 2);
    assert!(stderr.starts_with(&format!("elk-ac: cannot read {absent}: No such file")), "{stderr}");
    let (code, _, stderr) = run(&["--print-config"], &[("ELK_AC__SD__ADRS", "[]")]);
    let wanted = "elk-ac: environment variable ELK_AC__SD__ADRS: unknown field `adrs`";
    assert!(code == 2 && stderr.starts_with(wanted), "{code} {stderr}");
    let (code, _, stderr) = run(&["--check", "--print-config"], &[]);
    assert!(code == 2 && stderr.contains("--print-config"), "{code} {stderr}");
    let (code, _, stderr) = run(&["--conf", "x"], &[]);
    assert!(code == 2 && stderr.contains("--conf"), "{code} {stderr}");
}

#[test]
fn signals_end_it_with_0() {
    let place = Place::new();
    let file = place.settings(GOOD);
    for signal in [Signal::TERM, Signal::INT] {
        let (running, addr) = Running::start(&file);
        // It reads its settings again on this one, and goes on.
        kill_process(Pid::from_child(&running.0), Signal::HUP).unwrap();
        std::net::TcpStream::connect(addr).unwrap();
        assert_eq!(running.ends(signal), Some(0));
    }
}

#[test]
fn a_data_directory_has_one_owner() {
    let place = Place::new();
    let file = place.settings(GOOD);
    let (running, _) = Running::start(&file);
    let (code, stderr) = place.check(GOOD);
    let wanted = format!("is in use by process {}", running.0.id());
    assert!(code == 1 && stderr.contains(&wanted), "{code} {stderr}");
    assert_eq!(running.ends(Signal::TERM), Some(0));
    assert_eq!(place.check(GOOD).0, 0);
}
