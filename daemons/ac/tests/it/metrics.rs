//! Names that dashboards query.

use elk_api::intake;
use serde_json::json;

use crate::agent::{batch, record};
use crate::world::World;

const GAUGES: [(&str, &str, f64); 7] = [
    ("cpu", "0.25", 0.25),
    ("rss", "1024", 1024.0),
    ("du", "7", 7.0),
    ("read_speed", "1.5", 1.5),
    ("write_speed", "2.5", 2.5),
    ("tx_speed", "3.5", 3.5),
    ("rx_speed", "4.5", 4.5),
];

#[tokio::test]
async fn dashboards_of_the_reference_find_every_name_under_its_labels() {
    let world = World::new().await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let values: Vec<(&str, &str)> = GAUGES.iter().map(|(name, text, _)| (*name, *text)).collect();
    let plugin = [&[("name", "driver")], values.as_slice()].concat();
    let agent = world.agent().await;
    agent.send(&batch("agent-1", "h1", vec![record(1000, &values)])).await;
    agent.send(&batch("agent-1", "h1", vec![record(1001, &plugin), record(59, &[])])).await;
    agent.send(&batch("agent-1", "h1", vec![record(123_456, &[])])).await;
    world.until(|it| it["items"][0]["plugins_info"][0]["name"] == "driver").await;
    let order = r#"{"agent_id":"agent-1","command":{"config":null}}"#;
    world.data("POST", "/command", order).await;
    let mut expected = vec![
        ("elkeid_ac_grpc_conn_count".to_owned(), 1.0),
        ("elkeid_ac_grpc_recv_qps".to_owned(), 2.0),
        ("elkeid_ac_grpc_send_qps".to_owned(), 1.0),
        ("elkeid_ac_output_count{agent_id=\"agent-1\"}".to_owned(), 4.0),
    ];
    for (label, count) in [("1000", 1.0), ("1001", 1.0), ("59", 1.0), ("other", 1.0)] {
        let name = format!("elkeid_ac_output_data_type_count{{data_type=\"{label}\"}}");
        expected.push((name, count));
    }
    for (name, _, value) in GAUGES {
        for part in ["agent", "driver"] {
            let labels = format!("{{agent_id=\"agent-1\",name=\"{part}\"}}");
            expected.push((format!("elkeid_ac_agent_{name}{labels}"), value));
        }
    }
    for (name, value) in expected {
        world.until_metric(&name, value).await;
    }
    let (_, _, text) = world.api("GET", "/metrics", "").await;
    for (name, kind) in [
        ("elkeid_ac_grpc_conn_count", "gauge"),
        ("elkeid_ac_grpc_recv_qps", "counter"),
        ("elkeid_ac_grpc_send_qps", "counter"),
        ("elkeid_ac_output_count", "counter"),
        ("elkeid_ac_output_data_type_count", "counter"),
        ("elkeid_ac_agent_cpu", "gauge"),
    ] {
        assert!(text.contains(&format!("# TYPE {name} {kind}\n")), "{name}:\n{text}");
    }
    world.end().await;
}

#[tokio::test]
async fn agents_cannot_make_series_of_their_own() {
    let world = World::new().await;
    world.answer(intake::CONFIG, 200, json!({"code": 1, "data": null}));
    let agent = world.agent().await;
    agent.hello("agent-1", "h1", "1").await;
    let long = "x".repeat(65);
    let names = ["a\"} 1\nx{y=\"", "", &long, "b c"];
    let mut records: Vec<_> =
        names.iter().map(|name| record(1001, &[("name", name), ("cpu", "1")])).collect();
    for it in 0..200 {
        records.push(record(1001, &[("name", &format!("p{it}")), ("cpu", "1")]));
    }
    agent.send(&batch("agent-1", "h1", records)).await;
    world.until_metric("elkeid_ac_output_count{agent_id=\"agent-1\"}", 205.0).await;
    let (_, _, text) = world.api("GET", "/metrics", "").await;
    let series = text.lines().filter(|line| line.starts_with("elkeid_ac_agent_cpu{")).count();
    assert_eq!(series, 1 + 64, "of the agent and of as many plugins as are kept");
    assert!(!text.contains("b c") && !text.contains(&long));
    world.end().await;
}

#[tokio::test]
async fn the_api_and_the_metrics_answer_before_any_agent_came() {
    let world = World::new().await;
    assert_eq!(world.data("GET", "/conn/count", "").await, 0);
    assert_eq!(world.data("GET", "/conn/list", "").await, json!([]));
    assert_eq!(world.data("GET", "/conn/stat", "").await, json!([]));
    let order = r#"{"agent_id":"agent-1","command":{"config":null}}"#;
    let (_, _, text) = world.api("POST", "/command", order).await;
    assert!(text.contains("agentID not found"), "{text}");
    assert_eq!(world.metric("elkeid_ac_grpc_conn_count").await, Some(0.0));
    world.end().await;
}
