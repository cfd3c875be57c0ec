//! A server that answers what a test tells it to and remembers what it was asked.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use parking_lot::Mutex;

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The bytes of an answer; the connection ends after it.
pub(crate) type Answer = Vec<u8>;

/// Accepts until the test process ends.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers the first request with the first answer and so on; the last one for ever.
    pub(crate) fn answering(answers: Vec<Answer>) -> Self {
        Self::start(None, move |number| {
            answers.get(number).or(answers.last()).cloned().unwrap_or_default()
        })
    }

    pub(crate) fn start(
        tls: Option<Arc<rustls::ServerConfig>>,
        answer: impl Fn(usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (answer, log) = (Arc::new(answer), Arc::clone(&seen));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, log, tls) = (Arc::clone(&answer), Arc::clone(&log), tls.clone());
                std::thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    match tls {
                        None => serve(&mut stream, &*answer, &log),
                        Some(config) => {
                            let session = rustls::ServerConnection::new(config).unwrap();
                            let mut tls = rustls::StreamOwned::new(session, stream);
                            serve(&mut tls, &*answer, &log);
                            tls.conn.send_close_notify();
                            drop(tls.flush());
                        }
                    }
                });
            }
        });
        Self { address, seen }
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().clone()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn serve<S: Read + Write>(
    stream: &mut S,
    answer: &dyn Fn(usize) -> Answer,
    log: &Mutex<Vec<Request>>,
) {
    let Some(request) = read(stream) else { return };
    let number = {
        let mut log = log.lock();
        log.push(request);
        log.len() - 1
    };
    // The client may have had enough.
    drop(stream.write_all(&answer(number)));
    drop(stream.flush());
}

fn read(stream: &mut impl Read) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut request = Request::default();
    reader.read_line(&mut request.line).ok().filter(|read| *read > 0)?;
    request.line.truncate(request.line.trim_end().len());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        request.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}

/// A whole answer.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Answer {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

pub(crate) fn json(body: &str) -> Answer {
    answer("200 OK", "content-type: application/json\r\n", body)
}

pub(crate) fn problem(status: &str, body: &str) -> Answer {
    answer(status, "content-type: application/problem+json\r\n", body)
}
