//! The bus as its users see it: what every engine does (`local::`, `kafka::`), and what each does
//! alone.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test helper that fails fails its test")]

#[path = "../../../../tests/kafka/broker.rs"]
mod broker;
mod conformance;
mod faults;
mod keeping;
mod log;
mod trouble;
mod world;

conformance::engine!(local);
conformance::engine!(kafka);
