//! The committed corpus on every target, and the command line.

#![expect(clippy::unwrap_used, reason = "a test helper that fails fails its test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use elk_fuzz::{ALL, CORPUS, Plan, read_corpus, run};

fn elk_fuzz(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_elk-fuzz")).args(args).output().unwrap()
}

#[test]
fn the_corpus_and_what_comes_of_it_hold_on_every_target() {
    for target in ALL {
        let corpus = read_corpus(Path::new(CORPUS), target.name).unwrap();
        assert!(corpus.len() >= 3, "{} has {} inputs", target.name, corpus.len());
        let cases = corpus.len() as u64 + 300;
        let plan = Plan { cases, seed: 2, jobs: 2, hang: Duration::from_secs(60) };
        let verdict = run(*target, &corpus, plan);
        assert_eq!(verdict.failure, None, "{}", target.name);
    }
}

#[test]
fn every_target_has_a_corpus_and_every_corpus_a_target() {
    let mut found: Vec<_> = fs::read_dir(CORPUS)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    let mut named: Vec<_> = ALL.iter().map(|target| target.name.to_owned()).collect();
    named.sort();
    assert_eq!(found, named);
}

#[test]
fn each_target_that_was_run_is_reported_with_its_cases_and_seed() {
    let output = elk_fuzz(&["item", "snappy", "--cases", "1000", "--seed", "5"]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].starts_with("snappy     1000 cases  "), "{text}");
    assert!(lines[1].starts_with("item       1000 cases  "), "{text}");
    assert!(lines.iter().all(|line| line.ends_with("  seed 5")), "{text}");
}

#[test]
fn a_target_or_corpus_that_is_not_there_is_an_error() {
    assert_eq!(elk_fuzz(&["nothing"]).status.code(), Some(2));
    let empty = tempfile::tempdir().unwrap();
    let at = empty.path().display().to_string();
    let output = elk_fuzz(&["item", "--corpus", &at]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("could not read the corpus"));
}
