//! Calls over HTTP: every operation of the native API, and the reference's enveloped calls between daemons.
//!
//! It must not know what a call is for, who calls, or where addresses and credentials come from.

mod body;
mod client;
mod config;
mod error;
mod hook;
mod lines;
mod octets;
pub mod reference;
mod retry;

pub use client::{Client, Options, RawReply};
pub use config::{Config, ConfigError, Identity, Proxy, Trust};
pub use error::{ClientError, Envelope};
pub use hook::Hook;
pub use lines::Lines;
pub use octets::Octets;
