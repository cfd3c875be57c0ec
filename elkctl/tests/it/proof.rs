//! The README's session and the reference's own curl calls against a real backend.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::backend::{Backend, has, run};

/// What the README tells to type, as it is typed there.
const SESSION: &str = r#"
set -eu
elkctl up --demo 50 --data "$D" --ports auto 2> "$D.said" &
up=$!
trap 'kill $up; wait $up' EXIT
until [ -e "$D/endpoints.json" ]; do kill -0 $up; sleep 0.05; done
elkctl login --server $(jq -r .manager $D/endpoints.json) -u admin --password-stdin --store file < $D/admin-password
start=$(date +%s)
until elkctl agent status | grep -q 'running 50 '; do
    [ $(($(date +%s) - start)) -lt 30 ]
    sleep 0.1
done
[ "$(elkctl agent list --all -o json | jq '.items|length')" = 50 ]
elkctl agent list --all -o json | jq -e '.items | all(has("id") and has("hostname") and has("status") and has("version") and has("tags"))' > /dev/null
elkctl tag add canary $(elkctl agent list --limit 5 -o name) --yes
elkctl task create --plugin collector --data-type 5050 --data '{}' -l tag=canary --wait --timeout 30s | tee "$D.task"
grep -q '5 succeeded' "$D.task"
elkctl agent get no-such-agent && exit 90 || [ $? = 6 ]
one=$(elkctl agent list --limit 1 -o name)
elkctl agent inspect $(elkctl agent list --limit 1 -o name) > "$D.page"
grep -q "^$one" "$D.page"
grep -q '^Host ' "$D.page"
[ "$(elkctl cluster status -o json | jq -c '.items[0].problems')" = '[]' ]
"#;

#[test]
fn the_first_session_of_the_readme_works_from_an_empty_home() {
    if !has("jq", "--version") {
        return;
    }
    let (home, place) = (tempfile::tempdir().expect("one"), tempfile::tempdir().expect("one"));
    let binary = Path::new(env!("CARGO_BIN_EXE_elkctl")).parent().expect("a directory").display();
    let mut sh = Command::new("sh");
    sh.env_clear().env("HOME", home.path()).env("D", place.path().join("data"));
    sh.env("PATH", format!("{binary}:/usr/bin:/bin"));
    run(sh.args(["-ec", SESSION]).stdin(Stdio::null())).ends(0);
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
