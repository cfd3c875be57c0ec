//! This Manager in the place of one of the reference: what AgentCenters of the reference answer and
//! send, byte for byte where it could matter.

use bytes::Bytes;
use elk_api::tasks::SubtaskState;
use elk_client::RawReply;
use http::{HeaderMap, Method};
use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use crate::center::{Beat, Center};
use crate::reference::{envelope, ok};
use crate::world::{NOW, World, raw, until};

const AGENT: &str = "33623333-3365-4905-b417-331e183333183";

/// `/conn/stat` of a running AgentCenter of the reference, with the times of this world.
fn stat() -> String {
    let text = r#"{"code":0,"msg":"success","data":[{"agent_info":{"agent_addr":"192.0.2.2:37550",
 "agent_id":"33623333-3365-4905-b417-331e183333183","arch":"x86_64","boot_time":HEARD_AT,"cpu":0.00149993,
 "cpu_name":"AMD EPYC","cpu_usage":0.99958319,"create_at":HEARD_AT,"dns":"10.255.255.53","du":3136,
 "extranet_ipv4":["192.0.2.2"],"extranet_ipv6":[],"gateway":"192.0.2.1","host_id":"","host_model":"","host_serial":"",
 "host_vendor":"","hostname":"vm","idc":"default","intranet_ipv4":[],"intranet_ipv6":["fd00::2"],
 "kernel_version":"6.18.44-fc-v669","last_heartbeat_time":HEARD_AT,"load_1":4.28,"load_15":3.12,"load_5":4.25,
 "mem_usage":0.05930121,"net_mode":"sd","nfd":14,"ngr":21,"nproc":2,"pid":6879,"platform":"debian",
 "platform_family":"debian","platform_version":"12.11","product":"elkeid-agent","read_speed":136.52730877,
 "region":"default","rss":14331904,"running_procs":10,"rx_speed":2.53327123,"rx_tps":0.01666626,
 "start_time":HEARD_AT,"state":"running","state_detail":"[]","total_mem":25276502016,"total_procs":188,
 "tx_speed":17.71623234,"tx_tps":0.03333252,"version":"1.9.1.6","write_speed":341.31827192},
 "plugins_info":[{"cpu":0,"du":999,"last_heartbeat_time":HEARD_AT,"name":"demo","nfd":7,"pid":6929,
 "pversion":"1.0.0.1","read_speed":14131.2,"rss":8966144,"rx_speed":0,"rx_tps":0,"start_time":HEARD_AT,
 "tx_speed":0.60108582,"tx_tps":0.01669683,"write_speed":136.53333333}]},
 {"agent_info":{},"plugins_info":[]}]}"#;
    text.replace("HEARD_AT", &(NOW / 1_000).to_string())
}

/// Lets an AgentCenter of the reference hold the agent, and waits until that is known.
async fn tells(world: &World, center: &Center) {
    center.put(&Beat::new(AGENT));
    center.say(Some((200, stat())));
    world.until_listed("", 1).await;
}

/// Posts as the client of an AgentCenter of the reference does: plain, unsigned.
async fn post(world: &World, path: &str, kind: &str, body: &str) -> RawReply {
    let mut headers = HeaderMap::new();
    headers.insert("user-agent", "GRequests/0.10".parse().unwrap());
    headers.insert("content-type", kind.parse().unwrap());
    let body = Bytes::copy_from_slice(body.as_bytes());
    world.anyone().raw(Method::POST, path, &headers, Some(body)).await.unwrap()
}

#[tokio::test]
async fn the_state_of_a_center_of_the_reference_is_taken_as_it_tells_it() {
    let world = World::new().await;
    let center = world.center(false).await;
    tells(&world, &center).await;
    let path = format!("/api/v1/agent/getStatus/{AGENT}");
    let document = envelope(&raw(&world.admin, "GET", &path, None).await)["data"].clone();
    let told: Value = serde_json::from_str(&stat()).unwrap();
    for (key, value) in told["data"][0]["agent_info"].as_object().unwrap() {
        // The moment of the connection is no news: it is that of the first heartbeat here.
        if !matches!(key.as_str(), "create_at" | "state_detail") {
            assert_eq!(&document[key], value, "{key}");
        }
    }
    assert_eq!(document["source_ip"], "127.0.0.1");
    assert_eq!(document["source_port"], center.addr.port());
    assert_eq!(document["plugins"][0]["name"], "demo");
    assert_eq!(document["plugins"][0]["pversion"], "1.0.0.1");
    assert_eq!(center.unsigned(), 0, "a GET is signed without a hash of a body");
    world.end().await;
}

#[tokio::test]
async fn an_order_goes_to_a_center_of_the_reference_and_its_result_comes_back() {
    let world = World::new().await;
    let center = world.center(false).await;
    tells(&world, &center).await;
    let task = world.task("", |_| {}).await;
    world.until_task(&task.id, SubtaskState::Acked, 1).await;
    let token = center.tokens().remove(0);
    let mut order = center.orders().remove(0);
    // What stands for nothing there may be left out or be zero.
    let command = order["command"].as_object_mut().unwrap();
    command.retain(|_, value| !value.is_null() && *value != json!(0) && *value != json!([]));
    let expected = json!({"agent_id": AGENT, "command": {"task":
        {"name": "collector", "data": "{}", "token": token, "data_type": 5050}}});
    assert_eq!(order, expected);
    let result = format!(
        r#"[{{"data_type":"5100","msg":"ok \ufffd \u003cb\u003e","status":"succeed","token":"{token}"}}]"#
    );
    let reply = post(&world, "/api/v1/agent/updateSubTask", "application/json", &result).await;
    assert_eq!(envelope(&reply), ok(json!(null)));
    world.until_task(&task.id, SubtaskState::Succeeded, 1).await;
    assert_eq!(world.results(&task.id).await[0].message, "ok \u{fffd} <b>");
    world.end().await;
}

#[tokio::test]
async fn what_a_center_of_the_reference_asks_is_answered_as_it_reads_it() {
    let world = World::new().await;
    let center = world.center(false).await;
    tells(&world, &center).await;
    world.tag("prod", &format!("id={AGENT}")).await;
    // Its decoder panics on `null`, here and there.
    let info = "/api/v1/agent/queryInfo";
    let asked = format!(r#"{{"id_list":["{AGENT}","","nobody"]}}"#);
    let known =
        json!({AGENT: {"tags": "prod", "psm_name": "", "psm_path": "", "enhanced": "false"}});
    assert_eq!(envelope(&post(&world, info, "application/json", &asked).await), ok(known));
    for asked in [r#"{"id_list":[]}"#, r#"{"id_list":[""]}"#] {
        assert_eq!(envelope(&post(&world, info, "application/json", asked).await), ok(json!({})));
    }
    // Without a profile it is no empty set, after which the agent would delete all plugins.
    let told: Value = serde_json::from_str(&stat()).unwrap();
    let detail = told["data"][0]["agent_info"].to_string();
    let reply =
        post(&world, "/api/v6/component/GetComponentInstances", "application/json", &detail).await;
    assert_ne!(crate::world::json(&reply)["code"], 0);
    let clusters = raw(&world.anyone(), "GET", "/api/v6/kube/inner/cluster/list", None).await;
    assert_eq!(envelope(&clusters), ok(json!([])));
    world.end().await;
}

#[tokio::test]
async fn a_file_of_an_agent_comes_as_a_center_of_the_reference_sends_it() {
    let world = World::new().await;
    let center = world.center(false).await;
    tells(&world, &center).await;
    let task = world.task("", |_| {}).await;
    world.until_task(&task.id, SubtaskState::Acked, 1).await;
    // The archive's MD5 comes after the file.
    let digest: String = Md5::digest(b"zipped").iter().map(|it| format!("{it:02x}")).collect();
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}.zip\"\r\n\
         Content-Type: application/octet-stream\r\n\r\nzipped\r\n--b\r\n\
         Content-Disposition: form-data; name=\"hash\"\r\n\r\n{digest}\r\n--b--\r\n",
        center.tokens()[0]
    );
    let kind = "multipart/form-data; boundary=b";
    let first = envelope(&post(&world, "/api/v6/shared/Upload", kind, &form).await);
    let name = first["data"].as_str().unwrap();
    assert!(name.starts_with("upload-") && name.ends_with(&format!("-{digest}.zip")), "{name}");
    let again = envelope(&post(&world, "/api/v6/shared/Upload", kind, &form).await);
    assert_eq!(again["data"], name, "the same file has one name");
    world.end().await;
}

#[tokio::test]
async fn a_discovery_of_the_reference_is_told_where_this_manager_is() {
    let world = World::new().await;
    until("it to register", async || !world.sd.registered().is_empty()).await;
    let mut told = world.sd.registered().remove(0);
    told.as_object_mut().unwrap().remove("extra");
    let port = world.addr.port();
    let expected = json!({"name": "hids_manage", "ip": "127.0.0.1", "port": port, "weight": 0});
    assert_eq!(told, expected);
    // Its discovery outlives it.
    let world = world.restart().await;
    assert_eq!(world.sd.evicted()[0]["name"], "hids_manage");
    world.end().await;
}
