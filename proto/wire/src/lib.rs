//! The bytes between agents, API servers of Kubernetes, AgentCenter and the bus: messages, gRPC
//! frames, compression, audit events, bus records.
//!
//! It must not know about sockets, time, or what a record means to anybody.

pub mod audit;
pub mod frame;
pub mod item;
pub mod mqdata;
mod proto;
pub mod record;
pub mod snappy;

#[expect(
    missing_docs,
    clippy::pedantic,
    reason = "generated from elkeid/grpc.proto; a test compares the two"
)]
mod generated {
    include!("generated/grpc.rs");
}

pub use generated::*;
pub use proto::DecodeError;

/// Path of the stream of an agent.
pub const TRANSFER_PATH: &str = "/grpc.Transfer/Transfer";
/// Path of a file upload.
pub const UPLOAD_PATH: &str = "/grpc.FileExt/Upload";
