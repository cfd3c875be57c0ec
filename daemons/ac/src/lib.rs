//! AgentCenter: holds the agents' streams, puts their records on the bus and takes orders to them.
//!
//! It must not know what a task, a user or a component is for: it relays, keeps and counts.

mod api;
mod audit;
mod backoff;
mod center;
mod config;
mod configs;
mod detail;
mod fleet;
mod ingest;
mod lenient;
mod listen;
mod metrics;
mod outbox;
mod pace;
mod partial;
mod peers;
pub mod reference;
mod refused;
mod registrar;
mod reply;
mod server;
mod session;
mod stream;
mod tags;
mod upload;

pub use config::{Config, Grpc, Http, Manager, Sd, Tls, Upload};
pub use peers::PeersError;
pub use server::{Ac, BindError, Parts, ServeError};
