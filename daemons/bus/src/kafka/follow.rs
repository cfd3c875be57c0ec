//! Reading a topic: tails and consumer groups, each with a thread that waits for the brokers.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _, ConsumerContext};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::message::{BorrowedMessage, Message as _};
use rdkafka::{ClientConfig, ClientContext, Offset, TopicPartitionList};
use tokio::sync::mpsc;

use super::Shared;
use crate::follow::{CommitError, Entry, Start, check_group};

/// How long a broker may take to answer.
const ANSWER: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(100);
/// Before the next attempt to reach a broker.
const RETRY: Duration = Duration::from_millis(300);
/// The most records that are passed on together, and the bytes after which they are.
const BATCH: (usize, usize) = (1_000, 1 << 20);
/// Batches that wait for their reader.
const AHEAD: usize = 4;

/// Where a tail begins.
#[derive(Clone, Debug)]
pub(crate) enum From {
    Start(Start),
    Places(Vec<u64>),
}

/// Entries, and where what comes after them is.
#[derive(Debug, Default)]
struct Batch {
    entries: Vec<Entry>,
    places: BTreeMap<u32, u64>,
}

type Client = BaseConsumer<Silent>;

/// What goes wrong is seen where messages are polled.
#[derive(Debug)]
struct Silent;

impl ClientContext for Silent {
    fn log(&self, level: rdkafka::config::RDKafkaLogLevel, facility: &str, message: &str) {
        tracing::debug!(?level, facility, ?message, "librdkafka");
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, ?reason, "librdkafka");
    }
}

impl ConsumerContext for Silent {}

/// Follows a topic.
#[derive(Debug)]
pub struct KafkaTail {
    batches: mpsc::Receiver<Batch>,
    places: Vec<u64>,
}

impl KafkaTail {
    pub(crate) fn new(shared: &Arc<Shared>, from: From) -> Self {
        let (sender, batches) = mpsc::channel(AHEAD);
        let mut config = shared.config.client();
        set(&mut config, "group.id", "elk-tail");
        let asked_ms = shared.clock.unix_ms();
        let reader = Reader { topic: shared.topic.clone(), shared: Arc::downgrade(shared), sender };
        spawn(move || {
            let client = match Reader::client(&config) {
                Ok(client) => client,
                Err(error) => return tracing::error!(%error, "cannot read from Kafka"),
            };
            let Some(places) = reader.begin(&client, &from, asked_ms) else { return };
            reader.run(&client, places);
        });
        Self { batches, places: Vec::new() }
    }

    pub(crate) fn places(&self) -> &[u64] {
        &self.places
    }

    /// The first batch has no entries: it says where all begins.
    pub(crate) async fn begin(&mut self) -> io::Result<()> {
        while self.places.is_empty() {
            self.receive().await?;
        }
        Ok(())
    }

    pub(crate) async fn next(&mut self) -> io::Result<Vec<Entry>> {
        loop {
            let entries = self.receive().await?;
            if !entries.is_empty() {
                return Ok(entries);
            }
        }
    }

    async fn receive(&mut self) -> io::Result<Vec<Entry>> {
        let Some(batch) = self.batches.recv().await else { return Err(closed()) };
        for (partition, place) in batch.places {
            let at = partition as usize;
            self.places.resize(self.places.len().max(at + 1), 0);
            if let Some(known) = self.places.get_mut(at) {
                *known = place;
            }
        }
        Ok(batch.entries)
    }
}

/// A member of a consumer group.
#[derive(Debug)]
pub struct KafkaConsumer {
    group: String,
    topic: String,
    client: Arc<Member>,
    batches: mpsc::Receiver<Batch>,
    /// What was returned.
    places: BTreeMap<u32, u64>,
}

struct Member(Client);

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Member")
    }
}

impl KafkaConsumer {
    pub(crate) fn open(shared: &Arc<Shared>, group: &str) -> Result<Self, CommitError> {
        let failed = |source| CommitError { group: group.to_owned(), source };
        check_group(group).map_err(failed)?;
        let (sender, batches) = mpsc::channel(AHEAD);
        let mut config = shared.config.client();
        set(&mut config, "group.id", group);
        let topic = shared.topic.clone();
        let reader = Reader { topic: topic.clone(), shared: Arc::downgrade(shared), sender };
        let client = Reader::client(&config).and_then(|client| {
            client.subscribe(&[&topic])?;
            Ok(client)
        });
        let client = Arc::new(Member(client.map_err(|it| failed(io::Error::other(it)))?));
        let member = Arc::clone(&client);
        spawn(move || reader.run(&member.0, BTreeMap::new()));
        Ok(Self { group: group.to_owned(), topic, client, batches, places: BTreeMap::new() })
    }

    pub(crate) async fn next(&mut self) -> io::Result<Vec<Entry>> {
        loop {
            let Some(batch) = self.batches.recv().await else { return Err(closed()) };
            self.places.extend(batch.places);
            if !batch.entries.is_empty() {
                return Ok(batch.entries);
            }
        }
    }

    pub(crate) async fn commit(&self) -> Result<(), CommitError> {
        let failed = |source| CommitError { group: self.group.clone(), source };
        if self.places.is_empty() {
            return Ok(());
        }
        let mut offsets = TopicPartitionList::new();
        for (partition, place) in &self.places {
            add(&mut offsets, &self.topic, *partition, Offset::Offset(signed(*place)))
                .map_err(|it| failed(io::Error::other(it)))?;
        }
        let client = Arc::clone(&self.client);
        let commit = move || client.0.commit(&offsets, CommitMode::Sync);
        let kept = tokio::task::spawn_blocking(commit).await;
        kept.map_err(io::Error::other).and_then(|it| it.map_err(io::Error::other)).map_err(failed)
    }
}

/// What the thread has.
struct Reader {
    topic: String,
    shared: Weak<Shared>,
    sender: mpsc::Sender<Batch>,
}

impl Reader {
    fn client(config: &ClientConfig) -> KafkaResult<Client> {
        let mut config = config.clone();
        set(&mut config, "enable.auto.commit", "false");
        set(&mut config, "enable.auto.offset.store", "false");
        set(&mut config, "auto.offset.reset", "earliest");
        set(&mut config, "queued.max.messages.kbytes", "16384");
        set(&mut config, "fetch.wait.max.ms", "50");
        set(&mut config, "topic.metadata.refresh.interval.ms", "5000");
        config.create_with_context(Silent)
    }

    /// Returns whether nobody reads, or nothing comes any more.
    fn is_over(&self) -> bool {
        let ended = self.shared.upgrade().is_none_or(|it| it.ended.load(Ordering::Acquire));
        ended || self.sender.is_closed()
    }

    /// Finds out where to begin, as soon as a broker tells.
    fn begin(&self, client: &Client, from: &From, asked_ms: i64) -> Option<BTreeMap<u32, u64>> {
        loop {
            match self.assign(client, from, asked_ms) {
                Ok(places) => {
                    let batch = Batch { entries: Vec::new(), places: places.clone() };
                    return self.sender.blocking_send(batch).is_ok().then_some(places);
                }
                Err(error) => tracing::debug!(%error, "cannot read from Kafka yet"),
            }
            if self.is_over() {
                return None;
            }
            drop(client.poll(RETRY));
        }
    }

    fn assign(&self, client: &Client, from: &From, asked: i64) -> KafkaResult<BTreeMap<u32, u64>> {
        let metadata = client.fetch_metadata(Some(&self.topic), ANSWER)?;
        let partitions = metadata.topics().iter().flat_map(|it| it.partitions());
        let mut places = BTreeMap::new();
        for partition in partitions.map(|it| it.id()) {
            let (low, high) = client.fetch_watermarks(&self.topic, partition, ANSWER)?;
            let (low, high) = (low.unsigned_abs(), high.unsigned_abs());
            let number = partition.unsigned_abs();
            let place = match from {
                From::Start(Start::Earliest) => low,
                From::Start(Start::Now) => self.place_at(client, number, asked)?.unwrap_or(high),
                From::Places(places) => match places.get(number as usize) {
                    Some(place) if (low..=high).contains(place) => *place,
                    _ => low,
                },
            };
            places.insert(number, place);
        }
        if places.is_empty() {
            return Err(KafkaError::MetadataFetch(
                rdkafka::error::RDKafkaErrorCode::UnknownTopicOrPartition,
            ));
        }
        let mut assignment = TopicPartitionList::new();
        for (partition, place) in &places {
            add(&mut assignment, &self.topic, *partition, Offset::Offset(signed(*place)))?;
        }
        client.assign(&assignment)?;
        Ok(places)
    }

    /// Returns the offset of the first record since `asked_ms`, if there is one.
    fn place_at(&self, client: &Client, number: u32, asked_ms: i64) -> KafkaResult<Option<u64>> {
        let mut asked = TopicPartitionList::new();
        add(&mut asked, &self.topic, number, Offset::Offset(asked_ms))?;
        let found = client.offsets_for_times(asked, ANSWER)?;
        let offset = found.elements().first().map(|it| it.offset());
        Ok(offset.and_then(|it| it.to_raw()).and_then(|it| u64::try_from(it).ok()))
    }

    fn run(&self, client: &Client, mut places: BTreeMap<u32, u64>) {
        loop {
            let mut batch = Batch::default();
            let (mut size, mut wait) = (0, POLL);
            while batch.entries.len() < BATCH.0 && size < BATCH.1 {
                match client.poll(wait) {
                    Some(Ok(message)) => size += take(&message, &mut places, &mut batch),
                    Some(Err(error)) => {
                        tracing::debug!(%error, "reading from Kafka");
                        break;
                    }
                    None => break,
                }
                wait = Duration::ZERO;
            }
            if batch.entries.is_empty() {
                if self.is_over() {
                    return;
                }
            } else if self.sender.blocking_send(batch).is_err() {
                return;
            }
        }
    }
}

/// Adds a message, and the gap before it, to a batch; returns its size.
fn take(
    message: &BorrowedMessage<'_>,
    places: &mut BTreeMap<u32, u64>,
    batch: &mut Batch,
) -> usize {
    let (partition, offset) = (message.partition().unsigned_abs(), message.offset().unsigned_abs());
    if let Some(place) = places.get(&partition)
        && *place < offset
    {
        batch.entries.push(Entry::Gap { partition, missed: offset - place });
    }
    places.insert(partition, offset + 1);
    batch.places.insert(partition, offset + 1);
    let bytes = |it: Option<&[u8]>| Bytes::copy_from_slice(it.unwrap_or_default());
    let (key, value) = (bytes(message.key()), bytes(message.payload()));
    let size = key.len() + value.len();
    batch.entries.push(Entry::Record { partition, offset, key, value });
    size
}

/// A thread of its own: it waits for brokers as long as somebody reads.
fn spawn(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().name("elk-bus-read".to_owned());
    if let Err(error) = thread.spawn(work) {
        tracing::error!(%error, "cannot start a thread to read from Kafka");
    }
}

fn closed() -> io::Error {
    io::Error::other("the log is closed")
}

fn set(config: &mut ClientConfig, key: &str, value: &str) {
    config.set(key, value);
}

fn signed(place: u64) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

fn add(list: &mut TopicPartitionList, topic: &str, number: u32, at: Offset) -> KafkaResult<()> {
    list.add_partition_offset(topic, i32::try_from(number).unwrap_or(i32::MAX), at)
}
