//! A Manager and a ServiceDiscovery of the reference, which keep what was sent to them as it came
//! and answer what the reference answers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use elk_life::Stop;
use http::request::Parts;
use parking_lot::Mutex;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

const HANG: Duration = Duration::from_mins(1);
const JSON: &str = "application/json; charset=utf-8";

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) head: Parts,
    pub(crate) body: Bytes,
}

impl Asked {
    pub(crate) fn path(&self) -> &str {
        self.head.uri.path()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.head.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Asserts a signature, worked out here from what the reference signs.
    #[track_caller]
    pub(crate) fn is_signed(&self, ak: &str, sk: &str) {
        assert_eq!(self.header("AccessKey"), ak);
        let hash =
            if self.body.is_empty() { String::new() } else { hex(&Sha256::digest(&self.body)) };
        let text = format!(
            r"{}\n{}\n{}\n{ak}\n{}\n{hash}",
            self.head.method,
            self.path().trim_end_matches('/'),
            self.head.uri.query().unwrap_or_default(),
            self.header("TimeStamp"),
        );
        assert_eq!(self.header("Signature"), hex(&hmac(sk.as_bytes(), text.as_bytes())));
    }
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Both services on one port: their paths differ.
pub(crate) struct Neighbour {
    pub(crate) addr: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    stop: Stop,
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        self.stop.now();
    }
}

impl Neighbour {
    pub(crate) async fn start() -> Self {
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&asked));
        let stop = Stop::default();
        let ends = stop.child();
        drop(tokio::spawn(async move {
            axum::serve(listener, router).with_graceful_shutdown(ends.wait()).await.unwrap();
        }));
        Self { addr, asked, stop }
    }

    /// Waits for a request of `path` that fits.
    pub(crate) async fn asked(&self, path: &str, fits: impl Fn(&Asked) -> bool) -> Asked {
        let look = async {
            loop {
                let found =
                    self.asked.lock().iter().find(|it| it.path() == path && fits(it)).cloned();
                if let Some(found) = found {
                    return found;
                }
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(HANG, look).await.unwrap_or_else(|_| unreachable!("{path} was never asked"))
    }

    pub(crate) fn all(&self) -> Vec<Asked> {
        self.asked.lock().clone()
    }
}

async fn answer(State(asked): State<Arc<Mutex<Vec<Asked>>>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 64 << 20).await.unwrap();
    let text = match head.uri.path() {
        "/registry/register" | "/registry/evict" => r#"{"msg":"ok"}"#,
        "/api/v6/component/GetComponentInstances" => {
            r#"{"code":0,"msg":"success","data":[{"name":"driver","version":"1.7.0.10","sha256":"5f3c","download_url":["http://10.0.0.9:8080/agent/component/driver/driver-default-default-1.7.0.10.tar.gz"],"signature":"77aa","type":"tar.gz"}]}"#
        }
        "/api/v1/agent/queryInfo" => {
            r#"{"code":0,"msg":"success","data":{"33623333-3365-4905-b417-331e183333183":{"tags":"prod,web","psm_name":"","psm_path":"","enhanced":"false"}}}"#
        }
        "/api/v6/shared/Upload" => {
            r#"{"code":0,"msg":"success","data":"upload-1700000000-abc.zip"}"#
        }
        _ => r#"{"code":0,"msg":"success","data":null}"#,
    };
    asked.lock().push(Asked { head, body });
    ([("content-type", JSON)], text).into_response()
}
