//! Simulated agents against an AgentCenter that does what a test says, on the real wire.

#![expect(clippy::unwrap_used, reason = "a test helper that fails fails its test")]
#![expect(clippy::disallowed_methods, reason = "tasks of a test end with its runtime")]

mod center;
mod config;
mod connecting;
mod orders;
