//! An answer of any length that is no document.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;

use crate::ClientError;

/// The octets of an answer, as they come.
#[derive(Debug)]
pub struct Octets {
    url: String,
    response: Response,
    idle_timeout: Duration,
}

impl Octets {
    pub(crate) fn new(url: String, response: Response, idle_timeout: Duration) -> Self {
        Self { url, response, idle_timeout }
    }

    /// Returns what came next; `None` at the end that the server meant.
    ///
    /// # Errors
    ///
    /// If the stream is silent for too long, or was cut off.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ClientError> {
        let after = self.idle_timeout;
        match tokio::time::timeout(after, self.response.chunk()).await {
            Err(_) => Err(ClientError::Timeout { url: self.url.clone(), after }),
            Ok(Err(error)) => Err(ClientError::transport(&self.url, &error, after)),
            Ok(Ok(chunk)) => Ok(chunk),
        }
    }
}
