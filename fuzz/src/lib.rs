//! What others may send or leave behind, made up by the million: readers must refuse it or get it
//! right, and never panic or hang.
//!
//! A target is a function that feeds bytes to the code of the product and asserts what must hold. Its
//! inputs are the files of `corpus/TARGET` and what a [`Mutator`] makes of them; each follows from
//! the seed and its number alone, so that any case can be made again.
//!
//! It must not know how the readers work: it uses what other crates use, and their doors for fuzzing.

mod campaign;
mod corpus;
mod dice;
mod encode;
mod mutator;
mod sample;
mod script;
mod targets;

pub use campaign::{Failure, Plan, Verdict, run};
pub use corpus::{CorpusError, read as read_corpus};
pub use mutator::Mutator;
pub use targets::{ALL, Target};

/// The committed corpus, one directory a target.
pub const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
