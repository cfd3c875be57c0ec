//! A server with routes of its own, and clients that write what they like.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::get;
use bytes::Bytes;
use elk_api::{Endpoint, Nothing, Permission, Role};
use elk_life::Stop;
use elk_trust::ca::Authority;
use elk_trust::tls::{self, Expect};
use elk_web::{Caller, Json, Mount as _, Path, Peer, Query, ServeOptions, not_found, serve};
use futures_util::Stream;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Guards against a hang; nothing is expected to take as long.
const HANG: Duration = Duration::from_secs(20);

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    pub(crate) name: String,
    pub(crate) lines: Vec<Line>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    pub(crate) count: u32,
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Which {
    limit: Option<u32>,
}

struct Put;

impl Endpoint for Put {
    const ID: &'static str = "order.put";
    const METHOD: http::Method = http::Method::PUT;
    const ROUTE: &'static str = "/orders/{number}";
    const NEEDS: Permission = Permission::RunTasks;
    const SUMMARY: &'static str = "Keeps an order.";
    type Query = Nothing;
    type Body = Order;
    type Reply = Order;
}

struct List;

impl Endpoint for List {
    const ID: &'static str = "order.list";
    const METHOD: http::Method = http::Method::GET;
    const ROUTE: &'static str = "/orders";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Lists orders.";
    type Query = Which;
    type Body = Nothing;
    type Reply = u32;
}

/// A server and what holds it.
pub(crate) struct World {
    pub(crate) addr: SocketAddr,
    pub(crate) stop: Stop,
    pub(crate) served: JoinHandle<std::io::Result<()>>,
    /// Requests to `/slow` that have begun.
    pub(crate) begun: Arc<Semaphore>,
    /// Lets a request to `/slow` end.
    pub(crate) release: Arc<Semaphore>,
    /// Answers of `/flood` that have been given up.
    pub(crate) given_up: Arc<Semaphore>,
    client: Arc<ClientConfig>,
}

impl World {
    pub(crate) async fn start(change: impl FnOnce(&mut ServeOptions)) -> Self {
        elk_trust::install_crypto();
        let authority = Authority::create().expect("an authority");
        let pem = authority.issue_server(&[], &[]).expect("a certificate");
        let (cert, key) = (pem.cert.as_bytes(), pem.key.expose().as_bytes());
        let alpn: &[&[u8]] = &[b"http/1.1"];
        let server = tls::server_config(cert, key, None, alpn).expect("a configuration");
        let ca = authority.pem().cert.as_bytes();
        let client = tls::client_config(ca, None, Expect::Name("elkeid.com"), alpn)
            .expect("a configuration");
        let mut options = ServeOptions { tls: Some(server), ..ServeOptions::default() };
        change(&mut options);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("an address");
        let (begun, release) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let given_up = Arc::new(Semaphore::new(0));
        let stop = Stop::default();
        let flood = Arc::clone(&given_up);
        let router = router((Arc::clone(&begun), Arc::clone(&release)))
            .route("/flood", get(async move || Body::from_stream(Flood(flood))));
        #[expect(clippy::disallowed_methods, reason = "the test is the supervisor")]
        let served = tokio::spawn(serve(listener, router, options, stop.clone()));
        Self { addr, stop, served, begun, release, given_up, client }
    }

    pub(crate) async fn plain(&self) -> TcpStream {
        TcpStream::connect(self.addr).await.expect("a connection")
    }

    pub(crate) async fn plain_from(&self, ip: [u8; 4]) -> TcpStream {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((ip, 0).into()).expect("a loopback address");
        socket.connect(self.addr).await.expect("a connection")
    }

    pub(crate) async fn tls(&self) -> TlsStream<TcpStream> {
        let name = ServerName::try_from("127.0.0.1").expect("an address");
        let connector = TlsConnector::from(Arc::clone(&self.client));
        connector.connect(name, self.plain().await).await.expect("a handshake")
    }

    /// Sends `head` (without its last empty line) and `body` in a connection of their own.
    pub(crate) async fn ask(&self, head: &str, body: &str) -> Answer {
        let mut stream = self.plain().await;
        let length = body.len();
        let request = format!(
            "{head}\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        write(&mut stream, &request).await;
        Answer::read(stream).await
    }

    /// Asks with a request that is always good.
    pub(crate) async fn is_well(&self) {
        let answer = self.ask("GET /peer HTTP/1.1", "").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "plain"));
    }
}

pub(crate) async fn write(stream: &mut (impl AsyncWrite + Unpin), text: &str) {
    timeout(HANG, stream.write_all(text.as_bytes())).await.expect("no hang").expect("a reader");
}

/// Reads to the end, whatever the end is.
pub(crate) async fn rest(mut stream: impl AsyncRead + Unpin) -> String {
    let mut all = Vec::new();
    drop(timeout(HANG, stream.read_to_end(&mut all)).await.expect("the peer closes"));
    String::from_utf8_lossy(&all).into_owned()
}

/// One answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) async fn read(stream: impl AsyncRead + Unpin) -> Self {
        let text = rest(stream).await;
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or_default();
        Self { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub(crate) fn problem(&self) -> (u16, String, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let value: Value = serde_json::from_str(&self.body).expect("a problem");
        assert_eq!(value["status"], self.status, "{value}");
        assert_eq!(value["request_id"].as_str(), self.header("x-request-id"), "{value}");
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        (self.status, text("code"), text("detail"))
    }
}

/// An answer without an end; tells when it is dropped.
struct Flood(Arc<Semaphore>);

impl Stream for Flood {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(Some(Ok(Bytes::from_static(&[b'x'; 8_192]))))
    }
}

impl Drop for Flood {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

fn router((begun, release): (Arc<Semaphore>, Arc<Semaphore>)) -> Router {
    let slow = async move || {
        begun.add_permits(1);
        release.acquire().await.expect("open").forget();
        "done"
    };
    Router::new()
        .at::<Put>()
        .to(async |Path(number): Path<u32>, Json(order): Json<Order>| {
            Json(Order { name: format!("{number}:{}", order.name), ..order })
        })
        .at::<List>()
        .to(async |Query(which): Query<Which>| Json(which.limit.unwrap_or(100)))
        .layer(middleware::from_fn(authenticate))
        .route("/peer", get(async |request: Request| transport(&request)))
        .route("/panic", get(panicking))
        .route("/slow", get(slow))
        .fallback(not_found)
}

fn transport(request: &Request) -> &'static str {
    match request.extensions().get::<Peer>() {
        Some(Peer { tls: true, .. }) => "tls",
        Some(_) => "plain",
        None => "unknown",
    }
}

async fn panicking() -> &'static str {
    assert!(std::hint::black_box(false), "on purpose");
    "unreachable"
}

async fn authenticate(mut request: Request, next: Next) -> Response {
    let role = match request.headers().get("role").map(|it| it.as_bytes()) {
        Some(b"operator") => Some(Role::Operator),
        Some(b"viewer") => Some(Role::Viewer),
        _ => None,
    };
    if let Some(role) = role {
        request.extensions_mut().insert(Caller::new("a", role));
    }
    next.run(request).await
}
