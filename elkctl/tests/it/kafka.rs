//! `elkctl up` with Kafka behind it.

use std::fs;

use serde_json::json;

use crate::backend::{Backend, wait_for};
use crate::broker::Broker;

#[test]
fn up_puts_records_into_kafka_and_shows_them_from_there() {
    let Some(mut broker) = Broker::running() else { return };
    let place = tempfile::tempdir().expect("a directory");
    let file = place.path().join("up.toml");
    let addr = broker.addr();
    let text = format!("[bus]\nengine = \"kafka\"\n[bus.kafka]\nbrokers = [\"{addr}\"]\n");
    fs::write(&file, text).expect("writes");
    let mut backend = Backend::start_with(2, &["--config", &file.display().to_string()]);
    backend.login();
    let bus = || {
        let said = backend.elkctl(&["cluster", "status", "-o", "json"]);
        said.items()[0]["bus"].clone()
    };
    wait_for("records", || bus()["records"].as_u64().is_some_and(|it| it >= 3));
    assert_eq!((&bus()["kind"], &bus()["shed"]), (&json!("kafka"), &json!(0)));
    let tail = "event tail --earliest --limit 3 -o jsonl";
    let tail = backend.elkctl(&tail.split(' ').collect::<Vec<_>>()).ends(0);
    assert_eq!(tail.lines().len(), 3, "{}", tail.out);
    assert!(backend.path("spool").exists() && !backend.path("log").exists());
    // Without a broker nobody can say what comes after what.
    broker.kill();
    let tail = backend.elkctl(&["event", "tail", "--limit", "1"]).ends(9);
    assert!(tail.err.contains("the bus does not answer"), "{}", tail.err);
    // The same directory serves with the other engine.
    backend.crash_and_restart(0);
    let said = backend.elkctl(&["cluster", "status", "-o", "json"]).items();
    assert_eq!(said[0]["bus"]["kind"], "local");
}
