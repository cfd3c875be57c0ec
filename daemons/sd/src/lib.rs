//! ServiceDiscovery: tells agents and services which instance to use.
//!
//! It must not know what the services do.
//!
//! Invariants: only this node's clock ends a registration; a request never makes the registry or
//! the metrics larger than their bounds.

mod body;
mod config;
#[doc(hidden)]
pub mod fuzz;
mod gossip;
mod http;
mod keep;
mod mesh;
mod metrics;
pub mod reference;
mod seal;
mod state;
mod sync;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use elk_client::reference::Caller;
use elk_life::{Clock, Group, GroupError, Stop, chain};
use elk_trust::aksk::Keys;
use elk_trust::files::create_private_dir;
use elk_web::ServeOptions;
use parking_lot::{Mutex, RwLock};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::interval;

pub use config::{Auth, Cluster, ClusterError, Config, Limits, Members};
use http::{App, Shared};
use mesh::{Joined, Mesh};
use metrics::Metrics;
use state::{Kept, Registry};
use sync::Sync;

/// How often registrations are ended, and the registry is kept where it changed.
const TICK: Duration = Duration::from_secs(5);
/// For requests under way when asked to stop.
const GRACE: Duration = Duration::from_secs(5);

/// ServiceDiscovery could not start.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The port is not to be had.
    #[error("could not listen on {addr}")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The directory of the registry is not to be had.
    #[error("could not use the directory {}", path.display())]
    Data {
        /// The directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The settings of the cluster cannot be.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// No client for calls to nodes of the reference.
    #[error("could not set calls to other nodes up")]
    Sync(#[from] elk_client::ConfigError),
    /// Metrics were refused.
    #[error("could not set metrics up")]
    Metrics(#[from] prometheus::Error),
}

/// A node that holds its port.
#[derive(Debug)]
pub struct Discovery {
    app: App,
    listener: TcpListener,
    file: Option<PathBuf>,
    /// What was kept of the registry, until it is known whether others know better.
    kept: Vec<Kept>,
    mesh: Option<Mesh>,
    callers: Vec<Caller>,
}

/// Changes a node while it serves.
#[derive(Clone, Debug)]
pub struct Handle(App);

impl Handle {
    /// Replaces who may register and evict.
    pub fn set_keys(&self, keys: Keys) {
        *self.0.keys.write() = keys;
    }
}

impl Discovery {
    /// Opens the port, and what was kept of the registry.
    ///
    /// # Errors
    ///
    /// [`BindError`] if the address or the directory cannot be used. A file that is damaged is not
    /// an error: the node says so in its log and starts empty.
    pub async fn bind(config: Config, clock: Clock) -> Result<Self, BindError> {
        let listening = TcpListener::bind(config.listen).await;
        let bound = listening.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (addr, listener) =
            bound.map_err(|source| BindError::Listen { addr: config.listen, source })?;
        let mesh = match config.cluster()? {
            Some(addr) => {
                let bound = Mesh::bind(config.cluster.clone(), addr).await;
                Some(bound.map_err(|source| BindError::Listen { addr, source })?)
            }
            None => None,
        };
        let registry = Registry::new(config.limits, rand::random());
        let mut kept = Vec::new();
        if let Some(path) = &config.data {
            let refused = |source| BindError::Data { path: path.clone(), source };
            create_private_dir(path).map_err(refused)?;
        }
        let file = config.data.map(|it| it.join("registry.json"));
        if let Some(path) = &file {
            match keep::read(path) {
                Ok(instances) => kept = instances,
                Err(error) => {
                    let (path, error) = (path.display(), chain(&error));
                    tracing::warn!(%path, %error, "starting without the registry of before");
                }
            }
        }
        let mut members = config.sync.members;
        members.retain(|it| !sync::is_own(it, addr));
        let callers = sync::callers(members.len(), &config.auth.keys, &clock)?;
        let app = Arc::new(Shared {
            addr,
            keys: RwLock::new(config.auth.keys),
            clock,
            registry: Mutex::new(registry),
            metrics: Metrics::new(mesh.is_some(), !members.is_empty())?,
            sync: Sync::new(&members),
        });
        Ok(Self { app, listener, file, kept, mesh, callers })
    }

    /// Returns the address it listens on.
    ///
    /// # Errors
    ///
    /// Returns an error if the socket has none.
    pub fn addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Returns the address where it hears other nodes, if it has any.
    ///
    /// # Errors
    ///
    /// Returns an error if the socket has none.
    pub fn cluster_addr(&self) -> io::Result<Option<SocketAddr>> {
        self.mesh.as_ref().map(Mesh::addr).transpose()
    }

    /// Returns what changes the node while it serves.
    pub fn handle(&self) -> Handle {
        Handle(Arc::clone(&self.app))
    }

    /// Serves until asked to stop.
    ///
    /// # Errors
    ///
    /// Returns the failure of the listener.
    pub async fn serve(self, stop: Stop) -> Result<(), GroupError> {
        let Self { app, listener, file, kept, mesh, callers } = self;
        let mut group = Group::new(stop.clone());
        let joining = mesh.as_ref().map(Mesh::joining);
        if let Some(mesh) = mesh {
            mesh.spawn(Arc::clone(&app), &mut group, &stop);
        }
        sync::spawn(&app, callers, &mut group, &stop);
        let router = http::router(Arc::clone(&app));
        // Agents ask once and leave the connection open: 50,000 of them within 30 s must find room.
        let options = ServeOptions {
            max_connections: 16_384,
            header_timeout: GRACE,
            request_timeout: GRACE,
            write_timeout: GRACE,
            grace: GRACE,
            ..ServeOptions::default()
        };
        let ready = Arc::clone(&app);
        let ends = stop.clone();
        let http = async move {
            if ends.until(join(&ready, joining, kept)).await.is_none() {
                return Ok(());
            }
            tracing::info!(addr = %ready.addr, "serving on {}", ready.addr);
            elk_web::serve(listener, router, options, ends).await
        };
        group.spawn("sd-http", http);
        group.spawn("sd-registry", tend(Arc::clone(&app), file.clone(), stop));
        let outcome = group.join(2 * GRACE).await;
        // Once more, for requests that were under way.
        keep_changes(&app, file.as_deref(), &mut 0).await;
        outcome
    }
}

/// Waits until the node knows what others know; whoever asks meanwhile waits for the answer. What it
/// kept itself counts only if nobody else says how things are.
async fn join(app: &App, joining: Option<watch::Receiver<Joined>>, kept: Vec<Kept>) {
    let told = match joining {
        Some(mut joining) => {
            // An error is the end of the other task, which ends this one, too.
            let joined = joining.wait_for(|it| *it != Joined::NotYet).await;
            joined.is_ok_and(|it| *it == Joined::Told)
        }
        None => false,
    };
    if !told {
        app.registry.lock().restore(kept, app.clock.unix_ms());
    }
}

/// Ends registrations that were not renewed and keeps what changed, until asked to stop.
async fn tend(app: App, file: Option<PathBuf>, stop: Stop) -> Result<(), Infallible> {
    let mut ticks = interval(TICK);
    let mut kept = app.registry.lock().revision();
    while stop.until(ticks.tick()).await.is_some() {
        app.registry.lock().sweep(app.clock.unix_ms());
        keep_changes(&app, file.as_deref(), &mut kept).await;
    }
    Ok(())
}

async fn keep_changes(app: &App, file: Option<&Path>, kept: &mut u64) {
    let Some(file) = file.map(Path::to_owned) else { return };
    let (revision, instances) = {
        let registry = app.registry.lock();
        if registry.revision() == *kept {
            return;
        }
        (registry.revision(), registry.kept())
    };
    match spawn_blocking(move || keep::write(&file, instances)).await {
        Ok(Ok(())) => *kept = revision,
        Ok(Err(error)) => {
            tracing::warn!(error = %chain(&error), "could not keep the registry; trying again");
        }
        Err(error) => tracing::error!(%error, "keeping the registry panicked"),
    }
}
