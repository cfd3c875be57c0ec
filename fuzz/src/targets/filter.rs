//! The reference's filter language, on documents.

use elk_manager::fuzz::{Judged, judge};
use serde_json::{Map, Value};

pub(super) const WORDS: &[&[u8]] = &[
    b"{", b"}", b"[", b"]", b",", b":", b"\"", b"null", b"true", b"-1", b"1e300", b"0.5", b"1700000000",
    b"\"condition\":\"$and\"", b"\"condition\":\"$or\"", b"\"condition\":\"$nor\"",
    b"\"filter\":[{\"key\":\"agent_id\",\"condition\":\"$and\",\"rules\":[{\"operator\":\"$eq\",\"value\":\"a\"}]}]",
    b"\"key\":\"plugins.name\"", b"\"key\":\"last_heartbeat_time\"", b"\"rules\":[]",
    b"\"operator\":\"$in\"", b"\"operator\":\"$nin\"", b"\"operator\":\"$gt\"",
    b"\"operator\":\"$lte\"", b"\"operator\":\"$regex\"", b"\"operator\":\"$time\"",
    b"\"operator\":\"$ne\"", b"\"value\":[1,\"a\",null]", b"\"value\":\"^a.*$\"",
    b"\"value\":{\"start\":\"2023-01-01 00:00\"}", b"\"value\":{\"end\":\"9999-12-31 23:59\"}",
    b"\n", b".", b"tags.0", b"(a{99}){99}", b"\\u0000", b"\\ud800",
];

/// An agent, where an input names none.
const AGENT: &str = r#"{"agent_id":"a","hostname":"web-1","cpu":0.5,"nproc":2,"tags":["prod","eu"],
"last_heartbeat_time":1700000000,"plugins":[{"name":"driver","pversion":"1.0.0.1"},{"name":"x"}]}"#;

/// An input is a filter and, from the second line on, a document.
pub(super) fn run(input: &[u8]) {
    let (query, document) = match input.iter().position(|byte| *byte == b'\n') {
        Some(at) => input.split_at(at),
        None => (input, AGENT.as_bytes()),
    };
    let document = read(document).unwrap_or_else(|| read(AGENT.as_bytes()).unwrap_or_default());
    let document = sound(document);
    let Ok(judged) = judge(query, &document) else { return };
    assert!(!judged.empty || judged.passes, "a filter without rules lets nothing pass");
    bounds(&judged, &document);
    joined(query, &judged, &document);
}

fn read(text: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(text).ok()
}

/// Gives a document what all that the database keeps have.
fn sound(mut document: Map<String, Value>) -> Map<String, Value> {
    if !document.get("agent_id").is_some_and(Value::is_string) {
        document.insert("agent_id".to_owned(), "a".into());
    }
    if !document.get("last_heartbeat_time").is_none_or(Value::is_u64) {
        document.insert("last_heartbeat_time".to_owned(), 1_700_000_000.into());
    }
    document
}

/// What is asked of the database must hold of all that pass.
fn bounds(judged: &Judged, document: &Map<String, Value>) {
    if !judged.passes {
        return;
    }
    if let (Some(ids), Some(id)) = (&judged.ids, document.get("agent_id").and_then(Value::as_str)) {
        assert!(ids.iter().any(|it| it == id), "{id} passes but is not asked for: {ids:?}");
    }
    if let Some(from) = judged.seen_from {
        let seen = document.get("last_heartbeat_time").and_then(Value::as_f64);
        assert!(seen.is_some_and(|it| it >= from), "{seen:?} passes but is not asked for: {from}");
    }
}

/// `$nor` is the contrary of `$or`, and `$and` lets nothing pass that `$or` does not.
fn joined(query: &[u8], judged: &Judged, document: &Map<String, Value>) {
    let Some(mut query) = read(query).filter(|_| !judged.empty) else { return };
    let mut passes = |condition: &str| {
        query.insert("condition".to_owned(), condition.into());
        let text = serde_json::to_vec(&query).unwrap_or_default();
        judge(&text, document).map(|it| it.passes)
    };
    let (all, any, none) = (passes("$and"), passes("$or"), passes("$nor"));
    assert_eq!(any.clone().map(|it| !it), none);
    assert!(all != Ok(true) || any == Ok(true), "all hold but none does");
}
