//! Integration tests of the product as a whole.

mod access;
mod accounts;
mod alerts;
mod backend;
mod backup;
#[expect(dead_code, reason = "tests of other crates do more with it")]
#[path = "../../../tests/kafka/broker.rs"]
mod broker;
mod changes;
mod contract;
mod crash;
mod dashboard;
mod directory;
mod events;
mod fake;
mod foreign;
mod generated;
mod globals;
mod greeting;
mod import;
mod kafka;
mod kube;
mod layers;
mod neighbours;
mod proof;
mod proofs;
mod rollout;
mod start;
mod terminal;
mod trouble;
mod why;
mod work;
