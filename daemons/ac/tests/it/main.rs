//! AgentCenter on real sockets: mutual TLS, HTTP/2, a Manager and a ServiceDiscovery to call.

#![expect(clippy::unwrap_used, reason = "a test helper that fails fails its test")]
#![expect(clippy::disallowed_methods, reason = "tasks of a test end with its runtime")]

mod agent;
mod agents;
mod audit;
#[expect(dead_code, reason = "tests of other crates do more with it")]
#[path = "../../../../tests/kafka/broker.rs"]
mod broker;
mod control;
mod identity;
mod kafka;
mod limits;
mod metrics;
mod neighbour;
mod peer;
mod process;
mod registration;
mod results;
mod settings;
mod spool;
mod stress;
mod swap;
mod uploads;
mod world;
