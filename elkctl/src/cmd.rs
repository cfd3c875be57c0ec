//! The commands, one file a noun.

pub(crate) mod agent;
pub(crate) mod api;
pub(crate) mod cluster;
pub(crate) mod completion;
pub(crate) mod component;
pub(crate) mod config;
pub(crate) mod context;
pub(crate) mod doctor;
pub(crate) mod event;
pub(crate) mod login;
pub(crate) mod tag;
pub(crate) mod task;
pub(crate) mod user;

use elk_desk::{Exit, Failure};
use serde_json::json;

use crate::output::{Column, Kind, field};
use crate::session::Session;

static VERSION: Kind = Kind {
    name: "Version",
    noun: "version",
    key: "version",
    columns: &[Column { head: "VERSION", wide: false, cell: |item, _| field(item, "version") }],
};

/// Shows the version of this program.
pub(crate) fn version(session: &Session<'_>) -> Result<Exit, Failure> {
    let version = env!("CARGO_PKG_VERSION");
    let human = format!("elkctl {version}\n");
    session.show_one(&VERSION, &json!({ "version": version }), Some(human))
}
