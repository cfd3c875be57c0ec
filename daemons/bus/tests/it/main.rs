//! The bus as its users see it: what every engine does (`conformance`, run as `local::` and
//! `kafka::`), and what each does alone (`local::*::`, `kafka::*::`).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test helper that fails fails its test")]

#[path = "../../../../tests/kafka/broker.rs"]
mod broker;
mod conformance;
mod kafka;
mod local;
mod world;
