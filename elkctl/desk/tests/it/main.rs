//! Files, stores and commands on a real file system.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod config;
mod credential;
mod place;
