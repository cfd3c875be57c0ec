//! `elkctl up`: the whole backend in one process.

mod data;
mod greeting;
mod look;
mod plan;
mod ports;
mod settings;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use elk_bus::Bus;
use elk_desk::{Exit, Failure};
pub(crate) use look::manager_dir;

use elk_life::{Clock, Group, GroupError, Stop};
use tokio::signal::unix::{Signal, SignalKind, signal};

use data::{DataDir, Import};
use greeting::Greeting;
use plan::Plan;
use ports::Ports;

/// How long the daemons may take to drain.
const GRACE: Duration = Duration::from_secs(20);

/// Start the whole backend in one process: ServiceDiscovery, Manager and AgentCenter
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  elkctl up --demo 50")]
pub(crate) struct UpArgs {
    /// Directory of all state; under XDG data by default
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDR")]
    listen: IpAddr,
    /// Host that agents and services dial; needed where --listen is a wildcard
    #[arg(long, value_name = "HOST")]
    advertise: Option<String>,
    /// default: 8088, 6701, 6751, 6752 and 6754, as the reference; auto: the last ones if free, else free ones
    #[arg(long, default_value = "default", value_name = "PORTS", value_parser = ["default", "auto"])]
    ports: String,
    /// Start this many simulated agents too, with heartbeats every 5 s
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=5_000))]
    demo: u32,
    /// Settings of the daemons, TOML with the sections sd, manager, ac and bus
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// An existing Elkeid CA, server and client pair to use: ca.crt, server.crt, server.key,
    /// client.crt and client.key
    #[arg(long, value_name = "DIR")]
    import_pki: Option<PathBuf>,
}

impl UpArgs {
    /// Returns the host that others dial.
    fn host(&self) -> Result<String, Failure> {
        match (&self.advertise, self.listen.is_unspecified()) {
            (Some(host), _) if host.is_empty() || host.contains(['/', ' ', '@']) => {
                let message = format!("`{}` is no host name or address", host.escape_debug());
                Err(Failure::new(Exit::Usage, message).hint("pass --advertise HOST without a port"))
            }
            (Some(host), _) => Ok(host.clone()),
            (None, false) => Ok(self.listen.to_string()),
            (None, true) => {
                let message = format!("agents cannot dial {}, which stands for any", self.listen);
                Err(Failure::new(Exit::Usage, message)
                    .hint("pass --advertise HOST: the address that agents and services dial"))
            }
        }
    }
}

/// Runs the backend until a signal.
pub(crate) fn run(args: UpArgs) -> anyhow::Result<()> {
    let host = args.host()?;
    let settings = settings::load(args.config.as_deref())?;
    elk_boot::Telemetry::init(elk_boot::LogFormat::Text);
    elk_boot::raise_open_files();
    elk_boot::keep_private();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(Box::pin(up(args, host, settings)));
    // Work on threads of its own, such as a slow disk's, does not hold up the end.
    runtime.shutdown_background();
    done
}

async fn up(args: UpArgs, host: String, settings: settings::Settings) -> anyhow::Result<()> {
    elk_trust::install_crypto();
    // From here on a signal is not lost, however early it comes.
    let signals = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let clock = Clock::System;
    // Nothing is made, repaired or removed before all of it was looked at.
    let found = look::look(args.data.clone()).await?;
    let import = args.import_pki.as_deref();
    let import = import.map(|dir| Import::read(dir, clock.unix())).transpose()?;
    let ports = Ports::choose(&found.root, args.listen, args.ports == "auto");
    ports.check(args.listen)?;
    let data = DataDir::take(found)?;
    let bound = async {
        let keep = data.keep(&host, import)?;
        let has_password = keep.admin_password.is_some();
        let plan =
            Plan { data: &data, keep: &keep, host: &host, listen: args.listen, ports, settings };
        let bound = Bound::bind(&plan, &clock).await?;
        let demo = (args.demo > 0).then(|| plan.demo(args.demo, &bound.sd_url, &bound.grpc));
        let demo = demo.map(|it| elk_sim::Fleet::new(it, clock.clone())).transpose()?;
        let mut endpoints = serde_json::json!({
            "manager": bound.manager_url,
            "manager_tls": plan.url("https", bound.manager_port),
            "sd": bound.sd_url,
            "ac_grpc": bound.grpc,
            "ac_http": plan.url("https", bound.ac.http_addr().port()),
        });
        if let Some(addr) = bound.ac.audit_addr() {
            endpoints["ac_audit"] = plan.url("https", addr.port()).into();
        }
        data.finish()?;
        anyhow::Ok((bound, demo, endpoints, has_password))
    };
    let (bound, demo, endpoints, has_password) = match bound.await {
        Ok(bound) => bound,
        Err(error) => {
            data.abandon();
            return Err(error);
        }
    };
    let greeting = Greeting {
        root: data.root(),
        listen: args.listen,
        manager_port: bound.manager_port,
        manager_tls: endpoints["manager_tls"].as_str().unwrap_or_default(),
        demo: args.demo,
        has_password,
    }
    .text();
    let ready = || {
        data.publish(&endpoints)?;
        crate::ui::note(&greeting);
        Ok(())
    };
    let outcome = serve((bound, demo), signals, ready).await;
    data.withdraw();
    outcome
}

/// Serves until a signal; `ready` is told once everything does.
async fn serve(
    (bound, demo): (Bound, Option<elk_sim::Fleet>),
    signals: (Signal, Signal),
    ready: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let Bound { bus, audit, sd, manager, ac, .. } = bound;
    // ServiceDiscovery ends last: the others leave it in good order.
    let last = Stop::default();
    let stop = last.child();
    let mut outer = Group::new(last.clone());
    outer.spawn("sd", Box::pin(sd.serve(last.child())));
    let mut group = Group::new(stop.clone());
    group.spawn("manager", Box::pin(manager.serve(stop.child())));
    group.spawn("ac", Box::pin(ac.serve(stop.child())));
    if let Some(fleet) = demo {
        group.spawn("demo", fleet.serve(stop.child()));
    }
    ready()?;
    group.spawn("signals", obey(signals, stop));
    outer.spawn("daemons", async move {
        let outcome = group.join(GRACE).await;
        last.now();
        outcome
    });
    let outcome: Result<(), GroupError> = outer.join(GRACE * 2).await;
    bus.close().await;
    audit.close().await;
    outcome.context("the backend stopped")
}

/// The first signal drains; a second one ends the process at once.
async fn obey((mut interrupt, mut terminate): (Signal, Signal), stop: Stop) -> std::io::Result<()> {
    tokio::select! { _ = interrupt.recv() => {} _ = terminate.recv() => {} }
    crate::ui::note("stopping; a second signal ends at once");
    stop.now();
    let exit = move || {
        let waiting = tokio::runtime::Builder::new_current_thread().build();
        let Ok(waiting) = waiting else { return };
        let code = waiting.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => Exit::Interrupted,
                _ = terminate.recv() => Exit::Terminated,
            }
        });
        #[expect(clippy::exit, reason = "a second signal ends at once, whatever still drains")]
        std::process::exit(i32::from(code.code()))
    };
    // A thread, as what drains may hold up every task.
    drop(std::thread::Builder::new().name("second-signal".to_owned()).spawn(exit));
    Ok(())
}

/// The daemons, on their ports.
struct Bound {
    bus: Bus,
    audit: Bus,
    sd: elk_sd::Discovery,
    manager: elk_manager::Manager,
    ac: elk_ac::Ac,
    sd_url: String,
    manager_url: String,
    manager_port: u16,
    grpc: String,
}

impl Bound {
    /// Binds them in the order in which each needs the address of the one before.
    async fn bind(plan: &Plan<'_>, clock: &Clock) -> anyhow::Result<Self> {
        let bus = plan.bus(clock.clone()).context("could not open the log of records")?;
        let sd = elk_sd::Discovery::bind(plan.sd(), clock.clone()).await;
        let sd = sd.context("could not start ServiceDiscovery")?;
        let sd_url = plan.url("http", sd.addr()?.port());
        let parts = elk_manager::Parts { clock: clock.clone(), bus: Some(bus.clone()) };
        let manager = elk_manager::Manager::bind(plan.manager(&sd_url), parts).await;
        let manager = manager.context("could not start the Manager")?;
        match &plan.keep.admin_password {
            Some(password) => drop(manager.ensure_admin(password).await?),
            None if manager.has_users().await? => {}
            None => anyhow::bail!("there is neither a user nor an admin-password to make one with"),
        }
        let manager_port = manager.addr()?.port();
        let manager_url = plan.url("http", manager_port);
        let registry = prometheus::Registry::new();
        let audit = plan.audit(clock.clone()).context("could not open the log of audit events")?;
        let (to_bus, to_audit) = (bus.clone(), Some(audit.clone()));
        let parts = elk_ac::Parts { bus: to_bus, audit: to_audit, clock: clock.clone(), registry };
        let ac = elk_ac::Ac::bind(plan.ac(&sd_url, &manager_url), parts).await;
        let ac = ac.context("could not start AgentCenter")?;
        let grpc = plan.at(ac.grpc_addr().port());
        if let Some(addr) = ac.audit_addr() {
            manager.audit_at(plan.url("https", addr.port()));
        }
        Ok(Self { bus, audit, sd, manager, ac, sd_url, manager_url, manager_port, grpc })
    }
}
