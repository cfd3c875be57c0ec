//! Tasks, by the reference's API: created, run in parts, followed and cancelled.

use serde_json::{Value, json};

use crate::center::{Beat, Mood};
use crate::reference::{envelope, ok, post};
use crate::world::{NOW, World, json, raw, until};

pub(crate) const SECOND: i64 = NOW / 1_000;

pub(crate) async fn call(world: &World, path: &str, body: Value) -> Value {
    envelope(&post(&world.admin, &format!("/api/v1/agent/{path}"), body).await)
}

pub(crate) async fn read(world: &World, path: &str) -> Value {
    envelope(&raw(&world.admin, "GET", &format!("/api/v1/agent/{path}"), None).await)
}

/// Creates a task and returns its id.
pub(crate) async fn created(world: &World, path: &str, body: Value) -> String {
    let answer = call(world, &format!("createTask/{path}"), body).await;
    assert_eq!(answer["code"], 0, "{answer}");
    answer["data"]["task_id"].as_str().unwrap().to_owned()
}

pub(crate) async fn run(world: &World, id: &str, percent: f64) -> Value {
    let body = json!({
        "task_id": id, "action": "run", "rolling_percent": percent, "concurrence": 100,
    });
    call(world, "controlTask", body).await
}

async fn cancel(world: &World, id: &str) -> Value {
    let body = json!({ "task_id": id, "action": "cancel", "rolling_percent": 1, "concurrence": 1 });
    call(world, "controlTask", body).await
}

pub(crate) async fn task(world: &World, id: &str) -> Value {
    read(world, &format!("getTask/{id}")).await["data"].clone()
}

pub(crate) async fn subtasks(world: &World, id: &str) -> Vec<Value> {
    let data = read(world, &format!("getSubTask/{id}")).await["data"].clone();
    data.as_array().unwrap().clone()
}

/// Waits until the hosts of a task have these states, in their order.
pub(crate) async fn until_states(world: &World, id: &str, states: &[&str]) {
    let what = format!("{id} to be {states:?}");
    until(&what, async || {
        let found = subtasks(world, id).await;
        found.iter().map(|it| it["status"].as_str().unwrap()).eq(states.iter().copied())
    })
    .await;
}

pub(crate) fn scan() -> Value {
    json!({
        "id_list": ["agent-0", "agent-1", "agent-2", "nobody"], "task_name": "scan",
        "data": { "task": { "name": "collector", "data_type": 5050, "data": "{}" } },
    })
}

#[tokio::test]
async fn a_task_is_shown_from_its_creation_to_its_end() {
    let world = World::new().await;
    let center = world.center_with(3).await;
    let answer = call(&world, "createTask/task", scan()).await;
    let id = answer["data"]["task_id"].as_str().unwrap().to_owned();
    assert_eq!(answer, ok(json!({ "task_id": id, "count": 3 })));
    assert!(id.len() == 25 && id.starts_with(&NOW.to_string()), "{id}");
    let mut expected = json!({
        "tag": "", "id_list": ["agent-0", "agent-1", "agent-2", "nobody"], "filter": null,
        "data": { "task": { "name": "collector", "data": "{}", "token": "", "data_type": 5050 } },
        "task_name": "scan", "action": "", "task_user": "", "subtask_running_timeout": 0,
        "task_id": id, "task_type": "Agent_Task", "inner_status": "created",
        "task_status": "created", "todo_list": ["agent-0", "agent-1", "agent-2"], "id_count": 3,
        "distributed_count": 0, "job_list": [], "sub_task_created": 3, "sub_task_running": 0,
        "sub_task_failed": 0, "sub_task_succeed": 0, "create_time": SECOND, "update_time": SECOND,
    });
    assert_eq!(task(&world, &id).await, expected);
    assert!(center.orders().is_empty(), "nothing is sent before it is run");
    let ran = run(&world, &id, 0.34).await;
    let first = ran["data"]["jobID"].as_str().unwrap().to_owned();
    assert_eq!(ran, ok(json!({ "taskID": id, "jobID": first, "id_count": 1 })));
    assert!(first.starts_with(&format!("id-Agent_Task-{NOW}")), "{first}");
    until_states(&world, &id, &["succeed", "created", "created"]).await;
    expected["inner_status"] = json!("running");
    expected["task_status"] = json!("running");
    expected["todo_list"] = json!(["agent-1", "agent-2"]);
    expected["distributed_count"] = json!(1);
    expected["job_list"] = json!([first]);
    expected["sub_task_created"] = json!(2);
    expected["sub_task_running"] = json!(1);
    assert_eq!(task(&world, &id).await, expected);
    world.clock.advance_ms(5_000);
    let second = run(&world, &id, 1.0).await["data"].clone();
    assert_eq!(second["id_count"], 2, "the rest");
    until_states(&world, &id, &["succeed"; 3]).await;
    let refused = "task is finished/stopped or the todo_list is empty";
    let again = json!({ "code": 10, "msg": "unknown error", "data": refused });
    assert_eq!(run(&world, &id, 1.0).await, again);
    for (token, status) in center.tokens().iter().zip(["succeed", "failed", "succeed"]) {
        world.answer(token, status).await;
    }
    until_states(&world, &id, &["result_succeed", "result_failed", "result_succeed"]).await;
    expected["inner_status"] = json!("finished");
    expected["task_status"] = json!("finished");
    expected["todo_list"] = json!([]);
    expected["distributed_count"] = json!(3);
    expected["job_list"] = json!([first, second["jobID"]]);
    for (key, count) in [("created", 0), ("running", 0), ("failed", 1), ("succeed", 2)] {
        expected[format!("sub_task_{key}")] = json!(count);
    }
    expected["update_time"] = json!(SECOND + 5);
    assert_eq!(task(&world, &id).await, expected);
    assert_eq!(center.orders().len(), 3);
    world.end().await;
}

#[tokio::test]
async fn what_became_of_each_host_is_shown_in_full() {
    let world = World::new().await;
    let center = world.center_with(2).await;
    let id = created(&world, "task", scan()).await;
    let job = run(&world, &id, 0.1).await["data"]["jobID"].clone();
    until_states(&world, &id, &["succeed", "created"]).await;
    let token = center.tokens().remove(0);
    world.answer(&token, "succeed").await;
    let found = subtasks(&world, &id).await;
    let order = json!({ "name": "collector", "data": "{}", "token": token, "data_type": 5050 });
    let done = json!({
        "_id": found[0]["_id"], "append_data": null, "task_type": "Agent_Task", "task_data_type": 0,
        "agent_id": "agent-0", "task_id": id, "job_id": job,
        "task_data": { "agent_id": "agent-0", "command": { "task": order } },
        "task_url": format!("https://{}/command", center.name()), "token": token,
        "status": "result_succeed", "status_msg": "did it", "insert_time": SECOND,
        "update_time": SECOND, "job_time_out_time": 0, "job_start_time": SECOND,
        "task_result": { "token": token, "data_type": "5100", "status": "succeed", "msg": "did it" },
        "task_resp": r#"{"code":0,"data":"","msg":"success"}"#,
    });
    assert_eq!(found[0], done);
    let waiting = json!({
        "_id": found[1]["_id"], "append_data": null, "task_type": "Agent_Task", "task_data_type": 0,
        "agent_id": "agent-1", "task_id": id, "job_id": "", "task_data": null, "task_url": "",
        "token": "", "status": "created", "status_msg": "", "insert_time": SECOND,
        "update_time": SECOND, "job_time_out_time": 0, "job_start_time": 0, "task_result": "",
        "task_resp": "",
    });
    assert_eq!(found[1], waiting);
    let ids: Vec<_> = found.iter().map(|it| it["_id"].as_str().unwrap()).collect();
    assert!(ids[0].len() == 24 && ids[0] != ids[1], "{ids:?}");
    assert_eq!(read(&world, "getSubTask/nothing").await, ok(json!([])));
    let absent = read(&world, "getTask/nothing").await;
    let text = "mongo: no documents in result";
    assert_eq!(absent, json!({ "code": 3, "msg": "db operate error", "data": text }));
    world.end().await;
}

pub(crate) fn rule(key: &str, operator: &str, value: Value) -> Value {
    json!({ "filter": [
        { "key": key, "condition": "$and", "rules": [{ "operator": operator, "value": value }] },
    ] })
}

#[tokio::test]
async fn lists_are_filtered_paged_and_ordered() {
    let world = World::new().await;
    world.center_with(3).await;
    let mut ids = Vec::new();
    for name in ["b", "c", "a"] {
        let mut body = scan();
        body["task_name"] = json!(name);
        ids.push(created(&world, "task", body).await);
        world.clock.advance_ms(1_000);
    }
    let names = |page: &Value| -> Vec<String> {
        let items = page["data"]["items"].as_array().unwrap();
        items.iter().map(|it| it["task_name"].as_str().unwrap().to_owned()).collect()
    };
    let list = async |query: &str, body: Value| {
        call(&world, &format!("getTask/filter?{query}"), body).await
    };
    let all = list("", json!({})).await;
    assert_eq!(names(&all), ["b", "c", "a"]);
    assert_eq!(all["data"]["items"][0]["todo_list"], json!([]));
    let page = list("page=2&page_size=2", json!({ "filter": [] })).await;
    let mut data = page["data"].clone();
    assert_eq!(data["items"].take()[0]["task_id"], json!(ids[2]));
    let paging = json!({
        "total": 3, "count": 1, "pages": 2, "page": 2, "page_size": 2, "has_prev": true,
        "has_next": false, "items": null,
    });
    assert_eq!(data, paging);
    assert_eq!(names(&list("order_key=task_name&order_value=1", json!({})).await), ["a", "b", "c"]);
    let backwards = list("order_key=task_name&order_value=-1&page_size=2", json!({})).await;
    assert_eq!(names(&backwards), ["c", "b"]);
    // Any other direction is none.
    assert_eq!(names(&list("order_key=task_name&order_value=2", json!({})).await), ["b", "c", "a"]);
    let some = list("", rule("task_name", "$in", json!(["a", "c"]))).await;
    assert_eq!(
        (names(&some), &some["data"]["total"]),
        (vec!["c".to_owned(), "a".to_owned()], &json!(2))
    );
    assert_eq!(names(&list("", rule("data.task.name", "$eq", json!("x"))).await).len(), 0);
    let hosts = async |query: &str, body: Value| {
        call(&world, &format!("getSubTask/filter?{query}"), body).await["data"].clone()
    };
    assert_eq!(hosts("", json!({})).await["total"], 9);
    let of_one = hosts("page=2&page_size=2", rule("task_id", "$eq", json!(ids[1]))).await;
    assert_eq!((&of_one["total"], &of_one["count"]), (&json!(3), &json!(1)));
    assert_eq!(of_one["items"][0]["agent_id"], "agent-2");
    let of_agent = hosts("", rule("agent_id", "$in", json!(["agent-1"]))).await;
    assert_eq!(of_agent["total"], 3);
    for path in ["getTask", "getSubTask"] {
        for (query, body) in
            [("page=0", "{}"), ("page_size=5001", "{}"), ("order_value=x", "{}"), ("", "{")]
        {
            let path = format!("/api/v1/agent/{path}/filter?{query}");
            let reply = raw(&world.admin, "POST", &path, Some(body)).await;
            assert_eq!((reply.status, &json(&reply)["code"]), (400, &json!(5)), "{path}");
            if !query.is_empty() {
                assert_eq!(json(&reply)["data"], Value::Null, "{path}");
            }
        }
    }
    world.end().await;
}

#[tokio::test]
async fn hosts_are_chosen_by_tag_id_and_filter_together() {
    let world = World::new().await;
    let center = world.center(true).await;
    for number in 0..6 {
        center.put(&Beat::new(&format!("agent-{number}")).with("nproc", number));
    }
    world.until_listed("", 6).await;
    world.tag("prod", "id=agent-0").await;
    let filter = json!({ "condition": "$and", "filter": [
        { "key": "nproc", "condition": "$and", "rules": [{ "operator": "$gte", "value": 5 }] },
    ] });
    let data = json!({ "task": { "name": "collector", "data_type": 5050 } });
    let body =
        json!({ "tag": "prod", "id_list": ["agent-0", "agent-3"], "filter": filter, "data": data });
    let id = created(&world, "task", body).await;
    let shown = task(&world, &id).await;
    assert_eq!(shown["todo_list"], json!(["agent-0", "agent-3", "agent-5"]));
    assert_eq!(shown["filter"], filter);
    // Hosts are fixed: who gets the tag later is none of them.
    world.tag("prod", "id=agent-1").await;
    assert_eq!(task(&world, &id).await["id_count"], 3);
    let nobody = call(&world, "createTask/task", json!({ "data": data })).await;
    assert_eq!(nobody["data"]["count"], 0);
    let nothing = nobody["data"]["task_id"].as_str().unwrap();
    assert_eq!(run(&world, nothing, 1.0).await["code"], 10);
    let empty = json!({ "condition": "$and", "filter": [] });
    let refused = call(&world, "createTask/task", json!({ "filter": empty, "data": data })).await;
    assert_eq!(refused["code"], 5, "an empty filter would mean the whole fleet");
    let every = json!({ "filter": empty, "data": data, "all": true });
    assert_eq!(call(&world, "createTask/task", every).await["data"]["count"], 6);
    let unsaid = json!({ "filter": { "filter": [] }, "data": data });
    let reply = post(&world.admin, "/api/v1/agent/createTask/task", unsaid).await;
    assert_eq!((reply.status, &json(&reply)["code"]), (400, &json!(5)), "no default inside a body");
    world.end().await;
}

#[tokio::test]
async fn a_run_is_refused_for_what_makes_no_sense() {
    let world = World::new().await;
    world.center_with(1).await;
    let id = created(&world, "task", scan()).await;
    let with = |key: &str, value: Value| {
        let mut body = json!({
            "task_id": id, "action": "run", "rolling_percent": 1, "concurrence": 1,
        });
        body[key] = value;
        body
    };
    for (key, value, text) in [
        ("rolling_percent", json!(1.01), "RollingPercent must between 0 and 1"),
        ("rolling_percent", json!(-0.5), "RollingPercent must between 0 and 1"),
        ("concurrence", json!(1_000), "Concurrence must between 0 and 1000"),
        ("concurrence", json!(-1), "Concurrence must between 0 and 1000"),
        ("action", json!("pause"), "action only support cancel|run"),
    ] {
        let refused = json!({ "code": 5, "msg": "param invalid", "data": text });
        assert_eq!(
            call(&world, "controlTask", with(key, value.clone())).await,
            refused,
            "{key} {value}"
        );
    }
    for (key, value) in [
        ("task_id", json!("")),
        ("action", json!(null)),
        ("rolling_percent", json!(0)),
        ("concurrence", json!(0)),
        ("concurrence", json!("1")),
    ] {
        let reply = post(&world.admin, "/api/v1/agent/controlTask", with(key, value)).await;
        assert_eq!((reply.status, &json(&reply)["code"]), (400, &json!(5)), "{key}");
    }
    assert_eq!(call(&world, "controlTask", with("task_id", json!("nothing"))).await["code"], 10);
    assert_eq!(cancel(&world, "nothing").await["code"], 3);
    assert_eq!(run(&world, &id, 1.0).await["code"], 0, "it is as it was");
    world.end().await;
}

#[tokio::test]
async fn cancelling_stops_also_what_a_run_has_not_sent() {
    let world = World::new().await;
    let center = world.center_with(3).await;
    center.remove("agent-1");
    world.until_listed("!ac", 1).await;
    let id = created(&world, "task", scan()).await;
    assert_eq!(run(&world, &id, 0.7).await["data"]["id_count"], 2);
    until_states(&world, &id, &["succeed", "running", "created"]).await;
    assert_eq!(cancel(&world, &id).await, ok(json!({ "taskID": id })));
    until_states(&world, &id, &["succeed", "failed", "created"]).await;
    assert_eq!(subtasks(&world, &id).await[1]["status_msg"], "cancelled before it was sent");
    let shown = task(&world, &id).await;
    assert_eq!(
        (&shown["task_status"], &shown["inner_status"]),
        (&json!("cancelled"), &json!("cancelled"))
    );
    assert_eq!(run(&world, &id, 1.0).await["code"], 10);
    center.put(&Beat::new("agent-1"));
    world.until_listed("ac~.", 3).await;
    // An order that is created later arrives; the cancelled one would have come before it.
    let next = created(&world, "task", json!({ "id_list": ["agent-1"], "data": {} })).await;
    run(&world, &next, 1.0).await;
    until_states(&world, &next, &["succeed"]).await;
    assert_eq!(center.orders().len(), 2);
    assert_eq!(task(&world, &id).await["task_status"], "cancelled", "it stays so");
    world.end().await;
}

#[tokio::test]
async fn what_a_center_refuses_and_what_no_agent_answers_fails() {
    let world = World::new().await;
    let center = world.center_with(1).await;
    let mut body = scan();
    body["subtask_running_timeout"] = json!(60);
    let id = created(&world, "task", body).await;
    run(&world, &id, 1.0).await;
    until_states(&world, &id, &["succeed"]).await;
    world.clock.advance_ms(61_000);
    until_states(&world, &id, &["result_failed"]).await;
    until("it to be finished", async || task(&world, &id).await["task_status"] == "finished").await;
    assert_eq!(task(&world, &id).await["sub_task_failed"], 1);
    center.set_mood(Mood::Refusing("the sendPool of the agent is full"));
    let id = created(&world, "task", scan()).await;
    run(&world, &id, 1.0).await;
    until_states(&world, &id, &["failed"]).await;
    let found = subtasks(&world, &id).await.remove(0);
    assert_eq!(found["status_msg"], "the sendPool of the agent is full");
    let told: Value = serde_json::from_str(found["task_resp"].as_str().unwrap()).unwrap();
    let text = "the sendPool of the agent is full";
    assert_eq!(told, json!({ "code": 3, "msg": "some errors occurred", "data": text }));
    world.end().await;
}

#[tokio::test]
async fn tasks_survive_the_end_of_their_manager_and_are_sent_once() {
    let world = World::new().await;
    let center = world.center_with(3).await;
    let id = created(&world, "task", scan()).await;
    run(&world, &id, 0.34).await;
    until_states(&world, &id, &["succeed", "created", "created"]).await;
    let before = task(&world, &id).await;
    let world = world.kill().await;
    assert_eq!(task(&world, &id).await, before);
    world.until_listed("ac~.", 3).await;
    assert_eq!(run(&world, &id, 1.0).await["data"]["id_count"], 2);
    until_states(&world, &id, &["succeed"; 3]).await;
    let mut tokens = center.tokens();
    tokens.sort();
    tokens.dedup();
    assert_eq!((tokens.len(), center.orders().len()), (3, 3));
    world.end().await;
}

#[tokio::test]
async fn two_runs_at_once_never_take_the_same_host() {
    let world = World::new().await;
    let center = world.center_with(8).await;
    let ids: Vec<_> = (0..8).map(|it| format!("agent-{it}")).collect();
    let id = created(&world, "task", json!({ "id_list": ids, "data": {} })).await;
    let runs = (0..4).map(|_| run(&world, &id, 0.25));
    let ran = futures_util::future::join_all(runs).await;
    assert!(ran.iter().all(|it| it["data"]["id_count"] == 2), "{ran:?}");
    until_states(&world, &id, &["succeed"; 8]).await;
    assert_eq!(center.orders().len(), 8);
    world.end().await;
}

#[tokio::test]
async fn a_number_for_agents_of_old_is_kept_and_never_sent() {
    let world = World::new().await;
    let center = world.center_with(1).await;
    let body = json!({ "id_list": ["agent-0"], "data": { "agent_ctrl": 2 } });
    let id = created(&world, "ctrl", body).await;
    assert_eq!(task(&world, &id).await["data"], json!({ "agent_ctrl": 2 }));
    run(&world, &id, 1.0).await;
    until_states(&world, &id, &["succeed"]).await;
    let command = center.orders()[0]["command"].clone();
    assert_eq!((&command["agent_ctrl"], &command["config"]), (&Value::Null, &Value::Null));
    assert_eq!(command["task"]["name"], "", "an order without a content");
    world.end().await;
}
