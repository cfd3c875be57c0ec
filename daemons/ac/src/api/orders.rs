//! Orders for agents.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use elk_api::center::{self, BatchReply, MAX_BATCH};
use elk_web::enveloped;
use elk_wire::frame;
use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Shared, fit, invalid, read, success, unreadable};
use crate::center::Center;
use crate::configs::wire;

/// An order that is not carried out.
#[derive(Debug)]
enum Refusal {
    /// The JSON is not an order.
    Unreadable(String),
    /// It is one that must not be sent.
    Invalid(String),
    /// It did not reach the agent.
    Failed(String),
}

impl Refusal {
    fn text(self) -> String {
        match self {
            Self::Unreadable(text) | Self::Invalid(text) | Self::Failed(text) => text,
        }
    }
}

#[derive(Deserialize)]
struct Order {
    #[serde(default)]
    agent_id: String,
    command: center::Command,
}

#[derive(Deserialize)]
struct Batch {
    orders: Vec<Value>,
}

pub(super) async fn one(State(center): Shared, body: Bytes) -> Response {
    let order = match read(&body) {
        Ok(order) => order,
        Err(response) => return *response,
    };
    match carry_out(&center, order).await {
        Ok(()) => success(""),
        Err(Refusal::Unreadable(text)) => unreadable(text),
        Err(Refusal::Invalid(text)) => invalid(text),
        Err(Refusal::Failed(text)) => enveloped(3, "some errors occurred", text),
    }
}

pub(super) async fn batch(State(center): Shared, body: Bytes) -> Response {
    let orders = match read(&body) {
        Ok(mut orders) => match take(&mut orders, "orders") {
            Some(Value::Array(orders)) => Batch { orders },
            _ => return unreadable("body: `orders` must be an array"),
        },
        Err(response) => return *response,
    }
    .orders;
    if orders.len() > MAX_BATCH {
        return unreadable(format!("body: more than {MAX_BATCH} orders"));
    }
    let center: &Arc<Center> = &center;
    let sent = orders.into_iter().map(async |order| carry_out(center, order).await);
    let outcomes = Box::pin(join_all(sent)).await;
    success(BatchReply {
        errors: outcomes.into_iter().map(|it| it.err().map(Refusal::text)).collect(),
    })
}

/// Removes the value of a key in any case.
fn take(value: &mut Value, key: &str) -> Option<Value> {
    let fields = value.as_object_mut()?;
    let name = fields.keys().find(|name| name.eq_ignore_ascii_case(key))?.clone();
    fields.remove(&name)
}

async fn carry_out(center: &Arc<Center>, order: Value) -> Result<(), Refusal> {
    let (id, command) = judge(order, center.config.http.agent_ctrl)?;
    let frame = frame::command(&command).map_err(|error| Refusal::Invalid(error.to_string()))?;
    let failed = |error: crate::session::OrderError| Refusal::Failed(error.to_string());
    let session = center.fleet.find(&id).map_err(failed)?;
    session.send(frame).await.map_err(failed)
}

/// Reads an order; one that would make the agent delete all its plugins must say so with `config`.
fn judge(order: Value, agent_ctrl: bool) -> Result<(String, elk_wire::Command), Refusal> {
    if !order.is_object() {
        return Err(Refusal::Unreadable("body: an order is an object".to_owned()));
    }
    let empty = Map::new();
    let fields = find(&order, "command").and_then(Value::as_object);
    let has = |key: &str| {
        let fields = fields.unwrap_or(&empty);
        fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
    };
    let task = has("task").is_some_and(|task| !task.is_null());
    let config = has("config").is_some();
    let ctrl = has("agent_ctrl").is_some_and(|it| !it.is_null());
    if find(&order, "command").is_none_or(Value::is_null) {
        return Err(Refusal::Unreadable("`command` is required".to_owned()));
    }
    let order: Order = fit(order).map_err(Refusal::Unreadable)?;
    if order.agent_id.is_empty() {
        return Err(Refusal::Unreadable("`agent_id` is required".to_owned()));
    }
    if !(task || config || ctrl && agent_ctrl) {
        let text = if ctrl {
            "`agent_ctrl` alone makes agents delete all their plugins"
        } else {
            "`command` needs `task` or `config`"
        };
        return Err(Refusal::Invalid(text.to_owned()));
    }
    let center::Command { agent_ctrl, task, config } = order.command;
    let task = task.map(|it| elk_wire::PluginTask {
        data_type: it.data_type,
        name: it.name,
        data: it.data,
        token: it.token,
    });
    let config = config.unwrap_or_default().into_iter().map(wire).collect();
    let command = elk_wire::Command { agent_ctrl: agent_ctrl.unwrap_or(0), task, config };
    Ok((order.agent_id, command))
}

fn find<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let fields = value.as_object()?;
    fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_order_that_would_wipe_an_agent_by_accident_is_refused() {
        let cases = [
            (json!({"agent_id": "x"}), false),
            (json!({"agent_id": "x", "command": null}), false),
            (json!({"agent_id": "x", "command": {}}), false),
            (json!({"agent_id": "x", "command": {"agent_ctrl": 2}}), false),
            (json!({"agent_id": "x", "command": {"task": null}}), false),
            (json!({"agent_id": "", "command": {"config": []}}), false),
            (json!({"agent_id": "x", "command": {"config": [{"download_url": 1}]}}), false),
            (json!([]), false),
            (json!({"agent_id": "x", "command": {"config": null}}), true),
            (json!({"agent_id": "x", "command": {"config": []}}), true),
            (json!({"agent_id": "x", "command": {"task": {}}}), true),
            (json!({"Agent_ID": "x", "COMMAND": {"Config": [{"Download_URL": null}]}}), true),
        ];
        for (order, taken) in cases {
            assert_eq!(judge(order.clone(), false).is_ok(), taken, "{order}");
        }
        assert!(judge(json!({"agent_id": "x", "command": {"agent_ctrl": 2}}), true).is_ok());
    }

    #[test]
    fn fields_of_an_order_reach_the_wire_and_null_is_as_good_as_nothing() {
        let order = json!({"agent_id": "x", "command": {"agent_ctrl": null, "task": {
            "name": "demo", "data": "{}", "token": "tok", "data_type": 5055, "more": 1}, "config": null}});
        let (id, command) = judge(order, false).unwrap();
        assert_eq!(id, "x");
        let bytes = prost::Message::encode_to_vec(&command);
        let expected = b"\x12\x12\x08\xbf\x27\x12\x04demo\x1a\x02{}\x22\x03tok";
        assert_eq!(bytes, expected);
    }
}
