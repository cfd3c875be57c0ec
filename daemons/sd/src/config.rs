//! Settings.

use std::net::SocketAddr;
use std::path::PathBuf;

use elk_trust::Secret;
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
    /// The other nodes.
    pub cluster: Cluster,
    /// Nodes of the reference beside this one.
    pub sync: Members,
}

/// Nodes of the reference, which are told what changes here and whose changes are taken.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Members {
    /// `http://host:port` of each.
    pub members: Vec<String>,
}

/// Nodes that bring each other up to date, over UDP.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cluster {
    /// Address for datagrams of other nodes; with none the node is alone.
    pub listen: Option<SocketAddr>,
    /// `host:port` of each other node's `listen`; at most 64.
    pub peers: Vec<String>,
    /// What all nodes sign with: 16 characters or more, the same on all of them.
    pub key: Secret,
}

/// Why settings of a cluster are not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClusterError {
    /// Others could not be told from strangers.
    #[error("cluster.key needs 16 characters or more, the same on all nodes")]
    Key,
    /// Nowhere to hear them.
    #[error("cluster.peers are named, but cluster.listen is not set")]
    Listen,
    /// Not `host:port`.
    #[error("cluster.peers: {0:?} is not host:port")]
    Peer(String),
    /// More than 64.
    #[error("cluster.peers: {0} are more than 64")]
    Peers(usize),
    /// A registration would not fit into a datagram.
    #[error("limits.extra_bytes is more than 16384, which no datagram of a cluster holds")]
    Extra,
}

const MIN_KEY: usize = 16;
const MAX_PEERS: usize = 64;
const MAX_EXTRA: usize = 16_384;

impl Config {
    /// Returns where datagrams are heard, if the node has others.
    pub(crate) fn cluster(&self) -> Result<Option<SocketAddr>, ClusterError> {
        let Cluster { listen, peers, key } = &self.cluster;
        if listen.is_none() {
            return if peers.is_empty() { Ok(None) } else { Err(ClusterError::Listen) };
        }
        if key.expose().len() < MIN_KEY {
            return Err(ClusterError::Key);
        }
        if peers.len() > MAX_PEERS {
            return Err(ClusterError::Peers(peers.len()));
        }
        if self.limits.extra_bytes > MAX_EXTRA {
            return Err(ClusterError::Extra);
        }
        let port = |peer: &&String| match peer.rsplit_once(':') {
            Some((host, port)) => host.is_empty() || port.parse::<u16>().is_err(),
            None => true,
        };
        match peers.iter().find(port) {
            Some(peer) => Err(ClusterError::Peer(peer.clone())),
            None => Ok(*listen),
        }
    }
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
            cluster: Cluster::default(),
            sync: Members::default(),
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
        if self.cluster.listen.is_some() && self.cluster.peers.is_empty() {
            found.push("cluster.peers is empty: the node tells nobody what it knows".to_owned());
        }
        if self.data.is_none() && self.cluster.peers.is_empty() {
            found.push(
                "data is not set: after a restart nobody is known until renewals come".to_owned(),
            );
        }
        found
    }
}
