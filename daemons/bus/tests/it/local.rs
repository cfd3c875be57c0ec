//! The local log.

mod keeping;
mod log;
mod trouble;

crate::conformance::engine!(local);
