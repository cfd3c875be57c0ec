//! A Manager that remembers what it was asked.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use elk_life::{Clock, Stop};
use elk_trust::aksk::{self, RequestParts};
use parking_lot::Mutex;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::world::key;

/// What peers of AgentCenter were asked, and what they answer.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) calls: Vec<(String, Value)>,
    /// Calls that were answered with success.
    pub(crate) taken: Vec<(String, Value)>,
    /// Answers by path, first match; else success without data.
    pub(crate) answers: Vec<(String, u16, String)>,
    pub(crate) hang: Option<String>,
    /// Length of each uploaded form, and whether its signature fits.
    pub(crate) uploads: Vec<(usize, bool)>,
}

/// Ends a peer when dropped.
pub(crate) struct Ended(Stop);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.now();
    }
}

/// Starts a Manager that takes everything.
pub(crate) async fn manager() -> (SocketAddr, Arc<Mutex<Heard>>, Ended) {
    let heard = Arc::new(Mutex::new(Heard::default()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let router = Router::new().fallback(peer).with_state(Arc::clone(&heard));
    let stop = Stop::default();
    let ends = stop.child();
    drop(tokio::spawn(async move {
        axum::serve(listener, router).with_graceful_shutdown(ends.wait()).await.unwrap();
    }));
    (addr, heard, Ended(stop))
}

fn fits(parts: &http::request::Parts, body: &[u8]) -> bool {
    let header = |name: &str| parts.headers.get(name).map_or("", |it| it.to_str().unwrap());
    let signed = RequestParts {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: "",
        access_key: header(aksk::ACCESS_KEY),
        timestamp: header(aksk::TIMESTAMP),
        signature: header(aksk::SIGNATURE),
    };
    let keys = [key()].into_iter().collect();
    aksk::verify(&keys, &signed, body, Clock::System.unix()).is_ok()
}

async fn peer(State(heard): State<Arc<Mutex<Heard>>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 96 << 20).await.unwrap();
    if path == elk_api::intake::UPLOAD {
        heard.lock().uploads.push((body.len(), fits(&parts, &body)));
    }
    let (answer, hang) = {
        let mut heard = heard.lock();
        let value = serde_json::from_slice(&body)
            .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&body).into_owned()));
        heard.calls.push((path.clone(), value.clone()));
        let answer = heard.answers.iter().find(|(it, ..)| *it == path).cloned();
        if answer.as_ref().is_none_or(|(_, status, _)| *status == 200) {
            heard.taken.push((path.clone(), value));
        }
        (answer, heard.hang.as_ref() == Some(&path))
    };
    if hang {
        std::future::pending::<()>().await;
    }
    let (_, status, text) = answer
        .unwrap_or_else(|| (path, 200, r#"{"code":0,"msg":"success","data":null}"#.to_owned()));
    (http::StatusCode::from_u16(status).unwrap(), text).into_response()
}
