//! `elk-ac`: an AgentCenter in a process of its own, with a local log of its own.

use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use elk_ac::{Ac, BindError, Config, Parts, ServeError};
use elk_boot::admin::{Admin, Ready};
use elk_boot::{Daemon, Foreign, SettingsError, Translation, run};
use elk_bus::{Bus, OpenError, Topic};
use elk_life::{Clock, Stop};
use prometheus::Registry;
use prometheus::process_collector::ProcessCollector;

/// Why the process did not start or serve.
#[derive(Debug, thiserror::Error)]
enum RunError {
    #[error("cannot start")]
    Bind(#[from] Box<BindError>),
    #[error("cannot open the log of records")]
    Log(#[from] OpenError),
    #[error("cannot open the admin listener")]
    Admin(#[source] std::io::Error),
    #[error("cannot register metrics")]
    Metrics(#[from] prometheus::Error),
    #[error(transparent)]
    Serve(#[from] ServeError),
}

struct Process {
    ac: Ac,
    bus: Bus,
    audit: Option<Bus>,
    admin: Option<Admin>,
    registry: Registry,
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ac.fmt(f)
    }
}

impl Daemon for Process {
    const NAME: &'static str = "elk-ac";
    const ENV: &'static str = "ELK_AC";
    type Config = Config;
    type Error = RunError;

    fn warnings(config: &Config) -> Vec<String> {
        config.warnings()
    }

    fn translate(file: &mut Foreign) -> Result<Translation, SettingsError> {
        elk_ac::reference::translate(file)
    }

    async fn bind(config: Config) -> Result<Self, RunError> {
        elk_trust::install_crypto();
        let clock = Clock::System;
        let registry = Registry::new();
        registry.register(Box::new(ProcessCollector::for_self()))?;
        let admin = match config.admin {
            Some(addr) => Some(Admin::bind(addr).await.map_err(RunError::Admin)?),
            None => None,
        };
        let bus = config.bus.open(Topic::Records, &config.data, clock.clone())?;
        let audit = match config.audit.cert {
            Some(_) => Some(config.bus.open(Topic::Audit, &config.data, clock.clone())?),
            None => None,
        };
        let parts =
            Parts { bus: bus.clone(), audit: audit.clone(), clock, registry: registry.clone() };
        let ac = Ac::bind(config, parts).await.map_err(Box::new)?;
        Ok(Self { ac, bus, audit, admin, registry })
    }

    async fn serve(self, stop: Stop) -> Result<(), RunError> {
        let ready: Ready = Arc::new(AtomicBool::new(true));
        let shown = Arc::clone(&ready);
        let admin = async {
            let Some(admin) = self.admin else { return Ok(()) };
            admin.serve(self.registry, shown, stop.clone()).await
        };
        let serve = async {
            let served = Box::pin(self.ac.serve(stop.clone())).await;
            ready.store(false, Ordering::Relaxed);
            stop.now();
            served
        };
        let (served, administered) = tokio::join!(serve, admin);
        self.bus.close().await;
        if let Some(audit) = self.audit {
            audit.close().await;
        }
        served?;
        administered.map_err(RunError::Admin)
    }
}

fn main() -> ExitCode {
    run::<Process>()
}
