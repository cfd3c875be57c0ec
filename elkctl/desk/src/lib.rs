//! What the command line and the dashboard share: contexts, credentials, confirmations, exit codes and foreign text.
//!
//! It must not know of arguments, terminals or the network: no clap, no HTTP, no printing.

pub mod config;
mod confirm;
pub mod crash;
pub mod credential;
mod env;
mod exit;
mod expect;
mod failure;
mod foreign;
mod nearest;
mod origin;
mod paths;
mod private;
mod time;

pub use confirm::{Action, Decision, Manner, Tier, decide};
pub use env::{Env, NAMES};
pub use exit::Exit;
pub use expect::{Expect, ParseExpectError};
pub use failure::Failure;
pub use foreign::{Foreign, is_harmful, sanitize};
pub use nearest::nearest;
pub use origin::{Origin, ParseOriginError};
pub use paths::Paths;
pub use private::Trouble;
pub use time::{ParseDurationError, ago, parse_duration, span};
