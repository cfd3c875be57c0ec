//! Tags and the default list, by the reference's API.

use elk_api::components::ComponentKind;
use serde_json::{Value, json};

use crate::center::Beat;
use crate::components::{create, release};
use crate::reference::{envelope, ok, post};
use crate::world::{World, json, raw};

async fn tags(world: &World) -> Value {
    envelope(&raw(&world.admin, "GET", "/api/v1/getTags", None).await)["data"].clone()
}

#[tokio::test]
async fn tags_are_tied_by_id_and_by_address_and_untied() {
    let world = World::new().await;
    let center = world.center(true).await;
    let six = json!(["fd00::7"]);
    center.put(&Beat::new("web-1").with("intranet_ipv4", json!(["10.0.0.1"])));
    center.put(&Beat::new("web-2").with("extranet_ipv4", json!(["192.0.2.1"])));
    center.put(&Beat::new("web-3").with("intranet_ipv4", json!([])).with("intranet_ipv6", six));
    world.until_listed("", 3).await;
    let call = async |path: &str, body: Value| envelope(&post(&world.admin, path, body).await);
    assert_eq!(tags(&world).await, json!([]));
    let of = async |ids: Value| call("/api/v1/getTags", json!({ "id_list": ids })).await;
    let named =
        json!({ "tag": "prod", "id_list": ["web-1", "nobody"], "ipv4_list": ["192.0.2.1"] });
    assert_eq!(call("/api/v1/addTags", named).await, ok(Value::Null));
    assert_eq!(
        call(
            "/api/v1/addTags",
            json!({ "tag": "six", "ipv6_list": ["fd00::7"], "ipv4_list": null })
        )
        .await,
        ok(Value::Null)
    );
    assert_eq!(
        of(json!(["web-1", "web-2", "web-3", "nobody"])).await,
        ok(json!({ "web-1": "prod", "web-2": "prod", "web-3": "six" }))
    );
    assert_eq!(tags(&world).await, json!(["prod", "six"]));
    // A part of an address is no address.
    let part = json!({ "tag": "part", "ipv4_list": ["10.0.0", "0.0.1", ""] });
    assert_eq!(call("/api/v1/addTags", part).await, ok(Value::Null));
    assert_eq!(tags(&world).await, json!(["prod", "six"]));
    assert_eq!(
        call("/api/v1/delTags", json!({ "tag": "prod", "id_list": ["web-2"] })).await,
        ok(Value::Null)
    );
    assert_eq!(
        of(json!(["web-1", "web-2"])).await["data"],
        json!({ "web-1": "prod", "web-2": "" })
    );
    assert_eq!(call("/api/v1/addTags", json!({ "tag": "a b" })).await["code"], 5);
    let empty = post(&world.admin, "/api/v1/addTags", json!({ "tag": "" })).await;
    assert_eq!((empty.status, empty.body.len()), (400, 0));
    world.end().await;
}

#[tokio::test]
async fn a_filter_tags_who_passes_and_an_empty_one_nobody_unless_all_is_said() {
    let world = World::new().await;
    let center = world.center(true).await;
    for number in 0..5 {
        center.put(&Beat::new(&format!("agent-{number}")).with("nproc", number));
    }
    world.until_listed("", 5).await;
    let call = async |query: &str, body: Value| {
        post(&world.admin, &format!("/api/v1/addTags/filter{query}"), body).await
    };
    let rule = json!({ "key": "nproc", "condition": "$and",
        "rules": [{ "operator": "$gte", "value": 3 }] });
    let some = json!({ "filter": [rule] });
    assert_eq!(envelope(&call("?tag=big", some.clone()).await), ok(json!({ "count": 2 })));
    assert_eq!(envelope(&call("?tag=big", some.clone()).await), ok(json!({ "count": 0 })));
    let missing = envelope(&call("", some).await);
    assert_eq!(missing["data"], "The query parameter tag must be set.");
    let refused = envelope(&call("?tag=every", json!({ "filter": [] })).await);
    assert_eq!((&refused["code"], tags(&world).await), (&json!(5), json!(["big"])));
    let all = call("?tag=every", json!({ "filter": [], "all": true })).await;
    assert_eq!(envelope(&all), ok(json!({ "count": 5 })));
    let all = call("?tag=each&all=true", json!({})).await;
    assert_eq!(envelope(&all), ok(json!({ "count": 5 })));
    world.end().await;
}

#[tokio::test]
async fn the_default_list_is_kept_from_its_first_time_on_and_told_to_agents_without_their_own() {
    let world = World::new().await;
    let center = world.center(true).await;
    center.put(&Beat::new("web-1"));
    world.until_listed("", 1).await;
    let read = async |path: &str| envelope(&raw(&world.admin, "GET", path, None).await);
    assert_eq!(read("/api/v1/agent/getDefaultConfig").await, ok(json!([])));
    let item = json!({
        "name": "driver", "type": "tar.gz", "signature": "s", "version": "1.7.0.10",
        "sha256": "aa", "download_url": ["http://x/driver"], "detail": "",
    });
    let set = json!({ "type": "anything", "version": 7, "config": [item] });
    let reply = post(&world.admin, "/api/v1/agent/updateDefaultConfig", set).await;
    let echoed = json!({
        "type": "anything", "version": 7, "config": [item], "create_time": 0, "update_time": 0,
    });
    assert_eq!(envelope(&reply), ok(echoed));
    assert_eq!(read("/api/v1/agent/getDefaultConfig").await, ok(json!([item])));
    assert_eq!(read("/api/v1/agent/getConfig/web-1").await, ok(json!([item])));
    assert_eq!(read("/api/v1/agent/getConfig/nobody").await, ok(json!([item])));
    for body in
        [json!({ "config": [] }), json!({ "type": "x" }), json!({ "type": "x", "config": null })]
    {
        let reply = post(&world.admin, "/api/v1/agent/updateDefaultConfig", body).await;
        assert_eq!((reply.status, &json(&reply)["code"]), (400, &json!(5)));
    }
    let nameless = json!({ "type": "x", "config": [{ "version": "1" }] });
    let reply = post(&world.admin, "/api/v1/agent/updateDefaultConfig", nameless).await;
    assert_eq!(envelope(&reply)["data"], "config[0].name: it has 1 to 64 bytes");
    // An empty one is none: agents get what the profile says.
    let none = json!({ "type": "x", "config": [] });
    post(&world.admin, "/api/v1/agent/updateDefaultConfig", none).await;
    create(&world.admin, "collector", ComponentKind::Exec).await;
    release(&world.admin, "collector", "1.0.0.1", &[("default", b"program")]).await;
    let profile = json!({
        "revision": 0, "plugins": { "collector": { "version": "1.0.0.1", "detail": "" } },
        "agent_version": null,
    });
    raw(&world.admin, "PUT", "/api/n1/profiles/default", Some(&profile.to_string())).await;
    assert_eq!(read("/api/v1/agent/getConfig/web-1").await["data"][0]["name"], "collector");
    world.end().await;
}
