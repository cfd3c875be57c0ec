//! What an engine of detection calls: it signs in as a user, and brings alarms.

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use axum::routing::post;
use bytes::Bytes;
use elk_api::Permission;
use elk_api::alerts::Severity;
use elk_web::enveloped;
use serde_json::{Map, Value};

use super::intake::{bound, failed};
use super::v1::guarded;
use crate::alerts::store::Raised;
use crate::alerts::{self, Draft};
use crate::app::App;

/// The largest alarm.
const MAX_BODY: usize = 1 << 20;
/// The largest alarm that is kept as it is; of others the shorter fields are.
const MAX_DATA: usize = 16 << 10;
/// What is kept of a field of an alarm that is too large.
const MAX_FIELD: usize = 512;
const MAX_FIELDS: usize = 24;
/// Types of records by which a scan for viruses is known.
const VIRUS: [&str; 6] = ["6000", "6001", "6002", "6003", "6005", "6010"];
/// Fields that tell alarms of one rule on one host apart.
const APART: [&str; 6] = ["exe", "argv", "file_path", "static_file", "cluster_id", "dip"];

pub(crate) fn routes() -> Router<App> {
    let add =
        Router::new().route("/api/v6/alarm/add", post(add)).layer(DefaultBodyLimit::max(MAX_BODY));
    guarded(add, Permission::WriteAlerts)
}

/// Answers when the alarm is kept; the reference does so when it is on its way.
async fn add(State(app): State<App>, body: Bytes) -> Response {
    let alarm: Map<String, Value> = match bound(&body) {
        Ok(alarm) => alarm,
        Err(response) => return *response,
    };
    let draft = draft(&alarm);
    let raised = async {
        let mut tx = app.store.begin().await?;
        let raised = alerts::raise(&mut tx, &draft, app.clock.now()).await?;
        tx.commit().await?;
        Ok(raised)
    };
    match raised.await {
        Ok(Raised::New(_) | Raised::Again(_)) => enveloped(0, "success", "ok"),
        Ok(Raised::Shed) => enveloped(10, "operate error", "there is no room for more alarms"),
        Err(error) => failed(&error),
    }
}

/// Reads a field whatever its type: engines write numbers where the reference expects texts.
fn text(alarm: &Map<String, Value>, name: &str) -> Option<String> {
    let text = match alarm.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn draft(alarm: &Map<String, Value>) -> Draft {
    let rule = alarm.get("SMITH_ALERT_DATA").and_then(|it| it.get("RULE_INFO"));
    let rule = rule.and_then(Value::as_object).cloned().unwrap_or_default();
    let first = |own: &[&str], of_rule: &str| {
        own.iter().find_map(|name| text(alarm, name)).or_else(|| text(&rule, of_rule))
    };
    let data_type = text(alarm, "data_type");
    let source = match data_type.as_deref() {
        Some(it) if VIRUS.contains(&it) => "virus",
        _ => "hids",
    };
    let severity = first(&["harm_level", "HarmLevel", "level"], "HarmLevel");
    let severity = severity.and_then(|word| {
        Severity::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(&word))
    });
    let chain = || if data_type.is_none() { "killchain" } else { "detection" }.to_owned();
    let kind = first(&["alert_type_us", "alert_type"], "RuleType").unwrap_or_else(chain);
    let title = first(&["rule_name"], "RuleName").unwrap_or_else(|| kind.clone());
    let detail = first(&["desc", "suggestion"], "Desc").unwrap_or_default();
    let host = first(&["hostname", "cluster"], "").unwrap_or_default();
    let same = APART.iter().map(|name| text(alarm, name).unwrap_or_default());
    let same = same.chain([title.clone(), data_type.unwrap_or_default()]).collect();
    Draft::of(source, &kind, severity.unwrap_or(Severity::Medium))
        .titled(&title)
        .saying(&detail)
        .about(&host)
        .of_agent(text(alarm, "agent_id").and_then(|it| it.parse().ok()))
        .told_apart_by(same)
        .with_data(kept(alarm))
}

/// Returns what is kept of an alarm.
fn kept(alarm: &Map<String, Value>) -> String {
    let whole = serde_json::to_string(alarm).unwrap_or_default();
    if whole.len() <= MAX_DATA {
        return whole;
    }
    let short = |value: &&Value| match value {
        Value::String(text) => text.len() <= MAX_FIELD,
        Value::Array(_) | Value::Object(_) => false,
        _ => true,
    };
    let fields = alarm.iter().filter(|(name, value)| name.len() <= 64 && short(value));
    let mut cut: Map<String, Value> =
        fields.take(MAX_FIELDS).map(|(name, value)| (name.clone(), value.clone())).collect();
    cut.insert("cut_from_bytes".to_owned(), whole.len().into());
    serde_json::to_string(&cut).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(value: Value) -> Draft {
        let Value::Object(alarm) = value else { panic!("no object") };
        draft(&alarm)
    }

    #[test]
    fn an_alarm_is_read_whatever_the_types_of_its_fields() {
        let one = of(json!({ "data_type": 59, "agent_id": "a1", "rule_name": "reverse shell",
            "harm_level": "HIGH", "alert_type_us": "persistent", "exe": "/bin/bash" }));
        let same = of(json!({ "data_type": "59", "agent_id": "a1", "hostname": "",
            "SMITH_ALERT_DATA": { "RULE_INFO": { "RuleName": "reverse shell",
            "HarmLevel": "high", "RuleType": "persistent" } }, "exe": "/bin/bash" }));
        assert_eq!(one.with_data(String::new()), same.with_data(String::new()));
        for odd in [json!({}), json!({ "agent_id": "../x y", "level": [], "data_type": {} })] {
            of(odd);
        }
    }

    #[test]
    fn of_an_alarm_that_is_too_large_the_shorter_fields_are_kept() {
        let mut alarm = Map::new();
        alarm.insert("argv".to_owned(), "x".repeat(MAX_DATA).into());
        alarm.insert("rule_name".to_owned(), "r".into());
        let cut: Value = serde_json::from_str(&kept(&alarm)).unwrap();
        assert_eq!(cut["rule_name"], "r");
        assert!(
            cut["cut_from_bytes"].as_u64().unwrap() > MAX_DATA as u64 && cut.get("argv").is_none()
        );
        for number in 0..10_000 {
            alarm.insert(format!("f{number}"), "y".repeat(MAX_FIELD).into());
        }
        assert!(kept(&alarm).len() <= MAX_DATA + 128);
    }
}
