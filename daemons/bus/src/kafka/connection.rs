//! The connection to the brokers: one producer after another, and the pauses between them.

use std::sync::Arc;
use std::time::Duration;

use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use tokio::time::Instant;

use super::Shared;
use super::report::{Outcome, Reports, too_large};

/// How long deliveries are listened for at a time.
const LISTEN: Duration = Duration::from_millis(10);
/// Before the first attempt after a delivery failed, and the longest time.
const PAUSE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
/// The smallest batch that is tried before records go one by one.
const SMALLEST: u32 = 1_024;

pub(crate) struct Connection {
    shared: Arc<Shared>,
    producer: Option<BaseProducer<Reports>>,
    /// No producer before then.
    paused_until: Instant,
    pause: Duration,
    /// A delivery failed for this reason.
    failed: Option<String>,
    /// A batch was refused for its size: its records go one by one, to learn which are too large.
    singly: bool,
    /// Some were.
    found: bool,
    /// The failure is such a refusal, which no pause makes better.
    oversize: bool,
    /// The largest batch.
    batch_bytes: u32,
}

/// What came of handing records over.
#[derive(Default)]
pub(crate) struct Launched {
    pub(crate) size: usize,
    pub(crate) refused: u32,
    pub(crate) failed: bool,
}

impl Connection {
    pub(crate) fn new(shared: Arc<Shared>) -> Result<Self, String> {
        let mut connection = Self {
            producer: None,
            paused_until: Instant::now(),
            pause: PAUSE.0,
            failed: None,
            singly: false,
            found: false,
            oversize: false,
            batch_bytes: shared.config.batch_bytes,
            shared,
        };
        connection.producer = Some(connection.open().map_err(|error| error.to_string())?);
        Ok(connection)
    }

    fn open(&self) -> Result<BaseProducer<Reports>, KafkaError> {
        let reports = Reports::new(Arc::clone(&self.shared.gauges));
        let batch = (!self.singly).then_some(self.batch_bytes);
        self.shared.config.producer(batch).create_with_context(reports)
    }

    /// Returns whether records can be handed over.
    pub(crate) fn is_open(&self) -> bool {
        self.producer.is_some() && self.failed.is_none()
    }

    /// Returns whether there is a producer, be it one that failed.
    pub(crate) fn has_producer(&self) -> bool {
        self.producer.is_some()
    }

    /// Returns whether each record is a batch of its own.
    pub(crate) fn is_single(&self) -> bool {
        self.singly
    }

    /// Returns whether all that was handed over has to be sent again.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Returns how many records a broker has said nothing of.
    pub(crate) fn in_flight(&self) -> u64 {
        let count = self.producer.as_ref().map_or(0, |it| it.in_flight_count());
        u64::try_from(count).unwrap_or(0)
    }

    /// Waits a little, and returns what brokers said.
    pub(crate) fn listen(&self) -> Vec<Outcome> {
        let Some(producer) = &self.producer else {
            std::thread::park_timeout(LISTEN);
            return Vec::new();
        };
        producer.poll(LISTEN);
        producer.context().take()
    }

    /// Notes that a broker took records.
    pub(crate) fn works(&mut self) {
        self.pause = PAUSE.0;
    }

    /// Notes that all must be sent again.
    pub(crate) fn fail(&mut self, code: RDKafkaErrorCode) {
        if too_large(code) {
            self.oversize = true;
            self.found |= self.singly;
        }
        self.failed.get_or_insert_with(|| code.to_string());
    }

    /// Gives the producer up, which forgets what it holds.
    pub(crate) fn give_up(&mut self) {
        let Some(reason) = self.failed.take() else { return };
        self.producer = None;
        if std::mem::take(&mut self.oversize) {
            if !self.singly {
                tracing::warn!(reason, "Kafka did not take a batch: its records go one by one");
            }
            self.singly = true;
            self.paused_until = Instant::now();
            return;
        }
        let wait = self.pause;
        tracing::warn!(reason, ?wait, "Kafka did not take records: they will be sent again");
        self.shared.gauges.link.lock().reason = Some(reason);
        self.paused_until = Instant::now() + wait;
        self.pause = (wait * 2).min(PAUSE.1);
    }

    /// Sends batches again. If no record was too large, they were, and are smaller from now on.
    pub(crate) fn gather(&mut self) {
        self.singly = false;
        self.producer = None;
        if !std::mem::take(&mut self.found) {
            self.batch_bytes = (self.batch_bytes / 4).max(SMALLEST);
            tracing::warn!(
                "Kafka takes no batches as large as batch_bytes is: they have {} bytes from now \
                 on; see the topic's max.message.bytes",
                self.batch_bytes
            );
        }
    }

    /// Opens a producer where there is none and the pause is over.
    pub(crate) fn resume(&mut self) {
        if self.producer.is_some() || Instant::now() < self.paused_until {
            return;
        }
        match self.open() {
            Ok(producer) => self.producer = Some(producer),
            Err(error) => {
                self.shared.gauges.down(error.to_string());
                self.paused_until = Instant::now() + self.pause;
                self.pause = (self.pause * 2).min(PAUSE.1);
            }
        }
    }

    /// Hands records over, under the number `id`; it does not wait.
    pub(crate) fn send<'a>(
        &mut self,
        id: usize,
        records: impl Iterator<Item = (&'a [u8], &'a [u8])>,
    ) -> Launched {
        let mut launched = Launched::default();
        let Some(producer) = &self.producer else {
            return Launched { failed: true, ..launched };
        };
        for (key, value) in records {
            let record = BaseRecord::with_opaque_to(&self.shared.topic, id);
            match producer.send(record.key(key).payload(value)) {
                Ok(()) => launched.size += key.len() + value.len(),
                Err((KafkaError::MessageProduction(code), _)) if too_large(code) => {
                    launched.refused += 1;
                }
                Err((error, _)) => {
                    let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Unknown);
                    self.fail(code);
                    launched.failed = true;
                    return launched;
                }
            }
        }
        launched
    }
}
