//! Task results on their way to the Manager.

use elk_api::intake;
use serde_json::{Value, json};

use crate::agent::{batch, record};
use crate::world::World;

pub(crate) fn with_token<'a>(call: &'a Value, token: &str) -> Option<&'a Value> {
    call.as_array()?.iter().find(|it| it["token"] == token)
}

#[tokio::test]
async fn results_survive_a_manager_that_is_down_and_a_restart() {
    let world = World::new().await;
    world.answer(intake::RESULTS, 500, json!({}));
    let agent = world.agent().await;
    let result = record(5100, &[("token", "tok-1"), ("status", "succeed"), ("msg", "<b>")]);
    agent.send(&batch("agent-1", "h1", vec![result, record(6000, &[("token", "tok-2")])])).await;
    world.called(intake::RESULTS, |call| with_token(call, "tok-2").is_some()).await;
    drop(agent);
    let directory = world.end().await;
    let world = World::in_directory(directory, |_| {}).await;
    let call = world.called(intake::RESULTS, |call| with_token(call, "tok-2").is_some()).await;
    let expected =
        json!({"token": "tok-1", "status": "succeed", "msg": "<b>", "data_type": "5100"});
    assert_eq!(with_token(&call, "tok-1"), Some(&expected));
    let directory = world.end().await;
    assert_eq!(std::fs::metadata(directory.path().join("ac/results.log")).unwrap().len(), 0);
}

#[tokio::test]
async fn one_result_that_the_manager_will_never_take_does_not_hold_up_the_others() {
    let world = World::new().await;
    world.answer(intake::RESULTS, 400, json!({}));
    let agent = world.agent().await;
    agent.send(&batch("agent-1", "h1", vec![record(5100, &[("token", "bad")])])).await;
    world.called(intake::RESULTS, |_| true).await;
    world.answer(intake::RESULTS, 200, json!({"code": 0, "data": null}));
    agent.send(&batch("agent-1", "h1", vec![record(5100, &[("token", "good")])])).await;
    world.called(intake::RESULTS, |call| with_token(call, "good").is_some()).await;
    world.end().await;
}

#[tokio::test]
async fn a_result_without_end_arrives_in_part_and_holds_up_nobody() {
    let world = World::new().await;
    let agent = world.agent().await;
    let long = "\u{1}".repeat(1 << 20);
    let fields = [("token", "long"), ("status", "failed"), ("a", &long), ("msg", &long)];
    let good = record(5100, &[("token", "good")]);
    agent.send(&batch("agent-1", "h1", vec![record(5100, &fields), good])).await;
    let call = world.called(intake::RESULTS, |call| with_token(call, "good").is_some()).await;
    let cut = "\u{1}".repeat(1_024);
    let expected = json!({"token": "long", "status": "failed", "a": cut, "msg": cut,
        "data_type": "5100", "truncated": "true"});
    assert_eq!(with_token(&call, "long"), Some(&expected));
    world.until_metric("elk_ac_results_cut_total", 1.0).await;
    world.end().await;
}

#[tokio::test]
async fn results_that_are_too_many_for_one_call_or_for_any_do_not_stop_the_others() {
    for status in [413, 422] {
        let world = World::new().await;
        world.answer(intake::RESULTS, status, json!({}));
        let agent = world.agent().await;
        let records = ["one", "two"].map(|token| record(5100, &[("token", token)])).to_vec();
        agent.send(&batch("agent-1", "h1", records)).await;
        world.until_metric("elk_ac_results_refused_total", 2.0).await;
        world.answer(intake::RESULTS, 200, json!({"code": 0, "data": null}));
        agent.send(&batch("agent-1", "h1", vec![record(5100, &[("token", "late")])])).await;
        world.called(intake::RESULTS, |call| with_token(call, "late").is_some()).await;
        world.end().await;
    }
}

#[tokio::test]
async fn a_damaged_file_of_results_gives_back_what_is_sound() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("ac")).unwrap();
    let good = |token: &str| json!({"token": token, "data_type": "5100"}).to_string();
    let mut bytes = format!("{}\n{{\"torn\": \n\0\0\0\n", good("tok-1")).into_bytes();
    bytes.extend(format!("{}\n", good("tok-2")).into_bytes());
    bytes.extend(b"{\"token\": \"tok-3");
    std::fs::write(directory.path().join("ac/results.log"), bytes).unwrap();
    let world = World::in_directory(directory, |_| {}).await;
    let call = world.called(intake::RESULTS, |_| true).await;
    assert_eq!(
        call,
        json!([{"token": "tok-1", "data_type": "5100"}, {"token": "tok-2", "data_type": "5100"}])
    );
    world.until_metric("elk_ac_results_damaged_total", 2.0).await;
    world.until_metric("elk_ac_results_sent_total", 2.0).await;
    world.end().await;
}

#[tokio::test]
async fn results_that_have_no_room_are_counted_and_still_reach_the_bus() {
    let world = World::with(|config| config.outbox_bytes = 1_000).await;
    world.answer(intake::RESULTS, 500, json!({}));
    let agent = world.agent().await;
    let line = json!({"token": "t", "data_type": "5100"}).to_string().len() as u64 + 1;
    let records = (0..100).map(|_| record(5100, &[("token", "t")])).collect();
    agent.send(&batch("agent-1", "h1", records)).await;
    world.until_metric("elkeid_ac_output_count{agent_id=\"agent-1\"}", 100.0).await;
    let kept = 1_000 / line;
    world.until_metric("elk_ac_results_shed_total", (100 - kept) as f64).await;
    world.answer(intake::RESULTS, 200, json!({"code": 0, "data": null}));
    world.until_metric("elk_ac_results_sent_total", kept as f64).await;
    // There is room again.
    agent.send(&batch("agent-1", "h1", vec![record(5100, &[("token", "late")])])).await;
    world.called(intake::RESULTS, |call| with_token(call, "late").is_some()).await;
    world.end().await;
}
