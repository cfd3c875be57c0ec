//! Agents: what their heartbeats said, and which of them a selector means.

pub(crate) mod filter;
pub(crate) mod http;
pub(crate) mod observe;
pub(crate) mod store;
