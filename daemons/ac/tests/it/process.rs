//! `elk-ac` in a process of its own that is killed.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use elk_api::intake;
use elk_wire::file_upload_response::StatusCode;
use elk_wire::{FileUploadRequest, frame};
use futures_util::stream;
use http_body_util::StreamBody;
use hyper::body::Frame;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::agent::{Agent, batch, dial, record};
use crate::peer::{Heard, manager};
use crate::uploads::post;
use crate::world::Files;

/// A process that is killed at the end, if it still lives.
pub(crate) struct Killed(Child);

impl Killed {
    pub(crate) fn start(settings: &Path) -> (Self, SocketAddr) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_elk-ac"));
        command.arg("--config").arg(settings).env_remove("RUST_LOG").stderr(Stdio::piped());
        let mut child = Self(command.spawn().unwrap());
        let mut log = BufReader::new(child.0.stderr.take().unwrap()).lines();
        let addr = log.find_map(|line| {
            let line = line.unwrap();
            let (_, rest) = line.split_once("AgentCenter serves agents on ")?;
            rest.split(' ').next()?.parse().ok()
        });
        // Somebody must take what it goes on to say.
        std::thread::spawn(move || log.for_each(drop));
        (child, addr.expect("it serves"))
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Writes its settings.
fn settings(directory: &Path, manager: SocketAddr) -> PathBuf {
    let at = directory.display();
    let path = directory.join("elk-ac.toml");
    let text = format!(
        "data = \"{at}/ac\"\n[grpc]\nlisten = \"127.0.0.1:0\"\n[http]\nlisten = \"127.0.0.1:0\"\n\
         [tls]\nca = \"{at}/ca.pem\"\ncert = \"{at}/server.pem\"\nkey = \"{at}/server.key\"\n\
         [manager]\naddrs = [\"http://{manager}\"]\n"
    );
    fs::write(&path, text).unwrap();
    path
}

fn tokens(taken: &[(String, Value)]) -> Vec<String> {
    let results = taken.iter().filter(|(path, _)| path == intake::RESULTS);
    let results = results.flat_map(|(_, body)| body.as_array().unwrap().iter());
    results.map(|it| it["token"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn results_that_were_taken_reach_the_manager_whenever_the_process_is_killed() {
    let directory = tempfile::tempdir().unwrap();
    let files = Files::create(directory.path());
    let (addr, heard, _ends) = manager().await;
    let settings = settings(directory.path(), addr);
    let answer = |heard: &mut Heard, status: u16| {
        let text = json!({"code": 0, "data": null}).to_string();
        heard.answers = vec![(intake::RESULTS.to_owned(), status, text)];
    };
    let mut expected = Vec::new();
    for round in 0..3 {
        // In the first round nothing is delivered, later the kill comes between deliveries.
        answer(&mut heard.lock(), if round == 0 { 500 } else { 200 });
        let (process, grpc) = Killed::start(&settings);
        let agent = Agent::open(dial(grpc, &files.agent_tls).await).await;
        for message in 0..10 {
            let names: Vec<_> = (0..15).map(|it| format!("tok-{round}-{message}-{it}")).collect();
            let results = names.iter().map(|it| record(5100, &[("token", it)])).collect();
            agent.send(&batch("agent-1", "h1", results)).await;
            expected.extend(names);
        }
        let last = expected.last().unwrap().clone();
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let kept = fs::read_to_string(directory.path().join("ac/results.log"));
            if kept.is_ok_and(|it| it.contains(&last))
                || tokens(&heard.lock().taken).contains(&last)
            {
                break;
            }
            assert!(Instant::now() < deadline, "the results were never stored");
            sleep(Duration::from_millis(1)).await;
        }
        drop(process);
    }
    answer(&mut heard.lock(), 200);
    let (_process, _) = Killed::start(&settings);
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let reached = tokens(&heard.lock().taken);
        if expected.iter().all(|it| reached.contains(it)) {
            break;
        }
        assert!(Instant::now() < deadline, "{} of {}", reached.len(), expected.len());
        sleep(Duration::from_millis(20)).await;
    }
}

/// Returns the most memory that the process ever used, in bytes.
fn peak(process: &Killed) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", process.0.id())).unwrap();
    let line = status.lines().find(|it| it.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1_024
}

#[tokio::test]
async fn an_upload_goes_through_in_pieces_and_is_never_wholly_in_memory() {
    const CHUNK: usize = 512 << 10;
    const CHUNKS: u64 = 128;
    let directory = tempfile::tempdir().unwrap();
    let files = Files::create(directory.path());
    let (addr, heard, _ends) = manager().await;
    let data = json!({"code": 0, "data": "name.zip"}).to_string();
    heard.lock().answers = vec![(intake::UPLOAD.to_owned(), 200, data)];
    let (process, grpc) = Killed::start(&settings(directory.path(), addr));
    let file = |seed: u64, len: usize| {
        // What cannot be compressed.
        let mut state = seed;
        let next = std::iter::repeat_with(move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            u32::try_from(state >> 32).unwrap().to_le_bytes()
        });
        let data: Vec<u8> = next.flatten().take(len).collect();
        frame::identity(&FileUploadRequest { token: "tok-1".to_owned(), data: data.into() })
    };
    let send = async |chunks: u64| {
        let chunks = (1..=chunks).map(move |it| Ok(Frame::data(file(it, CHUNK))));
        let body = http_body_util::BodyExt::boxed(StreamBody::new(stream::iter(chunks)));
        let connection = dial(grpc, &files.agent_tls).await;
        assert_eq!(post(connection, body).await, Ok(StatusCode::Success));
    };
    // What code and buffers take is there before.
    send(4).await;
    let before = peak(&process);
    send(CHUNKS).await;
    let file = usize::try_from(CHUNKS).unwrap() * CHUNK;
    assert!(heard.lock().uploads.iter().any(|(len, _)| *len > file), "all of it came");
    let grown = peak(&process) - before;
    assert!(grown < file / 4, "{grown} bytes for a file of {file}");
}
