//! Asking the server.

use elk_api::events::{self, EventQuery};
use elk_api::{ListQuery, Nothing, agents, alerts, audit, cluster, profiles, rollouts, tasks};
use elk_client::{Client, ClientError};
use elk_desk::sanitize;
use elk_life::{Clock, chain};
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::msg::{Answer, Feed, Query, Refusal, View};

/// Rows of a page: enough for any screen.
const PAGE: u32 = 100;
/// How far back events are shown at the start, and where more happens.
const SINCE: [SignedDuration; 4] = [
    SignedDuration::from_mins(15),
    SignedDuration::from_secs(60),
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(1),
];
/// Events that are asked for.
const EVENTS: u32 = 1_000;
/// Longer texts are cut: a screen shows less.
const MAX_TEXT: usize = 8_192;

/// Asks for what a feed shows.
pub(crate) async fn fetch(
    client: &Client,
    feed: &Feed,
    query: &Query,
) -> Result<Answer, ClientError> {
    match feed {
        Feed::Fleet => fleet(client).await,
        Feed::List(view) => list(client, *view, query).await,
        Feed::One(view, id) => one(client, *view, id).await,
    }
}

/// Returns what to show of a failure.
pub(crate) fn refusal(error: &ClientError) -> Refusal {
    let text = sanitize(&chain(error).to_string()).into_owned();
    Refusal { text, away: error.status().is_none() }
}

async fn fleet(client: &Client) -> Result<Answer, ClientError> {
    let by = |key: &str| agents::AggregateQuery { selector: None, by: Some(key.to_owned()) };
    let status = client.send::<agents::Aggregate>(&[], &by("status"), &Nothing {}).await?;
    let versions = client.send::<agents::Aggregate>(&[], &by("version"), &Nothing {}).await?;
    let counts = |it: &agents::Aggregate| -> Vec<Value> {
        let mut groups: Vec<_> = it.groups.iter().collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        let name = |key: &[Option<String>]| key.first().cloned().flatten().unwrap_or_default();
        groups.iter().map(|it| json!({ "key": name(&it.key), "count": it.count })).collect()
    };
    let whole = json!({
        "total": status.total,
        "status": counts(&status),
        "versions": counts(&versions),
    });
    Ok(Answer { whole: clean(whole), ..Answer::default() })
}

async fn list(client: &Client, view: View, query: &Query) -> Result<Answer, ClientError> {
    let cursor = query.cursor.as_deref().and_then(|it| it.parse().ok());
    let (limit, none) = (Some(PAGE), Nothing {});
    let filter = (!query.filter.is_empty()).then(|| query.filter.clone());
    match view {
        View::Agents => {
            let named = |name| agents::AgentSort::NAMES.into_iter().find(|(it, _)| *it == name);
            let sort = query.sort.and_then(named).map(|(_, it)| it);
            let reverse = query.reverse.then_some(true);
            let query = agents::AgentQuery { selector: filter, limit, cursor, sort, reverse };
            Ok(page(&client.send::<agents::List>(&[], &query, &none).await?))
        }
        View::Rollouts => {
            let query = ListQuery { limit, cursor };
            Ok(page(&client.send::<rollouts::List>(&[], &query, &none).await?))
        }
        View::Tasks => {
            let query = ListQuery { limit, cursor };
            Ok(page(&client.send::<tasks::List>(&[], &query, &none).await?))
        }
        View::Alerts => {
            let state = filter.and_then(|it| serde_json::from_value(it.into()).ok());
            let query = alerts::AlertQuery { limit, cursor, state, ..Default::default() };
            Ok(page(&client.send::<alerts::List>(&[], &query, &none).await?))
        }
        View::Audit => {
            let query = audit::AuditQuery { limit, cursor, action: filter, ..Default::default() };
            Ok(page(&client.send::<audit::List>(&[], &query, &none).await?))
        }
        View::Events => {
            let mut answer = recent(client, filter).await?;
            // The latest first, as everywhere.
            answer.items.reverse();
            answer.next = None;
            Ok(answer)
        }
        View::Cluster => {
            let status = client.send::<cluster::Status>(&[], &none, &none).await?;
            Ok(inner(&status, "ac"))
        }
        View::Config => {
            Ok(inner(&client.send::<profiles::Get>(&["default"], &none, &none).await?, "plugins"))
        }
        View::Overview => Ok(Answer::default()),
    }
}

/// Asks for the latest events: of so short a time that they are one page.
async fn recent(client: &Client, types: Option<String>) -> Result<Answer, ClientError> {
    let mut answer = Answer::default();
    for back in SINCE {
        let since = Clock::System.now().checked_sub(back).ok();
        let types = types.clone();
        let query = EventQuery { since, limit: Some(EVENTS), types, ..EventQuery::default() };
        answer = page(&client.send::<events::List>(&[], &query, &Nothing {}).await?);
        if answer.next.is_none() {
            break;
        }
    }
    Ok(answer)
}

async fn one(client: &Client, view: View, id: &str) -> Result<Answer, ClientError> {
    let (path, none) = ([id], Nothing {});
    let whole = match view {
        View::Agents => document(&client.send::<agents::Get>(&path, &none, &none).await?),
        View::Rollouts => document(&client.send::<rollouts::Get>(&path, &none, &none).await?),
        View::Tasks => document(&client.send::<tasks::Get>(&path, &none, &none).await?),
        View::Alerts => document(&client.send::<alerts::Get>(&path, &none, &none).await?),
        View::Audit => document(&client.send::<audit::Get>(&path, &none, &none).await?),
        _ => Value::Null,
    };
    Ok(Answer { whole, ..Answer::default() })
}

fn page(reply: &impl Serialize) -> Answer {
    let mut whole = document(reply);
    let items = whole.get_mut("items").and_then(Value::as_array_mut).map(std::mem::take);
    let items = items.unwrap_or_default();
    let next = whole.get("next_cursor").or_else(|| whole.get("next"));
    Answer {
        items,
        total: whole.get("total").and_then(Value::as_u64),
        estimate: whole.get("total_is_estimate").and_then(Value::as_bool).unwrap_or(false),
        next: next.and_then(Value::as_str).map(str::to_owned),
        whole: Value::Null,
    }
}

/// An answer that is no list, but holds one.
fn inner(reply: &impl Serialize, list: &str) -> Answer {
    let whole = document(reply);
    let items = match whole.get(list) {
        Some(Value::Array(items)) => items.clone(),
        Some(Value::Object(fields)) => fields.iter().map(|(name, it)| named(name, it)).collect(),
        _ => Vec::new(),
    };
    Answer { total: Some(items.len() as u64), items, whole, ..Answer::default() }
}

fn named(name: &str, value: &Value) -> Value {
    let mut fields = value.as_object().cloned().unwrap_or_default();
    fields.insert("name".to_owned(), name.into());
    Value::Object(fields)
}

fn document(reply: &impl Serialize) -> Value {
    clean(serde_json::to_value(reply).unwrap_or_default())
}

/// Makes every text fit for a terminal, whoever wrote it.
pub(crate) fn clean(value: Value) -> Value {
    match value {
        Value::String(text) => {
            let cut = text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or_default();
            Value::String(sanitize(cut).into_owned())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(clean).collect()),
        Value::Object(fields) => {
            let fields = fields.into_iter();
            Value::Object(
                fields
                    .map(|(name, it)| (sanitize(&name).into_owned(), clean(it)))
                    .collect::<Map<_, _>>(),
            )
        }
        other => other,
    }
}

/// Makes an answer fit for a terminal.
#[cfg(test)]
pub(crate) fn clean_answer(answer: Answer) -> Answer {
    let items = answer.items.into_iter().map(clean).collect();
    Answer { items, whole: clean(answer.whole), ..answer }
}
