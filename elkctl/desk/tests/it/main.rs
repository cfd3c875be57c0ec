//! Files, stores and commands on a real file system.

mod config;
mod credential;
mod place;
