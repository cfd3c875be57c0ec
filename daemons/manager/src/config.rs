//! Settings.

use std::net::SocketAddr;
use std::path::PathBuf;

use elk_trust::aksk::{KeyPair, Keys};
use serde::{Deserialize, Serialize};

/// How the Manager listens, whom it calls and where its state is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address of the API, TLS and plain HTTP on one port.
    pub listen: SocketAddr,
    /// Host that others reach this Manager under; the address of `listen` if not set.
    pub advertise: Option<String>,
    /// Directory of the database.
    pub data: PathBuf,
    /// Certificate and key of the API, PEM; without them it speaks plain HTTP only.
    pub tls: Option<Tls>,
    /// Serves the whole API over plain HTTP to other hosts too.
    pub plaintext_api: bool,
    /// What stands before the path of a file that agents fetch, such as `http://10.0.0.9:6701`; the
    /// advertised address over plain HTTP if empty, as agents trust no certificate of ours.
    pub download_urls: Vec<String>,
    /// Room for files that agents send; further ones are refused.
    pub agent_files_max_bytes: u64,
    /// Days that files of agents are kept.
    pub agent_files_days: u32,
    /// Days that entries of the audit log are kept; 0 keeps them for ever.
    pub audit_days: u32,
    /// Days that alerts are kept after they happened last; 0 keeps them for ever.
    pub alert_days: u32,
    /// Percent of the disk below which an alert says that there is little left; 0 never does.
    pub disk_low_percent: u32,
    /// ServiceDiscovery.
    pub sd: Sd,
    /// AgentCenters.
    pub ac: Ac,
    /// Clusters of Kubernetes.
    pub kube: Kube,
    /// Signatures accepted from other Managers, which tell of their jobs.
    pub inner_keys: Keys,
}

/// Certificate and key, PEM files.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// Certificate.
    pub cert: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// ServiceDiscovery.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sd {
    /// Base URLs, such as `http://10.0.0.9:8088`.
    pub addrs: Vec<String>,
    /// Signs registrations.
    pub auth: Option<KeyPair>,
}

/// Clusters of Kubernetes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Kube {
    /// The address of AgentCenter's listener for audit events, as API servers dial it, such as
    /// `https://10.0.0.9:6754`; told to who adds a cluster.
    pub audit_url: Option<String>,
    /// Authority that issues certificates to clusters: the one that AgentCenter's listener trusts.
    pub authority: Option<Tls>,
}

/// AgentCenters.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ac {
    /// Signs orders and questions to them.
    pub auth: Option<KeyPair>,
    /// Signatures accepted from them.
    pub keys: Keys,
    /// Authority of their certificates, for the name `elkeid.com`, PEM file.
    pub ca: PathBuf,
    /// False accepts any certificate, as needed for AgentCenters of the reference with others.
    pub verify: bool,
    /// Milliseconds between two questions to an AgentCenter for what changed.
    pub poll_ms: u64,
    /// The most seconds between two full lists of an AgentCenter that cannot tell what changed; fewer
    /// where a list takes little time.
    pub full_list_seconds: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: ([127, 0, 0, 1], 6701).into(),
            advertise: None,
            data: PathBuf::from("manager"),
            tls: None,
            plaintext_api: false,
            download_urls: Vec::new(),
            agent_files_max_bytes: 10 << 30,
            agent_files_days: 30,
            audit_days: 400,
            alert_days: 90,
            disk_low_percent: 5,
            sd: Sd::default(),
            ac: Ac::default(),
            kube: Kube::default(),
            inner_keys: Keys::default(),
        }
    }
}

impl Default for Ac {
    fn default() -> Self {
        Self {
            auth: None,
            keys: Keys::default(),
            ca: PathBuf::new(),
            verify: true,
            poll_ms: 500,
            full_list_seconds: 30,
        }
    }
}
