//! The terminal: the only place that reads and prints.

use std::cell::Cell;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};

use elk_desk::{Exit, Failure};
use elk_trust::Secret;

/// The longest answer, password or list of ids that is read.
const MAX_INPUT: u64 = 16 * 1024 * 1024;

/// The terminal or the pipes in its place.
#[derive(Debug)]
pub(crate) struct Ui {
    quiet: bool,
    no_input: bool,
    closed: Cell<bool>,
}

impl Ui {
    pub(crate) fn new(quiet: bool, no_input: bool) -> Self {
        Self { quiet, no_input, closed: Cell::new(false) }
    }

    /// Writes a result. When nobody reads any more the rest is dropped: a change that is under
    /// way still ends with its own exit.
    pub(crate) fn out(&self, text: &str) -> Result<(), Failure> {
        if self.closed.get() {
            return Ok(());
        }
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed.set(true);
                Ok(())
            }
            Err(error) => {
                let message = format!("standard output cannot be written: {error}");
                Err(Failure::new(Exit::Failure, message))
            }
        }
    }

    /// Returns whether nobody reads the results any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// Tells something beside the results.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            note(text);
        }
    }

    /// Returns whether somebody can be asked.
    pub(crate) fn is_interactive(&self) -> bool {
        !self.no_input && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Reads a password from standard input or asks for it.
    pub(crate) fn password(&self, stdin: bool, question: &str) -> Result<Secret, Failure> {
        let text = if stdin {
            let text = self::stdin()?;
            text.lines().next().unwrap_or_default().to_owned()
        } else if self.is_interactive() {
            rpassword::prompt_password(question).map_err(|error| lost(&error))?
        } else {
            let message = "a password is needed and nobody can be asked";
            return Err(Failure::new(Exit::Usage, message).hint("pass --password-stdin"));
        };
        if text.is_empty() {
            return Err(Failure::new(Exit::Usage, "the password is empty"));
        }
        Ok(Secret::new(text))
    }
}

/// Tells something on standard error.
pub(crate) fn note(text: &str) {
    // Nothing is left to tell it to if this fails.
    writeln!(io::stderr().lock(), "{text}").ok();
}

/// Returns whether results go to a terminal.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Asks and returns the answer.
pub(crate) fn ask(question: &str) -> Result<String, Failure> {
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question} ").and_then(|()| stderr.flush()).map_err(|error| lost(&error))?;
    let mut answer = String::new();
    io::stdin().lock().take(4096).read_line(&mut answer).map_err(|error| lost(&error))?;
    Ok(answer.trim().to_owned())
}

/// Reads all of standard input.
pub(crate) fn stdin() -> Result<String, Failure> {
    let mut text = String::new();
    let read = io::stdin().lock().take(MAX_INPUT).read_to_string(&mut text);
    read.map_err(|error| lost(&error))?;
    Ok(text)
}

fn lost(error: &io::Error) -> Failure {
    Failure::new(Exit::Usage, format!("the terminal or standard input cannot be used: {error}"))
}
