//! What follows from what was seen.

use serde_json::json;

use super::*;

const NOW: i64 = 1_700_000_000_000;

fn agent(status: &str, last_ms: Option<i64>) -> Agent {
    let last = last_ms.map(|it| Timestamp::from_millisecond(it).unwrap());
    serde_json::from_value(json!({
        "id": "a1", "hostname": "web-1", "status": status, "version": "1.9.1.22", "platform": "",
        "platform_version": "", "arch": "", "kernel": "", "idc": "", "region": "", "tags": [],
        "addresses": ["192.0.2.7"], "ac": null, "last_heartbeat_at": last,
        "first_seen_at": Timestamp::from_millisecond(NOW - 1_000_000).unwrap(),
        "heartbeat_interval_seconds": 60, "cpu_percent": null, "memory_bytes": null, "plugins": [],
        "clone": false,
    }))
    .unwrap()
}

fn door(centers: usize, answers: &[(&str, &[(&str, &str, i64)])]) -> Door {
    let refused = |it: &(&str, &str, i64)| Refused {
        address: it.0.parse().unwrap(),
        reason: it.1.to_owned(),
        detail: String::new(),
        count: 3,
        first_ms: it.2 - 10,
        last_ms: it.2,
    };
    let answer = |it: &(&str, &[(&str, &str, i64)])| {
        let items = it.1.iter().map(refused).collect();
        (it.0.to_owned(), RefusedList { since_ms: NOW - 9_000, forgotten: 0, items })
    };
    let addresses = vec!["192.0.2.7".parse().unwrap()];
    Door { addresses, centers, answers: answers.iter().map(answer).collect() }
}

fn center(reachable: bool) -> Center {
    let error = (!reachable).then(|| "connection refused".to_owned());
    Center { name: "ac-1".to_owned(), reachable, error, listed: true }
}

fn told(agent: &Agent, center: Option<Center>, door: Door) -> Finding {
    let trouble = String::new();
    connection(&Facts { agent, connected_at: None, center, door, trouble })
}

#[test]
fn an_agent_that_left_is_explained_by_what_was_seen_since() {
    let left = agent("offline", Some(NOW - 600_000));
    let cases = [
        (Some(center(false)), door(1, &[]), Health::Unknown, "cannot be asked"),
        (Some(center(true)), door(1, &[("ac-1", &[])]), Health::Problem, "no heartbeat comes"),
        (
            None,
            door(1, &[("ac-1", &[("192.0.2.7", "certificate", NOW - 5_000)])]),
            Health::Problem,
            "TLS handshakes fail: certificate",
        ),
        // An older failure, and those of others, explain nothing.
        (
            None,
            door(1, &[("ac-1", &[("192.0.2.7", "timeout", NOW - 900_000)])]),
            Health::Problem,
            "none saw it try",
        ),
        (
            None,
            door(1, &[("ac-1", &[("192.0.2.8", "certificate", NOW)])]),
            Health::Problem,
            "none saw it try",
        ),
        (None, door(2, &[("ac-1", &[])]), Health::Problem, "not all answer"),
    ];
    for (center, door, state, what) in cases {
        let found = told(&left, center, door);
        assert_eq!(found.state, state, "{found:?}");
        assert!(found.what.contains(what), "{found:?}");
        assert!(found.next.is_some());
    }
    let running = told(&agent("running", Some(NOW)), Some(center(true)), door(1, &[]));
    assert_eq!((running.state, running.next), (Health::Ok, None));
}

#[test]
fn a_host_that_never_got_in_is_explained_by_its_address() {
    let found = stranger(&door(1, &[("ac-1", &[("192.0.2.7", "no_certificate", NOW)])]));
    assert_eq!(found.state, Health::Problem);
    assert!(found.evidence.iter().any(|it| it.contains("3 TLS handshakes of 192.0.2.7")));
    let found = stranger(&door(2, &[("ac-1", &[])]));
    assert_eq!(found.state, Health::Unknown);
    assert!(found.evidence.iter().any(|it| it.starts_with("1 of 2 AgentCenters could not")));
}

#[test]
fn an_order_is_explained_by_its_state_and_by_what_the_agent_lacks() {
    let order = |state| Ordered {
        task: "task-1".to_owned(),
        kind: "task".to_owned(),
        plugin: "absent".to_owned(),
        data_type: 1,
        state,
        message: String::new(),
        created_ms: NOW,
    };
    let offline = agent("offline", Some(NOW - 600_000));
    let waits = super::order(&order(SubtaskState::Queued), &offline).unwrap();
    assert_eq!(waits.state, Health::Waiting);
    let late = super::order(&order(SubtaskState::TimedOut), &agent("running", Some(NOW))).unwrap();
    assert_eq!(late.evidence, ["the agent reports no plugin \"absent\""]);
    assert!(super::order(&order(SubtaskState::Succeeded), &offline).is_none());
    for state in SubtaskState::ALL {
        let none = matches!(state, SubtaskState::Succeeded | SubtaskState::Cancelled);
        assert_eq!(super::order(&order(state), &offline).is_none(), none, "{state:?}");
    }
}
