//! Live events: what happens, told to whoever watches.
//!
//! Writers put an event into one bounded ring and go on; they never wait for a watcher. A watcher
//! reads the ring by its place, and is told of a gap if the ring has passed it.

pub(crate) mod http;
mod reader;
pub(crate) mod ring;
pub(crate) mod sweep;

pub(crate) use ring::Events;

use elk_api::events::EventType;
use elk_model::AgentId;
use jiff::Timestamp;
use serde_json::Value;

const MAX_NAME: usize = 256;
/// More changes of one statement than this are one event together.
pub(crate) const MAX_SINGLE: usize = 1_000;

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    r#type: EventType,
    at: Timestamp,
    action: String,
    agent: Option<AgentId>,
    object: String,
    detail: Value,
}

impl Draft {
    /// Describes what happened at `now_ms`; an action is a lower-case word.
    pub(crate) fn new(r#type: EventType, action: &str, now_ms: i64) -> Self {
        Self {
            r#type,
            at: Timestamp::from_millisecond(now_ms).unwrap_or_default(),
            action: cut(action),
            agent: None,
            object: String::new(),
            detail: Value::Null,
        }
    }

    /// Names what it is about.
    #[must_use]
    pub(crate) fn about(mut self, object: &str) -> Self {
        self.object = cut(object);
        self
    }

    #[must_use]
    pub(crate) fn of_agent(mut self, agent: Option<AgentId>) -> Self {
        if self.object.is_empty() {
            self.object = agent.as_ref().map(ToString::to_string).unwrap_or_default();
        }
        self.agent = agent;
        self
    }

    /// Adds what is known of it.
    #[must_use]
    pub(crate) fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}

/// Cuts a name, between two characters.
fn cut(text: &str) -> String {
    text.get(..text.floor_char_boundary(MAX_NAME)).unwrap_or_default().to_owned()
}
