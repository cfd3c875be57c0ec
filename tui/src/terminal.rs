//! The terminal: taken once, given back whatever happens.

use std::io::{self, Write as _, stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::ResetColor;
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{execute, queue};
use rustix::process::{Signal, getpid, kill_process};

static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// Holds the terminal; gives it back when dropped.
#[derive(Debug)]
pub(crate) struct Guard(());

impl Guard {
    pub(crate) fn take() -> io::Result<Self> {
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                give_back();
                before(panic);
            }));
        });
        enter()?;
        Ok(Self(()))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Stops the process as the shell's job control does, and takes the terminal again when it is
/// continued.
pub(crate) fn suspend(_held: &Guard) -> io::Result<()> {
    give_back();
    kill_process(getpid(), Signal::STOP)?;
    enter()
}

fn enter() -> io::Result<()> {
    // Before the first step: one that fails half way is undone too.
    TAKEN.store(true, Ordering::SeqCst);
    enable_raw_mode()
        .and_then(|()| execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide))
        .inspect_err(|_| give_back())
}

/// Undoes everything, once, as far as the terminal still takes it.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    drop(queue!(
        out,
        EndSynchronizedUpdate,
        DisableBracketedPaste,
        ResetColor,
        LeaveAlternateScreen,
        Show
    ));
    drop(out.flush());
    drop(disable_raw_mode());
}
