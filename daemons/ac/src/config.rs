//! Settings.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use elk_api::registry::AC_NAME;
use elk_bus::BusConfig;
use elk_trust::aksk::{KeyPair, Keys};
use serde::{Deserialize, Serialize};

/// How AgentCenter listens, whom it calls and what it keeps.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Directory of results that the Manager does not have yet, of uploads under way and, where
    /// the process owns it, of the local log of records.
    pub data: PathBuf,
    /// The listener for agents.
    pub grpc: Grpc,
    /// The listener for Managers.
    pub http: Http,
    /// The listener for audit events of Kubernetes.
    pub audit: Audit,
    /// Certificates of both listeners.
    pub tls: Tls,
    /// Managers.
    pub manager: Manager,
    /// ServiceDiscovery.
    pub sd: Sd,
    /// Uploads of files by agents.
    pub upload: Upload,
    /// Where records go, where the process owns the bus.
    pub bus: BusConfig,
    /// The most bytes of task results kept for the Manager.
    pub outbox_bytes: u64,
    /// The listener for `/livez`, `/readyz` and `/metrics`, on loopback; none if not set.
    pub admin: Option<SocketAddr>,
}

/// The listener for agents.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Grpc {
    /// Address.
    pub listen: SocketAddr,
    /// The most agents at a time.
    pub connection_limit: usize,
    /// The most streams at a time that have not sent a message yet; beyond it the oldest ends.
    pub waiting_limit: usize,
    /// How long a stream may wait with its first message, and a connection may be without any
    /// stream. Agents send a message at least every 60 s.
    pub first_message_seconds: u64,
    /// How long a TLS handshake may take.
    pub handshake_seconds: u64,
    /// The most TLS handshakes at a time; beyond it the oldest of the address with most ends.
    pub handshake_limit: usize,
    /// How long a message may take from its first byte to its last.
    pub message_seconds: u64,
    /// The most bytes of all messages that have arrived in part, beyond 64 KiB each; beyond it the
    /// streams end whose messages began first.
    pub partial_bytes: usize,
    /// The most bytes a second, inflated, that are read of one stream, after a burst of as much as
    /// in 8 s; 0: all.
    pub bytes_per_second: u32,
    /// Seconds between pings of a silent connection.
    pub ping_seconds: u64,
    /// How long the answer to a ping may take.
    pub ping_timeout_seconds: u64,
}

/// The listener for audit events that API servers of Kubernetes post; off without a certificate.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Audit {
    /// Address.
    pub listen: SocketAddr,
    /// Its certificate, PEM; clients must show one of the authority `tls.ca`.
    pub cert: Option<PathBuf>,
    /// The key, PEM.
    pub key: Option<PathBuf>,
    /// The most bytes of one list of events.
    pub max_body_bytes: usize,
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            listen: ([0, 0, 0, 0], 6754).into(),
            cert: None,
            key: None,
            max_body_bytes: 32 << 20,
        }
    }
}

/// The listener for Managers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address.
    pub listen: SocketAddr,
    /// Who may call: secret keys by access key. With none, only loopback may call.
    pub keys: Keys,
    /// Addresses that may read `/metrics` without a signature, besides loopback.
    pub metrics_from: Vec<std::net::IpAddr>,
    /// Relays orders that hold nothing but `agent_ctrl`. Agents from 1.7 on take such an order as
    /// an empty set of plugins and delete all of them.
    pub agent_ctrl: bool,
}

/// Certificates, PEM.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// Authority of agents' certificates.
    pub ca: PathBuf,
    /// Certificate of the server; agents want the name `elkeid.com` in it.
    pub cert: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// Managers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Manager {
    /// Base URLs, such as `http://10.0.0.9:6701`; any one of them is asked.
    pub addrs: Vec<String>,
    /// Signs calls; without it they are not signed, as the reference does.
    pub auth: Option<KeyPair>,
    /// Authority of the Managers' certificates, for `https` URLs.
    pub ca: Option<PathBuf>,
}

/// ServiceDiscovery.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sd {
    /// Base URLs, such as `http://10.0.0.9:8088`; none: this AgentCenter is not registered.
    pub addrs: Vec<String>,
    /// Signs registrations.
    pub auth: Option<KeyPair>,
    /// Prefix of the two registered names. Agents look for `hids_svr`.
    pub name: String,
    /// Address that is registered: the one that agents and Managers dial.
    pub advertise: Option<String>,
}

/// Uploads of files by agents.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Upload {
    /// The most bytes of one file.
    pub max_bytes: u64,
    /// The most uploads at a time.
    pub concurrent: usize,
    /// The most uploads at a time from one address.
    pub concurrent_per_address: usize,
    /// How long one may take.
    pub seconds: u64,
    /// How long one may be silent.
    pub idle_seconds: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("ac-data"),
            grpc: Grpc::default(),
            http: Http::default(),
            audit: Audit::default(),
            tls: Tls::default(),
            manager: Manager::default(),
            sd: Sd::default(),
            upload: Upload::default(),
            bus: BusConfig::default(),
            outbox_bytes: 256 << 20,
            admin: None,
        }
    }
}

impl Default for Grpc {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([0, 0, 0, 0], 6751)),
            connection_limit: 50_000,
            waiting_limit: 10_000,
            first_message_seconds: 90,
            handshake_seconds: 10,
            handshake_limit: 4_096,
            message_seconds: 120,
            partial_bytes: 512 << 20,
            bytes_per_second: 16 << 20,
            ping_seconds: 10,
            ping_timeout_seconds: 10,
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([0, 0, 0, 0], 6752)),
            keys: Keys::default(),
            metrics_from: Vec::new(),
            agent_ctrl: false,
        }
    }
}

impl Default for Sd {
    fn default() -> Self {
        Self { addrs: Vec::new(), auth: None, name: AC_NAME.to_owned(), advertise: None }
    }
}

impl Default for Upload {
    fn default() -> Self {
        Self {
            max_bytes: 1 << 30,
            concurrent: 16,
            concurrent_per_address: 4,
            seconds: 900,
            idle_seconds: 30,
        }
    }
}

impl Grpc {
    pub(crate) fn first_message(&self) -> Duration {
        Duration::from_secs(self.first_message_seconds.max(1))
    }

    pub(crate) fn handshake(&self) -> Duration {
        Duration::from_secs(self.handshake_seconds.max(1))
    }

    pub(crate) fn message(&self) -> Duration {
        Duration::from_secs(self.message_seconds.max(1))
    }

    pub(crate) fn ping(&self) -> Duration {
        Duration::from_secs(self.ping_seconds.max(1))
    }

    pub(crate) fn ping_timeout(&self) -> Duration {
        Duration::from_secs(self.ping_timeout_seconds.max(1))
    }
}

impl Config {
    /// Says what is doubtful about the settings.
    pub fn warnings(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut warn = |it: &str| found.push(it.to_owned());
        if self.http.keys.is_empty() {
            warn("http.keys is empty: only callers on loopback are served");
        }
        if self.manager.addrs.is_empty() {
            warn("manager.addrs is empty: agents get no configuration and results wait");
        }
        if !self.manager.addrs.is_empty() && self.manager.auth.is_none() {
            warn("manager.auth is not set: calls to the Manager are not signed");
        }
        if self.sd.addrs.is_empty() {
            warn("sd.addrs is empty: agents cannot find this AgentCenter through discovery");
        }
        if self.sd.name != AC_NAME {
            warn("sd.name is not `hids_svr`: agents will not find this AgentCenter");
        }
        if self.grpc.first_message_seconds <= 60 {
            warn("grpc.first_message_seconds is at most 60: quiet agents are cut off");
        }
        if self.bus.dir != BusConfig::default().dir {
            warn("bus.dir is not used: the log of records is in `data`");
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_default_a_half_open_stream_is_found_within_30_seconds() {
        let grpc = Grpc::default();
        assert!(grpc.ping() + grpc.ping_timeout() <= Duration::from_secs(30));
    }

    #[test]
    fn no_setting_of_zero_cuts_everybody_off() {
        let text = "[grpc]\nfirst_message_seconds = 0\nhandshake_seconds = 0\nping_seconds = 0\n\
                    ping_timeout_seconds = 0\nmessage_seconds = 0\n";
        let config: Config = toml::from_str(text).unwrap();
        let grpc = config.grpc;
        for it in [
            grpc.first_message(),
            grpc.handshake(),
            grpc.message(),
            grpc.ping(),
            grpc.ping_timeout(),
        ] {
            assert!(!it.is_zero());
        }
    }
}
