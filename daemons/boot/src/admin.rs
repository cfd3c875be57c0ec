//! The admin listener: `/livez`, `/readyz` and `/metrics`.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use elk_life::Stop;
use prometheus::{Encoder as _, Registry, TextEncoder};
use tokio::net::TcpListener;

/// Whether the daemon serves; shared with whoever knows.
pub type Ready = Arc<AtomicBool>;

/// A bound admin listener.
#[derive(Debug)]
pub struct Admin {
    listener: TcpListener,
    addr: SocketAddr,
}

impl Admin {
    /// Binds to `addr`, which must be a loopback address.
    ///
    /// # Errors
    ///
    /// If the address is taken or not loopback.
    pub async fn bind(addr: SocketAddr) -> io::Result<Self> {
        if !addr.ip().is_loopback() {
            let text = format!("the admin listener {addr} is not on loopback");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let listener = TcpListener::bind(addr).await?;
        Ok(Self { addr: listener.local_addr()?, listener })
    }

    /// Returns the real address.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Serves until asked to stop.
    ///
    /// # Errors
    ///
    /// If the listener fails.
    pub async fn serve(self, registry: Registry, ready: Ready, stop: Stop) -> io::Result<()> {
        let router = Router::new()
            .route("/livez", get(async || "ok"))
            .route("/readyz", get(async move || readiness(&ready)))
            .route("/metrics", get(async move || metrics(&registry)));
        axum::serve(self.listener, router).with_graceful_shutdown(stop.wait()).await
    }
}

fn readiness(ready: &Ready) -> Response {
    if ready.load(Ordering::Relaxed) {
        "ok".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready").into_response()
    }
}

/// Answers with all metrics of `registry` in Prometheus' text format.
pub fn metrics(registry: &Registry) -> Response {
    let mut text = Vec::new();
    match TextEncoder::new().encode(&registry.gather(), &mut text) {
        Ok(()) => ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use prometheus::IntCounter;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;

    async fn get(addr: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn it_tells_life_readiness_and_metrics_until_it_is_stopped() {
        let admin = Admin::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let addr = admin.addr();
        let (registry, ready, stop) = (Registry::new(), Ready::default(), Stop::default());
        let counter = IntCounter::new("elk_things_total", "Things").unwrap();
        registry.register(Box::new(counter.clone())).unwrap();
        counter.inc();
        let asked = async {
            assert!(get(addr, "/livez").await.starts_with("HTTP/1.1 200"));
            assert!(get(addr, "/readyz").await.starts_with("HTTP/1.1 503"));
            ready.store(true, Ordering::Relaxed);
            assert!(get(addr, "/readyz").await.starts_with("HTTP/1.1 200"));
            assert!(get(addr, "/metrics").await.ends_with("elk_things_total 1\n"));
            assert!(get(addr, "/").await.starts_with("HTTP/1.1 404"));
            stop.now();
        };
        let served = admin.serve(registry, Arc::clone(&ready), stop.clone());
        let (served, ()) = tokio::join!(served, asked);
        served.unwrap();
    }

    #[tokio::test]
    async fn it_is_refused_to_other_hosts() {
        for addr in [([0, 0, 0, 0], 0), ([10, 0, 0, 1], 0)] {
            let error = Admin::bind(addr.into()).await.unwrap_err();
            assert!(error.to_string().ends_with("is not on loopback"), "{error}");
        }
    }
}
