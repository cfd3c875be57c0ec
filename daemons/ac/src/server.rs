//! The daemon's life: settings, then sockets, then service.

use std::convert::Infallible;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use elk_bus::Bus;
use elk_life::{Clock, Group, GroupError, Stop, Tasks, chain};
use elk_trust::files::create_private_dir;
use elk_trust::tls::{TlsError, server_config};
use elk_web::{Crowd, ServeOptions};
use prometheus::Registry;
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::audit::Audit;
use crate::center::Center;
use crate::config::Config;
use crate::configs::Configs;
use crate::fleet::Fleet;
use crate::metrics::Metrics;
use crate::metrics::bus::OfBus;
use crate::outbox::Outbox;
use crate::partial::Partials;
use crate::peers::{Peers, PeersError};
use crate::refused::Refusals;
use crate::registrar::Entry;
use crate::tags::Tags;
use crate::upload::places::Uploads;
use crate::{api, audit, configs, listen, registrar, tags, upload};

const GRACE: Duration = Duration::from_secs(15);
/// Bodies of calls to the HTTP API, of at most 32 MiB, that are read at a time.
const BODIES: usize = 16;
const TIDY: Duration = Duration::from_secs(5);

/// What AgentCenter does not make itself.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Where records go.
    pub bus: Bus,
    /// Where audit events of Kubernetes go; without it none are received.
    pub audit: Option<Bus>,
    /// The time.
    pub clock: Clock,
    /// Where metrics are registered.
    pub registry: Registry,
}

/// AgentCenter did not start.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// A listener could not be opened.
    #[error("cannot listen on {addr}")]
    Listen {
        /// Its address.
        addr: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A certificate or key could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Certificates and keys are unusable.
    #[error("cannot use the certificates")]
    Tls(#[from] TlsError),
    /// The data directory is unusable.
    #[error("cannot use the data directory {}", path.display())]
    Data {
        /// The directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Managers' addresses are unusable.
    #[error("cannot use `manager`")]
    Manager(#[source] PeersError),
    /// The addresses of ServiceDiscovery are unusable.
    #[error("cannot use `sd`")]
    Sd(#[source] PeersError),
    /// An address to register is missing.
    #[error("`sd.advertise` must be set, as grpc.listen or http.listen is not one address")]
    Advertise,
    /// A metric is registered already.
    #[error("cannot register metrics")]
    Metrics(#[from] prometheus::Error),
}

/// AgentCenter failed while it served.
#[derive(Debug, thiserror::Error)]
#[error("AgentCenter ended")]
pub struct ServeError(#[from] GroupError);

/// An AgentCenter with all its sockets and files open.
#[derive(Debug)]
pub struct Ac {
    center: Arc<Center>,
    grpc: TcpListener,
    http: TcpListener,
    grpc_addr: SocketAddr,
    http_addr: SocketAddr,
    agents_tls: Arc<ServerConfig>,
    http_tls: Arc<ServerConfig>,
    sd: Option<(Peers, Entry)>,
    audit: Option<(TcpListener, Arc<ServerConfig>)>,
}

impl Ac {
    /// Opens all that `config` names.
    ///
    /// # Errors
    ///
    /// What could not be opened.
    pub async fn bind(config: Config, parts: Parts) -> Result<Self, BindError> {
        let (agents_tls, http_tls) = certificates(&config)?;
        let clock = parts.clock;
        let data = |source| BindError::Data { path: config.data.clone(), source };
        create_private_dir(&config.data).map_err(data)?;
        upload::archive::clean(&config.data.join("uploads")).map_err(data)?;
        let manager = &config.manager;
        let ca = manager.ca.as_deref();
        let manager = Peers::new(&manager.addrs, manager.auth.clone(), ca, clock.clone())
            .map_err(BindError::Manager)?;
        let sd = Peers::new(&config.sd.addrs, config.sd.auth.clone(), None, clock.clone())
            .map_err(BindError::Sd)?;
        let grpc = listener(config.grpc.listen).await?;
        let http = listener(config.http.listen).await?;
        let addr = |it: &TcpListener, addr| {
            it.local_addr().map_err(|source| BindError::Listen { addr, source })
        };
        let grpc_addr = addr(&grpc, config.grpc.listen)?;
        let http_addr = addr(&http, config.http.listen)?;
        let sd = if config.sd.addrs.is_empty() {
            None
        } else {
            Some((sd, entry(&config, grpc_addr, http_addr)?))
        };
        let audit = match (&parts.audit, audit_tls(&config)) {
            (Some(_), Some(tls)) => Some((listener(config.audit.listen).await?, tls)),
            _ => None,
        };
        let epoch = clock.unix_ms().unsigned_abs();
        let fleet = Arc::new(Fleet::new(config.grpc.connection_limit, epoch));
        let metrics = Metrics::new(&parts.registry, &fleet)?;
        parts.registry.register(Box::new(OfBus::new(parts.bus.clone())?))?;
        let outbox =
            Outbox::open(&config.data, config.outbox_bytes, metrics.clone()).map_err(data)?;
        let streams = config.grpc.connection_limit.saturating_add(config.grpc.waiting_limit);
        let partials =
            Partials::new(config.grpc.partial_bytes, metrics.bounds.partials_cut.clone());
        let to_audit = parts.audit.filter(|_| audit.is_some());
        let center = Arc::new(Center {
            audit: Audit::new(to_audit, &parts.registry)?,
            refused: Refusals::new(clock.unix_ms()),
            clock,
            fleet,
            metrics,
            registry: parts.registry,
            bus: parts.bus,
            outbox: Arc::new(outbox),
            manager,
            tags: Tags::default(),
            configs: Configs::default(),
            waiting: Crowd::new(config.grpc.waiting_limit),
            streams: Tasks::new(streams.saturating_add(64)),
            handshakes: Crowd::new(config.grpc.handshake_limit),
            partials,
            bodies: Arc::new(Semaphore::new(BODIES)),
            uploads: Uploads::new(config.upload.concurrent, config.upload.concurrent_per_address),
            config,
        });
        Ok(Self { center, grpc, http, grpc_addr, http_addr, agents_tls, http_tls, sd, audit })
    }

    #[cfg(test)]
    pub(crate) fn center(self) -> Arc<Center> {
        self.center
    }

    /// Returns the address that agents dial.
    pub fn grpc_addr(&self) -> SocketAddr {
        self.grpc_addr
    }

    /// Returns the address that API servers of Kubernetes dial, if it listens for them.
    pub fn audit_addr(&self) -> Option<SocketAddr> {
        self.audit.as_ref().and_then(|(listener, _)| listener.local_addr().ok())
    }

    /// Returns the address that Managers dial.
    pub fn http_addr(&self) -> SocketAddr {
        self.http_addr
    }

    /// Serves until asked to stop: then agents are sent away, what they said is kept.
    ///
    /// # Errors
    ///
    /// If a part of it fails.
    pub async fn serve(self, stop: Stop) -> Result<(), ServeError> {
        let center = self.center;
        let held = Arc::clone(&center);
        tracing::info!(grpc = %self.grpc_addr, http = %self.http_addr, "AgentCenter serves agents on {}", self.grpc_addr);
        let mut group = Group::new(stop.clone());
        // Results arrive until the streams have ended, so the outbox stops after them.
        let last = Stop::default();
        let outbox = Arc::clone(&center.outbox);
        group.spawn("outbox-keep", Arc::clone(&outbox).keep(last.clone()));
        group.spawn("outbox-send", outbox.send(center.manager.clone(), last.clone()));
        group.spawn("configs", configs::run(Arc::clone(&center), stop.clone()));
        group.spawn("tags", tags::run(Arc::clone(&center), stop.clone()));
        group.spawn("tidy", tidy(Arc::clone(&center), stop.clone()));
        if let Some((sd, entry)) = self.sd {
            let run = registrar::run(Arc::clone(&center), sd, entry, stop.clone());
            group.spawn("registrar", run);
        }
        let agents = listen::run(Arc::clone(&center), self.grpc, self.agents_tls, stop.clone());
        let streams = center.streams.clone();
        group.spawn("agents", async move {
            let Ok(()) = agents.await;
            streams.drain(Duration::from_secs(3)).await;
            last.now();
            Ok::<_, Infallible>(())
        });
        if let Some((listener, tls)) = self.audit {
            group.spawn("clusters", audit::run(Arc::clone(&center), stop.clone()));
            let router = audit::router(Arc::clone(&center));
            let options = ServeOptions {
                tls: Some(tls),
                plain: false,
                max_connections: 1_024,
                request_timeout: Duration::from_mins(1),
                ..ServeOptions::default()
            };
            group.spawn("audit", elk_web::serve(listener, router, options, stop.clone()));
        }
        let options = ServeOptions {
            tls: Some(self.http_tls),
            plain: false,
            max_connections: 512,
            request_timeout: Duration::from_mins(1),
            grace: Duration::from_secs(5),
            ..ServeOptions::default()
        };
        group.spawn("http", elk_web::serve(self.http, api::router(center), options, stop));
        let joined = group.join(GRACE).await;
        if let Err(error) = held.bus.flush().await {
            tracing::error!(%error, "the last records are not on disk");
        }
        held.audit.flush().await;
        Ok(joined?)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, BindError> {
    fs::read(path).map_err(|source| BindError::Read { path: path.to_owned(), source })
}

fn certificates(config: &Config) -> Result<(Arc<ServerConfig>, Arc<ServerConfig>), BindError> {
    let tls = &config.tls;
    let (ca, cert, key) = (read(&tls.ca)?, read(&tls.cert)?, read(&tls.key)?);
    let agents = server_config(&cert, &key, Some(&ca), &[b"h2"])?;
    let http = server_config(&cert, &key, None, &[b"h2", b"http/1.1"])?;
    Ok((agents, http))
}

/// Returns what the listener for audit events speaks; without it the others serve all the same.
fn audit_tls(config: &Config) -> Option<Arc<ServerConfig>> {
    let (Some(cert), Some(key)) = (&config.audit.cert, &config.audit.key) else { return None };
    let made = || {
        let (ca, cert, key) = (read(&config.tls.ca)?, read(cert)?, read(key)?);
        Ok::<_, BindError>(server_config(&cert, &key, Some(&ca), &[b"h2", b"http/1.1"])?)
    };
    match made() {
        Ok(tls) => Some(tls),
        Err(error) => {
            let error = chain(&error);
            tracing::warn!(%error, "audit events of Kubernetes are not received");
            None
        }
    }
}

async fn listener(addr: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(addr).await.map_err(|source| BindError::Listen { addr, source })
}

fn entry(config: &Config, grpc: SocketAddr, http: SocketAddr) -> Result<Entry, BindError> {
    let ip = match &config.sd.advertise {
        Some(ip) => ip.clone(),
        None if grpc.ip().is_unspecified() || http.ip() != grpc.ip() => {
            return Err(BindError::Advertise);
        }
        None => grpc.ip().to_string(),
    };
    Ok(Entry { name: config.sd.name.clone(), ip, grpc: grpc.port(), http: http.port() })
}

async fn tidy(center: Arc<Center>, stop: Stop) -> Result<(), Infallible> {
    while stop.until(sleep(TIDY)).await.is_some() {
        center.fleet.tidy(center.clock.unix_ms());
    }
    Ok(())
}
