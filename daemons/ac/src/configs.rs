//! Configurations for agents: asked of the Manager at the first heartbeat of each stream, until it is there.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use elk_api::center::ConfigItem;
use elk_api::intake::CONFIG;
use elk_client::reference::Payload;
use elk_life::{Stop, Tasks, chain};
use elk_model::AgentId;
use elk_wire::frame;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::backoff::pause;
use crate::center::Center;
use crate::lenient::lenient;
use crate::session::{OrderError, Session};

const PARALLEL: usize = 16;
const LIMIT: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Streams that wait for their configuration: at most one entry for each live stream.
#[derive(Debug, Default)]
pub(crate) struct Configs {
    due: Mutex<BTreeMap<(Instant, u64), Want>>,
    wake: Notify,
}

#[derive(Clone, Debug)]
struct Want {
    id: AgentId,
    failures: u32,
}

#[derive(Debug, thiserror::Error)]
enum PushError {
    #[error("the Manager gave no configuration")]
    Ask(#[from] crate::peers::CallError),
    #[error("the Manager's configuration cannot be read")]
    Read(#[from] serde_json::Error),
    #[error("the Manager's answer holds no configuration")]
    Missing,
    #[error("the configuration is too large")]
    Large(#[from] frame::CommandTooLarge),
    #[error("the agent did not get its configuration")]
    Send(#[from] OrderError),
}

impl Configs {
    /// Asks for the configuration of a stream.
    pub(crate) fn ask(&self, number: u64, id: &AgentId) {
        self.put(Instant::now(), number, Want { id: id.clone(), failures: 0 });
    }

    fn put(&self, at: Instant, number: u64, want: Want) {
        self.due.lock().insert((at, number), want);
        self.wake.notify_one();
    }

    fn next(&self) -> Option<Instant> {
        self.due.lock().first_key_value().map(|((at, _), _)| *at)
    }

    fn pop(&self, now: Instant) -> Option<(u64, Want)> {
        let mut due = self.due.lock();
        let first = due.first_entry().filter(|entry| entry.key().0 <= now)?;
        let number = first.key().1;
        Some((number, first.remove()))
    }
}

/// Pushes configurations until asked to stop.
pub(crate) async fn run(center: Arc<Center>, stop: Stop) -> Result<(), Infallible> {
    let tasks = Tasks::new(PARALLEL);
    loop {
        while let Some((number, want)) = center.configs.pop(Instant::now()) {
            let push = one(Arc::clone(&center), number, want);
            if stop.until(tasks.spawn(push)).await.is_none() {
                return Ok(());
            }
        }
        let wait = async {
            match center.configs.next() {
                Some(at) => tokio::select! {
                    () = sleep_until(at) => {}
                    () = center.configs.wake.notified() => {}
                },
                None => center.configs.wake.notified().await,
            }
        };
        if stop.until(wait).await.is_none() {
            return Ok(());
        }
    }
}

async fn one(center: Arc<Center>, number: u64, mut want: Want) {
    let sessions = center.fleet.of(want.id.as_str());
    let Some(session) = sessions.into_iter().find(|it| it.number == number) else { return };
    match push(&center, &session).await {
        Ok(()) => center.metrics.config_sent.inc(),
        Err(PushError::Send(OrderError::Gone)) => {}
        // To ask until there is one would bring the next profile to every agent at once.
        Err(PushError::Ask(error)) if error.is_held() => {}
        Err(error) => {
            want.failures += 1;
            if !matches!(error, PushError::Send(OrderError::Clone)) {
                center.metrics.config_failed.inc();
                let error = chain(&error);
                tracing::debug!(agent.id = %session.id, %error, "agent {} has no configuration yet; trying again", session.id);
            }
            let at = Instant::now() + pause(want.failures, LONGEST_PAUSE);
            center.configs.put(at, number, want);
        }
    }
}

async fn push(center: &Center, session: &Session) -> Result<(), PushError> {
    if center.fleet.is_clone(session) {
        return Err(OrderError::Clone.into());
    }
    let detail = session.state.lock().info.clone();
    let detail = detail.ok_or(PushError::Missing)?;
    let payload = Payload::json(String::from(Box::<str>::from(detail)));
    let data = center.manager.ask(CONFIG, payload, LIMIT).await?;
    let data = data.ok_or(PushError::Missing)?;
    let items = lenient(serde_json::from_slice(&data)?);
    let items: Option<Vec<ConfigItem>> = serde_json::from_value(items)?;
    let config = items.unwrap_or_default().into_iter().map(wire).collect();
    let command = elk_wire::Command { agent_ctrl: 0, task: None, config };
    session.send(frame::command(&command)?).await?;
    Ok(())
}

/// Turns an item of JSON into one of the wire.
pub(crate) fn wire(item: ConfigItem) -> elk_wire::ConfigItem {
    elk_wire::ConfigItem {
        name: item.name,
        r#type: item.kind,
        version: item.version,
        sha256: item.sha256,
        signature: item.signature,
        download_url: item.download_url,
        detail: item.detail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_who_waits_for_a_configuration_is_left_out() {
        let configs = Configs::default();
        let id: AgentId = "agent-1".parse().unwrap();
        for number in 0..5_000 {
            configs.ask(number, &id);
        }
        let later = Instant::now() + Duration::from_secs(1);
        configs.put(later + LIMIT, 9_999, Want { id, failures: 1 });
        let mut asked: Vec<u64> =
            std::iter::from_fn(|| configs.pop(later)).map(|(number, _)| number).collect();
        asked.sort_unstable();
        assert!(asked.into_iter().eq(0..5_000));
        assert_eq!(configs.next(), Some(later + LIMIT), "the one that failed waits for its time");
    }
}
