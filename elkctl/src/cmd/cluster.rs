//! `elkctl cluster`.

mod backup;
mod kube;

use std::fmt::Write as _;

use elk_api::Nothing;
use elk_api::cluster::Status;
use elk_desk::{Exit, Failure, sanitize};

use crate::output::{Column, Kind, field};
use crate::session::Session;

static CLUSTER: Kind = Kind {
    name: "ClusterStatus",
    noun: "cluster",
    key: "server_time",
    columns: &[Column { head: "PROBLEMS", wide: false, cell: |item, _| field(item, "problems") }],
};

#[derive(clap::Subcommand, Debug)]
pub(crate) enum ClusterCommand {
    /// Show how the backend is
    Status {
        /// End with 3 if something is wrong
        #[arg(long)]
        exit_status: bool,
    },
    /// Write the database and the files it names to an archive, while everything runs
    Backup(backup::BackupArgs),
    /// Put a backup in place of a stopped Manager's database
    Restore(backup::RestoreArgs),
    /// Clusters of Kubernetes that may post audit events
    #[command(subcommand)]
    Kube(kube::KubeCommand),
}

pub(crate) fn run(session: &Session<'_>, command: &ClusterCommand) -> Result<Exit, Failure> {
    match command {
        ClusterCommand::Status { exit_status } => status(session, *exit_status),
        ClusterCommand::Backup(args) => backup::backup(session, args),
        ClusterCommand::Restore(args) => backup::restore(session, args),
        ClusterCommand::Kube(command) => kube::run(session, command),
    }
}

fn status(session: &Session<'_>, exit_status: bool) -> Result<Exit, Failure> {
    let status = session.call::<Status>(&[], &Nothing {}, &Nothing {})?;
    session.show_one(&CLUSTER, &status, Some(page(&status)))?;
    let wrong = exit_status && !status.problems.is_empty();
    Ok(if wrong { Exit::Negative } else { Exit::Ok })
}

fn page(status: &Status) -> String {
    let mut text = String::new();
    let mut line = |head: &str, rest: &str| {
        // Writing to a string does not fail.
        writeln!(text, "{head:<10}{}", sanitize(rest).trim_end()).ok();
    };
    let manager = &status.manager;
    let database = manager.database_ms.map_or("down".to_owned(), |ms| format!("ok {ms:.1} ms"));
    let (version, agents, refused) = (&manager.version, manager.agents, manager.refused_requests);
    line("MANAGER", &format!("v{version}   db {database}   {agents} agents   {refused} refused"));
    for sd in &status.sd {
        let state = if sd.up { "up" } else { "down" };
        line("SD", &format!("{} {state} {}", sd.address, sd.error.as_deref().unwrap_or_default()));
    }
    for ac in &status.ac {
        let reachable = if ac.reachable { "reachable" } else { "not reachable" };
        let error = ac.error.as_deref().unwrap_or_default();
        let (address, state, streams) = (&ac.address, &ac.state, ac.connections);
        line("AC", &format!("{address} {state} {reachable}   {streams} connections {error}"));
    }
    if let Some(bus) = &status.bus {
        let (records, mib, shed) = (bus.records, bus.disk_bytes >> 20, bus.shed);
        let error = bus.error.as_deref().unwrap_or("ok");
        line("BUS", &format!("{} {error}   {records} records   {mib} MiB   {shed} shed", bus.kind));
    }
    for problem in &status.problems {
        line("PROBLEM", problem);
    }
    text
}
