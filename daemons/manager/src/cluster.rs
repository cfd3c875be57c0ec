//! How the backend is.

use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::{Json, Router};
use elk_api::cluster::{AcStatus, BusStatus, ManagerStatus, Ping, SdStatus, Status};
use elk_web::Mount as _;
use sea_query::Cond;
use tokio::time::Instant;

use crate::agents;
use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new().at::<Status>().to(status)
}

/// Answers `GET /ping`.
pub(crate) async fn ping(State(app): State<App>) -> Json<Ping> {
    Json(Ping {
        commit: String::new(),
        build: "elk".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ci: String::new(),
        api: vec!["n1".to_owned()],
        server_time: app.clock.now(),
    })
}

async fn status(State(app): State<App>) -> Json<Status> {
    let asked = Instant::now();
    let agents = agents::store::count(&app.store, Cond::all()).await;
    let database_ms = agents.is_ok().then(|| asked.elapsed().as_secs_f64() * 1_000.0);
    let asked_of = app.fleet.sd.lock().clone();
    let sd = asked_of.into_iter().map(|(address, error)| {
        let up = error.is_none();
        SdStatus { address, up, error }
    });
    let sd = sd.collect();
    let ac = centers(&app);
    let bus = app.bus.as_ref().map(|bus| {
        let stats = bus.stats();
        BusStatus {
            kind: bus.kind().to_owned(),
            records: stats.records,
            disk_bytes: stats.disk_bytes,
            removed_unread: stats.removed_unread,
            shed: stats.shed,
            error: stats.error,
        }
    });
    let manager = ManagerStatus {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: app.started_at,
        database_ms,
        agents: agents.unwrap_or_default(),
        refused_requests: app.refused.load(Ordering::Relaxed),
        stray_results: app.stray_results.load(Ordering::Relaxed),
    };
    let mut status =
        Status { manager, sd, ac, bus, problems: Vec::new(), server_time: app.clock.now() };
    status.problems = problems(&status);
    Json(status)
}

fn centers(app: &App) -> Vec<AcStatus> {
    let now = app.clock.unix();
    let centers = app.fleet.centers.lock();
    let shown = centers.iter().map(|(address, it)| {
        let age = now.saturating_sub(it.instance.update_at).max(0).unsigned_abs();
        AcStatus {
            address: address.clone(),
            state: band(age).to_owned(),
            registered_seconds_ago: age,
            connections: it.instance.weight.max(0).unsigned_abs(),
            reachable: it.reachable,
            native: it.native,
            error: it.error.clone(),
        }
    });
    shown.collect()
}

/// Returns the word for the age of a registration, as ServiceDiscovery counts it.
fn band(seconds: u64) -> &'static str {
    match seconds {
        0..=45 => "green",
        46..=60 => "blue",
        61..=75 => "yellow",
        76..=90 => "orange",
        _ => "red",
    }
}

fn problems(status: &Status) -> Vec<String> {
    let mut found = Vec::new();
    if status.manager.database_ms.is_none() {
        found.push("the database does not answer".to_owned());
    }
    let mute = status.sd.iter().filter(|it| !it.up);
    found.extend(mute.map(|it| format!("ServiceDiscovery {} does not answer", it.address)));
    if status.ac.is_empty() {
        found.push("no AgentCenter is registered".to_owned());
    }
    for it in &status.ac {
        match &it.error {
            Some(error) if it.reachable => {
                found.push(format!("AgentCenter {}: {error}", it.address));
            }
            _ if it.reachable => {}
            _ => found.push(format!("AgentCenter {} does not answer", it.address)),
        }
    }
    if let Some(bus) = &status.bus {
        found.extend(bus.error.iter().map(|it| format!("the bus cannot be written: {it}")));
        if bus.shed > 0 {
            found.push(format!("the bus shed {} records since its start", bus.shed));
        }
    }
    found
}
