//! At a terminal: questions, answers, and nothing that a terminal should not get.

use std::fs::{self, File};
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::backend::{Backend, Said, has, run_reading, wait_for};

/// Runs a command at a terminal, where `typed` is typed; `None` without the tool for it.
fn at_terminal(backend: &Backend, line: &str, typed: &str) -> Option<Said> {
    if !has("script", "--version") {
        return None;
    }
    Some(run_reading(&mut script(backend, line), typed))
}

fn script(backend: &Backend, line: &str) -> Command {
    let line = format!("stty cols 80; exec {} {line}", env!("CARGO_BIN_EXE_elkctl"));
    let mut script = Command::new("script");
    script.env_clear().env("HOME", backend.home()).env("PATH", "/usr/bin:/bin");
    script.env("TERM", "xterm").env("SHELL", "/bin/sh").args(["-qec", &line, "/dev/null"]);
    script
}

/// Runs a command at a terminal and presses Ctrl-C when it asks.
fn interrupted(backend: &Backend, line: &str, question: &str) -> Said {
    let shown = backend.path("shown");
    let mut script = script(backend, line);
    script.stdin(Stdio::piped()).stdout(File::create(&shown).expect("a file"));
    let mut child = script.spawn().expect("runs");
    let mut keys = child.stdin.take().expect("a pipe");
    wait_for(question, || fs::read_to_string(&shown).is_ok_and(|text| text.contains(question)));
    keys.write_all(b"\x03").expect("is read");
    let code = child.wait().expect("ends").code();
    Said { code, out: fs::read_to_string(&shown).expect("text"), err: String::new() }
}

#[test]
fn a_question_is_answered_no_unless_somebody_says_yes() {
    let backend = Backend::with_agents(12);
    let tag = |tag: &str, typed: &str| {
        at_terminal(&backend, &format!("tag add {tag} -l status=running"), typed)
    };
    let Some(empty) = tag("none", "\n") else { return };
    assert!(empty.out.contains("This tags 12 agents (12 running) in "), "{}", empty.out);
    assert!(empty.out.contains("Continue? [y/N]"), "{}", empty.out);
    empty.ends(13);
    tag("none", "n\n").expect("is there").ends(13);
    tag("none", "yess\n").expect("is there").ends(13);
    let refused = interrupted(&backend, "tag add none -l status=running", "Continue? [y/N]");
    refused.ends(13);
    tag("some", "y\n").expect("is there").ends(0);
    let all = |typed| at_terminal(&backend, "tag add all --all-agents --yes", typed);
    all("11\n").expect("is there").ends(13);
    let asked = all("12\n").expect("is there").ends(0);
    assert!(asked.out.contains("Type 12 to continue:"), "{}", asked.out);
    let tags = backend.elkctl(&["tag", "list", "-o", "name"]).ends(0).lines();
    assert_eq!(tags, ["tag/all", "tag/some"]);
    let silent = at_terminal(&backend, "tag add x -l status=running --no-input", "y\n");
    silent.expect("is there").ends(2);
}

#[test]
fn a_password_is_not_shown_and_a_file_is_not_taken_in_silence() {
    let backend = Backend::start(0);
    let (server, password) = (backend.manager(), backend.password());
    let login = format!("login --server {server} -u admin");
    let typed = format!("{password}\ny\n");
    let Some(said) = at_terminal(&backend, &login, &typed) else { return };
    assert!(said.out.contains("there is no keyring here"), "{}", said.out);
    assert!(said.out.contains("Password of admin:"), "{}", said.out);
    let said = said.ends(0);
    assert!(said.out.contains("signed in to "), "{}", said.out);
    backend.elkctl(&["whoami"]).ends(0);
    let refused = at_terminal(&backend, &login, &format!("{password}\nn\n"));
    refused.expect("is there").ends(4);
}

#[test]
fn a_table_fits_the_terminal_and_holds_no_escapes() {
    let backend = Backend::with_agents(1);
    let Some(said) = at_terminal(&backend, "agent list --color never", "") else { return };
    let coloured = at_terminal(&backend, "agent list", "").expect("is there").ends(0);
    assert!(coloured.out.contains("\u{1b}[32mrunning\u{1b}[0m"), "{:?}", coloured.out);
    let said = said.ends(0);
    assert!(!said.out.contains('\u{1b}'), "{:?}", said.out);
    let lines: Vec<_> = said.out.lines().map(str::trim_end).collect();
    assert!(lines[0].starts_with("ID ") && lines[0].contains("HOSTNAME"), "{lines:?}");
    assert!(lines.iter().all(|line| line.len() <= 80), "{lines:?}");
    assert!(!lines[0].contains("TAGS"), "{lines:?}");
    assert!(lines[0].contains("LAST-SEEN"), "{lines:?}");
    let shown = lines[1].split(' ').next().expect("an id");
    backend.elkctl(&["agent", "get", shown]).ends(0);
    let none = at_terminal(&backend, "agent list -l tag=none", "").expect("is there").ends(0);
    assert_eq!(none.out.trim_end(), "No agents match.");
    let pretty = at_terminal(&backend, "agent list -o json", "").expect("is there").ends(0);
    assert!(pretty.out.lines().count() > 10, "indented for people");
}
