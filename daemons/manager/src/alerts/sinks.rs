//! Where alerts are sent. What is to be sent is in the database with the alert, and stays there until
//! it was taken or given up.

pub(crate) mod deliver;
pub(crate) mod http;
pub(crate) mod store;
mod syslog;

use elk_api::alerts::{Alert, Severity};
use elk_api::sinks::Sink;
use elk_model::AgentId;
use jiff::Timestamp;
use serde::Serialize;

/// What a sink is told.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Note<'a> {
    pub(crate) event: &'a str,
    pub(crate) id: &'a str,
    pub(crate) source: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) severity: Severity,
    pub(crate) title: &'a str,
    pub(crate) detail: &'a str,
    pub(crate) agent: Option<&'a str>,
    pub(crate) object: &'a str,
    pub(crate) at: Timestamp,
}

impl<'a> Note<'a> {
    pub(crate) fn of(event: &'a str, alert: &'a Alert, at: Timestamp) -> Self {
        Self {
            event,
            id: &alert.id,
            source: &alert.source,
            kind: &alert.kind,
            severity: alert.severity,
            title: &alert.title,
            detail: &alert.detail,
            agent: alert.agent.as_ref().map(AgentId::as_str),
            object: &alert.object,
            at,
        }
    }
}

/// A sink with what signs.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) sink: Sink,
    pub(crate) secret: Option<String>,
    /// Attempts that failed in a row.
    pub(crate) failures: u32,
}
