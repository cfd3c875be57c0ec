//! A ServiceDiscovery that lists what a test says.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use elk_life::Stop;
use http::StatusCode;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[derive(Debug, Default)]
struct Known {
    instances: Vec<Value>,
    /// Where agents reach AgentCenters.
    streams: Vec<Value>,
    down: bool,
    registered: Vec<Value>,
    evicted: Vec<Value>,
}

/// A ServiceDiscovery that lists what a test says.
#[derive(Clone, Debug)]
pub(crate) struct Discovery {
    pub(crate) addr: SocketAddr,
    known: Arc<Mutex<Known>>,
}

impl Discovery {
    pub(crate) async fn new(stop: Stop) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let known: Arc<Mutex<Known>> = Arc::default();
        let router = Router::new()
            .route("/registry/detail", get(detail))
            .route("/registry/register", post(register))
            .route("/registry/evict", post(evict))
            .with_state(Arc::clone(&known));
        drop(tokio::spawn(async move {
            axum::serve(listener, router).with_graceful_shutdown(stop.wait()).await.unwrap();
        }));
        Self { addr, known }
    }

    /// Lists an AgentCenter as ours or as the reference's.
    pub(crate) fn list(&self, addr: SocketAddr, native: bool, now: i64) {
        let extra = if native { json!({ "native": 1 }) } else { json!({}) };
        self.known.lock().instances.push(json!({
            "name": "hids_svr_http", "ip": addr.ip().to_string(), "port": addr.port(), "status": 0,
            "create_at": now, "update_at": now, "weight": 0, "extra": extra,
        }));
    }

    /// Lists where agents reach an AgentCenter.
    pub(crate) fn list_stream(&self, addr: SocketAddr) {
        self.known.lock().streams.push(json!({
            "name": "hids_svr_grpc", "ip": addr.ip().to_string(), "port": addr.port(),
        }));
    }

    pub(crate) fn list_raw(&self, instance: Value) {
        self.known.lock().instances.push(instance);
    }

    pub(crate) fn unlist(&self, addr: SocketAddr) {
        self.known.lock().instances.retain(|it| it["port"] != addr.port());
    }

    pub(crate) fn set_down(&self, down: bool) {
        self.known.lock().down = down;
    }

    pub(crate) fn registered(&self) -> Vec<Value> {
        self.known.lock().registered.clone()
    }

    pub(crate) fn evicted(&self) -> Vec<Value> {
        self.known.lock().evicted.clone()
    }
}

async fn detail(State(known): State<Arc<Mutex<Known>>>, request: Request) -> Response {
    let known = known.lock();
    if known.down {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let instances = match request.uri().query() {
        Some("name=hids_svr_http") => &known.instances,
        Some("name=hids_svr_grpc") => &known.streams,
        other => panic!("asked for {other:?}"),
    };
    Json(json!({ "data": instances, "msg": "ok" })).into_response()
}

async fn register(State(known): State<Arc<Mutex<Known>>>, body: Bytes) -> Json<Value> {
    known.lock().registered.push(serde_json::from_slice(&body).unwrap());
    Json(json!({ "msg": "ok" }))
}

async fn evict(State(known): State<Arc<Mutex<Known>>>, body: Bytes) -> Json<Value> {
    known.lock().evicted.push(serde_json::from_slice(&body).unwrap());
    Json(json!({ "msg": "ok" }))
}
