//! The local log: opening, appending, closing.

use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;

use elk_life::Clock;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::block::Seal;
use crate::directory::{Meta, OpenError, create, describe, lock, partition_dir};
use crate::intake::Intake;
use crate::segment::Active;
use crate::stats::{BusStats, Counters};
use crate::writer::Writer;
use crate::{FlushError, Full, LocalConfig, Value};

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
        self.shared.intake.close();
    }
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: LocalConfig,
    pub(crate) clock: Clock,
    pub(crate) counters: Counters,
    pub(crate) ends: Vec<AtomicU64>,
    pub(crate) news: watch::Sender<u64>,
    pub(crate) intake: Intake,
    pub(crate) seal: Seal,
    /// The writer is gone: there will be nothing new.
    pub(crate) ended: AtomicBool,
}

/// The files of a log, repaired and owned by this process.
pub(crate) struct Files {
    pub(crate) active: Vec<Active>,
    pub(crate) seal: Seal,
    /// Held as long as the files are used.
    pub(crate) lock: File,
}

impl Files {
    /// Opens the log in `dir`, or makes one of `partitions`.
    pub(crate) fn open(
        dir: &Path,
        partitions: u32,
        counters: &Counters,
    ) -> Result<Self, OpenError> {
        let refused = |source| OpenError::Io { dir: dir.to_owned(), source };
        // Before the first write: a log that cannot be used is left as it is.
        let found = describe(dir)?;
        // What agents report is not for every user of this host.
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(refused)?;
        let lock = lock(dir)?;
        let Meta { partitions, seal, .. } = match found {
            Some(meta) => meta,
            None => describe(dir)?.map_or_else(|| create(dir, partitions), Ok)?,
        };
        let mut active = Vec::new();
        for number in 0..partitions {
            let place = partition_dir(dir, number);
            let (segment, torn) = Active::open(&place, seal).map_err(refused)?;
            counters.torn(number, torn);
            active.push(segment);
        }
        File::open(dir).and_then(|it| it.sync_all()).map_err(refused)?;
        Ok(Self { active, seal, lock })
    }
}

impl Local {
    pub(crate) fn open(config: LocalConfig, clock: Clock) -> Result<Self, OpenError> {
        let counters = Counters::default();
        let Files { active, seal, lock } = Files::open(&config.dir, config.partitions, &counters)?;
        let dir = config.dir.clone();
        let refused = |source| OpenError::Io { dir, source };
        let shared = Arc::new(Shared {
            clock,
            counters,
            ends: active.iter().map(|it| AtomicU64::new(it.next)).collect(),
            news: watch::Sender::new(0),
            intake: Intake::new(active.len(), config.queue_bytes),
            seal,
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
        self.shared.intake.append(key, values, &self.shared.counters)
    }

    pub(crate) async fn flush(&self) -> Result<(), FlushError> {
        self.shared.intake.flush().await
    }

    pub(crate) fn stats(&self) -> BusStats {
        let queued = self.shared.intake.queued.load(Ordering::Relaxed) as u64;
        BusStats { queued_bytes: queued, ..self.shared.counters.read() }
    }

    pub(crate) async fn close(&self) {
        self.shared.intake.close();
        let Some(thread) = self.owner.thread.lock().take() else { return };
        let joined = tokio::task::spawn_blocking(move || thread.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!("the writer of the log ended badly");
        }
    }
}

impl Shared {
    /// Ends the log in memory when its writer is gone: what still waits is shed, who waits is told.
    pub(crate) fn end(&self) {
        self.intake.end(&self.counters);
        self.ended.store(true, Ordering::Release);
        self.news.send_modify(|turn| *turn += 1);
    }
}
