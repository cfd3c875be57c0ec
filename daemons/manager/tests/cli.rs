//! `elk-manager`: its settings and its checks.

#![expect(clippy::unwrap_used, reason = "a failure is the failure of the test")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use elk_trust::ca::Authority;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_elk-manager"));
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
        self.write("elk-manager.toml", &text.replace('@', at));
        self.path("elk-manager.toml").to_str().unwrap().to_owned()
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
        let mut command = Command::new(env!("CARGO_BIN_EXE_elk-manager"));
        command.args(["--config", file]).env_remove("RUST_LOG").stderr(Stdio::piped());
        let mut running = Self(command.spawn().unwrap());
        let mut log = BufReader::new(running.0.stderr.take().unwrap()).lines();
        let addr = log.find_map(|line| {
            let line = line.unwrap();
            let (_, rest) = line.split_once("serving on ")?;
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

const SECRETS: [&str; 3] = ["sd-secret", "out-secret", "in-secret"];

#[test]
fn print_config_shows_what_would_count_without_secrets_and_opens_nothing() {
    let place = Place::new();
    let (_held, addr) = occupied();
    let file = place.settings(&format!(
        r#"
listen = "{addr}"
data = "@/data"
[tls]
cert = "@/no/server.crt"
key = "@/no/server.key"
[sd]
addrs = ["http://192.0.2.1:8088"]
auth = {{ ak = "s", sk = "sd-secret" }}
[ac]
ca = "@/no/ca.crt"
auth = {{ ak = "o", sk = "out-secret" }}
[ac.keys]
In = "in-secret"
"#
    ));
    let before = entries(place.directory.path());
    let variables =
        [("ELK_MANAGER__AC__POLL_MS", "77"), ("ELK_MANAGER__ADVERTISE", "manager.example")];
    let (code, stdout, stderr) = run(&["--config", &file, "--print-config"], &variables);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let shown: toml::Table = stdout.parse().unwrap();
    assert_eq!(shown["ac"]["poll_ms"].as_integer(), Some(77));
    assert_eq!(shown["advertise"].as_str(), Some("manager.example"));
    assert_eq!(shown["listen"].as_str(), Some(addr.as_str()));
    assert_eq!(shown["plaintext_api"].as_bool(), Some(false), "a default");
    for table in ["sd", "ac"] {
        assert_eq!(shown[table]["auth"]["sk"].as_str(), Some("<redacted>"));
    }
    assert_eq!(shown["ac"]["keys"]["in"].as_str(), Some("<redacted>"));
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
    assert!(
        stdout.starts_with("listen = \"127.0.0.1:6701\"\n") && stdout.ends_with('\n'),
        "{stdout}"
    );
    let warned = |text: &str| stderr.lines().any(|line| line.starts_with(text));
    assert!(warned("elk-manager: warning: tls is not set"), "{stderr}");
    assert!(warned("elk-manager: warning: ac.ca is not set"), "{stderr}");
    assert!(stderr.lines().all(|line| line.starts_with("elk-manager: warning: ")), "{stderr}");
}

const GOOD: &str = r#"
listen = "127.0.0.1:0"
data = "@/data"
[tls]
cert = "@/server.crt"
key = "@/server.key"
[ac]
ca = "@/ca.crt"
"#;

#[test]
fn check_opens_what_the_settings_name_and_says_what_it_cannot_open() {
    let place = Place::new();
    let (code, stderr) = place.check(GOOD);
    assert_eq!(code, 0, "{stderr}");
    let mode = fs::metadata(place.path("data")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    assert!(!place.path("data/admin-password").exists());
    for name in ["ca.crt", "server.crt", "server.key"] {
        let (code, stderr) = place.check(&GOOD.replace(name, "absent"));
        let absent = place.path("absent");
        let wanted = format!("elk-manager: could not read {absent:?}: No such file");
        assert!(code == 1 && stderr.contains(&wanted), "{name}: {code} {stderr}");
        let (code, stderr) = place.check(&GOOD.replace(name, "elk-manager.toml"));
        assert!(code == 1 && stderr.contains("could not set TLS up: "), "{name}: {stderr}");
    }
    let (_held, addr) = occupied();
    let (code, stderr) = place.check(&GOOD.replace("127.0.0.1:0", &addr));
    let wanted = format!("elk-manager: could not listen on {addr}: Address already in use");
    assert!(code == 1 && stderr.contains(&wanted), "{code} {stderr}");
    let (code, stderr) = place.check(&GOOD.replace("@/data", "@/ca.crt"));
    assert!(code == 1 && stderr.contains("ca.crt"), "{code} {stderr}");
}

/// Names of what others than the owner may open, at or below a directory.
fn open_to_others(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if fs::metadata(&path).unwrap().permissions().mode() & 0o077 != 0 {
            found.push(path.display().to_string());
        }
        if path.is_dir() {
            found.extend(open_to_others(&path));
        }
    }
    found
}

#[test]
fn what_it_keeps_is_private_though_the_directory_was_there_and_open() {
    let place = Place::new();
    fs::create_dir(place.path("data")).unwrap();
    fs::set_permissions(place.path("data"), fs::Permissions::from_mode(0o755)).unwrap();
    let (running, _) = Running::start(&place.settings(GOOD));
    assert!(entries(&place.path("data")).len() > 3, "{:?}", entries(&place.path("data")));
    assert_eq!(open_to_others(&place.path("data")), Vec::<String>::new());
    assert_eq!(running.ends(Signal::TERM), Some(0));
}

#[test]
fn a_damaged_database_is_refused_in_one_sentence_and_left_as_it_is() {
    let place = Place::new();
    fs::create_dir(place.path("data")).unwrap();
    let damage = "this is no database, and somebody may want it back\n".repeat(100);
    place.write("data/state.db", &damage);
    let (code, stderr) = place.check(GOOD);
    let wanted = format!("could not open the database {:?}: ", place.path("data/state.db"));
    assert!(code == 1 && stderr.contains(&wanted), "{code} {stderr}");
    assert_eq!(fs::read_to_string(place.path("data/state.db")).unwrap(), damage);
}

#[test]
fn settings_that_do_not_fit_are_refused_by_file_line_and_key() {
    let place = Place::new();
    let cases = [
        ("[ac]\npol_ms = 1\n", ":2:1: pol_ms: unknown field `pol_ms`"),
        ("[ac]\npoll_ms = \"fast\"\n", ":2:11: poll_ms: invalid type: string \"fast\""),
        ("listen = \"here\"\n", ":1:10: listen: invalid socket address"),
        ("[tls\n", ":1:5: "),
    ];
    for (text, expected) in cases {
        let file = place.settings(text);
        for mode in ["--check", "--print-config"] {
            let (code, stdout, stderr) = run(&["--config", &file, mode], &[]);
            assert_eq!((code, stdout.as_str()), (2, ""), "{text:?} {stderr}");
            assert!(
                stderr.starts_with(&format!("elk-manager: {file}{expected}")),
                "{text:?} {stderr}"
            );
        }
    }
    let absent = place.path("absent.toml");
    let absent = absent.to_str().unwrap();
    let (code, _, stderr) = run(&["--config", absent, "--check"], &[]);
    assert_eq!(code, 2);
    assert!(
        stderr.starts_with(&format!("elk-manager: cannot read {absent}: No such file")),
        "{stderr}"
    );
    let (code, _, stderr) = run(&["--print-config"], &[("ELK_MANAGER__SD__ADRS", "[]")]);
    let wanted = "elk-manager: environment variable ELK_MANAGER__SD__ADRS: unknown field `adrs`";
    assert!(code == 2 && stderr.starts_with(wanted), "{code} {stderr}");
    let (code, _, stderr) = run(&["--check", "--print-config"], &[]);
    assert!(code == 2 && stderr.contains("--print-config"), "{code} {stderr}");
    let (code, _, stderr) = run(&["--conf", "x"], &[]);
    assert!(code == 2 && stderr.contains("--conf"), "{code} {stderr}");
}

#[test]
fn a_first_start_makes_an_admin_whose_password_only_its_owner_reads() {
    let place = Place::new();
    let file = place.settings(GOOD);
    let (running, addr) = Running::start(&file);
    let path = place.path("data/admin-password");
    let password = fs::read_to_string(&path).unwrap();
    assert!(password.len() >= 16);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let login = |password: &str| {
        let body = format!(r#"{{"username":"admin","password":"{password}"}}"#);
        let mut stream = std::net::TcpStream::connect(&addr).unwrap();
        let head = "POST /api/v1/user/login HTTP/1.1\r\nHost: a\r\nConnection: close";
        let length = body.len();
        write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.contains("\"token\"")
    };
    assert!(login(&password));
    assert!(!login("elkeid"));
    assert_eq!(running.ends(Signal::TERM), Some(0));
    // A later start changes nothing.
    let (running, _) = Running::start(&file);
    assert_eq!(fs::read_to_string(&path).unwrap(), password);
    assert_eq!(running.ends(Signal::INT), Some(0));
}
