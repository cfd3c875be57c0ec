//! The dependency direction of the workspace.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

const LAYERS: &[&[&str]] = &[
    &["elk-model"],
    &["elk-wire", "elk-api", "elk-trust", "elk-life"],
    &["elk-boot", "elk-bus", "elk-client", "elk-web", "elk-desk"],
    &["elk-manager", "elk-ac", "elk-sd", "elk-sim", "elk-tui"],
    &["elkctl", "elk-fuzz"],
];

/// Outside crates with one way in, so that a second path to the database or the wire cannot appear
/// unnoticed.
const OWNERS: &[(&str, &[&str])] = &[
    ("sqlx", &["elk-manager"]),
    ("sea-query", &["elk-manager"]),
    ("sea-query-sqlx", &["elk-manager"]),
    ("reqwest", &["elk-client"]),
    ("tonic", &["elk-wire", "elk-ac", "elk-sim"]),
    ("prost", &["elk-wire", "elk-ac", "elk-sim"]),
    ("anyhow", &["elkctl"]),
    ("rdkafka", &["elk-bus"]),
    ("bson", &["elkctl"]),
    ("ratatui", &["elk-tui"]),
    ("crossterm", &["elk-tui"]),
];

type Imports = BTreeMap<String, Vec<String>>;

#[test]
fn imports_point_down_and_outside_crates_stay_with_their_owners() {
    let found = violations(&imports());
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_daemon_that_imports_a_daemon_is_reported() {
    let imports = Imports::from([("elk-ac".to_owned(), vec!["elk-sd".to_owned()])]);
    assert_eq!(violations(&imports), ["elk-ac must not import elk-sd"]);
}

#[test]
fn a_crate_of_the_house_in_no_layer_is_reported() {
    let imports = Imports::from([("elk-attic".to_owned(), Vec::new())]);
    assert_eq!(violations(&imports), ["elk-attic stands in no layer"]);
}

fn violations(imports: &Imports) -> Vec<String> {
    let layer = |name: &str| LAYERS.iter().position(|names| names.contains(&name));
    let mut found = Vec::new();
    for (importer, imported) in imports {
        let Some(above) = layer(importer) else {
            found.push(format!("{importer} stands in no layer"));
            continue;
        };
        for name in imported {
            let owners = OWNERS.iter().find(|(owned, _)| owned == name);
            let allowed = match (layer(name), owners) {
                (Some(below), _) => above > below,
                (None, Some((_, owners))) => owners.contains(&importer.as_str()),
                (None, None) => true,
            };
            if !allowed {
                found.push(format!("{importer} must not import {name}"));
            }
        }
    }
    found
}

/// What each crate ships with; what only its tests use may point anywhere below.
fn imports() -> Imports {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let name = |value: &Value| value["name"].as_str().expect("a name").to_owned();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().expect("dependencies");
            let shipped = dependencies.iter().filter(|dependency| dependency["kind"].is_null());
            (name(package), shipped.map(name).collect())
        })
        .collect()
}
