//! From a document of the reference to what it becomes here. Passwords and their salts are not looked at.

use elk_api::Role;
use elk_api::components::ComponentKind;
use elk_api::import::{ImportedAgent, ImportedUser};
use elk_model::{ComponentName, ComponentVersion, Sha256, Tag};
use serde_json::Value;

use super::Document;

/// What only the reference's Manager wrote into an agent's document.
const NOT_HEARTBEAT: [&str; 11] = [
    "_id",
    "agent_id",
    "config",
    "config_update_time",
    "first_heartbeat_time",
    "first_heartbeat_time_format",
    "last_heartbeat_time_format",
    "plugins",
    "source_ip",
    "source_port",
    "tags",
];

/// A version of a component, with its files by what they fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) component: ComponentName,
    pub(crate) version: ComponentVersion,
    pub(crate) files: Vec<(String, Sha256)>,
}

/// A component that is released to all agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    pub(crate) component: ComponentName,
    pub(crate) kind: ComponentKind,
    pub(crate) version: ComponentVersion,
}

/// Why a document is not taken; the same words for all that have the same fault.
pub(crate) type Fault = &'static str;

/// Reads an agent, and how many of its tags are none here.
pub(crate) fn agent(mut it: Document) -> Result<(ImportedAgent, usize), Fault> {
    let id = text(&it, "agent_id").parse().map_err(|_| "agent_id is no agent's id")?;
    let first_seen = it.get("first_heartbeat_time").and_then(Value::as_i64);
    let listed = strings(it.get("tags"));
    let tags: Vec<Tag> = listed.iter().filter_map(|it| it.parse().ok()).collect();
    let odd = listed.len() - tags.len();
    let plugins = match it.remove("plugins") {
        Some(Value::Array(list)) => list.into_iter().filter_map(object).collect(),
        _ => Vec::new(),
    };
    let mut heartbeat = it;
    heartbeat.retain(|key, _| !NOT_HEARTBEAT.contains(&key.as_str()));
    Ok((ImportedAgent { id, heartbeat, plugins, tags, first_seen }, odd))
}

/// Reads a user; the reference's levels become roles.
pub(crate) fn user(it: &Document) -> Result<ImportedUser, Fault> {
    let name = text(it, "username");
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '@' | '-');
    if !(1..=64).contains(&name.len()) || !name.chars().all(plain) {
        return Err("username is no user's name");
    }
    let level = it.get("level").and_then(Value::as_i64);
    let role = level.and_then(Role::of_level).ok_or("level is none of 0 to 8")?;
    Ok(ImportedUser { name: name.to_owned(), role })
}

/// Reads a component.
pub(crate) fn component(it: &Document) -> Result<(ComponentName, ComponentKind), Fault> {
    let name = text(it, "name").parse().map_err(|_| "name is no component's name")?;
    Ok((name, kind(it)?))
}

/// Reads a version of a component.
pub(crate) fn version(it: &Document) -> Result<Version, Fault> {
    let of = it.get("component").and_then(Value::as_object).ok_or("component is missing")?;
    let (component, _) = component(of)?;
    let version = text(it, "version").parse().map_err(|_| "version is not four numbers")?;
    let listed = it.get("files").and_then(Value::as_array).ok_or("files is no list")?;
    let read = |it: &Value| -> Result<(String, Sha256), Fault> {
        let it = it.as_object().ok_or("one of the files is no object")?;
        let digest = text(it, "sha256").to_ascii_lowercase();
        let digest = digest.parse().map_err(|_| "sha256 of a file is no digest")?;
        let words = [text(it, "platform_family"), text(it, "arch")];
        let words: Vec<_> = words.into_iter().filter(|it| !["", "default"].contains(it)).collect();
        let variant = if words.is_empty() { "default".to_owned() } else { words.join("_") };
        Ok((variant, digest))
    };
    let files = listed.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    if files.is_empty() {
        return Err("it has no files");
    }
    Ok(Version { component, version, files })
}

/// Reads a policy.
pub(crate) fn policy(it: &Document) -> Result<Policy, Fault> {
    let released = it.get("component_version").and_then(Value::as_object);
    let released = released.ok_or("component_version is missing")?;
    let of = released.get("component").and_then(Value::as_object).ok_or("component is missing")?;
    let (component, kind) = component(of)?;
    let version = text(released, "version").parse().map_err(|_| "version is not four numbers")?;
    if text(it, "type") != "release" {
        return Err("its type is not release");
    }
    if it.get("rules").and_then(Value::as_array).is_some_and(|it| !it.is_empty()) {
        return Err("it has rules, and the profile is one for all agents");
    }
    Ok(Policy { component, kind, version })
}

fn kind(it: &Document) -> Result<ComponentKind, Fault> {
    let known = [ComponentKind::Exec, ComponentKind::TarGz, ComponentKind::Agent];
    let found = known.into_iter().find(|kind| kind.as_str() == text(it, "type"));
    found.ok_or("type is none of exec, tar.gz and agent")
}

fn text<'a>(it: &'a Document, key: &str) -> &'a str {
    it.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn strings(list: Option<&Value>) -> Vec<&str> {
    let list = list.and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).filter(|it| !it.is_empty()).collect()
}

fn object(value: Value) -> Option<Document> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(value: Value) -> Document {
        object(value).expect("an object")
    }

    #[test]
    fn an_agent_keeps_what_agentcenter_told_and_no_more() {
        let it = document(json!({
            "_id": "x", "agent_id": "a-1", "hostname": "h", "first_heartbeat_time": 5,
            "tags": ["prod", "Bad Tag", ""], "plugins": [{"name": "driver"}, 7],
            "config": [{"name": "driver"}], "source_ip": "10.0.0.1", "last_heartbeat_time": 7.5,
        }));
        let (agent, odd) = agent(it).expect("is one");
        assert_eq!((agent.id.as_str(), odd, agent.first_seen), ("a-1", 1, Some(5)));
        assert_eq!(agent.tags, ["prod".parse().expect("a tag")]);
        assert_eq!(agent.plugins.len(), 1);
        let heartbeat = json!({"hostname": "h", "last_heartbeat_time": 7.5});
        assert_eq!(Value::Object(agent.heartbeat), heartbeat);
        assert!(super::agent(document(json!({"agent_id": 7}))).is_err());
    }

    #[test]
    fn a_user_has_a_role_and_nothing_secret() {
        let it = json!({"username": "eve", "password": "p", "salt": "s", "level": 2});
        let user = user(&document(it)).expect("is one");
        assert_eq!(json!(user), json!({"name": "eve", "role": "agent_operator"}));
        for odd in [json!({"username": "a b", "level": 0}), json!({"username": "x", "level": 9})] {
            assert!(super::user(&document(odd)).is_err());
        }
    }

    #[test]
    fn a_version_names_its_files_and_a_policy_without_rules_its_version() {
        let of = json!({"name": "elkeid-agent", "type": "agent"});
        let sha = "ab".repeat(32);
        let it = json!({"version": "1.9.1.6", "component": of, "files": [
            {"platform_family": "debian", "arch": "x86_64", "sha256": sha},
            {"platform_family": "", "arch": "", "sha256": sha},
        ]});
        let read = version(&document(it.clone())).expect("is one");
        let names: Vec<_> = read.files.iter().map(|(variant, _)| variant.as_str()).collect();
        assert_eq!(names, ["debian_x86_64", "default"]);
        let released = |rules: Value| {
            document(json!({"type": "release", "component_version": it, "rules": rules}))
        };
        let policy = policy(&released(json!([]))).expect("is one");
        assert_eq!(
            (policy.component.as_str(), policy.kind),
            ("elkeid-agent", ComponentKind::Agent)
        );
        let rules = json!([{"key": "tag", "operator": "$in", "value": "legacy"}]);
        assert!(super::policy(&released(rules)).is_err());
    }
}
