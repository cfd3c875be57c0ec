//! Agents as AgentCenter sees them: HTTP/2 calls and what is said on them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use elk_wire::{Command, Record, TRANSFER_PATH, frame, item};
use http_body_util::{BodyExt as _, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message as _;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

const HANG: Duration = Duration::from_mins(1);

pub(crate) type Outgoing = BoxBody<Bytes, std::convert::Infallible>;

pub(crate) struct Connection {
    pub(crate) sender: http2::SendRequest<Outgoing>,
    /// Aborted, the socket is closed without a word.
    pub(crate) driver: JoinHandle<()>,
}

pub(crate) async fn dial(addr: SocketAddr, tls: &Arc<ClientConfig>) -> Connection {
    let socket = TcpStream::connect(addr).await.unwrap();
    let server = ServerName::try_from("127.0.0.1").unwrap();
    let stream = TlsConnector::from(Arc::clone(tls)).connect(server, socket).await.unwrap();
    let shake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (sender, connection) = shake.await.unwrap();
    let driver = tokio::spawn(async move { drop(connection.await) });
    Connection { sender, driver }
}

/// One gRPC call under way.
pub(crate) struct Call {
    pub(crate) out: Option<mpsc::Sender<Bytes>>,
    pub(crate) headers: http::HeaderMap,
    body: Incoming,
    buffer: Vec<u8>,
}

pub(crate) struct Agent {
    pub(crate) call: Call,
    /// Ends with the agent.
    pub(crate) connection: Connection,
}

impl Connection {
    pub(crate) async fn call(&mut self, path: &str, encoding: &str) -> Call {
        let (out, mut chunks) = mpsc::channel::<Bytes>(64);
        let stream = futures_util::stream::poll_fn(move |cx| {
            chunks.poll_recv(cx).map(|it| it.map(|it| Ok(Frame::data(it))))
        });
        let request = http::Request::post(format!("https://ac{path}"))
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .header("grpc-encoding", encoding)
            .body(http_body_util::BodyExt::boxed(StreamBody::new(stream)))
            .unwrap();
        let pending = self.sender.send_request(request);
        let response = if path == TRANSFER_PATH {
            timeout(HANG, pending).await.unwrap().unwrap()
        } else {
            return Call::later(out, pending).await;
        };
        Call::new(Some(out), response)
    }
}

impl Call {
    fn new(out: Option<mpsc::Sender<Bytes>>, response: http::Response<Incoming>) -> Self {
        let headers = response.headers().clone();
        Self { out, headers, body: response.into_body(), buffer: Vec::new() }
    }

    /// For calls that are answered at their end: sends nothing and half-closes.
    async fn later(
        out: mpsc::Sender<Bytes>,
        pending: impl Future<Output = hyper::Result<http::Response<Incoming>>>,
    ) -> Self {
        drop(out);
        let response = timeout(HANG, pending).await.unwrap().unwrap();
        Self::new(None, response)
    }

    /// Returns the next command; `None` at the end of the stream.
    pub(crate) async fn command(&mut self) -> Option<Command> {
        self.message().await.map(|bytes| Command::decode(bytes.as_slice()).unwrap())
    }

    pub(crate) async fn message(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some((head, rest)) = self.buffer.split_first_chunk::<5>() {
                let len = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
                if rest.len() >= len {
                    let message = rest[..len].to_vec();
                    self.buffer.drain(..len + 5);
                    return Some(message);
                }
            }
            match timeout(HANG, self.body.frame()).await.expect("the server says nothing") {
                None | Some(Err(_)) => return None,
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.buffer.extend_from_slice(&data),
                    Err(frame) => {
                        if let Ok(trailers) = frame.into_trailers() {
                            self.headers.extend(trailers);
                        }
                    }
                },
            }
        }
    }

    /// Waits for the end of the stream and returns its status.
    pub(crate) async fn status(&mut self) -> (i32, String) {
        while self.message().await.is_some() {}
        let text = |name: &str| {
            let value = self.headers.get(name).map(|it| it.to_str().unwrap().to_owned());
            value.unwrap_or_default().replace("%20", " ")
        };
        (text("grpc-status").parse().unwrap_or(-1), text("grpc-message"))
    }
}

pub(crate) fn record(data_type: i32, fields: &[(&str, &str)]) -> Record {
    let mut body = Vec::new();
    for (key, value) in fields {
        item::push(&mut body, key.as_bytes(), value.as_bytes());
    }
    Record { data_type, timestamp: 1_700_000_000, body: body.into() }
}

pub(crate) fn batch(id: &str, host: &str, data: Vec<Record>) -> elk_wire::RawData {
    elk_wire::RawData {
        data,
        agent_id: id.to_owned(),
        intranet_ipv4: vec!["10.0.0.1".to_owned(), "10.0.0.2".to_owned()],
        hostname: host.to_owned(),
        version: "1.9.1.6".to_owned(),
        product: "elkeid-agent".to_owned(),
        ..elk_wire::RawData::default()
    }
}

pub(crate) fn heartbeat(boot: &str) -> Record {
    record(
        1000,
        &[("kernel_version", "5.10"), ("cpu", "0.5"), ("boot_time", boot), ("arch", "x86_64")],
    )
}

impl Agent {
    pub(crate) async fn open(mut connection: Connection) -> Self {
        let call = connection.call(TRANSFER_PATH, "snappy").await;
        Self { call, connection }
    }

    pub(crate) async fn send(&self, message: &elk_wire::RawData) {
        self.raw(frame::snappy(message)).await;
    }

    pub(crate) async fn raw(&self, bytes: impl Into<Bytes>) {
        self.call.out.as_ref().unwrap().send(bytes.into()).await.unwrap();
    }

    /// Says who it is, with a heartbeat.
    pub(crate) async fn hello(&self, id: &str, host: &str, boot: &str) {
        self.send(&batch(id, host, vec![heartbeat(boot)])).await;
    }
}
