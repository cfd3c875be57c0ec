//! The conversation with one AgentCenter: what changed, again and again, slower while it fails.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

use elk_api::center::{CONN_STAT, Changes, ConnStat, Connection};
use elk_api::events::EventType;
use elk_client::ClientError;
use elk_life::{Stop, chain};
use elk_model::AgentId;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

use crate::agents::{observe, report};
use crate::app::App;
use crate::events::Draft;
use crate::store::Result as Stored;

const TIMEOUT: Duration = Duration::from_secs(15);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Listing all agents takes this part of the time at most.
const LIST_SHARE: u32 = 20;
const SHORTEST_LIST_PAUSE: Duration = Duration::from_secs(3);
/// Answers taken in a row from one that always has more.
const MAX_PAGES: usize = 10_000;
const MAX_CURSOR: usize = 256;

/// The conversation with one AgentCenter.
pub(super) struct Talk {
    app: App,
    ac: String,
    stop: Stop,
    /// Room for answers that list all agents.
    lists: Arc<Semaphore>,
    /// The database takes one writer at a time; waiting here is cheaper than there.
    writes: Arc<Semaphore>,
    cursor: String,
    /// Not before this moment all agents are asked for again.
    list_at: Option<Instant>,
    /// What the last full list said of each agent, as a hash: what it repeats is not written again.
    told: HashMap<AgentId, u64>,
}

/// What to say of an answer that came, or why none came.
type Asked = Result<Option<String>, String>;

impl Talk {
    pub(super) fn new(
        app: App,
        ac: String,
        stop: Stop,
        (lists, writes): (Arc<Semaphore>, Arc<Semaphore>),
    ) -> Self {
        Self {
            app,
            ac,
            stop,
            lists,
            writes,
            cursor: String::new(),
            list_at: None,
            told: HashMap::new(),
        }
    }

    pub(super) async fn run(mut self) {
        let period = Duration::from_millis(self.app.config.ac.poll_ms.max(50));
        let mut wait = period;
        let stop = self.stop.clone();
        while let Some(asked) = stop.until(self.ask()).await {
            wait = if asked.is_ok() { period } else { (wait * 2).min(LONGEST_WAIT.max(period)) };
            self.note(asked);
            if stop.until(sleep(wait)).await.is_none() {
                return;
            }
        }
    }

    async fn ask(&mut self) -> Asked {
        let native = self.app.fleet.centers.lock().get(&self.ac).is_some_and(|it| it.native);
        if native { self.changes().await } else { self.full_list().await }
    }

    async fn changes(&mut self) -> Asked {
        let mut cursor = self.cursor.clone();
        let mut all: Option<HashSet<String>> = None;
        for _ in 0..MAX_PAGES {
            let answer = self.page(&cursor).await?;
            let gone: Vec<String> = answer.gone.iter().map(ToString::to_string).collect();
            if answer.full {
                all = Some(HashSet::new());
            }
            if let Some(all) = &mut all {
                all.extend(answer.items.iter().map(|it| it.id.to_string()));
                for id in &gone {
                    all.remove(id);
                }
            }
            self.write(&answer.items, &gone, None).await?;
            let stuck = answer.more && answer.cursor == cursor;
            cursor = answer.cursor;
            if all.is_none() || !answer.more {
                // Until everything was read, an interruption must begin again from nothing.
                if let Some(all) = all.take() {
                    self.write(&[], &[], Some(&all)).await?;
                }
                self.cursor.clone_from(&cursor);
            }
            if !answer.more {
                return Ok(None);
            }
            if stuck {
                return Err("it says that there is more but its cursor stands still".to_owned());
            }
        }
        Err(format!("it says that there is more after {MAX_PAGES} answers"))
    }

    async fn page(&self, cursor: &str) -> Result<Changes, String> {
        let _room = match cursor {
            "" => self.lists.acquire().await.ok(),
            _ => None,
        };
        let url = format!("https://{}{CONN_STAT}?since={cursor}", self.ac);
        let answer: Changes = self.app.fleet.caller.get(&url, TIMEOUT).await.map_err(told)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
        if answer.cursor.len() > MAX_CURSOR || !answer.cursor.chars().all(plain) {
            return Err("its cursor is too long or holds characters that no cursor has".to_owned());
        }
        Ok(answer)
    }

    async fn full_list(&mut self) -> Asked {
        if self.list_at.is_some_and(|at| Instant::now() < at) {
            return Ok(self.app.fleet.centers.lock().get(&self.ac).and_then(|it| it.error.clone()));
        }
        let room = self.lists.acquire().await;
        let url = format!("https://{}{CONN_STAT}", self.ac);
        let asked = Instant::now();
        let list: Vec<ConnStat> = self.app.fleet.caller.get(&url, TIMEOUT).await.map_err(told)?;
        drop(room);
        let now = self.app.clock.unix_ms();
        // Before its first heartbeat a stream is listed without anything.
        let heard = list.into_iter().filter(|it| !it.agent_info.is_empty());
        let read: Vec<_> = heard.map(|it| report::from_list(it, now)).collect();
        let count = read.len();
        let items: Vec<Connection> = read.into_iter().flatten().collect();
        let kept: HashSet<_> = items.iter().map(|it| it.id.to_string()).collect();
        let skipped = count - items.len();
        let marks: HashMap<_, _> = items.iter().map(|it| (it.id.clone(), mark(&it.stat))).collect();
        let is_news = |it: &Connection| self.told.get(&it.id) != marks.get(&it.id);
        let news: Vec<Connection> = items.into_iter().filter(is_news).collect();
        self.write(&news, &[], Some(&kept)).await?;
        self.told = marks;
        // A list that is cheap is asked for often, so that changes show soon.
        let most = Duration::from_secs(self.app.config.ac.full_list_seconds);
        let pause = (asked.elapsed() * LIST_SHARE).max(SHORTEST_LIST_PAUSE).min(most);
        self.list_at = Some(Instant::now() + pause);
        Ok((skipped > 0).then(|| format!("{skipped} of its agents have no usable agent_id")))
    }

    /// Writes down what was said; with `kept`, that all others are not connected any more.
    async fn write(
        &self,
        items: &[Connection],
        gone: &[String],
        kept: Option<&HashSet<String>>,
    ) -> Result<(), String> {
        let _turn = self.writes.acquire().await;
        let (store, now) = (&self.app.store, self.app.clock.unix_ms());
        let written: Stored<()> = async {
            if let Some(kept) = kept {
                observe::disconnect(store, &self.ac, kept, now).await?;
            }
            observe::apply(store, &self.ac, items, gone, now).await
        }
        .await;
        written.map_err(|error| chain(&error).to_string())
    }

    fn note(&self, asked: Asked) {
        let ac = &self.ac;
        let mut centers = self.app.fleet.centers.lock();
        let Some(center) = centers.get_mut(ac) else { return };
        let reachable = asked.is_ok();
        if center.reachable != reachable {
            match &asked {
                Err(error) => tracing::warn!(ac, error, "AgentCenter {ac} cannot be asked"),
                Ok(_) => tracing::info!(ac, "AgentCenter {ac} can be asked again"),
            }
        }
        if center.reachable != reachable {
            let word = if reachable { "center.answers" } else { "center.silent" };
            let detail = serde_json::json!({ "error": asked.as_ref().err() });
            let told = Draft::new(EventType::Cluster, word, self.app.clock.unix_ms());
            self.app.store.events.publish(told.about(ac).with(detail));
        }
        center.reachable = reachable;
        center.error = asked.unwrap_or_else(Some);
    }
}

fn mark(stat: &ConnStat) -> u64 {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(stat).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}

fn told(error: ClientError) -> String {
    chain(&error).to_string()
}
