//! The README's session and the reference's own curl calls against a real backend.

use std::process::Command;

use serde_json::{Value, json};

use crate::backend::{Backend, has, wait_for};

#[test]
fn the_first_session_of_the_readme_works_from_an_empty_home() {
    let backend = Backend::start(50);
    backend.login();
    wait_for("fifty running agents", || {
        backend.elkctl(&["agent", "status"]).ends(0).out.contains("running 50 ")
    });
    let list = backend.elkctl(&["agent", "list", "--all", "-o", "json"]).ends(0).items();
    assert_eq!(list.len(), 50);
    for key in ["id", "hostname", "status", "version", "tags"] {
        assert!(list[0].get(key).is_some(), "{key}");
    }
    let names = backend.names(5);
    assert_eq!(names.len(), 5);
    let mut tag = vec!["tag", "add", "canary"];
    tag.extend(names.iter().map(String::as_str));
    tag.push("--yes");
    backend.elkctl(&tag).ends(0);
    let line = "task create --plugin collector --data-type 5050 --data {} -l tag=canary --wait --timeout 30s";
    let task = backend.elkctl(&line.split(' ').collect::<Vec<_>>()).ends(0);
    assert!(task.out.contains("5 succeeded"), "{}", task.out);
    backend.elkctl(&["agent", "get", "no-such-agent"]).ends(6);
    let page = backend.elkctl(&["agent", "inspect", &names[0]]).ends(0).out;
    assert!(page.starts_with(&names[0]) && page.contains("\nHost      "), "{page}");
    let status = backend.elkctl(&["cluster", "status", "-o", "json"]).ends(0).items();
    assert_eq!(status[0]["problems"], json!([]));
}

#[test]
fn the_references_curl_login_works_and_its_token_opens_get_status() {
    if !has("curl", "--version") {
        return;
    }
    let backend = Backend::start(1);
    let base = backend.manager();
    let body = json!({ "username": "admin", "password": backend.password() });
    let curl = |args: &[&str]| {
        let output = Command::new("curl").arg("-s").args(args).output().expect("curl runs");
        serde_json::from_slice::<Value>(&output.stdout).expect("JSON")
    };
    let login = format!("{base}/api/v1/user/login");
    let answer =
        curl(&["--location", "--request", "POST", &login, "--data-raw", &body.to_string()]);
    assert_eq!(answer["code"], 0, "{answer}");
    let header = format!("token: {}", answer["data"]["token"].as_str().expect("a token"));
    let url = format!("{base}/api/v1/agent/getStatus");
    let status = curl(&["--location", "--request", "GET", &url, "-H", &header]);
    assert_eq!(status["code"], 0, "{status}");
    assert!(status["data"]["items"].is_array(), "{status}");
}
