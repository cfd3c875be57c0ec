//! An agent in another language, with other parts than ours, against the whole backend under a
//! version 1 authority with RSA keys in PKCS#1.

mod scene;

use std::fs;

use elk_bus::{Bus, Clock, Entry, LocalConfig, Start};
use elk_wire::mqdata::View;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::backend::wait_for;
use scene::{Foreign, Scene};

/// A task for whatever agent.
const ANY: (&str, i32, &str) = ("collector", 5050, "{\"depth\":1}");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex(&sha2::Sha256::digest(bytes))
}

/// Lets an agent that waits for a task get one, and checks that the right stream got it.
#[track_caller]
fn round_trip(scene: &Scene, agent: &mut Foreign, id: &str) {
    let result = scene.task(id, ANY, 0);
    assert_eq!((&result["state"], &result["message"]), (&json!("succeeded"), &json!("done")));
    let task = agent.next("answered")["task"].clone();
    assert_eq!(task["token"], result["token"]);
}

#[test]
fn a_foreign_agent_meets_the_examples_of_the_wire() {
    let Some(scene) = Scene::new() else { return };
    let mut agent = scene.run("vectors", "f-vectors");
    agent.next("met");
    agent.done();
}

#[test]
fn a_foreign_agent_connects_under_a_version_1_authority() {
    let Some(scene) = Scene::new() else { return };
    let mut agent = scene.run("connect", "f-1");
    let told = agent.next("connected");
    assert_eq!((&told["alpn"], &told["tls"]), (&json!("h2"), &json!("TLSv1.3")));
    assert_eq!(told["headers"][":status"], "200");
    assert_eq!(told["headers"]["content-type"], "application/grpc");
    scene.agent_until("f-1", |it| it["status"] == "running");
    agent.go_on();
    agent.next("second");
    scene.agent_until("f-1-plain", |it| it["status"] == "running");
    agent.go_on();
    let told = agent.next("ended");
    assert_eq!((&told["status"], &told["second"]), (&json!([0, ""]), &json!([0, ""])));
    agent.done();
}

#[test]
fn a_foreign_heartbeat_shows_with_all_it_says() {
    let Some(scene) = Scene::new() else { return };
    let mut agent = scene.run("heartbeat", "f-2");
    agent.next("sent");
    let shown = scene.agent_until("f-2", |it| it["plugins"][0]["name"] == "collector");
    assert_eq!(shown["hostname"], "host-of-beat");
    assert_eq!(shown["addresses"], json!(["10.0.0.1", "10.0.0.2", "192.0.2.7"]));
    assert_eq!((&shown["kernel"], &shown["version"]), (&json!("5.10"), &json!("1.9.1.6")));
    assert_eq!(shown["cpu_percent"].as_f64(), Some(25.0));
    assert_eq!(shown["plugins"][0]["version"], "1.0.0.140");
    let beat = &shown["heartbeat"];
    assert_eq!((&beat["read_speed"], &beat["load_1"]), (&json!("+Inf"), &json!(0.25)));
    assert_eq!((&beat["odd"], &beat["rss"]), (&json!("\u{fffd}\u{fffd}"), &json!(14_331_904)));
    agent.go_on();
    assert_eq!(agent.next("ended")["status"], json!([0, ""]));
    agent.done();
}

#[test]
fn a_foreign_agent_gets_its_configuration_once_and_the_files_it_names() {
    let Some(scene) = Scene::new() else { return };
    let content = b"#!/bin/sh\nexec true\n";
    let file = scene.backend.path("plugin");
    fs::write(&file, content).expect("writes");
    let file = file.display().to_string();
    let elkctl = |line: &[&str]| scene.backend.elkctl(line).ends(0);
    elkctl(&["component", "create", "watcher", "--type", "exec"]);
    elkctl(&["component", "publish", "watcher", "--version", "1.0.0.7", "--file", &file]);
    elkctl(&["config", "set", "watcher=1.0.0.7", "--detail", "watcher=quick"]);
    let mut agent = scene.run("configuration", "f-3");
    let told = agent.next("configured");
    let (order, digest) = (&told["order"], sha256(content));
    assert_eq!((&order["agent_ctrl"], &order["task"]), (&json!(0), &Value::Null));
    assert_eq!(order["config"].as_array().map(Vec::len), Some(1), "{order}");
    let entry = &order["config"][0];
    for (key, expected) in
        [("name", "watcher"), ("version", "1.0.0.7"), ("type", "exec"), ("detail", "quick")]
    {
        assert_eq!(entry[key], expected, "{key}");
    }
    assert_eq!(entry["sha256"], digest);
    assert_eq!(told["files"], json!([{ "sha256": digest, "bytes": content.len() }]));
    agent.next("running");
    scene.agent_until("f-3", |it| it["config"]["in_sync"] == true);
    agent.go_on();
    scene.agent_until("f-3", |it| it["region"] == "later");
    let result = scene.task("f-3", ANY, 0);
    assert_eq!(result["state"], "succeeded");
    let next = agent.next("next");
    assert_eq!(next["order"]["task"]["token"], result["token"], "nothing came in between");
    agent.go_on();
    agent.done();
}

#[test]
fn a_foreign_agent_answers_a_task_with_its_outcome() {
    let Some(scene) = Scene::new() else { return };
    let mut agent = scene.run("task", "f-4");
    agent.next("ready");
    scene.agent_until("f-4", |it| it["status"] == "running");
    let result = scene.task("f-4", ANY, 0);
    let answered = agent.next("answered");
    let expected = json!({
        "data_type": 5050, "name": "collector", "data": "{\"depth\":1}", "token": result["token"],
    });
    assert_eq!(answered["task"], expected);
    assert_eq!(result["result"]["data"], "{\"depth\":1}");
    assert_eq!(result["result"]["data_type"], "5100");
    let failed = scene.task("f-4", ("driver", 59, ""), 10);
    assert_eq!((&failed["state"], &failed["message"]), (&json!("failed"), &json!("no such thing")));
    agent.next("answered");
    agent.go_on();
    agent.done();
}

#[test]
fn a_file_that_fills_its_last_chunk_arrives_whole() {
    let Some(scene) = Scene::new() else { return };
    let content: Vec<u8> = (0..3 * 4096_u32).map(|at| ((at * at) >> 5).to_le_bytes()[0]).collect();
    let path = scene.backend.path("content");
    fs::write(&path, &content).expect("writes");
    let mut agent = scene.run("upload", "f-5");
    agent.next("ready");
    scene.agent_until("f-5", |it| it["status"] == "running");
    let data = json!({ "path": path, "buf_size": 4096 }).to_string();
    let result = scene.task("f-5", ("elkeid-agent", 1050, &data), 0);
    let uploaded = agent.next("uploaded");
    assert_eq!((&uploaded["outcome"], &uploaded["chunks"]), (&json!([0, 0]), &json!(4)));
    agent.go_on();
    agent.done();
    let archive = result["message"].as_str().expect("a name");
    let archive = scene.backend.path("manager/agent-files").join(archive);
    let mut unpack = scene.run("unpack", "f-unpack");
    unpack.say(&archive.display().to_string());
    let files = unpack.next("unpacked")["files"].clone();
    assert_eq!(files, json!([[uploaded["token"], content.len(), sha256(&content)]]));
    unpack.done();
}

#[test]
fn two_foreign_hosts_with_one_id_both_stay_and_one_host_replaces_itself() {
    let Some(scene) = Scene::new() else { return };
    let mut agent = scene.run("conflict", "f-6");
    agent.next("one");
    scene.agent_until("f-6", |it| it["status"] == "running" && it["clone"] == false);
    agent.go_on();
    agent.next("both");
    scene.agent_until("f-6", |it| it["clone"] == true);
    agent.go_on();
    assert_eq!(agent.next("left")["statuses"], json!([[0, ""], [0, ""]]));
    agent.next("old");
    scene.agent_until("f-6-again", |it| it["status"] == "running");
    agent.go_on();
    assert_eq!(agent.next("replaced")["status"], json!([0, ""]));
    let shown = scene.agent_until("f-6-again", |it| it["region"] == "new");
    assert_eq!(shown["clone"], false);
    round_trip(&scene, &mut agent, "f-6-again");
    agent.go_on();
    agent.done();
}

#[test]
fn a_foreign_agent_is_back_at_once_after_its_stream_or_connection_broke_off() {
    let Some(scene) = Scene::new() else { return };
    let mut agent = scene.run("reset", "f-7");
    for region in ["after-reset", "after-abort"] {
        agent.next("again");
        let shown = scene.agent_until("f-7", |it| it["region"] == region);
        assert_eq!(shown["clone"], false);
        round_trip(&scene, &mut agent, "f-7");
    }
    agent.go_on();
    agent.done();
}

#[test]
fn a_stream_that_a_signed_order_closes_ends_well_and_its_connection_lives_on() {
    let Some(scene) = Scene::new() else { return };
    let mut agent = scene.run("close-by-server", "f-8");
    let told = agent.next("closed");
    let refused = json!([200, { "code": 1, "msg": "auth failed", "data": "timestamp error" }]);
    assert_eq!(told["late"], refused);
    let done = json!({ "count": 1, "detail": { "f-8": "ok" } });
    assert_eq!(told["answer"], json!([200, { "code": 0, "msg": "success", "data": done }]));
    assert_eq!(told["status"], json!([0, ""]));
    agent.next("again");
    scene.agent_until("f-8", |it| it["region"] == "after-close");
    round_trip(&scene, &mut agent, "f-8");
    agent.go_on();
    agent.done();
}

#[test]
fn a_wrong_certificate_opens_no_stream() {
    let Some(scene) = Scene::new() else { return };
    let mut agent = scene.run("wrong-certificate", "f-9");
    let told = agent.next("tried");
    for name in ["none", "foreign", "no_alpn", "http1", "foreign_server"] {
        let outcome = told[name].as_str().expect("an outcome");
        assert!(outcome.starts_with("refused: "), "{name}: {outcome}");
    }
    assert_eq!(told["right"], "answered: 200");
    wait_for("the right one", || {
        let list = scene.backend.elkctl(&["agent", "list", "-o", "name"]).ends(0).lines();
        assert!(list.is_empty() || list == ["agent/f-9-right"], "{list:?}");
        !list.is_empty()
    });
    agent.go_on();
    agent.done();
}

#[test]
fn a_token_that_leads_elsewhere_writes_nothing() {
    let Some(scene) = Scene::new() else { return };
    let before = scene.files().len();
    let mut agent = scene.run("traversal", "f-10");
    let told = agent.next("tried")["outcomes"].as_object().expect("outcomes").clone();
    assert_eq!(told.len(), 9);
    for (token, outcome) in told {
        let failed = i32::from(token != "plain_-1");
        assert_eq!(outcome, json!([0, "", failed]), "{token:?}");
    }
    agent.done();
    assert!(!scene.other.join("x").exists());
    let stray: Vec<_> = scene.files().into_iter().filter(|it| it.ends_with("x")).collect();
    assert!(stray.is_empty() && before > 0, "{stray:?}");
    let left = fs::read_dir(scene.backend.path("ac/uploads")).expect("a directory").count();
    assert_eq!(left, 0);
}

#[test]
fn results_without_a_body_end_neither_the_stream_nor_the_process() {
    let Some(mut scene) = Scene::new() else { return };
    let mut agent = scene.run("empty-result", "f-11");
    agent.next("sent");
    scene.agent_until("f-11", |it| it["status"] == "running");
    round_trip(&scene, &mut agent, "f-11");
    agent.go_on();
    agent.done();
    assert!(scene.backend.process.try_wait().expect("is known").is_none(), "it still runs");
    let tail = "event tail --agent f-11 --data-type 5100 --earliest --limit 3 -o jsonl";
    let tail = scene.backend.elkctl(&tail.split(' ').collect::<Vec<_>>()).ends(0);
    let fields: Vec<_> = tail
        .lines()
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["fields"].clone())
        .collect();
    assert_eq!(fields, [json!({}), json!({}), json!({})], "they are on the bus all the same");
}

#[test]
fn bytes_that_are_no_text_lie_on_the_bus_as_they_were_sent() {
    let Some(mut scene) = Scene::new() else { return };
    let mut agent = scene.run("invalid-utf8", "f-12");
    let sent = agent.next("sent");
    scene.agent_until("f-12", |it| it["status"] == "running");
    agent.go_on();
    agent.done();
    let process = &mut scene.backend.process;
    kill_process(Pid::from_child(process), Signal::TERM).expect("it runs");
    assert_eq!(process.wait().expect("it ends").code(), Some(0));
    let log = LocalConfig { dir: scene.backend.path("log"), ..LocalConfig::default() };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let found = runtime.block_on(async {
        let bus = Bus::open(log, Clock::System).expect("opens");
        let mut tail = bus.tail(Start::Earliest);
        bus.close().await;
        let mut found = Vec::new();
        while let Ok(entries) = tail.next().await {
            found.extend(entries);
        }
        found
    });
    let mut records = Vec::new();
    for entry in found {
        let Entry::Record { key, value, .. } = entry else { panic!("a gap") };
        let view = View::parse(&value).expect("a record");
        assert_eq!(
            (&*key, hex(view.hostname)),
            (view.agent_id, sent["hostname"].as_str().expect("hex").to_owned())
        );
        if view.data_type != 1000 {
            assert_eq!((view.agent_id, view.agent_time), (&b"f-12"[..], 1_700_000_000));
            assert!(view.svr_time > 1_700_000_000);
            records.push(json!({ "data_type": view.data_type, "body": hex(view.body) }));
        }
    }
    assert_eq!(Value::from(records), sent["records"]);
}
