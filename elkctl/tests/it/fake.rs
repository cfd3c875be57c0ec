//! A server that answers what a test wants, for what no healthy backend does.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

/// Serves until the process ends; `answer` gets the request line's path and returns status and body.
pub(crate) fn serve(answer: impl Fn(&str) -> (u16, String) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|it| it == 1) {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let (status, body) = answer(head.split(' ').nth(1).unwrap_or_default());
            let kind = if status < 400 { "application/json" } else { "text/plain" };
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} Said\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\
                 connection: close\r\n\r\n"
            );
            drop(stream.write_all(head.as_bytes()));
            drop(stream.write_all(body.as_bytes()));
        }
    });
    url
}

/// Returns an agent as the Manager lists it.
pub(crate) fn agent(id: &str, hostname: &str) -> serde_json::Value {
    serde_json::json!({
        "id": id, "hostname": hostname, "status": "running", "version": "1.9.1.22",
        "platform": "debian", "platform_version": "12", "arch": "x86_64", "kernel": "6.1",
        "idc": "default", "region": "default", "tags": [], "addresses": ["10.0.0.1"],
        "ac": null, "last_heartbeat_at": null, "first_seen_at": "2026-01-01T00:00:00Z",
        "heartbeat_interval_seconds": 60, "cpu_percent": null, "memory_bytes": null,
        "plugins": [], "clone": false,
    })
}
