//! An AgentCenter, what it calls, and agents that dial it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use elk_ac::{Ac, Config, Parts};
use elk_bus::{Bus, LocalConfig};
use elk_life::{Clock, Stop};
use elk_trust::aksk::{self, KeyPair};
use elk_trust::ca::Authority;
use elk_trust::tls::{Expect, client_config};
use elk_trust::{SERVER_NAME, Secret};
use elk_wire::TRANSFER_PATH;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use parking_lot::Mutex;
use prometheus::Registry;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;

use crate::agent::{Agent, Connection};

const HANG: Duration = Duration::from_secs(20);

/// What peers of AgentCenter were asked, and what they answer.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) calls: Vec<(String, Value)>,
    /// Answers by path, first match; else success without data.
    pub(crate) answers: Vec<(String, u16, String)>,
    pub(crate) hang: Option<String>,
}

pub(crate) struct World {
    pub(crate) heard: Arc<Mutex<Heard>>,
    pub(crate) grpc: SocketAddr,
    pub(crate) http: SocketAddr,
    pub(crate) bus: Bus,
    pub(crate) directory: tempfile::TempDir,
    pub(crate) agent_tls: Arc<ClientConfig>,
    pub(crate) stop: Stop,
    pub(crate) served: JoinHandle<()>,
    ca: String,
}

pub(crate) fn key() -> KeyPair {
    KeyPair { ak: "testak".to_owned(), sk: Secret::new("testsk") }
}

async fn peer(State(heard): State<Arc<Mutex<Heard>>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let body = to_bytes(request.into_body(), 64 << 20).await.unwrap();
    let (answer, hang) = {
        let mut heard = heard.lock();
        let value = serde_json::from_slice(&body)
            .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&body).into_owned()));
        heard.calls.push((path.clone(), value));
        let answer = heard.answers.iter().find(|(it, ..)| *it == path).cloned();
        (answer, heard.hang.as_ref() == Some(&path))
    };
    if hang {
        std::future::pending::<()>().await;
    }
    let (_, status, text) = answer
        .unwrap_or_else(|| (path, 200, r#"{"code":0,"msg":"success","data":null}"#.to_owned()));
    (http::StatusCode::from_u16(status).unwrap(), text).into_response()
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
        elk_trust::install_crypto();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let manager = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let manager_addr = manager.local_addr().unwrap();
        let router = Router::new().fallback(peer).with_state(Arc::clone(&heard));
        let stop = Stop::default();
        let ends = stop.child();
        drop(tokio::spawn(async move {
            axum::serve(manager, router).with_graceful_shutdown(ends.wait()).await.unwrap();
        }));
        let authority = Authority::create().unwrap();
        let server = authority.issue_server(&[SERVER_NAME], &[]).unwrap();
        let client = authority.issue_client("agent").unwrap();
        let ca = authority.pem().cert.clone();
        let write = |name: &str, text: &str| {
            let path = directory.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let mut config = Config { data: directory.path().join("ac"), ..Config::default() };
        config.grpc.listen = "127.0.0.1:0".parse().unwrap();
        config.http.listen = "127.0.0.1:0".parse().unwrap();
        config.http.keys = [key()].into_iter().collect();
        config.tls.ca = write("ca.pem", &ca);
        config.tls.cert = write("server.pem", &server.cert);
        config.tls.key = write("server.key", server.key.expose());
        config.manager.addrs = vec![format!("http://{manager_addr}")];
        config.manager.auth = Some(key());
        change(&mut config);
        let log = LocalConfig {
            dir: directory.path().join("log"),
            min_free_bytes: 0,
            ..LocalConfig::default()
        };
        let bus = Bus::open(log, Clock::System).unwrap();
        let parts = Parts { bus: bus.clone(), clock: Clock::System, registry: Registry::new() };
        let ac = Ac::bind(config, parts).await.unwrap();
        let (grpc, http) = (ac.grpc_addr(), ac.http_addr());
        let ends = stop.child();
        let served = tokio::spawn(async move { ac.serve(ends).await.unwrap() });
        let pair = (client.cert.as_bytes(), client.key.expose().as_bytes());
        let name = Expect::Name(SERVER_NAME);
        let agent_tls = client_config(ca.as_bytes(), Some(pair), name, &[b"h2"]).unwrap();
        Self { heard, grpc, http, bus, directory, agent_tls, stop, served, ca }
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

    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        body: &str,
        key: Option<&KeyPair>,
    ) -> (u16, String, String) {
        let name = Expect::Name(SERVER_NAME);
        let tls = client_config(self.ca.as_bytes(), None, name, &[b"http/1.1"]).unwrap();
        let socket = TcpStream::connect(self.http).await.unwrap();
        let server = ServerName::try_from("127.0.0.1").unwrap();
        let stream = TlsConnector::from(tls).connect(server, socket).await.unwrap();
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

    pub(crate) async fn dial(&self) -> Connection {
        let socket = TcpStream::connect(self.grpc).await.unwrap();
        let server = ServerName::try_from("127.0.0.1").unwrap();
        let tls = TlsConnector::from(Arc::clone(&self.agent_tls));
        let stream = tls.connect(server, socket).await.unwrap();
        let shake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
        let (sender, connection) = shake.await.unwrap();
        drop(tokio::spawn(async move { drop(connection.await) }));
        Connection { sender }
    }

    /// Connects an agent and opens its stream.
    pub(crate) async fn agent(&self) -> Agent {
        let mut connection = self.dial().await;
        let call = connection.call(TRANSFER_PATH, "snappy").await;
        Agent { call, _connection: connection }
    }

    pub(crate) async fn end(self) -> tempfile::TempDir {
        self.stop.now();
        timeout(HANG, self.served).await.unwrap().unwrap();
        self.bus.close().await;
        self.directory
    }
}
