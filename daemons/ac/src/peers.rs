//! Calls to Managers and to ServiceDiscovery: HTTP/1.1, signed, timed, bounded.

use std::fs;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use elk_life::Clock;
use elk_trust::SERVER_NAME;
use elk_trust::aksk::{self, KeyPair};
use elk_trust::tls::{Expect, TlsError, client_config};
use futures_util::stream::try_unfold;
use http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::Frame;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rand::seq::IndexedRandom as _;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

const MAX_ANSWER: usize = 64 << 20;
const CHUNK: usize = 64 * 1024;

/// Some peers of one kind; any one of them is asked.
#[derive(Clone, Debug)]
pub(crate) struct Peers {
    bases: Arc<[Base]>,
    auth: Option<KeyPair>,
    clock: Clock,
}

#[derive(Clone, Debug)]
struct Base {
    authority: String,
    host: String,
    port: u16,
    tls: Option<Arc<ClientConfig>>,
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
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The authority is not usable.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// Why a call brought no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("there is nobody to ask: no address is configured")]
    Nobody,
    #[error("the call took longer than {} s", .0.as_secs())]
    Timeout(Duration),
    #[error("cannot connect to {0}")]
    Connect(String, #[source] io::Error),
    #[error("the call failed: {0}")]
    Transport(String),
    #[error("answered {0}")]
    Status(StatusCode),
    #[error("answered code {0}: {1}")]
    Code(i64, String),
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
}

impl CallError {
    /// Returns whether the peer understood the call and will never take it.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Status(status) if *status == StatusCode::BAD_REQUEST)
    }
}

/// A request's body and what is signed of it.
#[derive(Debug)]
pub(crate) struct Payload {
    pub(crate) media: HeaderValue,
    pub(crate) body: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    Bytes(Bytes),
    /// A file that is read while it is sent, and its SHA-256 in lower-case hex.
    File {
        file: tokio::fs::File,
        len: u64,
        hash: String,
    },
}

type Outgoing = BoxBody<Bytes, io::Error>;

impl Payload {
    pub(crate) fn json(body: impl Into<Bytes>) -> Self {
        let media = HeaderValue::from_static("application/json");
        Self { media, body: Content::Bytes(body.into()) }
    }
}

impl Content {
    fn sign(&self, key: &KeyPair, path: &str, unix: i64) -> aksk::SignedHeaders {
        match self {
            Self::Bytes(bytes) => aksk::sign(key, ("POST", path, ""), bytes, unix),
            Self::File { hash, .. } => aksk::sign_hashed(key, ("POST", path, ""), hash, unix),
        }
    }

    fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { len, .. } => *len,
        }
    }

    fn body(self) -> Outgoing {
        match self {
            Self::Bytes(bytes) => Full::new(bytes).map_err(io::Error::other).boxed(),
            Self::File { file, .. } => {
                let chunks = try_unfold(file, |mut file| async move {
                    let mut chunk = BytesMut::with_capacity(CHUNK);
                    let read = file.read_buf(&mut chunk).await?;
                    Ok((read > 0).then(|| (Frame::data(chunk.freeze()), file)))
                });
                BodyExt::boxed(StreamBody::new(chunks))
            }
        }
    }
}

#[derive(Deserialize)]
struct Enveloped<'a> {
    code: i64,
    #[serde(default)]
    msg: Option<String>,
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

impl Peers {
    /// Reads base URLs; opens `ca` if one of them needs it.
    pub(crate) fn new(
        urls: &[String],
        auth: Option<KeyPair>,
        ca: Option<&std::path::Path>,
        clock: Clock,
    ) -> Result<Self, PeersError> {
        let pem = |path: &std::path::Path| {
            fs::read(path).map_err(|source| PeersError::Read { path: path.to_owned(), source })
        };
        let pem = ca.map(pem).transpose()?;
        let bases: Result<Vec<_>, _> =
            urls.iter().map(|it| Base::read(it, pem.as_deref())).collect();
        Ok(Self { bases: bases?.into(), auth, clock })
    }

    /// Posts to any peer and returns the `data` of its envelope if there is one.
    pub(crate) async fn ask(
        &self,
        path: &str,
        payload: Payload,
        limit: Duration,
    ) -> Result<Option<Box<RawValue>>, CallError> {
        let answer = self.post(path, payload, limit).await?;
        let read = |error: serde_json::Error| CallError::Unreadable(error.to_string());
        let envelope: Enveloped<'_> = serde_json::from_slice(&answer).map_err(read)?;
        if envelope.code != 0 {
            let text = envelope.msg.unwrap_or_default().chars().take(200).collect();
            return Err(CallError::Code(envelope.code, text));
        }
        Ok(envelope.data.map(ToOwned::to_owned))
    }

    /// Posts to any peer and returns the body of its answer, which must have a status of success.
    pub(crate) async fn post(
        &self,
        path: &str,
        payload: Payload,
        limit: Duration,
    ) -> Result<Bytes, CallError> {
        let base = self.bases.choose(&mut rand::rng()).ok_or(CallError::Nobody)?;
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, &base.authority)
            .header(header::CONTENT_TYPE, payload.media)
            .header(header::CONTENT_LENGTH, payload.body.len());
        if let Some(key) = &self.auth {
            let signed = payload.body.sign(key, path, self.clock.unix());
            request = request
                .header(aksk::ACCESS_KEY, signed.access_key)
                .header(aksk::TIMESTAMP, signed.timestamp)
                .header(aksk::SIGNATURE, signed.signature);
        }
        let failed = |error: http::Error| CallError::Transport(error.to_string());
        let request = request.body(payload.body.body()).map_err(failed)?;
        match timeout(limit, Box::pin(base.send(request))).await {
            Ok(answer) => answer,
            Err(_) => Err(CallError::Timeout(limit)),
        }
    }
}

impl Base {
    fn read(text: &str, ca: Option<&[u8]>) -> Result<Self, PeersError> {
        let wrong = || PeersError::Url(text.to_owned());
        let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let uri: Uri = full.parse().map_err(|_| wrong())?;
        let authority = uri.authority().ok_or_else(wrong)?;
        let tls = match uri.scheme_str() {
            Some("http") => None,
            Some("https") => {
                let ca = ca.ok_or_else(|| PeersError::NoAuthority(text.to_owned()))?;
                Some(client_config(ca, None, Expect::Name(SERVER_NAME), &[b"http/1.1"])?)
            }
            _ => return Err(wrong()),
        };
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(wrong());
        }
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let port = authority.port_u16().unwrap_or(if tls.is_some() { 443 } else { 80 });
        Ok(Self { authority: authority.as_str().to_owned(), host, port, tls })
    }

    async fn send(&self, request: Request<Outgoing>) -> Result<Bytes, CallError> {
        let connect = |error| CallError::Connect(self.authority.clone(), error);
        let socket = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(connect)?;
        socket.set_nodelay(true).map_err(connect)?;
        match &self.tls {
            None => exchange(socket, request).await,
            Some(config) => {
                let name = ServerName::try_from(self.host.clone())
                    .map_err(|error| CallError::Transport(error.to_string()))?;
                let connector = TlsConnector::from(Arc::clone(config));
                let stream = connector.connect(name, socket).await.map_err(connect)?;
                exchange(stream, request).await
            }
        }
    }
}

async fn exchange<I>(io: I, request: Request<Outgoing>) -> Result<Bytes, CallError>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let failed = |error: hyper::Error| CallError::Transport(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(io)).await.map_err(failed)?;
    let talk = async {
        let response = sender.send_request(request).await.map_err(failed)?;
        let status = response.status();
        let body = Limited::new(response.into_body(), MAX_ANSWER);
        let unreadable = |error| CallError::Unreadable(format!("{error}"));
        let body = body.collect().await.map_err(unreadable)?.to_bytes();
        if status.is_success() { Ok(body) } else { Err(CallError::Status(status)) }
    };
    let mut talk = std::pin::pin!(talk);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        answer = talk.as_mut() => answer,
        ended = connection.as_mut() => {
            // What was received before the connection ended may still be complete.
            let answer = timeout(Duration::from_secs(1), talk).await;
            answer.unwrap_or_else(|_| Err(CallError::Transport(format!("{ended:?}"))))
        }
    }
}
