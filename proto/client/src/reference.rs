//! The reference's calls between daemons: JSON in an envelope, signed with an access key.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use elk_life::Clock;
use elk_trust::aksk::{self, KeyPair, SignedHeaders};
use http::Method;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::fs::File;

use crate::client::shown;
use crate::{ClientError, ConfigError, Envelope, Trust, body, config};

/// Calls AgentCenters, Managers and ServiceDiscovery. Cheap to clone; keeps connections.
#[derive(Clone, Debug)]
pub struct Caller {
    http: reqwest::Client,
    keys: Option<KeyPair>,
    clock: Clock,
}

/// What is posted.
#[derive(Debug)]
pub struct Payload {
    /// Its content type.
    pub media: String,
    /// Its bytes.
    pub content: Content,
}

/// Bytes that are posted.
#[derive(Debug)]
pub enum Content {
    /// They are here.
    Bytes(Bytes),
    /// A file that is read while it is sent.
    File {
        /// Open at its beginning.
        file: File,
        /// How long it is.
        len: u64,
        /// Lower-case hex SHA-256 of it, for the signature.
        sha256: String,
    },
}

impl Payload {
    /// Returns JSON that is encoded already.
    pub fn json(encoded: impl Into<Bytes>) -> Self {
        let media = "application/json".to_owned();
        Self { media, content: Content::Bytes(encoded.into()) }
    }
}

/// A file for the Manager.
#[derive(Clone, Debug)]
pub struct Upload {
    /// What the file is called.
    pub file_name: String,
    /// Lower-case hex MD5 of the content.
    pub md5: String,
    /// The content.
    pub content: Bytes,
}

/// Reads the reference's envelope and ServiceDiscovery's answer alike.
#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(default)]
    code: i64,
    #[serde(default)]
    msg: Option<String>,
    /// `None` if the key is missing.
    #[serde(borrow, default, deserialize_with = "present")]
    data: Option<&'a RawValue>,
}

/// Tells `null` from a key that is missing.
fn present<'de: 'a, 'a, D>(deserializer: D) -> Result<Option<&'a RawValue>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// A successful answer.
struct Answer {
    /// JSON of `data`, if there is that key.
    data: Option<Bytes>,
    request_id: Option<String>,
}

impl Caller {
    /// Creates a caller; with `keys` every request is signed.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up.
    pub fn new(trust: &Trust, keys: Option<KeyPair>, clock: Clock) -> Result<Self, ConfigError> {
        Ok(Self { http: config::daemon_client(trust)?, keys, clock })
    }

    /// Gets `url` (with its query) and returns `data`; `null` or no `data` reads as JSON `null`.
    ///
    /// # Errors
    ///
    /// See [`ClientError`]; a code that is not 0 is [`ClientError::Refused`].
    pub async fn get<T: DeserializeOwned>(
        &self,
        url: &str,
        timeout: Duration,
    ) -> Result<T, ClientError> {
        let parsed = parse(url)?;
        let request = self.signed(Method::GET, &parsed, &Bytes::new());
        finish(&shown(&parsed), request, timeout).await
    }

    /// Posts `content` as JSON to `url` and returns `data`; `null` or no `data` reads as JSON `null`.
    ///
    /// # Errors
    ///
    /// See [`ClientError`]; a code that is not 0 is [`ClientError::Refused`].
    pub async fn post<B: Serialize + ?Sized, T: DeserializeOwned>(
        &self,
        url: &str,
        content: &B,
        timeout: Duration,
    ) -> Result<T, ClientError> {
        let parsed = parse(url)?;
        let json = serde_json::to_vec(content)
            .map_err(|error| ClientError::Request { what: format!("body for {url}: {error}") })?;
        let json = Bytes::from(json);
        let request = self
            .signed(Method::POST, &parsed, &json)
            .header("content-type", "application/json")
            .body(json);
        finish(&shown(&parsed), request, timeout).await
    }

    /// Posts `payload` to `url` and returns the JSON of `data`; `None` if the answer has no `data`,
    /// which is not the same as `null`.
    ///
    /// # Errors
    ///
    /// See [`ClientError`]; a code that is not 0 is [`ClientError::Refused`].
    pub async fn ask(
        &self,
        url: &str,
        payload: Payload,
        timeout: Duration,
    ) -> Result<Option<Bytes>, ClientError> {
        let parsed = parse(url)?;
        let Payload { media, content } = payload;
        let request = match content {
            Content::Bytes(bytes) => self.signed(Method::POST, &parsed, &bytes).body(bytes),
            Content::File { file, len, sha256 } => self
                .signed_hashed(Method::POST, &parsed, &sha256)
                .header("content-length", len)
                .body(file),
        };
        let request = request.header("content-type", media);
        Ok(answered(&shown(&parsed), request, timeout).await?.data)
    }

    /// Uploads a file to `url` and returns `data`, the name under which it is stored.
    ///
    /// # Errors
    ///
    /// See [`ClientError`]; a code that is not 0 is [`ClientError::Refused`].
    pub async fn upload(
        &self,
        url: &str,
        upload: &Upload,
        timeout: Duration,
    ) -> Result<String, ClientError> {
        let parsed = parse(url)?;
        let boundary = format!("elk-{:032x}", rand::random::<u128>());
        let form = multipart(&boundary, upload);
        let request = self
            .signed(Method::POST, &parsed, &form)
            .header("content-type", format!("multipart/form-data; boundary={boundary}"))
            .body(form);
        finish(&shown(&parsed), request, timeout).await
    }

    /// Gets a file of at most `limit` bytes and hands it to `take` piece by piece; returns its size.
    ///
    /// # Errors
    ///
    /// See [`ClientError`]; `take` may have seen a part of the file.
    pub async fn download(
        &self,
        url: &str,
        limit: usize,
        timeout: Duration,
        mut take: impl FnMut(&[u8]),
    ) -> Result<usize, ClientError> {
        let parsed = parse(url)?;
        let url = shown(&parsed);
        let request = self.signed(Method::GET, &parsed, &Bytes::new()).timeout(timeout);
        let lost = |error| ClientError::transport(&url, &error, timeout);
        let mut response = request.send().await.map_err(lost)?;
        if !response.status().is_success() {
            return Err(body::failure(&url, response, timeout).await);
        }
        let mut size = 0;
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            size += chunk.len();
            if size > limit {
                return Err(ClientError::TooLarge { url, limit });
            }
            take(&chunk);
        }
        Ok(size)
    }

    fn signed(&self, method: Method, url: &Url, content: &Bytes) -> reqwest::RequestBuilder {
        self.signed_with(method, url, |keys, parts, now| aksk::sign(keys, parts, content, now))
    }

    fn signed_hashed(&self, method: Method, url: &Url, hash: &str) -> reqwest::RequestBuilder {
        self.signed_with(method, url, |keys, parts, now| aksk::sign_hashed(keys, parts, hash, now))
    }

    fn signed_with(
        &self,
        method: Method,
        url: &Url,
        sign: impl FnOnce(&KeyPair, (&str, &str, &str), i64) -> SignedHeaders,
    ) -> reqwest::RequestBuilder {
        let request = self.http.request(method.clone(), url.clone());
        let Some(keys) = &self.keys else { return request };
        let path = percent_decode_str(url.path()).decode_utf8_lossy();
        let parts = (method.as_str(), &*path, url.query().unwrap_or_default());
        let signed = sign(keys, parts, self.clock.unix());
        request
            .header(aksk::ACCESS_KEY, signed.access_key)
            .header(aksk::TIMESTAMP, signed.timestamp)
            .header(aksk::SIGNATURE, signed.signature)
    }
}

fn parse(url: &str) -> Result<Url, ClientError> {
    Url::parse(url)
        .map_err(|error| ClientError::Request { what: format!("`{url}` is no address: {error}") })
}

async fn finish<T: DeserializeOwned>(
    url: &str,
    request: reqwest::RequestBuilder,
    timeout: Duration,
) -> Result<T, ClientError> {
    let Answer { data, request_id } = answered(url, request, timeout).await?;
    body::decode(url, data.as_deref().unwrap_or(b"null"), request_id)
}

async fn answered(
    url: &str,
    request: reqwest::RequestBuilder,
    timeout: Duration,
) -> Result<Answer, ClientError> {
    let response = request.timeout(timeout).send().await;
    let response = response.map_err(|error| ClientError::transport(url, &error, timeout))?;
    let status = response.status();
    let request_id = body::request_id(&response);
    let whole = body::read(url, response, body::MAX_JSON, timeout).await?;
    let refused = match serde_json::from_slice::<Reply<'_>>(&whole) {
        Ok(reply) if status.is_success() && reply.code == 0 => {
            let data = reply.data.map(|data| whole.slice_ref(data.get().as_bytes()));
            return Ok(Answer { data, request_id });
        }
        Ok(reply) if reply.code != 0 => reply,
        Err(error) if status.is_success() => {
            let what = format!("{error}; it begins with `{}`", body::excerpt(&whole));
            return Err(ClientError::Decode { url: url.to_owned(), what, request_id });
        }
        _ => {
            let (url, text) = (url.to_owned(), body::excerpt(&whole));
            return Err(ClientError::Status { url, status: status.as_u16(), request_id, text });
        }
    };
    let envelope = Envelope {
        status: status.as_u16(),
        code: refused.code,
        msg: body::excerpt(refused.msg.unwrap_or_default().as_bytes()),
        data: refused.data.filter(|it| it.get() != "null").map_or_else(String::new, text_of),
    };
    Err(ClientError::Refused { url: url.to_owned(), envelope: Box::new(envelope) })
}

/// Returns `data` as text: a JSON string without its quotes, anything else as it stands.
fn text_of(data: &RawValue) -> String {
    match serde_json::from_str::<String>(data.get()) {
        Ok(text) => body::excerpt(text.as_bytes()),
        Err(_) => body::excerpt(data.get().as_bytes()),
    }
}

/// Writes the form in the reference's order: the file, then its hash.
fn multipart(boundary: &str, upload: &Upload) -> Bytes {
    // Names come from agents: what could end the quoted string or the line is replaced.
    let plain = |c: char| if c.is_control() || matches!(c, '"' | '\\') { '_' } else { c };
    let name: String = upload.file_name.chars().map(plain).collect();
    let hash: String = upload.md5.chars().filter(char::is_ascii_alphanumeric).collect();
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let tail = format!(
        "\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"hash\"\r\n\r\n{hash}\r\n\
         --{boundary}--\r\n"
    );
    let mut form = BytesMut::with_capacity(head.len() + upload.content.len() + tail.len());
    form.extend_from_slice(head.as_bytes());
    form.extend_from_slice(&upload.content);
    form.extend_from_slice(tail.as_bytes());
    form.freeze()
}
