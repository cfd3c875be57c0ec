//! How the fleet is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use elk_api::Nothing;
use elk_api::agents::{self, Aggregate, AggregateQuery};
use elk_desk::{Failure, sanitize};
use elk_model::selector::AgentStatus;
use serde_json::json;

use super::AGENT;
use crate::bulk::bare;
use crate::color;
use crate::output::{Column, Kind, field};
use crate::session::Session;

static FLEET: Kind = Kind {
    name: "FleetStatus",
    // A fleet is what one context leads to; commands take that.
    noun: "context",
    key: "context",
    columns: &[
        Column { head: "CONTEXT", wide: true, cell: |item, _| field(item, "context") },
        Column { head: "TOTAL", wide: false, cell: |item, _| field(item, "total") },
        Column { head: "RUNNING", wide: false, cell: |item, _| field(item, "running") },
        Column { head: "ABNORMAL", wide: false, cell: |item, _| field(item, "abnormal") },
        Column { head: "OFFLINE", wide: false, cell: |item, _| field(item, "offline") },
    ],
};

/// Shows how they are; returns whether enough are running.
pub(super) fn run(
    session: &Session<'_>,
    agents: &[String],
    min_percent: f64,
) -> Result<bool, Failure> {
    if agents.is_empty() { fleet(session, min_percent) } else { some(session, agents) }
}

fn some(session: &Session<'_>, ids: &[String]) -> Result<bool, Failure> {
    let get = |id: &String| {
        let detail = session.call::<agents::Get>(&[bare(id)], &Nothing {}, &Nothing {})?;
        Ok(detail.agent)
    };
    let agents = ids.iter().map(get).collect::<Result<Vec<_>, Failure>>()?;
    session.show_all(&AGENT, &agents, None)?;
    Ok(agents.iter().all(|agent| agent.status == AgentStatus::Running))
}

fn fleet(session: &Session<'_>, min_percent: f64) -> Result<bool, Failure> {
    let by_status = by(session, "status")?;
    let by_version = by(session, "version")?;
    let total = by_status.total;
    let counts = counts(&by_status);
    let versions = self::counts(&by_version);
    let count = |status: AgentStatus| counts.get(status.as_str()).copied().unwrap_or(0);
    let target = session.target()?;
    let name = target.name.unwrap_or_else(|| target.origin.authority());
    let mut object = json!({ "context": &name, "total": total, "versions": &versions });
    if let Some(fields) = object.as_object_mut() {
        for status in AgentStatus::ALL {
            fields.insert(status.as_str().to_owned(), count(status).into());
        }
    }
    let percent = |count: u64| if total == 0 { 0.0 } else { count as f64 * 100.0 / total as f64 };
    let colours = session.manner().colours;
    let mut text = String::new();
    // Writing to a string does not fail.
    writeln!(text, "FLEET {}   total {total}", sanitize(&name)).ok();
    let parts = AgentStatus::ALL.map(|status| {
        let (count, word) = (count(status), status.as_str());
        // Only what there is draws the eye.
        let word = if colours && count > 0 { color::state(word) } else { word.to_owned() };
        format!("{word} {count} {:.2}%", percent(count))
    });
    writeln!(text, "{}", parts.join("   ")).ok();
    let shares: Vec<String> = versions
        .iter()
        .map(|(version, count)| format!("{} {:.1}%", sanitize(version), percent(*count)))
        .collect();
    if !shares.is_empty() {
        writeln!(text, "versions  {}", shares.join(" | ")).ok();
    }
    session.show_one(&FLEET, &object, Some(text))?;
    Ok(count(AgentStatus::Running) as f64 * 100.0 >= min_percent * total as f64)
}

fn by(session: &Session<'_>, key: &str) -> Result<Aggregate, Failure> {
    let query = AggregateQuery { selector: None, by: Some(key.to_owned()) };
    session.call::<Aggregate>(&[], &query, &Nothing {})
}

fn counts(aggregate: &Aggregate) -> BTreeMap<String, u64> {
    let groups = aggregate.groups.iter();
    groups
        .map(|group| {
            let key = group.key.first().cloned().flatten();
            (key.unwrap_or_else(|| "unknown".to_owned()), group.count)
        })
        .collect()
}
