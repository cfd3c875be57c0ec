//! A stream to AgentCenter, as the real agent opens it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use elk_wire::{TRANSFER_PATH, frame};
use futures_util::stream;
use http::Request;
use http_body_util::StreamBody;
use hyper::body::{Frame, Incoming};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

const DIAL: Duration = Duration::from_secs(15);

/// Messages on their way to AgentCenter.
#[derive(Debug)]
pub(crate) struct Link {
    sender: mpsc::Sender<Bytes>,
    pub(crate) replies: Incoming,
    _connection: tokio::task::AbortHandle,
    _tasks: tokio::task::JoinSet<()>,
}

/// Opens a stream to the AgentCenter at `addr`; `first` is its first message.
pub(crate) async fn open(
    addr: &str,
    tls: &Arc<ClientConfig>,
    first: &impl Message,
) -> io::Result<Link> {
    timeout(DIAL, dial(addr, tls, frame::snappy(first))).await?
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
    let (sender, receiver) = mpsc::channel::<Bytes>(8);
    sender.send(first).await.map_err(io::Error::other)?;
    let body = stream::unfold(receiver, |mut receiver| async {
        let message = receiver.recv().await?;
        Some((Ok::<_, io::Error>(Frame::data(message)), receiver))
    });
    let request = Request::post(format!("https://{addr}{TRANSFER_PATH}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("grpc-encoding", "snappy")
        .header("grpc-accept-encoding", "snappy")
        .body(StreamBody::new(Box::pin(body)))
        .map_err(io::Error::other)?;
    let response = requests.send_request(request).await.map_err(io::Error::other)?;
    let replies = response.into_body();
    Ok(Link { sender, replies, _connection: handle, _tasks: tasks })
}

impl Link {
    /// Sends a message; false if the stream has ended.
    pub(crate) async fn send(&self, message: &impl Message) -> bool {
        self.sender.send(frame::snappy(message)).await.is_ok()
    }
}
