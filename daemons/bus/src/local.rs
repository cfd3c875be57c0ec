//! The local log: opening, appending, closing.

use std::collections::VecDeque;
use std::fs::{DirBuilder, File};
use std::num::NonZeroU64;
use std::os::unix::fs::DirBuilderExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;

use elk_life::Clock;
use parking_lot::{Condvar, Mutex};
use tokio::sync::{oneshot, watch};

use crate::block::Seal;
use crate::directory::{OpenError, create, describe, lock, partition_dir};
use crate::partition::partition;
use crate::segment::Active;
use crate::stats::{BusStats, Counters};
use crate::writer::Writer;
use crate::{FlushError, Full, LocalConfig, Value, block};

/// Buffers kept for the next blocks: new memory costs more than filling it.
const SPARE: usize = 64;

/// A segmented log on this host's disk.
#[derive(Clone, Debug)]
pub struct Local {
    pub(crate) shared: Arc<Shared>,
    owner: Arc<Owner>,
}

/// Ends the writer when the last handle is dropped.
#[derive(Debug)]
struct Owner {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.close();
    }
}

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
    spare: Mutex<Vec<Vec<u8>>>,
    pub(crate) seal: Seal,
    /// Nothing is appended any more.
    closed: AtomicBool,
    /// The writer is gone: there will be nothing new.
    pub(crate) ended: AtomicBool,
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
        // Before the first write: a log that cannot be used is left as it is.
        let found = describe(&dir)?;
        // What agents report is not for every user of this host.
        DirBuilder::new().recursive(true).mode(0o700).create(&dir).map_err(refused)?;
        let lock = lock(&dir)?;
        let meta = match found {
            Some(meta) => meta,
            None => describe(&dir)?.map_or_else(|| create(&dir, config.partitions), Ok)?,
        };
        let counters = Counters::default();
        let mut active = Vec::new();
        for number in 0..meta.partitions {
            let place = partition_dir(&dir, number);
            let (segment, torn) = Active::open(&place, meta.seal).map_err(refused)?;
            counters.torn(number, torn);
            active.push(segment);
        }
        File::open(&dir).and_then(|it| it.sync_all()).map_err(refused)?;
        let shared = Arc::new(Shared {
            clock,
            counters,
            ends: active.iter().map(|it| AtomicU64::new(it.next)).collect(),
            news: watch::Sender::new(0),
            builders: active.iter().map(|_| Mutex::default()).collect(),
            queued: AtomicUsize::new(0),
            inbox: Mutex::default(),
            wake: Condvar::new(),
            spare: Mutex::default(),
            seal: meta.seal,
            closed: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            config,
        });
        let writer = Writer::new(Arc::clone(&shared), active, lock);
        // A thread of its own: it blocks on the disk, which must not hold a runtime's worker up.
        let thread = std::thread::Builder::new().name("elk-bus".to_owned());
        let thread = thread.spawn(move || writer.run()).map_err(refused)?;
        let owner = Owner { shared: Arc::clone(&shared), thread: Mutex::new(Some(thread)) };
        Ok(Self { shared, owner: Arc::new(owner) })
    }

    pub(crate) fn append<V: Value>(
        &self,
        key: &[u8],
        values: impl ExactSizeIterator<Item = V>,
    ) -> Result<(), Full> {
        let shared = &*self.shared;
        if values.len() == 0 {
            return Ok(());
        }
        let full = shared.queued.load(Ordering::Relaxed) > shared.config.queue_bytes;
        if full {
            return shared.shed(values.len());
        }
        let count = u32::try_from(shared.builders.len()).unwrap_or(u32::MAX);
        let number = partition(key, count) as usize;
        let Some(builder) = shared.builders.get(number) else { return Ok(()) };
        let (mut grown, mut too_large) = (0, 0);
        let mut builder = builder.lock();
        if shared.closed.load(Ordering::Acquire) {
            return shared.shed(values.len());
        }
        for value in values {
            let before = builder.payload.len();
            if !block::push(&mut builder.payload, key, &value) {
                too_large += 1;
                continue;
            }
            builder.count += 1;
            grown += builder.payload.len() - before;
            if builder.payload.len() >= block::TARGET {
                shared.queued.fetch_add(std::mem::take(&mut grown), Ordering::Relaxed);
                shared.hand_over(number, &mut builder);
                shared.wake.notify_one();
            }
        }
        shared.queued.fetch_add(grown, Ordering::Relaxed);
        drop(builder);
        shared.shed(too_large)
    }

    pub(crate) async fn flush(&self) -> Result<(), FlushError> {
        let closed = || FlushError { reason: "the log is closed".to_owned() };
        let (reply, done) = oneshot::channel();
        self.shared.sweep();
        {
            let mut inbox = self.shared.inbox.lock();
            if inbox.close {
                return Err(closed());
            }
            inbox.flushes.push(reply);
        }
        self.shared.wake.notify_one();
        done.await.unwrap_or_else(|_| Err(closed()))
    }

    pub(crate) fn stats(&self) -> BusStats {
        let queued = self.shared.queued.load(Ordering::Relaxed) as u64;
        BusStats { queued_bytes: queued, ..self.shared.counters.read() }
    }

    pub(crate) async fn close(&self) {
        self.shared.close();
        let Some(thread) = self.owner.thread.lock().take() else { return };
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

    /// Lets nothing more in and asks the writer to write out what is there and end.
    fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.inbox.lock().close = true;
        self.wake.notify_one();
    }

    /// Ends the log in memory when its writer is gone: what still waits is shed, who waits is told.
    pub(crate) fn end(&self) {
        self.closed.store(true, Ordering::Release);
        self.sweep();
        let mut inbox = self.inbox.lock();
        inbox.close = true;
        let left = std::mem::take(&mut inbox.blocks);
        inbox.flushes.clear();
        drop(inbox);
        let lost: u64 = left.iter().map(|it| u64::from(it.count)).sum();
        if lost > 0 {
            self.counters.shed.fetch_add(lost, Ordering::Relaxed);
            tracing::error!(bus.shed = lost, "the log ended with {lost} records unwritten");
        }
        self.counters.error.lock().get_or_insert_with(|| "the log is closed".to_owned());
        self.ended.store(true, Ordering::Release);
        self.news.send_modify(|turn| *turn += 1);
    }

    /// Keeps the buffer of a written block for the next one.
    pub(crate) fn reuse(&self, mut buffer: Vec<u8>) {
        let mut spare = self.spare.lock();
        if spare.len() < SPARE && buffer.capacity() <= 2 * block::TARGET {
            buffer.clear();
            spare.push(buffer);
        }
    }

    fn shed(&self, count: usize) -> Result<(), Full> {
        let Some(shed) = NonZeroU64::new(count as u64) else { return Ok(()) };
        self.counters.shed.fetch_add(shed.get(), Ordering::Relaxed);
        Err(Full { shed })
    }

    /// The builder stays locked until its block is queued, which keeps blocks in order.
    fn hand_over(&self, partition: usize, builder: &mut Builder) {
        if builder.count == 0 {
            return;
        }
        let spare = self.spare.lock().pop();
        let next = spare.unwrap_or_else(|| Vec::with_capacity(block::TARGET + (64 << 10)));
        let payload = std::mem::replace(&mut builder.payload, next);
        let count = std::mem::take(&mut builder.count);
        self.inbox.lock().blocks.push_back(Pending { partition, payload, count });
    }
}
