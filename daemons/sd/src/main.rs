//! `elk-sd`: ServiceDiscovery in a process of its own.

use std::process::ExitCode;

use elk_boot::Daemon;
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
        let mute = config.auth.keys.is_empty();
        mute.then(|| "auth.keys is empty: nobody can register".to_owned()).into_iter().collect()
    }

    async fn bind(config: Config) -> Result<Self, Failed> {
        Ok(Self(Discovery::bind(config, Clock::System).await?))
    }

    async fn serve(self, stop: Stop) -> Result<(), Failed> {
        Ok(self.0.serve(stop).await?)
    }
}

fn main() -> ExitCode {
    elk_boot::run::<SdDaemon>()
}
