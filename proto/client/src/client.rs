//! The native API.

use std::any::TypeId;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use elk_api::{Content, Endpoint, Nothing, SERVER_TIME_HEADER, session, tasks};
use elk_trust::Secret;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Response, Url};

use crate::retry::{self, Repeat};
use crate::{ClientError, Config, ConfigError, Lines, Octets, body, config};

/// All but what RFC 3986 calls unreserved.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Calls one server's native API. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    token: Option<HeaderValue>,
    timeout: Duration,
    idle_timeout: Duration,
    /// What the server's clock said last, Unix milliseconds; 0 before the first answer.
    server_ms: Arc<AtomicI64>,
}

/// What one call does otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Lets the server tell a repeated request from a new one; with it a call is repeated if
    /// nothing was sent.
    pub idempotency_key: Option<&'a str>,
    /// Instead of the client's.
    pub timeout: Option<Duration>,
}

/// Any answer, as it came.
#[derive(Clone, Debug)]
pub struct RawReply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Client {
    /// Creates a client; opens no connection.
    ///
    /// # Errors
    ///
    /// If the address is none, is plain HTTP to elsewhere, or TLS cannot be set up.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        let base = config::base_url(config)?;
        let http = config::http_client(config, &base)?;
        let Config { timeout, idle_timeout, .. } = *config;
        Ok(Self { http, base, token: None, timeout, idle_timeout, server_ms: Arc::default() })
    }

    /// Sends `token` with each request from now on.
    ///
    /// # Errors
    ///
    /// If it holds characters that a header cannot.
    pub fn with_token(mut self, token: &Secret) -> Result<Self, ConfigError> {
        let text = token.expose().trim();
        let mut value = HeaderValue::from_str(text).map_err(|_| ConfigError::Token)?;
        value.set_sensitive(true);
        self.token = (!text.is_empty()).then_some(value);
        Ok(self)
    }

    /// Returns what the server's clock said in the last answer, if it did.
    pub fn server_time(&self) -> Option<Timestamp> {
        let ms = self.server_ms.load(Ordering::Relaxed);
        Timestamp::from_millisecond(ms).ok().filter(|_| ms != 0)
    }

    fn note_time(&self, response: &Response) {
        let text = response.headers().get(SERVER_TIME_HEADER).and_then(|it| it.to_str().ok());
        if let Some(time) = text.and_then(|it| it.parse::<Timestamp>().ok()) {
            self.server_ms.store(time.as_millisecond(), Ordering::Relaxed);
        }
    }

    /// Returns the server's address.
    pub fn base_url(&self) -> &str {
        self.base.as_str()
    }

    /// Returns where a call of `E` goes.
    ///
    /// # Errors
    ///
    /// If `path` or `query` does not fit its route.
    pub fn address<E: Endpoint>(
        &self,
        path: &[&str],
        query: &E::Query,
    ) -> Result<String, ClientError> {
        self.url::<E>(path, query).map(Into::into)
    }

    /// Calls `E`; `path` fills the holes of its route in order.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn send<E: Endpoint>(
        &self,
        path: &[&str],
        query: &E::Query,
        body: &E::Body,
    ) -> Result<E::Reply, ClientError> {
        self.send_with::<E>(path, query, body, Options::default()).await
    }

    /// Calls `E` with options.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn send_with<E: Endpoint>(
        &self,
        path: &[&str],
        query: &E::Query,
        body: &E::Body,
        options: Options<'_>,
    ) -> Result<E::Reply, ClientError> {
        let url = self.url::<E>(path, query)?;
        let timeout = options.timeout.unwrap_or(self.timeout);
        let json = json_body::<E>(body)?;
        let build = || {
            let mut request = self.request(E::METHOD, url.clone()).timeout(timeout);
            if let Some(json) = &json {
                request = request.header("content-type", "application/json").body(json.clone());
            }
            if let Some(key) = options.idempotency_key {
                request = request.header(tasks::IDEMPOTENCY_HEADER, key);
            }
            request
        };
        let repeat = match (E::METHOD.is_safe(), options.idempotency_key) {
            (true, _) => Repeat::Safe,
            (false, Some(_)) => Repeat::Unsent,
            (false, None) => Repeat::Never,
        };
        let shown = shown(&url);
        let response = attempts(&shown, timeout, repeat, build).await?;
        self.note_time(&response);
        reply(&shown, response, timeout).await
    }

    /// Calls an `E` that answers with lines or server-sent events.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn lines<E: Endpoint>(
        &self,
        path: &[&str],
        query: &E::Query,
    ) -> Result<Lines<E::Reply>, ClientError> {
        debug_assert!(matches!(E::REPLY, Content::Lines | Content::Events), "{}", E::ID);
        let (shown, response) = self.open::<E>(path, query, self.timeout).await?;
        let prefix = (E::REPLY == Content::Events).then_some(b"data:".as_slice());
        Ok(Lines::new((shown, prefix), response, self.idle_timeout))
    }

    /// Calls an `E` that answers with octets, and waits for the first of them as long as `patience`.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn octets<E: Endpoint>(
        &self,
        path: &[&str],
        query: &E::Query,
        patience: Duration,
    ) -> Result<Octets, ClientError> {
        debug_assert_eq!(E::REPLY, Content::Octets, "{}", E::ID);
        let (shown, response) = self.open::<E>(path, query, patience).await?;
        Ok(Octets::new(shown, response, self.idle_timeout))
    }

    /// Makes a call whose answer is a stream.
    async fn open<E: Endpoint>(
        &self,
        path: &[&str],
        query: &E::Query,
        patience: Duration,
    ) -> Result<(String, Response), ClientError> {
        let url = self.url::<E>(path, query)?;
        let shown = shown(&url);
        let build = || self.request(E::METHOD, url.clone());
        let late = ClientError::Timeout { url: shown.clone(), after: patience };
        let begun = attempts(&shown, patience, Repeat::Safe, build);
        let response = tokio::time::timeout(patience, begun).await.map_err(|_| late)??;
        if !response.status().is_success() {
            return Err(body::failure(&shown, response, self.timeout).await);
        }
        self.note_time(&response);
        Ok((shown, response))
    }

    /// Calls an `E` that takes octets: `size` of them, or as many as there are.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn upload<E: Endpoint>(
        &self,
        path: &[&str],
        query: &E::Query,
        octets: impl Into<reqwest::Body>,
        size: Option<u64>,
    ) -> Result<E::Reply, ClientError> {
        debug_assert_eq!(E::BODY, Content::Octets, "{}", E::ID);
        let url = self.url::<E>(path, query)?;
        // 128 KiB/s is the slowest link that is waited for.
        let timeout = self.timeout + Duration::from_secs(size.unwrap_or(0) / (128 * 1024));
        let mut request = self
            .request(E::METHOD, url.clone())
            .timeout(timeout)
            .header("content-type", "application/octet-stream");
        if let Some(size) = size {
            request = request.header("content-length", size);
        }
        let shown = shown(&url);
        let response = exchange(&shown, timeout, request.body(octets)).await?;
        self.note_time(&response);
        reply(&shown, response, timeout).await
    }

    /// Calls any path of the server and returns whatever it answers.
    ///
    /// # Errors
    ///
    /// If `path` is not an absolute path on this server, or no answer came.
    pub async fn raw(
        &self,
        method: Method,
        path: &str,
        headers: &HeaderMap,
        content: Option<Bytes>,
    ) -> Result<RawReply, ClientError> {
        let url = self.raw_url(path)?;
        if let Some(name) = headers.keys().find(|name| is_reserved(name)) {
            let what = format!("the header `{name}` is set by the client itself");
            return Err(ClientError::Request { what });
        }
        let repeat = if method.is_safe() { Repeat::Safe } else { Repeat::Never };
        let build = || {
            let request = self.request(method.clone(), url.clone()).timeout(self.timeout);
            let request = request.headers(headers.clone());
            match &content {
                Some(content) => request.body(content.clone()),
                None => request,
            }
        };
        let shown = shown(&url);
        let response = attempts(&shown, self.timeout, repeat, build).await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = body::read(&shown, response, body::MAX_JSON, self.timeout).await?;
        Ok(RawReply { status, headers, body })
    }

    fn raw_url(&self, path: &str) -> Result<Url, ClientError> {
        let bad = |what: String| ClientError::Request { what };
        if !path.starts_with('/') || path.starts_with("//") || path.contains(['\\', '\r', '\n']) {
            let what = format!("`{}` is not a path on the server", path.escape_debug());
            return Err(bad(what));
        }
        let joined = format!("{}{path}", self.base.as_str().trim_end_matches('/'));
        let url = Url::parse(&joined).map_err(|error| bad(error.to_string()))?;
        if url.origin() != self.base.origin() {
            return Err(bad("the path leads to another server".to_owned()));
        }
        Ok(url)
    }

    fn url<E: Endpoint>(&self, path: &[&str], query: &E::Query) -> Result<Url, ClientError> {
        let bad = |what: String| ClientError::Request { what };
        let mut route = String::with_capacity(E::ROUTE.len() + 64);
        let mut values = path.iter();
        for segment in E::ROUTE.split('/').skip(1) {
            route.push('/');
            if !segment.starts_with('{') {
                route.push_str(segment);
                continue;
            }
            let value = values.next().copied().unwrap_or_default();
            // A dot segment would lead to another route, also when it is escaped.
            if matches!(value, "" | "." | "..") {
                return Err(bad(format!("{} needs a name, not `{value}`", E::ID)));
            }
            route.extend(utf8_percent_encode(value, SEGMENT));
        }
        if values.next().is_some() {
            return Err(bad(format!("{} takes fewer names", E::ID)));
        }
        let mut url = self.raw_url(&route)?;
        let query = serde_urlencoded::to_string(query)
            .map_err(|error| bad(format!("the query of {}: {error}", E::ID)))?;
        url.set_query((!query.is_empty()).then_some(query.as_str()));
        Ok(url)
    }

    fn request(&self, method: Method, url: Url) -> reqwest::RequestBuilder {
        let request = self.http.request(method, url);
        match &self.token {
            Some(token) => request.header(session::TOKEN_HEADER, token.clone()),
            None => request,
        }
    }
}

fn is_reserved(name: &HeaderName) -> bool {
    matches!(name.as_str(), "host" | "content-length" | "transfer-encoding" | "connection")
        || name.as_str() == session::TOKEN_HEADER
}

fn json_body<E: Endpoint>(body: &E::Body) -> Result<Option<Bytes>, ClientError> {
    if TypeId::of::<E::Body>() == TypeId::of::<Nothing>() {
        return Ok(None);
    }
    let json = serde_json::to_vec(body).map_err(|error| ClientError::Request {
        what: format!("the body of {}: {error}", E::ID),
    })?;
    Ok(Some(Bytes::from(json)))
}

/// Returns the address without its query, which may hold what logs should not.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.into()
}

async fn reply<T: serde::de::DeserializeOwned>(
    url: &str,
    response: Response,
    timeout: Duration,
) -> Result<T, ClientError> {
    if !response.status().is_success() {
        return Err(body::failure(url, response, timeout).await);
    }
    let request_id = body::request_id(&response);
    let whole = body::read(url, response, body::MAX_JSON, timeout).await?;
    body::decode(url, &whole, request_id)
}

/// Sends until there is an answer that is final, or the attempts are used up.
async fn attempts(
    url: &str,
    timeout: Duration,
    repeat: Repeat,
    build: impl Fn() -> reqwest::RequestBuilder,
) -> Result<Response, ClientError> {
    for next in 1..retry::ATTEMPTS {
        let wait = match exchange(url, timeout, build()).await {
            Ok(response) => match retry::busy(&response, next) {
                Some(wait) if repeat == Repeat::Safe => wait,
                _ => return Ok(response),
            },
            Err(error) => {
                if repeat == Repeat::Never || !matches!(error, ClientError::Connect { .. }) {
                    return Err(error);
                }
                tracing::debug!(url, "attempt {next} failed, will retry: {error}");
                retry::backoff(next)
            }
        };
        tokio::time::sleep(wait).await;
    }
    exchange(url, timeout, build()).await
}

/// Sends once. What goes out and comes in is told without what is secret.
async fn exchange(
    url: &str,
    timeout: Duration,
    request: reqwest::RequestBuilder,
) -> Result<Response, ClientError> {
    let failed = |error: &reqwest::Error| ClientError::transport(url, error, timeout);
    let (http, request) = request.build_split();
    let request = request.map_err(|error| failed(&error))?;
    let method = request.method().clone();
    tracing::trace!("> {method} {}", request.url());
    for (name, value) in request.headers() {
        // The token is marked as sensitive, which its value says instead of itself.
        tracing::trace!("> {name}: {value:?}");
    }
    let begun = tokio::time::Instant::now();
    let answer = http.execute(request).await.map_err(|error| failed(&error));
    let took = begun.elapsed().as_millis();
    match &answer {
        Ok(response) => {
            tracing::debug!("{method} {url}: {} in {took} ms", response.status().as_u16());
            for (name, value) in response.headers().iter().filter(|(name, _)| !is_secret(name)) {
                tracing::trace!("< {name}: {value:?}");
            }
        }
        Err(error) => tracing::debug!("{method} {url}: {error}, after {took} ms"),
    }
    answer
}

fn is_secret(name: &HeaderName) -> bool {
    name == http::header::SET_COOKIE || name.as_str() == session::TOKEN_HEADER
}
