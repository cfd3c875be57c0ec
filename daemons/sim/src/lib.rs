//! Simulated agents on the real wire: mutual TLS, snappy, heartbeats, plugin events, answers to tasks.
//!
//! It must not know anything of the backend but what an agent sees of it.
//!
//! A simulated agent obeys configuration as a real one does: it fetches packages, checks their
//! digests, starts, changes and ends pretend plugins, and replaces itself. A package with the line
//! `elk-sim: crash`, `hang`, `wrong-version` or `flap` makes what it installs behave so.

mod agent;
mod assets;
mod facts;
mod host;
mod link;
mod load;
mod package;
mod records;
mod upload;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use elk_client::reference::Caller;
use elk_client::{ConfigError, Trust};
use elk_life::{Clock, Stop, Tasks};
use elk_trust::SERVER_NAME;
use elk_trust::tls::{Expect, TlsError, client_config};
use rustls::ClientConfig;

pub use facts::Facts;
pub use load::Load;

/// How many agents there are and what they do.
#[derive(Clone, Debug)]
pub struct Config {
    /// How many.
    pub count: u32,
    /// The same seed gives the same hosts.
    pub seed: u64,
    /// Between two heartbeats.
    pub heartbeat: Duration,
    /// Base URL of ServiceDiscovery.
    pub sd: Option<String>,
    /// Address of AgentCenter, used where ServiceDiscovery names none.
    pub ac: Option<String>,
    /// Authority of AgentCenter's certificate, PEM.
    pub ca: Vec<u8>,
    /// The agents' certificate, PEM.
    pub cert: Vec<u8>,
    /// Its key, PEM.
    pub key: Vec<u8>,
    /// Between two records of plugins; none sends none.
    pub event_every: Option<Duration>,
    /// The agents start within this time.
    pub spread: Duration,
    /// Between two attempts to connect; real agents wait 5 s.
    pub retry: Duration,
}

/// The simulated agents could not be made.
#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    /// The certificates cannot be used.
    #[error("could not use the agents' certificates")]
    Tls(#[from] TlsError),
    /// The client towards ServiceDiscovery cannot be made.
    #[error("could not make a client")]
    Client(#[from] ConfigError),
}

/// What the agents did.
#[derive(Debug, Default)]
pub struct Counters {
    /// Streams open at present.
    pub connected: AtomicU64,
    /// Messages sent.
    pub messages: AtomicU64,
    /// Records sent.
    pub records: AtomicU64,
    /// Bytes of those messages as they are on the wire, packed and framed.
    pub bytes: AtomicU64,
    /// Tasks answered.
    pub answered: AtomicU64,
    /// Packages fetched and installed.
    pub installed: AtomicU64,
    /// Packages that could not be.
    pub refused: AtomicU64,
    /// Attempts to connect that failed.
    pub failed: AtomicU64,
}

/// Simulated agents, ready to start.
#[derive(Debug)]
pub struct Fleet {
    shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) load: Option<Load>,
    pub(crate) upload_pause: Duration,
    pub(crate) tls: Arc<ClientConfig>,
    pub(crate) caller: Caller,
    pub(crate) clock: Clock,
    pub(crate) counters: Arc<Counters>,
}

impl Fleet {
    /// Makes the agents.
    ///
    /// # Errors
    ///
    /// [`FleetError`] if the certificates cannot be used.
    pub fn new(config: Config, clock: Clock) -> Result<Self, FleetError> {
        elk_trust::install_crypto();
        let identity = Some((&config.cert[..], &config.key[..]));
        let tls = client_config(&config.ca, identity, Expect::Name(SERVER_NAME), &[b"h2"])?;
        let caller = Caller::new(&Trust::System, None, clock.clone())?;
        let counters = Arc::default();
        let (load, upload_pause) = (None, Duration::from_secs(1));
        let shared = Shared { config, load, upload_pause, tls, caller, clock, counters };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Lets every agent send `load` instead of what plugins send.
    #[must_use]
    pub fn with_load(mut self, load: Load) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.shared) {
            shared.load = Some(load);
        }
        self
    }

    /// Sets the pause between two chunks of a file; real agents wait 1 s.
    #[must_use]
    pub fn with_upload_pause(mut self, pause: Duration) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.shared) {
            shared.upload_pause = pause;
        }
        self
    }

    /// Returns what the agents did so far; goes on counting while they run.
    pub fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.shared.counters)
    }

    /// Runs the agents until asked to stop.
    ///
    /// # Errors
    ///
    /// Never; an agent that cannot connect tries again.
    pub async fn serve(self, stop: Stop) -> Result<(), std::convert::Infallible> {
        let count = self.shared.config.count;
        let tasks = Tasks::new(count as usize);
        for index in 0..count {
            let agent = agent::Agent::new(Arc::clone(&self.shared), index);
            tasks.spawn(Box::pin(agent.run(stop.clone()))).await;
        }
        stop.wait().await;
        tasks.drain(Duration::from_secs(5)).await;
        Ok(())
    }
}

impl Counters {
    /// Returns how many streams are open.
    pub fn connected(&self) -> u64 {
        self.connected.load(Ordering::Relaxed)
    }
}
