//! Tasks: orders to agents, sent at most once each and followed to their end.

pub(crate) mod dispatch;
pub(crate) mod http;
pub(crate) mod store;

use elk_api::tasks::TaskKind;

/// A task to create.
#[derive(Clone, Debug)]
pub(crate) struct NewWork {
    pub(crate) selection: String,
    pub(crate) kind: TaskKind,
    pub(crate) plugin: String,
    pub(crate) data_type: i32,
    pub(crate) data: String,
    pub(crate) name: Option<String>,
    pub(crate) timeout: u32,
    pub(crate) in_flight: Option<u32>,
    pub(crate) created_by: String,
    pub(crate) idempotency: Option<String>,
}
