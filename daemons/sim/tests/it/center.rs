//! An AgentCenter and a place to download from, as agents see them.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use bytes::Bytes;
use elk_life::{Clock, Stop};
use elk_sim::{Config, Counters, Fleet};
use elk_trust::SERVER_NAME;
use elk_trust::ca::Authority;
use elk_trust::tls::server_config;
use elk_wire::frame::{Deframer, Encoding, identity};
use elk_wire::{
    Command, ConfigItem, FileUploadRequest, FileUploadResponse, PluginTask, RawData, UPLOAD_PATH,
    item,
};
use futures_util::stream;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use parking_lot::Mutex;
use prost::Message as _;
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tokio_rustls::TlsAcceptor;

pub(crate) const HANG: Duration = Duration::from_secs(30);
const BEAT: Duration = Duration::from_millis(100);

type Record = (i32, BTreeMap<String, String>);

#[derive(Default)]
struct Heard {
    /// Every record with the version that the agent says it is.
    records: Vec<(String, Record)>,
    /// How often a stream was opened, and how many records its first message had.
    streams: Vec<usize>,
    /// The connection that each stream came on.
    connections: Vec<usize>,
    accepted: usize,
    /// Whether connections are closed as soon as they are there.
    refuses: bool,
    commands: Option<mpsc::Sender<Bytes>>,
    uploads: Vec<Vec<FileUploadRequest>>,
    encodings: Vec<String>,
    downloads: usize,
    files: BTreeMap<String, Vec<u8>>,
    centers: Vec<SocketAddr>,
}

/// One simulated agent, its AgentCenter and a place to download from.
pub(crate) struct World {
    heard: Arc<Mutex<Heard>>,
    pub(crate) counters: Arc<Counters>,
    files: SocketAddr,
    stop: Stop,
}

impl World {
    pub(crate) async fn new() -> Self {
        let world = Self::with(Clock::default(), |_, _| {}).await;
        until("a stream", || !world.heard.lock().streams.is_empty()).await;
        world
    }

    /// With other settings; `change` gets the address of the place to download from too, which is a
    /// ServiceDiscovery as well.
    pub(crate) async fn with(clock: Clock, change: impl FnOnce(&mut Config, SocketAddr)) -> Self {
        elk_trust::install_crypto();
        let (heard, stop) = (Arc::<Mutex<Heard>>::default(), Stop::default());
        let authority = Authority::create().unwrap();
        let ac = serve(&authority, Arc::clone(&heard)).await;
        let files = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = files.local_addr().unwrap();
        let router = Router::new()
            .route("/{file}", axum::routing::get(download))
            .route("/registry/detail", axum::routing::get(detail))
            .with_state(Arc::clone(&heard));
        drop(tokio::spawn(async move { axum::serve(files, router).await.unwrap() }));
        let client = authority.issue_client("agent").unwrap();
        let mut config = Config {
            count: 1,
            seed: 5,
            heartbeat: BEAT,
            sd: None,
            ac: Some(ac.to_string()),
            ca: authority.pem().cert.clone().into_bytes(),
            cert: client.cert.into_bytes(),
            key: client.key.expose().as_bytes().to_vec(),
            event_every: Some(BEAT),
            spread: Duration::ZERO,
            retry: Duration::from_millis(50),
        };
        change(&mut config, place);
        let fleet = Fleet::new(config, clock).unwrap();
        let fleet = fleet.with_upload_pause(Duration::from_millis(300));
        let (counters, ends) = (fleet.counters(), stop.clone());
        drop(tokio::spawn(async move { fleet.serve(ends).await.unwrap() }));
        Self { heard, counters, files: place, stop }
    }

    /// Sets which AgentCenters ServiceDiscovery names.
    pub(crate) fn name_centers(&self, centers: &[SocketAddr]) {
        self.heard.lock().centers = centers.to_vec();
    }

    /// Lets AgentCenter close connections as soon as they are there, or take them again.
    pub(crate) fn refuse(&self, refuses: bool) {
        self.heard.lock().refuses = refuses;
    }

    /// Ends the stream there is, in good order.
    pub(crate) fn end_stream(&self) {
        self.heard.lock().commands = None;
    }

    /// Returns the connection that each stream came on.
    pub(crate) fn connections(&self) -> Vec<usize> {
        self.heard.lock().connections.clone()
    }

    pub(crate) fn end(self) {
        self.stop.now();
    }

    /// Publishes a file and returns the item that names it.
    pub(crate) fn package(&self, name: &str, version: &str, content: &[u8]) -> ConfigItem {
        let file = format!("{name}-{version}");
        self.heard.lock().files.insert(file.clone(), content.to_vec());
        let digest = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
        let kind = if name == "elkeid-agent" { "agent" } else { "exec" };
        ConfigItem {
            name: name.to_owned(),
            r#type: kind.to_owned(),
            version: version.to_owned(),
            sha256: digest,
            download_url: vec![format!("http://{}/{file}", self.files)],
            ..ConfigItem::default()
        }
    }

    pub(crate) async fn command(&self, command: &Command) {
        let deadline = Instant::now() + HANG;
        loop {
            let sender = self.heard.lock().commands.clone().unwrap();
            if sender.send(identity(command)).await.is_ok() {
                return;
            }
            // The stream has just ended; the next one comes.
            assert!(Instant::now() < deadline, "no stream takes the command");
            sleep(Duration::from_millis(10)).await;
        }
    }

    pub(crate) async fn configure(&self, config: &[ConfigItem]) {
        self.command(&Command { config: config.to_vec(), ..Command::default() }).await;
    }

    pub(crate) async fn order(&self, name: &str, data_type: i32, data: &str) {
        let task = PluginTask {
            name: name.to_owned(),
            data: data.to_owned(),
            token: "token".to_owned(),
            data_type,
        };
        self.command(&Command { task: Some(task), ..Command::default() }).await;
    }

    /// Forgets what was heard so far.
    pub(crate) fn forget(&self) {
        self.heard.lock().records.clear();
    }

    pub(crate) fn streams(&self) -> Vec<usize> {
        self.heard.lock().streams.clone()
    }

    pub(crate) fn downloads(&self) -> usize {
        self.heard.lock().downloads
    }

    pub(crate) fn encodings(&self) -> Vec<String> {
        self.heard.lock().encodings.clone()
    }

    pub(crate) fn uploads(&self) -> Vec<Vec<FileUploadRequest>> {
        self.heard.lock().uploads.clone()
    }

    /// Returns the records of a kind that were heard, with the agent's version.
    pub(crate) fn records(&self, kind: i32) -> Vec<(String, BTreeMap<String, String>)> {
        let heard = self.heard.lock();
        let of_kind = heard.records.iter().filter(|(_, record)| record.0 == kind);
        of_kind.map(|(version, record)| (version.clone(), record.1.clone())).collect()
    }

    /// Waits for a record of a kind that fits.
    pub(crate) async fn record(
        &self,
        kind: i32,
        fits: impl Fn(&BTreeMap<String, String>) -> bool,
    ) -> BTreeMap<String, String> {
        let found = || self.records(kind).into_iter().map(|it| it.1).find(|it| fits(it));
        until(&format!("a record {kind}"), || found().is_some()).await;
        found().unwrap()
    }

    /// Waits until `count` more heartbeats were heard and returns the plugins heard with the last.
    pub(crate) async fn plugins(&self) -> Vec<(String, String)> {
        self.forget();
        until("heartbeats", || self.records(1_000).len() >= 3).await;
        let mut plugins: Vec<_> = self
            .records(1_001)
            .into_iter()
            .map(|(_, it)| (it["name"].clone(), it["pversion"].clone()))
            .collect();
        plugins.sort();
        plugins.dedup();
        plugins
    }

    /// Waits until exactly these plugins send heartbeats.
    pub(crate) async fn until_plugins(&self, wanted: &[(&str, &str)]) {
        let wanted: Vec<_> = wanted.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
        let deadline = Instant::now() + HANG;
        loop {
            let plugins = self.plugins().await;
            if plugins == wanted {
                return;
            }
            assert!(Instant::now() < deadline, "{plugins:?} run, not {wanted:?}");
        }
    }
}

pub(crate) async fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + HANG;
    while !holds() {
        assert!(Instant::now() < deadline, "waited too long for {what}");
        sleep(Duration::from_millis(10)).await;
    }
}

async fn download(
    State(heard): State<Arc<Mutex<Heard>>>,
    Path(file): Path<String>,
) -> Result<Vec<u8>, StatusCode> {
    let mut heard = heard.lock();
    heard.downloads += 1;
    heard.files.get(&file).cloned().ok_or(StatusCode::NOT_FOUND)
}

async fn detail(State(heard): State<Arc<Mutex<Heard>>>) -> axum::Json<serde_json::Value> {
    let centers = heard.lock().centers.clone();
    let all: Vec<_> = centers
        .iter()
        .map(|it| serde_json::json!({"name": "hids_svr_grpc", "ip": it.ip(), "port": it.port()}))
        .collect();
    axum::Json(serde_json::json!({"code": 0, "msg": "ok", "data": all}))
}

async fn serve(authority: &Authority, heard: Arc<Mutex<Heard>>) -> SocketAddr {
    let pem = authority.issue_server(&[SERVER_NAME], &[]).unwrap();
    let ca = authority.pem().cert.as_bytes();
    let (cert, key) = (pem.cert.as_bytes(), pem.key.expose().as_bytes());
    let tls = TlsAcceptor::from(server_config(cert, key, Some(ca), &[b"h2"]).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    drop(tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let (tls, heard) = (tls.clone(), Arc::clone(&heard));
            if heard.lock().refuses {
                continue;
            }
            let number = {
                let mut heard = heard.lock();
                heard.accepted += 1;
                heard.accepted
            };
            drop(tokio::spawn(async move {
                let stream = tls.accept(socket).await.unwrap();
                assert!(stream.get_ref().1.peer_certificates().is_some());
                let service = service_fn(move |it| {
                    let heard = Arc::clone(&heard);
                    async move { Ok::<_, Infallible>(answer(it, heard, number)) }
                });
                let connection = http2::Builder::new(TokioExecutor::new());
                drop(connection.serve_connection(TokioIo::new(stream), service).await);
            }));
        }
    }));
    addr
}

type Answer = BoxBody<Bytes, Infallible>;

fn answer(
    request: Request<Incoming>,
    heard: Arc<Mutex<Heard>>,
    connection: usize,
) -> Response<Answer> {
    let encoding = request.headers()["grpc-encoding"].to_str().unwrap().to_owned();
    heard.lock().encodings.push(encoding);
    let (frames, answers) = mpsc::channel::<Bytes>(16);
    let upload = request.uri().path() == UPLOAD_PATH;
    let body = request.into_body();
    if upload {
        drop(tokio::spawn(take_upload(body, heard, frames)));
    } else {
        let mut known = heard.lock();
        known.commands = Some(frames);
        known.connections.push(connection);
        drop(known);
        drop(tokio::spawn(take_stream(body, heard)));
    }
    let data = stream::unfold(answers, |mut answers| async {
        Some((Ok::<_, Infallible>(Frame::data(answers.recv().await?)), answers))
    });
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", "0".parse().unwrap());
    let end = stream::once(async { Ok(Frame::trailers(trailers)) });
    let body = StreamBody::new(futures_util::StreamExt::chain(data, end));
    let mut response = Response::new(body.boxed());
    response.headers_mut().insert("content-type", "application/grpc".parse().unwrap());
    response
}

async fn messages(mut body: Incoming, mut take: impl FnMut(Bytes)) {
    let mut frames = Deframer::new(Encoding::Snappy);
    while let Some(Ok(frame)) = body.frame().await {
        let Ok(data) = frame.into_data() else { return };
        frames.push(data);
        while let Some(message) = frames.next().unwrap() {
            take(message);
        }
    }
}

async fn take_stream(body: Incoming, heard: Arc<Mutex<Heard>>) {
    let mut first = true;
    messages(body, |message| {
        let message = RawData::decode(message).unwrap();
        let mut heard = heard.lock();
        if std::mem::take(&mut first) {
            heard.streams.push(message.data.len());
        }
        for record in message.data {
            let text = |it: &[u8]| String::from_utf8(it.to_vec()).unwrap();
            let pairs = item::pairs(&record.body).map(|it| it.unwrap());
            let fields = pairs.map(|(key, value)| (text(key), text(value))).collect();
            heard.records.push((message.version.clone(), (record.data_type, fields)));
        }
    })
    .await;
}

async fn take_upload(body: Incoming, heard: Arc<Mutex<Heard>>, answer: mpsc::Sender<Bytes>) {
    let mut file = Vec::new();
    messages(body, |message| file.push(FileUploadRequest::decode(message).unwrap())).await;
    heard.lock().uploads.push(file);
    // A success has no field that is not zero.
    answer.send(identity(&FileUploadResponse::default())).await.unwrap();
}
