//! An installation of the reference moves over.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::Digest as _;

use crate::backend::{Backend, Said};

const KEYS: [&str; 6] = ["collection", "read", "reasons", "refused", "taken", "unchanged"];

/// What `mongodump` writes: one collection packed, as with `--gzip`.
struct Dump {
    dir: tempfile::TempDir,
    sha256: String,
}

impl Dump {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let it = Self { sha256: sha256(b"a plugin"), dir };
        fs::create_dir_all(it.path("files/deep")).expect("makes");
        fs::write(it.path("files/deep/driver-1.7.0.4.plg"), "a plugin").expect("writes");
        let component = json!({"_id": {"$oid": "65a1b2c3d4e5f60718293a4b"}, "name": "driver",
            "type": "exec", "owner": "admin"});
        let version = |number: &str, sha256: &str| {
            json!({"version": number, "component": component, "publisher": "admin", "files": [
                {"platform_family": "", "arch": "", "sha256": sha256, "download_url": []}]})
        };
        let good = version("1.7.0.4", &it.sha256);
        it.write("agent_heartbeat", &agents());
        it.write(
            "user",
            &[
                json!({"username": "eve", "password": "d0ne", "salt": "s4lt", "level": 2}),
                json!({"username": "admin", "password": "x", "salt": "y", "level": 0}),
                json!({"username": "o'brien", "level": 3}),
            ],
        );
        it.write("component", std::slice::from_ref(&component));
        it.write("component_version", &[good.clone(), version("1.7.0.5", &"0".repeat(64))]);
        it.write(
            "component_policy",
            &[json!({"type": "release", "component_version": good, "rules": []})],
        );
        it.write("hub_alarm_v1", &[json!({"alarm_id": "1"})]);
        it
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, collection: &str, documents: &[Value]) {
        let dir = self.path("dump/elkeid");
        fs::create_dir_all(&dir).expect("makes");
        let mut bytes = Vec::new();
        for it in documents {
            let it = bson::Bson::try_from(it.clone()).expect("BSON");
            it.as_document().expect("a document").to_writer(&mut bytes).expect("writes");
        }
        if collection == "user" {
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(&bytes).expect("packs");
            fs::write(dir.join("user.bson.gz"), packed.finish().expect("packs")).expect("writes");
        } else {
            fs::write(dir.join(format!("{collection}.bson")), bytes).expect("writes");
        }
        fs::write(dir.join(format!("{collection}.metadata.json")), "{}").expect("writes");
    }

    fn import(&self, backend: &Backend, more: &[&str]) -> Said {
        let dump = self.path("dump");
        let dump = ["import", "elkeid", "--mongo-dump", dump.to_str().expect("UTF-8")];
        backend.elkctl(&[&dump[..], more].concat())
    }
}

fn sha256(bytes: &[u8]) -> String {
    sha2::Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}

/// Two hosts, one of them with a tag that is none here, and what is no agent.
fn agents() -> Vec<Value> {
    vec![
        json!({"_id": {"$oid": "65a1b2c3d4e5f60718293a4c"},
            "agent_id": "0b2f6a0c-2f0c-4cdb-9a2e-4c7a7e7d3a11", "hostname": "web-1",
            "version": "1.9.1.6", "platform": "debian", "intranet_ipv4": ["10.0.1.5"],
            "last_heartbeat_time": 1_700_000_000.5, "create_at": 1_699_000_000.0,
            "first_heartbeat_time": {"$numberLong": "1690000000"}, "tags": ["prod", "eu"],
            "plugins": [{"name": "driver", "pversion": "1.7.0.4"}]}),
        json!({"agent_id": "1c88d0e4-2f0c-4cdb-9a2e-4c7a7e7d3a12", "hostname": "db\u{1b}[31m",
            "tags": ["Database Servers"]}),
        json!({"agent_id": 7}),
    ]
}

fn row(said: &Said, collection: &str) -> Value {
    let rows = said.items();
    rows.into_iter().find(|it| it["collection"] == collection).expect("a row")
}

fn counts(said: &Said, collection: &str) -> [u64; 4] {
    let row = row(said, collection);
    ["read", "taken", "unchanged", "refused"].map(|it| row[it].as_u64().expect("a number"))
}

#[test]
fn what_the_reference_kept_is_taken_over_once_and_the_rest_is_told() {
    let dump = Dump::new();
    let backend = Backend::start(0);
    backend.login();
    let files = dump.path("files");
    let files = ["--files", files.to_str().expect("UTF-8"), "-o", "json"];
    dump.import(&backend, &files).ends(2);
    let dry = dump.import(&backend, &[&files[..], &["--dry-run"]].concat()).ends(10);
    assert_eq!(counts(&dry, "agent_heartbeat"), [3, 0, 0, 1]);
    assert!(backend.elkctl(&["agent", "list", "-o", "name"]).ends(0).out.is_empty());

    let sure = [&files[..], &["--confirm", "elkeid"]].concat();
    let first = dump.import(&backend, &sure).ends(10);
    for (collection, want) in [
        ("agent_heartbeat", [3, 2, 0, 1]),
        ("user", [3, 1, 1, 1]),
        ("component", [1, 1, 0, 0]),
        ("component_version", [2, 1, 0, 1]),
        ("component_policy", [1, 1, 0, 0]),
    ] {
        assert_eq!(counts(&first, collection), want, "{collection}");
        let row = row(&first, collection);
        let keys: Vec<_> = row.as_object().expect("an object").keys().collect();
        assert_eq!(keys, KEYS);
    }
    let reasons = row(&first, "component_version")["reasons"].to_string();
    assert!(reasons.contains("its files are not below --files"), "{reasons}");
    assert!(reasons.contains("driver 1.7.0.5"), "{reasons}");

    let all = backend.elkctl(&["agent", "list", "-o", "json"]).ends(0).items();
    let web = all.iter().find(|it| it["hostname"] == "web-1").expect("the agent");
    assert_eq!((&web["status"], &web["tags"]), (&json!("offline"), &json!(["eu", "prod"])));
    assert_eq!(all.len(), 2);
    let users = backend.elkctl(&["user", "list", "-o", "json"]).ends(0).items();
    let eve = users.iter().find(|it| it["name"] == "eve").expect("the user");
    assert_eq!((&eve["role"], &eve["password_set"]), (&json!("agent_operator"), &json!(false)));
    let get = backend.elkctl(&["config", "get", "-o", "json"]).ends(0).items();
    assert_eq!(get[0]["plugins"]["driver"]["version"], "1.7.0.4");
    let versions = backend.elkctl(&["component", "versions", "driver", "-o", "json"]).ends(0);
    assert_eq!(versions.items()[0]["files"][0]["sha256"], dump.sha256);

    let second = dump.import(&backend, &sure).ends(10);
    assert_eq!(counts(&second, "agent_heartbeat"), [3, 0, 2, 1]);
    assert_eq!(counts(&second, "user"), [3, 0, 2, 1]);
    assert_eq!(counts(&second, "component_version"), [2, 0, 1, 1]);
    assert_eq!(counts(&second, "component_policy"), [1, 0, 1, 0]);
}

#[test]
fn a_user_who_was_taken_over_signs_in_once_a_password_was_set() {
    let dump = Dump::new();
    let backend = Backend::start(0);
    backend.login();
    dump.import(&backend, &["--confirm", "elkeid"]).ends(10);
    let server = backend.manager();
    let login = ["login", "--server", &server, "-u", "eve", "--password-stdin", "--store", "file"];
    backend.elkctl_reading("", &login).ends(2);
    for guess in ["d0ne", "s4lt"] {
        backend.elkctl_reading(guess, &login).ends(4);
    }
    let password = "a-new-password-of-eve";
    backend.elkctl_reading(password, &["user", "passwd", "eve", "--password-stdin"]).ends(0);
    backend.elkctl_reading(password, &login).ends(0);
}

#[test]
fn an_export_that_is_damaged_or_misnamed_changes_nothing_and_is_named() {
    let dump = Dump::new();
    let backend = Backend::start(0);
    backend.login();
    let path = dump.path("dump/elkeid/component.bson");
    let bytes = fs::read(&path).expect("a file");
    fs::write(&path, &bytes[..bytes.len() - 3]).expect("writes");
    let said = dump.import(&backend, &["--confirm", "elkeid"]).ends(2);
    assert!(said.err.contains("component.bson: byte 0: a document is cut off"), "{}", said.err);
    assert!(backend.elkctl(&["agent", "list", "-o", "name"]).ends(0).out.is_empty());

    let json = |file: &Path| {
        let file = file.to_str().expect("UTF-8").to_owned();
        backend.elkctl(&["import", "elkeid", "--json", &file, "--confirm", "elkeid"])
    };
    let lines: String = agents().iter().map(|it| format!("{it}\n")).collect();
    let odd = dump.path("hosts.json");
    fs::write(&odd, &lines).expect("writes");
    assert!(json(&odd).ends(2).err.contains("--json agent_heartbeat=FILE"));
    let good = dump.path("agent_heartbeat.json");
    fs::write(&good, format!("{lines}{{\"agent_id\":")).expect("writes");
    assert!(json(&good).ends(2).err.contains("agent_heartbeat.json: byte "));
    fs::write(&good, &lines).expect("writes");
    let said = json(&good).ends(10);
    assert!(!said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'));
    assert_eq!(backend.elkctl(&["agent", "list", "-o", "name"]).ends(0).lines().len(), 2);
    let empty = tempfile::tempdir().expect("a directory");
    let empty = empty.path().to_str().expect("UTF-8");
    backend.elkctl(&["import", "elkeid", "--mongo-dump", empty, "--confirm", "elkeid"]).ends(2);
}
