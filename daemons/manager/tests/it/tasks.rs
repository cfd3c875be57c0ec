//! Orders to agents: each sent at most once, and followed to its end.

use std::collections::HashSet;

use elk_api::tasks::{self, SubtaskState, TaskState};
use elk_api::{Nothing, agents};
use elk_client::Options;
use elk_model::selector::AgentStatus;
use serde_json::json;

use crate::center::{Beat, Mood};
use crate::world::{World, json, raw, until};

#[tokio::test]
async fn a_task_is_sent_once_to_each_agent_and_ends_with_their_answers() {
    let world = World::new().await;
    let center = world.center_with(3).await;
    let task = world.task("", |new| new.data = r#"{"depth":3}"#.to_owned()).await;
    assert_eq!((task.targets, task.state), (3, TaskState::Running));
    world.until_task(&task.id, SubtaskState::Acked, 3).await;
    let orders = center.orders();
    for order in &orders {
        let sent = &order["command"]["task"];
        assert_eq!(
            (&sent["name"], &sent["data_type"], &sent["data"]),
            (&json!("collector"), &json!(5_050), &json!(r#"{"depth":3}"#))
        );
        assert_eq!(order["command"]["config"], json!(null), "a task must not touch plugins");
    }
    let tokens = center.tokens();
    world.answer(&tokens[0], "succeed").await;
    world.answer(&tokens[1], "succeed").await;
    world.answer(&tokens[2], "failed").await;
    // What an agent says again changes nothing.
    world.answer(&tokens[0], "failed").await;
    until("it to finish", async || world.task_now(&task.id).await.state == TaskState::Finished)
        .await;
    let done = world.task_now(&task.id).await;
    assert_eq!((done.counts.succeeded, done.counts.failed), (2, 1));
    assert!(done.finished_at.is_some());
    // Nor does what it says besides.
    let more = json!([{ "token": &tokens[1], "data_type": "2003", "status": "failed" }]);
    world.as_center(elk_api::intake::RESULTS, &more).await.unwrap();
    let results = world.results(&task.id).await;
    for result in &results {
        assert_eq!(result.message, "did it");
        assert_eq!(result.result.as_ref().unwrap()["data_type"], "5100");
    }
    assert_eq!(results[0].result.as_ref().unwrap()["status"], "succeed");
    assert_eq!(center.orders().len(), 3);
    assert_eq!(center.asked("/command/"), 0, "our AgentCenters take batches");
    let of_agent = world.agent("agent-0").await.unwrap().tasks;
    assert_eq!((of_agent.len(), &of_agent[0].task), (1, &task.id));
    world.end().await;
}

#[tokio::test]
async fn a_reference_center_gets_single_orders() {
    let world = World::new().await;
    let center = world.center(false).await;
    for number in 0..40 {
        center.put(&Beat::new(&format!("agent-{number}")));
    }
    world.until_listed("", 40).await;
    let task = world.task("", |_| {}).await;
    world.until_task(&task.id, SubtaskState::Acked, 40).await;
    assert_eq!((center.orders().len(), center.asked("/command/")), (40, 40));
    assert_eq!((center.asked("/command/batch"), center.unsigned()), (0, 0));
    let mut tokens = center.tokens();
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 40);
    world.end().await;
}

#[tokio::test]
async fn a_center_that_hangs_delays_no_order_of_another() {
    let world = World::new().await;
    let (hanging, center) = (world.center(true).await, world.center(true).await);
    hanging.put(&Beat::new("stuck-1"));
    center.put(&Beat::new("agent-1"));
    world.until_listed("", 2).await;
    hanging.hang(true);
    let first = world.task("", |_| {}).await;
    world.until_task(&first.id, SubtaskState::Acked, 1).await;
    let second = world.task("", |_| {}).await;
    world.until_task(&second.id, SubtaskState::Acked, 1).await;
    // The one question is still open, and the second order has not left.
    assert_eq!(hanging.asked("/command/batch"), 1);
    assert_eq!(world.task_now(&first.id).await.counts.sent, 1);
    assert_eq!(world.task_now(&second.id).await.counts.queued, 1);
    hanging.hang(false);
    world.until_task(&second.id, SubtaskState::Acked, 2).await;
    world.end().await;
}

#[tokio::test]
async fn an_order_whose_answer_was_lost_is_unknown_and_never_sent_again() {
    for native in [true, false] {
        let world = World::new().await;
        let center = world.center(native).await;
        center.put(&Beat::new("agent-0"));
        world.until_listed("", 1).await;
        center.set_mood(Mood::Breaking);
        let task = world.task("", |_| {}).await;
        world.until_task(&task.id, SubtaskState::Unknown, 1).await;
        center.set_mood(Mood::Obliging);
        // Another order goes through, after which the first would have been repeated.
        let next = world.task("", |_| {}).await;
        world.until_task(&next.id, SubtaskState::Acked, 1).await;
        assert_eq!(center.orders().len(), 2, "native: {native}");
        // The agent had got it after all, and says so.
        world.answer(&center.tokens()[0], "succeed").await;
        world.until_task(&task.id, SubtaskState::Succeeded, 1).await;
        world.end().await;
    }
}

#[tokio::test]
async fn what_a_center_refuses_fails_with_its_words() {
    let world = World::new().await;
    let center = world.center_with(1).await;
    center.set_mood(Mood::Refusing("the sendPool of the agent is full"));
    let full = world.task("", |_| {}).await;
    world.until_task(&full.id, SubtaskState::Failed, 1).await;
    assert_eq!(world.results(&full.id).await[0].message, "the sendPool of the agent is full");
    // This one may still arrive: it did not fail, nobody knows.
    center.set_mood(Mood::Refusing("the command has been sent but get results timed out"));
    let slow = world.task("", |_| {}).await;
    world.until_task(&slow.id, SubtaskState::Unknown, 1).await;
    // An agent that moved meanwhile is looked for again.
    center.set_mood(Mood::Refusing("agentID not found"));
    let moved = world.task("", |_| {}).await;
    until("it to be tried", async || center.asked("/command/batch") > 3).await;
    center.set_mood(Mood::Obliging);
    world.until_task(&moved.id, SubtaskState::Acked, 1).await;
    assert_eq!(center.orders().len(), 1);
    world.end().await;
}

#[tokio::test]
async fn an_order_waits_for_an_agent_that_is_away_and_expires_after_a_day() {
    let world = World::new().await;
    let center = world.center_with(2).await;
    center.remove("agent-0");
    center.remove("agent-1");
    world.until_listed("!ac", 2).await;
    let task = world.task("", |_| {}).await;
    center.put(&Beat::new("agent-1"));
    world.until_task(&task.id, SubtaskState::Acked, 1).await;
    world.answer(&center.tokens()[0], "succeed").await;
    assert_eq!(world.task_now(&task.id).await.counts.queued, 1);
    world.clock.advance_ms(86_400_001);
    let mut world = world;
    world.admin = crate::world::sign_in(world.addr, "admin", crate::world::PASSWORD).await.unwrap();
    world.until_task(&task.id, SubtaskState::Expired, 1).await;
    center.put(&Beat::new("agent-0"));
    world.until_listed("exists(ac)", 2).await;
    assert_eq!(world.task_now(&task.id).await.state, TaskState::Finished);
    assert_eq!(center.orders().len(), 1);
    world.end().await;
}

#[tokio::test]
async fn what_was_not_sent_yet_can_be_cancelled() {
    let world = World::new().await;
    let center = world.center_with(2).await;
    center.remove("agent-1");
    world.until_listed("!ac", 1).await;
    let task = world.task("", |_| {}).await;
    world.until_task(&task.id, SubtaskState::Acked, 1).await;
    let path = [task.id.as_str()];
    let cancelled =
        world.admin.send::<tasks::Cancel>(&path, &Nothing {}, &Nothing {}).await.unwrap();
    assert_eq!(cancelled.state, TaskState::Cancelled);
    assert_eq!((cancelled.counts.cancelled, cancelled.counts.acked), (1, 1));
    center.put(&Beat::new("agent-1"));
    world.until_listed("exists(ac)", 2).await;
    // What had been sent may still finish.
    world.answer(&center.tokens()[0], "succeed").await;
    let after = world.task_now(&task.id).await;
    assert_eq!((after.counts.succeeded, after.counts.cancelled), (1, 1));
    assert_eq!(center.orders().len(), 1);
    let absent = raw(&world.admin, "POST", "/api/n1/tasks/task-0/cancel", None).await;
    assert_eq!((absent.status, &json(&absent)["code"]), (404, &"task_not_found".into()));
    world.end().await;
}

#[tokio::test]
async fn an_agent_that_does_not_answer_in_time_is_timed_out() {
    let world = World::new().await;
    let center = world.center_with(1).await;
    let task = world.task("", |new| new.timeout_seconds = Some(60)).await;
    world.until_task(&task.id, SubtaskState::Acked, 1).await;
    world.clock.advance_ms(60_000);
    center.put(&Beat::new("agent-0"));
    world.until_listed("last_seen<10s", 1).await;
    assert_eq!(world.task_now(&task.id).await.counts.acked, 1);
    world.clock.advance_ms(1_000);
    world.until_task(&task.id, SubtaskState::TimedOut, 1).await;
    // Late is better than never.
    world.answer(&center.tokens()[0], "succeed").await;
    world.until_task(&task.id, SubtaskState::Succeeded, 1).await;
    world.end().await;
}

#[tokio::test]
async fn no_more_agents_are_at_it_than_allowed() {
    let world = World::new().await;
    let center = world.center_with(5).await;
    let task = world.task("", |new| new.max_in_flight = Some(2)).await;
    for done in 0..5 {
        let wanted = 5.min(done + 2);
        until(&format!("{wanted} orders"), async || center.orders().len() == wanted).await;
        let now = world.task_now(&task.id).await.counts;
        assert!(now.sent + now.acked <= 2, "{now:?}");
        world.until_task(&task.id, SubtaskState::Acked, 2.min(5 - done as u64)).await;
        world.answer(&center.tokens()[done], "succeed").await;
    }
    world.until_task(&task.id, SubtaskState::Succeeded, 5).await;
    world.end().await;
}

#[tokio::test]
async fn how_many_agents_may_be_at_it_is_1_to_999() {
    let world = World::new().await;
    world.center_with(1).await;
    for (path, rest) in
        [("/api/n1/tasks", r#","plugin":"p","data_type":1"#), ("/api/n1/agents/restart", "")]
    {
        for (count, status) in [("0", 422), ("1", 200), ("999", 200), ("1000", 422)] {
            let selection = world.select("").await;
            let body = format!(r#"{{"selection":"{selection}","max_in_flight":{count}{rest}}}"#);
            let reply = raw(&world.admin, "POST", path, Some(&body)).await;
            assert_eq!(reply.status, status, "{path} {count}");
            if status == 422 {
                assert_eq!(json(&reply)["code"], "invalid_max_in_flight", "{path} {count}");
            }
        }
    }
    world.end().await;
}

#[tokio::test]
async fn a_repeated_request_is_the_same_task() {
    let world = World::new().await;
    let center = world.center_with(1).await;
    let selection = world.select("").await;
    let new = tasks::NewTask {
        selection,
        plugin: "collector".to_owned(),
        data_type: 5_050,
        data: String::new(),
        name: None,
        timeout_seconds: None,
        max_in_flight: None,
    };
    let send = async |key: &str| {
        let options = Options { idempotency_key: Some(key), timeout: None };
        world.admin.send_with::<tasks::Create>(&[], &Nothing {}, &new, options).await.unwrap().id
    };
    let (first, again, other) = (send("k1").await, send("k1").await, send("k2").await);
    assert_eq!(first, again);
    assert_ne!(first, other);
    until("both to be sent", async || center.orders().len() == 2).await;
    let world = world.restart().await;
    until("it to serve", async || world.task_now(&first).await.counts.acked == 1).await;
    assert_eq!(center.orders().len(), 2);
    world.end().await;
}

#[tokio::test]
async fn a_killed_manager_sends_nothing_twice_and_loses_no_task() {
    let mut world = World::new().await;
    let center = world.center_with(20).await;
    let mut made = Vec::new();
    for round in 0..4 {
        made.push(world.task("", |_| {}).await.id);
        if round % 2 == 0 {
            // Somewhere between taking and sending.
            until("some to be sent", async || center.orders().len() > round * 20).await;
        }
        world = world.kill().await;
    }
    for id in &made {
        let ended = async || {
            let counts = world.task_now(id).await.counts;
            counts.queued == 0 && counts.acked + counts.sent == 20
        };
        until(&format!("{id} to be sent"), ended).await;
    }
    let mut tokens = center.tokens();
    let sent = tokens.len();
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), sent, "an order was sent twice");
    for token in &tokens {
        world.answer(token, "succeed").await;
    }
    // What was marked but never left is not known to have arrived.
    world.clock.advance_ms(61_000);
    for id in &made {
        until(&format!("{id} to finish"), async || {
            world.task_now(id).await.state == TaskState::Finished
        })
        .await;
        let counts = world.task_now(id).await.counts;
        assert_eq!(counts.succeeded + counts.unknown, 20, "{counts:?}");
    }
    world.end().await;
}

#[tokio::test]
async fn long_answers_are_cut_and_a_page_of_them_is_bounded() {
    let world = World::new().await;
    let center = world.center_with(100).await;
    let task = world.task("", |_| {}).await;
    world.until_task(&task.id, SubtaskState::Acked, 100).await;
    let long = "x".repeat(40_000);
    for some in center.tokens().chunks(50) {
        let answers: Vec<_> = some
            .iter()
            .map(|token| json!({ "token": token, "data_type": "5100", "status": "succeed", "list": long, "more": long, "msg": "m" }))
            .collect();
        world.as_center(elk_api::intake::RESULTS, &json!(answers)).await.unwrap();
    }
    let (mut seen, mut cursor, mut pages) = (HashSet::new(), None, 0);
    loop {
        let at = cursor.map(|it: String| format!("&cursor={it}")).unwrap_or_default();
        let path = format!("/api/n1/tasks/{}/results?limit=1000{at}", task.id);
        let reply = raw(&world.admin, "GET", &path, None).await;
        assert!(reply.body.len() < 5 << 20, "{}", reply.body.len());
        let page = json(&reply);
        assert_eq!(page["total"], 100);
        for item in page["items"].as_array().unwrap() {
            assert!(seen.insert(item["agent"].as_str().unwrap().to_owned()), "{}", item["agent"]);
            let kept = item["result"]["list"].as_str().unwrap();
            assert!(kept.ends_with(" [cut: 40000 bytes in all]"), "{}", kept.len());
            assert!(item["result"].to_string().len() <= 64 << 10);
            assert_eq!(item["message"], "m");
        }
        pages += 1;
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 100);
    assert!(pages > 1, "{pages}");
    world.end().await;
}

#[tokio::test]
async fn results_for_tokens_that_nobody_waits_for_are_counted() {
    let world = World::new().await;
    world.answer("stranger", "succeed").await;
    world.answer("", "succeed").await;
    let status = json(&raw(&world.admin, "GET", "/api/n1/cluster", None).await);
    assert_eq!(status["manager"]["stray_results"], 2, "{}", status["manager"]);
    world.end().await;
}

#[tokio::test]
async fn a_restart_is_done_when_a_heartbeat_shows_it() {
    let world = World::new().await;
    let center = world.center_with(1).await;
    let selection = world.select("").await;
    let asked = agents::RestartRequest { selection, max_in_flight: None };
    let task = world.admin.send::<agents::Restart>(&[], &Nothing {}, &asked).await.unwrap();
    world.until_task(&task.id, SubtaskState::Acked, 1).await;
    let order = &center.orders()[0]["command"]["task"];
    assert_eq!((&order["name"], &order["data_type"]), (&json!("elkeid-agent"), &json!(1_060)));
    world.clock.advance_ms(5_000);
    // A heartbeat of the old process is no proof.
    center.put(&Beat::new("agent-0"));
    world.until_listed("last_seen<1s", 1).await;
    assert_eq!(world.task_now(&task.id).await.counts.acked, 1);
    world.clock.advance_ms(5_000);
    let started = world.clock.unix() - 2;
    center.put(&Beat::new("agent-0").with("start_time", started));
    world.until_task(&task.id, SubtaskState::Succeeded, 1).await;
    world.end().await;
}

#[tokio::test]
async fn a_clone_gets_no_orders() {
    let world = World::new().await;
    let center = world.center(true).await;
    center.put(&Beat { clone: true, ..Beat::new("twin-1") });
    center.put(&Beat::new("single-1"));
    world.until_listed("", 2).await;
    let task = world.task("", |_| {}).await;
    world.until_task(&task.id, SubtaskState::Acked, 1).await;
    assert_eq!(center.orders()[0]["agent_id"], "single-1");
    assert_eq!(world.task_now(&task.id).await.counts.queued, 1);
    assert!(world.agent("twin-1").await.unwrap().agent.clone);
    world.end().await;
}

#[tokio::test]
async fn a_forgotten_agent_ends_what_was_ordered_of_it_and_may_come_back() {
    let world = World::new().await;
    let center = world.center_with(2).await;
    let sent = world.task("", |_| {}).await;
    world.until_task(&sent.id, SubtaskState::Acked, 2).await;
    center.remove("agent-0");
    center.remove("agent-1");
    world.until_listed("!ac", 2).await;
    let queued = world.task("", |_| {}).await;
    world.tag("prod", "").await;
    let forget = async |seconds| {
        let selection = world.select("").await;
        let asked = agents::ForgetRequest { selection, offline_for_seconds: seconds };
        world.admin.send::<agents::Forget>(&[], &Nothing {}, &asked).await.unwrap()
    };
    // They are not offline yet, and then not for long enough.
    assert_eq!(forget(0).await.kept, 2);
    world.clock.advance_ms(1_000_000);
    assert_eq!(world.agent("agent-0").await.unwrap().agent.status, AgentStatus::Offline);
    assert_eq!(forget(86_400).await.kept, 2);
    let gone = forget(600).await;
    assert_eq!((gone.forgotten.len(), gone.kept), (2, 0));
    assert!(world.agents("").await.is_empty());
    until("its tasks to end", async || {
        world.task_now(&queued.id).await.state == TaskState::Finished
    })
    .await;
    assert_eq!(world.task_now(&queued.id).await.counts.cancelled, 2);
    assert_eq!(world.results(&queued.id).await[0].message, "the agent was forgotten");
    center.put(&Beat::new("agent-0"));
    world.until_listed("", 1).await;
    let back = world.agent("agent-0").await.unwrap();
    assert!(back.agent.tags.is_empty(), "{:?}", back.agent.tags);
    assert_eq!(center.orders().len(), 2, "a forgotten order must not come back");
    world.end().await;
}
