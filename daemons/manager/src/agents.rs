//! Agents: what their heartbeats said, and which of them a selector means.

mod aggregate;
pub(crate) mod filter;
mod forget;
pub(crate) mod http;
pub(crate) mod observe;
pub(crate) mod pattern;
pub(crate) mod report;
pub(crate) mod store;
