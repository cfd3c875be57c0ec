//! `elkctl doctor`.

use std::fmt::Write as _;
use std::time::Duration;

use elk_api::Nothing;
use elk_api::cluster::{Ping, Status};
use elk_api::session::Me;
use elk_desk::{Exit, Failure, sanitize};
use jiff::Timestamp;
use serde::Serialize;

use crate::cmd::version;
use crate::color;
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

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Skipped => "skipped",
        }
    }
}

/// The checks after the first.
const LATER: [(&str, &str); 7] = [
    ("D02", "context"),
    ("D03", "transport"),
    ("D04", "credential"),
    ("D05", "server"),
    ("D06", "clock"),
    ("D07", "session"),
    ("D08", "backend"),
];

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
    session.show_all(&CHECK, &checks, Some(human(&checks, session.manner().colours)))?;
    Ok(if failed { Exit::Negative } else { Exit::Ok })
}

/// Shows what was found and what to do, whatever the width of the terminal.
fn human(checks: &[Check], colours: bool) -> String {
    let mut text = String::new();
    for Check { id, check, state, detail, hint } in checks {
        let (state, detail) = (state.as_str(), sanitize(detail));
        // Writing to a string does not fail.
        let gap = " ".repeat(7_usize.saturating_sub(state.len()));
        let state = if colours { color::state(state) } else { state.to_owned() };
        writeln!(text, "{id}  {state}{gap}  {check:<13}  {detail}").ok();
        if let Some(hint) = hint {
            writeln!(text, "{:14}hint: {}", "", sanitize(hint)).ok();
        }
    }
    text
}

fn checks(session: &Session<'_>) -> Vec<Check> {
    let mut found = vec![check("D01", "configuration", configuration(session))];
    if session.broken.is_some() && session.globals.server.is_none() {
        for (id, name) in LATER {
            found.push(check(id, name, skipped("the configuration cannot be used")));
        }
        return found;
    }
    let target = match session.target() {
        Ok(target) => target,
        Err(failure) => {
            found.push(check("D02", "context", Err(failure)));
            for (id, name) in LATER.into_iter().skip(1) {
                found.push(check(id, name, skipped("no server is known")));
            }
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
        Err(failure) => {
            found.push(check("D05", "server", Err(failure)));
            found.push(check("D06", "clock", skipped("the server cannot be asked")));
        }
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

fn configuration(session: &Session<'_>) -> Found {
    if let Some(broken) = &session.broken {
        return Err(broken.clone());
    }
    let path = session.paths.config.display();
    if !session.config.warnings.is_empty() {
        return Ok((State::Warn, session.config.warnings.join("; ")));
    }
    let there = session.paths.config.exists();
    let told = if there { path.to_string() } else { format!("there is no {path} yet") };
    Ok((State::Ok, told))
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
    let through = |proxy: &str| format!(", through {}", without_password(proxy));
    let proxy = context.proxy.as_deref().map(through).unwrap_or_default();
    Ok((state, format!("{detail}{proxy}")))
}

/// Returns the URL of a proxy as it may be shown to others.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{}", host.rsplit('@').next().unwrap_or_default())
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
    let lasts = match (until, me.token) {
        (Some(until), None) => format!("until {until:.0} if idle"),
        (Some(until), Some(token)) => format!("by the token {token}, until {until:.0}"),
        (None, _) => "by a token without an end".to_owned(),
    };
    Ok((State::Ok, format!("{name} ({role}), {lasts}")))
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
    fn a_proxy_is_shown_without_its_password() {
        for (url, shown) in [
            ("http://joe:s3cret@proxy:3128/x", "http://proxy:3128"),
            ("joe:s3c@ret@proxy:3128", "http://proxy:3128"),
            ("socks5://proxy", "socks5://proxy"),
        ] {
            assert_eq!(without_password(url), shown);
        }
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
