//! Settings.

use std::net::SocketAddr;
use std::path::PathBuf;

use elk_trust::aksk::Keys;
use serde::{Deserialize, Serialize};

/// How a node listens and whom it believes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address of the API, plain HTTP.
    pub listen: SocketAddr,
    /// Directory where the registry is kept over restarts; with none it is in memory only.
    pub data: Option<PathBuf>,
    /// Who may register and evict.
    pub auth: Auth,
    /// What it keeps at most.
    pub limits: Limits,
}

/// Who may register and evict.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Auth {
    /// Secret keys by access key. Without any, nobody may.
    pub keys: Keys,
}

/// What a node keeps at most; what is beyond is refused and counted.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Services.
    pub services: usize,
    /// Instances of one service.
    pub instances: usize,
    /// Bytes of one registration's `extra`.
    pub extra_bytes: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: ([127, 0, 0, 1], 8088).into(),
            data: None,
            auth: Auth::default(),
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { services: 1_000, instances: 1_000, extra_bytes: 4_096 }
    }
}

impl Config {
    /// Says what is doubtful about the settings.
    pub fn warnings(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.auth.keys.is_empty() {
            found.push("auth.keys is empty: nobody can register".to_owned());
        }
        if self.data.is_none() {
            found.push(
                "data is not set: after a restart nobody is known until renewals come".to_owned(),
            );
        }
        found
    }
}
