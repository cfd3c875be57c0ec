//! The terminal: the only place that reads and prints.

use std::cell::Cell;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::time::Duration;

use elk_desk::{Env, Exit, Failure};
use elk_trust::Secret;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

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

    /// Says something that only somebody at a terminal needs.
    pub(crate) fn hint(&self, text: &str) {
        if io::stderr().is_terminal() {
            self.note(text);
        }
    }

    /// Returns whether somebody can be asked.
    pub(crate) fn is_interactive(&self) -> bool {
        !self.no_input && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Reads a password from standard input or asks for it.
    pub(crate) fn password(&self, stdin: bool, question: &str) -> Result<Secret, Failure> {
        let text = if stdin {
            if io::stdin().is_terminal() {
                self.note("reading the password from this terminal, where it is shown");
            }
            let text = self::stdin()?;
            text.lines().next().unwrap_or_default().to_owned()
        } else if self.is_interactive() {
            let question = question.to_owned();
            attended(move || rpassword::prompt_password(question))?
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

/// Tells the requests of this run on standard error, as often as `-v` is given or as `ELKCTL_LOG`
/// says.
pub(crate) fn tell_requests(verbose: u8, env: &Env) -> Result<(), Failure> {
    let level = match (verbose, env.get("ELKCTL_LOG")) {
        (0, None | Some("info" | "warn" | "error" | "off")) => return Ok(()),
        (1, _) | (0, Some("debug")) => LevelFilter::DEBUG,
        (0, Some("trace")) | (2.., _) => LevelFilter::TRACE,
        (0, Some(text)) => {
            let text = elk_desk::sanitize(text);
            let message = format!("ELKCTL_LOG is `{text}`, not warn, debug or trace");
            return Err(Failure::new(Exit::Usage, message));
        }
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(false);
    let lines = lines.without_time().with_level(false).with_target(false);
    let only = Targets::new().with_target("elk_client", level);
    let told = tracing_subscriber::registry().with(lines.with_filter(only)).try_init();
    told.map_err(|error| Failure::new(Exit::Failure, error.to_string()))
}

/// Returns the width of the terminal that results go to, if one does; `set` is what the user says.
pub(crate) fn width(set: Option<usize>) -> Option<usize> {
    let stdout = io::stdout();
    if !stdout.is_terminal() {
        return None;
    }
    let size = rustix::termios::tcgetwinsize(&stdout).ok();
    let told = size.map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0);
    Some(set.filter(|columns| *columns > 0).or(told).unwrap_or(80))
}

/// Asks and returns the answer.
pub(crate) fn ask(question: &str) -> Result<String, Failure> {
    let question = question.to_owned();
    let answer = attended(move || {
        // Not locked while somebody thinks: what is told after Ctrl-C goes there too.
        write!(io::stderr(), "{question} ").and_then(|()| io::stderr().flush())?;
        let mut answer = String::new();
        io::stdin().lock().take(4096).read_line(&mut answer)?;
        Ok(answer)
    })?;
    Ok(answer.trim().to_owned())
}

/// Returns whether an answer is a yes; anything else is a no.
pub(crate) fn is_yes(answer: &str) -> bool {
    matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes")
}

/// Runs what waits for somebody at the terminal; Ctrl-C there is a no.
fn attended<T, F>(work: F) -> Result<T, Failure>
where
    T: Send + 'static,
    F: FnOnce() -> io::Result<T> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| lost(&error))?;
    let (tell, told) = tokio::sync::oneshot::channel();
    let answer = runtime.block_on(async {
        let refused = tokio::signal::ctrl_c();
        let asks = move || drop(tell.send(work()));
        std::thread::Builder::new().name("prompt".to_owned()).spawn(asks)?;
        tokio::pin!(told);
        tokio::select! {
            answer = &mut told => answer.unwrap_or_else(|_| Err(io::ErrorKind::UnexpectedEof.into())),
            _ = refused => {
                // The prompt gives the terminal back before this process ends.
                drop(tokio::time::timeout(Duration::from_millis(200), told).await);
                Err(io::ErrorKind::Interrupted.into())
            }
        }
    });
    answer.map_err(|error| match error.kind() {
        io::ErrorKind::Interrupted => {
            note("");
            Failure::new(Exit::Declined, "declined; nothing was changed")
        }
        _ => lost(&error),
    })
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
