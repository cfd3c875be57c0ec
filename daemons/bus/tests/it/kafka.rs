//! Kafka: a real broker that comes and goes.

mod doors;
mod faults;
mod load;
mod refusals;
mod spool;

crate::conformance::engine!(kafka);
