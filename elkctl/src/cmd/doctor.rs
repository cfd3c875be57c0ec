//! `elkctl doctor`.

use std::time::Duration;

use elk_api::Nothing;
use elk_api::cluster::{Ping, Status};
use elk_api::session::Me;
use elk_desk::{Exit, Failure};
use jiff::Timestamp;
use serde::Serialize;

use crate::cmd::version;
use crate::output::{Column, Kind, field};
use crate::session::{Session, Target};

static CHECK: Kind = Kind {
    name: "Check",
    noun: "check",
    key: "id",
    columns: &[
        Column { head: "ID", wide: false, cell: |item, _| field(item, "id") },
        Column { head: "CHECK", wide: false, cell: |item, _| field(item, "check") },
        Column { head: "STATE", wide: false, cell: |item, _| field(item, "state") },
        Column { head: "DETAIL", wide: false, cell: |item, _| field(item, "detail") },
        Column { head: "HINT", wide: false, cell: |item, _| field(item, "hint") },
    ],
};

/// Seconds by which clocks may differ; signatures are accepted for 60.
const MAX_SKEW: i64 = 30;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Ok,
    Warn,
    Fail,
    Skipped,
}

#[derive(Debug, Serialize)]
struct Check {
    id: &'static str,
    check: &'static str,
    state: State,
    detail: String,
    hint: Option<String>,
}

/// What a check found.
type Found = Result<(State, String), Failure>;

fn check(id: &'static str, check: &'static str, found: Found) -> Check {
    match found {
        Ok((state, detail)) => Check { id, check, state, detail, hint: None },
        Err(failure) => {
            let (detail, hint) = (failure.message, failure.hints.into_iter().next());
            Check { id, check, state: State::Fail, detail, hint }
        }
    }
}

fn skipped(detail: &str) -> Found {
    Ok((State::Skipped, detail.to_owned()))
}

/// Checks the way from here to the backend, nearest first.
pub(crate) fn run(session: &Session<'_>) -> Result<Exit, Failure> {
    let checks = checks(session);
    let failed = checks.iter().any(|check| check.state == State::Fail);
    session.show_all(&CHECK, &checks, None)?;
    Ok(if failed { Exit::Negative } else { Exit::Ok })
}

fn checks(session: &Session<'_>) -> Vec<Check> {
    let mut found = vec![check("D01", "configuration", Ok(configuration(session)))];
    let target = match session.target() {
        Ok(target) => target,
        Err(failure) => {
            found.push(check("D02", "context", Err(failure)));
            return found;
        }
    };
    let place = format!("{} at {}", target.name.as_deref().unwrap_or("no context"), target.url);
    found.push(check("D02", "context", Ok((State::Ok, place))));
    found.push(check("D03", "transport", transport(session, &target)));
    let credential = session.credential(&target);
    let has_credential = credential.is_ok();
    let told = credential.map(|found| (State::Ok, found.source.to_string()));
    found.push(check("D04", "credential", told));
    let began = tokio::time::Instant::now();
    let ping = version::ping(session);
    let took = began.elapsed();
    let reachable = ping.is_ok();
    match ping {
        Ok(ping) => {
            found.push(check("D05", "server", Ok(server(&ping, took))));
            found.push(check("D06", "clock", skew(crate::session::now(), ping.server_time)));
        }
        Err(failure) => found.push(check("D05", "server", Err(failure))),
    }
    let (user, backend) = match (reachable, has_credential) {
        (true, true) => (user(session), backend(session)),
        (false, _) => {
            (skipped("the server cannot be asked"), skipped("the server cannot be asked"))
        }
        (_, false) => (skipped("there is no credential"), skipped("there is no credential")),
    };
    found.push(check("D07", "session", user));
    found.push(check("D08", "backend", backend));
    found
}

fn configuration(session: &Session<'_>) -> (State, String) {
    if session.config.warnings.is_empty() {
        return (State::Ok, session.paths.config.display().to_string());
    }
    (State::Warn, session.config.warnings.join("; "))
}

fn transport(session: &Session<'_>, target: &Target) -> Found {
    session.client_of(target)?;
    let plain = target.url.starts_with("http:");
    let context = target.context.clone().unwrap_or_default();
    let (state, detail) = match (plain, context.insecure_skip_verify) {
        (true, _) if context.allow_plaintext => {
            (State::Warn, "plain HTTP: anybody on the way reads the token".to_owned())
        }
        (true, _) => (State::Ok, "plain HTTP on this host".to_owned()),
        (false, true) => {
            (State::Warn, "the certificate is not verified: anybody may answer".to_owned())
        }
        (false, false) => (State::Ok, "TLS".to_owned()),
    };
    let proxy = context.proxy.map(|proxy| format!(", through {proxy}")).unwrap_or_default();
    Ok((state, format!("{detail}{proxy}")))
}

fn server(ping: &Ping, took: Duration) -> (State, String) {
    let ours = env!("CARGO_PKG_VERSION");
    let (theirs, ms) = (&ping.version, took.as_millis());
    if minor(theirs) == minor(ours) {
        return (State::Ok, format!("v{theirs}, {ms} ms"));
    }
    (State::Warn, format!("v{theirs}, {ms} ms; this is v{ours}, commands may differ"))
}

/// Returns the part of a version that commands may change with.
fn minor(version: &str) -> Option<(&str, &str)> {
    let (major, rest) = version.split_once('.')?;
    Some((major, rest.split('.').next()?))
}

fn skew(here: Timestamp, there: Timestamp) -> Found {
    let skew = here.duration_since(there).as_secs();
    if skew.abs() <= MAX_SKEW {
        return Ok((State::Ok, format!("{skew:+} s")));
    }
    let side = if skew > 0 { "ahead of" } else { "behind" };
    let message = format!("this host's clock is {} s {side} the server's", skew.abs());
    Err(Failure::new(Exit::Failure, message).hint("set the clocks, such as with NTP"))
}

fn user(session: &Session<'_>) -> Found {
    let me = session.call::<Me>(&[], &Nothing {}, &Nothing {})?;
    let (name, role, until) = (me.name, me.role.as_str(), me.expires_at);
    Ok((State::Ok, format!("{name} ({role}), until {until:.0} if idle")))
}

fn backend(session: &Session<'_>) -> Found {
    let status = session.call::<Status>(&[], &Nothing {}, &Nothing {})?;
    if status.problems.is_empty() {
        let (agents, centers) = (status.manager.agents, status.ac.len());
        return Ok((State::Ok, format!("agents {agents}, AgentCenters {centers}")));
    }
    Err(Failure::new(Exit::Failure, status.problems.join("; ")).hint("elkctl cluster status"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_differ_by_more_than_half_a_minute_fail() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        assert_eq!(skew(at(1_030), at(1_000)).expect("is fine").1, "+30 s");
        let behind = skew(at(1_000), at(1_031)).expect_err("is skewed").message;
        assert!(behind.contains("31 s behind"), "{behind}");
        let ahead = skew(at(2_000), at(1_000)).expect_err("is skewed").message;
        assert!(ahead.contains("1000 s ahead of"), "{ahead}");
    }

    #[test]
    fn another_minor_version_is_a_warning() {
        let ping = |version: &str| Ping {
            commit: String::new(),
            build: "elk".to_owned(),
            version: version.to_owned(),
            ci: String::new(),
            api: Vec::new(),
            server_time: Timestamp::UNIX_EPOCH,
        };
        let state = |version| server(&ping(version), Duration::ZERO).0;
        assert_eq!(state(env!("CARGO_PKG_VERSION")), State::Ok);
        assert_eq!(state("9.9.9"), State::Warn);
        assert_eq!(state("junk"), State::Warn);
    }
}
