//! The listener.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use elk_life::{Stop, Tasks};
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::connection::converse;
use crate::crowd::Crowd;

/// The other end of a connection; an extension of every request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Peer {
    /// Its address.
    pub addr: SocketAddr,
    /// Whether it speaks TLS.
    pub tls: bool,
}

/// The certificate that a client showed and that was verified, in DER; an extension of every
/// request of a connection that has one.
#[derive(Clone, Debug)]
pub struct ClientCertificate(pub Arc<[u8]>);

/// What a listener takes and for how long it waits.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Speaks TLS with clients that start so.
    pub tls: Option<Arc<ServerConfig>>,
    /// Speaks plain HTTP with clients that start so.
    pub plain: bool,
    /// The most connections at a time; for a further one, the oldest of the address with most is ended.
    pub max_connections: usize,
    /// For the first byte, and again for the TLS handshake.
    pub handshake_timeout: Duration,
    /// For the head of a request, also between requests.
    pub header_timeout: Duration,
    /// From the head of a request to the head of its response, the request's body included.
    pub request_timeout: Duration,
    /// For a client to take some of what was sent.
    pub write_timeout: Duration,
    /// For requests under way when asked to stop.
    pub grace: Duration,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            tls: None,
            plain: true,
            max_connections: 4_096,
            handshake_timeout: Duration::from_secs(10),
            header_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(300),
            write_timeout: Duration::from_secs(300),
            grace: Duration::from_secs(10),
        }
    }
}

/// Serves `router` on `listener` until asked to stop, then lets requests under way finish.
///
/// # Errors
///
/// None at present: a failed accept is logged and tried again, as it passes (no free descriptor).
pub async fn serve(
    listener: TcpListener,
    router: Router,
    options: ServeOptions,
    stop: Stop,
) -> io::Result<()> {
    let options = Arc::new(options);
    let crowd = Crowd::new(options.max_connections);
    // Those that were ended may still finish what is under way.
    let connections = Tasks::new(options.max_connections.saturating_mul(2));
    while let Some(accepted) = stop.until(listener.accept()).await {
        let (socket, addr) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection; trying again");
                stop.until(sleep(Duration::from_millis(100))).await;
                continue;
            }
        };
        let ends = stop.child();
        let place = crowd.enter(addr.ip(), ends.clone());
        let talk = converse(socket, addr, router.clone(), Arc::clone(&options), ends);
        let talk = async move {
            talk.await;
            drop(place);
        };
        if connections.try_spawn(talk).is_err() {
            let limit = options.max_connections;
            tracing::warn!(%addr, limit, "closed a connection: as many as allowed are open or ending");
        }
    }
    drop(listener);
    let left = connections.drain(options.grace + Duration::from_secs(1)).await;
    if left > 0 {
        tracing::warn!(left, "connections were still busy when the server stopped");
    }
    Ok(())
}
