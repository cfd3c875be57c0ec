//! An AgentCenter that holds the agents a test gives it: ours, or one of the reference.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use elk_life::{Clock, Stop};
use elk_trust::SERVER_NAME;
use elk_trust::aksk::{self, KeyPair, RequestParts};
use elk_trust::ca::Authority;
use elk_trust::tls::server_config;
use elk_web::{ServeOptions, go_json, not_found_as_gin};
use http::{HeaderMap, Method, StatusCode, Uri};
use parking_lot::Mutex;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::world::key;

/// What becomes of orders.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Mood {
    /// They are written.
    #[default]
    Obliging,
    /// They are taken, and the connection breaks before the answer.
    Breaking,
    /// Each is refused with this text.
    Refusing(&'static str),
}

#[derive(Debug, Default)]
struct Inner {
    native: bool,
    page: usize,
    epoch: u64,
    agents: BTreeMap<String, Value>,
    /// Agents that changed and those that left (false), oldest first, with growing numbers.
    log: Vec<(usize, String, bool)>,
    last: usize,
    orders: Vec<Value>,
    mood: Mood,
    hangs: bool,
    /// Answers `/conn/stat` instead.
    says: Option<(u16, String)>,
    asked: HashMap<String, usize>,
    unsigned: usize,
}

/// An AgentCenter that holds the agents a test gives it.
#[derive(Clone, Debug)]
pub(crate) struct Center {
    pub(crate) addr: SocketAddr,
    inner: Arc<Mutex<Inner>>,
    clock: Clock,
    stop: Stop,
}

impl Center {
    pub(crate) async fn new(authority: &Authority, clock: Clock, native: bool, stop: Stop) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), authority, (clock, native), stop).await
    }

    async fn at(
        addr: SocketAddr,
        authority: &Authority,
        (clock, native): (Clock, bool),
        stop: Stop,
    ) -> Self {
        let listener = TcpListener::bind(addr).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let pem = authority.issue_server(&[SERVER_NAME], &[]).unwrap();
        let (cert, key) = (pem.cert.as_bytes(), pem.key.expose().as_bytes());
        let tls = server_config(cert, key, None, &[b"http/1.1"]).unwrap();
        let options = ServeOptions { tls: Some(tls), plain: false, ..ServeOptions::default() };
        let inner = Inner { native, page: 2_000, epoch: 1, ..Inner::default() };
        let center = Self { addr, inner: Arc::new(Mutex::new(inner)), clock, stop: stop.child() };
        let mut router = Router::new()
            .route("/conn/stat", get(stat))
            .route("/command/", post(command))
            .fallback(not_found_as_gin);
        if native {
            router = router.route("/command/batch", post(batch));
        }
        let router = router.with_state(center.clone());
        let ends = center.stop.clone();
        drop(tokio::spawn(async move {
            elk_web::serve(listener, router, options, ends).await.unwrap();
        }));
        center
    }

    pub(crate) fn name(&self) -> String {
        self.addr.to_string()
    }

    /// Stops serving.
    pub(crate) fn end(&self) {
        self.stop.now();
    }

    /// Opens a stream of an agent, or shows what its heartbeat says now.
    pub(crate) fn put(&self, agent: &Beat) {
        let mut inner = self.inner.lock();
        inner.agents.insert(agent.id.clone(), agent.json(self.clock.unix_ms()));
        inner.note(&agent.id, true);
    }

    /// Opens streams of many agents that were never seen before.
    pub(crate) fn put_all(&self, agents: &[Beat]) {
        let now = self.clock.unix_ms();
        let mut inner = self.inner.lock();
        for agent in agents {
            inner.agents.insert(agent.id.clone(), agent.json(now));
            inner.last += 1;
            let number = inner.last;
            inner.log.push((number, agent.id.clone(), true));
        }
    }

    /// Ends the stream of an agent.
    pub(crate) fn remove(&self, id: &str) {
        let mut inner = self.inner.lock();
        inner.agents.remove(id);
        inner.note(id, false);
    }

    /// Forgets what it told: as after a restart.
    pub(crate) fn restart(&self, kept: &[&str]) {
        let mut inner = self.inner.lock();
        inner.epoch += 1;
        inner.agents.retain(|id, _| kept.contains(&id.as_str()));
        inner.log.clear();
        for id in kept {
            inner.note(id, true);
        }
    }

    pub(crate) fn set_page(&self, page: usize) {
        self.inner.lock().page = page;
    }

    pub(crate) fn set_mood(&self, mood: Mood) {
        self.inner.lock().mood = mood;
    }

    /// Does not answer while it hangs.
    pub(crate) fn hang(&self, hangs: bool) {
        self.inner.lock().hangs = hangs;
    }

    pub(crate) fn say(&self, says: Option<(u16, String)>) {
        self.inner.lock().says = says;
    }

    pub(crate) fn orders(&self) -> Vec<Value> {
        self.inner.lock().orders.clone()
    }

    /// Returns the tokens of the tasks that came, in order.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let orders = self.orders();
        let token = |it: &Value| it["command"]["task"]["token"].as_str().unwrap().to_owned();
        orders.iter().map(token).collect()
    }

    /// Returns how often a path was called.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.inner.lock().asked.get(path).copied().unwrap_or(0)
    }

    pub(crate) fn unsigned(&self) -> usize {
        self.inner.lock().unsigned
    }

    async fn enter(&self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) {
        {
            let header = |name: &str| headers.get(name).map_or("", |it| it.to_str().unwrap());
            let request = RequestParts {
                method: method.as_str(),
                path: uri.path(),
                query: uri.query().unwrap_or_default(),
                access_key: header(aksk::ACCESS_KEY),
                timestamp: header(aksk::TIMESTAMP),
                signature: header(aksk::SIGNATURE),
            };
            let keys = std::iter::once::<KeyPair>(key()).collect();
            let signed = aksk::verify(&keys, &request, body, self.clock.unix());
            let mut inner = self.inner.lock();
            *inner.asked.entry(uri.path().to_owned()).or_default() += 1;
            inner.unsigned += usize::from(signed.is_err());
        }
        while self.inner.lock().hangs {
            sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Inner {
    fn note(&mut self, agent: &str, here: bool) {
        self.last += 1;
        self.log.retain(|(_, id, _)| id != agent);
        self.log.push((self.last, agent.to_owned(), here));
    }

    fn changes(&self, cursor: &str) -> Value {
        let since = cursor
            .split_once('-')
            .filter(|(epoch, _)| *epoch == self.epoch.to_string())
            .and_then(|(_, at)| at.parse::<usize>().ok());
        let news = self.log.iter().filter(|(at, ..)| *at > since.unwrap_or(0));
        let page: Vec<_> = news.clone().take(self.page).collect();
        let reached = page.last().map_or(since.unwrap_or(self.last), |it| it.0);
        let gone: Vec<_> = page.iter().filter(|it| !it.2).map(|it| &it.1).collect();
        let items: Vec<_> = page.iter().filter_map(|it| self.agents.get(&it.1)).collect();
        json!({
            "cursor": format!("{}-{reached}", self.epoch), "full": since.is_none(),
            "more": news.count() > page.len(), "items": items, "gone": gone,
        })
    }

    fn full_list(&self) -> Value {
        let stat = |it: &Value| json!({ "agent_info": it["agent_info"], "plugins_info": it["plugins_info"] });
        self.agents.values().map(stat).collect()
    }

    /// Takes an order; the error text if it is refused.
    fn take(&mut self, order: &Value) -> Option<&'static str> {
        if let Mood::Refusing(text) = self.mood {
            return Some(text);
        }
        if !self.agents.contains_key(order["agent_id"].as_str().unwrap()) {
            return Some("agentID not found");
        }
        self.orders.push(order.clone());
        None
    }
}

async fn stat(
    State(center): State<Center>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    center.enter(&method, &uri, &headers, b"").await;
    let inner = center.inner.lock();
    if let Some((status, text)) = inner.says.clone() {
        return (StatusCode::from_u16(status).unwrap(), text).into_response();
    }
    let data = match uri.query().and_then(|it| it.strip_prefix("since=")) {
        Some(cursor) if inner.native => inner.changes(cursor),
        _ => inner.full_list(),
    };
    success(data)
}

fn success(data: Value) -> Response {
    go_json(StatusCode::OK, &json!({ "code": 0, "msg": "success", "data": data }))
}

/// Ends the connection in the middle of the answer.
fn broken() -> Response {
    let cut = futures_util::stream::once(async { Err::<Bytes, _>(io::Error::other("cut")) });
    ([("content-length", "100")], Body::from_stream(cut)).into_response()
}

async fn command(
    State(center): State<Center>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    center.enter(&method, &uri, &headers, &body).await;
    let mut inner = center.inner.lock();
    match inner.take(&serde_json::from_slice(&body).unwrap()) {
        Some(text) => {
            let envelope = json!({ "code": 3, "msg": "some errors occurred", "data": text });
            go_json(StatusCode::OK, &envelope)
        }
        None if inner.mood == Mood::Breaking => broken(),
        None => success(json!("")),
    }
}

async fn batch(
    State(center): State<Center>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    center.enter(&method, &uri, &headers, &body).await;
    let batch: Value = serde_json::from_slice(&body).unwrap();
    let mut inner = center.inner.lock();
    let errors: Vec<_> =
        batch["orders"].as_array().unwrap().iter().map(|it| inner.take(it)).collect();
    if inner.mood == Mood::Breaking {
        return broken();
    }
    success(json!({ "errors": errors }))
}

/// An agent as its AgentCenter shows it.
#[derive(Clone, Debug)]
pub(crate) struct Beat {
    pub(crate) id: String,
    /// Milliseconds since the stream began.
    pub(crate) connected_for: i64,
    /// Milliseconds since the last heartbeat; `None` before the first.
    pub(crate) last: Option<i64>,
    pub(crate) interval: Option<u64>,
    pub(crate) clone: bool,
    pub(crate) info: Map<String, Value>,
    pub(crate) plugins: Vec<Value>,
}

impl Beat {
    pub(crate) fn new(id: &str) -> Self {
        let info = json!({
            "hostname": format!("host-{id}"), "version": "1.9.1.22", "platform": "debian",
            "platform_family": "debian", "platform_version": "12.11", "arch": "x86_64",
            "kernel_version": "6.1.0-18-amd64", "idc": "dc1", "region": "eu", "state": "running",
            "intranet_ipv4": ["10.0.0.7"], "extranet_ipv4": [], "cpu": 0.25, "rss": 31_457_280,
            "start_time": 1_600_000_000, "agent_addr": "10.0.0.7:40000", "product": "elkeid-agent",
        });
        let info = info.as_object().cloned().unwrap();
        let (last, interval) = (Some(0), Some(60_000));
        Self {
            id: id.to_owned(),
            connected_for: 0,
            last,
            interval,
            clone: false,
            info,
            plugins: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.info.insert(key.to_owned(), value.into());
        self
    }

    pub(crate) fn running(mut self, plugin: &str, version: &str) -> Self {
        self.plugins
            .push(json!({ "name": plugin, "pversion": version, "cpu": 0.01, "rss": 1_024 }));
        self
    }

    fn json(&self, now: i64) -> Value {
        let mut info = if self.last.is_some() { self.info.clone() } else { Map::new() };
        let last = self.last.map(|ago| now - ago);
        let mut plugins = self.plugins.clone();
        if let Some(last) = last {
            info.insert("agent_id".to_owned(), self.id.clone().into());
            info.insert("last_heartbeat_time".to_owned(), (last / 1_000).into());
            info.insert("create_at".to_owned(), ((now - self.connected_for) / 1_000).into());
            for plugin in &mut plugins {
                plugin["last_heartbeat_time"] = (last / 1_000).into();
            }
        }
        json!({
            "id": self.id, "connected_at_ms": now - self.connected_for, "last_heartbeat_ms": last,
            "heartbeat_interval_ms": self.interval, "clone": self.clone, "agent_info": info,
            "plugins_info": plugins,
        })
    }
}
