//! `elk-manager`: the Manager in a process of its own.

use std::process::ExitCode;

use elk_boot::Daemon;
use elk_life::{GroupError, Stop};
use elk_manager::{BindError, Config, Manager, Parts};

struct ManagerDaemon(Manager);

#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Bind(#[from] BindError),
    #[error(transparent)]
    Serve(#[from] GroupError),
}

impl Daemon for ManagerDaemon {
    const NAME: &'static str = "elk-manager";
    const ENV: &'static str = "ELK_MANAGER";
    type Config = Config;
    type Error = Failed;

    fn warnings(config: &Config) -> Vec<String> {
        let mut found = Vec::new();
        if config.sd.addrs.is_empty() {
            found.push("sd.addrs is empty: no AgentCenter will be found".to_owned());
        }
        if config.tls.is_none() {
            found.push("tls is not set: the API speaks plain HTTP only".to_owned());
        }
        if !config.ac.verify || config.ac.ca.as_os_str().is_empty() {
            found
                .push("ac.ca is not set: certificates of AgentCenters are not verified".to_owned());
        }
        found
    }

    async fn bind(config: Config) -> Result<Self, Self::Error> {
        Ok(Self(Manager::bind(config, Parts::default()).await?))
    }

    async fn serve(self, stop: Stop) -> Result<(), Self::Error> {
        Ok(self.0.serve(stop).await?)
    }
}

fn main() -> ExitCode {
    elk_boot::run::<ManagerDaemon>()
}
