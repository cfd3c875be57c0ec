//! `elk-fuzz`: runs targets, and keeps the input of a case that fails.

use std::error::Error as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Duration;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use elk_fuzz::{ALL, CORPUS, CorpusError, Failure, Plan, Target, read_corpus, run};

/// Feeds readers of the product with what others may send; exits with 1 if something does not hold.
#[derive(Parser, Debug)]
#[command(name = "elk-fuzz", version)]
struct Args {
    /// Targets to run; all of them by default
    #[arg(value_parser = PossibleValuesParser::new(ALL.iter().map(|it| it.name)))]
    targets: Vec<String>,
    /// Cases of each target
    #[arg(long, default_value_t = 1_000_000)]
    cases: u64,
    /// What the cases follow from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; as many as there are processors by default
    #[arg(long)]
    jobs: Option<usize>,
    /// A case that takes longer hangs, in seconds
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    hang: u64,
    /// Directory with inputs, one below it for each target
    #[arg(long, default_value = CORPUS)]
    corpus: PathBuf,
    /// Directory for the input of a case that fails
    #[arg(long, default_value = ".")]
    out: PathBuf,
    /// Run this file instead, once
    #[arg(long, conflicts_with_all = ["cases", "seed"], requires = "targets")]
    input: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    #[error("could not read {path:?}")]
    Read { path: PathBuf, source: io::Error },
    #[error("could not write {path:?}")]
    Write { path: PathBuf, source: io::Error },
    #[error("could not write the report")]
    Io(#[from] io::Error),
}

fn main() -> ExitCode {
    let args = Args::parse();
    match fuzz(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let cause = error.source().map(|it| format!(": {it}")).unwrap_or_default();
            drop(writeln!(io::stderr(), "error: {error}{cause}"));
            ExitCode::from(2)
        }
    }
}

/// Returns whether all held.
fn fuzz(args: &Args) -> Result<bool, Failed> {
    let jobs = args.jobs.unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
    let hang = Duration::from_secs(args.hang);
    let mut plan = Plan { cases: args.cases, seed: args.seed, jobs, hang };
    let wanted =
        |it: &&Target| args.targets.is_empty() || args.targets.iter().any(|name| name == it.name);
    let mut held = true;
    for target in ALL.iter().filter(wanted) {
        let corpus = if let Some(path) = &args.input {
            let input = fs::read(path);
            plan.cases = 1;
            vec![input.map_err(|source| Failed::Read { path: path.clone(), source })?]
        } else {
            read_corpus(&args.corpus, target.name)?
        };
        let verdict = run(*target, &corpus, plan);
        let mut out = io::stdout().lock();
        let seconds = verdict.took.as_secs_f64();
        if let Some(failure) = verdict.failure {
            held = false;
            writeln!(out, "{:<10} failed after {seconds:.1} s  seed {}", target.name, plan.seed)?;
            report(&mut out, args, target, &failure)?;
        } else {
            let (name, cases, seed) = (target.name, plan.cases, plan.seed);
            writeln!(out, "{name:<10} {cases} cases  {seconds:.1} s  seed {seed}")?;
        }
    }
    Ok(held)
}

/// Says what does not hold, and keeps the input.
fn report(
    out: &mut impl io::Write,
    args: &Args,
    target: &Target,
    failure: &Failure,
) -> Result<(), Failed> {
    writeln!(out, "{}", failure.what)?;
    if args.input.is_some() {
        return Ok(());
    }
    let path = args.out.join(format!("{}-{}-{}.input", target.name, args.seed, failure.number));
    if let Err(source) = fs::write(&path, &failure.input) {
        return Err(Failed::Write { path, source });
    }
    let again = path.display();
    writeln!(
        out,
        "{} bytes in {again}; again: elk-fuzz {} --input {again}",
        failure.input.len(),
        target.name
    )?;
    Ok(())
}
