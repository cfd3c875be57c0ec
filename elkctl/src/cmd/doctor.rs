//! `elkctl doctor`.

use elk_api::Nothing;
use elk_api::cluster::{Ping, Status};
use elk_api::session::Me;
use elk_desk::{Exit, Failure};
use serde_json::{Value, json};

use crate::call;
use crate::output::{Column, Kind, field};
use crate::session::Session;

static CHECK: Kind = Kind {
    name: "Check",
    noun: "check",
    key: "check",
    columns: &[
        Column { head: "CHECK", wide: false, cell: |item, _| field(item, "check") },
        Column { head: "STATE", wide: false, cell: |item, _| field(item, "state") },
        Column { head: "DETAIL", wide: false, cell: |item, _| field(item, "detail") },
    ],
};

/// Checks the way from here to the backend, nearest first.
pub(crate) fn run(session: &Session<'_>) -> Result<Exit, Failure> {
    let checks = [
        ("configuration", Ok(session.paths.config.display().to_string())),
        ("server", server(session)),
        ("session", user(session)),
        ("backend", backend(session)),
    ];
    let healthy = checks.iter().all(|(_, outcome)| outcome.is_ok());
    let rows: Vec<Value> = checks
        .into_iter()
        .map(|(check, outcome)| match outcome {
            Ok(detail) => json!({ "check": check, "state": "ok", "detail": detail }),
            Err(error) => json!({ "check": check, "state": "bad", "detail": error.message }),
        })
        .collect();
    session.show_all(&CHECK, &rows, None)?;
    Ok(if healthy { Exit::Ok } else { Exit::Negative })
}

fn server(session: &Session<'_>) -> Result<String, Failure> {
    let client = session.client_of(&session.target()?)?;
    let headers = http::HeaderMap::new();
    let method = http::Method::GET;
    let reply = session.block_on(client.raw(method, "/ping", &headers, None))?;
    let reply = reply.map_err(|error| call::failure(&error))?;
    let ping: Ping = serde_json::from_slice(&reply.body)
        .map_err(|_| Failure::new(Exit::Failure, "the server is not an Elk Manager"))?;
    let skew = crate::session::now().duration_since(ping.server_time).as_secs();
    if skew.abs() > 30 {
        let message = format!("the clocks differ by {skew} s");
        return Err(Failure::new(Exit::Failure, message));
    }
    Ok(format!("{} v{}", client.base_url(), ping.version))
}

fn user(session: &Session<'_>) -> Result<String, Failure> {
    let me = session.call::<Me>(&[], &Nothing {}, &Nothing {})?;
    Ok(format!("{} ({})", me.name, me.role.as_str()))
}

fn backend(session: &Session<'_>) -> Result<String, Failure> {
    let status = session.call::<Status>(&[], &Nothing {}, &Nothing {})?;
    if status.problems.is_empty() {
        return Ok(format!("{} agents", status.manager.agents));
    }
    Err(Failure::new(Exit::Failure, status.problems.join("; ")))
}
