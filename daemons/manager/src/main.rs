//! `elk-manager`: the Manager in a process of its own.

use std::path::PathBuf;
use std::process::ExitCode;

use elk_boot::{Daemon, Foreign, SettingsError, Translation};
use elk_life::{GroupError, Stop};
use elk_manager::{BindError, Config, Manager, Parts, StoreError};
use elk_trust::files::{WriteError, write_private};
use elk_trust::random_password;

struct ManagerDaemon {
    manager: Manager,
    data: PathBuf,
}

#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Bind(#[from] BindError),
    #[error("could not create the first user")]
    Admin(#[from] StoreError),
    #[error("could not keep the first user's password")]
    Password(#[from] WriteError),
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

    fn translate(file: &mut Foreign) -> Result<Translation, SettingsError> {
        elk_manager::reference::translate(file)
    }

    async fn bind(config: Config) -> Result<Self, Self::Error> {
        let data = config.data.clone();
        Ok(Self { manager: Manager::bind(config, Parts::default()).await?, data })
    }

    async fn serve(self, stop: Stop) -> Result<(), Self::Error> {
        self.let_somebody_in().await?;
        Ok(self.manager.serve(stop).await?)
    }
}

impl ManagerDaemon {
    /// Makes `admin` with a password of its own on the first start; nobody could sign in otherwise.
    async fn let_somebody_in(&self) -> Result<(), Failed> {
        if self.manager.has_users().await? {
            return Ok(());
        }
        let password = random_password();
        let path = self.data.join("admin-password");
        // Before the user: a crash in between costs nothing but a new password.
        write_private(&path, password.expose().as_bytes())?;
        self.manager.ensure_admin(&password).await?;
        tracing::info!("made the user admin; its password is in {}", path.display());
        Ok(())
    }
}

fn main() -> ExitCode {
    elk_boot::run::<ManagerDaemon>()
}
