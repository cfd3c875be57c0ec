//! `elk-sim`: simulated agents in a process of their own, to put load on an AgentCenter.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clap::Parser;
use elk_life::{Clock, Stop};
use elk_sim::{Config, Counters, Fleet, FleetError, Load};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep};

/// Simulates agents on the real wire and prints what they did as one line of JSON.
#[derive(Parser, Debug)]
#[command(name = "elk-sim", version)]
struct Args {
    /// Address of AgentCenter's stream listener, such as 127.0.0.1:6751
    #[arg(long, required_unless_present = "sd")]
    ac: Option<String>,
    /// Base URL of ServiceDiscovery, asked before --ac is used
    #[arg(long)]
    sd: Option<String>,
    /// The authority of AgentCenter's certificate, PEM
    #[arg(long)]
    ca: PathBuf,
    /// The agents' certificate, PEM
    #[arg(long)]
    cert: PathBuf,
    /// Its key, PEM
    #[arg(long)]
    key: PathBuf,
    /// How many agents
    #[arg(long, default_value_t = 50)]
    count: u32,
    /// The same seed gives the same hosts
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds between two heartbeats
    #[arg(long, default_value_t = 60.0)]
    heartbeat: f64,
    /// Seconds between two records of plugins; 0 sends none
    #[arg(long, default_value_t = 0.0)]
    event_every: f64,
    /// The agents start within so many seconds
    #[arg(long, default_value_t = 3.0)]
    spread: f64,
    /// End after so many seconds; 0 waits for a signal
    #[arg(long, default_value_t = 0.0)]
    duration: f64,
    /// Send so many records in a message, the same again and again, instead of heartbeats
    #[arg(long)]
    batch: Option<u32>,
    /// With --batch: records a second and agent; 0 sends as many as possible
    #[arg(long, default_value_t = 0.0)]
    rate: f64,
    /// With --batch: bytes of each record's body
    #[arg(long, default_value_t = 600)]
    body_bytes: usize,
    /// With --batch: write into each record when it was sent, `sent_us`, and nothing else
    #[arg(long)]
    stamp: bool,
}

#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("could not read {path:?}: {source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("--{0} is no number of seconds")]
    Seconds(&'static str),
    #[error("{0}")]
    Fleet(#[from] FleetError),
    #[error("could not start: {0}")]
    Io(#[from] io::Error),
}

fn main() -> ExitCode {
    let outcome = run(Args::parse());
    if let Err(error) = outcome {
        drop(writeln!(io::stderr(), "error: {error}"));
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn run(args: Args) -> Result<(), Failed> {
    let duration = seconds(args.duration, "duration")?;
    let load = args.batch.map(|batch| Load {
        rate: args.rate.max(0.0),
        batch: batch.clamp(1, 10_000),
        body_bytes: args.body_bytes.min(64 << 10),
        stamp: args.stamp,
    });
    let mut fleet = Fleet::new(config(args)?, Clock::default())?;
    if let Some(load) = load {
        fleet = fleet.with_load(load);
    }
    let counters = fleet.counters();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let elapsed = runtime.block_on(async {
        let stop = Stop::default();
        let began = Instant::now();
        let ended = async {
            tokio::select! {
                stopped = signalled() => stopped?,
                () = sleep(duration), if !duration.is_zero() => {}
            }
            let elapsed = began.elapsed();
            stop.now();
            Ok::<_, io::Error>(elapsed)
        };
        let (Ok(()), elapsed) = tokio::join!(fleet.serve(stop.clone()), ended);
        elapsed
    })?;
    Ok(writeln!(io::stdout(), "{}", report(&counters, elapsed))?)
}

fn config(args: Args) -> Result<Config, Failed> {
    let read = |path: PathBuf| fs::read(&path).map_err(|source| Failed::Read { path, source });
    let event_every = seconds(args.event_every, "event-every")?;
    let heartbeat = seconds(args.heartbeat, "heartbeat")?;
    if heartbeat.is_zero() {
        return Err(Failed::Seconds("heartbeat"));
    }
    Ok(Config {
        count: args.count,
        seed: args.seed,
        heartbeat,
        sd: args.sd,
        ac: args.ac,
        ca: read(args.ca)?,
        cert: read(args.cert)?,
        key: read(args.key)?,
        event_every: (!event_every.is_zero()).then_some(event_every),
        spread: seconds(args.spread, "spread")?,
        retry: Duration::from_secs(5),
    })
}

fn seconds(given: f64, flag: &'static str) -> Result<Duration, Failed> {
    let whole = given.is_finite() && (0.0..=1e9).contains(&given);
    if whole { Ok(Duration::from_secs_f64(given)) } else { Err(Failed::Seconds(flag)) }
}

async fn signalled() -> io::Result<()> {
    let mut term = signal(SignalKind::terminate())?;
    let mut int = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    Ok(())
}

fn report(counters: &Counters, elapsed: Duration) -> serde_json::Value {
    let read = |it: &AtomicU64| it.load(Ordering::Relaxed);
    serde_json::json!({
        "seconds": elapsed.as_secs_f64(),
        "connected": read(&counters.connected),
        "messages": read(&counters.messages),
        "records": read(&counters.records),
        "bytes": read(&counters.bytes),
        "answered": read(&counters.answered),
        "installed": read(&counters.installed),
        "refused": read(&counters.refused),
        "failed_connections": read(&counters.failed),
    })
}
