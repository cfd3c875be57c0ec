//! What a request asked for, without secrets: texts are shown where they are known to be harmless.

use serde_json::{Map, Value};

use super::cut;

/// Larger bodies are not read for their summary.
const MAX_READ: usize = 256 << 10;
const MAX_TEXT: usize = 64;
/// Fields that are told of.
const MAX_FIELDS: usize = 24;

/// Fields whose texts may be shown to who reads the log.
const HARMLESS: [&str; 40] = [
    "agent",
    "agent_version",
    "cluster",
    "component",
    "con_num",
    "expires",
    "expires_at",
    "filter",
    "from",
    "group",
    "id",
    "job_id",
    "kind",
    "level",
    "name",
    "offline_policy",
    "on_failure",
    "phase",
    "plugin",
    "policy",
    "priority",
    "profile",
    "reason",
    "revision",
    "role",
    "rollout",
    "selection",
    "selector",
    "severity",
    "sha256",
    "source",
    "state",
    "strategy",
    "tag",
    "tags",
    "task_id",
    "to",
    "type",
    "username",
    "version",
];
/// Fields that are never shown, whatever they are.
const SECRET: [&str; 6] = ["password", "current", "otp", "code", "secret", "token"];
/// Fields that name the object of a request, the first one that is there.
const NAMES: [&str; 6] = ["name", "username", "task_id", "id", "selection", "tag"];

/// What a body says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) object: String,
    pub(super) summary: String,
}

/// Reads a request's body.
pub(super) fn of_body(body: &[u8]) -> Told {
    if body.is_empty() {
        return Told::default();
    }
    let read = (body.len() <= MAX_READ).then(|| serde_json::from_slice(body).ok()).flatten();
    let Some(Value::Object(fields)) = read else {
        return Told { object: String::new(), summary: format!("body=<{} bytes>", body.len()) };
    };
    let shown: Vec<_> =
        fields.iter().take(MAX_FIELDS).filter_map(|(name, value)| shown(name, value)).collect();
    Told { object: named(&fields, &NAMES), summary: shown.join(" ") }
}

fn named(fields: &Map<String, Value>, names: &[&str]) -> String {
    let texts = names.iter().filter_map(|name| fields.get(*name)?.as_str());
    texts.map(str::to_owned).next().unwrap_or_default()
}

fn shown(name: &str, value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        _ if SECRET.contains(&name) => "<secret>".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) if HARMLESS.contains(&name) && is_plain(text) => text.clone(),
        Value::String(text) if HARMLESS.contains(&name) => format!("{:?}", cut(text, MAX_TEXT)),
        Value::String(text) => format!("<{} bytes>", text.len()),
        Value::Array(list) => format!("<{} items>", list.len()),
        Value::Object(fields) => format!("<{} fields>", fields.len()),
    };
    Some(format!("{}={text}", cut(&name.escape_debug().to_string(), MAX_TEXT)))
}

fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\');
    (1..=MAX_TEXT).contains(&text.len()) && text.chars().all(plain)
}

/// Returns the id in an answer: what was made is named by it.
pub(super) fn made(answer: &Value) -> Option<&str> {
    let inner = answer.get("data").filter(|it| it.is_object()).unwrap_or(answer);
    let text = ["id", "task_id"].iter().find_map(|name| inner.get(name)?.as_str());
    text.filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_what_may_hold_some_are_not_shown() {
        let body = br#"{"name":"kim","role":"viewer","password":"hunter2hunter2","current":null,
            "otp":"123456","code":7,"data":"{\"key\":\"s3cret\"}","ids":["a","b"],"all":true,
            "nested":{"password":"s3cret"},"timeout_seconds":30,"selector":"tag=a b"}"#;
        let told = of_body(body);
        assert_eq!(told.object, "kim");
        assert_eq!(
            told.summary,
            "all=true code=<secret> data=<16 bytes> ids=<2 items> name=kim nested=<1 fields> \
             otp=<secret> password=<secret> role=viewer selector=\"tag=a b\" timeout_seconds=30"
        );
    }

    #[test]
    fn what_is_no_object_is_told_by_its_size() {
        assert_eq!(of_body(b""), Told::default());
        for body in ["[]", "{", "\u{0}\u{1}"] {
            assert_eq!(of_body(body.as_bytes()).summary, format!("body=<{} bytes>", body.len()));
        }
        let hostile = "{\"a\\u001b[2J\":1,\"name\":\"\\u001b\\n\"}";
        let told = of_body(hostile.as_bytes());
        assert_eq!(told.summary, "a\\u{1b}[2J=1 name=\"\\u{1b}\\n\"");
    }

    #[test]
    fn what_was_made_is_named_by_the_answer() {
        let native = serde_json::json!({ "id": "tk-1", "data": "{}" });
        let old = serde_json::json!({ "code": 0, "data": { "task_id": "1" } });
        assert_eq!((made(&native), made(&old)), (Some("tk-1"), Some("1")));
        assert_eq!(made(&serde_json::json!({ "data": "x" })), None);
    }
}
