//! What librdkafka tells: deliveries, errors, the state of the brokers.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use rdkafka::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::DeliveryResult;
use rdkafka::producer::ProducerContext;
use serde::Deserialize;

/// What only the Kafka engine has to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KafkaStats {
    /// Whether a broker can be reached.
    pub broker: Broker,
    /// Records that were handed over and are not acknowledged yet.
    pub in_flight: u64,
    /// Records in the spool that no broker has acknowledged.
    pub spooled_records: u64,
    /// Bytes of the spool on disk.
    pub spooled_bytes: u64,
    /// Records of the spool that a broker has acknowledged since the start.
    pub drained: u64,
    /// Records that no broker takes, as they are too large.
    pub refused: u64,
    /// Records of the spool that were damaged on disk.
    pub damaged: u64,
    /// Deliveries that failed; each of them is tried again.
    pub delivery_errors: u64,
}

/// Whether a broker can be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Broker {
    /// None was reached yet.
    #[default]
    Unknown,
    /// At least one is connected.
    Up,
    /// None is connected.
    Down,
}

/// Counters of the engine.
#[derive(Debug, Default)]
pub(crate) struct Gauges {
    pub(crate) in_flight: AtomicU64,
    pub(crate) spooled_records: AtomicU64,
    pub(crate) spooled_bytes: AtomicU64,
    pub(crate) drained: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) damaged: AtomicU64,
    pub(crate) delivery_errors: AtomicU64,
    pub(crate) link: Mutex<Link>,
}

/// What is known of the brokers.
#[derive(Debug, Default)]
pub(crate) struct Link {
    pub(crate) broker: Broker,
    pub(crate) reason: Option<String>,
    /// What was last said of a connection.
    heard: Option<String>,
}

impl Gauges {
    pub(crate) fn read(&self) -> KafkaStats {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        KafkaStats {
            broker: self.link.lock().broker,
            in_flight: get(&self.in_flight),
            spooled_records: get(&self.spooled_records),
            spooled_bytes: get(&self.spooled_bytes),
            drained: get(&self.drained),
            refused: get(&self.refused),
            damaged: get(&self.damaged),
            delivery_errors: get(&self.delivery_errors),
        }
    }

    pub(crate) fn up(&self) {
        let mut link = self.link.lock();
        if link.broker != Broker::Up {
            tracing::info!("a Kafka broker is connected");
        }
        if link.broker != Broker::Up || link.reason.is_some() {
            *link = Link { broker: Broker::Up, reason: None, heard: None };
        }
    }

    /// Says that no broker is there; what was heard of a connection says more than `reason`.
    pub(crate) fn down(&self, reason: String) {
        let mut link = self.link.lock();
        let reason = link.heard.clone().unwrap_or(reason);
        if link.broker != Broker::Down {
            tracing::warn!(reason, "no Kafka broker can be reached: records go to the spool");
        }
        link.broker = Broker::Down;
        link.reason = Some(reason);
    }
}

/// How the records of a block fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) block: usize,
    pub(crate) count: u32,
    pub(crate) error: Option<RDKafkaErrorCode>,
}

/// Listens to one producer.
#[derive(Debug)]
pub(crate) struct Reports {
    outcomes: Mutex<Vec<Outcome>>,
    gauges: Arc<Gauges>,
}

impl Reports {
    pub(crate) fn new(gauges: Arc<Gauges>) -> Self {
        Self { outcomes: Mutex::default(), gauges }
    }

    pub(crate) fn take(&self) -> Vec<Outcome> {
        std::mem::take(&mut self.outcomes.lock())
    }
}

/// The part of librdkafka's statistics that is read.
#[derive(Deserialize)]
struct Statistics {
    #[serde(default)]
    brokers: HashMap<String, Member>,
}

#[derive(Deserialize)]
struct Member {
    state: String,
}

impl ClientContext for Reports {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        match level {
            RDKafkaLogLevel::Debug | RDKafkaLogLevel::Info | RDKafkaLogLevel::Notice => {}
            // A broker that cannot be reached is told of once, elsewhere.
            RDKafkaLogLevel::Warning | RDKafkaLogLevel::Error => {
                tracing::debug!(facility, ?message, "librdkafka");
            }
            _ => tracing::error!(facility, ?message, "librdkafka"),
        }
    }

    fn stats_raw(&self, statistics: &[u8]) {
        let Ok(found) = serde_json::from_slice::<Statistics>(statistics) else { return };
        let up = found.brokers.values().any(|it| it.state == "UP" || it.state == "UPDATE");
        let was_up = self.gauges.link.lock().broker == Broker::Up;
        match (was_up, up) {
            (false, true) => self.gauges.up(),
            (true, false) => self.gauges.down("the connection is lost".to_owned()),
            _ => {}
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        let code = error.rdkafka_error_code();
        if code == Some(RDKafkaErrorCode::AllBrokersDown) {
            self.gauges.down(reason.to_owned());
        } else {
            tracing::debug!(%error, ?reason, "librdkafka");
            let mut link = self.gauges.link.lock();
            link.heard = Some(reason.to_owned());
            if link.broker != Broker::Up {
                link.reason = Some(reason.to_owned());
            }
        }
    }
}

impl ProducerContext for Reports {
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, block: usize) {
        let error = match result {
            Ok(_) => None,
            Err((error, _)) => {
                Some(error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Unknown))
            }
        };
        let mut outcomes = self.outcomes.lock();
        match outcomes.last_mut() {
            Some(last) if last.block == block && last.error == error => last.count += 1,
            _ => outcomes.push(Outcome { block, count: 1, error }),
        }
    }
}

/// Returns whether no retry helps: the record is larger than the broker takes.
pub(crate) fn too_large(code: RDKafkaErrorCode) -> bool {
    matches!(
        code,
        RDKafkaErrorCode::MessageSizeTooLarge
            | RDKafkaErrorCode::InvalidMessageSize
            | RDKafkaErrorCode::MessageBatchTooLarge
    )
}
