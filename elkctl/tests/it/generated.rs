//! The files that packages ship follow from the command tree.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::backend::{command, has, run, run_reading};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// Pages that people write.
const WRITTEN: [&str; 2] = ["man/man5/elkctl-config.5", "man/man7/elkctl-selectors.7"];

fn files(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.join("completions"), root.join("man")];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(root).expect("is below").display().to_string();
            found.insert(name, fs::read_to_string(&path).expect("text"));
        }
    }
    found
}

#[test]
fn completions_and_man_pages_are_those_of_this_command_tree() {
    let made = tempfile::tempdir().expect("a directory");
    run(command(made.path()).arg("__generate").arg(made.path())).ends(0);
    let wanted = files(made.path());
    if std::env::var_os("ELK_BLESS").is_some() {
        for name in files(&root()).keys().filter(|name| !WRITTEN.contains(&name.as_str())) {
            fs::remove_file(root().join(name)).expect("removes");
        }
        for (name, text) in &wanted {
            let path = root().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
            fs::write(path, text).expect("writes");
        }
    }
    let mut present = files(&root());
    for name in WRITTEN {
        assert!(present.remove(name).is_some(), "{name} is missing");
    }
    let stale = wanted.iter().filter(|(name, text)| present.get(*name) != Some(text));
    let stale: Vec<_> = stale.map(|(name, _)| name).collect();
    let hint = "run this test with ELK_BLESS=1";
    assert!(stale.is_empty(), "stale: {stale:?}: {hint}");
    let names: Vec<_> = present.keys().filter(|name| !wanted.contains_key(*name)).collect();
    assert!(names.is_empty(), "of no command: {names:?}: {hint}");
}

#[test]
fn every_command_has_a_page() {
    let home = tempfile::tempdir().expect("a directory");
    for page in ["agent-list", "task-create", "config-push", "up", "doctor", "event-tail"] {
        let path = root().join(format!("man/man1/elkctl-{page}.1"));
        let text = fs::read_to_string(path).expect("a page");
        assert!(text.contains(".SH SYNOPSIS"), "{page}");
    }
    let codes = fs::read_to_string(root().join("man/man7/elkctl-exit-codes.7")).expect("a page");
    for code in ["0 ok", "8 pending", "13 declined", "14 unsupported", "130 interrupted"] {
        assert!(codes.contains(&format!(".B {code}")), "{code}");
    }
    let help = run(command(home.path()).args(["task", "create", "--help"])).ends(0);
    assert!(help.out.contains("Examples:"), "{}", help.out);
    assert_eq!(help.err, "");
}

#[test]
fn the_script_of_each_shell_is_one_the_shell_takes() {
    let home = tempfile::tempdir().expect("a directory");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(command(home.path()).args(["completion", shell])).ends(0);
        assert!(script.out.contains("elkctl"), "{shell}");
        assert_eq!(script.err, "");
        if shell == "bash" && has("bash", "--version") {
            let mut bash = std::process::Command::new("bash");
            let asked = "\nCOMP_WORDS=(elkctl agent li); COMP_CWORD=2; _elkctl elkctl li agent; \
                         echo \"got ${COMPREPLY[*]}\"\n";
            let said = run_reading(bash.arg("-s"), &format!("{}{asked}", script.out)).ends(0);
            assert!(said.out.contains("got list"), "{} {}", said.out, said.err);
        }
    }
}
