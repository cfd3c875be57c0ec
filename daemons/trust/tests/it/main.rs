//! Handshakes over real sockets, certificates made with other tools, and what is refused.

#![expect(clippy::unwrap_used, reason = "a failure is the failure of the test")]

mod authority;
mod files;
mod import;
mod made;
mod tls;
