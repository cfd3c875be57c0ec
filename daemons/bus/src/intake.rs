//! Where records are put in: gathered by partition, bounded, in order; whoever puts them in never
//! waits.

use std::collections::VecDeque;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

use crate::partition::partition;
use crate::stats::Counters;
use crate::{FlushError, Full, Value, block};

/// Buffers kept for the next blocks: new memory costs more than filling it.
const SPARE: usize = 64;

/// Records that wait for the thread that takes them on.
#[derive(Debug)]
pub(crate) struct Intake {
    builders: Vec<Mutex<Builder>>,
    /// Bytes of records that were put in and are not done with.
    pub(crate) queued: AtomicUsize,
    pub(crate) inbox: Mutex<Inbox>,
    pub(crate) wake: Condvar,
    spare: Mutex<Vec<Vec<u8>>>,
    /// Above so many bytes bulk is shed; above twice as many, all is.
    limit: usize,
    /// Nothing is put in any more.
    closed: AtomicBool,
}

/// Records of one partition that wait to fill a block.
#[derive(Debug, Default)]
struct Builder {
    payload: Vec<u8>,
    count: u32,
    /// Bulk is shed: there is no room behind.
    control_only: bool,
}

/// What the thread has to do.
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
    /// When the block was closed.
    #[cfg(feature = "kafka")]
    pub(crate) since: tokio::time::Instant,
}

impl Intake {
    pub(crate) fn new(partitions: usize, limit: usize) -> Self {
        Self {
            builders: (0..partitions).map(|_| Mutex::default()).collect(),
            queued: AtomicUsize::new(0),
            inbox: Mutex::default(),
            wake: Condvar::new(),
            spare: Mutex::default(),
            limit,
            closed: AtomicBool::new(false),
        }
    }

    /// Takes `values`, or as many as there is room for, and counts the others.
    pub(crate) fn append<V: Value>(
        &self,
        key: &[u8],
        values: impl ExactSizeIterator<Item = V>,
        counters: &Counters,
    ) -> Result<(), Full> {
        let count = u32::try_from(self.builders.len()).unwrap_or(u32::MAX);
        let number = partition(key, count) as usize;
        let Some(builder) = self.builders.get(number) else { return Ok(()) };
        let queued = self.queued.load(Ordering::Relaxed);
        let (mut grown, mut shed, mut shed_control) = (0, 0, 0);
        let mut builder = builder.lock();
        let full = self.closed.load(Ordering::Acquire) || queued > self.limit.saturating_mul(2);
        let no_bulk = full || queued > self.limit || builder.control_only;
        for value in values {
            let control = value.is_control();
            let before = builder.payload.len();
            let refused = if control { full } else { no_bulk };
            if refused || !block::push(&mut builder.payload, key, &value) {
                shed += 1;
                shed_control += u64::from(control);
                continue;
            }
            builder.count += 1;
            grown += builder.payload.len() - before;
            if builder.payload.len() >= block::TARGET {
                self.queued.fetch_add(std::mem::take(&mut grown), Ordering::Relaxed);
                self.hand_over(number, &mut builder);
                self.wake.notify_one();
            }
        }
        self.queued.fetch_add(grown, Ordering::Relaxed);
        drop(builder);
        let Some(shed) = NonZeroU64::new(shed) else { return Ok(()) };
        counters.shed.fetch_add(shed.get(), Ordering::Relaxed);
        counters.shed_control.fetch_add(shed_control, Ordering::Relaxed);
        Err(Full { shed })
    }

    /// Hands all unfinished blocks to the thread, in their order.
    pub(crate) fn sweep(&self) {
        for (number, builder) in self.builders.iter().enumerate() {
            self.hand_over(number, &mut builder.lock());
        }
    }

    /// Says whether a partition sheds bulk.
    #[cfg(feature = "kafka")]
    pub(crate) fn take_control_only(&self, partition: usize, only: bool) {
        if let Some(builder) = self.builders.get(partition) {
            builder.lock().control_only = only;
        }
    }

    /// Completes when the thread has done what a flush asks of it.
    pub(crate) async fn flush(&self) -> Result<(), FlushError> {
        let closed = || FlushError { reason: "the log is closed".to_owned() };
        let (reply, done) = oneshot::channel();
        self.sweep();
        {
            let mut inbox = self.inbox.lock();
            if inbox.close {
                return Err(closed());
            }
            inbox.flushes.push(reply);
        }
        self.wake.notify_one();
        done.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Lets nothing more in and asks the thread to finish what is there and end.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.inbox.lock().close = true;
        self.wake.notify_one();
    }

    /// Ends the intake when its thread is gone: what still waits is shed, who waits is told.
    pub(crate) fn end(&self, counters: &Counters) {
        self.closed.store(true, Ordering::Release);
        self.sweep();
        let mut inbox = self.inbox.lock();
        inbox.close = true;
        let left = std::mem::take(&mut inbox.blocks);
        inbox.flushes.clear();
        drop(inbox);
        counters.lose(left.iter().map(|it| u64::from(it.count)).sum());
        counters.error.lock().get_or_insert_with(|| "the log is closed".to_owned());
    }

    /// Keeps the buffer of a written block for the next one.
    pub(crate) fn reuse(&self, mut buffer: Vec<u8>) {
        let mut spare = self.spare.lock();
        if spare.len() < SPARE && buffer.capacity() <= 2 * block::TARGET {
            buffer.clear();
            spare.push(buffer);
        }
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
        let pending = Pending {
            partition,
            payload,
            count,
            #[cfg(feature = "kafka")]
            since: tokio::time::Instant::now(),
        };
        self.inbox.lock().blocks.push_back(pending);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sized(usize, bool);

    impl Value for Sized {
        fn write(&self, out: &mut Vec<u8>) {
            out.resize(out.len() + self.0, 7);
        }

        fn is_control(&self) -> bool {
            self.1
        }
    }

    #[test]
    fn where_there_is_no_room_for_all_bulk_is_shed_and_control_is_not() {
        let (intake, counters) = (Intake::new(1, 1_000), Counters::default());
        let put = |values: Vec<Sized>| {
            let taken = intake.append(b"key", values.into_iter(), &counters);
            taken.map_or_else(|full| full.shed.get(), |()| 0)
        };
        assert_eq!(put(vec![Sized(1_200, false)]), 0);
        assert_eq!(put(vec![Sized(10, false), Sized(600, true), Sized(10, false)]), 2);
        assert_eq!(put(vec![Sized(600, true)]), 0);
        assert_eq!(put(vec![Sized(10, true), Sized(10, false)]), 2, "memory is full");
        let told = counters.read();
        assert_eq!((told.shed, told.shed_control), (4, 1));
        intake.close();
        assert_eq!(put(vec![Sized(1, true)]), 1);
    }
}
