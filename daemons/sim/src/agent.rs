//! The life of one simulated agent.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use elk_api::registry::{AC_NAME, DETAIL, Instance};
use elk_life::Stop;
use elk_model::data_type::{AGENT_OBJECT, TASK_RESTART, TASK_SET_METADATA};
use elk_wire::frame::{Deframer, Encoding};
use elk_wire::{Command, PluginTask, RawData, Record};
use http_body_util::BodyExt as _;
use prost::Message as _;
use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};
use serde::Deserialize;
use tokio::time::{Duration, Instant, interval_at, sleep};

use crate::link::{self, Link};
use crate::records::{self, PLUGINS};
use crate::{Facts, Shared};

/// A simulated agent.
#[derive(Debug)]
pub(crate) struct Agent {
    shared: Arc<Shared>,
    facts: Facts,
    dice: SmallRng,
    started: i64,
    idc: String,
    region: String,
}

/// Why a stream ended.
enum Ended {
    Restart,
    Closed,
}

impl Agent {
    pub(crate) fn new(shared: Arc<Shared>, index: u32) -> Self {
        let facts = Facts::draw(shared.config.seed, index);
        let dice = SmallRng::seed_from_u64(shared.config.seed.wrapping_add(u64::from(index)));
        let started = shared.clock.unix();
        let place = || "default".to_owned();
        Self { shared, facts, dice, started, idc: place(), region: place() }
    }

    /// Connects, and connects again, until asked to stop.
    pub(crate) async fn run(mut self, stop: Stop) {
        let spread = self.shared.config.spread.as_secs_f64();
        let delay = Duration::from_secs_f64(self.dice.random_range(0.0..=spread));
        if stop.until(sleep(delay)).await.is_none() {
            return;
        }
        loop {
            match stop.until(Box::pin(self.stream())).await {
                None => return,
                Some(Ok(Ended::Restart)) => self.started = self.shared.clock.unix(),
                Some(Ok(Ended::Closed)) => {}
                Some(Err(error)) => tracing::debug!(agent = self.facts.id, %error, "no stream"),
            }
            if stop.until(sleep(self.shared.config.retry)).await.is_none() {
                return;
            }
        }
    }

    async fn find(&self) -> io::Result<String> {
        if let Some(base) = &self.shared.config.sd {
            let url = format!("{base}{DETAIL}?name={AC_NAME}_grpc&count=10");
            let found: Result<Vec<Instance>, _> =
                self.shared.caller.get(&url, Duration::from_secs(5)).await;
            if let Some(first) = found.unwrap_or_default().first() {
                return Ok(format!("{}:{}", first.ip, first.port));
            }
        }
        self.shared.config.ac.clone().ok_or_else(|| io::Error::other("no AgentCenter is known"))
    }

    async fn stream(&mut self) -> io::Result<Ended> {
        let addr = self.find().await?;
        let first = self.heartbeat();
        let first = self.message(vec![first]);
        let link = link::open(&addr, &self.shared.tls, &first).await?;
        let counters = Arc::clone(&self.shared.counters);
        counters.records.fetch_add(1, Ordering::Relaxed);
        counters.connected.fetch_add(1, Ordering::Relaxed);
        let ended = self.converse(link).await;
        counters.connected.fetch_sub(1, Ordering::Relaxed);
        ended
    }

    async fn converse(&mut self, mut link: Link) -> io::Result<Ended> {
        let period = self.shared.config.heartbeat;
        let mut beats = interval_at(Instant::now() + period, period);
        let idle = Duration::from_secs(86_400);
        let every = self.shared.config.event_every.unwrap_or(idle);
        let mut events = interval_at(Instant::now() + every, every);
        let mut commands = Deframer::new(Encoding::Identity);
        loop {
            let records = tokio::select! {
                _ = beats.tick() => self.beat(),
                _ = events.tick() => {
                    vec![records::event(&self.facts, &mut self.dice, self.shared.clock.unix())]
                }
                frame = link.replies.frame() => {
                    let Some(frame) = frame else { return Ok(Ended::Closed) };
                    let frame = frame.map_err(io::Error::other)?;
                    let Ok(data) = frame.into_data() else { return Ok(Ended::Closed) };
                    commands.push(data);
                    let mut answers = Vec::new();
                    while let Some(message) = commands.next().map_err(io::Error::other)? {
                        let command = Command::decode(message).map_err(io::Error::other)?;
                        let Some(task) = command.task else { continue };
                        if task.name == AGENT_OBJECT && task.data_type == TASK_RESTART {
                            return Ok(Ended::Restart);
                        }
                        answers.extend(self.answer(&task));
                    }
                    answers
                }
            };
            if records.is_empty() {
                continue;
            }
            let count = records.len() as u64;
            if !link.send(&self.message(records)).await {
                return Ok(Ended::Closed);
            }
            self.shared.counters.records.fetch_add(count, Ordering::Relaxed);
        }
    }

    fn beat(&mut self) -> Vec<Record> {
        let at = (self.shared.clock.unix(), self.started);
        let mut records = vec![self.heartbeat()];
        records.extend(PLUGINS.map(|plugin| records::plugin(plugin, &mut self.dice, at)));
        records
    }

    fn heartbeat(&mut self) -> Record {
        let at = (self.shared.clock.unix(), self.started);
        let place = (self.idc.as_str(), self.region.as_str());
        records::heartbeat(&self.facts, &mut self.dice, at, place)
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
        if !PLUGINS.iter().any(|(name, _)| *name == task.name) {
            return vec![records::no_plugin(&task.name, now)];
        }
        let mut answers = Vec::new();
        if task.name == "collector" && (5_050..=5_062).contains(&task.data_type) {
            let sequence = self.dice.random::<u64>().to_string();
            answers.extend(
                (0..3).map(|it| records::process(task.data_type, &sequence, 1_000 + it, now)),
            );
        }
        answers.push(records::result(&task.token, "done", now));
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
            version: self.facts.version.to_owned(),
            product: "elkeid-agent".to_owned(),
            ..RawData::default()
        }
    }
}
