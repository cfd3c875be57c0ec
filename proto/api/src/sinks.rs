//! Where alerts are sent.

use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::alerts::Severity;
use crate::{Endpoint, ListQuery, Nothing, Page, Permission};

/// How alerts are sent.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SinkKind {
    /// Posted as JSON, signed: the header `elk-signature` is `v1=` and the HMAC-SHA256, in hex, of
    /// `elk-timestamp`, a full stop, `elk-delivery`, a full stop and the body. What is sent again,
    /// as no answer came, has the same `elk-delivery`.
    Webhook,
    /// Messages of RFC 5424: datagrams, or a TCP stream with their lengths in octets.
    Syslog,
}

impl SinkKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Webhook, Self::Syslog];

    /// Returns the lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Syslog => "syslog",
        }
    }
}

/// A place that alerts are sent to when they are raised and when they are resolved.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Sink {
    /// Its name.
    pub name: String,
    /// How they are sent.
    pub kind: SinkKind,
    /// Where to: a URL, or `udp://HOST:PORT` or `tcp://HOST:PORT` for syslog.
    pub target: String,
    /// Only alerts that are as bad as this, or worse.
    pub least: Severity,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// How many were sent.
    pub delivered: u64,
    /// When one was sent last.
    pub delivered_at: Option<Timestamp>,
    /// How many wait to be sent.
    pub waiting: u64,
    /// How many attempts failed.
    pub failed: u64,
    /// How many were given up: there was no room for more to wait, or they waited for a day.
    pub dropped: u64,
    /// Why the last attempt failed, if it did.
    pub error: Option<String>,
    /// When it is tried again, if the last attempt failed.
    pub next_at: Option<Timestamp>,
}

/// A place to send alerts to.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSink {
    /// 1 to 64 characters of A-Z a-z 0-9 . _ @ -
    pub name: String,
    /// How they are sent.
    pub kind: SinkKind,
    /// Where to.
    pub target: String,
    /// Only alerts that are as bad as this, or worse; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<Severity>,
    /// Signs what is posted, 16 to 256 bytes; made here if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// A sink that was made.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MadeSink {
    /// The sink.
    pub sink: Sink,
    /// What signs, shown this once; null for syslog.
    pub secret: Option<String>,
}

/// What became of a test.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Tested {
    /// Name of the sink.
    pub name: String,
    /// Whether a test alert was taken; a datagram is taken by nobody in particular.
    pub delivered: bool,
    /// Why not.
    pub error: Option<String>,
}

/// Lists sinks.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "alert.sink_list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/alert-sinks";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Lists where alerts are sent, by name.";
    type Query = ListQuery;
    type Body = Nothing;
    type Reply = Page<Sink>;
}

/// Makes a sink.
#[derive(Debug)]
pub struct Add;

impl Endpoint for Add {
    const ID: &'static str = "alert.sink_add";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/alert-sinks";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Sends alerts to one more place from now on.";
    type Query = Nothing;
    type Body = NewSink;
    type Reply = MadeSink;
}

/// Removes a sink.
#[derive(Debug)]
pub struct Remove;

impl Endpoint for Remove {
    const ID: &'static str = "alert.sink_remove";
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/n1/alert-sinks/{sink}";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Sends no more alerts to a place, nor those that wait.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Nothing;
}

/// Tests a sink.
#[derive(Debug)]
pub struct Test;

impl Endpoint for Test {
    const ID: &'static str = "alert.sink_test";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/alert-sinks/{sink}/test";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Sends a test alert to a place now, once.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Tested;
}
