//! The life of a daemon's process.

use std::convert::Infallible;
use std::error::Error;
use std::future::pending;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use elk_life::{Stop, chain};
use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{Foreign, LogFormat, SettingsError, Telemetry, Translation, load};

/// A daemon that [`run`] can run.
pub trait Daemon: Sized {
    /// Name of the binary, such as `elk-sd`.
    const NAME: &'static str;
    /// Prefix of its environment variables, such as `ELK_SD`.
    const ENV: &'static str;
    /// Its settings; secrets serialize redacted.
    type Config: DeserializeOwned + Serialize;
    /// Why it did not start or serve.
    type Error: Error + 'static;

    /// Says what is doubtful about the settings, and nothing that needs a file or a socket.
    fn warnings(config: &Self::Config) -> Vec<String>;

    /// Says in settings of its own what a file of the reference says.
    ///
    /// # Errors
    ///
    /// Which place holds what wrong.
    fn translate(file: &mut Foreign) -> Result<Translation, SettingsError>;

    /// Opens all that the settings name.
    fn bind(config: Self::Config) -> impl Future<Output = Result<Self, Self::Error>>;

    /// Returns what takes changed settings while it serves, if anything does.
    ///
    /// The settings are read again on SIGHUP. Those that are refused change nothing.
    fn reload(&self) -> Option<impl Fn(Self::Config) + use<Self>> {
        None::<fn(Self::Config)>
    }

    /// Serves until asked to stop.
    fn serve(self, stop: Stop) -> impl Future<Output = Result<(), Self::Error>>;
}

#[derive(Debug, Parser)]
#[command(disable_version_flag = true)]
struct Arguments {
    /// Settings: TOML, or YAML as the reference reads it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Open what the settings name, then exit
    #[arg(long, conflicts_with = "print_config")]
    check: bool,
    /// Print the effective settings, secrets redacted, and open nothing
    #[arg(long)]
    print_config: bool,
    /// Log as `text` or `json`
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"])]
    log_format: String,
}

/// Runs `D` as the process's arguments say: 0 done, 1 failed, 2 wrong arguments or settings.
pub fn run<D: Daemon>() -> ExitCode {
    keep_private();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            drop(error.print());
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let (config, notes) = match load(arguments.config.as_deref(), D::ENV, D::translate) {
        Ok(loaded) => loaded,
        Err(error) => return fail(D::NAME, &error, 2),
    };
    for warning in notes.into_iter().chain(D::warnings(&config)) {
        tell(D::NAME, &format!("warning: {warning}"));
    }
    if arguments.print_config {
        return match toml::to_string(&config) {
            Ok(text) => match writeln!(io::stdout().lock(), "{}", text.trim_end()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => fail(D::NAME, &error, 1),
            },
            Err(error) => fail(D::NAME, &error, 1),
        };
    }
    let format = if arguments.log_format == "json" { LogFormat::Json } else { LogFormat::Text };
    Telemetry::init(format);
    raise_open_files();
    match runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => {
            let code = runtime.block_on(live::<D>(config, &arguments));
            // Work on threads of its own, such as a slow disk's, does not hold up the end.
            runtime.shutdown_background();
            code
        }
        Err(error) => fail(D::NAME, &error, 1),
    }
}

/// Makes what this process creates from now on readable by its user only: state holds secrets, and
/// its directory may have been there before, open to all.
pub fn keep_private() {
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
}

/// Raises the limit of open files to the most that this user may have: each connection is one.
pub fn raise_open_files() {
    let limit = rustix::process::getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if let Err(error) = rustix::process::setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "could not raise the limit of open files");
    }
}

async fn live<D: Daemon>(config: D::Config, arguments: &Arguments) -> ExitCode {
    // Before anything is opened: a signal that comes early is not lost.
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let (mut interrupt, mut terminate, hangup) = match kinds.map(signal) {
        [Ok(interrupt), Ok(terminate), Ok(hangup)] => (interrupt, terminate, hangup),
        [first, second, third] => {
            let error = first.and(second).and(third).expect_err("one of them failed");
            return fail(D::NAME, &error, 1);
        }
    };
    let mut signalled = async || {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    let stop = Stop::default();
    let work = async {
        let daemon = D::bind(config).await?;
        if arguments.check {
            return Ok(());
        }
        let reload = daemon.reload();
        tokio::select! {
            served = daemon.serve(stop.clone()) => served,
            never = follow::<D>(hangup, arguments.config.as_deref(), reload) => match never {},
        }
    };
    let mut work = std::pin::pin!(work);
    let first = tokio::select! {
        done = work.as_mut() => Some(done),
        () = signalled() => None,
    };
    let done = match first {
        Some(done) => done,
        None => {
            tracing::info!("asked to stop: finishing what is under way");
            stop.now();
            tokio::select! {
                done = work => done,
                () = signalled() => return ExitCode::from(130),
            }
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(D::NAME, &error, 1),
    }
}

/// Reads the settings again on each SIGHUP, which would end the process otherwise.
async fn follow<D: Daemon>(
    mut hangup: Signal,
    path: Option<&Path>,
    reload: Option<impl Fn(D::Config)>,
) -> Infallible {
    loop {
        if hangup.recv().await.is_none() {
            return pending().await;
        }
        match (&reload, load(path, D::ENV, D::translate)) {
            (Some(reload), Ok((config, _))) => reload(config),
            (None, Ok(_)) => {
                tracing::info!("the settings are fine; they count from the next start");
            }
            (_, Err(error)) => {
                tracing::error!(error = %chain(&error), "kept the settings of before");
            }
        }
    }
}

fn fail(name: &str, error: &(dyn Error + 'static), code: u8) -> ExitCode {
    tell(name, &chain(error).to_string());
    ExitCode::from(code)
}

fn tell(name: &str, text: &str) {
    // Nobody is left to tell if stderr is closed.
    drop(writeln!(io::stderr().lock(), "{name}: {text}"));
}
