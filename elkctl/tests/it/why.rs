//! Why an agent is as it is, also one that never got in.

use std::io::Read as _;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::backend::{Backend, wait_for};

fn why(backend: &Backend, subject: &str, code: i32) -> Value {
    let line = ["agent", "why", subject, "--exit-status", "-o", "json"];
    backend.elkctl(&line).ends(code).items().remove(0)
}

fn finding(why: &Value, topic: &str) -> Value {
    let findings = why["findings"].as_array().expect("findings");
    findings.iter().find(|it| it["topic"] == topic).expect(topic).clone()
}

#[test]
fn what_servers_saw_of_an_agent_and_of_a_stranger_is_told() {
    let mut backend = Backend::with_agents(2);
    let agent = backend.names(1).remove(0);
    let well = why(&backend, &agent, 0);
    assert_eq!(finding(&well, "connection")["state"], "ok", "{well}");
    assert_eq!(finding(&well, "configuration")["state"], "ok", "{well}");

    // A task that no plugin of the agent could do.
    let order = ["task", "create", "--plugin", "absent", "--data-type", "1", &agent];
    let order = [&order[..], &["--agent-timeout", "1s", "--wait", "--timeout", "30s"]].concat();
    backend.elkctl(&order).ends(10);
    let task = finding(&why(&backend, &agent, 3), "task");
    assert!(task["what"].as_str().expect("a text").ends_with("got no answer in time"), "{task}");
    assert!(task["evidence"].to_string().contains("reports no plugin"), "{task}");

    // Who connects without a certificate is known by the address.
    let nobody = why(&backend, "192.0.2.7", 0);
    assert_eq!(
        (&nobody["agent"], &nobody["findings"][0]["state"]),
        (&Value::Null, &json!("unknown"))
    );
    let grpc = backend.endpoints()["ac_grpc"].as_str().expect("an address").to_owned();
    let mut socket = TcpStream::connect(grpc).expect("connects");
    std::io::Write::write_all(&mut socket, b"GET / HTTP/1.0\r\n\r\n").expect("writes");
    socket.set_read_timeout(Some(Duration::from_secs(20))).expect("sets");
    drop(socket.read(&mut [0; 64]));
    drop(socket);
    wait_for("the stranger", || {
        let line = ["agent", "why", "127.0.0.1", "-o", "json"];
        let told = backend.elkctl(&line).ends(0);
        told.items()[0].to_string().contains("refused 1 TLS handshakes of 127.0.0.1")
    });
    let unknown = backend.elkctl(&["agent", "why", "host=none"]).ends(6);
    assert!(unknown.err.contains("IP address"), "{}", unknown.err);

    // Nobody simulates its host any more. It is missed after three of its intervals of 5 s.
    wait_for("its interval", || {
        let it = backend.elkctl(&["agent", "get", &agent, "-o", "json"]).ends(0).items();
        it[0]["heartbeat_interval_seconds"] == 5
    });
    backend.crash_and_restart(0);
    wait_for("an agent that is offline", || {
        let gone = backend.elkctl(&["agent", "why", &agent, "-o", "json"]).ends(0).items();
        finding(&gone[0], "connection")["state"] == "problem"
    });
    let told = backend.elkctl(&["agent", "why", &agent, "--exit-status"]).ends(3);
    assert!(told.out.contains("no AgentCenter has it, and none saw it try"), "{}", told.out);
    assert!(told.out.contains("> on the host: systemctl status elkeid-agent"), "{}", told.out);
}
