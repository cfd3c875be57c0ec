//! Selections: fixed sets of agents.

pub(crate) mod http;
pub(crate) mod store;
