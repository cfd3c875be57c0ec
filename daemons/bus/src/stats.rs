//! Counters.

use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

/// What the bus did since it was opened, and how it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BusStats {
    /// Records written.
    pub records: u64,
    /// Bytes on disk.
    pub disk_bytes: u64,
    /// Bytes of records that wait to be written.
    pub queued_bytes: u64,
    /// Records not taken because what is behind did not keep up.
    pub shed: u64,
    /// Heartbeats and results among them.
    pub shed_control: u64,
    /// Records that retention removed before a registered consumer had read them.
    pub removed_unread: u64,
    /// Bytes of a torn or damaged tail cut off at the start.
    pub torn_bytes: u64,
    /// Why writing fails at present.
    pub error: Option<String>,
    /// What only the Kafka engine has.
    #[cfg(feature = "kafka")]
    pub kafka: Option<crate::KafkaStats>,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) records: AtomicU64,
    pub(crate) disk_bytes: AtomicU64,
    pub(crate) shed: AtomicU64,
    pub(crate) shed_control: AtomicU64,
    pub(crate) removed_unread: AtomicU64,
    pub(crate) torn_bytes: AtomicU64,
    pub(crate) error: Mutex<Option<String>>,
}

impl Counters {
    pub(crate) fn read(&self) -> BusStats {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        BusStats {
            records: get(&self.records),
            disk_bytes: get(&self.disk_bytes),
            queued_bytes: 0,
            shed: get(&self.shed),
            shed_control: get(&self.shed_control),
            removed_unread: get(&self.removed_unread),
            torn_bytes: get(&self.torn_bytes),
            error: self.error.lock().clone(),
            #[cfg(feature = "kafka")]
            kafka: None,
        }
    }

    /// Counts what was taken and is lost after all.
    pub(crate) fn lose(&self, lost: u64) {
        if lost > 0 {
            self.shed.fetch_add(lost, Ordering::Relaxed);
            tracing::error!(bus.shed = lost, "the log ended with {lost} records unwritten");
        }
    }

    /// Counts what was cut off partition `number` at the start.
    pub(crate) fn torn(&self, number: u32, bytes: u64) {
        if bytes > 0 {
            self.torn_bytes.fetch_add(bytes, Ordering::Relaxed);
            tracing::warn!(
                bus.torn_bytes = bytes,
                "cut {bytes} bytes of a torn tail off partition {number}"
            );
        }
    }
}
