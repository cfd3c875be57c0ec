//! Tags of agents, asked of the Manager in batches when agents connect and every few minutes.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use elk_api::center::null_as_default;
use elk_api::intake::{QUERY_INFO, QueryInfo};
use elk_client::reference::Payload;
use elk_life::{Stop, chain};
use elk_model::AgentId;
use parking_lot::Mutex;
use serde::Deserialize;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until};

use crate::backoff::pause;
use crate::center::Center;
use crate::peers::CallError;
use crate::session::Session;

const BATCH: usize = 500;
const LIMIT: Duration = Duration::from_secs(5);
const LINGER: Duration = Duration::from_millis(10);
const REFRESH: Duration = Duration::from_mins(4);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

#[derive(Debug, Default)]
pub(crate) struct Tags {
    known: Mutex<BTreeMap<AgentId, Arc<[u8]>>>,
    asked: Mutex<BTreeSet<AgentId>>,
    wake: Notify,
}

#[derive(Deserialize)]
struct Info {
    #[serde(default, deserialize_with = "null_as_default")]
    tags: String,
}

type Answer = BTreeMap<String, Option<Info>>;

impl Tags {
    /// Gives a new stream the tags that are known and asks for the present ones.
    pub(crate) fn welcome(&self, session: &Session) {
        if let Some(tag) = self.known.lock().get(&session.id) {
            session.state.lock().tag = Arc::clone(tag);
        }
        self.asked.lock().insert(session.id.clone());
        self.wake.notify_one();
    }

    fn take(&self) -> Vec<AgentId> {
        let mut asked = self.asked.lock();
        std::iter::from_fn(|| asked.pop_first()).take(BATCH).collect()
    }

    fn put_back(&self, ids: Vec<AgentId>) {
        self.asked.lock().extend(ids);
    }

    fn apply(&self, center: &Center, ids: &[AgentId], mut answer: Answer) {
        for id in ids {
            let info = answer.remove(id.as_str()).flatten();
            let tag: Arc<[u8]> = info.map_or_else(String::new, |it| it.tags).into_bytes().into();
            for session in center.fleet.of(id.as_str()) {
                session.state.lock().tag = Arc::clone(&tag);
            }
            self.known.lock().insert(id.clone(), tag);
        }
    }
}

/// Looks tags up until asked to stop.
pub(crate) async fn run(center: Arc<Center>, stop: Stop) -> Result<(), Infallible> {
    let mut refresh = Instant::now() + REFRESH;
    let mut failures = 0;
    loop {
        let ids = center.tags.take();
        if ids.is_empty() {
            let wake = async {
                tokio::select! {
                    () = center.tags.wake.notified() => sleep(LINGER).await,
                    () = sleep_until(refresh) => {}
                }
            };
            if stop.until(wake).await.is_none() {
                return Ok(());
            }
        } else {
            match stop.until(Box::pin(ask(&center, &ids))).await {
                None => return Ok(()),
                Some(Ok(answer)) => {
                    failures = 0;
                    center.tags.apply(&center, &ids, answer);
                }
                Some(Err(error)) => {
                    failures += 1;
                    center.tags.put_back(ids);
                    warn(&error);
                    if stop.until(sleep(pause(failures, LONGEST_PAUSE))).await.is_none() {
                        return Ok(());
                    }
                }
            }
        }
        if Instant::now() >= refresh {
            refresh = Instant::now() + REFRESH;
            let ids = center.fleet.ids();
            let live: BTreeSet<_> = ids.iter().cloned().collect();
            center.tags.known.lock().retain(|id, _| live.contains(id));
            center.tags.put_back(ids);
        }
    }
}

fn warn(error: &CallError) {
    tracing::warn!(error = %chain(error), "cannot look up tags of agents; trying again");
}

async fn ask(center: &Center, ids: &[AgentId]) -> Result<Answer, CallError> {
    let query = QueryInfo { id_list: ids.iter().map(|id| id.as_str().to_owned()).collect() };
    let unreadable = |error: serde_json::Error| CallError::Unreadable(error.to_string());
    let body = serde_json::to_vec(&query).map_err(unreadable)?;
    let data = center.manager.ask(QUERY_INFO, Payload::json(body), LIMIT).await?;
    let Some(data) = data else { return Ok(Answer::new()) };
    let answer: Option<Answer> = serde_json::from_slice(&data).map_err(unreadable)?;
    Ok(answer.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_connect_at_once_are_asked_for_in_batches() {
        let tags = Tags::default();
        let ids: BTreeSet<AgentId> =
            (0..5_000).map(|it| format!("agent-{it}").parse().unwrap()).collect();
        tags.put_back(ids.iter().cloned().collect());
        let batches: Vec<_> =
            std::iter::from_fn(|| Some(tags.take()).filter(|it| !it.is_empty())).collect();
        assert_eq!(batches.len(), 10);
        // One that failed is asked again.
        tags.put_back(batches.iter().flatten().take(3).cloned().collect());
        assert_eq!(tags.take().len(), 3);
        assert_eq!(batches.into_iter().flatten().collect::<BTreeSet<_>>(), ids);
    }
}
