//! Jobs, by the reference's v0 and v1.

use elk_trust::aksk;
use http::HeaderMap;
use serde_json::{Value, json};

use crate::reference::{envelope, ok, post};
use crate::world::{NOW, World, json, raw, until};

async fn read(world: &World, path: &str) -> Value {
    let reply = raw(&world.admin, "GET", path, None).await;
    assert_eq!(reply.status, 200);
    json(&reply)
}

/// What another Manager says of a job, signed as it would.
async fn sync(world: &World, action: &str, data: &str) -> Value {
    let body = json!({ "action": action, "data": data }).to_string();
    json(&world.signed("/api/v0/inner/sync", &body).await)
}

#[tokio::test]
async fn a_run_is_told_as_a_job_for_twelve_hours() {
    let world = World::new().await;
    let center = world.center_with(2).await;
    let order = json!({ "task": { "name": "collector", "data_type": 5050 } });
    let body = json!({ "id_list": ["agent-0", "agent-1"], "data": order });
    let created = envelope(&post(&world.admin, "/api/v1/agent/createTask/task", body).await);
    let run = json!({
        "task_id": created["data"]["task_id"], "action": "run", "rolling_percent": 1,
        "concurrence": 7,
    });
    let ran = envelope(&post(&world.admin, "/api/v1/agent/controlTask", run).await);
    let job = ran["data"]["jobID"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/agent/getJob/{job}");
    let done = async || read(&world, &path).await["data"]["info"]["do_ok_count"] == "2";
    until("both orders to be taken", done).await;
    let info = json!({
        "id": job, "name": "Agent_Task", "conNum": "7", "timeout": "3600",
        "newAt": (NOW / 1_000).to_string(), "distribute_ok_count": "2",
        "distribute_failed_count": "0", "un_distribute_count": "0", "do_ok_count": "2",
        "do_failed_count": "0",
    });
    let stages = ["new", "run", "distribute", "finish"];
    let stat: Value =
        stages.iter().map(|it| (format!("{}_{it}", world.addr), json!("ok"))).collect();
    let told = read(&world, &path).await;
    assert_eq!(told, ok(json!({ "info": info, "stat": stat, "res": null })));
    let of_old = read(&world, &format!("/api/v0/job/stat?id={job}")).await;
    assert_eq!(of_old, json!({ "msg": "ok", "data": { "info": info, "stat": stat } }));
    let text = format!(
        "url:https://{}/command; Result:{}",
        center.name(),
        r#"{"code":0,"data":"","msg":"success"}"#
    );
    let results = read(&world, &format!("{path}?result=true")).await;
    assert_eq!(results["data"]["res"], json!([text, text]));
    let of_old = read(&world, &format!("/api/v0/job/result?id={job}")).await;
    assert_eq!(of_old, json!({ "msg": "ok", "data": [text, text] }));
    let absent = ok(json!({ "info": {}, "stat": {}, "res": null }));
    assert_eq!(read(&world, "/api/v1/agent/getJob/nothing").await, absent);
    let mut world = world;
    world.clock.advance_ms(43_200_001);
    world.admin = crate::world::sign_in(world.addr, "admin", crate::world::PASSWORD).await.unwrap();
    assert_eq!(read(&world, &path).await, absent);
    world.end().await;
}

#[tokio::test]
async fn jobs_without_work_start_and_stop_and_none_has_numbers_that_end_a_manager() {
    let world = World::new().await;
    let new = async |body: Value| post(&world.admin, "/api/v0/job/new", body).await;
    let job = json!({ "name": "Agent_Task", "con_num": 5, "timeout": 60 });
    let reply = new(job.clone()).await;
    let started = json(&reply);
    let id = started["data"].as_str().unwrap().to_owned();
    assert_eq!((reply.status, &started["msg"]), (200, &json!("ok")));
    assert!(id.starts_with("id-Agent_Task-"), "{id}");
    for (key, value) in [
        ("con_num", json!(-1)),
        ("con_num", json!(0)),
        ("con_num", json!(1_000_000)),
        ("timeout", json!(-1)),
    ] {
        let mut body = job.clone();
        body[key] = value;
        let reply = new(body).await;
        assert_eq!(
            (reply.status, json(&reply)),
            (400, json!({ "msg": "post data error" })),
            "{key}"
        );
    }
    for name in ["", "nothing", "Agent_Quick_Config"] {
        let reply = new(json!({ "name": name, "con_num": 5, "timeout": 60 })).await;
        assert_eq!((reply.status, json(&reply)), (503, json!({ "msg": "new job failed" })));
    }
    let distributed = post(&world.admin, "/api/v0/job/distribute", json!({})).await;
    assert_eq!((distributed.status, json(&distributed)), (200, json!({})));
    let stat = read(&world, &format!("/api/v0/job/stat?id={id}")).await["data"].clone();
    assert_eq!((&stat["info"]["conNum"], &stat["info"]["timeout"]), (&json!("5"), &json!("60")));
    assert_eq!(stat["stat"].as_object().unwrap().len(), 2, "it was started and runs");
    // Twice is no worse than once.
    for id in [id.as_str(), id.as_str(), "nothing"] {
        let stopped = post(&world.admin, "/api/v0/job/stop", json!({ "id": id })).await;
        assert_eq!((stopped.status, json(&stopped)), (200, json!({ "msg": "ok" })));
    }
    let stat = read(&world, &format!("/api/v0/job/stat?id={id}")).await["data"].clone();
    assert_eq!(stat["stat"][format!("{}_finish", world.addr)], "ok");
    let nothing = json!({ "msg": "ok", "data": { "info": {}, "stat": {} } });
    assert_eq!(read(&world, "/api/v0/job/stat?id=nothing").await, nothing);
    assert_eq!(read(&world, "/api/v0/job/stat").await, nothing);
    assert_eq!(read(&world, "/api/v0/job/result?id=x").await, json!({ "msg": "ok", "data": [] }));
    world.end().await;
}

#[tokio::test]
async fn stopping_a_job_takes_back_what_it_has_not_sent() {
    let world = World::new().await;
    let center = world.center_with(1).await;
    center.remove("agent-0");
    world.until_listed("!ac", 1).await;
    let body = json!({ "id_list": ["agent-0"], "data": {} });
    let created = envelope(&post(&world.admin, "/api/v1/agent/createTask/task", body).await);
    let run = json!({
        "task_id": created["data"]["task_id"], "action": "run", "rolling_percent": 1,
        "concurrence": 1,
    });
    let ran = envelope(&post(&world.admin, "/api/v1/agent/controlTask", run).await);
    let job = ran["data"]["jobID"].as_str().unwrap();
    let path = format!("/api/v0/job/stat?id={job}");
    assert_eq!(read(&world, &path).await["data"]["info"]["un_distribute_count"], "1");
    // Another Manager may say so as well.
    assert_eq!(
        sync(&world, "stop", &json!({ "id": job }).to_string()).await,
        json!({ "msg": "ok" })
    );
    let info = read(&world, &path).await["data"]["info"].clone();
    assert_eq!(
        (&info["un_distribute_count"], &info["distribute_failed_count"]),
        (&json!("0"), &json!("1"))
    );
    assert!(center.orders().is_empty());
    world.end().await;
}

#[tokio::test]
async fn other_managers_tell_of_their_jobs_under_a_signature() {
    let world = World::new().await;
    let job = json!({
        "id": "id-Agent_Task-1700000000000000000", "name": "Agent_Task", "con_num": 5,
        "timeout": 3600, "need_res": false,
    });
    let said = json!({ "msg": "ok" });
    for _ in 0..2 {
        assert_eq!(sync(&world, "new", &job.to_string()).await, said);
    }
    let known = "/api/v0/job/stat?id=id-Agent_Task-1700000000000000000";
    assert_eq!(read(&world, known).await["data"]["info"]["conNum"], "5");
    assert_eq!(
        sync(&world, "sing", &job.to_string()).await,
        said,
        "what is not known is passed over"
    );
    assert_eq!(sync(&world, "new", "no JSON").await, said);
    let mut deadly = job.clone();
    deadly["con_num"] = json!(-1);
    assert_eq!(sync(&world, "new", &deadly.to_string()).await, json!({ "msg": "post data error" }));
    let body = json!({ "action": "new", "data": job.to_string() }).to_string();
    let unsigned = raw(&world.anyone(), "POST", "/api/v0/inner/sync", Some(&body)).await;
    let text = "header missed: AccessKey|Signature|TimeStamp";
    assert_eq!(envelope(&unsigned), json!({ "code": 1, "msg": "auth failed", "data": text }));
    let unix = world.clock.unix();
    for (signed_body, at, reason) in
        [("other", unix, "signature error"), (body.as_str(), unix - 61, "timestamp error")]
    {
        let path = ("POST", "/api/v0/inner/sync", "");
        let signed = aksk::sign(&crate::world::key(), path, signed_body.as_bytes(), at);
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("accesskey", signed.access_key),
            ("timestamp", signed.timestamp),
            ("signature", signed.signature),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        let sent = bytes::Bytes::copy_from_slice(body.as_bytes());
        let reply = world.anyone().raw(http::Method::POST, path.1, &headers, Some(sent)).await;
        assert_eq!(envelope(&reply.unwrap())["data"], reason);
    }
    world.end().await;
}
