//! The process: its settings, its checks, its signals.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::time::Duration;

use elk_life::Clock;
use elk_trust::Secret;
use elk_trust::aksk::KeyPair;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::world::{Answer, send, signed};

const HANG: Duration = Duration::from_secs(20);

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_elk-sd"));
    command.args(arguments).env_remove("RUST_LOG");
    command
}

pub(crate) fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let Output { status, stdout, stderr } =
        command(arguments).envs(variables.iter().copied()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

fn file(directory: &Path, text: &str) -> String {
    let path = directory.join("sd.toml");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A running node.
pub(crate) struct Node {
    process: Child,
    log: BufReader<ChildStderr>,
    pub(crate) addr: SocketAddr,
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Node {
    pub(crate) fn start(config: &str) -> Self {
        let mut process = command(&["--config", config]).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let mut line = String::new();
        let addr = loop {
            line.clear();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "it ended before it served");
            if let Some((_, addr)) = line.split_once("serving on ") {
                break addr.split_whitespace().next().unwrap().parse().unwrap();
            }
        };
        Self { process, log, addr }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.process), signal).unwrap();
    }

    /// Asks to read the settings again and waits until the log says so.
    pub(crate) fn hang_up(&mut self, wanted: &str) {
        self.signal(Signal::HUP);
        let mut line = String::new();
        while !line.contains(wanted) {
            line.clear();
            assert_ne!(self.log.read_line(&mut line).unwrap(), 0, "it ended");
        }
    }

    /// Waits for the end and returns the exit code and the rest of the log.
    pub(crate) async fn ended(&mut self) -> (Option<i32>, String) {
        let waited = async {
            loop {
                if let Some(status) = self.process.try_wait().unwrap() {
                    return status.code();
                }
                sleep(Duration::from_millis(10)).await;
            }
        };
        let code = tokio::time::timeout(HANG, waited).await.expect("it ends");
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        (code, rest)
    }

    async fn register(&self, key: &KeyPair) -> u16 {
        let body = r#"{"name":"a","ip":"10.0.0.1","port":1}"#;
        let headers = signed(key, "/registry/register", body, Clock::System.unix());
        send(self.addr, ("POST", "/registry/register"), &headers, body).await.status
    }

    /// Opens a request that stays under way until its last byte is written.
    async fn begin(&self) -> TcpStream {
        let mut stream = TcpStream::connect(self.addr).await.unwrap();
        let head = "POST /registry/register HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        // The answer to `Expect` tells that the request is being read.
        let head = format!("{head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut begun = [0; 25];
        tokio::io::AsyncReadExt::read_exact(&mut stream, &mut begun).await.unwrap();
        assert_eq!(&begun, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream
    }

    async fn closed(&self) {
        let closed = async {
            while TcpStream::connect(self.addr).await.is_ok() {
                sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(HANG, closed).await.expect("the port closes");
    }
}

fn pair(ak: &str) -> KeyPair {
    KeyPair { ak: ak.to_owned(), sk: Secret::new(format!("{ak}-secret")) }
}

const FREE: &str = "listen = \"127.0.0.1:0\"\n[auth.keys]\nfirst = \"first-secret\"\n";

#[test]
fn print_config_shows_what_would_count_without_secrets_and_opens_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let occupied = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = occupied.local_addr().unwrap();
    let absent = directory.path().join("no/such/directory");
    let text = format!(
        "listen = \"{addr}\"\ndata = {absent:?}\n[auth.keys]\nFirst = \"top-secret\"\n[limits]\nservices = 5\n"
    );
    let path = file(directory.path(), &text);
    let variables = [
        ("ELK_SD__LIMITS__SERVICES", "7"),
        ("ELK_SD__AUTH__KEYS__SECOND", "other-secret"),
        ("ELK_AC__LIMITS__SERVICES", "9"),
    ];
    let (code, stdout, stderr) = run(&["--config", &path, "--print-config"], &variables);
    assert_eq!((code, stderr.as_str()), (0, ""));
    let expected = format!(
        "listen = \"{addr}\"\ndata = {absent:?}\n\n[auth.keys]\nfirst = \"<redacted>\"\nsecond = \"<redacted>\"\n\n[limits]\nservices = 7\ninstances = 1000\nextra_bytes = 4096\n\n[cluster]\npeers = []\nkey = \"<redacted>\"\n\n[sync]\nmembers = []\n"
    );
    assert_eq!(stdout, expected);
    assert!(!absent.exists());
}

#[test]
fn print_config_without_a_file_shows_the_defaults_and_warns_on_stderr() {
    let (code, stdout, stderr) = run(&["--print-config"], &[]);
    assert_eq!(code, 0);
    assert!(stdout.starts_with("listen = \"127.0.0.1:8088\"\n"), "{stdout}");
    let warnings: Vec<_> = stderr.lines().collect();
    assert_eq!(
        warnings,
        [
            "elk-sd: warning: auth.keys is empty: nobody can register",
            "elk-sd: warning: data is not set: after a restart nobody is known until renewals come",
        ]
    );
}

#[test]
fn check_opens_what_the_settings_name_and_says_what_it_cannot_open() {
    let directory = tempfile::tempdir().unwrap();
    let path = file(directory.path(), FREE);
    let (code, stdout, stderr) = run(&["--config", &path, "--check"], &[]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    let occupied = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = occupied.local_addr().unwrap();
    let path = file(directory.path(), &format!("listen = \"{addr}\""));
    let (code, _, stderr) = run(&["--config", &path, "--check"], &[]);
    let wanted = format!("elk-sd: could not listen on {addr}: Address already in use");
    assert!(code == 1 && stderr.contains(&wanted), "{code} {stderr}");
    let path = file(directory.path(), "listen = \"127.0.0.1:0\"\ndata = \"/dev/null/sd\"");
    let (code, _, stderr) = run(&["--config", &path, "--check"], &[]);
    let wanted = "elk-sd: could not use the directory /dev/null/sd: Not a directory";
    assert!(code == 1 && stderr.contains(wanted), "{code} {stderr}");
}

#[test]
fn settings_that_do_not_fit_are_refused_by_file_line_and_key() {
    let directory = tempfile::tempdir().unwrap();
    let cases = [
        ("[limits]\nservises = 1\n", ":2:1: servises: unknown field `servises`"),
        ("\n[limits]\nservices = \"x\"\n", ":3:12: services: invalid type: string \"x\""),
        ("listen = \"here\"\n", ":1:10: listen: invalid socket address"),
        ("listen = 5\n", ":1:10: listen: invalid type: integer `5`"),
        ("[auth.keys]\na = \"\"\n", ": an access key or a secret key is empty"),
        ("listen = \n", ":1:10: listen: "),
        ("[limits\n", ":1:8: "),
        ("listen = \"127.0.0.1:1\"\nlisten = \"127.0.0.1:2\"\n", ":2:1: listen: duplicate key"),
    ];
    for (text, expected) in cases {
        let path = file(directory.path(), text);
        for mode in ["--check", "--print-config"] {
            let (code, stdout, stderr) = run(&["--config", &path, mode], &[]);
            assert_eq!((code, stdout.as_str()), (2, ""), "{text:?} {stderr}");
            assert!(stderr.starts_with(&format!("elk-sd: {path}:")), "{text:?} {stderr}");
            assert!(stderr.contains(expected), "{text:?} {stderr}");
        }
    }
    let absent = directory.path().join("absent.toml");
    let absent = absent.to_str().unwrap();
    let (code, _, stderr) = run(&["--config", absent, "--check"], &[]);
    assert_eq!(code, 2);
    assert_eq!(
        stderr,
        format!("elk-sd: cannot read {absent}: No such file or directory (os error 2)\n")
    );
    let path = file(directory.path(), FREE);
    let variable = ("ELK_SD__LIMITS__SERVISES", "1");
    let (code, _, stderr) = run(&["--config", &path, "--check"], &[variable]);
    let wanted = "elk-sd: environment variable ELK_SD__LIMITS__SERVISES: unknown field `servises`";
    assert!(code == 2 && stderr.starts_with(wanted), "{code} {stderr}");
    fs::write(&path, [0xff, 0xfe]).unwrap();
    let (code, _, stderr) = run(&["--config", &path, "--check"], &[]);
    assert!(code == 2 && stderr.starts_with(&format!("elk-sd: cannot read {path}: ")), "{stderr}");
}

#[test]
fn a_secret_in_the_wrong_place_is_not_repeated() {
    let directory = tempfile::tempdir().unwrap();
    for (text, expected) in [
        ("[auth]\nkeys = \"hush99\"\n", ":2:8: keys: keys are written access-key"),
        ("[auth]\nkeys = { a = 9999 }\n", ":2:14: keys: a secret is text"),
        ("[auth.keys]\na = [\"hush99\"]\n", ":2:5: a: a secret is text"),
    ] {
        let path = file(directory.path(), text);
        let (code, _, stderr) = run(&["--config", &path, "--check"], &[]);
        assert!(code == 2 && stderr.contains(expected) && !stderr.contains("99"), "{stderr}");
    }
    let variable = ("ELK_SD__AUTH__KEYS", "hush99");
    let (code, _, stderr) = run(&["--print-config"], &[variable]);
    assert!(code == 2 && stderr.contains(variable.0) && !stderr.contains("99"), "{stderr}");
}

#[tokio::test]
async fn sigterm_lets_a_request_under_way_finish_and_ends_with_0() {
    let directory = tempfile::tempdir().unwrap();
    let mut node = Node::start(&file(directory.path(), FREE));
    let mut stream = node.begin().await;
    node.signal(Signal::TERM);
    node.closed().await;
    assert!(node.process.try_wait().unwrap().is_none(), "a request is under way");
    stream.write_all(b"{}").await.unwrap();
    assert_eq!(Answer::read(stream).await.status, 403);
    let (code, log) = node.ended().await;
    assert_eq!(code, Some(0), "{log}");
}

#[tokio::test]
async fn sigint_ends_it_too_and_a_second_signal_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let config = file(directory.path(), FREE);
    let mut node = Node::start(&config);
    node.signal(Signal::INT);
    assert_eq!(node.ended().await.0, Some(0));
    let mut node = Node::start(&config);
    let stream = node.begin().await;
    node.signal(Signal::TERM);
    node.closed().await;
    node.signal(Signal::INT);
    assert_eq!(node.ended().await.0, Some(130));
    drop(stream);
}

/// The reference never reads its keys again, and forgets its members while it reads them.
#[tokio::test]
async fn sighup_takes_changed_keys_and_a_broken_file_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let config = file(directory.path(), FREE);
    let mut node = Node::start(&config);
    assert_eq!(node.register(&pair("first")).await, 200);
    assert_eq!(node.register(&pair("second")).await, 403);
    file(directory.path(), "[auth.keys]\nsecond = \"second-secret\"\n");
    node.hang_up("took auth.keys");
    assert_eq!(node.register(&pair("first")).await, 403);
    assert_eq!(node.register(&pair("second")).await, 200);
    file(directory.path(), "[auth.keys\n");
    node.hang_up("kept the settings of before");
    assert_eq!(node.register(&pair("second")).await, 200);
    let members = send(node.addr, ("GET", "/endpoint/stat"), &[], "").await;
    assert_eq!(members.json()["data"][0], node.addr.to_string());
    node.signal(Signal::TERM);
    assert_eq!(node.ended().await.0, Some(0));
}
