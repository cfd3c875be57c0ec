//! Time, stopping and supervised tasks: the only crate that spawns and the only one that reads the clock.
//!
//! It must not know what the tasks do: no sockets, no files, no nouns of the product.

mod clock;
mod group;
mod stop;
mod tasks;

pub use clock::Clock;
pub use group::{BoxError, Group, GroupError};
pub use stop::Stop;
pub use tasks::{Tasks, TasksFull};

use std::error::Error;
use std::fmt;

/// Prints an error and its causes on one line, outermost first.
pub fn chain(error: &(dyn Error + 'static)) -> impl fmt::Display {
    fmt::from_fn(move |f| {
        write!(f, "{error}")?;
        let mut source = error.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    })
}
