//! What happens in the backend, as it happens.

use elk_model::AgentId;
use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Content, Endpoint, Nothing, Permission};

/// The header by which whoever follows goes on where a stream broke.
pub const LAST_EVENT_ID: &str = "last-event-id";

/// What an event is about.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum EventType {
    /// An agent: `running`, `abnormal`, `offline`, `connected`, `disconnected`.
    Agent,
    /// A task: `created`, `progress`, `finished`.
    Task,
    /// A rollout.
    Rollout,
    /// An alert: `raised`, `repeated`, `acked`, `muted`, `resolved`.
    Alert,
    /// An entry of the audit log; its action is that of the event.
    Audit,
    /// The backend's own parts: `center.joined`, `center.left`, `center.silent`, `center.answers`.
    Cluster,
}

impl EventType {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Agent, Self::Task, Self::Rollout, Self::Alert, Self::Audit, Self::Cluster];

    /// Returns the lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Task => "task",
            Self::Rollout => "rollout",
            Self::Alert => "alert",
            Self::Audit => "audit",
            Self::Cluster => "cluster",
        }
    }
}

/// Something that happened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Its place among all events; opaque.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// What it is about.
    pub r#type: EventType,
    /// What happened.
    pub action: String,
    /// The agent that it is about.
    pub agent: Option<AgentId>,
    /// Id or name of what it is about.
    pub object: String,
    /// What is known of it, by the type; null where it was too large.
    pub detail: Value,
}

/// A place between events.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Bookmark {
    /// The place: who goes on behind it misses nothing that came later.
    pub id: String,
    /// The server's clock.
    pub at: Timestamp,
    /// Whether events before this place may have been missed: look at the present state again.
    pub gap: bool,
    /// How many, if that is known.
    pub missed: Option<u64>,
}

/// What a stream brings. As server-sent events: the event's name is its type, or `bookmark`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum EventLine {
    /// Something happened.
    Event(Event),
    /// A place, at the begin, after a gap, and now and then.
    Bookmark(Bookmark),
}

/// Which events.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EventQuery {
    /// Only of these types, joined by commas; all that you may see if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub types: Option<String>,
    /// Only about this agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// Also those that happened since; a stream begins now if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Those behind this place, the id of an event or bookmark. The header `Last-Event-ID` says the
    /// same to a stream, and counts more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Events per page of a list, 1 to 1,000; 100 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Events that are kept, the earliest first.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EventPage {
    /// The events.
    pub items: Vec<Event>,
    /// `after` of the next page; null on the last one.
    pub next: Option<String>,
    /// Whether earlier ones that were asked for are not kept any more.
    pub gap: bool,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// Lists events that are kept.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "event.list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/events/recent";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Lists the events that are kept in memory, the earliest first; of each type those may see \
         them who may list it.";
    type Query = EventQuery;
    type Body = Nothing;
    type Reply = EventPage;
}

/// Streams events.
#[derive(Debug)]
pub struct Watch;

impl Endpoint for Watch {
    const ID: &'static str = "event.watch";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/events";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Streams events as they happen. The stream ends after some minutes: go on with \
         `Last-Event-ID`. Who reads too slowly gets a bookmark with a gap.";
    const REPLY: Content = Content::Events;
    type Query = EventQuery;
    type Body = Nothing;
    type Reply = EventLine;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_and_a_bookmark_are_told_apart() {
        let at = Timestamp::UNIX_EPOCH;
        let event = EventLine::Event(Event {
            id: "a-1".to_owned(),
            at,
            r#type: EventType::Agent,
            action: "running".to_owned(),
            agent: None,
            object: String::new(),
            detail: Value::Null,
        });
        let bookmark = Bookmark { id: "a-1".to_owned(), at, gap: true, missed: None };
        for line in [event, EventLine::Bookmark(bookmark)] {
            let text = serde_json::to_string(&line).expect("JSON");
            assert_eq!(serde_json::from_str::<EventLine>(&text).expect("a line"), line);
        }
        for word in EventType::ALL {
            assert_eq!(serde_json::to_value(word).expect("a word"), word.as_str());
        }
    }
}
