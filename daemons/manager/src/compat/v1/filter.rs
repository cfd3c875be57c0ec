//! The reference's filter language: conditions on the fields of a document, as its database has them.

use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use regex::Regex;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::document::Document;
use crate::agents::pattern;
use crate::store::{Result as StoreResult, StoreError};

/// Rules in one filter.
const MAX_RULES: usize = 1_000;
/// Regular expressions in one filter.
const MAX_PATTERNS: usize = 16;
/// Values in the lists of one filter.
const MAX_VALUES: usize = 5_000;

/// A filter as it is sent.
#[derive(Debug, Default, Deserialize)]
pub(super) struct FilterQuery {
    #[serde(default)]
    pub(super) condition: Option<String>,
    #[serde(default)]
    filter: Option<Vec<FilterItem>>,
}

#[derive(Debug, Deserialize)]
struct FilterItem {
    key: String,
    condition: String,
    rules: Vec<FilterRule>,
}

#[derive(Debug, Deserialize)]
struct FilterRule {
    operator: String,
    value: Value,
}

/// A filter that can be applied.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    join: Join,
    items: Arc<[Item]>,
}

#[derive(Debug)]
struct Item {
    key: String,
    join: Join,
    tests: Vec<Test>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Join {
    And,
    Or,
    Nor,
}

#[derive(Debug)]
enum Test {
    In(Vec<Value>),
    NotIn(Vec<Value>),
    Compare(Side, Value),
    Matches(Regex),
    Between(f64, f64),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Side {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What must hold of agents that a filter lets pass, and can be asked of the database.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Bounds {
    /// One of these ids.
    pub(super) ids: Option<Vec<String>>,
    /// Last heartbeat not before this second.
    pub(super) seen_from: Option<f64>,
    /// One of these tasks.
    pub(super) tasks: Option<Vec<String>>,
}

impl Filter {
    /// Reads a filter; the error says what is wrong with it.
    pub(super) fn read(query: FilterQuery) -> Result<Self, String> {
        let join = query.condition.as_deref().filter(|it| !it.is_empty()).unwrap_or("$and");
        let join = read_join(join).ok_or_else(|| wrong("condition", join))?;
        let items = query.filter.unwrap_or_default();
        let rules: usize = items.iter().map(|it| it.rules.len()).sum();
        if rules > MAX_RULES || items.len() > MAX_RULES {
            return Err(format!("filter: there are more than {MAX_RULES} rules"));
        }
        let all = || items.iter().flat_map(|it| &it.rules);
        if all().filter(|it| it.operator == "$regex").count() > MAX_PATTERNS {
            return Err(format!("filter: there are more than {MAX_PATTERNS} regular expressions"));
        }
        if all().filter_map(|it| it.value.as_array()).map(Vec::len).sum::<usize>() > MAX_VALUES {
            return Err(format!("filter: its lists have more than {MAX_VALUES} values"));
        }
        // An item without rules says nothing.
        let items = items.into_iter().zip(0_usize..).filter(|(it, _)| !it.rules.is_empty());
        let items =
            items.map(|(it, at)| Item::read(it).map_err(|what| format!("filter[{at}]: {what}")));
        Ok(Self { join, items: items.collect::<Result<_, _>>()? })
    }

    /// Returns whether it lets everything pass.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns the documents that it lets pass. A filter may take long: others go on meanwhile.
    pub(super) async fn pick(&self, mut documents: Vec<Document>) -> StoreResult<Vec<Document>> {
        let filter = self.clone();
        let picked = tokio::task::spawn_blocking(move || {
            documents.retain(|it| filter.passes(it));
            documents
        });
        picked.await.map_err(|_| StoreError::Value { what: "filter" })
    }

    /// Returns whether it lets `document` pass.
    pub(super) fn passes(&self, document: &Map<String, Value>) -> bool {
        self.items.is_empty() || joined(self.join, self.items.iter().map(|it| it.holds(document)))
    }

    /// Returns conditions without which nothing passes.
    pub(super) fn bounds(&self) -> Bounds {
        let mut bounds = Bounds::default();
        if self.join != Join::And {
            return bounds;
        }
        for item in self.items.iter().filter(|it| it.join == Join::And) {
            for test in &item.tests {
                match (item.key.as_str(), test) {
                    ("agent_id", Test::In(ids)) => bounds.ids = Some(texts(ids)),
                    ("task_id", Test::In(ids)) => bounds.tasks = Some(texts(ids)),
                    (
                        "last_heartbeat_time",
                        Test::Compare(Side::Greater | Side::GreaterOrEqual, from),
                    ) => bounds.seen_from = from.as_f64(),
                    _ => {}
                }
            }
        }
        bounds
    }
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

impl Item {
    fn read(item: FilterItem) -> Result<Self, String> {
        if item.key.is_empty() {
            return Err("key: it is empty".to_owned());
        }
        let join = &item.condition;
        let join = read_join(join).ok_or_else(|| wrong("condition", join))?;
        let tests = item.rules.into_iter().zip(0_usize..);
        let tests = tests.map(|(rule, at)| {
            Test::read(&rule.operator, rule.value).map_err(|what| format!("rules[{at}]: {what}"))
        });
        Ok(Self { key: item.key, join, tests: tests.collect::<Result<_, _>>()? })
    }

    fn holds(&self, document: &Map<String, Value>) -> bool {
        let mut found = Vec::new();
        let (first, rest) = self.key.split_once('.').unwrap_or((&self.key, ""));
        if let Some(value) = document.get(first) {
            collect(value, rest, &mut found);
        }
        joined(self.join, self.tests.iter().map(|it| it.holds(&found)))
    }
}

impl Test {
    fn read(operator: &str, value: Value) -> Result<Self, String> {
        if value.is_null() {
            return Err("value: it must not be null".to_owned());
        }
        let list = |value: Value| match value {
            Value::Array(list) => Ok(list),
            _ => Err(format!("value: {operator} takes a list")),
        };
        Ok(match operator {
            "$eq" => Self::In(vec![value]),
            "$ne" => Self::NotIn(vec![value]),
            "$in" => Self::In(list(value)?),
            "$nin" => Self::NotIn(list(value)?),
            "$lt" => Self::Compare(Side::Less, value),
            "$lte" => Self::Compare(Side::LessOrEqual, value),
            "$gt" => Self::Compare(Side::Greater, value),
            "$gte" => Self::Compare(Side::GreaterOrEqual, value),
            "$regex" => {
                let text = value.as_str().ok_or("value: $regex takes a text")?;
                let pattern = pattern::read(text);
                let refused =
                    |why| format!("value: it is not taken as a regular expression: {why}");
                Self::Matches(pattern.map_err(refused)?)
            }
            "$time" => {
                let bound = |key: &str, open: f64| match value.get(key) {
                    None | Some(Value::Null) => Ok(open),
                    Some(at) => at.as_str().and_then(seconds).ok_or_else(|| {
                        format!("value.{key}: a time is written like 2006-01-02 15:04")
                    }),
                };
                if !value.is_object() {
                    return Err("value: $time takes an object with start and end".to_owned());
                }
                Self::Between(bound("start", 0.0)?, bound("end", f64::INFINITY)?)
            }
            _ => return Err(wrong("operator", operator)),
        })
    }

    fn holds(&self, found: &[&Value]) -> bool {
        match self {
            Self::In(list) => is_in(list, found),
            Self::NotIn(list) => !is_in(list, found),
            Self::Compare(side, bound) => found.iter().any(|it| is_beside(it, *side, bound)),
            Self::Matches(pattern) => {
                found.iter().any(|it| it.as_str().is_some_and(|it| pattern.is_match(it)))
            }
            Self::Between(start, end) => {
                let within = |it: f64| (*start..=*end).contains(&it);
                found.iter().any(|it| it.as_f64().is_some_and(within))
            }
        }
    }
}

fn wrong(what: &str, given: &str) -> String {
    let given: String = given.chars().take(40).collect();
    format!("{what}: {given:?} is not known")
}

fn read_join(text: &str) -> Option<Join> {
    match text {
        "$and" => Some(Join::And),
        "$or" => Some(Join::Or),
        "$nor" => Some(Join::Nor),
        _ => None,
    }
}

fn joined(join: Join, mut parts: impl Iterator<Item = bool>) -> bool {
    match join {
        Join::And => parts.all(|it| it),
        Join::Or => parts.any(|it| it),
        Join::Nor => !parts.any(|it| it),
    }
}

/// Collects the values at a dotted path; a list stands for itself and for each of its elements.
fn collect<'a>(value: &'a Value, path: &str, found: &mut Vec<&'a Value>) {
    if path.is_empty() {
        found.push(value);
        found.extend(value.as_array().into_iter().flatten());
        return;
    }
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    match value {
        Value::Object(fields) => {
            if let Some(value) = fields.get(first) {
                collect(value, rest, found);
            }
        }
        Value::Array(list) => {
            if let Some(value) = first.parse::<usize>().ok().and_then(|at| list.get(at)) {
                collect(value, rest, found);
            }
            for value in list.iter().filter(|it| it.is_object()) {
                collect(value, path, found);
            }
        }
        _ => {}
    }
}

/// A field that is not there is null.
fn is_in(list: &[Value], found: &[&Value]) -> bool {
    list.iter().any(|wanted| {
        found.iter().any(|it| is_same(it, wanted)) || (wanted.is_null() && found.is_empty())
    })
}

fn is_same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b).is_eq(),
        _ => a == b,
    }
}

/// Values of different types are not beside each other.
fn is_beside(value: &Value, side: Side, bound: &Value) -> bool {
    let order = match (value, bound) {
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        _ => value.as_f64().zip(bound.as_f64()).and_then(|(a, b)| a.partial_cmp(&b)),
    };
    order.is_some_and(|it| match side {
        Side::Less => it.is_lt(),
        Side::LessOrEqual => it.is_le(),
        Side::Greater => it.is_gt(),
        Side::GreaterOrEqual => it.is_ge(),
    })
}

/// Reads a time of the server's zone as Unix seconds.
fn seconds(text: &str) -> Option<f64> {
    let time = DateTime::strptime("%Y-%m-%d %H:%M", text).ok()?;
    let seconds = time.to_zoned(TimeZone::system()).ok()?.timestamp().as_second();
    i32::try_from(seconds).map_or(Some(f64::INFINITY), |it| Some(f64::from(it)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn filter(query: Value) -> Result<Filter, String> {
        Filter::read(serde_json::from_value(query).map_err(|error| error.to_string())?)
    }

    fn one(key: &str, operator: &str, value: Value) -> Value {
        json!({ "filter": [
            { "key": key, "condition": "$and", "rules": [{ "operator": operator, "value": value }] }
        ] })
    }

    #[test]
    fn each_operator_holds_for_what_the_reference_finds() {
        let document = json!({
            "hostname": "web-1", "cpu": 0.5, "nproc": 2, "tags": ["prod", "eu"],
            "intranet_ipv4": ["10.0.0.1"], "last_heartbeat_time": 1_700_000_000,
            "plugins": [{ "name": "driver", "pversion": "1.0.0.1" }, { "name": "collector" }],
        });
        let document = document.as_object().unwrap();
        let cases = [
            ("hostname", "$eq", json!("web-1"), true),
            ("hostname", "$ne", json!("web-1"), false),
            ("nothing", "$ne", json!("x"), true),
            ("nothing", "$eq", json!("x"), false),
            ("nothing", "$in", json!([null]), true),
            ("nproc", "$eq", json!(2.0), true),
            ("nproc", "$gt", json!(1), true),
            ("nproc", "$gte", json!(2), true),
            ("nproc", "$lt", json!(2), false),
            ("nproc", "$lte", json!(2), true),
            ("nproc", "$gt", json!("1"), false),
            ("hostname", "$gt", json!("web-0"), true),
            ("hostname", "$gt", json!(0), false),
            ("hostname", "$in", json!(["db-1", "web-1"]), true),
            ("hostname", "$nin", json!(["db-1"]), true),
            ("hostname", "$regex", json!("eb-\\d$"), true),
            ("hostname", "$regex", json!("WEB"), false),
            ("tags", "$eq", json!("eu"), true),
            ("tags", "$eq", json!(["prod", "eu"]), true),
            ("tags", "$nin", json!(["eu"]), false),
            ("tags", "$regex", json!("^pr"), true),
            ("plugins.name", "$eq", json!("collector"), true),
            ("plugins.1.name", "$eq", json!("driver"), false),
            ("plugins.pversion", "$regex", json!("^1\\."), true),
            ("last_heartbeat_time", "$time", json!({ "start": "2023-01-01 00:00" }), true),
            ("last_heartbeat_time", "$time", json!({ "end": "2023-01-01 00:00" }), false),
            ("last_heartbeat_time", "$time", json!({}), true),
        ];
        for (key, operator, value, expected) in cases {
            let filter = filter(one(key, operator, value.clone())).unwrap();
            assert_eq!(filter.passes(document), expected, "{key} {operator} {value}");
        }
    }

    #[test]
    fn conditions_join_rules_and_items() {
        let with = |top: &str, inner: &str| {
            filter(json!({ "condition": top, "filter": [
                { "key": "n", "condition": inner, "rules": [
                    { "operator": "$gt", "value": 1 }, { "operator": "$lt", "value": 3 },
                ] },
                { "key": "skipped", "condition": "$and", "rules": [] },
            ] }))
            .unwrap()
        };
        let passes =
            |filter: &Filter, n: i64| filter.passes(json!({ "n": n }).as_object().unwrap());
        let shown = |filter: Filter| [0, 2, 5].map(|n| passes(&filter, n));
        assert_eq!(shown(with("$and", "$and")), [false, true, false]);
        assert_eq!(shown(with("$and", "$or")), [true, true, true]);
        assert_eq!(shown(with("$and", "$nor")), [false, false, false]);
        assert_eq!(shown(with("$nor", "$and")), [true, false, true]);
        assert!(filter(json!({})).unwrap().is_empty());
        assert!(filter(json!({ "filter": null })).unwrap().passes(&Map::new()));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let cases = [
            (json!({ "condition": "$not" }), "condition: \"$not\" is not known"),
            (one("", "$eq", json!(1)), "filter[0]: key: it is empty"),
            (
                one("a", "$where", json!(1)),
                "filter[0]: rules[0]: operator: \"$where\" is not known",
            ),
            (one("a", "$eq", json!(null)), "filter[0]: rules[0]: value: it must not be null"),
            (one("a", "$in", json!(1)), "filter[0]: rules[0]: value: $in takes a list"),
            (one("a", "$regex", json!(1)), "filter[0]: rules[0]: value: $regex takes a text"),
            (
                one("a", "$regex", json!("(")),
                "filter[0]: rules[0]: value: it is not taken as a regular expression: unclosed group",
            ),
            (
                one("a", "$time", json!({ "start": "soon" })),
                "filter[0]: rules[0]: value.start: a time is written like 2006-01-02 15:04",
            ),
        ];
        for (query, expected) in cases {
            assert_eq!(filter(query).unwrap_err(), expected);
        }
    }

    #[test]
    fn what_a_filter_holds_is_bounded() {
        let many = |count: usize, operator: &str, value: Value| {
            let rule = json!({ "operator": operator, "value": value });
            filter(json!({ "filter": [
                { "key": "a", "condition": "$or", "rules": vec![rule; count] },
            ] }))
        };
        many(16, "$regex", json!("^a")).unwrap();
        let error = many(17, "$regex", json!("^a")).unwrap_err();
        assert_eq!(error, "filter: there are more than 16 regular expressions");
        let error = many(1, "$regex", json!(r"\w{0,60}")).unwrap_err();
        assert!(error.ends_with("it is too large"), "{error}");
        let list = json!(vec![7; 2_500]);
        many(2, "$in", list.clone()).unwrap();
        let error = many(3, "$nin", list).unwrap_err();
        assert_eq!(error, "filter: its lists have more than 5000 values");
    }

    #[tokio::test]
    async fn documents_are_looked_at_where_nobody_waits_for_them() {
        let all = filter(one("n", "$regex", json!("^(a|b)+$"))).unwrap();
        let document = |text: &str| json!({ "n": text }).as_object().cloned().unwrap();
        let given = vec![document("ab"), document("c"), document("b")];
        let mut picking = std::pin::pin!(all.pick(given));
        // The first look only hands the work over.
        assert!(futures_util::poll!(picking.as_mut()).is_pending());
        assert_eq!(picking.await.unwrap(), [document("ab"), document("b")]);
    }

    #[test]
    fn bounds_are_taken_only_where_they_must_hold() {
        let ids = filter(one("agent_id", "$in", json!(["a", "b"]))).unwrap().bounds();
        assert_eq!(ids.ids, Some(vec!["a".to_owned(), "b".to_owned()]));
        let seen = filter(one("last_heartbeat_time", "$gt", json!(5))).unwrap().bounds();
        assert_eq!(seen.seen_from, Some(5.0));
        let mut either = one("agent_id", "$eq", json!("a"));
        either["condition"] = json!("$or");
        assert_eq!(filter(either).unwrap().bounds(), Bounds::default());
    }

    proptest! {
        #[test]
        fn any_json_is_read_or_refused_without_a_panic(
            key in "[a-z.0-9$]{0,8}",
            operator in "\\$(eq|ne|in|nin|gt|lt|regex|time)",
            text in ".{0,8}",
        ) {
            for value in [json!(text), json!([text]), json!({ "start": text }), json!(1e300)] {
                if let Ok(filter) = filter(one(&key, &operator, value)) {
                    filter.passes(json!({ "a": [{ "b": 1 }, text] }).as_object().unwrap());
                }
            }
        }
    }
}
