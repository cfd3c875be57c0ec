//! The local log as its users see it.

mod keeping;
mod log;
mod trouble;
