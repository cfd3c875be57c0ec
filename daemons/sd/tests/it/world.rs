//! A node, and a client that signs or writes what it likes.

use std::net::SocketAddr;
use std::time::Duration;

use elk_life::{Clock, Stop};
use elk_sd::{Auth, Config, Discovery};
use elk_trust::Secret;
use elk_trust::aksk::{KeyPair, sign};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const HANG: Duration = Duration::from_secs(20);
/// Where manual clocks start, in seconds.
pub(crate) const START: i64 = 1_700_000_000;

pub(crate) const JSON: &str = "application/json; charset=utf-8";
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";

pub(crate) fn key() -> KeyPair {
    KeyPair { ak: "testak".to_owned(), sk: Secret::new("testsk") }
}

pub(crate) fn config() -> Config {
    let keys = [key()].into_iter().collect();
    Config { listen: ([127, 0, 0, 1], 0).into(), auth: Auth { keys }, ..Config::default() }
}

/// A node with a clock that stands still.
pub(crate) struct Node {
    pub(crate) addr: SocketAddr,
    pub(crate) clock: Clock,
    stop: Stop,
    served: JoinHandle<()>,
}

impl Node {
    pub(crate) async fn start() -> Self {
        Self::with(config()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let clock = Clock::manual(START * 1_000);
        let node = Discovery::bind(config, clock.clone()).await.unwrap();
        let mut addr = node.addr().unwrap();
        if addr.ip().is_unspecified() {
            addr.set_ip([127, 0, 0, 1].into());
        }
        let stop = Stop::default();
        let stopped = stop.clone();
        #[expect(clippy::disallowed_methods, reason = "the test is the supervisor")]
        let served = tokio::spawn(async move { node.serve(stopped).await.unwrap() });
        Self { addr, clock, stop, served }
    }

    pub(crate) async fn end(self) {
        self.stop.now();
        timeout(HANG, self.served).await.unwrap().unwrap();
    }

    /// Lets time pass as it does, with a look at the clock every ten seconds.
    pub(crate) async fn pass(&self, seconds: i64) {
        for passed in (0..seconds).step_by(10) {
            self.clock.advance_ms(10_i64.min(seconds - passed) * 1_000);
            self.get("/registry/list").await;
        }
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.send("GET", target, &[], "").await
    }

    /// Posts what is signed by the node's clock.
    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        let headers = signed(&key(), path, body, self.clock.unix());
        self.send("POST", path, &headers, body).await
    }

    pub(crate) async fn register(&self, name: &str, port: u16, weight: i64) {
        let body = format!(
            r#"{{"name":"{name}","ip":"10.0.0.1","port":{port},"weight":{weight},"extra":null}}"#
        );
        let answer = self.post("/registry/register", &body).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"msg":"ok"}"#), "{body}");
    }

    /// Returns the ports of a detail answer in its order.
    pub(crate) async fn ports(&self, query: &str) -> Vec<u64> {
        let answer = self.get(&format!("/registry/detail?{query}")).await.json();
        let list = answer["data"].as_array().unwrap();
        list.iter().map(|it| it["port"].as_u64().unwrap()).collect()
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, String)],
        body: &str,
    ) -> Answer {
        send(self.addr, (method, target), headers, body).await
    }
}

pub(crate) fn signed(
    key: &KeyPair,
    path: &str,
    body: &str,
    unix: i64,
) -> [(&'static str, String); 3] {
    let headers = sign(key, ("POST", path, ""), body.as_bytes(), unix);
    [
        ("AccessKey", headers.access_key),
        ("TimeStamp", headers.timestamp),
        ("Signature", headers.signature),
    ]
}

pub(crate) async fn send(
    addr: SocketAddr,
    (method, target): (&str, &str),
    headers: &[(&str, String)],
    body: &str,
) -> Answer {
    let mut request = format!("{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    Answer::read(stream).await
}

pub(crate) async fn get(addr: SocketAddr, target: &str) -> Answer {
    send(addr, ("GET", target), &[], "").await
}

/// Returns the answer of a node that may be gone.
pub(crate) async fn try_get(addr: SocketAddr, target: &str) -> Option<Answer> {
    let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let mut stream = TcpStream::connect(addr).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut all = Vec::new();
    timeout(HANG, stream.read_to_end(&mut all)).await.ok()?.ok()?;
    Answer::parse(all)
}

/// One answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Reads to the end of the connection.
    pub(crate) async fn read(mut stream: TcpStream) -> Self {
        let mut all = Vec::new();
        timeout(HANG, stream.read_to_end(&mut all)).await.unwrap().unwrap();
        Self::parse(all).unwrap()
    }

    fn parse(bytes: Vec<u8>) -> Option<Self> {
        let text = String::from_utf8(bytes).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Self { status, head: head.to_ascii_lowercase(), body: body.to_owned() })
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), JSON, "{self:?}");
        serde_json::from_str(&self.body).unwrap()
    }

    /// Asserts status, content type and body, byte for byte.
    #[track_caller]
    pub(crate) fn is(&self, status: u16, media: &str, body: &str) {
        let got = (self.status, self.header("content-type"), self.body.as_str());
        assert_eq!(got, (status, media, body));
    }
}
