//! The listener for agents: TCP, TLS with client certificates, HTTP/2.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use elk_life::{Stop, Tasks};
use elk_wire::{TRANSFER_PATH, UPLOAD_PATH};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use parking_lot::Mutex;
use rustls::ServerConfig;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tonic::Status;

use crate::center::Center;
use crate::reply::{Answer, refuse};
use crate::{stream, upload};
use elk_web::{Call, Calls};

/// An agent has one stream, and one for each upload.
const MAX_STREAMS: u32 = 8;
const WINDOW: u32 = 256 * 1024;
const HEADERS: u32 = 16 * 1024;
const GRACE: Duration = Duration::from_secs(5);
/// A failed handshake is logged once in this time for each address.
const QUIET: Duration = Duration::from_mins(10);
const MAX_QUIET: usize = 1_024;

/// Accepts agents until asked to stop, then lets their streams end.
pub(crate) async fn run(
    center: Arc<Center>,
    listener: TcpListener,
    tls: Arc<ServerConfig>,
    stop: Stop,
) -> Result<(), Infallible> {
    let grpc = &center.config.grpc;
    let limit = grpc.connection_limit.saturating_add(grpc.waiting_limit).saturating_add(64);
    let limit = limit.saturating_add(grpc.handshake_limit);
    let connections = Tasks::new(limit);
    let acceptor = TlsAcceptor::from(tls);
    let complaints = Arc::new(Complaints::default());
    while let Some(accepted) = stop.until(listener.accept()).await {
        let (socket, addr) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept an agent; trying again");
                stop.until(sleep(Duration::from_millis(100))).await;
                continue;
            }
        };
        let serve = serve(
            Arc::clone(&center),
            (socket, addr),
            acceptor.clone(),
            Arc::clone(&complaints),
            stop.clone(),
        );
        if connections.try_spawn(serve).is_err() {
            center.metrics.streams_refused.with_label_values(&["connections"]).inc();
        }
    }
    drop(listener);
    let left = connections.drain(GRACE).await;
    if left > 0 {
        tracing::warn!(left, "connections of agents were still busy at the end");
    }
    Ok(())
}

async fn serve(
    center: Arc<Center>,
    (socket, addr): (TcpStream, SocketAddr),
    acceptor: TlsAcceptor,
    complaints: Arc<Complaints>,
    stop: Stop,
) {
    let addr = SocketAddr::new(addr.ip().to_canonical(), addr.port());
    if let Err(error) = tune(&socket, &center) {
        tracing::debug!(%addr, %error, "cannot set options of a socket");
    }
    let stream = match shake(&center, (socket, addr), acceptor, &stop).await {
        Ok(stream) => stream,
        Err(None) => return,
        Err(Some((reason, error))) => return complaints.failed(&center, addr, reason, &error),
    };
    let ends = stop.clone();
    let held = Arc::clone(&center);
    let calls = Calls::default();
    let counted = calls.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (center, stop) = (Arc::clone(&held), ends.clone());
        let call = counted.open();
        async move { Ok::<_, Infallible>(route(&center, addr, (request, call), &stop).await) }
    });
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .keep_alive_interval(center.config.grpc.ping())
        .keep_alive_timeout(center.config.grpc.ping_timeout())
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(HEADERS)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(2 * WINDOW)
        .max_send_buf_size(64 * 1024);
    let mut connection = Box::pin(builder.serve_connection(TokioIo::new(stream), service));
    let leave = async {
        tokio::select! {
            () = stop.wait() => {}
            () = calls.idle(center.config.grpc.first_message()) => {}
        }
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = leave => {
            connection.as_mut().graceful_shutdown();
            timeout(GRACE, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%addr, %error, "the connection of an agent ended early");
    }
}

/// Completes the TLS handshake; no error if the server is stopping.
async fn shake(
    center: &Center,
    (socket, addr): (TcpStream, SocketAddr),
    acceptor: TlsAcceptor,
    stop: &Stop,
) -> Result<TlsStream<TcpStream>, Option<(&'static str, io::Error)>> {
    let limit = center.config.grpc.handshake();
    let end = stop.child();
    let place = center.handshakes.enter(addr.ip(), end.clone());
    let shaken = end.until(timeout(limit, Box::pin(acceptor.accept(socket)))).await;
    drop(place);
    let stream = match shaken {
        None if stop.is_stopped() => return Err(None),
        None => return Err(Some(("limit", io::Error::other("too many handshakes at a time")))),
        Some(Ok(Ok(stream))) => stream,
        Some(Ok(Err(error))) => return Err(Some((reason(&error), error))),
        Some(Err(late)) => return Err(Some(("timeout", late.into()))),
    };
    if stream.get_ref().1.alpn_protocol() != Some(b"h2") {
        return Err(Some(("alpn", io::Error::other("the client did not offer h2"))));
    }
    Ok(stream)
}

fn tune(socket: &TcpStream, center: &Center) -> io::Result<()> {
    let grpc = &center.config.grpc;
    socket.set_nodelay(true)?;
    let socket = SockRef::from(socket);
    socket.set_tcp_user_timeout(Some(grpc.ping() + grpc.ping_timeout()))?;
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(grpc.ping()))
}

async fn route(
    center: &Arc<Center>,
    addr: SocketAddr,
    (request, call): (Request<Incoming>, Call),
    stop: &Stop,
) -> Response<Answer> {
    match request.uri().path() {
        _ if request.method() != http::Method::POST => {
            let mut response = refuse(&Status::internal("gRPC calls are POST"));
            *response.status_mut() = http::StatusCode::METHOD_NOT_ALLOWED;
            response
        }
        TRANSFER_PATH => stream::open(center, addr, (request, call), stop),
        UPLOAD_PATH => Box::pin(upload::receive(center, addr, request, stop)).await,
        path => {
            let path: String = path.chars().take(100).collect();
            refuse(&Status::unimplemented(format!("unknown method {path}")))
        }
    }
}

fn reason(error: &io::Error) -> &'static str {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match tls {
        Some(rustls::Error::NoCertificatesPresented) => "no_certificate",
        Some(rustls::Error::InvalidCertificate(_)) => "certificate",
        Some(rustls::Error::AlertReceived(_)) => "alert",
        Some(rustls::Error::NoApplicationProtocol) => "alpn",
        Some(rustls::Error::PeerIncompatible(_)) => "incompatible",
        Some(_) => "protocol",
        None => "closed",
    }
}

/// Addresses whose failure was logged lately.
#[derive(Debug, Default)]
struct Complaints(Mutex<HashMap<IpAddr, Instant>>);

impl Complaints {
    fn failed(
        &self,
        center: &Center,
        addr: SocketAddr,
        reason: &'static str,
        error: &dyn std::error::Error,
    ) {
        center.metrics.handshakes_failed.with_label_values(&[reason]).inc();
        let now = center.clock.unix_ms();
        center.refused.note(addr.ip(), (reason, &error.to_string()), now);
        if self.first(addr.ip(), Instant::now()) {
            tracing::warn!(%addr, reason, %error, "the TLS handshake with {} failed", addr.ip());
        }
    }

    fn first(&self, ip: IpAddr, now: Instant) -> bool {
        let mut seen = self.0.lock();
        if seen.len() >= MAX_QUIET {
            seen.retain(|_, at| now.duration_since(*at) < QUIET);
        }
        if seen.get(&ip).is_some_and(|at| now.duration_since(*at) < QUIET)
            || seen.len() >= MAX_QUIET
        {
            return false;
        }
        seen.insert(ip, now);
        true
    }
}
