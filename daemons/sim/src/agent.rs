//! The life of one simulated agent.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use elk_api::registry::{AC_NAME, DETAIL, Instance};
use elk_life::Stop;
use elk_model::data_type::{AGENT_OBJECT, TASK_RESTART, TASK_SET_METADATA, TASK_UPLOAD};
use elk_wire::frame::{self, Deframer, Encoding};
use elk_wire::{Command, ConfigItem, FileUploadRequest, PluginTask, RawData, Record};
use http_body_util::BodyExt as _;
use prost::Message as _;
use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};
use serde::Deserialize;
use tokio::time::{Duration, Instant, Interval, interval_at, sleep};

use crate::host::{Host, Work};
use crate::link::{self, Connection, Link};
use crate::package::{self, Behaviour};
use crate::records::{self, PLUGINS};
use crate::{Facts, Shared, assets, load, upload};

/// Failures to connect after which the process ends.
const MAX_FAILURES: u32 = 7;
/// The supervisor starts it again after so many pauses between attempts.
const RESTART: u32 = 9;

/// A simulated agent.
pub(crate) struct Agent {
    shared: Arc<Shared>,
    facts: Facts,
    dice: SmallRng,
    host: Host,
    idc: String,
    region: String,
    /// When the host started; its agent's restarts do not move it.
    booted: i64,
    /// Used again for the next streams, and for uploads.
    connection: Option<Connection>,
    /// How that was found.
    net_mode: &'static str,
    /// A file that waits for the next connection.
    file: Option<Vec<FileUploadRequest>>,
    upload: Option<Pin<Box<dyn Future<Output = io::Result<()>> + Send>>>,
}

/// Why a stream ended.
enum Ended {
    /// The process ended, and was started again.
    Restart,
    Closed,
    /// It takes another connection at once.
    Moved,
}

type Fetched = Vec<(ConfigItem, Result<Behaviour, String>)>;

/// What goes on beside the stream.
#[derive(Default)]
struct Doing {
    fetch: Option<Pin<Box<dyn Future<Output = Fetched> + Send>>>,
    /// The set that comes next; a further one is dropped, as real agents do.
    queued: Option<Vec<ConfigItem>>,
}

impl Agent {
    pub(crate) fn new(shared: Arc<Shared>, index: u32) -> Self {
        let facts = Facts::draw(shared.config.seed, index);
        let dice = SmallRng::seed_from_u64(shared.config.seed.wrapping_add(u64::from(index)));
        let host = Host::new(facts.version, &PLUGINS, shared.clock.unix());
        let place = || "default".to_owned();
        let booted = facts.booted(shared.clock.unix());
        Self {
            shared,
            facts,
            dice,
            host,
            idc: place(),
            region: place(),
            booted,
            connection: None,
            net_mode: "unknown",
            file: None,
            upload: None,
        }
    }

    /// Connects, and connects again, until asked to stop.
    pub(crate) async fn run(mut self, stop: Stop) {
        let spread = self.shared.config.spread.as_secs_f64();
        let delay = Duration::from_secs_f64(self.dice.random_range(0.0..=spread));
        if stop.until(sleep(delay)).await.is_none() {
            return;
        }
        let mut failures = 0;
        loop {
            let mut pause = self.shared.config.retry;
            match stop.until(Box::pin(self.stream())).await {
                None => return,
                Some(Ok(Ended::Restart)) => self.restart(),
                Some(Ok(Ended::Closed)) => failures = 0,
                Some(Ok(Ended::Moved)) => {
                    failures = 0;
                    continue;
                }
                Some(Err(error)) => {
                    tracing::debug!(agent = self.facts.id, %error, "no stream");
                    self.shared.counters.failed.fetch_add(1, Ordering::Relaxed);
                    failures += 1;
                }
            }
            if failures >= MAX_FAILURES {
                failures = 0;
                pause *= RESTART;
                self.restart();
            }
            if stop.until(sleep(pause)).await.is_none() {
                return;
            }
        }
    }

    fn restart(&mut self) {
        self.host.restarted(self.shared.clock.unix());
        (self.connection, self.net_mode) = (None, "unknown");
        (self.file, self.upload) = (None, None);
    }

    /// Connects as real agents do: to each AgentCenter that ServiceDiscovery names, then to the
    /// one that is built in.
    async fn connect(shared: &Shared) -> io::Result<(Connection, &'static str)> {
        let mut found: Vec<Instance> = Vec::new();
        if let Some(base) = &shared.config.sd {
            let url = format!("{base}{DETAIL}?name={AC_NAME}_grpc&count=10");
            found = shared.caller.get(&url, Duration::from_secs(5)).await.unwrap_or_default();
        }
        let found: Vec<_> = found.iter().map(|it| format!("{}:{}", it.ip, it.port)).collect();
        if let Ok(connection) = link::connect(&found, &shared.tls).await {
            return Ok((connection, "sd"));
        }
        let own: Vec<_> = shared.config.ac.clone().into_iter().collect();
        Ok((link::connect(&own, &shared.tls).await?, "private"))
    }

    /// Returns the connection for the next stream: the one there is, a few times, or a new one.
    async fn connection(&mut self) -> io::Result<&mut Connection> {
        let kept = self.connection.take_if(|it| it.reuse());
        let connection = if let Some(kept) = kept {
            kept
        } else {
            self.connection = None;
            let (connection, net_mode) = Self::connect(&self.shared).await?;
            self.net_mode = net_mode;
            connection
        };
        Ok(self.connection.insert(connection))
    }

    /// Opens a stream and stays until it ends; an error is a failure to connect.
    async fn stream(&mut self) -> io::Result<Ended> {
        self.connection().await?;
        // An agent that is silent opens its stream all the same.
        let first: Vec<_> =
            (!self.host.agent.is_silent()).then(|| self.heartbeat()).into_iter().collect();
        let sent = first.len() as u64;
        let first = frame::snappy(&self.message(first));
        let size = first.len() as u64;
        let Some(connection) = &mut self.connection else { return Ok(Ended::Closed) };
        let mut link = match connection.open(first).await {
            Ok(link) => link,
            Err(error) => {
                tracing::debug!(agent = self.facts.id, %error, "no stream");
                return Ok(Ended::Closed);
            }
        };
        let counters = Arc::clone(&self.shared.counters);
        if let Some(messages) = self.file.take() {
            connection.reuse();
            let pause = self.shared.upload_pause;
            self.upload = Some(Box::pin(connection.upload().run(messages, pause)));
        }
        counters.bytes.fetch_add(size, Ordering::Relaxed);
        counters.messages.fetch_add(1, Ordering::Relaxed);
        counters.records.fetch_add(sent, Ordering::Relaxed);
        counters.connected.fetch_add(1, Ordering::Relaxed);
        let ended = match self.shared.load {
            None => self.converse(link).await,
            Some(load) => {
                let head = self.message(Vec::new());
                load::run(&self.shared, load, &mut link, head).await.map(|()| Ended::Closed)
            }
        };
        counters.connected.fetch_sub(1, Ordering::Relaxed);
        Ok(ended.unwrap_or_else(|error| {
            tracing::debug!(agent = self.facts.id, %error, "the stream broke");
            Ended::Closed
        }))
    }

    async fn converse(&mut self, mut link: Link) -> io::Result<Ended> {
        let config = &self.shared.config;
        let mut beats = every(config.heartbeat);
        let mut events = every(config.event_every.unwrap_or(Duration::from_secs(86_400)));
        let mut commands = Deframer::new(Encoding::Identity);
        let mut doing = Doing::default();
        loop {
            let records = tokio::select! {
                _ = beats.tick() => {
                    let records = self.beat();
                    if self.host.agent.ends() {
                        return Ok(Ended::Restart);
                    }
                    records
                }
                _ = events.tick() => self.event(),
                fetched = finished(&mut doing.fetch) => match self.install(fetched, &mut doing) {
                    Some(records) => records,
                    None => return Ok(Ended::Restart),
                },
                uploaded = finished(&mut self.upload) => {
                    if let Err(error) = uploaded {
                        tracing::debug!(agent = self.facts.id, %error, "an upload failed");
                    }
                    Vec::new()
                }
                frame = link.replies.frame() => {
                    let Some(frame) = frame else { return Ok(Ended::Closed) };
                    let frame = frame.map_err(io::Error::other)?;
                    let Ok(data) = frame.into_data() else { return Ok(Ended::Closed) };
                    commands.push(data);
                    match self.obey(&mut commands, &mut doing)? {
                        Some(_) if self.file.is_some() => return Ok(Ended::Moved),
                        Some(records) => records,
                        None => return Ok(Ended::Restart),
                    }
                }
            };
            let count = records.len() as u64;
            if count == 0 || self.host.agent.has_crashed() {
                continue;
            }
            let message = frame::snappy(&self.message(records));
            let size = message.len() as u64;
            if !link.send_raw(message).await {
                return Ok(Ended::Closed);
            }
            self.shared.counters.bytes.fetch_add(size, Ordering::Relaxed);
            self.shared.counters.messages.fetch_add(1, Ordering::Relaxed);
            self.shared.counters.records.fetch_add(count, Ordering::Relaxed);
        }
    }

    /// Does what has arrived says; `None` if the process ends by it.
    fn obey(
        &mut self,
        commands: &mut Deframer,
        doing: &mut Doing,
    ) -> io::Result<Option<Vec<Record>>> {
        let mut answers = Vec::new();
        while let Some(message) = commands.next().map_err(io::Error::other)? {
            let command = Command::decode(message).map_err(io::Error::other)?;
            match command.task {
                // A task alone counts, whatever else the command says.
                Some(task) if task.name == AGENT_OBJECT && task.data_type == TASK_RESTART => {
                    return Ok(None);
                }
                Some(task) if task.name == AGENT_OBJECT && task.data_type == TASK_UPLOAD => {
                    answers.extend(self.send_file(&task));
                }
                Some(task) => answers.extend(self.answer(&task)),
                None if doing.fetch.is_none() => self.begin(command.config, doing),
                None if doing.queued.is_none() => doing.queued = Some(command.config),
                None => answers.push(self.error("syncing is not finished yet", "plugin/plugin.go")),
            }
        }
        Ok(Some(answers))
    }

    /// Begins to do what a complete set says.
    fn begin(&mut self, config: Vec<ConfigItem>, doing: &mut Doing) {
        let Work { agent, plugins } = self.host.take(config, self.shared.clock.unix());
        let items: Vec<_> = agent.into_iter().chain(plugins).collect();
        if items.is_empty() {
            return;
        }
        let shared = Arc::clone(&self.shared);
        doing.fetch = Some(Box::pin(async move {
            let mut fetched = Vec::with_capacity(items.len());
            for item in items {
                let outcome = package::fetch(&shared.caller, &item).await;
                fetched.push((item, outcome));
            }
            fetched
        }));
    }

    /// Starts what was fetched; `None` if the agent itself is new and its process starts again.
    fn install(&mut self, fetched: Fetched, doing: &mut Doing) -> Option<Vec<Record>> {
        let now = self.shared.clock.unix();
        let mut records = Vec::new();
        for (item, outcome) in fetched {
            match outcome {
                Ok(behaviour) => {
                    self.host.installed(&item, behaviour, now);
                    self.shared.counters.installed.fetch_add(1, Ordering::Relaxed);
                    if item.name == AGENT_OBJECT {
                        return None;
                    }
                }
                Err(why) => {
                    let text = format!("load {} {}: {why}", item.name, item.version);
                    self.shared.counters.refused.fetch_add(1, Ordering::Relaxed);
                    records.push(self.error(&text, "plugin/plugin.go"));
                    self.host.trouble = Some(text);
                }
            }
        }
        if let Some(config) = doing.queued.take() {
            self.begin(config, doing);
        }
        Some(records)
    }

    fn error(&self, text: &str, source: &str) -> Record {
        records::error(text, source, self.shared.clock.unix())
    }

    /// Sends the file that a task names; one at a time. An upload uses the connection again: one
    /// too many closes it under the stream, as with real agents.
    fn send_file(&mut self, task: &PluginTask) -> Option<Record> {
        let now = self.shared.clock.unix();
        let failed = |text: &str| Some(records::result(&task.token, Err(text), now));
        if self.upload.is_some() || self.file.is_some() {
            return failed("last upload task hasn't completed");
        }
        let messages = match upload::messages(&task.token, &task.data) {
            Ok(messages) => messages,
            Err(text) => return failed(&text),
        };
        match self.connection.take_if(|it| it.reuse()) {
            Some(mut connection) => {
                self.upload =
                    Some(Box::pin(connection.upload().run(messages, self.shared.upload_pause)));
                self.connection = Some(connection);
            }
            None => {
                self.connection = None;
                self.file = Some(messages);
            }
        }
        None
    }

    fn beat(&mut self) -> Vec<Record> {
        let now = self.shared.clock.unix();
        if !self.host.agent.beat(now) {
            return Vec::new();
        }
        let mut records = vec![self.heartbeat()];
        for (name, version, started) in self.host.beat(now) {
            records.push(records::plugin((&name, &version), &mut self.dice, (now, started)));
        }
        records
    }

    fn heartbeat(&mut self) -> Record {
        let at = (self.shared.clock.unix(), self.host.agent.started, self.booted);
        let place = (self.idc.as_str(), self.region.as_str(), self.net_mode);
        let trouble = self.host.trouble.as_deref();
        records::heartbeat(&self.facts, &mut self.dice, at, (place, trouble))
    }

    fn event(&mut self) -> Vec<Record> {
        if PLUGINS.iter().any(|(name, _)| self.host.answers(name)) {
            return records::event(&self.facts, &mut self.dice, self.shared.clock.unix());
        }
        Vec::new()
    }

    /// Does what a task says; an unknown plugin gives an error log and no result, as on real hosts.
    fn answer(&mut self, task: &PluginTask) -> Vec<Record> {
        let now = self.shared.clock.unix();
        if task.name == AGENT_OBJECT {
            if task.data_type == TASK_SET_METADATA {
                self.set_place(&task.data);
            }
            return Vec::new();
        }
        if !self.host.runs(&task.name) {
            return vec![records::no_plugin(&task.name, now)];
        }
        if !self.host.answers(&task.name) || self.host.agent.has_crashed() {
            return Vec::new();
        }
        let mut answers = Vec::new();
        if task.name == "collector" {
            answers.extend(assets::batch(task.data_type, &self.facts, &mut self.dice, now));
        }
        answers.push(records::result(&task.token, Ok("done"), now));
        self.shared.counters.answered.fetch_add(1, Ordering::Relaxed);
        answers
    }

    fn set_place(&mut self, data: &str) {
        #[derive(Deserialize)]
        struct Place {
            idc: Option<String>,
            region: Option<String>,
        }
        if let Ok(place) = serde_json::from_str::<Place>(data) {
            self.idc = place.idc.unwrap_or_else(|| std::mem::take(&mut self.idc));
            self.region = place.region.unwrap_or_else(|| std::mem::take(&mut self.region));
        }
    }

    fn message(&self, data: Vec<Record>) -> RawData {
        RawData {
            data,
            agent_id: self.facts.id.clone(),
            intranet_ipv4: vec![self.facts.address.clone()],
            hostname: self.facts.hostname.clone(),
            version: self.host.agent.reported().to_owned(),
            product: AGENT_OBJECT.to_owned(),
            ..RawData::default()
        }
    }
}

fn every(period: Duration) -> Interval {
    interval_at(Instant::now() + period, period)
}

/// Waits for what goes on, for ever if nothing does, and forgets it when it is done.
async fn finished<T>(going_on: &mut Option<Pin<Box<dyn Future<Output = T> + Send>>>) -> T {
    match going_on {
        Some(future) => {
            let done = future.await;
            *going_on = None;
            done
        }
        None => std::future::pending().await,
    }
}
