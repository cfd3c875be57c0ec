//! What crosses the borders between the daemons, `elkctl` and scripts: every HTTP operation with its
//! route, permission, body and reply, each listed once.
//!
//! It must not know how an operation is served, sent or stored: no I/O, no async.

pub mod agents;
pub mod alerts;
pub mod audit;
pub mod center;
pub mod cluster;
pub mod components;
mod endpoint;
pub mod events;
pub mod import;
pub mod intake;
pub mod kube;
mod openapi;
mod page;
mod problem;
pub mod profiles;
pub mod records;
pub mod reference;
pub mod registry;
pub mod roles;
pub mod rollouts;
pub mod selections;
pub mod session;
pub mod sinks;
pub mod tags;
pub mod tasks;
pub mod tokens;
pub mod totp;
pub mod users;

/// The header of each answer of the native API with the server's clock.
pub const SERVER_TIME_HEADER: &str = "server-time";

pub use endpoint::{Content, Endpoint, Nothing, Operation, Permission, Role, operations};
pub use openapi::openapi;
pub use page::{Cursor, ListQuery, MAX_PAGE, Page, ParseCursorError};
pub use problem::Problem;
