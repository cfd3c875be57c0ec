//! Clusters of Kubernetes that may post audit events.

pub(crate) mod http;
pub(crate) mod store;

use std::sync::OnceLock;

use elk_trust::SERVER_NAME;
use elk_trust::ca::Authority;

use crate::BindError;
use crate::config::Config;

/// Names of certificates that are no cluster's: all agents have the first one.
const RESERVED: [&str; 3] = ["agent", "client", SERVER_NAME];

/// Who issues certificates to clusters, and what they are told.
#[derive(Debug, Default)]
pub(crate) struct Issuer {
    authority: Option<Authority>,
    /// Where the listener is, once that is known.
    url: OnceLock<String>,
}

impl Issuer {
    pub(crate) fn open(config: &Config) -> Result<Self, BindError> {
        let authority = config.kube.authority.as_ref().map(|files| {
            let (cert, key) = (crate::read(&files.cert)?, crate::read(&files.key)?);
            let (cert, key) = (String::from_utf8_lossy(&cert), String::from_utf8_lossy(&key));
            Authority::load(&cert, &key).map_err(|error| BindError::Tls(error.into()))
        });
        let url = config.kube.audit_url.clone().map(OnceLock::from).unwrap_or_default();
        Ok(Self { authority: authority.transpose()?, url })
    }

    /// Learns where the listener is, unless the settings said so.
    pub(crate) fn learn(&self, url: String) {
        // An error means that it is known already.
        drop(self.url.set(url));
    }
}

/// Returns whether `text` can be the id or the name of a cluster.
fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (1..=64).contains(&text.len()) && text.chars().all(plain) && !text.starts_with(['.', '-'])
}

/// Returns whether `text` can be the id of a cluster.
fn is_id(text: &str) -> bool {
    is_name(text) && !RESERVED.iter().any(|it| it.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_every_agents_certificate_is_no_clusters_id() {
        for good in ["c-1", "0b2f6a0c-2f0c-4cdb-9a2e-4c7a7e7d3a11", "prod.eu_1", "agents"] {
            assert!(is_id(good), "{good}");
        }
        let long = "x".repeat(65);
        for bad in ["", "agent", "Agent", "elkeid.com", "client", "a b", "../x", "-x", "ä", &long]
        {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
