//! From facts to findings. Nothing is guessed: what no server could have seen is said to be unknown.

#[cfg(test)]
mod tests;

use std::net::IpAddr;

use elk_api::agents::{Agent, AgentConfig, Finding, Health, Topic};
use elk_api::center::{Refused, RefusedList};
use elk_api::tasks::SubtaskState;
use elk_model::selector::AgentStatus;
use jiff::{Timestamp, Unit};

/// An AgentCenter.
#[derive(Clone, Debug)]
pub(super) struct Center {
    pub(super) name: String,
    pub(super) reachable: bool,
    pub(super) error: Option<String>,
    /// ServiceDiscovery lists it.
    pub(super) listed: bool,
}

/// What AgentCenters say of handshakes that failed.
#[derive(Clone, Debug, Default)]
pub(super) struct Door {
    pub(super) addresses: Vec<IpAddr>,
    /// How many AgentCenters there are.
    pub(super) centers: usize,
    /// Those that answered.
    pub(super) answers: Vec<(String, RefusedList)>,
}

/// What is known of an agent.
pub(super) struct Facts<'a> {
    pub(super) agent: &'a Agent,
    pub(super) connected_at: Option<Timestamp>,
    pub(super) center: Option<Center>,
    pub(super) door: Door,
    /// What it says is wrong with it.
    pub(super) trouble: String,
}

/// An order to an agent.
pub(super) struct Ordered {
    pub(super) task: String,
    pub(super) kind: String,
    pub(super) plugin: String,
    pub(super) data_type: i64,
    pub(super) state: SubtaskState,
    pub(super) message: String,
    pub(super) created_ms: i64,
}

pub(super) fn at(ms: Option<i64>) -> Option<Timestamp> {
    ms.and_then(|ms| Timestamp::from_millisecond(ms).ok())
}

fn whole(at: Timestamp) -> String {
    at.round(Unit::Second).unwrap_or(at).to_string()
}

impl Door {
    fn failures(&self) -> impl Iterator<Item = (&str, &Refused)> {
        self.answers.iter().flat_map(|(name, list)| {
            let ours = list.items.iter().filter(|it| self.addresses.contains(&it.address));
            ours.map(move |it| (name.as_str(), it))
        })
    }

    /// Says what AgentCenters saw of the addresses, one fact each.
    fn seen(&self) -> Vec<String> {
        let mut facts: Vec<_> = self
            .failures()
            .map(|(ac, it)| {
                let (from, count, reason) = (it.address, it.count, &it.reason);
                let last = at(Some(it.last_ms)).map(whole).unwrap_or_default();
                let detail = if it.detail.is_empty() { String::new() } else { format!(" ({})", it.detail) };
                format!("{ac} refused {count} TLS handshakes of {from}, last at {last}: {reason}{detail}")
            })
            .collect();
        let silent = self.centers.saturating_sub(self.answers.len());
        if facts.is_empty() && !self.addresses.is_empty() {
            facts.extend(self.answers.iter().map(|(ac, list)| {
                let since = at(Some(list.since_ms)).map(whole).unwrap_or_default();
                format!("{ac} refused no TLS handshake of its addresses since {since}")
            }));
        }
        if silent > 0 {
            facts.push(format!("{silent} of {} AgentCenters could not be asked", self.centers));
        }
        facts
    }
}

/// Says what to do about a reason for which handshakes fail.
fn advice(reason: &str) -> &'static str {
    match reason {
        "no_certificate" => "it sent no certificate: is it an agent at all?",
        "certificate" => {
            "its certificate is not of the authority that AgentCenter trusts, or has expired: was the \
             agent built with this backend's CA?"
        }
        "alert" => "the agent does not trust AgentCenter's certificate: was it built with this CA?",
        "alpn" | "incompatible" | "protocol" => "it speaks something else than an agent does",
        "limit" => "AgentCenter had too many handshakes at a time: see grpc.handshake_limit",
        _ => "the connection broke: look at the network, and at proxies and firewalls on the way",
    }
}

/// Says whether an agent is connected, and if not, why.
pub(super) fn connection(facts: &Facts<'_>) -> Finding {
    let agent = facts.agent;
    let last = agent.last_heartbeat_at;
    let mut evidence = vec![match last {
        Some(last) => {
            let every = agent.heartbeat_interval_seconds;
            format!("last heartbeat at {}, one every {every} s", whole(last))
        }
        None => "no heartbeat was ever seen".to_owned(),
    }];
    if agent.status != AgentStatus::Offline {
        if let Some((center, since)) = facts.center.as_ref().zip(facts.connected_at) {
            evidence.push(format!("connected to {} since {}", center.name, whole(since)));
        }
        let what = "it is connected and its heartbeats come".to_owned();
        let (topic, state, since) = (Topic::Connection, Health::Ok, facts.connected_at);
        return Finding { topic, state, what, since, evidence, next: None };
    }
    let (state, what, next) = offline(facts, &mut evidence);
    Finding { topic: Topic::Connection, state, what, since: last, evidence, next: Some(next) }
}

fn offline(facts: &Facts<'_>, evidence: &mut Vec<String>) -> (Health, String, String) {
    if let Some(center) = &facts.center {
        let name = &center.name;
        if !center.reachable {
            evidence.extend(center.error.as_ref().map(|it| format!("{name}: {it}")));
            let what =
                format!("{name} had it last, and {name} cannot be asked: nobody knows how it is");
            return (Health::Unknown, what, "elkctl cluster status".to_owned());
        }
        if !center.listed {
            evidence.push(format!("ServiceDiscovery does not list {name} any more"));
        }
        let what = format!("its stream to {name} is open, but no heartbeat comes on it");
        let next = "on the host: systemctl status elkeid-agent, and is it out of CPU or memory?";
        return (Health::Problem, what, next.to_owned());
    }
    evidence.extend(facts.door.seen());
    let failures = facts
        .door
        .failures()
        .filter(|(_, it)| agent_last_ms(facts).is_none_or(|last| it.last_ms >= last));
    if let Some((_, worst)) = failures.max_by_key(|(_, it)| it.last_ms) {
        let what = format!("its TLS handshakes fail: {}", worst.reason);
        return (Health::Problem, what, advice(&worst.reason).to_owned());
    }
    let what = if facts.door.answers.len() < facts.door.centers {
        "no AgentCenter that answers has it, and not all answer"
    } else {
        "no AgentCenter has it, and none saw it try to connect"
    };
    let next = "on the host: systemctl status elkeid-agent; and does it reach ServiceDiscovery and \
                AgentCenter, port 6751?";
    (Health::Problem, what.to_owned(), next.to_owned())
}

fn agent_last_ms(facts: &Facts<'_>) -> Option<i64> {
    facts.agent.last_heartbeat_at.map(Timestamp::as_millisecond)
}

/// Says what is known of an address that no agent has.
pub(super) fn stranger(door: &Door) -> Finding {
    let evidence = door.seen();
    let worst = door.failures().max_by_key(|(_, it)| it.last_ms);
    let (state, what, since, next) = match worst {
        Some((_, it)) => (
            Health::Problem,
            format!("its TLS handshakes fail: {}", it.reason),
            at(Some(it.first_ms)),
            advice(&it.reason),
        ),
        None => (
            Health::Unknown,
            "no agent has this address, and no AgentCenter that answered saw it fail to connect"
                .to_owned(),
            None,
            "on the host: is elkeid-agent installed and running, and does it reach ServiceDiscovery \
             and AgentCenter, port 6751? Behind NAT another address is seen here",
        ),
    };
    let next = Some(next.to_owned());
    Finding { topic: Topic::Connection, state, what, since, evidence, next }
}

/// Says if two hosts have its id.
pub(super) fn clone(facts: &Facts<'_>) -> Option<Finding> {
    facts.agent.clone.then(|| {
        Finding {
        topic: Topic::Clone,
        state: Health::Problem,
        what: "two hosts use its id: neither gets orders or a configuration".to_owned(),
        since: None,
        evidence: vec![format!("the newer one calls itself {}", facts.agent.hostname)],
        next: Some(
            "start one of the agents with another id in its environment variable SPECIFIED_AGENT_ID"
                .to_owned(),
        ),
    }
    })
}

/// Says what the agent says is wrong with it.
pub(super) fn trouble(facts: &Facts<'_>) -> Option<Finding> {
    (facts.agent.status == AgentStatus::Abnormal).then(|| Finding {
        topic: Topic::Agent,
        state: Health::Problem,
        what: "it reports that it is abnormal".to_owned(),
        since: None,
        evidence: (!facts.trouble.is_empty()).then(|| facts.trouble.clone()).into_iter().collect(),
        next: Some("on the host: /var/log/elkeid-agent or journalctl -u elkeid-agent".to_owned()),
    })
}

/// Says whether it runs what it should.
pub(super) fn configuration(facts: &Facts<'_>, config: &AgentConfig) -> Finding {
    let offline = facts.agent.status == AgentStatus::Offline;
    let (state, what, next) = match config.in_sync {
        Some(true) if offline => {
            (Health::Unknown, "it ran what it should when it was last heard of", None)
        }
        Some(true) => (Health::Ok, "it runs what it should", None),
        Some(false) if offline => {
            (Health::Problem, "it did not run what it should when it was last heard of", None)
        }
        Some(false) => (
            Health::Problem,
            "it does not run what it should",
            Some(format!("elkctl config push {} --wait", facts.agent.id)),
        ),
        None if config.drift.is_empty() => (Health::Unknown, "it never said what it runs", None),
        None => (Health::Ok, "nothing is wanted of it", None),
    };
    let (topic, what) = (Topic::Configuration, what.to_owned());
    Finding { topic, state, what, since: None, evidence: config.drift.clone(), next }
}

/// Says why an order did not succeed, if it did not.
pub(super) fn order(it: &Ordered, agent: &Agent) -> Option<Finding> {
    let offline = agent.status == AgentStatus::Offline;
    let (state, why) = match it.state {
        SubtaskState::Succeeded | SubtaskState::Cancelled => return None,
        SubtaskState::Queued if agent.clone => {
            (Health::Problem, "is not sent: two hosts use the id")
        }
        SubtaskState::Queued if offline => {
            (Health::Waiting, "waits until the agent is connected; after a day it expires")
        }
        SubtaskState::Queued => (Health::Waiting, "waits for its turn"),
        SubtaskState::Sent => (Health::Waiting, "was given to AgentCenter, which has not answered"),
        SubtaskState::Acked => (Health::Waiting, "was written to the stream; no answer came yet"),
        SubtaskState::Failed => (Health::Problem, "failed"),
        SubtaskState::TimedOut => (Health::Problem, "got no answer in time"),
        SubtaskState::Unknown => {
            (Health::Unknown, "may have reached it: AgentCenter was lost after it was sent")
        }
        SubtaskState::Expired => (Health::Problem, "was never sent: the agent stayed offline"),
    };
    let known = agent.plugins.iter().any(|plugin| plugin.name == it.plugin);
    let mut evidence: Vec<_> =
        (!it.message.is_empty()).then(|| it.message.clone()).into_iter().collect();
    let about = if it.kind == "task" {
        if !known && it.plugin != elk_model::data_type::AGENT_OBJECT {
            evidence.push(format!("the agent reports no plugin {:?}", it.plugin));
        }
        format!("{} ({} {})", it.task, it.plugin, it.data_type)
    } else {
        format!("{} ({})", it.task, it.kind)
    };
    Some(Finding {
        topic: Topic::Task,
        state,
        what: format!("{about} {why}"),
        since: at(Some(it.created_ms)),
        evidence,
        next: Some(format!("elkctl task results {}", it.task)),
    })
}
