//! A stream of JSON documents, one a line, also as server-sent events.

use std::marker::PhantomData;
use std::time::Duration;

use bytes::BytesMut;
use reqwest::Response;
use serde::de::DeserializeOwned;

use crate::{ClientError, body};

/// The longest line that is read.
const MAX_LINE: usize = 16 * 1024 * 1024;

/// The lines of an answer without end.
#[derive(Debug)]
pub struct Lines<T> {
    url: String,
    /// What stands before a document; lines without it are passed over.
    prefix: Option<&'static [u8]>,
    request_id: Option<String>,
    response: Response,
    buffer: BytesMut,
    /// How much of the buffer is known to hold no end of line.
    seen: usize,
    ended: bool,
    idle_timeout: Duration,
    items: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Lines<T> {
    pub(crate) fn new(
        (url, prefix): (String, Option<&'static [u8]>),
        response: Response,
        idle_timeout: Duration,
    ) -> Self {
        let request_id = body::request_id(&response);
        Self {
            url,
            prefix,
            request_id,
            response,
            buffer: BytesMut::new(),
            seen: 0,
            ended: false,
            idle_timeout,
            items: PhantomData,
        }
    }

    /// Returns the next line; `None` when the server ended the stream. Cancel safe.
    ///
    /// # Errors
    ///
    /// If the stream is silent for too long, lost, or holds a line that is too long or not the
    /// promised document. After an error the stream is over.
    pub async fn next(&mut self) -> Option<Result<T, ClientError>> {
        loop {
            if let Some(line) = self.take_line() {
                let text = self.prefix.map_or(Some(&line[..]), |it| line.strip_prefix(it));
                let Some(text) = text.map(<[u8]>::trim_ascii).filter(|it| !it.is_empty()) else {
                    continue;
                };
                let item = body::decode(&self.url, text, self.request_id.clone());
                if item.is_err() {
                    self.end();
                }
                return Some(item);
            }
            if self.ended {
                return None;
            }
            if let Err(error) = self.fill().await {
                self.end();
                return Some(Err(error));
            }
        }
    }

    fn end(&mut self) {
        self.ended = true;
        self.buffer.clear();
        self.seen = 0;
    }

    fn take_line(&mut self) -> Option<BytesMut> {
        let fresh = self.buffer.get(self.seen..).unwrap_or_default();
        if let Some(at) = fresh.iter().position(|&byte| byte == b'\n') {
            let line = self.buffer.split_to(self.seen + at + 1);
            self.seen = 0;
            return Some(line);
        }
        self.seen = self.buffer.len();
        if self.ended && !self.buffer.is_empty() {
            self.seen = 0;
            return Some(self.buffer.split());
        }
        None
    }

    async fn fill(&mut self) -> Result<(), ClientError> {
        let url = || self.url.clone();
        if self.buffer.len() > MAX_LINE {
            return Err(ClientError::TooLarge { url: url(), limit: MAX_LINE });
        }
        match tokio::time::timeout(self.idle_timeout, self.response.chunk()).await {
            Err(_) => Err(ClientError::Timeout { url: url(), after: self.idle_timeout }),
            Ok(Err(error)) => Err(ClientError::transport(&self.url, &error, self.idle_timeout)),
            Ok(Ok(None)) => {
                self.ended = true;
                Ok(())
            }
            Ok(Ok(Some(chunk))) => {
                self.buffer.extend_from_slice(&chunk);
                Ok(())
            }
        }
    }
}
