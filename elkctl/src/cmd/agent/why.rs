//! `elkctl agent why`: what servers saw, what is wrong first.

use elk_api::Nothing;
use elk_api::agents::{Explain, Finding, Health, Why};
use elk_desk::{Failure, sanitize};

use crate::output::{Column, Kind, field};
use crate::session::Session;

static WHY: Kind = Kind {
    name: "Why",
    noun: "agent",
    key: "subject",
    columns: &[
        Column { head: "SUBJECT", wide: false, cell: |item, _| field(item, "subject") },
        Column { head: "AGENT", wide: false, cell: |item, _| field(item, "agent") },
        Column { head: "FINDINGS", wide: false, cell: |item, _| findings(item) },
    ],
};

fn findings(item: &serde_json::Value) -> String {
    let all = item.get("findings").and_then(serde_json::Value::as_array).into_iter().flatten();
    let wrong = all.filter(|it| field(it, "state") == "problem").map(|it| field(it, "what"));
    wrong.collect::<Vec<_>>().join("; ")
}

/// Shows it; returns whether nothing is wrong.
pub(super) fn show(session: &Session<'_>, agent: &str) -> Result<bool, Failure> {
    let why = session.call::<Explain>(&[agent], &Nothing {}, &Nothing {})?;
    let healthy = why.findings.iter().all(|it| it.state != Health::Problem);
    session.show_one(&WHY, &why, Some(page(&why)))?;
    Ok(healthy)
}

fn page(why: &Why) -> String {
    let agent = why.agent.as_ref().map(|it| format!("agent {it}"));
    let agent = agent.unwrap_or_else(|| format!("{}: no agent", sanitize(&why.subject)));
    let host = why.hostname.as_ref().map(|it| format!(" on {}", sanitize(it))).unwrap_or_default();
    let mut lines = vec![format!("{agent}{host}")];
    for it in &why.findings {
        tell(it, &mut lines);
    }
    lines.push(String::new());
    lines.join("\n")
}

fn tell(it: &Finding, lines: &mut Vec<String>) {
    let state = match it.state {
        Health::Problem => "problem",
        Health::Unknown => "unknown",
        Health::Waiting => "waiting",
        Health::Ok => "ok",
    };
    lines.push(format!("{state:<8} {}", sanitize(&it.what)));
    lines.extend(it.evidence.iter().map(|it| format!("         - {}", sanitize(it))));
    lines.extend(it.next.iter().map(|it| format!("         > {}", sanitize(it))));
}
