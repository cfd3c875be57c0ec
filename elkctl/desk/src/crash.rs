//! What is left of a panic: one line for the person, a report for who mends it.

use std::backtrace::Backtrace;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::{Exit, private, sanitize};

/// Runs `work`. If it panics, a report lies in `directory`, a line on standard error names it, and
/// the exit is that of a failure.
pub fn guarded(directory: Option<PathBuf>, work: impl FnOnce() -> Exit) -> Exit {
    panic::set_hook(Box::new(move |info| {
        let line = told(info, directory.as_deref());
        // Nothing is left to tell it to if this fails.
        writeln!(io::stderr().lock(), "{line}").ok();
    }));
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or(Exit::Failure)
}

fn told(info: &PanicHookInfo<'_>, directory: Option<&Path>) -> String {
    let said = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let line = format!("error: this program failed at {place}: {}", sanitize(said));
    let now = elk_life::Clock::System.now();
    let kept = directory.and_then(|directory| write(directory, now, &line).ok());
    match kept {
        Some(path) => format!("{line} (report: {})", path.display()),
        None => line,
    }
}

/// Writes a report. It does not hold the command line, which may hold secrets.
fn write(directory: &Path, now: Timestamp, line: &str) -> io::Result<PathBuf> {
    private::ensure_directory(directory).map_err(io::Error::other)?;
    let path = directory.join(format!("crash-{}-{}.txt", now.as_millisecond(), std::process::id()));
    let mut report = String::new();
    let (version, system) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("unnamed");
    // Writing to a string does not fail.
    writeln!(report, "elkctl {version} on {system}, {now:.0}, thread {thread}\n{line}\n").ok();
    writeln!(report, "{}", Backtrace::force_capture()).ok();
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(report.as_bytes())?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::*;

    /// What the child panics over; a place where nothing is written shows that a line is told anyway.
    const VICTIM: &str = "ELK_TEST_CRASH";

    /// Runs in a process of its own: a hook is for a whole process.
    #[test]
    fn a_panic_ends_as_a_failure_with_one_line_and_a_report() {
        if let Some(directory) = std::env::var_os(VICTIM) {
            let exit = guarded(Some(directory.into()), || panic!("lost\u{1b}[2J\nall"));
            #[expect(clippy::exit, reason = "the child of this test ends as the program would")]
            std::process::exit(i32::from(exit.code()));
        }
        let home = tempfile::tempdir().expect("a directory");
        let directory = home.path().join("state/elkctl");
        let name = "crash::tests::a_panic_ends_as_a_failure_with_one_line_and_a_report";
        let child = |directory: &Path| {
            let me = std::env::current_exe().expect("this test");
            let mut child = Command::new(me);
            child.args([name, "--exact", "--nocapture"]).env(VICTIM, directory);
            child.output().expect("runs")
        };
        let ended = child(&directory);
        assert_eq!(ended.status.code(), Some(1));
        let told = String::from_utf8(ended.stderr).expect("UTF-8");
        assert!(told.contains("lost\\x1b[2J\\x0aall (report: "), "{told}");
        assert_eq!(told.trim_end().lines().count(), 1, "{told}");
        let report = fs::read_dir(&directory).expect("a directory").next().expect("one");
        let report = report.expect("a file").path();
        let text = fs::read_to_string(&report).expect("text");
        assert!(text.contains("lost\\x1b[2J") && text.contains("guarded"), "{text}");
        let unwritable = home.path().join("file");
        fs::write(&unwritable, "").expect("writes");
        let ended = child(&unwritable);
        let told = String::from_utf8(ended.stderr).expect("UTF-8");
        assert_eq!((ended.status.code(), told.contains("report:")), (Some(1), false), "{told}");
    }
}
