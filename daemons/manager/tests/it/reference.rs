//! The reference's API, byte for byte where a client could care.

use elk_api::Role;
use elk_api::components::ComponentKind;
use elk_client::{Client, RawReply};
use serde_json::{Value, json};

use crate::center::Beat;
use crate::components::{create, release};
use crate::world::{NOW, PASSWORD, World, json, raw, until};

pub(crate) fn envelope(reply: &RawReply) -> Value {
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    assert_eq!(reply.headers["content-type"], "application/json; charset=utf-8");
    json(reply)
}

/// What stands around a result.
pub(crate) fn ok(data: Value) -> Value {
    json!({ "code": 0, "msg": "success", "data": data })
}

pub(crate) async fn post(client: &Client, path: &str, body: Value) -> RawReply {
    raw(client, "POST", path, Some(&body.to_string())).await
}

#[tokio::test]
async fn signing_in_and_out_answers_as_the_reference_does() {
    let world = World::new().await;
    let anyone = world.anyone();
    let login = async |body: &str| raw(&anyone, "POST", "/api/v1/user/login", Some(body)).await;
    let right = json!({ "username": "admin", "password": PASSWORD }).to_string();
    let reply = login(&right).await;
    let answer = envelope(&reply);
    let token = answer["data"]["token"].as_str().unwrap();
    assert!(token.starts_with("seesion-") && token.len() > 40, "{token}");
    assert_eq!(answer, json!({ "code": 0, "msg": "success", "data": { "token": token } }));
    let wrong = json!({ "code": 1, "msg": "auth failed", "data": "verify password failed" });
    assert_eq!(envelope(&login(r#"{"username":"admin","password":"x"}"#).await), wrong);
    assert_eq!(envelope(&login("{}").await), wrong);
    let bad = login("{").await;
    assert_eq!(
        (bad.status, &bad.headers["content-type"]),
        (400, &"text/plain; charset=utf-8".parse().unwrap())
    );
    assert_eq!((&json(&bad)["code"], &json(&bad)["msg"]), (&5.into(), &"param invalid".into()));
    let info = raw(&world.admin, "GET", "/api/v1/user/info", None).await;
    assert_eq!(info.headers["user"], "admin");
    let expected = json!({
        "username": "admin", "password": "***", "salt": "***", "avatar": "", "level": 0,
        "config": null, "xml": false, "password_update_time": NOW / 1_000,
    });
    assert_eq!(envelope(&info), json!({ "code": 0, "msg": "success", "data": expected }));
    let viewer = world.user("eve", Role::Viewer).await;
    let info = raw(&viewer, "GET", "/api/v1/user/info", None).await;
    assert_eq!(envelope(&info)["data"]["level"], 3);
    let out = raw(&viewer, "GET", "/api/v1/user/logout", None).await;
    assert_eq!(envelope(&out), json!({ "code": 0, "msg": "success", "data": null }));
    for path in
        ["user/info", "user/logout", "agent/getStatus", "agent/getStatus/x", "agent/getConfig/x"]
    {
        let reply = raw(&viewer, "GET", &format!("/api/v1/{path}"), None).await;
        assert_eq!((reply.status, reply.body.len()), (401, 0), "{path}");
    }
    let reply = raw(&anyone, "POST", "/api/v1/agent/getStatus/filter", Some("{}")).await;
    assert_eq!((reply.status, reply.body.len()), (401, 0));
    world.end().await;
}

#[tokio::test]
async fn the_status_of_agents_comes_in_three_forms() {
    let world = World::new().await;
    let center = world.center(true).await;
    center.put(&Beat::new("web-1").running("driver", "1.7.0.24"));
    center.put(&Beat { connected_for: 5_000, ..Beat::new("db-1") }.with("idc", "dc2"));
    world.until_listed("", 2).await;
    world.tag("prod", "id=web-1").await;
    let one = raw(&world.admin, "GET", "/api/v1/agent/getStatus/web-1", None).await;
    let document = envelope(&one)["data"].clone();
    let expected = [
        ("agent_id", json!("web-1")),
        ("hostname", json!("host-web-1")),
        ("version", json!("1.9.1.22")),
        ("last_heartbeat_time", json!(NOW / 1_000)),
        ("first_heartbeat_time", json!(NOW / 1_000)),
        ("source_ip", json!("127.0.0.1")),
        ("source_port", json!(center.addr.port())),
        ("intranet_ipv4", json!(["10.0.0.7"])),
        ("tags", json!(["prod"])),
        ("cpu", json!(0.25)),
        (
            "plugins",
            json!([{
                "name": "driver", "pversion": "1.7.0.24", "last_heartbeat_time": NOW / 1_000,
                "cpu": 0.01, "rss": 1_024,
            }]),
        ),
    ];
    for (key, value) in expected {
        assert_eq!(document[key], value, "{key}");
    }
    assert_eq!(document["_id"].as_str().unwrap().len(), 24);
    let absent = raw(&world.admin, "GET", "/api/v1/agent/getStatus/web", None).await;
    let text = "mongo: no documents in result";
    assert_eq!(envelope(&absent), json!({ "code": 3, "msg": "db operate error", "data": text }));
    let list = raw(&world.admin, "GET", "/api/v1/agent/getStatus?page=2&page_size=1", None).await;
    let mut data = envelope(&list)["data"].clone();
    assert_eq!(data["items"].take()[0], document);
    let paging = json!({
        "total": 2, "count": 1, "pages": 2, "page": 2, "page_size": 1, "has_prev": true,
        "has_next": false, "items": null,
    });
    assert_eq!(data, paging);
    for query in ["page=0", "page_size=0", "page_size=5001", "page=x", "page=-1"] {
        let path = format!("/api/v1/agent/getStatus?{query}");
        let reply = raw(&world.admin, "GET", &path, None).await;
        assert_eq!((reply.status, reply.body.len()), (400, 0), "{query}");
    }
    world.end().await;
}

#[tokio::test]
async fn a_filter_finds_the_agents_it_describes() {
    let world = World::new().await;
    let center = world.center(true).await;
    for number in 0..30 {
        let idc = if number % 2 == 0 { "dc1" } else { "dc2" };
        center
            .put(&Beat::new(&format!("agent-{number:02}")).with("idc", idc).with("nproc", number));
    }
    world.until_listed("", 30).await;
    let ask = async |query: &str, body: Value| {
        let path = format!("/api/v1/agent/getStatus/filter?{query}");
        raw(&world.admin, "POST", &path, Some(&body.to_string())).await
    };
    let rule = |key: &str, operator: &str, value: Value| json!({ "key": key, "condition": "$and", "rules": [{ "operator": operator, "value": value }] });
    // The reference's README asks for who was heard of lately.
    let lately = json!({ "filter": [rule("last_heartbeat_time", "$gt", json!(1_614_255_379))] });
    let all = envelope(&ask("page=1&page_size=100", lately).await);
    assert_eq!((&all["data"]["total"], &all["data"]["count"]), (&30.into(), &30.into()));
    let body = json!({ "condition": "$and", "filter": [
        rule("idc", "$eq", json!("dc2")), rule("nproc", "$gte", json!(10)),
    ] });
    let page = envelope(&ask("page=2&page_size=4", body).await)["data"].clone();
    let ids: Vec<_> = page["items"].as_array().unwrap().iter().map(|it| &it["agent_id"]).collect();
    assert_eq!(ids, ["agent-19", "agent-21", "agent-23", "agent-25"]);
    assert_eq!(
        (&page["total"], &page["pages"], &page["has_next"]),
        (&10.into(), &3.into(), &true.into())
    );
    let none = json!({ "filter": [rule("agent_id", "$in", json!(["nobody"]))] });
    assert_eq!(envelope(&ask("", none).await)["data"]["items"], json!([]));
    let everything = envelope(&ask("", json!({ "filter": [] })).await);
    assert_eq!(everything["data"]["total"], 30);
    for body in [json!({ "filter": [rule("a", "$regex", json!(1))] }), json!({ "filter": [{}] })] {
        let reply = ask("", body).await;
        assert_eq!((reply.status, &json(&reply)["code"]), (400, &5.into()));
    }
    world.end().await;
}

#[tokio::test]
async fn without_a_profile_no_answer_is_an_empty_configuration() {
    let world = World::new().await;
    let center = world.center(false).await;
    center.put(&Beat::new("web-1"));
    world.until_listed("", 1).await;
    for id in ["web-1", "nobody"] {
        let path = format!("/api/v1/agent/getConfig/{id}");
        let answer = envelope(&raw(&world.admin, "GET", &path, None).await);
        assert_eq!(answer["code"], 10, "{answer}");
        assert!(answer["data"].is_string(), "{answer}");
    }
    // An AgentCenter of old asks so, too.
    until("a listed address to be taken", async || {
        raw(&world.anyone(), "GET", "/api/v1/agent/getConfig/web-1", None).await.status == 200
    })
    .await;
    world.end().await;
}

#[tokio::test]
async fn a_profile_is_told_in_the_shape_of_the_reference() {
    let world = World::new().await;
    let center = world.center(true).await;
    center.put(&Beat::new("web-1"));
    world.until_listed("", 1).await;
    create(&world.admin, "driver", ComponentKind::Exec).await;
    release(&world.admin, "driver", "1.0.0.1", &[("default", b"program")]).await;
    let new = json!({
        "revision": 0, "plugins": { "driver": { "version": "1.0.0.1", "detail": "{}" } },
        "agent_version": null,
    });
    let set = raw(&world.admin, "PUT", "/api/n1/profiles/default", Some(&new.to_string())).await;
    assert_eq!(set.status, 200, "{}", json(&set));
    let asked = raw(&world.admin, "GET", "/api/v1/agent/getConfig/web-1", None).await;
    let item = envelope(&asked)["data"][0].clone();
    let keys: Vec<_> = item.as_object().unwrap().keys().map(String::as_str).collect();
    let known = ["detail", "download_url", "name", "sha256", "signature", "type", "version"];
    assert_eq!(keys, known);
    assert_eq!(
        (&item["name"], &item["type"], &item["detail"]),
        (&"driver".into(), &"exec".into(), &"{}".into())
    );
    assert!(item["download_url"][0].as_str().unwrap().starts_with("http://127.0.0.1:"), "{item}");
    let told = world.as_center(elk_api::intake::CONFIG, &json!({ "agent_id": "web-1" })).await;
    assert_eq!(told.unwrap()[0], item);
    world.end().await;
}

#[tokio::test]
async fn agent_centers_learn_the_tags_of_agents() {
    let world = World::new().await;
    world.center_with(2).await;
    world.tag("prod", "id=agent-0").await;
    world.tag("eu", "id=agent-0").await;
    let asked = json!({ "id_list": ["agent-0", "agent-1", "nobody", ""] });
    let answer = world.as_center("/api/v1/agent/queryInfo", &asked).await.unwrap();
    let info =
        |tags: &str| json!({ "tags": tags, "psm_name": "", "psm_path": "", "enhanced": "false" });
    assert_eq!(answer, json!({ "agent-0": info("eu,prod"), "agent-1": info("") }));
    world.end().await;
}
