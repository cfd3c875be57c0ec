//! One connection.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Router};
use bytes::Bytes;
use elk_life::Stop;
use futures_util::FutureExt as _;
use http::{Request, StatusCode};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::idle::{Call, Calls};
use crate::problem::stamp;
use crate::stall::Stalling;
use crate::{ApiError, ClientCertificate, Peer, RequestId, ServeOptions};

/// First byte of every TLS connection: a handshake record.
const TLS_HANDSHAKE: u8 = 0x16;
const MAX_REQUEST_ID: usize = 64;

/// Speaks with one client until it leaves, breaks a limit, or `stop`.
pub(crate) async fn converse(
    socket: TcpStream,
    addr: SocketAddr,
    router: Router,
    options: Arc<ServeOptions>,
    stop: Stop,
) {
    drop(socket.set_nodelay(true));
    let mut first = [0];
    let peeked = timeout(options.handshake_timeout, socket.peek(&mut first));
    let Some(Ok(Ok(1))) = stop.until(peeked).await else { return };
    let tls = first == [TLS_HANDSHAKE];
    let peer = Peer { addr, tls };
    let socket = Stalling::new(socket, options.write_timeout);
    match (&options.tls, tls) {
        (Some(config), true) => {
            let shake = TlsAcceptor::from(Arc::clone(config)).accept(socket);
            match stop.until(timeout(options.handshake_timeout, shake)).await {
                Some(Ok(Ok(stream))) => {
                    let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
                    let router = match shown.map(|it| ClientCertificate(Arc::from(it.as_ref()))) {
                        Some(shown) => router.layer(Extension(shown)),
                        None => router,
                    };
                    talk(stream, peer, router, &options, stop).await;
                }
                Some(Ok(Err(error))) => tracing::debug!(%addr, %error, "TLS handshake failed"),
                Some(Err(_)) => tracing::debug!(%addr, "TLS handshake took too long"),
                None => {}
            }
        }
        (_, false) if options.plain => talk(socket, peer, router, &options, stop).await,
        _ => tracing::debug!(%addr, tls, "closed a connection that this port does not take"),
    }
}

async fn talk<I>(io: I, peer: Peer, router: Router, options: &ServeOptions, stop: Stop)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let limit = options.request_timeout;
    let calls = Calls::default();
    let counted = calls.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (router, call) = (router.clone(), counted.open());
        async move {
            let response = answer(request, peer, router, limit).await;
            // It lasts until its last byte is sent.
            Ok::<_, Infallible>(response.map(|body| Lasting { body, _call: call }))
        }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(options.header_timeout)
        .max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(256)
        .max_header_list_size(64 * 1024)
        .keep_alive_interval(options.header_timeout)
        .keep_alive_timeout(options.header_timeout);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(io), service));
    // hyper waits without a limit for what tells the version of HTTP, and keeps a connection of
    // HTTP/2 without requests as long as pings are answered.
    let leave = async {
        tokio::select! {
            () = stop.wait() => {}
            () = calls.idle(options.header_timeout) => {
                tracing::debug!(addr = %peer.addr, "closed a connection without requests");
            }
        }
    };
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = leave => {
            connection.as_mut().graceful_shutdown();
            // A client that does not take its answer within the grace period loses it.
            timeout(options.grace, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(addr = %peer.addr, error, "connection ended early");
    }
}

/// A body whose call is over when it is.
struct Lasting {
    body: Body,
    _call: Call,
}

impl hyper::body::Body for Lasting {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

async fn answer(
    request: Request<Incoming>,
    peer: Peer,
    router: Router,
    limit: std::time::Duration,
) -> Response {
    let id = request_id(&request);
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(peer);
    request.extensions_mut().insert(id.clone());
    let handled = AssertUnwindSafe(router.oneshot(request)).catch_unwind();
    let mut response = match timeout(limit, handled).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Err(_)) => {
            // What it said went to stderr, through the panic hook.
            tracing::error!(request.id = %id.0, "a handler panicked on request {}", id.0);
            let detail = "the server failed; its log names this request's id";
            ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail).into_response()
        }
        Err(_) => {
            let detail = format!("the request took longer than {} s", limit.as_secs());
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail).into_response()
        }
    };
    stamp(&mut response, &id);
    response
}

/// Takes the client's own id if it is harmless, else draws one.
fn request_id(request: &Request<Incoming>) -> RequestId {
    let given = request.headers().get("x-request-id").and_then(|value| value.to_str().ok());
    let harmless = |id: &&str| {
        (1..=MAX_REQUEST_ID).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let own = || Uuid::now_v7().to_string();
    RequestId(given.filter(harmless).map_or_else(own, str::to_owned))
}
