//! ServiceDiscovery: tells agents and services which instance to use.
//!
//! It must not know what the services do.
//!
//! Invariant: only this node's clock ends a registration.

mod config;
mod http;
mod state;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use elk_life::{Clock, Group, GroupError, Stop};
use elk_web::ServeOptions;
use parking_lot::Mutex;
use tokio::net::TcpListener;

pub use config::{Auth, Config, Limits};
use http::Shared;

/// ServiceDiscovery could not listen.
#[derive(Debug, thiserror::Error)]
#[error("could not listen on {addr}")]
pub struct BindError {
    /// The address.
    pub addr: SocketAddr,
    /// Why.
    #[source]
    pub source: io::Error,
}

/// A node that holds its port.
#[derive(Debug)]
pub struct Discovery {
    shared: Arc<Shared>,
    listener: TcpListener,
}

impl Discovery {
    /// Opens the port.
    ///
    /// # Errors
    ///
    /// [`BindError`] if the address cannot be used.
    pub async fn bind(config: Config, clock: Clock) -> Result<Self, BindError> {
        let addr = config.listen;
        let listener =
            TcpListener::bind(addr).await.map_err(|source| BindError { addr, source })?;
        let registry = Mutex::new(state::Registry::new(config.limits));
        let shared = Arc::new(Shared::new(config, clock, registry));
        Ok(Self { shared, listener })
    }

    /// Returns the address it listens on.
    ///
    /// # Errors
    ///
    /// Returns an error if the socket has none.
    pub fn addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until asked to stop.
    ///
    /// # Errors
    ///
    /// Returns the failure of the listener.
    pub async fn serve(self, stop: Stop) -> Result<(), GroupError> {
        let Self { shared, listener } = self;
        let mut group = Group::new(stop.clone());
        let router = http::router(Arc::clone(&shared));
        let options =
            ServeOptions { request_timeout: Duration::from_secs(10), ..ServeOptions::default() };
        group.spawn("sd-http", elk_web::serve(listener, router, options, stop.clone()));
        group.spawn("sd-sweep", http::sweep(shared, stop));
        group.join(Duration::from_secs(10)).await
    }
}
