//! Signals that end a command, seen from its first call on, whatever it does by then.

use std::io;
use std::time::Duration;

use elk_desk::Exit;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch::{self, Receiver};
use tokio::time::sleep;

/// For a command to say how things stand.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Waits for a signal from here on, and tells the receivers which exit it is. A command that does
/// not end by itself then, as its output goes nowhere, is ended.
pub(crate) fn listen() -> io::Result<Receiver<Option<Exit>>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (mut interrupt, mut terminate) = {
        let _inside = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    let (tell, told) = watch::channel(None);
    let wait = async move {
        let exit = tokio::select! {
            _ = interrupt.recv() => Exit::Interrupted,
            _ = terminate.recv() => Exit::Terminated,
        };
        tell.send_replace(Some(exit));
        sleep(LAST_WORDS).await;
        exit
    };
    let run = move || end(runtime.block_on(wait));
    std::thread::Builder::new().name("signals".to_owned()).spawn(run)?;
    Ok(told)
}

#[expect(clippy::exit, reason = "what still runs does not listen")]
fn end(exit: Exit) {
    std::process::exit(i32::from(exit.code()));
}
