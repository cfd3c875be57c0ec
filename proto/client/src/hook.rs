//! One bounded call to an address that somebody else gave.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Url;

use crate::client::shown;
use crate::{ClientError, ConfigError, Trust, body, config};

/// Posts to webhooks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hook {
    http: reqwest::Client,
}

impl Hook {
    /// Creates one that trusts the authorities of the system.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up.
    pub fn new() -> Result<Self, ConfigError> {
        Ok(Self { http: config::daemon_client(&Trust::System)? })
    }

    /// Returns what is wrong with an address that shall be posted to.
    ///
    /// # Errors
    ///
    /// The reason, if it is no plain `http` or `https` URL, or holds a user or a password.
    pub fn check(url: &str) -> Result<(), String> {
        let url = Url::parse(url).map_err(|error| error.to_string())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("it has to begin with https:// or http://".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it must not hold a user or a password".to_owned());
        }
        Ok(())
    }

    /// Posts JSON; an answer that is not 2xx is a failure, a redirect too. The answer is not read.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn post(
        &self,
        url: &str,
        headers: &[(&str, String)],
        json: Bytes,
        timeout: Duration,
    ) -> Result<(), ClientError> {
        let what = |error: String| ClientError::Request { what: error };
        let url = Url::parse(url).map_err(|error| what(error.to_string()))?;
        let shown = shown(&url);
        let mut request = self.http.post(url).timeout(timeout).body(json);
        request = request.header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let sent = request.send().await;
        let response = sent.map_err(|error| ClientError::transport(&shown, &error, timeout))?;
        if response.status().is_success() {
            return Ok(());
        }
        Err(body::failure(&shown, response, timeout).await)
    }
}
