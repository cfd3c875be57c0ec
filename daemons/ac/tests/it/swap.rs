//! This AgentCenter in the place of one of the reference: what its neighbours send and expect, byte
//! for byte where they could care.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use elk_boot::outbound_ip;
use elk_trust::Secret;
use elk_trust::aksk::KeyPair;
use elk_wire::ConfigItem;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::agent::{Agent, batch, dial, heartbeat, record};
use crate::neighbour::Neighbour;
use crate::settings::SAMPLE;
use crate::world::{Files, World};

const AGENT: &str = "33623333-3365-4905-b417-331e183333183";

fn pair(ak: &str, sk: &str) -> KeyPair {
    KeyPair { ak: ak.to_owned(), sk: Secret::new(sk) }
}

/// An AgentCenter among neighbours of the reference, set up as their files have it.
async fn among(neighbour: &Neighbour) -> World {
    let addr = neighbour.addr.to_string();
    World::with(|config| {
        config.manager.addrs = vec![addr.clone()];
        config.manager.auth = None;
        config.sd.addrs = vec![addr];
        config.sd.auth = Some(pair("7AbMixed", "SkTowardsSd"));
        config.sd.advertise = Some("192.0.2.2".to_owned());
        config.http.keys = [pair("0376b2A4", "SkOfManager")].into_iter().collect();
    })
    .await
}

#[tokio::test]
async fn discovery_is_told_what_it_is_told_by_a_center_of_the_reference() {
    let neighbour = Neighbour::start().await;
    let world = among(&neighbour).await;
    let ports = [("hids_svr_http", world.http.port()), ("hids_svr_grpc", world.grpc.port())];
    for (name, port) in ports {
        let asked = neighbour.asked("/registry/register", |it| it.json()["name"] == name).await;
        asked.is_signed("7abmixed", "SkTowardsSd");
        assert_eq!(
            (asked.head.method.as_str(), asked.head.version),
            ("POST", http::Version::HTTP_11)
        );
        let mut body = asked.json();
        // The decoder of the reference takes anything as `extra`, and keeps it for who asks.
        assert!(body.as_object_mut().unwrap().remove("extra").is_some());
        assert_eq!(body, json!({"name": name, "ip": "192.0.2.2", "port": port, "weight": 0}));
    }
    world.end().await;
    let evicted: Vec<_> =
        neighbour.all().into_iter().filter(|it| it.path() == "/registry/evict").collect();
    for (asked, (name, port)) in evicted.iter().zip(ports) {
        asked.is_signed("7abmixed", "SkTowardsSd");
        let body = asked.json();
        assert_eq!(
            (&body["name"], &body["ip"], &body["port"]),
            (&json!(name), &json!("192.0.2.2"), &json!(port))
        );
    }
    assert_eq!(evicted.len(), 2);
}

#[tokio::test]
async fn a_manager_is_asked_as_a_center_of_the_reference_asks() {
    let neighbour = Neighbour::start().await;
    let world = among(&neighbour).await;
    let mut agent = world.agent().await;
    agent.hello(AGENT, "vm", "1795416867").await;
    let asked = neighbour.asked("/api/v6/component/GetComponentInstances", |_| true).await;
    let detail = asked.json();
    assert_eq!((&detail["agent_id"], &detail["kernel_version"]), (&json!(AGENT), &json!("5.10")));
    assert_eq!(detail["arch"], "x86_64", "what rules of the Manager look at is text");
    let command = agent.call.command().await.unwrap();
    let url = "http://10.0.0.9:8080/agent/component/driver/driver-default-default-1.7.0.10.tar.gz";
    let item = ConfigItem {
        name: "driver".to_owned(),
        r#type: "tar.gz".to_owned(),
        version: "1.7.0.10".to_owned(),
        sha256: "5f3c".to_owned(),
        signature: "77aa".to_owned(),
        download_url: vec![url.to_owned()],
        detail: String::new(),
    };
    assert_eq!((command.config, command.task), (vec![item], None));
    let asked = neighbour.asked("/api/v1/agent/queryInfo", |_| true).await;
    assert_eq!(asked.json(), json!({ "id_list": [AGENT] }));
    let fields = [("token", "tok123"), ("status", "succeed"), ("msg", "ok \u{fffd} <b>")];
    agent.send(&batch(AGENT, "vm", vec![record(5100, &fields)])).await;
    let asked = neighbour.asked("/api/v1/agent/updateSubTask", |_| true).await;
    let expected = json!([
        {"data_type": "5100", "msg": "ok \u{fffd} <b>", "status": "succeed", "token": "tok123"},
    ]);
    assert_eq!(asked.json(), expected);
    // Nothing there checks a signature, and no header of ours may be in the way.
    for asked in neighbour.all().iter().filter(|it| it.path().starts_with("/api/")) {
        assert_eq!(
            (asked.head.method.as_str(), asked.header("Signature")),
            ("POST", ""),
            "{asked:?}"
        );
        assert_eq!(asked.head.version, http::Version::HTTP_11);
    }
    world.end().await;
}

#[tokio::test]
async fn a_manager_of_the_reference_calls_as_it_always_did() {
    let neighbour = Neighbour::start().await;
    let world = among(&neighbour).await;
    let key = pair("0376b2a4", "SkOfManager");
    let call = async |method: &str, path: &str, body: &str| {
        let (status, media, text) = world.call(method, path, body, Some(&key)).await;
        assert_eq!(media, "application/json; charset=utf-8", "{path}: {text}");
        (status, serde_json::from_str::<Value>(&text).unwrap())
    };
    let ok = |data: Value| (200, json!({"code": 0, "msg": "success", "data": data}));
    assert_eq!(call("GET", "/conn/list", "").await, ok(json!([])));
    let mut agent = world.agent().await;
    agent.send(&batch(AGENT, "vm", Vec::new())).await;
    world.called_with(&key, "/conn/count", json!(1)).await;
    assert_eq!(
        call("GET", "/conn/stat", "").await,
        ok(json!([{"agent_info": {}, "plugins_info": []}]))
    );
    agent.send(&batch(AGENT, "vm", vec![heartbeat("1795416867")])).await;
    assert_eq!(agent.call.command().await.unwrap().config.len(), 1);
    assert_eq!(call("GET", "/conn/list", "").await, ok(json!([AGENT])));
    let (_, stat) = call("GET", "/conn/stat", "").await;
    let info = &stat["data"][0]["agent_info"];
    assert_eq!((&info["agent_id"], &info["boot_time"]), (&json!(AGENT), &json!(1_795_416_867)));
    assert!(info["last_heartbeat_time"].is_i64() && stat["data"][0]["plugins_info"].is_array());
    let task = format!(
        r#"{{"agent_id":"{AGENT}","command":{{"task":{{"name":"collector","data":"","token":"c5mej1rc77ubvhrfifkg","data_type":5050}}}}}}"#
    );
    for path in ["/command", "/command/"] {
        assert_eq!(call("POST", path, &task).await, ok(json!("")));
        let task = agent.call.command().await.unwrap().task.unwrap();
        assert_eq!(
            (task.name.as_str(), task.token.as_str(), task.data_type),
            ("collector", "c5mej1rc77ubvhrfifkg", 5050)
        );
    }
    // Both kinds of null that the reference sends.
    let config = format!(
        r#"{{"agent_id":"{AGENT}","command":{{"agent_ctrl":0,"task":null,"config":[{{"name":"driver","type":"tar.gz","version":"1.7.0.10","sha256":"ab","signature":"cd","download_url":null,"detail":""}}]}}}}"#
    );
    assert_eq!(call("POST", "/command", &config).await, ok(json!("")));
    let command = agent.call.command().await.unwrap();
    assert_eq!((command.config[0].version.as_str(), command.task), ("1.7.0.10", None));
    let gone = task.replace(AGENT, "nobody");
    let refused = json!({"code": 3, "msg": "some errors occurred", "data": "agentID not found"});
    assert_eq!(call("POST", "/command", &gone).await, (200, refused));
    let reset = r#"{"id_list":null,"type":"random","count":1}"#;
    assert_eq!(
        call("POST", "/conn/reset", reset).await,
        ok(json!({"count": 1, "detail": {AGENT: "ok"}}))
    );
    assert_eq!(agent.call.status().await.0, 0, "the stream ends, the connection does not");
    assert_eq!(call("GET", "/kube/cluster/list", "").await, ok(json!([])));
    world.end().await;
}

/// A process that is killed at the end, if it still lives.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts the binary in `directory` and returns what it said first, and where it serves.
fn start(directory: &Path) -> (Running, Vec<String>, SocketAddr, SocketAddr) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_elk-ac"));
    command.args(["--config", "conf/svr.yml"]).current_dir(directory);
    if outbound_ip().is_err() {
        command.env("ELK_AC__SD__ADVERTISE", "127.0.0.1");
    }
    command.env_remove("RUST_LOG").stderr(Stdio::piped());
    let mut child = Running(command.spawn().unwrap());
    let mut log = BufReader::new(child.0.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut said = Vec::new();
    let line = loop {
        let line = log.next().unwrap_or_else(|| unreachable!("it ended: {said:?}"));
        if line.contains("AgentCenter serves agents on ") {
            break line;
        }
        said.push(line);
    };
    let at = |name: &str| -> SocketAddr {
        let word = line.split(' ').find_map(|it| it.strip_prefix(name)).unwrap();
        let addr: SocketAddr = word.parse().unwrap();
        ([127, 0, 0, 1], addr.port()).into()
    };
    let (grpc, http) = (at("grpc="), at("http="));
    // Somebody must take what it goes on to say.
    std::thread::spawn(move || log.for_each(drop));
    (child, said, grpc, http)
}

#[tokio::test]
async fn the_binary_serves_from_a_file_of_the_reference_in_its_working_directory() {
    let neighbour = Neighbour::start().await;
    let directory = tempfile::tempdir().unwrap();
    let conf = directory.path().join("conf");
    fs::create_dir(&conf).unwrap();
    let files = Files::create(&conf);
    fs::rename(conf.join("ca.pem"), conf.join("ca.crt")).unwrap();
    fs::rename(conf.join("server.pem"), conf.join("server.crt")).unwrap();
    let text = SAMPLE
        .replace("10.20.0.9:6701", &neighbour.addr.to_string())
        .replace("    - 10.20.0.10:6701\n", "")
        .replace("10.20.0.8:8088", &neighbour.addr.to_string())
        // Nobody listens there, and it starts all the same.
        .replace("10.20.0.7:9092", "127.0.0.1:1")
        .replace("16751", "0")
        .replace("16752", "0");
    fs::write(conf.join("svr.yml"), text).unwrap();
    let (mut process, said, grpc, http) = start(directory.path());
    let warned = |text: &str| said.iter().any(|it| it.contains(&format!("warning: {text}")));
    assert!(warned("conf/svr.yml: kafka.logpath: not used"), "{said:?}");
    assert!(warned("conf/svr.yml: there is no key for data"), "{said:?}");
    let off = |it: &String| it.contains("audit events of Kubernetes are not received");
    assert!(said.iter().any(off), "its files are not there: {said:?}");
    let ip = outbound_ip().map_or_else(|_| "127.0.0.1".to_owned(), |it| it.to_string());
    for (name, port) in [("hids_svr_grpc", grpc.port()), ("hids_svr_http", http.port())] {
        let asked = neighbour.asked("/registry/register", |it| it.json()["name"] == name).await;
        asked.is_signed("aktowardssd", "SkTowardsSd");
        let body = asked.json();
        assert_eq!((&body["ip"], &body["port"]), (&json!(ip), &json!(port)));
    }
    let mut agent = Agent::open(dial(grpc, &files.agent_tls).await).await;
    agent.hello(AGENT, "vm", "1").await;
    assert_eq!(agent.call.command().await.unwrap().config[0].name, "driver");
    assert!(
        directory.path().join("ac-data/spool").is_dir(),
        "what has no broker is kept below `data`"
    );
    kill_process(Pid::from_child(&process.0), Signal::TERM).unwrap();
    neighbour.asked("/registry/evict", |it| it.json()["name"] == "hids_svr_grpc").await;
    drop(agent);
    assert_eq!(process.0.wait().unwrap().code(), Some(0));
}
