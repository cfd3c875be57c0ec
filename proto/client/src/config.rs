//! Where a client calls, whom it trusts and how long it waits.

use std::net::IpAddr;
use std::time::Duration;

use elk_trust::tls::{self, Expect, TlsError};
use reqwest::Url;

const H2_AND_1: &[&[u8]] = &[b"h2", b"http/1.1"];
const ONLY_1: &[&[u8]] = &[b"http/1.1"];
/// Shorter than any server of ours keeps a silent connection: a request that meets the server's end
/// of it could be neither repeated nor believed lost.
const IDLE: Duration = Duration::from_secs(4);

/// How to reach one server.
#[derive(Clone, Debug)]
pub struct Config {
    /// `http://` or `https://`, host and port; a path is kept as a prefix.
    pub base_url: String,
    /// Whose certificate is accepted.
    pub trust: Trust,
    /// Our own certificate.
    pub identity: Option<Identity>,
    /// Plain HTTP to another host than this one is refused unless this is set.
    pub allow_plaintext: bool,
    /// The way out; never used for loopback addresses.
    pub proxy: Proxy,
    /// The longest a connection may take to be made.
    pub connect_timeout: Duration,
    /// The longest a whole call may take.
    pub timeout: Duration,
    /// A stream of lines that is silent for this long is lost.
    pub idle_timeout: Duration,
    /// Sent with each request.
    pub user_agent: String,
}

impl Config {
    /// Returns the defaults for `base_url`: system authorities, 30 s a call.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            trust: Trust::System,
            identity: None,
            allow_plaintext: false,
            proxy: Proxy::None,
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(90),
            user_agent: concat!("elkctl/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// Whose certificate is accepted.
#[derive(Clone)]
pub enum Trust {
    /// Those of the system's authorities.
    System,
    /// Those of an authority, in PEM, for the name that was dialled.
    Authority(Vec<u8>),
    /// Those of an authority, in PEM, for this name whatever was dialled.
    Named {
        /// The authority.
        ca: Vec<u8>,
        /// The name, such as `elkeid.com`.
        name: String,
    },
    /// Any. The connection is private but the peer may be anyone.
    Insecure,
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System => f.write_str("System"),
            Self::Authority(_) => f.write_str("Authority(..)"),
            Self::Named { name, .. } => write!(f, "Named({name:?})"),
            Self::Insecure => f.write_str("Insecure"),
        }
    }
}

/// A client certificate with its key, both in PEM.
#[derive(Clone)]
pub struct Identity {
    /// The certificate and what leads to its authority.
    pub cert: Vec<u8>,
    /// Its key.
    pub key: Vec<u8>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(<redacted>)")
    }
}

/// The way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// Straight.
    None,
    /// By this proxy, but for the hosts in `except` (as in NO_PROXY).
    Url {
        /// The proxy.
        url: String,
        /// Comma-separated hosts.
        except: String,
    },
}

/// A client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The address is not one.
    #[error("`{url}` is not an address of a server: {reason}")]
    Url {
        /// What was given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The address is plain HTTP and not on this host.
    #[error("`{url}` is plain http: whoever is on the way reads the session token; use https")]
    Plaintext {
        /// What was given.
        url: String,
    },
    /// A certificate, key or name cannot be used.
    #[error("TLS cannot be set up")]
    Tls(#[from] TlsError),
    /// The proxy's address is not one.
    #[error("`{0}` is not an address of a proxy")]
    Proxy(String),
    /// A token holds characters that a header cannot.
    #[error("the token holds characters that no token has")]
    Token,
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be set up: {0}")]
    Http(String),
}

/// Returns whether the host of `url` is this one.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Reads and checks the base address.
pub(crate) fn base_url(config: &Config) -> Result<Url, ConfigError> {
    let bad = |reason: &str| ConfigError::Url {
        url: without_userinfo(&config.base_url),
        reason: reason.to_owned(),
    };
    let mut url = Url::parse(&config.base_url)
        .map_err(|error| bad(&format!("{error}; write it like https://host:port")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad("it must begin with https:// or http://"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("it must not have a query or a fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("it must not hold a user or a password"));
    }
    if url.scheme() == "http" && !config.allow_plaintext && !is_loopback(&url) {
        return Err(ConfigError::Plaintext { url: config.base_url.clone() });
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

fn without_userinfo(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((_, rest)) => format!("...@{rest}"),
        None => text.to_owned(),
    }
}

/// Builds the HTTP client of `config`.
pub(crate) fn http_client(config: &Config, url: &Url) -> Result<reqwest::Client, ConfigError> {
    elk_trust::install_crypto();
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(config.connect_timeout)
        .pool_idle_timeout(IDLE)
        .user_agent(&config.user_agent)
        .no_proxy();
    let builder = match &config.proxy {
        Proxy::Url { url: proxy, except } if !is_loopback(url) => builder.proxy(
            reqwest::Proxy::all(proxy)
                .map_err(|_| ConfigError::Proxy(without_userinfo(proxy)))?
                .no_proxy(reqwest::NoProxy::from_string(except)),
        ),
        _ => builder,
    };
    let builder = if url.scheme() == "http" {
        // The system's authorities are not read for nothing; no redirect can lead to TLS.
        with_tls(builder, &Trust::Insecure, None, H2_AND_1)?
    } else {
        with_tls(builder, &config.trust, config.identity.as_ref(), H2_AND_1)?
    };
    builder.build().map_err(|error| ConfigError::Http(innermost(&error)))
}

/// Builds the HTTP client for calls between daemons: HTTP/1.1, as the reference speaks it.
pub(crate) fn daemon_client(trust: &Trust) -> Result<reqwest::Client, ConfigError> {
    elk_trust::install_crypto();
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(5))
        .pool_idle_timeout(IDLE)
        .user_agent(concat!("elk/", env!("CARGO_PKG_VERSION")))
        .no_proxy()
        .http1_only();
    let builder = with_tls(builder, trust, None, ONLY_1)?;
    builder.build().map_err(|error| ConfigError::Http(innermost(&error)))
}

fn with_tls(
    builder: reqwest::ClientBuilder,
    trust: &Trust,
    identity: Option<&Identity>,
    alpn: &[&[u8]],
) -> Result<reqwest::ClientBuilder, ConfigError> {
    let pair = identity.map(|identity| (&*identity.cert, &*identity.key));
    let config = match trust {
        Trust::System => {
            let Some(identity) = identity else { return Ok(builder) };
            let pem = [&*identity.key, b"\n", &*identity.cert].concat();
            let identity = reqwest::Identity::from_pem(&pem)
                .map_err(|error| ConfigError::Http(innermost(&error)))?;
            return Ok(builder.identity(identity));
        }
        Trust::Authority(ca) => tls::client_config(ca, pair, Expect::Dialled, alpn)?,
        Trust::Named { ca, name } => tls::client_config(ca, pair, Expect::Name(name), alpn)?,
        Trust::Insecure => tls::client_config_insecure(alpn)?,
    };
    Ok(builder.tls_backend_preconfigured((*config).clone()))
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = inner.to_string();
        cause = inner.source();
    }
    text
}
