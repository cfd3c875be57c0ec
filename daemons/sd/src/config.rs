//! Settings.

use std::net::SocketAddr;

use elk_trust::aksk::Keys;
use serde::{Deserialize, Serialize};

/// How a node listens and whom it believes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address of the API, plain HTTP.
    pub listen: SocketAddr,
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
            auth: Auth::default(),
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { services: 1_000, instances: 10_000, extra_bytes: 4_096 }
    }
}
