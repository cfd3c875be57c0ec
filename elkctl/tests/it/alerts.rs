//! Alerts on the command line.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use crate::backend::{Backend, wait_for};

/// Brings an alarm as an engine of detection does.
fn alarm(backend: &Backend, rule: &str) {
    let rule = format!("rule_name={rule}");
    let mut line = vec!["api", "POST", "/api/v6/alarm/add", "-f", &rule];
    for field in ["data_type=59", "harm_level=high", "alert_type=persistent"] {
        line.extend(["-f", field]);
    }
    backend.elkctl(&line).ends(0);
}

#[test]
fn alerts_are_listed_handled_and_counted() {
    let backend = Backend::start(0);
    backend.login();
    for rule in ["one", "two", "two", "\u{1b}[2Jthree"] {
        alarm(&backend, rule);
    }
    let list = |more: &[&str]| {
        let mut line = vec!["alert", "list", "--kind", "persistent", "-o", "json"];
        line.extend(more);
        backend.elkctl(&line).ends(0).items()
    };
    let items = list(&["--open", "--severity", "medium+"]);
    let told: Vec<_> = items.iter().map(|it| (it["title"].as_str(), &it["count"])).collect();
    let three = "\u{1b}[2Jthree";
    assert_eq!(
        told,
        [(Some(three), &1.into()), (Some("two"), &2.into()), (Some("one"), &1.into())]
    );
    assert!(list(&["--severity", "medium"]).is_empty());
    let table = backend.elkctl(&["alert", "list"]).ends(0).out;
    assert!(table.contains("two") && !table.contains('\u{1b}'), "{table}");
    let id = |number: usize| items[number]["id"].as_str().expect("an id").to_owned();
    let (three, two, one) = (id(0), id(1), id(2));
    let acked = ["alert", "ack", &one, &format!("alert/{two}"), "--reason", "seen", "-o", "json"];
    let acked = backend.elkctl(&acked).ends(0).items();
    assert_eq!((acked.len(), &acked[1]["state"]), (2, &"acked".into()));
    // What fails keeps nothing else back.
    let resolve = ["alert", "resolve", "alert-none", &two, "-o", "json"];
    let said = backend.elkctl(&resolve).ends(10);
    assert!(said.err.contains("alert-none: "), "{}", said.err);
    assert_eq!(said.items()[0]["state"], "resolved");
    backend.elkctl(&["alert", "ack", &two]).ends(7);
    backend.elkctl(&["alert", "get", "alert-none"]).ends(6);
    let mute = ["alert", "mute", &three, "--reason", "a test", "--for", "1h", "-o", "name"];
    assert_eq!(backend.elkctl(&mute).ends(0).out.trim(), format!("alert/{three}"));
    backend.elkctl(&["alert", "mute", &three, "--for", "1h"]).ends(2);
    let whole = backend.elkctl(&["alert", "get", &three, "-o", "json"]).ends(0).items();
    assert_eq!((&whole[0]["reason"], &whole[0]["changed_by"]), (&"a test".into(), &"admin".into()));
    assert_eq!(whole[0]["data"]["data_type"], "59");
    let stats = ["alert", "stats", "--by", "type,state", "-o", "json"];
    let stats = backend.elkctl(&stats).ends(0).items();
    let of = |key: &str| stats.iter().find(|it| it["key"] == key).map(|it| it["count"].clone());
    assert_eq!(of("persistent"), Some(3.into()));
    assert_eq!((of("acked"), of("muted")), (Some(1.into()), Some(1.into())));
    backend.elkctl(&["alert", "list", "--severity", "bad"]).ends(2);
}

#[test]
fn alerts_are_sent_to_places_that_are_added_tested_and_removed() {
    let backend = Backend::start(0);
    backend.login();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    // Takes whatever is posted.
    let hook = std::thread::spawn(move || {
        let mut posted = String::new();
        while !posted.contains("\"event\":\"raised\"") {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut buffer = [0; 4_096];
            loop {
                let read = stream.read(&mut buffer).expect("reads");
                posted.push_str(std::str::from_utf8(&buffer[..read]).expect("text"));
                if read == 0 || posted.ends_with('}') {
                    break;
                }
            }
            let answer = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
            stream.write_all(answer.as_bytes()).expect("writes");
        }
        posted
    });
    let add = ["alert", "sink", "add", "pager", &url, "--severity", "high+"];
    let secret = backend.elkctl(&add).ends(0).out;
    assert_eq!(secret.trim().len(), 64, "{secret}");
    backend.elkctl(&add).ends(7);
    backend.elkctl(&["alert", "sink", "test", "pager"]).ends(0);
    alarm(&backend, "shell");
    let list = || backend.elkctl(&["alert", "sink", "list", "-o", "json"]).ends(0).items();
    wait_for("the alert", || list()[0]["delivered"] == 1);
    let posted = hook.join().expect("no panic");
    assert!(posted.contains("elk-signature: v1=") && posted.contains("\"event\":\"test\""));
    assert!(!backend.elkctl(&["alert", "sink", "list", "-o", "json"]).out.contains(secret.trim()));
    // Nobody takes it any more.
    let said = backend.elkctl(&["alert", "sink", "test", "sink/pager", "-o", "json"]).ends(3);
    assert_eq!(said.items()[0]["delivered"], false);
    backend.elkctl(&["alert", "sink", "remove", "pager"]).ends(2);
    backend.elkctl(&["alert", "sink", "remove", "pager", "--yes"]).ends(0);
    assert!(list().is_empty());
    backend.elkctl(&["alert", "sink", "add", "bad", "udp://nowhere"]).ends(2);
    backend.elkctl(&["alert", "sink", "add", "siem", "udp://127.0.0.1:514"]).ends(0);
    let given = ["alert", "sink", "add", "own", &url, "--secret-stdin", "-o", "json"];
    let own = "a secret of one's own";
    assert!(!backend.elkctl_reading(own, &given).ends(0).out.contains(own));
}
