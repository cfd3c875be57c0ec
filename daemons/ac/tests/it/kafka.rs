//! `elk-ac` with Kafka behind it, and a consumer of another make.

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::agent::{Agent, batch, dial, record};
use crate::broker::{Broker, Door, USER};
use crate::peer::manager;
use crate::process::Killed;
use crate::world::Files;

/// Returns whether kcat and Python are there.
fn has_tools() -> bool {
    let missing = [("kcat", "-V"), ("python3", "--version")]
        .into_iter()
        .find(|(tool, flag)| Command::new(tool).arg(flag).output().is_err());
    let Some((tool, _)) = missing else { return true };
    let required = std::env::var_os("ELK_REQUIRE_ALL").is_some_and(|it| it == "1");
    assert!(!required, "there is no {tool}");
    drop(writeln!(std::io::stdout(), "skipped, as there is no {tool}"));
    false
}

fn read(addr: &str, topic: &str, count: usize) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/kafka/read.py");
    let mut command = Command::new("python3");
    let output = command.arg(script).args([addr, topic, &count.to_string()]).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let lines = output.stdout.split(|byte| *byte == b'\n').filter(|it| !it.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

/// Writes settings of `elk-ac`: `top` stands before all tables, `kafka` is of Kafka.
pub(crate) fn settings(
    directory: &Path,
    manager: SocketAddr,
    (top, kafka): (&str, &str),
) -> PathBuf {
    let at = directory.display();
    let path = directory.join("elk-ac.toml");
    let text = format!(
        "{top}data = \"{at}/ac\"\n[grpc]\nlisten = \"127.0.0.1:0\"\nbytes_per_second = 0\n\
         [http]\nlisten = \"127.0.0.1:0\"\n\
         [tls]\nca = \"{at}/ca.pem\"\ncert = \"{at}/server.pem\"\nkey = \"{at}/server.key\"\n\
         [manager]\naddrs = [\"http://{manager}\"]\n[bus]\nengine = \"kafka\"\n\
         [bus.kafka]\nmin_free_bytes = 0\n{kafka}"
    );
    fs::write(&path, text).unwrap();
    path
}

fn body(pairs: &[(&str, &str)]) -> Value {
    pairs.iter().map(|(key, value)| (hex(key), Value::from(hex(value)))).collect()
}

fn expected(kind: i32, body: Value) -> Value {
    json!({
        "data_type": kind, "agent_time": 1_700_000_000, "body": body, "agent_id": "agent-1",
        "intranet_ipv4": "10.0.0.1,10.0.0.2", "extranet_ipv4": "192.0.2.2",
        "intranet_ipv6": "fd00::2", "extranet_ipv6": "2001:db8::1,2001:db8::2",
        "hostname": "h1", "version": "1.9.1.6", "product": "elkeid-agent",
        "partition": 0, "key": "agent-1",
    })
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consumer_of_another_make_finds_every_field_of_what_an_agent_sent() {
    if !has_tools() {
        return;
    }
    let Some(broker) = Broker::running() else { return };
    let directory = tempfile::tempdir().unwrap();
    let files = Files::create(directory.path());
    let (addr, _heard, _ends) = manager().await;
    let (user, password) = USER;
    let kafka = format!(
        "brokers = [\"{}\"]\n[bus.kafka.sasl]\nmechanism = \"scram-sha-512\"\n\
         username = \"{user}\"\npassword = \"{password}\"\n",
        broker.door(Door::Sasl),
    );
    let settings = settings(directory.path(), addr, ("", &kafka));
    let (process, grpc) = Killed::start(&settings);
    let agent = Agent::open(dial(grpc, &files.agent_tls).await).await;
    let mut message = batch(
        "agent-1",
        "h1",
        vec![
            record(59, &[("exe", "/bin/sh"), ("argv", ""), ("Ünïcode", "ja")]),
            record(1000, &[("kernel_version", "5.10")]),
            record(5100, &[("token", "tok"), ("status", "succeed")]),
        ],
    );
    message.extranet_ipv4 = vec!["192.0.2.2".to_owned()];
    message.intranet_ipv6 = vec!["fd00::2".to_owned()];
    message.extranet_ipv6 = vec!["2001:db8::1".to_owned(), "2001:db8::2".to_owned()];
    // What a broker does not take at once goes another way, and arrives all the same.
    broker.freeze();
    agent.send(&message).await;
    sleep(Duration::from_millis(600)).await;
    broker.thaw();
    let plain = broker.addr();
    let found = tokio::task::spawn_blocking(move || read(&plain, "hids_svr", 3));
    let mut found = timeout(Duration::from_secs(90), found).await.unwrap().unwrap();
    for record in &mut found {
        let svr_time = record.as_object_mut().unwrap().remove("svr_time").unwrap();
        assert!(svr_time.as_u64().unwrap() > 1_700_000_000, "{svr_time}");
    }
    assert_eq!(
        found,
        [
            expected(59, body(&[("exe", "/bin/sh"), ("argv", ""), ("Ünïcode", "ja")])),
            expected(1000, body(&[("kernel_version", "5.10")])),
            expected(5100, body(&[("token", "tok"), ("status", "succeed")])),
        ]
    );
    drop(process);
}
