//! An AgentCenter, what it calls, and agents that dial it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use elk_ac::{Ac, Config, Parts};
use elk_bus::{Bus, Entry, LocalConfig, Start};
use elk_life::{Clock, Stop};
use elk_trust::aksk::{self, KeyPair};
use elk_trust::ca::Authority;
use elk_trust::tls::{Expect, client_config};
use elk_trust::{SERVER_NAME, Secret};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use prometheus::Registry;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::agent::{Agent, Connection, dial};
use crate::peer::{Ended, Heard, manager};

const HANG: Duration = Duration::from_mins(1);

pub(crate) struct World {
    pub(crate) heard: Arc<Mutex<Heard>>,
    pub(crate) grpc: SocketAddr,
    pub(crate) http: SocketAddr,
    pub(crate) bus: Bus,
    pub(crate) audit: Bus,
    pub(crate) audit_addr: Option<SocketAddr>,
    pub(crate) authority: Arc<Authority>,
    pub(crate) directory: tempfile::TempDir,
    pub(crate) stop: Stop,
    pub(crate) served: JoinHandle<()>,
    files: Files,
    _manager: Ended,
}

/// Certificates in a directory: `ca.pem`, `server.pem`, `server.key`.
pub(crate) struct Files {
    ca: String,
    pub(crate) authority: Arc<Authority>,
    pub(crate) agent_tls: Arc<ClientConfig>,
}

impl Files {
    pub(crate) fn create(directory: &Path) -> Self {
        elk_trust::install_crypto();
        let authority = Authority::create().unwrap();
        let server = authority.issue_server(&[SERVER_NAME], &[]).unwrap();
        let client = authority.issue_client("agent").unwrap();
        let ca = authority.pem().cert.clone();
        let write = |name: &str, text: &str| std::fs::write(directory.join(name), text).unwrap();
        write("ca.pem", &ca);
        write("server.pem", &server.cert);
        write("server.key", server.key.expose());
        let pair = (client.cert.as_bytes(), client.key.expose().as_bytes());
        let name = Expect::Name(SERVER_NAME);
        let agent_tls = client_config(ca.as_bytes(), Some(pair), name, &[b"h2"]).unwrap();
        Self { ca, authority: Arc::new(authority), agent_tls }
    }
}

/// Settings under `directory`, with free ports.
pub(crate) fn settings(directory: &Path, manager: SocketAddr) -> Config {
    let mut config = Config { data: directory.join("ac"), ..Config::default() };
    config.grpc.listen = "127.0.0.1:0".parse().unwrap();
    config.http.listen = "127.0.0.1:0".parse().unwrap();
    config.http.keys = [key()].into_iter().collect();
    config.tls.ca = directory.join("ca.pem");
    config.tls.cert = directory.join("server.pem");
    config.tls.key = directory.join("server.key");
    config.manager.addrs = vec![format!("http://{manager}")];
    config.manager.auth = Some(key());
    config
}

/// Makes log lines of all tests together readable: what is written at the usual level.
pub(crate) fn log() -> &'static Mutex<Vec<u8>> {
    static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());
    static START: std::sync::Once = std::sync::Once::new();
    START.call_once(|| {
        let writer = || Lines;
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(writer).finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    &LINES
}

struct Lines;

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        log().lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(crate) fn key() -> KeyPair {
    KeyPair { ak: "testak".to_owned(), sk: Secret::new("testsk") }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self::in_directory(directory, change).await
    }

    pub(crate) async fn in_directory(
        directory: tempfile::TempDir,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        log();
        let files = Files::create(directory.path());
        let authority = Arc::clone(&files.authority);
        let (manager, heard, ended) = manager().await;
        let mut config = settings(directory.path(), manager);
        change(&mut config);
        let log = LocalConfig {
            dir: directory.path().join("log"),
            min_free_bytes: 0,
            ..LocalConfig::default()
        };
        let bus = Bus::open(log, Clock::System).unwrap();
        let audit = LocalConfig {
            dir: directory.path().join("log-audit"),
            min_free_bytes: 0,
            ..LocalConfig::default()
        };
        let audit = Bus::open(audit, Clock::System).unwrap();
        let parts = Parts {
            bus: bus.clone(),
            audit: Some(audit.clone()),
            clock: Clock::System,
            registry: Registry::new(),
        };
        let ac = Ac::bind(config, parts).await.unwrap();
        let (grpc, http, audit_addr) = (ac.grpc_addr(), ac.http_addr(), ac.audit_addr());
        let stop = Stop::default();
        let ends = stop.child();
        let served = tokio::spawn(async move { ac.serve(ends).await.unwrap() });
        Self {
            audit,
            audit_addr,
            authority,
            heard,
            grpc,
            http,
            bus,
            directory,
            stop,
            served,
            files,
            _manager: ended,
        }
    }

    pub(crate) fn answer(&self, path: &str, status: u16, answer: Value) {
        self.heard.lock().answers.insert(0, (path.to_owned(), status, answer.to_string()));
    }

    pub(crate) fn calls(&self, path: &str) -> Vec<Value> {
        let heard = self.heard.lock();
        heard.calls.iter().filter(|(it, _)| it == path).map(|(_, body)| body.clone()).collect()
    }

    /// Waits until `path` was called in a way that `fits`.
    pub(crate) async fn called(&self, path: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let look = async {
            loop {
                if let Some(call) = self.calls(path).into_iter().find(|call| fits(call)) {
                    return call;
                }
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(HANG, look).await.expect("the call never came")
    }

    /// Calls the HTTP API, signed; returns status, content type and body.
    pub(crate) async fn api(&self, method: &str, path: &str, body: &str) -> (u16, String, String) {
        self.call(method, path, body, Some(&key())).await
    }

    /// Waits for so many records on the bus: keys and values.
    pub(crate) async fn records(&self, count: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
        Self::records_of(&self.bus, count).await
    }

    pub(crate) async fn records_of(bus: &Bus, count: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut tail = bus.tail(Start::Earliest);
        let mut found = Vec::new();
        while found.len() < count {
            for entry in timeout(HANG, tail.next()).await.unwrap().unwrap() {
                if let Entry::Record { key, value, .. } = entry {
                    found.push((key.to_vec(), value.to_vec()));
                }
            }
        }
        found
    }

    /// Connects to the HTTP API.
    pub(crate) async fn tls(&self) -> TlsStream<TcpStream> {
        let name = Expect::Name(SERVER_NAME);
        let tls = client_config(self.files.ca.as_bytes(), None, name, &[b"http/1.1"]).unwrap();
        let socket = TcpStream::connect(self.http).await.unwrap();
        let server = ServerName::try_from("127.0.0.1").unwrap();
        TlsConnector::from(tls).connect(server, socket).await.unwrap()
    }

    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        body: &str,
        key: Option<&KeyPair>,
    ) -> (u16, String, String) {
        let stream = self.tls().await;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        drop(tokio::spawn(connection));
        let mut request = http::Request::builder().method(method).uri(path).header("host", "ac");
        if let Some(key) = key {
            let (plain, query) = path.split_once('?').unwrap_or((path, ""));
            let now = Clock::System.unix();
            let signed = aksk::sign(key, (method, plain, query), body.as_bytes(), now);
            request = request
                .header(aksk::ACCESS_KEY, signed.access_key)
                .header(aksk::TIMESTAMP, signed.timestamp)
                .header(aksk::SIGNATURE, signed.signature);
        }
        let request = request.body(Full::new(Bytes::from(body.to_owned()))).unwrap();
        let response = timeout(HANG, sender.send_request(request)).await.unwrap().unwrap();
        let status = response.status().as_u16();
        let media =
            response.headers().get("content-type").map(|it| it.to_str().unwrap().to_owned());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, media.unwrap_or_default(), String::from_utf8(body.to_vec()).unwrap())
    }

    /// Returns the `data` of a successful call.
    pub(crate) async fn data(&self, method: &str, path: &str, body: &str) -> Value {
        let (status, _, text) = self.api(method, path, body).await;
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((status, &answer["code"]), (200, &json!(0)), "{text}");
        answer["data"].clone()
    }

    /// Waits until a call under `key` returns `data`.
    pub(crate) async fn called_with(&self, key: &KeyPair, path: &str, data: Value) {
        let look = async {
            loop {
                let (_, _, text) = self.call("GET", path, "", Some(key)).await;
                if serde_json::from_str::<Value>(&text).unwrap()["data"] == data {
                    return;
                }
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(HANG, look).await.expect("it never came so far");
    }

    /// Waits until `/conn/stat?since=` shows something that `fits`.
    pub(crate) async fn until(&self, fits: impl Fn(&Value) -> bool) -> Value {
        let look = async {
            loop {
                let changes = self.data("GET", "/conn/stat?since=", "").await;
                if fits(&changes) {
                    return changes;
                }
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(HANG, look).await.expect("it never came so far")
    }

    pub(crate) async fn connected(&self, count: usize) -> Value {
        self.until(|it| it["items"].as_array().unwrap().len() == count).await
    }

    pub(crate) async fn metric(&self, start: &str) -> Option<f64> {
        let (_, _, text) = self.api("GET", "/metrics", "").await;
        let line = text.lines().find(|line| line.starts_with(start))?;
        line.rsplit(' ').next().unwrap().parse().ok()
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Waits until a metric has a value.
    pub(crate) async fn until_metric(&self, start: &str, value: f64) {
        let look = async {
            while self.metric(start).await != Some(value) {
                sleep(Duration::from_millis(5)).await;
            }
        };
        let late = timeout(HANG, look).await.is_err();
        assert!(!late, "{start} is {:?}, not {value}", self.metric(start).await);
    }

    pub(crate) async fn dial(&self) -> Connection {
        dial(self.grpc, &self.files.agent_tls).await
    }

    /// Connects an agent and opens its stream.
    pub(crate) async fn agent(&self) -> Agent {
        Agent::open(self.dial().await).await
    }

    pub(crate) async fn end(self) -> tempfile::TempDir {
        self.stop.now();
        timeout(HANG, self.served).await.unwrap().unwrap();
        self.bus.close().await;
        self.audit.close().await;
        self.directory
    }
}
