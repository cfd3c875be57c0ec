//! HTTP as every daemon serves it: one listener for TLS and plain, typed routes, problem documents, limits.
//!
//! It must not know what the routes do: no nouns of the product, no storage.

mod accept;
mod connection;
mod crowd;
mod envelope;
mod extract;
mod idle;
mod mount;
mod problem;
mod stall;

pub use accept::{ClientCertificate, Peer, ServeOptions, serve};
pub use crowd::{Crowd, Place};
pub use envelope::{enveloped, go_json, go_text, not_found_as_gin};
pub use extract::{Json, Path, Query};
pub use idle::{Call, Calls};
pub use mount::{At, Caller, Mount, NotGood, Program};
pub use problem::{ApiError, RequestId, not_found};
