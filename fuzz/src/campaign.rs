//! Running a target on many inputs, on all processors, and catching what goes wrong.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Once};
use std::thread;
use std::time::Duration;

use tokio::time::Instant;

use crate::mutator::Mutator;
use crate::targets::Target;

/// Cases that a thread takes at a time.
const CHUNK: u64 = 256;
const GLANCE: Duration = Duration::from_millis(500);

/// How much to run.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Cases in all.
    pub cases: u64,
    /// What they follow from.
    pub seed: u64,
    /// Threads.
    pub jobs: usize,
    /// A case that takes longer hangs.
    pub hang: Duration,
}

/// A case that must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its number.
    pub number: u64,
    /// Its input.
    pub input: Vec<u8>,
    /// What the target said, or that it hangs.
    pub what: String,
}

/// How a target did.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The first case seen to fail.
    pub failure: Option<Failure>,
    /// How long it took.
    pub took: Duration,
}

/// What the threads share.
#[derive(Debug)]
struct Board {
    /// The first case that nobody has taken.
    next: AtomicU64,
    /// For each thread the case it is at, from 1; 0 when it has ended.
    at: Vec<AtomicU64>,
}

/// Runs `target`; stops at the first failure.
pub fn run(target: Target, corpus: &[Vec<u8>], plan: Plan) -> Verdict {
    hook();
    let jobs = plan.jobs.max(1);
    let at = (0..jobs).map(|_| AtomicU64::new(1)).collect();
    let board = Arc::new(Board { next: AtomicU64::new(0), at });
    let shared: Arc<[Vec<u8>]> = corpus.into();
    let (tell, told) = sync_channel(jobs);
    let began = Instant::now();
    // Not scoped: a thread that hangs is left behind.
    let mut threads = Vec::new();
    for job in 0..jobs {
        let (board, corpus, tell) = (Arc::clone(&board), Arc::clone(&shared), tell.clone());
        threads.push(thread::spawn(move || work(target, &corpus, plan, (&board, job), &tell)));
    }
    drop(tell);
    let failure = watch(&board, &told, plan).map(|(number, what)| {
        let input = Mutator::new(corpus, target.words).case(plan.seed, number);
        Failure { number, input, what }
    });
    if failure.is_none() {
        // What targets keep for a thread goes when it has ended.
        threads.into_iter().for_each(|it| drop(it.join()));
    }
    Verdict { failure, took: began.elapsed() }
}

type Told = (u64, String);

fn work(
    target: Target,
    corpus: &[Vec<u8>],
    plan: Plan,
    (board, job): (&Board, usize),
    tell: &SyncSender<Told>,
) {
    let Some(at) = board.at.get(job) else { return };
    let mutator = Mutator::new(corpus, target.words);
    loop {
        let start = board.next.fetch_add(CHUNK, Ordering::Relaxed);
        for number in start..(start + CHUNK).min(plan.cases) {
            at.store(number + 1, Ordering::Relaxed);
            let input = mutator.case(plan.seed, number);
            if let Err(what) = guarded(target.run, &input) {
                board.next.store(plan.cases, Ordering::Relaxed);
                // A second failure may find nobody who listens any more.
                drop(tell.send((number, what)));
                return;
            }
        }
        if start.saturating_add(CHUNK) >= plan.cases {
            at.store(0, Ordering::Relaxed);
            return;
        }
    }
}

/// Waits for the threads to end, or for the first failure.
fn watch(board: &Board, told: &Receiver<Told>, plan: Plan) -> Option<Told> {
    let cases = || board.at.iter().map(|it| it.load(Ordering::Relaxed));
    let mut seen: Vec<(u64, Instant)> = cases().map(|it| (it, Instant::now())).collect();
    loop {
        match told.recv_timeout(GLANCE.min(plan.hang)) {
            Ok(told) => return Some(told),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {}
        }
        for (case, (last, since)) in cases().zip(&mut seen) {
            if case != *last {
                (*last, *since) = (case, Instant::now());
            } else if case > 0 && since.elapsed() > plan.hang {
                return Some((case - 1, format!("it takes longer than {:?}", plan.hang)));
            }
        }
    }
}

thread_local! {
    static WATCHED: Cell<bool> = const { Cell::new(false) };
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Calls `run`; the error is what it said when it panicked.
fn guarded(run: fn(&[u8]), input: &[u8]) -> Result<(), String> {
    WATCHED.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| run(input)));
    WATCHED.set(false);
    outcome.map_err(|_| SAID.take())
}

/// Keeps what panics under watch say, and leaves all others alone.
fn hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if WATCHED.get() {
                SAID.set(info.to_string());
            } else {
                before(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(cases: u64) -> Plan {
        Plan { cases, seed: 3, jobs: 2, hang: Duration::from_secs(30) }
    }

    /// One thread, so that what fails first is the first that fails.
    fn alone(cases: u64) -> Plan {
        Plan { jobs: 1, ..plan(cases) }
    }

    fn target(run: fn(&[u8])) -> Target {
        Target { name: "test", run, words: &[] }
    }

    #[test]
    fn every_case_is_run() {
        static RUN: AtomicU64 = AtomicU64::new(0);
        let counts = target(|_| {
            RUN.fetch_add(1, Ordering::Relaxed);
        });
        let verdict = run(counts, &[b"seed".to_vec()], plan(10_001));
        assert_eq!(verdict.failure, None);
        assert_eq!(RUN.load(Ordering::Relaxed), 10_001);
    }

    #[test]
    fn a_panic_is_found_with_its_input_and_what_it_said() {
        let fails = target(|input| assert!(!input.starts_with(b"bad"), "no {}", input.len()));
        let corpus = [b"good".to_vec(), b"bad".to_vec()];
        let failure = run(fails, &corpus, alone(1_000)).failure.expect("it fails");
        assert_eq!((failure.number, &*failure.input), (1, &b"bad"[..]));
        assert!(failure.what.contains("no 3"), "{}", failure.what);
        assert!(failure.what.contains("campaign.rs"), "{}", failure.what);
    }

    #[test]
    fn a_case_without_an_end_is_found() {
        let hangs = target(|input| {
            if input == b"endless" {
                loop {
                    thread::park();
                }
            }
        });
        let short = Plan { hang: Duration::from_millis(300), ..alone(5_000) };
        let corpus = [b"x".to_vec(), b"endless".to_vec()];
        let failure = run(hangs, &corpus, short).failure.expect("it hangs");
        assert_eq!((failure.number, &*failure.input), (1, &b"endless"[..]));
        assert!(failure.what.contains("longer than 300ms"), "{}", failure.what);
    }
}
