//! The local log: opening, appending, closing.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use elk_life::Clock;
use parking_lot::{Condvar, Mutex};
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use tokio::sync::{oneshot, watch};

use crate::partition::partition;
use crate::segment::Active;
use crate::stats::{BusStats, Counters};
use crate::{FlushError, Full, LocalConfig, block, writer};

const FORMAT: u32 = 1;

/// Why a log could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("the log {dir:?} is in use by process {pid}")]
    InUse {
        /// Its directory.
        dir: PathBuf,
        /// The owner.
        pid: String,
    },
    /// It was written by a later version.
    #[error("the log {dir:?} has format {found}; this version reads up to {FORMAT}")]
    TooNew {
        /// Its directory.
        dir: PathBuf,
        /// Its format.
        found: u32,
    },
    /// Its description cannot be read.
    #[error("the log {dir:?} is damaged: {what}")]
    Damaged {
        /// Its directory.
        dir: PathBuf,
        /// What cannot be read.
        what: String,
    },
    /// The disk refused.
    #[error("could not open the log {dir:?}")]
    Io {
        /// Its directory.
        dir: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

#[derive(Serialize, Deserialize)]
struct Meta {
    format: u32,
    partitions: u32,
}

/// A segmented log on this host's disk.
#[derive(Clone, Debug)]
pub struct Local(pub(crate) Arc<Shared>);

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: LocalConfig,
    pub(crate) clock: Clock,
    pub(crate) counters: Counters,
    pub(crate) ends: Vec<AtomicU64>,
    pub(crate) news: watch::Sender<u64>,
    builders: Vec<Mutex<Builder>>,
    pub(crate) queued: AtomicUsize,
    pub(crate) inbox: Mutex<Inbox>,
    pub(crate) wake: Condvar,
    closed: AtomicBool,
    thread: Mutex<Option<JoinHandle<()>>>,
    _lock: File,
}

/// Records of one partition that wait to fill a block.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    payload: Vec<u8>,
    count: u32,
}

/// What the writer has to do.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    pub(crate) blocks: VecDeque<Pending>,
    pub(crate) flushes: Vec<oneshot::Sender<Result<(), FlushError>>>,
    pub(crate) close: bool,
}

/// A block that is not written yet.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) partition: usize,
    pub(crate) payload: Vec<u8>,
    pub(crate) count: u32,
}

impl Local {
    pub(crate) fn open(config: LocalConfig, clock: Clock) -> Result<Self, OpenError> {
        let dir = config.dir.clone();
        let refused = |source| OpenError::Io { dir: dir.clone(), source };
        fs::create_dir_all(&dir).map_err(refused)?;
        let lock = lock(&dir)?;
        let partitions = partitions(&dir, config.partitions)?;
        let counters = Counters::default();
        let mut active = Vec::new();
        for number in 0..partitions {
            let (segment, torn) = Active::open(&partition_dir(&dir, number)).map_err(refused)?;
            if torn > 0 {
                tracing::warn!(
                    bus.torn_bytes = torn,
                    "cut {torn} bytes of a torn tail off partition {number}"
                );
                counters.torn_bytes.fetch_add(torn, Ordering::Relaxed);
            }
            active.push(segment);
        }
        let shared = Arc::new(Shared {
            clock,
            counters,
            ends: active.iter().map(|it| AtomicU64::new(it.next)).collect(),
            news: watch::Sender::new(0),
            builders: active.iter().map(|_| Mutex::default()).collect(),
            queued: AtomicUsize::new(0),
            inbox: Mutex::default(),
            wake: Condvar::new(),
            closed: AtomicBool::new(false),
            thread: Mutex::new(None),
            _lock: lock,
            config,
        });
        let writer = writer::Writer::new(Arc::clone(&shared), active).map_err(refused)?;
        // A thread of its own: it blocks on the disk, which must not hold a runtime's worker up.
        let thread = std::thread::Builder::new().name("elk-bus".to_owned());
        let thread = thread.spawn(move || writer.run()).map_err(refused)?;
        *shared.thread.lock() = Some(thread);
        Ok(Self(shared))
    }

    pub(crate) fn append<'a>(
        &self,
        key: &[u8],
        values: impl ExactSizeIterator<Item = &'a [u8]>,
    ) -> Result<(), Full> {
        let shared = &*self.0;
        let Some(count) = NonZeroU64::new(values.len() as u64) else { return Ok(()) };
        let full = shared.queued.load(Ordering::Relaxed) > shared.config.queue_bytes;
        if full || shared.closed.load(Ordering::Acquire) {
            shared.counters.shed.fetch_add(count.get(), Ordering::Relaxed);
            return Err(Full { shed: count });
        }
        let count = u32::try_from(shared.builders.len()).unwrap_or(u32::MAX);
        let number = partition(key, count) as usize;
        let Some(builder) = shared.builders.get(number) else { return Ok(()) };
        let mut builder = builder.lock();
        let before = builder.payload.len();
        for value in values {
            block::push(&mut builder.payload, key, value);
            builder.count += 1;
        }
        shared.queued.fetch_add(builder.payload.len() - before, Ordering::Relaxed);
        if builder.payload.len() >= block::TARGET {
            shared.hand_over(number, &mut builder);
            shared.wake.notify_one();
        }
        Ok(())
    }

    pub(crate) async fn flush(&self) -> Result<(), FlushError> {
        let closed = || FlushError { reason: "the log is closed".to_owned() };
        let (reply, done) = oneshot::channel();
        self.0.sweep();
        {
            let mut inbox = self.0.inbox.lock();
            if inbox.close {
                return Err(closed());
            }
            inbox.flushes.push(reply);
        }
        self.0.wake.notify_one();
        done.await.unwrap_or_else(|_| Err(closed()))
    }

    pub(crate) fn stats(&self) -> BusStats {
        self.0.counters.read()
    }

    pub(crate) async fn close(&self) {
        self.0.closed.store(true, Ordering::Release);
        let Some(thread) = self.0.thread.lock().take() else { return };
        self.0.sweep();
        self.0.inbox.lock().close = true;
        self.0.wake.notify_one();
        let joined = tokio::task::spawn_blocking(move || thread.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!("the writer of the log ended badly");
        }
    }
}

impl Shared {
    /// Hands all unfinished blocks to the writer, in their order.
    pub(crate) fn sweep(&self) {
        for (number, builder) in self.builders.iter().enumerate() {
            self.hand_over(number, &mut builder.lock());
        }
    }

    /// The builder stays locked until its block is queued, which keeps blocks in order.
    fn hand_over(&self, partition: usize, builder: &mut Builder) {
        if builder.count == 0 {
            return;
        }
        let next = Vec::with_capacity(builder.payload.len().min(block::TARGET * 2));
        let payload = std::mem::replace(&mut builder.payload, next);
        let count = std::mem::take(&mut builder.count);
        self.inbox.lock().blocks.push_back(Pending { partition, payload, count });
    }
}

pub(crate) fn partition_dir(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("p{number:03}"))
}

fn lock(dir: &Path) -> Result<File, OpenError> {
    let refused = |source| OpenError::Io { dir: dir.to_owned(), source };
    let mut options = OpenOptions::new();
    let mut file = options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(dir.join("LOCK"))
        .map_err(refused)?;
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        let mut pid = String::new();
        drop((&mut file).take(20).read_to_string(&mut pid));
        return Err(OpenError::InUse { dir: dir.to_owned(), pid: pid.trim().to_owned() });
    }
    file.set_len(0).map_err(refused)?;
    writeln!(file, "{}", std::process::id()).map_err(refused)?;
    Ok(file)
}

fn partitions(dir: &Path, wanted: u32) -> Result<u32, OpenError> {
    let damaged = |what: &str| OpenError::Damaged { dir: dir.to_owned(), what: what.to_owned() };
    let refused = |source| OpenError::Io { dir: dir.to_owned(), source };
    let path = dir.join("meta.json");
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if !(1..=1024).contains(&wanted) {
                return Err(damaged("a log has 1 to 1024 partitions"));
            }
            let meta = Meta { format: FORMAT, partitions: wanted };
            let text = serde_json::to_vec(&meta).map_err(io::Error::from).map_err(refused)?;
            write_synced(&path, &text).map_err(refused)?;
            return Ok(wanted);
        }
        Err(error) => return Err(refused(error)),
    };
    let meta: Meta =
        serde_json::from_slice(&text).map_err(|_| damaged("meta.json cannot be read"))?;
    if meta.format > FORMAT {
        return Err(OpenError::TooNew { dir: dir.to_owned(), found: meta.format });
    }
    if !(1..=1024).contains(&meta.partitions) {
        return Err(damaged("meta.json names no number of partitions"));
    }
    Ok(meta.partitions)
}

/// Replaces a small file as a whole.
pub(crate) fn write_synced(path: &Path, content: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("new");
    let mut file = File::create(&draft)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    match path.parent() {
        Some(dir) => File::open(dir)?.sync_all(),
        None => Ok(()),
    }
}
