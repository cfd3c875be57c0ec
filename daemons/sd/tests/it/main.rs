//! ServiceDiscovery over real sockets, and its binary.

#![expect(clippy::unwrap_used, reason = "a failure is the failure of the test")]

mod api;
mod binary;
mod cluster;
mod refusals;
mod settings;
mod swap;
mod sync;
mod weaknesses;
mod world;
