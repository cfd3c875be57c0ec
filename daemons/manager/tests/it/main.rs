//! The Manager on real sockets, with a ServiceDiscovery and AgentCenters that do what a test says.

#![expect(clippy::unwrap_used, reason = "a test helper that fails fails its test")]
#![expect(clippy::panic, reason = "a test helper that fails fails its test")]
#![expect(clippy::disallowed_methods, reason = "tasks of a test end with its runtime")]

mod access;
mod accounts;
mod alerts;
mod audit;
mod center;
mod components;
mod config;
mod discovery;
mod events;
mod fleet;
mod lists;
mod reference;
mod reference_accounts;
mod reference_jobs;
mod reference_orders;
mod reference_routes;
mod reference_tags;
mod reference_tasks;
mod roles;
mod scopes;
mod second;
mod sessions;
mod settings;
mod sinks;
mod status;
mod swap;
mod tasks;
mod tokens;
mod uploads;
mod world;
