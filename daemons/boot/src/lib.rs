//! What every daemon's `main` does: settings, logs, signals, the admin listener.
//!
//! It must not know what a daemon serves: no nouns of the product.

pub mod admin;
mod foreign;
mod run;
mod settings;
mod telemetry;
mod translation;
mod yaml;

pub use foreign::{Foreign, outbound_ip};
pub use run::{Daemon, keep_private, raise_open_files, run};
pub use settings::{SettingsError, load, load_with};
pub use telemetry::{LogFormat, Telemetry};
pub use translation::{Translate, Translation, load_translated};
