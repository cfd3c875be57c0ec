//! Calls to real servers on this host.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod native;
mod reference;
mod server;
mod tls;
