//! What an agent reports against what it should run.

use elk_model::data_type::AGENT_OBJECT;

/// Heartbeats are told in whole seconds, and the agent's may be read before that of its plugin.
const SLACK_MS: i64 = 2_000;

/// What an agent reported last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Report {
    /// Its last heartbeat.
    pub(crate) last_ms: i64,
    pub(crate) interval_ms: i64,
    pub(crate) version: String,
    /// Name, version and last heartbeat.
    pub(crate) plugins: Vec<(String, String, i64)>,
}

impl Report {
    /// Returns what is reported of plugins with these names.
    pub(crate) fn of(&self, names: &[&str]) -> Self {
        let named = self.plugins.iter().filter(|(name, ..)| names.contains(&name.as_str()));
        Self { plugins: named.cloned().collect(), ..self.clone() }
    }

    /// Returns the version of a component that runs, of which there was a heartbeat after
    /// `since_ms`; of one that fell silent nothing.
    pub(crate) fn runs(&self, name: &str, since_ms: i64) -> Option<&str> {
        if name == AGENT_OBJECT {
            return (self.last_ms > since_ms).then_some(&self.version);
        }
        let (_, version, last) = self.plugins.iter().find(|(it, ..)| it == name)?;
        (*last > since_ms && self.is_fresh(*last)).then_some(version)
    }

    fn is_fresh(&self, last_ms: i64) -> bool {
        last_ms.saturating_add(self.interval_ms * 3 / 2 + SLACK_MS) >= self.last_ms
    }
}

/// Returns how a report differs from a set of names and versions, one sentence each. Of plugins
/// that should run only heartbeats after `since_ms` count.
pub(crate) fn differences(
    wanted: &[(String, String)],
    report: &Report,
    since_ms: i64,
) -> Vec<String> {
    let runs = |last_ms: i64| report.is_fresh(last_ms);
    let mut found = Vec::new();
    for (name, version) in wanted {
        if name == AGENT_OBJECT {
            if report.version != *version {
                found.push(format!("the agent is {}, not {version}", said(&report.version)));
            }
            continue;
        }
        let reported = report.plugins.iter().find(|(it, ..)| it == name);
        match reported.filter(|(.., last)| *last > since_ms && runs(*last)) {
            None => found.push(format!("{name} {version} does not run")),
            Some((_, is, _)) if is != version => {
                found.push(format!("{name} is {}, not {version}", said(is)));
            }
            Some(_) => {}
        }
    }
    let surplus = report
        .plugins
        .iter()
        .filter(|(name, _, last)| runs(*last) && !wanted.iter().any(|(it, _)| it == name));
    found.extend(
        surplus.map(|(name, version, _)| format!("{name} {} runs, but should not", said(version))),
    );
    found
}

fn said(version: &str) -> &str {
    if version.is_empty() { "of an unknown version" } else { version }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    fn report(plugins: &[(&str, &str, i64)]) -> Report {
        let plugins = plugins.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), *c));
        Report {
            last_ms: 100_000,
            interval_ms: 10_000,
            version: "1.0.0.1".to_owned(),
            plugins: plugins.collect(),
        }
    }

    #[test]
    fn exactly_the_wanted_set_has_no_difference() {
        let wanted = set(&[("driver", "1.0.0.2"), (AGENT_OBJECT, "1.0.0.1")]);
        let it = report(&[("driver", "1.0.0.2", 95_000), ("gone", "1.0.0.0", 60_000)]);
        assert!(differences(&wanted, &it, 90_000).is_empty());
    }

    #[test]
    fn each_way_to_differ_is_told() {
        let wanted = set(&[("a", "1.0.0.2"), ("b", "1.0.0.2"), (AGENT_OBJECT, "1.0.0.9")]);
        let it = report(&[("b", "1.0.0.1", 99_000), ("c", "1.0.0.0", 99_000)]);
        let told = differences(&wanted, &it, 0);
        assert_eq!(
            told,
            [
                "a 1.0.0.2 does not run",
                "b is 1.0.0.1, not 1.0.0.2",
                "the agent is 1.0.0.1, not 1.0.0.9",
                "c 1.0.0.0 runs, but should not",
            ]
        );
    }

    #[test]
    fn what_was_reported_before_the_order_does_not_count() {
        let it = report(&[("driver", "1.0.0.2", 95_000)]);
        assert_eq!(differences(&set(&[("driver", "1.0.0.2")]), &it, 95_000).len(), 1);
    }

    #[test]
    fn a_plugin_that_fell_silent_does_not_run() {
        let it = report(&[("driver", "1.0.0.2", 80_000)]);
        assert_eq!(differences(&set(&[("driver", "1.0.0.2")]), &it, 0).len(), 1);
        assert!(differences(&[], &it, 0).is_empty());
    }
}
