//! `elkctl up`: the whole backend in one process.

mod data;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use elk_bus::{Bus, LocalConfig};
use elk_life::{Clock, Group, Stop};
use tokio::signal::unix::{SignalKind, signal};

use data::{DataDir, Keep};

/// How long the daemons may take to drain.
const GRACE: Duration = Duration::from_secs(20);

/// Start the whole backend in one process: ServiceDiscovery, Manager and AgentCenter
///
/// Example: elkctl up --demo 50
#[derive(clap::Args, Debug)]
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
    /// The reference's ports 8088, 6701, 6751 and 6752, or free ones
    #[arg(long, default_value = "default", value_parser = ["default", "auto"])]
    ports: String,
    /// Start this many simulated agents too, with heartbeats every 5 s
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=5_000))]
    demo: u32,
    /// An existing Elkeid CA, server and client pair to use: ca.crt, server.crt, server.key,
    /// client.crt and client.key
    #[arg(long, value_name = "DIR")]
    import_pki: Option<PathBuf>,
}

/// Runs the backend until a signal.
pub(crate) fn run(args: UpArgs) -> anyhow::Result<()> {
    elk_boot::Telemetry::init(elk_boot::LogFormat::Text);
    elk_boot::raise_open_files();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(Box::pin(up(args)))
}

struct Ports {
    sd: u16,
    manager: u16,
    ac_grpc: u16,
    ac_http: u16,
}

async fn up(args: UpArgs) -> anyhow::Result<()> {
    elk_trust::install_crypto();
    let host = match (&args.advertise, args.listen.is_unspecified()) {
        (Some(host), _) => host.clone(),
        (None, false) => args.listen.to_string(),
        (None, true) => {
            bail!("--listen {} needs --advertise HOST: the address that others dial", args.listen)
        }
    };
    let clock = Clock::System;
    let data = DataDir::open(args.data.clone())?;
    let keep = data.keep(&host, args.import_pki.as_deref(), clock.unix())?;
    let ports = ports(&args, &data);
    let stop = Stop::default();
    // Bound in the order in which each needs the address of the one before.
    let bus_config = LocalConfig { dir: data.path("log"), ..LocalConfig::default() };
    let bus = Bus::open(bus_config, clock.clone()).context("could not open the log of records")?;
    let listen = |port| SocketAddr::new(args.listen, port);
    let sd = elk_sd::Discovery::bind(sd_config(&data, &keep, listen(ports.sd)), clock.clone()).await?;
    let sd_url = format!("http://{host}:{}", sd.addr()?.port());
    let manager = manager_config(&data, &keep, listen(ports.manager), (&host, &sd_url));
    let parts = elk_manager::Parts { clock: clock.clone(), bus: Some(bus.clone()) };
    let manager = elk_manager::Manager::bind(manager, parts).await?;
    manager.ensure_admin(&keep.admin_password).await?;
    let manager_port = manager.addr()?.port();
    let ac = ac_config(
        &data,
        &keep,
        (listen(ports.ac_grpc), listen(ports.ac_http)),
        Places { host: &host, sd: &sd_url, manager: format!("http://{host}:{manager_port}") },
    );
    let registry = prometheus::Registry::new();
    let parts = elk_ac::Parts { bus: bus.clone(), clock: clock.clone(), registry };
    let ac = elk_ac::Ac::bind(ac, parts).await?;
    let (grpc, http) = (ac.grpc_addr().port(), ac.http_addr().port());

    let mut group = Group::new(stop.clone());
    group.spawn("sd", Box::pin(sd.serve(stop.child())));
    group.spawn("manager", Box::pin(manager.serve(stop.child())));
    group.spawn("ac", Box::pin(ac.serve(stop.child())));
    if args.demo > 0 {
        let config = demo_config(args.demo, &keep, (&sd_url, format!("{host}:{grpc}")));
        group.spawn("demo", elk_sim::Fleet::new(config, clock)?.serve(stop.child()));
    }
    data.publish(&serde_json::json!({
        "manager": format!("http://{host}:{manager_port}"),
        "manager_tls": format!("https://{host}:{manager_port}"),
        "sd": sd_url,
        "ac_grpc": format!("{host}:{grpc}"),
        "ac_http": format!("https://{host}:{http}"),
    }))?;
    greet(&data, &host, manager_port, args.demo);
    group.spawn("signals", obey_signals(stop.clone()));
    let outcome = group.join(GRACE).await;
    bus.close().await;
    outcome.context("the backend stopped")
}

/// The first signal drains; a second one ends the process at once.
async fn obey_signals(stop: Stop) -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! { _ = interrupt.recv() => {} _ = terminate.recv() => {} }
    tracing::info!("stopping; a second signal ends at once");
    stop.now();
    drop(std::thread::Builder::new().name("second-signal".to_owned()).spawn(move || {
        let waiting = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let Ok(waiting) = waiting else { return };
        waiting.block_on(async {
            tokio::select! { _ = interrupt.recv() => {} _ = terminate.recv() => {} }
        });
        #[expect(clippy::exit, reason = "a second signal ends at once, whatever still drains")]
        std::process::exit(130)
    }));
    Ok(())
}

fn ports(args: &UpArgs, data: &DataDir) -> Ports {
    if args.ports == "default" {
        return Ports { sd: 8088, manager: 6701, ac_grpc: 6751, ac_http: 6752 };
    }
    let last = data.last_ports();
    let free = |name: &str| {
        let port = last.get(name).copied().unwrap_or(0);
        let usable = std::net::TcpListener::bind((args.listen, port)).is_ok();
        if usable { port } else { 0 }
    };
    Ports {
        sd: free("sd"),
        manager: free("manager"),
        ac_grpc: free("ac_grpc"),
        ac_http: free("ac_http"),
    }
}

fn sd_config(data: &DataDir, keep: &Keep, listen: SocketAddr) -> elk_sd::Config {
    let keys = [keep.sd_key.clone()].into_iter().collect();
    elk_sd::Config {
        listen,
        data: Some(data.path("sd")),
        auth: elk_sd::Auth { keys },
        ..elk_sd::Config::default()
    }
}

fn manager_config(
    data: &DataDir,
    keep: &Keep,
    listen: SocketAddr,
    (host, sd): (&str, &str),
) -> elk_manager::Config {
    elk_manager::Config {
        listen,
        advertise: Some(host.to_owned()),
        data: data.path("manager"),
        tls: Some(elk_manager::Tls {
            cert: data.path("pki/server.crt"),
            key: data.path("pki/server.key"),
        }),
        sd: elk_manager::Sd { addrs: vec![sd.to_owned()], auth: Some(keep.sd_key.clone()) },
        ac: elk_manager::Ac {
            auth: Some(keep.ac_key.clone()),
            keys: [keep.manager_key.clone()].into_iter().collect(),
            ca: data.path("pki/ca.crt"),
            ..elk_manager::Ac::default()
        },
        ..elk_manager::Config::default()
    }
}

struct Places<'a> {
    host: &'a str,
    sd: &'a str,
    manager: String,
}

fn ac_config(
    data: &DataDir,
    keep: &Keep,
    (grpc, http): (SocketAddr, SocketAddr),
    places: Places<'_>,
) -> elk_ac::Config {
    let mut config = elk_ac::Config { data: data.path("ac"), ..elk_ac::Config::default() };
    config.grpc.listen = grpc;
    config.http.listen = http;
    config.http.keys = [keep.ac_key.clone()].into_iter().collect();
    config.tls = elk_ac::Tls {
        ca: data.path("pki/ca.crt"),
        cert: data.path("pki/server.crt"),
        key: data.path("pki/server.key"),
    };
    config.manager.addrs = vec![places.manager];
    config.manager.auth = Some(keep.manager_key.clone());
    config.sd.addrs = vec![places.sd.to_owned()];
    config.sd.auth = Some(keep.sd_key.clone());
    config.sd.advertise = Some(places.host.to_owned());
    config
}

fn demo_config(count: u32, keep: &Keep, (sd, ac): (&str, String)) -> elk_sim::Config {
    elk_sim::Config {
        count,
        seed: 1,
        heartbeat: Duration::from_secs(5),
        sd: Some(sd.to_owned()),
        ac: Some(ac),
        ca: keep.ca.clone().into_bytes(),
        cert: keep.client.0.clone().into_bytes(),
        key: keep.client.1.expose().as_bytes().to_vec(),
        event_every: Some(Duration::from_secs(2)),
        spread: Duration::from_secs(3),
        retry: Duration::from_secs(5),
    }
}

fn greet(data: &DataDir, host: &str, manager: u16, demo: u32) {
    let password = data.path("admin-password");
    let more = if demo > 0 { format!(", {demo} simulated agents") } else { String::new() };
    crate::ui::note(&format!(
        "ready: ServiceDiscovery, Manager, AgentCenter{more}; state in {}\n\
         next, in another terminal:\n  \
         elkctl login --server http://{host}:{manager} -u admin --password-stdin --store file < {}\n  \
         elkctl agent status",
        data.root().display(),
        password.display(),
    ));
}
