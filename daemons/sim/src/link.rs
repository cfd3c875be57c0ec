//! A stream to AgentCenter, as the real agent opens it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use elk_wire::{FileUploadRequest, TRANSFER_PATH, UPLOAD_PATH, frame};
use futures_util::stream;
use http::Request;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;

const DIAL: Duration = Duration::from_secs(15);

/// How often a connection is used again before a new one is sought.
const REUSES: u32 = 5;

/// A connection to an AgentCenter, for one stream after another and for uploads.
#[derive(Debug)]
pub(crate) struct Connection {
    addr: String,
    requests: http2::SendRequest<Outgoing>,
    reuses: u32,
    _connection: tokio::task::AbortHandle,
    _tasks: tokio::task::JoinSet<()>,
}

/// Messages on their way to AgentCenter.
#[derive(Debug)]
pub(crate) struct Link {
    sender: mpsc::Sender<Bytes>,
    pub(crate) replies: Incoming,
}

/// Connects to the first of these AgentCenters that takes it.
pub(crate) async fn connect(
    addresses: &[String],
    tls: &Arc<ClientConfig>,
) -> io::Result<Connection> {
    let mut last = io::Error::other("no AgentCenter is known");
    for addr in addresses {
        match timeout(DIAL, dial(addr, tls)).await {
            Ok(Ok(connection)) => return Ok(connection),
            Ok(Err(error)) => last = error,
            Err(late) => last = late.into(),
        }
    }
    Err(last)
}

async fn dial(addr: &str, tls: &Arc<ClientConfig>) -> io::Result<Connection> {
    let tcp = TcpStream::connect(addr).await?;
    tcp.set_nodelay(true)?;
    let peer = tcp.peer_addr()?;
    // By its address: the agent sends no server name.
    let name = ServerName::from(peer.ip());
    let stream = TlsConnector::from(Arc::clone(tls)).connect(name, tcp).await?;
    let (requests, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
        .await
        .map_err(io::Error::other)?;
    // Dropping the set ends the connection with its owner.
    let mut tasks = tokio::task::JoinSet::new();
    let handle = tasks.spawn(async move { drop(connection.await) });
    Ok(Connection {
        addr: addr.to_owned(),
        requests,
        reuses: 0,
        _connection: handle,
        _tasks: tasks,
    })
}

impl Connection {
    /// Counts that it is used again; false if it is not to be, or has ended.
    pub(crate) fn reuse(&mut self) -> bool {
        self.reuses += 1;
        self.reuses <= REUSES && !self.requests.is_closed()
    }

    /// Opens a stream; `first` is its first message.
    pub(crate) async fn open(&mut self, first: Bytes) -> io::Result<Link> {
        let (sender, response) = call(&mut self.requests, &self.addr, TRANSFER_PATH);
        sender.send(first).await.map_err(io::Error::other)?;
        let replies = timeout(DIAL, response).await?.map_err(io::Error::other)?.into_body();
        Ok(Link { sender, replies })
    }

    /// Begins to upload a file.
    pub(crate) fn upload(&mut self) -> Uploading {
        let (sender, response) = call(&mut self.requests, &self.addr, UPLOAD_PATH);
        Uploading { sender, response }
    }
}

type Outgoing = BoxBody<Bytes, io::Error>;
type Pending = Pin<Box<dyn Future<Output = hyper::Result<http::Response<Incoming>>> + Send>>;

/// Begins a call; its messages go into the sender.
fn call(
    requests: &mut http2::SendRequest<Outgoing>,
    addr: &str,
    path: &str,
) -> (mpsc::Sender<Bytes>, Pending) {
    let (sender, receiver) = mpsc::channel::<Bytes>(8);
    let body = stream::unfold(receiver, |mut receiver| async {
        let message = receiver.recv().await?;
        Some((Ok::<_, io::Error>(Frame::data(message)), receiver))
    });
    let mut request = Request::new(StreamBody::new(body).boxed());
    *request.method_mut() = http::Method::POST;
    *request.uri_mut() = format!("https://{addr}{path}").parse().unwrap_or_default();
    let headers = [
        ("content-type", "application/grpc"),
        ("te", "trailers"),
        ("grpc-encoding", "snappy"),
        ("grpc-accept-encoding", "snappy"),
    ];
    for (name, value) in headers {
        request.headers_mut().insert(name, http::HeaderValue::from_static(value));
    }
    (sender, Box::pin(requests.send_request(request)))
}

/// Uploads a file on the connection of a link, a message every `pause`.
pub(crate) struct Uploading {
    sender: mpsc::Sender<Bytes>,
    response: Pending,
}

impl Uploading {
    /// Sends the file and waits until it was taken.
    pub(crate) async fn run(
        self,
        messages: Vec<FileUploadRequest>,
        pause: Duration,
    ) -> io::Result<()> {
        let Self { sender, response } = self;
        for message in messages {
            sender.send(frame::snappy(&message)).await.map_err(io::Error::other)?;
            sleep(pause).await;
        }
        drop(sender);
        let response = response.await.map_err(io::Error::other)?;
        response.into_body().collect().await.map_err(io::Error::other).map(drop)
    }
}

impl Link {
    /// Sends a message in its frame; false if the stream has ended.
    pub(crate) async fn send_raw(&self, frame: Bytes) -> bool {
        self.sender.send(frame).await.is_ok()
    }
}
