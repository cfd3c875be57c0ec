//! What ARCHITECTURE.md calls proven has its tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Returns the names of all functions below a directory.
fn functions(directory: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path).expect("a source");
            let names = text.split("fn ").skip(1).filter_map(|it| it.split('(').next());
            found.extend(names.map(str::to_owned));
        }
    }
}

#[test]
fn each_test_that_the_architecture_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let mut there = BTreeSet::new();
    for directory in ["daemons", "elkctl", "proto"] {
        functions(&root.join(directory), &mut there);
    }
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).expect("a text");
    let chapter = text.split("## What the reference loses").nth(1).expect("the chapter");
    let chapter = chapter.split("\n## ").next().expect("its text");
    let rows = chapter.lines().filter(|it| it.starts_with("| ") && it.contains('`'));
    let mut named = 0;
    for name in rows.flat_map(|row| row.split('`').skip(1).step_by(2)) {
        assert!(there.contains(name), "there is no test {name}");
        named += 1;
    }
    assert!(named > 30, "only {named} tests are named");
}
