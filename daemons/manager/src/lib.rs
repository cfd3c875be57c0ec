//! The Manager: accounts, agents, tags and tasks, over the native API and the reference's.
//!
//! It must not know how agents speak: it sees them through AgentCenters and the bus.
//!
//! Invariants: state is in the database before it is acknowledged; an order leaves at most once;
//! no answer to an AgentCenter is an empty configuration.

mod agents;
mod alerts;
mod app;
mod audit;
mod backup;
mod cluster;
mod compat;
mod components;
mod config;
mod events;
mod failure;
mod fleet;
mod http;
mod import;
mod kube;
mod page;
mod profiles;
mod quota;
mod records;
pub mod reference;
mod roles;
mod rollouts;
mod selections;
mod session;
mod store;
mod tags;
mod tasks;
mod tokens;
mod users;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use elk_api::Role;
use elk_bus::Bus;
use elk_client::reference::Caller;
use elk_client::{Hook, Trust};
use elk_life::{Clock, Group, GroupError, Stop};
use elk_trust::aksk::KeyPair;
use elk_trust::files::create_private_dir;
use elk_trust::{SERVER_NAME, Secret};
use elk_web::ServeOptions;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::app::{App, Shared};
use crate::components::blobs::Blobs;
use crate::fleet::Fleet;
use crate::store::Store;

pub use backup::{
    ArchiveError, Manifest as BackupManifest, RestoreError, Restored, check as check_backup,
    restore,
};
pub use config::{Ac, Config, Kube, Sd, Tls};
pub use store::{StoreError, look};

/// The door for fuzzing. Nothing of the product goes through it.
#[doc(hidden)]
pub mod fuzz {
    pub use crate::compat::v1::fuzz::{Judged, judge};
}

/// Files of agents that arrive at a time.
const RECEIVING: usize = 8;
/// Bodies of up to 16 MiB that are in memory before it is known who sent them.
const PROVING: usize = 32;

/// What a process has once.
#[derive(Debug, Default)]
pub struct Parts {
    /// The clock.
    pub clock: Clock,
    /// The bus, if the process has one.
    pub bus: Option<Bus>,
}

/// Why the Manager did not start.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// A file or the socket was refused.
    #[error("could not {doing}")]
    Io {
        /// What was tried.
        doing: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The database was refused.
    #[error("could not open the database {path:?}")]
    Store {
        /// Its file.
        path: PathBuf,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// TLS could not be set up.
    #[error("could not set TLS up")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A Manager that holds its port and its database.
#[derive(Debug)]
pub struct Manager {
    app: App,
    listener: TcpListener,
    options: ServeOptions,
}

impl Manager {
    /// Opens the database and the port.
    ///
    /// # Errors
    ///
    /// [`BindError`] names what was refused; a damaged or later database is left untouched.
    pub async fn bind(config: Config, parts: Parts) -> Result<Self, BindError> {
        elk_trust::install_crypto();
        let refused = |doing: String| move |source| BindError::Io { doing, source };
        create_private_dir(&config.data)
            .map_err(refused(format!("create the directory {:?}", config.data)))?;
        let path = config.data.join("state.db");
        let store = Store::open(&path).await.map_err(|source| BindError::Store { path, source })?;
        backup::clean(&config.data)
            .map_err(refused("remove what an earlier copy left".to_owned()))?;
        let options = options(&config)?;
        let clock = parts.clock;
        let fleet = fleet(&config, &clock)?;
        let registrar = caller(&Trust::System, config.sd.auth.clone(), &clock)?;
        let hook = Hook::new().map_err(|error| BindError::Tls(error.into()))?;
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(refused(format!("listen on {}", config.listen)))?;
        let addr = listener.local_addr().map_err(refused("learn the address".to_owned()))?;
        let files = |name: &str| {
            let dir = config.data.join(name);
            Blobs::open(dir.clone()).map_err(refused(format!("open the directory {dir:?}")))
        };
        let app = Arc::new(Shared {
            address: address(&config, addr),
            started_at: clock.now(),
            blobs: files("files")?,
            agent_files: files("agent-files")?,
            receiving: Semaphore::new(RECEIVING),
            copying: Arc::new(Semaphore::new(1)),
            proving: Semaphore::new(PROVING),
            quotas: Default::default(),
            issuer: kube::Issuer::open(&config)?,
            downloads: downloads(&config, addr),
            profile: Default::default(),
            stray_results: Default::default(),
            audit: audit::Log::new(store.clone(), clock.clone()),
            uses: Default::default(),
            config,
            store,
            hasher: users::Hasher::default(),
            attempts: session::Attempts::default(),
            fleet,
            registrar,
            hook,
            bus: parts.bus,
            refused: Default::default(),
            closing: Stop::default(),
            clock,
        });
        Ok(Self { app, listener, options })
    }

    /// Returns the address it listens on.
    ///
    /// # Errors
    ///
    /// Returns an error if the socket has none.
    pub fn addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Says where AgentCenter's listener for audit events is, as API servers dial it, to a Manager
    /// whose settings do not.
    pub fn audit_at(&self, url: String) {
        self.app.issuer.learn(url);
    }

    /// Returns whether anybody could sign in.
    ///
    /// # Errors
    ///
    /// Returns an error if the database fails.
    pub async fn has_users(&self) -> Result<bool, StoreError> {
        Ok(users::store::count(&self.app.store).await? > 0)
    }

    /// Creates the user `admin` if there is no user at all.
    ///
    /// # Errors
    ///
    /// Returns an error if the database fails.
    pub async fn ensure_admin(&self, password: &Secret) -> Result<bool, StoreError> {
        if self.has_users().await? {
            return Ok(false);
        }
        let hash = self.app.hasher.hash(password.expose().to_owned()).await;
        let user = self.app.new_user("admin", Role::Admin);
        let account = users::store::Account { user, hash };
        let created = users::store::create(&self.app.store, &account).await?;
        if created {
            let summary = "role=admin; the first user of a new installation";
            self.app.audit.write(&audit::Draft::system("user.create", "admin", summary)).await?;
        }
        Ok(created)
    }

    /// Serves until asked to stop.
    ///
    /// # Errors
    ///
    /// Returns the first failure of a loop or the listener.
    pub async fn serve(self, stop: Stop) -> Result<(), GroupError> {
        let Self { app, listener, options } = self;
        let store = app.store.clone();
        let addr = listener.local_addr().unwrap_or(app.config.listen);
        tracing::info!(%addr, "serving on {addr}");
        let host = app.config.advertise.clone().unwrap_or_else(|| addr.ip().to_string());
        let mut group = Group::new(stop.clone());
        let router = http::router(Arc::clone(&app));
        group.spawn("manager-http", elk_web::serve(listener, router, options, stop.clone()));
        group.spawn("manager-fleet", fleet::poll::run(Arc::clone(&app), stop.clone()));
        group.spawn("manager-files", components::http::sweep(Arc::clone(&app), stop.clone()));
        group.spawn("manager-audit", audit::run(Arc::clone(&app), stop.clone()));
        group.spawn("manager-alerts", alerts::watch::run(Arc::clone(&app), stop.clone()));
        group.spawn("manager-sinks", alerts::sinks::deliver::run(Arc::clone(&app), stop.clone()));
        group.spawn("manager-events", app.store.events.clone().wake(stop.clone()));
        group.spawn("manager-sweep", events::sweep::run(Arc::clone(&app), stop.clone()));
        group.spawn("manager-tokens", tokens::run(Arc::clone(&app), stop.clone()));
        group.spawn("manager-tasks", tasks::dispatch::run(Arc::clone(&app), stop.clone()));
        group.spawn("manager-rollouts", rollouts::run(Arc::clone(&app), stop.clone()));
        let register = fleet::poll::register(Arc::clone(&app), (host, addr.port()), stop.clone());
        group.spawn("manager-registrar", register);
        group.spawn("manager-closing", async move {
            stop.wait().await;
            app.closing.now();
            Ok::<(), Infallible>(())
        });
        let outcome = group.join(Duration::from_secs(15)).await;
        store.close().await;
        outcome
    }
}

fn read(path: &PathBuf) -> Result<Vec<u8>, BindError> {
    fs::read(path).map_err(|source| BindError::Io { doing: format!("read {path:?}"), source })
}

fn options(config: &Config) -> Result<ServeOptions, BindError> {
    let mut options = ServeOptions::default();
    if let Some(files) = &config.tls {
        let (cert, key) = (read(&files.cert)?, read(&files.key)?);
        let server = elk_trust::tls::server_config(&cert, &key, None, &[b"h2", b"http/1.1"]);
        options.tls = Some(server.map_err(|error| BindError::Tls(error.into()))?);
    }
    Ok(options)
}

fn fleet(config: &Config, clock: &Clock) -> Result<Fleet, BindError> {
    let trust = if config.ac.verify && !config.ac.ca.as_os_str().is_empty() {
        Trust::Named { ca: read(&config.ac.ca)?, name: SERVER_NAME.to_owned() }
    } else {
        Trust::Insecure
    };
    Ok(Fleet {
        caller: caller(&trust, config.ac.auth.clone(), clock)?,
        plain: caller(&Trust::System, None, clock)?,
        centers: Arc::default(),
        sd: Arc::new(parking_lot::Mutex::new(BTreeMap::new())),
    })
}

fn caller(trust: &Trust, keys: Option<KeyPair>, clock: &Clock) -> Result<Caller, BindError> {
    Caller::new(trust, keys, clock.clone()).map_err(|error| BindError::Tls(error.into()))
}

/// Returns what stands before the paths of files that agents fetch.
fn downloads(config: &Config, addr: SocketAddr) -> Vec<String> {
    if !config.download_urls.is_empty() {
        let trimmed = config.download_urls.iter().map(|it| it.trim_end_matches('/').to_owned());
        return trimmed.collect();
    }
    vec![format!("http://{}", address(config, addr))]
}

/// Returns host and port that others reach this Manager under.
fn address(config: &Config, addr: SocketAddr) -> String {
    let own = || SocketAddr::new(addr.ip(), addr.port()).to_string();
    config.advertise.as_ref().map_or_else(own, |host| {
        let bare_v6 = host.contains(':') && !host.starts_with('[');
        let host = if bare_v6 { format!("[{host}]") } else { host.clone() };
        format!("{host}:{}", addr.port())
    })
}
