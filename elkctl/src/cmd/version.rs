//! `elkctl version`.

use elk_api::cluster::Ping;
use elk_desk::{Exit, Failure, sanitize};
use serde_json::json;

use crate::call;
use crate::output::{Column, Kind, field};
use crate::session::Session;

static VERSION: Kind = Kind {
    name: "Version",
    noun: "version",
    key: "client",
    columns: &[
        Column { head: "CLIENT", wide: false, cell: |item, _| field(item, "client") },
        Column { head: "SERVER", wide: false, cell: |item, _| field(item, "server") },
        Column { head: "API", wide: false, cell: |item, _| field(item, "server_api") },
    ],
};

#[derive(clap::Args, Debug)]
pub(crate) struct VersionArgs {
    /// Ask no server
    #[arg(long)]
    client: bool,
}

/// Shows the versions of this program and of the server. A server that cannot be asked does not
/// hide the first.
pub(crate) fn run(session: &Session<'_>, args: &VersionArgs) -> Result<Exit, Failure> {
    let client = env!("CARGO_PKG_VERSION");
    let known = !args.client && session.target().is_ok();
    let asked = if known { ping(session).map(Some) } else { Ok(None) };
    let server = asked.as_ref().ok().and_then(Option::as_ref);
    let mut human = format!("elkctl {client}\n");
    if let Some(server) = server {
        human.push_str(&format!("server {}\n", sanitize(&server.version)));
    }
    let object = json!({
        "client": client,
        "server": server.map(|ping| &ping.version),
        "server_api": server.map(|ping| &ping.api),
    });
    session.show_one(&VERSION, &object, Some(human))?;
    asked.map(|_| Exit::Ok)
}

/// Asks a server who it is; needs no session.
pub(crate) fn ping(session: &Session<'_>) -> Result<Ping, Failure> {
    let client = session.client_of(&session.target()?)?;
    let headers = http::HeaderMap::new();
    let called = Box::pin(client.raw(http::Method::GET, "/ping", &headers, None));
    let reply = session.block_on(called)?.map_err(|error| call::failure(&error))?;
    serde_json::from_slice(&reply.body).map_err(|_| {
        let message = format!("{} does not answer as an Elk Manager", client.base_url());
        Failure::new(Exit::Unavailable, message).hint("check the address: elkctl context show")
    })
}
