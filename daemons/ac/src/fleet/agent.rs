//! The streams under one id, and the hosts that used it lately.

use std::sync::Arc;

use super::facts::Facts;
use crate::session::Session;

/// How long a replaced stream can still prove that its successor is another host.
const REPLACED_MS: i64 = 600_000;
const MAX_PAST: usize = 8;

#[derive(Debug, Default)]
pub(super) struct Agent {
    /// Oldest first.
    pub(super) sessions: Vec<Arc<Session>>,
    pub(super) past: Vec<Past>,
    /// Several hosts use the id.
    pub(super) clone: bool,
}

#[derive(Debug)]
pub(super) struct Past {
    facts: Facts,
    pub(super) until_ms: i64,
}

impl Agent {
    /// Works out anew whether several hosts use the id; returns whether that changed.
    pub(super) fn judge(&mut self) -> bool {
        let live: Vec<Facts> =
            self.sessions.iter().map(|it| it.state.lock().facts.clone()).collect();
        let among = live
            .iter()
            .enumerate()
            .any(|(at, one)| live.iter().skip(at + 1).any(|other| one.differ(other)));
        let before = live.iter().any(|one| {
            self.past.iter().any(|past| one.differ(&past.facts) && !one.restarted(&past.facts))
        });
        let clone = among || before;
        std::mem::replace(&mut self.clone, clone) != clone
    }

    pub(super) fn remember(&mut self, session: &Session, until_ms: i64) {
        let facts = session.state.lock().facts.clone();
        self.past.retain(|past| past.facts != facts);
        if self.past.len() == MAX_PAST {
            self.past.remove(0);
        }
        self.past.push(Past { facts, until_ms });
    }

    /// Ends and removes the sessions for which `outdated` holds; returns how many.
    pub(super) fn replace(&mut self, now_ms: i64, outdated: impl Fn(&Session) -> bool) -> usize {
        let (old, kept) =
            std::mem::take(&mut self.sessions).into_iter().partition(|it| outdated(it));
        self.sessions = kept;
        let old: Vec<Arc<Session>> = old;
        for session in &old {
            self.remember(session, now_ms + REPLACED_MS);
            session.end.now();
        }
        old.len()
    }

    /// Forgets past streams of hosts that are back.
    pub(super) fn welcome(&mut self, facts: &Facts) {
        self.past.retain(|past| !facts.same(&past.facts));
    }
}
