//! The audit log: who changed what, and who was refused. Its entries are chained by their hashes.
//!
//! A change through the API has two entries: one before it begins, without which it does not begin,
//! and one about its end. Refused attempts are written at a bounded rate; further ones are counted.

pub(crate) mod http;
mod log;
mod pace;
mod refusals;
mod rules;
mod store;
mod summary;
mod verify;
pub(crate) mod watch;

pub(crate) use log::{Log, run};
pub(crate) use rules::operation;
pub(crate) use store::append;
pub(crate) use watch::{Source, Via};

use elk_api::audit::Outcome;

/// Longest texts of an entry, in bytes.
const MAX_NAME: usize = 128;
const MAX_SUMMARY: usize = 512;

/// The actor of what the Manager does by itself.
const SYSTEM: &str = "system";

/// An entry to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Draft {
    pub(crate) actor: String,
    pub(crate) source: Source,
    /// `noun.verb`.
    pub(crate) action: String,
    pub(crate) object: String,
    pub(crate) outcome: Outcome,
    pub(crate) code: String,
    pub(crate) summary: String,
}

impl Draft {
    /// Describes what the Manager has done by itself.
    pub(crate) fn system(action: &str, object: &str, summary: impl Into<String>) -> Self {
        let source = Source { via: SYSTEM.to_owned(), ..Source::default() };
        Self::of(SYSTEM, source, action).about(object).saying(summary)
    }

    /// Describes what somebody has done.
    pub(crate) fn of(actor: &str, source: Source, action: &str) -> Self {
        Self {
            actor: actor.to_owned(),
            source,
            action: action.to_owned(),
            object: String::new(),
            outcome: Outcome::Ok,
            code: String::new(),
            summary: String::new(),
        }
    }

    #[must_use]
    pub(crate) fn about(mut self, object: &str) -> Self {
        object.clone_into(&mut self.object);
        self
    }

    #[must_use]
    pub(crate) fn saying(mut self, summary: impl Into<String>) -> Self {
        self.summary = summary.into();
        self
    }

    #[must_use]
    pub(crate) fn ending(mut self, outcome: Outcome, code: &str) -> Self {
        self.outcome = outcome;
        code.clone_into(&mut self.code);
        self
    }
}

/// Cuts a text to so many bytes, between two characters.
fn cut(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or_default()
}
