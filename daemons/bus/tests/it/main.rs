//! The local log as its users see it.

mod log;
mod trouble;
