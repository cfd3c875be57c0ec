//! A cluster of Kubernetes, from `cluster kube add` to its events on the bus.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::backend::{Backend, has, run, wait_for};

/// What an API server makes of the file, with curl in its place.
struct ApiServer {
    dir: tempfile::TempDir,
    url: String,
    name: String,
}

impl ApiServer {
    fn read(path: &std::path::Path) -> Self {
        let text = fs::read_to_string(path).expect("a file");
        let file: Value = serde_saphyr::from_str(&text).expect("YAML");
        let (cluster, user) = (&file["clusters"][0]["cluster"], &file["users"][0]["user"]);
        let dir = tempfile::tempdir().expect("a directory");
        for (name, data) in [
            ("ca", &cluster["certificate-authority-data"]),
            ("cert", &user["client-certificate-data"]),
            ("key", &user["client-key-data"]),
        ] {
            let pem = STANDARD.decode(data.as_str().expect("text")).expect("base64");
            fs::write(dir.path().join(name), pem).expect("writes");
        }
        let text = |it: &Value| it.as_str().expect("text").to_owned();
        Self { dir, url: text(&cluster["server"]), name: text(&cluster["tls-server-name"]) }
    }

    /// Posts events and returns the answer.
    fn post(&self, list: &Value) -> Value {
        let file = |name: &str| self.dir.path().join(name).display().to_string();
        let rest = self.url.strip_prefix("https://127.0.0.1:").expect("an address");
        let (port, path) = rest.split_once('/').expect("a path");
        let said = run(Command::new("curl").args([
            "-sS",
            "--resolve",
            &format!("{}:{port}:127.0.0.1", self.name),
            "--cacert",
            &file("ca"),
            "--cert",
            &file("cert"),
            "--key",
            &file("key"),
            "--data",
            &list.to_string(),
            &format!("https://{}:{port}/{path}", self.name),
        ]));
        said.ends(0).json()
    }
}

#[test]
fn a_cluster_that_is_added_posts_with_the_file_that_was_written() {
    if !has("curl", "--version") {
        return;
    }
    let backend = Backend::start(0);
    backend.login();
    let path = backend.home().join("prod.kubeconfig");
    let out = path.to_str().expect("UTF-8");
    let add = ["cluster", "kube", "add", "prod", "--out", out];
    let added = backend.elkctl(&[&add[..], &["-o", "json"]].concat()).ends(0);
    let id = added.items()[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
    assert_eq!(added.err, "", "machines read this");

    let server = ApiServer::read(&path);
    assert_eq!(backend.endpoints()["ac_audit"], server.url.replace("/rawdata/audit", ""));
    let events = json!({ "items": [{ "level": "Metadata", "auditID": "a", "verb": "get" }] });
    // AgentCenter asks which clusters there are when one comes that it does not know.
    wait_for("the cluster's first event", || server.post(&events)["code"] == 0);
    let list = || backend.elkctl(&["cluster", "kube", "list", "-o", "json"]).ends(0).items();
    assert_eq!(list()[0]["reporting"], true);
    assert_eq!(list()[0]["id"], *id);

    // Another certificate is as good; the one before stays so.
    let again = backend.home().join("again.kubeconfig");
    let out = again.to_str().expect("UTF-8");
    backend.elkctl(&["cluster", "kube", "certificate", "prod", "--out", out]).ends(0);
    assert_eq!(ApiServer::read(&again).post(&events)["code"], 0);
    assert_eq!(server.post(&events)["code"], 0);
}

#[test]
fn nothing_is_added_where_the_file_cannot_be_or_the_name_is_anothers() {
    let backend = Backend::start(0);
    backend.login();
    let path = backend.home().join("x.kubeconfig");
    fs::write(&path, "mine").expect("writes");
    let out = path.to_str().expect("UTF-8");
    let add = |more: &[&str]| backend.elkctl(&[&["cluster", "kube", "add"], more].concat());
    let said = add(&["prod", "--out", out]).ends(7);
    assert!(said.err.contains("exists already; nothing was changed"), "{}", said.err);
    assert_eq!(fs::read_to_string(&path).expect("a file"), "mine");
    add(&["prod", "--out", "/no/such/directory/x"]).ends(1);
    add(&["prod", "--out", "x", "--url", "http://h:1"]).ends(2);
    add(&["../x"]).ends(2);
    add(&["ä", "--no-certificate"]).ends(2);
    add(&["prod", "--id", "agent", "--no-certificate"]).ends(2);
    assert!(backend.elkctl(&["cluster", "kube", "list", "-o", "json"]).ends(0).items().is_empty());

    add(&["prod", "--id", "c-1", "--no-certificate"]).ends(0);
    add(&["prod", "--no-certificate"]).ends(7);
    add(&["other", "--id", "c-1", "--no-certificate"]).ends(7);
    let remove = ["cluster", "kube", "remove", "kube/c-1"];
    backend.elkctl(&remove).ends(2);
    backend.elkctl(&[&remove[..], &["--confirm", "c-1"]].concat()).ends(0);
    backend.elkctl(&[&remove[..], &["--confirm", "c-1"]].concat()).ends(6);
}
