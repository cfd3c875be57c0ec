//! Managers and ServiceDiscovery nodes: any one of those that are configured is asked.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use elk_api::intake::HELD;
use elk_client::reference::{Caller, Payload};
use elk_client::{ClientError, ConfigError, Trust};
use elk_life::Clock;
use elk_trust::SERVER_NAME;
use elk_trust::aksk::KeyPair;
use http::{StatusCode, Uri};
use rand::seq::IndexedRandom as _;
use serde::de::DeserializeOwned;

/// Some peers of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Peers {
    bases: Arc<[String]>,
    caller: Caller,
}

/// A base URL or an authority that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PeersError {
    /// The text is no URL like `http://host:port`.
    #[error("`{0}` is not a URL like http://host:port")]
    Url(String),
    /// An `https` URL needs an authority to verify its certificate.
    #[error("`{0}` needs `ca`, the authority of its certificate")]
    NoAuthority(String),
    /// The file of the authority cannot be read.
    #[error("cannot read the authority {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The authority is not usable.
    #[error(transparent)]
    Trust(#[from] ConfigError),
}

/// Why a call brought no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("there is nobody to ask: no address is configured")]
    Nobody,
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
    #[error("cannot read what is to be sent")]
    Local(#[source] io::Error),
}

impl CallError {
    /// Returns whether the Manager has no configuration for the agent, and means it.
    pub(crate) fn is_held(&self) -> bool {
        matches!(self, Self::Client(ClientError::Refused { envelope, .. }) if envelope.msg == HELD)
    }

    /// Returns whether the peer understood the call and will never take it.
    pub(crate) fn is_final(&self) -> bool {
        let Self::Client(error) = self else { return false };
        let status = error.status().and_then(|it| StatusCode::from_u16(it).ok());
        matches!(
            status,
            Some(
                StatusCode::BAD_REQUEST
                    | StatusCode::PAYLOAD_TOO_LARGE
                    | StatusCode::UNPROCESSABLE_ENTITY
            )
        )
    }
}

impl Peers {
    /// Reads base URLs; opens `ca`, which certificates of `https` URLs are verified against.
    pub(crate) fn new(
        urls: &[String],
        auth: Option<KeyPair>,
        ca: Option<&Path>,
        clock: Clock,
    ) -> Result<Self, PeersError> {
        let trust = match ca {
            Some(path) => {
                let ca = fs::read(path)
                    .map_err(|source| PeersError::Read { path: path.to_owned(), source })?;
                Trust::Named { ca, name: SERVER_NAME.to_owned() }
            }
            // Nothing is verified as there is no TLS then: see `base`.
            None => Trust::Insecure,
        };
        let bases: Result<Vec<_>, _> = urls.iter().map(|it| base(it, ca.is_some())).collect();
        Ok(Self { bases: bases?.into(), caller: Caller::new(&trust, auth, clock)? })
    }

    /// Gets `data` from any peer.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        limit: Duration,
    ) -> Result<T, CallError> {
        let base = self.bases.choose(&mut rand::rng()).ok_or(CallError::Nobody)?;
        Ok(Box::pin(self.caller.get(&format!("{base}{path}"), limit)).await?)
    }

    /// Posts to any peer and returns the JSON of `data`; `None` if the answer has no `data`.
    pub(crate) async fn ask(
        &self,
        path: &str,
        payload: Payload,
        limit: Duration,
    ) -> Result<Option<Bytes>, CallError> {
        let base = self.bases.choose(&mut rand::rng()).ok_or(CallError::Nobody)?;
        Ok(Box::pin(self.caller.ask(&format!("{base}{path}"), payload, limit)).await?)
    }
}

/// Reads a base URL and returns it without a slash at its end.
fn base(text: &str, authority: bool) -> Result<String, PeersError> {
    let wrong = || PeersError::Url(text.to_owned());
    let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let uri: Uri = full.parse().map_err(|_| wrong())?;
    let scheme = uri.scheme_str().filter(|it| matches!(*it, "http" | "https"));
    let (Some(scheme), Some(host)) = (scheme, uri.authority()) else { return Err(wrong()) };
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() || host.as_str().contains('@') {
        return Err(wrong());
    }
    if scheme == "https" && !authority {
        return Err(PeersError::NoAuthority(text.to_owned()));
    }
    Ok(format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bases_of_urls_are_taken_and_https_only_with_an_authority() {
        for (text, expected) in [
            ("10.0.0.9:6701", "http://10.0.0.9:6701"),
            ("http://10.0.0.9:6701/", "http://10.0.0.9:6701"),
            ("https://manager", "https://manager"),
            ("http://[fd00::2]:6701", "http://[fd00::2]:6701"),
        ] {
            assert_eq!(base(text, true).unwrap(), expected);
        }
        for text in ["", "ftp://x", "http://x/path", "http://x?y=1", "http://u:p@x", "http://"] {
            assert!(matches!(base(text, true), Err(PeersError::Url(_))), "{text:?}");
        }
        assert!(matches!(base("https://x", false), Err(PeersError::NoAuthority(_))));
    }
}
