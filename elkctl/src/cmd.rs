//! The commands, one file a noun.

pub(crate) mod agent;
pub(crate) mod alert;
pub(crate) mod api;
pub(crate) mod audit;
pub(crate) mod cluster;
pub(crate) mod completion;
pub(crate) mod component;
pub(crate) mod config;
pub(crate) mod context;
pub(crate) mod doctor;
pub(crate) mod event;
pub(crate) mod import;
pub(crate) mod login;
pub(crate) mod role;
pub(crate) mod rollout;
pub(crate) mod session;
pub(crate) mod tag;
pub(crate) mod task;
pub(crate) mod token;
pub(crate) mod totp;
pub(crate) mod tui;
pub(crate) mod user;
pub(crate) mod version;
