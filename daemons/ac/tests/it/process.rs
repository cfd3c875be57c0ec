//! `elk-ac` in a process of its own that is killed.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use elk_api::intake;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::agent::{Agent, batch, dial, record};
use crate::peer::{Heard, manager};
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
    let at = directory.path().display();
    let settings = directory.path().join("elk-ac.toml");
    let text = format!(
        "data = \"{at}/ac\"\n[grpc]\nlisten = \"127.0.0.1:0\"\n[http]\nlisten = \"127.0.0.1:0\"\n\
         [tls]\nca = \"{at}/ca.pem\"\ncert = \"{at}/server.pem\"\nkey = \"{at}/server.key\"\n\
         [manager]\naddrs = [\"http://{addr}\"]\n"
    );
    fs::write(&settings, text).unwrap();
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
