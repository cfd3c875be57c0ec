//! `elk-sd`: ServiceDiscovery in a process of its own.

use std::process::ExitCode;

use elk_boot::{Daemon, Foreign, SettingsError, Translation};
use elk_life::{Clock, GroupError, Stop};
use elk_sd::{BindError, Config, Discovery};

struct SdDaemon(Discovery);

#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Bind(#[from] BindError),
    #[error(transparent)]
    Serve(#[from] GroupError),
}

impl Daemon for SdDaemon {
    const NAME: &'static str = "elk-sd";
    const ENV: &'static str = "ELK_SD";
    type Config = Config;
    type Error = Failed;

    fn warnings(config: &Config) -> Vec<String> {
        config.warnings()
    }

    fn translate(file: &mut Foreign) -> Result<Translation, SettingsError> {
        elk_sd::reference::translate(file)
    }

    async fn bind(config: Config) -> Result<Self, Failed> {
        Ok(Self(Discovery::bind(config, Clock::System).await?))
    }

    fn reload(&self) -> Option<impl Fn(Config) + use<>> {
        let handle = self.0.handle();
        Some(move |config: Config| {
            handle.set_keys(config.auth.keys);
            tracing::info!("took auth.keys; other settings count from the next start");
        })
    }

    async fn serve(self, stop: Stop) -> Result<(), Failed> {
        Ok(self.0.serve(stop).await?)
    }
}

fn main() -> ExitCode {
    elk_boot::run::<SdDaemon>()
}
