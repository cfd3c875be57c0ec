//! The dashboard: as text, and in a terminal of tmux.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::backend::{Backend, has, wait_for};

/// A terminal that somebody sits at.
struct Desk {
    socket: PathBuf,
    home: PathBuf,
}

impl Desk {
    /// Opens a terminal of 80 columns and 24 lines with a line of shell in it; `None` where there is
    /// no tmux.
    fn open(backend: &Backend, line: &str) -> Option<Self> {
        if !has("tmux", "-V") || !has("pgrep", "-V") {
            return None;
        }
        let desk = Self { socket: backend.home().join("tmux"), home: backend.home().to_owned() };
        let shell = line.replace("elkctl", env!("CARGO_BIN_EXE_elkctl"));
        let size = ["-x", "80", "-y", "24"];
        desk.tmux(
            &[&["-u", "-f", "/dev/null", "new-session", "-d"], &size[..], &[&shell]].concat(),
        );
        Some(desk)
    }

    fn tmux(&self, args: &[&str]) -> String {
        let done = Command::new("tmux")
            .arg("-S")
            .arg(&self.socket)
            .args(args)
            .env_clear()
            .envs([("TERM", "xterm-256color"), ("LANG", "C.UTF-8"), ("SHELL", "/bin/sh")])
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &self.home)
            .stdin(Stdio::null())
            .output()
            .expect("tmux runs");
        String::from_utf8_lossy(&done.stdout).into_owned()
    }

    fn press(&self, keys: &[&str]) {
        self.tmux(&[&["send-keys"], keys].concat());
    }

    fn shown(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    fn shows(&self, what: &str) -> String {
        let mut shown = String::new();
        wait_for(what, || {
            shown = self.shown();
            shown.contains(what)
        });
        shown
    }

    fn resize(&self, width: &str, height: &str) {
        self.tmux(&["resize-window", "-x", width, "-y", height]);
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

#[test]
fn a_snapshot_of_each_view_has_exactly_the_lines_that_were_asked_for() {
    let backend = Backend::with_agents(3);
    let views = "overview agents rollouts cluster alerts events tasks config audit";
    for view in views.split(' ') {
        for (size, lines) in [("80x24", 24), ("120x40", 40), ("48x12", 12), ("10x3", 3)] {
            let said = backend.elkctl(&["tui", "--snapshot", view, "--size", size]).ends(0);
            assert_eq!(said.out.lines().count(), lines, "{view} {size}: {}", said.out);
            assert!(said.out.ends_with('\n'));
            assert!(!said.out.contains('\u{1b}') && !said.out.contains("asking"), "{}", said.out);
        }
    }
    let said = backend.elkctl(&["tui", "--snapshot", "overview"]).ends(0);
    for wanted in ["Fleet 3", "100.00%", "no problems", "SD 1/1   AC 1/1"] {
        assert!(said.out.contains(wanted), "{wanted}: {}", said.out);
    }
    let agent = backend.names(1).remove(0);
    let said = backend.elkctl(&["tui", "--snapshot", &agent, "--size", "100x60"]).ends(0);
    assert!(said.out.contains("hostname"), "{}", said.out);
    backend.elkctl(&["tui", "--snapshot", "nothing"]).ends(2);
    backend.elkctl(&["tui"]).ends(2);
}

#[test]
fn a_snapshot_of_a_server_that_is_away_ends_with_9() {
    let mut backend = Backend::with_agents(1);
    backend.stop();
    let said = backend.elkctl(&["tui", "--snapshot", "overview"]).ends(9);
    assert!(said.out.is_empty(), "{}", said.out);
}

#[test]
fn a_tour_walks_every_view_filters_opens_and_comes_back() {
    let backend = Backend::with_agents(30);
    let Some(desk) = Desk::open(&backend, "elkctl tui; echo ended=$?; sleep 600") else { return };
    desk.shows("Fleet 30");
    desk.shows("LIVE");
    for (key, wanted) in [
        ("2", "[2 Agents]"),
        ("3", "[3 Rollouts]"),
        ("4", "ServiceDiscovery"),
        ("5", "[5 Alerts]"),
        ("6", "  running  "),
        ("7", "[7 Tasks]"),
        ("8", "profile default revision"),
        ("9", "user.create"),
    ] {
        desk.press(&[key]);
        desk.shows(wanted);
    }
    desk.press(&["2"]);
    desk.shows("of 30");
    desk.press(&["/"]);
    desk.press(&["-l", "hostname~web"]);
    desk.press(&["Enter"]);
    desk.shows("filter: hostname~web");
    wait_for("only those", || {
        let shown = desk.shown();
        shown.contains("web-") && !shown.contains("db-")
    });
    desk.press(&["Enter"]);
    desk.shows("agents > ");
    desk.press(&["C"]);
    desk.shows("elkctl agent inspect ");
    desk.press(&["Escape"]);
    desk.shows("filter: hostname~web");
    desk.press(&["Escape"]);
    desk.shows("of 30");
    desk.press(&["/"]);
    desk.press(&["-l", "nonsense=("]);
    desk.press(&["Enter"]);
    // What is wrong with a filter is told, and nothing ends.
    desk.shows("selector");
    desk.press(&["?"]);
    desk.shows("any key closes this");
    desk.press(&["Escape"]);
    wait_for("no help any more", || !desk.shown().contains("any key closes this"));
    desk.press(&["C-c"]);
    desk.shows("ended=0");
}

#[test]
fn what_happens_is_shown_at_once_and_an_outage_is_survived() {
    let mut backend = Backend::with_agents(5);
    // Nothing is asked for within the test but what events ask for.
    let Some(desk) = Desk::open(&backend, "elkctl tui alerts --refresh 1h; sleep 600") else {
        return;
    };
    desk.shows("LIVE");
    desk.press(&["7"]);
    desk.shows("nothing here");
    let line = "task create --plugin nobody --data-type 1 --data {} --all-agents --confirm=5";
    backend.elkctl(&line.split(' ').collect::<Vec<_>>()).ends(0);
    desk.shows("nobody");
    backend.stop();
    desk.press(&["C-r"]);
    let shown = desk.shows("OFFLINE");
    assert!(shown.contains("nobody"), "what was known stays: {shown}");
    backend.restart(5);
    wait_for("it is back", || {
        desk.press(&["C-r"]);
        let shown = desk.shown();
        shown.contains("nobody") && !shown.contains("OFFLINE")
    });
}

#[test]
fn the_terminal_is_as_it_was_after_a_signal_and_any_size_is_drawn() {
    let backend = Backend::with_agents(2);
    let line = "stty -g >before; echo the shell; elkctl tui; stty -g >after; echo ended; sleep 600";
    let line = format!("cd '{}'; {line}", backend.home().display());
    let Some(desk) = Desk::open(&backend, &line) else { return };
    desk.shows("Fleet 2");
    for (width, height, wanted) in [
        ("120", "40", "Events"),
        ("48", "12", "[1 Over]"),
        ("20", "5", "needs"),
        ("80", "24", "9 Audit"),
    ] {
        desk.resize(width, height);
        desk.shows(wanted);
    }
    let pid = desk.tmux(&["display", "-p", "#{pane_pid}"]);
    let found = Command::new("pgrep").args(["-P", pid.trim()]).output().expect("pgrep runs");
    let child = String::from_utf8_lossy(&found.stdout).trim().to_owned();
    let stopped = Command::new("kill").args(["-TERM", &child]).status().expect("kill runs");
    assert!(stopped.success(), "{child}");
    let shown = desk.shows("ended");
    // The screen from before is back, not that of the dashboard.
    assert!(shown.contains("the shell") && !shown.contains("Fleet"), "{shown}");
    let read = |name: &str| fs::read_to_string(backend.home().join(name)).expect("a file");
    assert_eq!(read("before"), read("after"));
}
