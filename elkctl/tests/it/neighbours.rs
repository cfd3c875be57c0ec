//! Three daemons, each on a file in the shape of the reference, and agents that find them.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use elk_boot::{Translate, load_translated};
use elk_bus::{Bus, LocalConfig};
use elk_client::{Client, RawReply};
use elk_life::{Clock, Group, Stop};
use elk_trust::ca::Authority;
use elk_trust::{SERVER_NAME, Secret};
use http::{HeaderMap, Method};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::Instant;

const SD: &str = include_str!("../../../daemons/sd/tests/samples/conf.yaml");
const MANAGER: &str = include_str!("../../../daemons/manager/tests/samples/svr.yml");
const AC: &str = include_str!("../../../daemons/ac/tests/samples/svr.yml");
const HANG: Duration = Duration::from_secs(60);

/// Reads a file; addresses to register are this host's, as nobody else takes part.
fn read<T: DeserializeOwned>(dir: &Path, text: &str, prefix: &str, translate: Translate) -> T {
    let path = dir.join("svr.yml");
    fs::write(&path, text).expect("writes");
    let dir = dir.display();
    let own = [
        ("ELK_AC__SD__ADVERTISE", "127.0.0.1".to_owned()),
        ("ELK_AC__DATA", format!("{dir}/ac")),
        ("ELK_MANAGER__ADVERTISE", "127.0.0.1".to_owned()),
        ("ELK_MANAGER__DATA", format!("{dir}/manager")),
    ];
    let own = own.map(|(name, value)| (name.to_owned(), value));
    load_translated(&path, prefix, own, translate).expect("is read").0
}

fn certificates(dir: &Path) -> Authority {
    elk_trust::install_crypto();
    let authority = Authority::create().expect("an authority");
    let server = authority.issue_server(&[SERVER_NAME], &[]).expect("a certificate");
    fs::create_dir(dir.join("conf")).expect("a directory");
    for (name, text) in [
        ("ca.crt", authority.pem().cert.as_str()),
        ("server.crt", &server.cert),
        ("server.key", server.key.expose()),
    ] {
        fs::write(dir.join("conf").join(name), text).expect("writes");
    }
    authority
}

/// Binds all three and lets them serve; returns where users and agents ask.
async fn serve(dir: &Path, group: &mut Group, stop: &Stop) -> [SocketAddr; 2] {
    let local = |port: u16| SocketAddr::from(([127, 0, 0, 1], port));
    let clock = Clock::System;
    let text = SD
        .replace("18088", "0")
        .replace("10.20.0.8:8088", "127.0.0.1:1")
        .replace("10.20.0.18:8088", "127.0.0.1:2")
        .replace("AkOfCenter: SkOfCenter", "AkTowardsSd: SkTowardsSd");
    let config = read(dir, &text, "ELK_SD", elk_sd::reference::translate);
    let sd = elk_sd::Discovery::bind(config, clock.clone()).await.expect("binds");
    let sd_addr = local(sd.addr().expect("an address").port());
    let text = MANAGER.replace("16701", "0").replace("10.20.0.8:8088", &sd_addr.to_string());
    let config = read(dir, &text, "ELK_MANAGER", elk_manager::reference::translate);
    let parts = elk_manager::Parts { clock: clock.clone(), bus: None };
    let manager = elk_manager::Manager::bind(config, parts).await.expect("binds");
    manager.ensure_admin(&Secret::new("correct horse battery")).await.expect("a user");
    let manager_addr = local(manager.addr().expect("an address").port());
    let text = AC
        .replace("16751", "0")
        .replace("16752", "0")
        .replace("10.20.0.8:8088", &sd_addr.to_string())
        .replace("10.20.0.9:6701", &manager_addr.to_string())
        .replace("    - 10.20.0.10:6701\n", "")
        .replace("AkOfManager: SkOfManager", "AkTowardsAc: SkTowardsAc")
        .replace("./conf/", &format!("{}/conf/", dir.display()));
    let config: elk_ac::Config = read(dir, &text, "ELK_AC", elk_ac::reference::translate);
    let log = LocalConfig { dir: dir.join("log"), min_free_bytes: 0, ..LocalConfig::default() };
    let bus = Bus::open(log, clock.clone()).expect("a log");
    let parts = elk_ac::Parts { bus, audit: None, clock, registry: prometheus::Registry::new() };
    let ac = elk_ac::Ac::bind(config, parts).await.expect("binds");
    group.spawn("sd", Box::pin(sd.serve(stop.child())));
    group.spawn("manager", Box::pin(manager.serve(stop.child())));
    group.spawn("ac", Box::pin(ac.serve(stop.child())));
    [manager_addr, sd_addr]
}

/// Starts agents that ask ServiceDiscovery where to go.
fn agents(authority: &Authority, sd: SocketAddr, count: u32) -> elk_sim::Fleet {
    let client = authority.issue_client("agent").expect("a certificate");
    let config = elk_sim::Config {
        count,
        seed: 1,
        heartbeat: Duration::from_secs(1),
        sd: Some(format!("http://{sd}")),
        ac: None,
        ca: authority.pem().cert.clone().into_bytes(),
        cert: client.cert.into_bytes(),
        key: client.key.expose().as_bytes().to_vec(),
        event_every: None,
        spread: Duration::from_millis(100),
        retry: Duration::from_millis(200),
    };
    elk_sim::Fleet::new(config, Clock::System).expect("agents")
}

async fn ask(client: &Client, method: Method, path: &str, body: Option<Value>) -> RawReply {
    let body = body.map(|it| it.to_string().into());
    client.raw(method, path, &HeaderMap::new(), body).await.expect("an answer")
}

fn data(reply: &RawReply) -> Value {
    let envelope: Value = serde_json::from_slice(&reply.body).expect("JSON");
    assert_eq!(envelope["code"], 0, "{envelope}");
    envelope["data"].clone()
}

#[tokio::test]
async fn daemons_on_files_of_the_reference_work_together() {
    let dir = tempfile::tempdir().expect("a directory");
    let authority = certificates(dir.path());
    let stop = Stop::default();
    let mut group = Group::new(stop.clone());
    let [manager, sd] = serve(dir.path(), &mut group, &stop).await;
    group.spawn("agents", agents(&authority, sd, 3).serve(stop.child()));
    let credentials = json!({"username": "admin", "password": "correct horse battery"});
    let config = elk_client::Config::new(format!("http://{manager}"));
    let client = Client::new(&config).expect("a client");
    let login = ask(&client, Method::POST, "/api/v1/user/login", Some(credentials)).await;
    let token = Secret::new(data(&login)["token"].as_str().expect("a token"));
    let client = client.with_token(&token).expect("a client");
    let deadline = Instant::now() + HANG;
    loop {
        let path = "/api/v1/agent/getStatus?page=1&page_size=10";
        let list = data(&ask(&client, Method::GET, path, None).await);
        let items = list["items"].as_array().expect("items");
        if items.len() == 3 && items.iter().all(|it| it["source_ip"] == "127.0.0.1") {
            break;
        }
        assert!(Instant::now() < deadline, "{list}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stop.now();
    group.join(HANG).await.expect("all end well");
}
