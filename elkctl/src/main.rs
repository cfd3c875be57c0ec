//! `elkctl`: the command line of Elk, and the whole backend in one process with `elkctl up`.
//!
//! This crate must not know how anything is stored or spoken: it only calls what the crates below it offer.

mod bulk;
mod call;
mod cli;
mod cmd;
mod color;
mod dry;
mod format;
mod import;
mod list;
mod output;
mod paged;
mod session;
mod signals;
mod table;
mod ui;
mod up;

use std::process::ExitCode;

fn main() -> ExitCode {
    let state = elk_desk::Paths::new(&elk_desk::Env::process()).map(|paths| paths.state);
    elk_desk::crash::guarded(state, cli::main).into()
}
