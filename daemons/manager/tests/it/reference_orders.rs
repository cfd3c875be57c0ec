//! Configurations and quick orders, by the reference's API.

use elk_api::Role;
use serde_json::{Value, json};

use crate::center::{Beat, Center, Mood};
use crate::components::{create, release};
use crate::reference::{ok, post};
use crate::reference_tasks::{
    SECOND, call, created, read, rule, run, scan, subtasks, task, until_states,
};
use crate::world::{World, json, raw, until};

fn item(name: &str, version: &str) -> Value {
    json!({
        "name": name, "type": "exec", "version": version, "sha256": "aa", "signature": "",
        "download_url": ["http://x"], "detail": "",
    })
}

async fn push(world: &World, path: &str, data: Value) -> String {
    let id = created(world, path, json!({ "id_list": ["agent-0"], "data": data })).await;
    assert_eq!(run(world, &id, 1.0).await["code"], 0);
    id
}

fn sent(center: &Center) -> Vec<String> {
    let orders = center.orders();
    let list = orders.last().unwrap()["command"]["config"].as_array().unwrap().clone();
    list.iter()
        .map(|it| format!("{} {}", it["name"].as_str().unwrap(), it["version"].as_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn configurations_change_the_list_of_an_agent_item_by_item() {
    let world = World::new().await;
    let center = world.center_with(1).await;
    let first = push(&world, "config", json!({ "config": [item("driver", "1.0.0.1")] })).await;
    until_states(&world, &first, &["succeed"]).await;
    assert_eq!(sent(&center), ["driver 1.0.0.1"]);
    let second = push(
        &world,
        "config",
        json!({ "config": [
        item("collector", "2.0.0.0"), { "name": "driver", "version": "1.0.0.2" },
    ] }),
    )
    .await;
    until_states(&world, &second, &["succeed"]).await;
    assert_eq!(sent(&center), ["driver 1.0.0.2", "collector 2.0.0.0"], "always the complete list");
    let listed = read(&world, "getConfig/agent-0").await;
    assert_eq!(listed["data"], json!([item("driver", "1.0.0.2"), item("collector", "2.0.0.0")]));
    assert_eq!(
        subtasks(&world, &second).await[0]["task_data"]["command"]["config"],
        listed["data"]
    );
    let shown = task(&world, &second).await;
    assert_eq!(
        (&shown["task_type"], &shown["task_status"]),
        (&json!("Agent_Config"), &json!("running"))
    );
    // It is done when the agent shows it, not when AgentCenter took it.
    world.clock.advance_ms(2_000);
    center.put(&Beat::new("agent-0").running("driver", "1.0.0.2").running("collector", "2.0.0.0"));
    until_states(&world, &second, &["result_succeed"]).await;
    until("it to be finished", async || task(&world, &second).await["task_status"] == "finished")
        .await;
    let gone = push(&world, "delConfig", json!(["collector"])).await;
    until_states(&world, &gone, &["succeed"]).await;
    assert_eq!(sent(&center), ["driver 1.0.0.2"]);
    // Nothing would be left: an agent would delete all its plugins.
    let empty = push(&world, "delConfig", json!(["driver"])).await;
    until_states(&world, &empty, &["failed"]).await;
    assert_eq!(center.orders().len(), 3);
    assert_eq!(read(&world, "getConfig/agent-0").await["data"][0]["name"], "driver");
    for data in [json!({}), json!({ "config": [] }), json!({ "config": [{ "name": "" }] })] {
        let body = json!({ "id_list": ["agent-0"], "data": data });
        assert_eq!(call(&world, "createTask/config", body).await["code"], 5);
    }
    assert_eq!(call(&world, "createTask/delConfig", json!({ "data": [] })).await["code"], 5);
    world.end().await;
}

#[tokio::test]
async fn a_change_begins_with_the_profile_and_a_push_of_it_ends_what_was_changed() {
    let world = World::new().await;
    let center = world.center_with(1).await;
    create(&world.admin, "driver", elk_api::components::ComponentKind::Exec).await;
    release(&world.admin, "driver", "1.0.0.1", &[("default", b"program")]).await;
    let profile = json!({
        "revision": 0, "plugins": { "driver": { "version": "1.0.0.1", "detail": "" } },
        "agent_version": null,
    });
    raw(&world.admin, "PUT", "/api/n1/profiles/default", Some(&profile.to_string())).await;
    let changed = push(&world, "config", json!({ "config": [item("collector", "2.0.0.0")] })).await;
    until_states(&world, &changed, &["succeed"]).await;
    assert_eq!(sent(&center), ["driver 1.0.0.1", "collector 2.0.0.0"], "no plugin is lost");
    let asked = json!({ "selection": world.select("").await, "remove_all_plugins": false });
    let pushed =
        raw(&world.admin, "POST", "/api/n1/profiles/default/push", Some(&asked.to_string())).await;
    assert_eq!(pushed.status, 200, "{}", json(&pushed));
    until("the push", async || center.orders().len() == 2).await;
    assert_eq!(sent(&center), ["driver 1.0.0.1"]);
    let listed = read(&world, "getConfig/agent-0").await["data"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    world.end().await;
}

#[tokio::test]
async fn a_quick_order_is_answered_once_a_center_took_it() {
    let world = World::new().await;
    let center = world.center_with(2).await;
    let quick = async |query: &str, agent: &str| {
        let command = json!({ "task": { "name": "collector", "data_type": 5050, "data": "x" } });
        let body = json!({ "agent_id": agent, "command": command });
        call(&world, &format!("quickTask/task?{query}"), body).await
    };
    assert_eq!(quick("", "agent-0").await, ok(json!("")));
    let answer = quick("token=true&timeout=30", "agent-0").await;
    let id = answer["data"].as_str().unwrap().to_owned();
    assert!(id.starts_with("task-"), "{id}");
    let order = center.orders()[1]["command"]["task"].clone();
    assert_eq!((&order["name"], &order["data"]), (&json!("collector"), &json!("x")));
    let page =
        call(&world, "getSubTask/filter", rule("task_id", "$eq", json!(id))).await["data"].clone();
    assert_eq!(page["total"], 1, "only what is asked with a token is listed");
    let host = page["items"][0].clone();
    assert_eq!(
        (&host["status"], &host["job_time_out_time"]),
        (&json!("succeed"), &json!(SECOND + 30))
    );
    world.answer(order["token"].as_str().unwrap(), "succeed").await;
    until_states(&world, &id, &["result_succeed"]).await;
    let unknown = |text: &str| json!({ "code": 10, "msg": "unknown error", "data": text });
    assert_eq!(quick("", "nobody").await, unknown("mongo: no documents in result"));
    center.set_mood(Mood::Refusing("the sendPool of the agent is full"));
    assert_eq!(quick("", "agent-0").await, unknown("the sendPool of the agent is full"));
    center.remove("agent-1");
    world.until_listed("!ac", 1).await;
    assert_eq!(quick("", "agent-1").await, unknown("agentID not found"));
    let viewer = world.user("eve", Role::Viewer).await;
    let reply =
        post(&viewer, "/api/v1/agent/quickTask/task", json!({ "agent_id": "agent-0" })).await;
    assert_eq!((reply.status, reply.body.len()), (403, 0));
    world.end().await;
}

#[tokio::test]
async fn a_quick_order_that_does_not_leave_is_taken_back() {
    let world = World::new().await;
    let center = world.center_with(1).await;
    // It holds the agent and says that it does not: the order goes nowhere.
    center.set_mood(Mood::Refusing("agentID not found"));
    let body = json!({ "agent_id": "agent-0", "command": {} });
    let answer = call(&world, "quickTask/task", body).await;
    assert_eq!(answer["data"], "agentID not found");
    center.set_mood(Mood::Obliging);
    let next = created(&world, "task", scan()).await;
    run(&world, &next, 1.0).await;
    until_states(&world, &next, &["succeed"]).await;
    assert_eq!(center.orders().len(), 1, "only the later order arrived");
    world.end().await;
}
