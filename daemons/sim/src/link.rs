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

/// Messages on their way to AgentCenter.
#[derive(Debug)]
pub(crate) struct Link {
    addr: String,
    requests: http2::SendRequest<Outgoing>,
    sender: mpsc::Sender<Bytes>,
    pub(crate) replies: Incoming,
    _connection: tokio::task::AbortHandle,
    _tasks: tokio::task::JoinSet<()>,
}

/// Opens a stream to the AgentCenter at `addr`; `first` is its first message.
pub(crate) async fn open(addr: &str, tls: &Arc<ClientConfig>, first: Bytes) -> io::Result<Link> {
    timeout(DIAL, dial(addr, tls, first)).await?
}

async fn dial(addr: &str, tls: &Arc<ClientConfig>, first: Bytes) -> io::Result<Link> {
    let tcp = TcpStream::connect(addr).await?;
    tcp.set_nodelay(true)?;
    let peer = tcp.peer_addr()?;
    // By its address: the agent sends no server name.
    let name = ServerName::from(peer.ip());
    let stream = TlsConnector::from(Arc::clone(tls)).connect(name, tcp).await?;
    let (mut requests, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
        .await
        .map_err(io::Error::other)?;
    // Dropping the set ends the connection with the link.
    let mut tasks = tokio::task::JoinSet::new();
    let handle = tasks.spawn(async move { drop(connection.await) });
    let (sender, response) = call(&mut requests, addr, TRANSFER_PATH);
    sender.send(first).await.map_err(io::Error::other)?;
    let replies = response.await.map_err(io::Error::other)?.into_body();
    Ok(Link {
        addr: addr.to_owned(),
        requests,
        sender,
        replies,
        _connection: handle,
        _tasks: tasks,
    })
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

    /// Begins to upload a file.
    pub(crate) fn upload(&mut self) -> Uploading {
        let (sender, response) = call(&mut self.requests, &self.addr, UPLOAD_PATH);
        Uploading { sender, response }
    }
}
