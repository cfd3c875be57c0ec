//! What lists show, the most important column first; the rest goes when there is no room.

use jiff::Timestamp;
use serde_json::Value;

use crate::msg::View;

/// A column of a list.
pub(crate) struct Column {
    pub(crate) head: &'static str,
    /// The server's name of it, where it sorts by it.
    pub(crate) sort: Option<&'static str>,
    pub(crate) cell: fn(&Value, Timestamp) -> String,
}

const fn plain(head: &'static str, cell: fn(&Value, Timestamp) -> String) -> Column {
    Column { head, sort: None, cell }
}

const fn sorted(
    head: &'static str,
    sort: &'static str,
    cell: fn(&Value, Timestamp) -> String,
) -> Column {
    Column { head, sort: Some(sort), cell }
}

static AGENTS: [Column; 8] = [
    sorted("ID", "id", |it, _| short(&field(it, "id"))),
    sorted("HOSTNAME", "hostname", |it, _| field(it, "hostname")),
    plain("STATUS", |it, _| field(it, "status")),
    sorted("SEEN", "last_seen", |it, now| age(it, "last_heartbeat_at", now)),
    plain("VERSION", |it, _| field(it, "version")),
    plain("TAGS", |it, _| field(it, "tags")),
    plain("AC", |it, _| field(it, "ac")),
    plain("PLATFORM", |it, _| field(it, "platform")),
];
static ROLLOUTS: [Column; 8] = [
    plain("ID", |it, _| field(it, "id")),
    plain("PHASE", |it, _| field(it, "phase")),
    plain("CHANGES", |it, _| changes(it)),
    plain("STEP", |it, _| step(it)),
    plain("TARGETS", |it, _| field(it, "targets")),
    plain("DONE", |it, _| at(it, "/counts/done")),
    plain("FAILED", |it, _| at(it, "/counts/failed")),
    plain("AGE", |it, now| age(it, "created_at", now)),
];
static ALERTS: [Column; 7] = [
    plain("LAST", |it, now| age(it, "last_at", now)),
    plain("SEVERITY", |it, _| field(it, "severity")),
    plain("STATE", |it, _| field(it, "state")),
    plain("KIND", |it, _| field(it, "kind")),
    plain("TITLE", |it, _| field(it, "title")),
    plain("OBJECT", |it, _| field(it, "object")),
    plain("COUNT", |it, _| field(it, "count")),
];
static EVENTS: [Column; 5] = [
    plain("AT", |it, now| age(it, "at", now)),
    plain("TYPE", |it, _| field(it, "type")),
    plain("ACTION", |it, _| field(it, "action")),
    plain("OBJECT", |it, _| field(it, "object")),
    plain("DETAIL", |it, _| pairs(it.get("detail"))),
];
static TASKS: [Column; 8] = [
    plain("ID", |it, _| short(&field(it, "id"))),
    plain("KIND", |it, _| field(it, "kind")),
    plain("STATE", |it, _| field(it, "state")),
    plain("PLUGIN", |it, _| field(it, "plugin")),
    plain("TARGETS", |it, _| field(it, "targets")),
    plain("OK", |it, _| at(it, "/counts/succeeded")),
    plain("FAILED", |it, _| at(it, "/counts/failed")),
    plain("AGE", |it, now| age(it, "created_at", now)),
];
static CENTERS: [Column; 6] = [
    plain("ADDRESS", |it, _| field(it, "address")),
    plain("BAND", |it, _| field(it, "state")),
    plain("CONNECTIONS", |it, _| field(it, "connections")),
    plain("REGISTERED", |it, _| seconds(it, "registered_seconds_ago")),
    plain("REACHABLE", |it, _| field(it, "reachable")),
    plain("ERROR", |it, _| field(it, "error")),
];
static PLUGINS: [Column; 3] = [
    plain("PLUGIN", |it, _| field(it, "name")),
    plain("VERSION", |it, _| field(it, "version")),
    plain("DETAIL", |it, _| field(it, "detail")),
];
static AUDIT: [Column; 6] = [
    plain("AT", |it, now| age(it, "at", now)),
    plain("ACTOR", |it, _| field(it, "actor")),
    plain("ACTION", |it, _| field(it, "action")),
    plain("OBJECT", |it, _| field(it, "object")),
    plain("OUTCOME", |it, _| field(it, "outcome")),
    plain("ADDRESS", |it, _| field(it, "address")),
];

/// Returns the columns of a view's list.
pub(crate) fn columns(view: View) -> &'static [Column] {
    match view {
        View::Overview => &[],
        View::Agents => &AGENTS,
        View::Rollouts => &ROLLOUTS,
        View::Cluster => &CENTERS,
        View::Alerts => &ALERTS,
        View::Events => &EVENTS,
        View::Tasks => &TASKS,
        View::Config => &PLUGINS,
        View::Audit => &AUDIT,
    }
}

/// Returns the key by which a view's objects are told apart.
pub(crate) fn key(view: View) -> &'static str {
    match view {
        View::Cluster => "address",
        View::Config => "name",
        View::Audit => "sequence",
        _ => "id",
    }
}

/// Returns a field as text.
pub(crate) fn field(item: &Value, name: &str) -> String {
    text(item.get(name).unwrap_or(&Value::Null))
}

pub(crate) fn at(item: &Value, pointer: &str) -> String {
    text(item.pointer(pointer).unwrap_or(&Value::Null))
}

/// Returns a value on one line.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.as_u64().map_or_else(|| number.to_string(), grouped),
        Value::String(text) if text.is_empty() => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "-".to_owned(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        Value::Object(_) => pairs(Some(value)),
    }
}

fn pairs(value: Option<&Value>) -> String {
    let Some(fields) = value.and_then(Value::as_object) else { return String::new() };
    let shown = fields.iter().filter(|(_, it)| !it.is_null());
    shown.map(|(name, it)| format!("{name}={}", text(it))).collect::<Vec<_>>().join(" ")
}

/// Writes a number in groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// Returns how long ago a time was.
pub(crate) fn age(item: &Value, name: &str, now: Timestamp) -> String {
    let time = item.get(name).and_then(Value::as_str).and_then(|text| text.parse().ok());
    time.map_or_else(|| "-".to_owned(), |time: Timestamp| ago(time, now))
}

/// Returns how long ago a time was, without saying that it is past.
pub(crate) fn ago(time: Timestamp, now: Timestamp) -> String {
    elk_desk::ago(time, now).trim_end_matches(" ago").to_owned()
}

fn seconds(item: &Value, name: &str) -> String {
    item.get(name).and_then(Value::as_u64).map_or_else(|| "-".to_owned(), |it| format!("{it}s"))
}

fn short(id: &str) -> String {
    id.chars().take(8).collect()
}

pub(crate) fn changes(item: &Value) -> String {
    let Some(changes) = item.get("changes").and_then(Value::as_object) else {
        return "-".to_owned();
    };
    let shown = changes.iter().map(|(name, it)| format!("{name} {}", field(it, "version")));
    shown.collect::<Vec<_>>().join(", ")
}

pub(crate) fn step(item: &Value) -> String {
    let of = item.get("steps").and_then(Value::as_array).map_or(0, Vec::len);
    let at = item.get("step").and_then(Value::as_u64).unwrap_or(0);
    format!("{at}/{of}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, shown) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_034_112, "1,034,112")]
        {
            assert_eq!(grouped(number), shown);
        }
    }

    #[test]
    fn a_value_of_any_shape_is_one_line() {
        let value = serde_json::json!({"a": [1, "x"], "b": null, "c": {"d": true}});
        assert_eq!(text(&value), "a=1,x c=d=yes");
        assert_eq!(field(&value, "missing"), "-");
    }
}
