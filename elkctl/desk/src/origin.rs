//! Which server a credential is for.

use std::fmt;
use std::str::FromStr;

/// Scheme, host and port of a server; a credential is used for exactly one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Origin {
    scheme: &'static str,
    host: String,
    port: u16,
}

/// The text is not the address of a server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not the address of a server; write it like https://host:port", .0.escape_debug())]
pub struct ParseOriginError(String);

impl Origin {
    /// Returns the host, in brackets if it is an IPv6 address.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns `host:port`: how a context is called that has no other name.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

impl FromStr for Origin {
    type Err = ParseOriginError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || ParseOriginError(text.chars().take(200).collect());
        let (scheme, rest) = text.split_once("://").ok_or_else(bad)?;
        let (scheme, default) = match scheme.to_ascii_lowercase().as_str() {
            "http" => ("http", 80),
            "https" => ("https", 443),
            _ => return Err(bad()),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, port)) => {
                let address: std::net::Ipv6Addr = address.parse().map_err(|_| bad())?;
                (format!("[{address}]"), port.strip_prefix(':').or(port.is_empty().then_some("")))
            }
            None => match authority.split_once(':') {
                Some((host, port)) => (host.to_ascii_lowercase(), Some(port)),
                None => (authority.to_ascii_lowercase(), Some("")),
            },
        };
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if host.is_empty() || !(host.starts_with('[') || host.chars().all(known)) {
            return Err(bad());
        }
        let port = match port.ok_or_else(bad)? {
            "" => default,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok().filter(|port| *port != 0).ok_or_else(bad)?
            }
            _ => return Err(bad()),
        };
        Ok(Self { scheme, host, port })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_server_is_one_origin_however_it_is_written() {
        let cases = [
            ("https://Manager.Example", "https://manager.example:443"),
            ("https://manager.example:443/x?y", "https://manager.example:443"),
            ("HTTP://127.0.0.1:6701/", "http://127.0.0.1:6701"),
            ("http://[::1]:6701", "http://[::1]:6701"),
            ("http://[0:0::1]", "http://[::1]:80"),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Origin>().unwrap().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_may_lead_elsewhere_is_no_origin() {
        for text in [
            "",
            "host",
            "host:1",
            "ftp://x",
            "http://",
            "http://:80",
            "http://a@b",
            "http://a:0",
            "http://a:99999",
            "http://a:+1",
            "http://[::1",
            "http://[x]",
            "http://a b",
            "http://a\\b",
            "http://[::1]x",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }
}
