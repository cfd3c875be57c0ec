//! Alerts: what somebody should look at. What happens again before it is resolved is one alert.

mod count;
pub(crate) mod http;
pub(crate) mod sinks;
pub(crate) mod store;
pub(crate) mod watch;

pub(crate) use store::{end, raise};

use elk_api::alerts::Severity;
use elk_model::AgentId;
use sha2::{Digest as _, Sha256};

/// The source of what the backend tells of itself.
pub(crate) const SYSTEM: &str = "system";
/// The most alerts that are kept; there is no room for more until some are resolved and old.
const MAX_ALERTS: u64 = if cfg!(test) { 200 } else { 200_000 };
/// Longest texts, in bytes.
const MAX_KIND: usize = 64;
const MAX_LINE: usize = 256;
const MAX_DETAIL: usize = 2_048;

/// Trouble that somebody should look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Draft {
    source: String,
    kind: String,
    severity: Severity,
    title: String,
    detail: String,
    agent: Option<AgentId>,
    object: String,
    /// What tells it from other trouble of the kind.
    same: Vec<String>,
    data: Option<String>,
}

impl Draft {
    /// Describes trouble of the backend itself with `object`, of which there is one alert at a time.
    pub(crate) fn system(kind: &str, severity: Severity, object: &str) -> Self {
        Self::of(SYSTEM, kind, severity).about(object)
    }

    /// Describes trouble that somebody else found.
    pub(crate) fn of(source: &str, kind: &str, severity: Severity) -> Self {
        Self {
            source: source.to_owned(),
            kind: cut(kind, MAX_KIND),
            severity,
            title: String::new(),
            detail: String::new(),
            agent: None,
            object: String::new(),
            same: Vec::new(),
            data: None,
        }
    }

    #[must_use]
    pub(crate) fn about(mut self, object: &str) -> Self {
        self.object = cut(object, MAX_LINE);
        self
    }

    #[must_use]
    pub(crate) fn titled(mut self, title: &str) -> Self {
        self.title = cut(title, MAX_LINE);
        self
    }

    #[must_use]
    pub(crate) fn saying(mut self, detail: &str) -> Self {
        self.detail = cut(detail, MAX_DETAIL);
        self
    }

    #[must_use]
    pub(crate) fn of_agent(mut self, agent: Option<AgentId>) -> Self {
        self.agent = agent;
        self
    }

    /// Adds what tells it from other trouble of the kind with the same agent and object.
    #[must_use]
    pub(crate) fn told_apart_by(mut self, same: Vec<String>) -> Self {
        self.same = same;
        self
    }

    /// Adds the document that it came as.
    #[must_use]
    pub(crate) fn with_data(mut self, data: String) -> Self {
        self.data = Some(data);
        self
    }

    /// Returns what the same trouble has in common.
    fn key(&self) -> String {
        let agent = self.agent.as_ref().map(AgentId::as_str).unwrap_or_default();
        let mut digest = Sha256::new();
        let fixed = [self.source.as_str(), &self.kind, agent, &self.object];
        for text in fixed.into_iter().chain(self.same.iter().map(String::as_str)) {
            digest.update(text.len().to_be_bytes());
            digest.update(text);
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Cuts a text to so many bytes, between two characters.
fn cut(text: &str, most: usize) -> String {
    text.get(..text.floor_char_boundary(most)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_the_same_if_all_that_tells_it_apart_is() {
        let draft = |kind, object, same: &[&str]| {
            let same = same.iter().map(|it| (*it).to_owned()).collect();
            Draft::system(kind, Severity::Low, object).told_apart_by(same)
        };
        let one = draft("a", "b", &["c", "d"]);
        assert_eq!(one.key(), one.clone().saying("other words").titled("x").key());
        for other in [
            draft("ab", "", &["c", "d"]),
            draft("a", "b", &["cd"]),
            draft("a", "b", &["c", "d", ""]),
            draft("a", "bc", &["", "d"]),
        ] {
            assert_ne!(one.key(), other.key(), "{other:?}");
        }
        let agent = one.clone().of_agent("agent-1".parse().ok());
        assert_ne!(one.key(), agent.key());
    }

    #[test]
    fn texts_are_cut_between_two_characters() {
        let draft = Draft::system("k", Severity::Low, "o").titled(&"ä".repeat(200));
        assert_eq!(draft.title.len(), MAX_LINE);
        assert_eq!(Draft::of("s", &"€".repeat(30), Severity::Low).kind.len(), 63);
    }
}
