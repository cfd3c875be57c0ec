//! Many agents at once, half of which are cut off.

use std::collections::BTreeMap;
use std::time::Duration;

use elk_api::intake;
use elk_bus::{Entry, Start};
use elk_wire::mqdata::View;
use futures_util::future::join_all;
use serde_json::json;
use tokio::time::{Instant, timeout};

use crate::agent::{batch, record};
use crate::world::World;

const AGENTS: usize = 500;
const MESSAGES: usize = 4;
const RECORDS: usize = 5;
const HANG: Duration = Duration::from_secs(60);

/// Sends numbered records; an even agent ends its stream and waits for the status, an odd one is
/// cut off without a word.
async fn talk(world: &World, agent: usize) {
    let mut connected = world.agent().await;
    for message in 0..MESSAGES {
        let records = (0..RECORDS).map(|it| {
            let number = (message * RECORDS + it).to_string();
            record(59, &[("number", &number)])
        });
        connected.send(&batch(&format!("agent-{agent}"), "h", records.collect())).await;
    }
    if agent % 2 == 1 {
        connected.connection.driver.abort();
        return;
    }
    connected.call.out = None;
    assert_eq!(connected.call.status().await, (0, String::new()), "agent-{agent}");
}

/// Returns how often each record of each agent lies on the bus.
async fn stored(world: &World, count: usize) -> BTreeMap<(Vec<u8>, Vec<u8>), usize> {
    let mut tail = world.bus.tail(Start::Earliest);
    let (mut found, mut read) = (BTreeMap::new(), 0);
    while read < count {
        for entry in timeout(HANG, tail.next()).await.unwrap().unwrap() {
            let Entry::Record { key, value, .. } = entry else { unreachable!("nothing is lost") };
            let body = View::parse(&value).unwrap().body.to_vec();
            *found.entry((key.to_vec(), body)).or_default() += 1;
            read += 1;
        }
    }
    assert_eq!(read, count);
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_agents_sent_is_stored_exactly_once_also_while_half_of_them_are_cut_off() {
    let world = World::new().await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let witness = world.agent().await;
    witness.send(&batch("witness", "h", vec![record(60, &[])])).await;
    join_all((0..AGENTS).map(|agent| talk(&world, agent))).await;
    // The cut ones are noticed too; then nothing is counted any more.
    let deadline = Instant::now() + HANG;
    while world.metric("elkeid_ac_grpc_conn_count").await != Some(1.0) {
        assert!(Instant::now() < deadline, "streams that were cut off stay");
    }
    let counted = world.metric("elkeid_ac_output_data_type_count{data_type=\"59\"}").await.unwrap();
    assert_eq!(world.metric("elk_ac_records_shed_total").await, Some(0.0));
    witness.send(&batch("witness", "h", vec![record(60, &[("last", "1")])])).await;
    let found = stored(&world, counted.to_string().parse::<usize>().unwrap() + 2).await;
    for ((agent, body), times) in &found {
        assert_eq!(*times, 1, "{:?} {body:?}", String::from_utf8_lossy(agent));
    }
    for agent in 0..AGENTS {
        let name = format!("agent-{agent}").into_bytes();
        let count = found.keys().filter(|(key, _)| *key == name).count();
        if agent % 2 == 0 {
            assert_eq!(count, MESSAGES * RECORDS, "agent-{agent} saw its stream end well");
        } else {
            assert_eq!(count % RECORDS, 0, "a message of agent-{agent} is there in part");
        }
    }
    world.end().await;
}
