//! What an AgentCenter says of one agent, read with care: every field may be missing or wrong.

use elk_api::center::{ConnStat, Connection};
use elk_model::{AgentId, ComponentVersion};
use serde_json::{Map, Value};

use super::filter::version_key;

/// An agent is taken to send a heartbeat this often until it is known better.
pub(crate) const DEFAULT_INTERVAL_MS: i64 = 60_000;
/// Missing heartbeats after which an agent is offline.
const PATIENCE: i64 = 3;
const SHORTEST_INTERVAL_MS: i64 = 500;
const LONGEST_INTERVAL_MS: i64 = 3_600_000;
/// The longest text kept of a field.
const MAX_TEXT: usize = 512;
/// The largest heartbeat kept.
const MAX_HEARTBEAT: usize = 64 << 10;
/// Plugins kept of an agent.
const MAX_PLUGINS: usize = 64;

/// What was known of an agent before a report.
#[derive(Debug, Default)]
pub(super) struct Before {
    pub(super) ac: Option<String>,
    pub(super) connected_ms: Option<i64>,
    pub(super) last_ms: Option<i64>,
    pub(super) interval_ms: i64,
    /// Whether several hosts said to be this one.
    pub(super) clone: bool,
    pub(super) abnormal: bool,
    pub(super) offline_ms: i64,
}

/// One agent as an AgentCenter reports it.
#[derive(Debug)]
pub(super) struct Report<'a> {
    pub(super) connection: &'a Connection,
    pub(super) connected_ms: i64,
    pub(super) last_ms: Option<i64>,
    pub(super) interval_ms: i64,
    pub(super) offline_ms: i64,
}

/// One plugin of a report.
#[derive(Debug)]
pub(super) struct PluginReport {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) last_ms: i64,
    pub(super) cpu: Option<f64>,
    pub(super) rss: Option<i64>,
}

impl<'a> Report<'a> {
    /// Reads a report; times in the future are now, as no agent is alive before its heartbeat.
    pub(super) fn read(it: &'a Connection, before: Option<&Before>, now_ms: i64) -> Self {
        let past = |ms: i64| ms.clamp(0, now_ms.max(0));
        let last_ms = it.last_heartbeat_ms.map(past);
        let connected_ms = past(it.connected_at_ms);
        let told = it.heartbeat_interval_ms.filter(|ms| *ms > 0);
        let told = told.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX));
        let interval_ms = told.unwrap_or_else(|| learnt(before, last_ms, connected_ms));
        let interval_ms = interval_ms.clamp(SHORTEST_INTERVAL_MS, LONGEST_INTERVAL_MS);
        let offline_ms = last_ms.unwrap_or(now_ms).saturating_add(PATIENCE * interval_ms);
        Self { connection: it, connected_ms, last_ms, interval_ms, offline_ms }
    }

    /// Reads a field of the heartbeat as text, whatever JSON it is.
    pub(super) fn text(&self, key: &str) -> String {
        text(self.info(), key)
    }

    pub(super) fn number(&self, key: &str) -> Option<i64> {
        self.info().get(key).and_then(Value::as_f64).map(whole)
    }

    pub(super) fn cpu(&self) -> Option<f64> {
        percent(self.info())
    }

    /// Returns the addresses joined by blanks, with one at each end.
    pub(super) fn addresses(&self) -> String {
        let keys = ["intranet_ipv4", "intranet_ipv6", "extranet_ipv4", "extranet_ipv6"];
        let all = keys.iter().filter_map(|key| self.info().get(*key)?.as_array()).flatten();
        let all = all.filter_map(Value::as_str);
        let valid = all.filter(|it| it.parse::<std::net::IpAddr>().is_ok());
        valid.take(64).fold(" ".to_owned(), |all, one| all + one + " ")
    }

    /// Returns the heartbeat as JSON; one that is too large is not kept.
    pub(super) fn heartbeat(&self) -> String {
        let text = serde_json::to_string(self.info()).unwrap_or_default();
        if text.len() > MAX_HEARTBEAT { "{}".to_owned() } else { text }
    }

    /// Returns the plugins, each name once.
    pub(super) fn plugins(&self, now_ms: i64) -> Vec<PluginReport> {
        let mut found: Vec<PluginReport> = Vec::new();
        for info in self.connection.stat.plugins_info.iter().take(MAX_PLUGINS) {
            let name = text(info, "name");
            if name.is_empty() || found.iter().any(|it| it.name == name) {
                continue;
            }
            let seconds = info.get("last_heartbeat_time").and_then(Value::as_f64).map(whole);
            let last = seconds.map(|it| it.saturating_mul(1_000)).or(self.last_ms);
            found.push(PluginReport {
                name,
                version: text(info, "pversion"),
                last_ms: last.unwrap_or(now_ms).clamp(0, now_ms.max(0)),
                cpu: percent(info),
                rss: info.get("rss").and_then(Value::as_f64).map(whole),
            });
        }
        found
    }

    fn info(&self) -> &Map<String, Value> {
        &self.connection.stat.agent_info
    }
}

/// Learns the interval of an agent whose AgentCenter does not tell it, from two of its heartbeats
/// on one connection. What was missed between two looks makes it seem longer, so it grows slowly.
fn learnt(before: Option<&Before>, last_ms: Option<i64>, connected_ms: i64) -> i64 {
    let Some(before) = before else { return DEFAULT_INTERVAL_MS };
    let same = before.connected_ms == Some(connected_ms);
    match (before.last_ms, last_ms) {
        (Some(old), Some(new)) if same && new > old => {
            (new - old).min(before.interval_ms.saturating_mul(2))
        }
        _ => before.interval_ms,
    }
}

/// Takes an element of a reference AgentCenter's full list.
pub(crate) fn from_list(stat: ConnStat, now_ms: i64) -> Option<Connection> {
    let id = stat.agent_info.get("agent_id")?.as_str()?.parse().ok()?;
    Some(from_stat(stat, &id, now_ms))
}

/// Takes what the reference keeps of an agent.
pub(crate) fn from_stat(stat: ConnStat, id: &AgentId, now_ms: i64) -> Connection {
    let seconds = |key: &str| stat.agent_info.get(key).and_then(Value::as_f64).map(whole);
    let last = seconds("last_heartbeat_time").map(|it| it.saturating_mul(1_000));
    let connected = seconds("create_at").map_or(now_ms, |it| it.saturating_mul(1_000));
    Connection {
        id: id.clone(),
        connected_at_ms: connected,
        last_heartbeat_ms: last,
        heartbeat_interval_ms: None,
        clone: false,
        stat,
    }
}

/// Returns the number by which a version is compared; `None` if it is no version.
pub(crate) fn key_of(version: &str) -> Option<i64> {
    version.parse::<ComponentVersion>().ok().map(version_key)
}

fn text(info: &Map<String, Value>, key: &str) -> String {
    let text = match info.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    text.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect()
}

fn percent(info: &Map<String, Value>) -> Option<f64> {
    info.get("cpu").and_then(Value::as_f64).filter(|it| it.is_finite()).map(|it| it * 100.0)
}

#[expect(clippy::cast_possible_truncation, reason = "a float beyond the range becomes its bound")]
fn whole(number: f64) -> i64 {
    number as i64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    fn connection(last: Option<i64>, interval: Option<u64>) -> Connection {
        Connection {
            id: "a1".parse().unwrap(),
            connected_at_ms: NOW - 100_000,
            last_heartbeat_ms: last,
            heartbeat_interval_ms: interval,
            clone: false,
            stat: ConnStat::default(),
        }
    }

    fn before(last_ms: i64, interval_ms: i64) -> Before {
        let connected_ms = Some(NOW - 100_000);
        Before { ac: None, connected_ms, last_ms: Some(last_ms), interval_ms, ..Before::default() }
    }

    #[test]
    fn three_of_its_own_intervals_make_an_agent_offline() {
        let it = connection(Some(NOW - 1_000), Some(5_000));
        assert_eq!(Report::read(&it, None, NOW).offline_ms, NOW - 1_000 + 15_000);
        let it = connection(Some(NOW - 1_000), None);
        assert_eq!(Report::read(&it, None, NOW).offline_ms, NOW - 1_000 + 180_000);
    }

    #[test]
    fn an_interval_is_learnt_from_heartbeats_of_one_connection() {
        let read =
            |it: &Connection, before: &Before| Report::read(it, Some(before), NOW).interval_ms;
        let it = connection(Some(NOW), None);
        assert_eq!(read(&it, &before(NOW - 20_000, 60_000)), 20_000);
        assert_eq!(read(&it, &before(NOW - 90_000, 60_000)), 90_000);
        // An hour without a look is no interval of an hour.
        assert_eq!(read(&it, &before(NOW - 3_600_000, 60_000)), 120_000);
        let elsewhere = Before { connected_ms: Some(NOW - 7), ..before(NOW - 20_000, 60_000) };
        assert_eq!(read(&it, &elsewhere), 60_000);
    }

    #[test]
    fn a_plugin_is_taken_once_and_its_time_is_bounded() {
        let mut it = connection(Some(NOW), None);
        let plugin = |name: &str, at: Value| {
            json!({ "name": name, "pversion": "1.0.0.1", "last_heartbeat_time": at })
                .as_object()
                .cloned()
                .unwrap()
        };
        it.stat.plugins_info = vec![
            plugin("driver", json!(i64::MAX)),
            plugin("driver", json!(1)),
            plugin("", json!(1)),
            plugin("scanner", json!("soon")),
        ];
        let found = Report::read(&it, None, NOW).plugins(NOW);
        let shown: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.last_ms)).collect();
        assert_eq!(shown, [("driver", NOW), ("scanner", NOW)]);
    }

    proptest! {
        #[test]
        fn no_report_makes_an_agent_immortal_or_breaks_the_sums(
            last in proptest::option::of(any::<i64>()),
            told in proptest::option::of(any::<u64>()),
            connected in any::<i64>(),
            old in any::<i64>(),
            interval in 500_i64..=3_600_000,
        ) {
            let it = Connection { connected_at_ms: connected, ..connection(last, told) };
            let before = Before { connected_ms: Some(connected), ..before(old.clamp(0, NOW), interval) };
            let report = Report::read(&it, Some(&before), NOW);
            prop_assert!((500..=3_600_000).contains(&report.interval_ms));
            prop_assert!(report.offline_ms <= NOW + 3 * 3_600_000);
            prop_assert!((0..=NOW).contains(&report.connected_ms));
        }
    }
}
