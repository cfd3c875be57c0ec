//! Agents: what their heartbeats said, and which of them a selector means.

pub(crate) mod adopt;
mod aggregate;
pub(crate) mod filter;
mod forget;
pub(crate) mod http;
pub(crate) mod observe;
pub(crate) mod pattern;
pub(crate) mod report;
pub(crate) mod store;
mod told;
mod why;
