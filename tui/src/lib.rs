//! The dashboard: what the Manager tells, on one screen, live.
//!
//! It changes nothing in the backend. What is shown is computed from a [`Model`](state) that knows no
//! clock, no socket and no terminal.

mod columns;
mod feed;
mod keymap;
mod live;
mod msg;
mod run;
mod snapshot;
mod state;
mod terminal;
mod theme;
mod view;

use std::time::Duration;

pub use msg::{Screen, View};
pub use run::{RunError, run};
pub use snapshot::snapshot;
pub use state::Place;
pub use theme::Theme;

/// What it is started with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it is.
    pub place: Place,
    /// What is shown first.
    pub screen: Screen,
    /// How often what is on the screen is asked for.
    pub refresh: Duration,
    /// How it looks.
    pub theme: Theme,
}
