//! Removing old segments.

use std::fs;
use std::io;
use std::sync::atomic::Ordering;
use std::time::UNIX_EPOCH;

use crate::consumer;
use crate::directory::partition_dir;
use crate::local::Shared;
use crate::segment::{self, Segment};

struct Closed {
    partition: usize,
    segment: Segment,
    end: u64,
    bytes: u64,
    written_at: i64,
}

/// Removes what is too old or too much, oldest first; the segment being written always stays.
pub(crate) fn enforce(shared: &Shared) {
    if let Err(error) = pass(shared) {
        tracing::warn!(%error, "could not remove old segments, will retry");
    }
}

fn pass(shared: &Shared) -> io::Result<()> {
    let config = &shared.config;
    let (mut closed, active_bytes) = survey(shared)?;
    closed.sort_by_key(|it| it.written_at);
    let mut total = active_bytes + closed.iter().map(|it| it.bytes).sum::<u64>();
    let now = shared.clock.unix();
    let max_age = i64::try_from(config.retain_seconds).unwrap_or(i64::MAX);
    for old in closed {
        let aged = max_age > 0 && now.saturating_sub(old.written_at) > max_age;
        let heavy = config.retain_bytes > 0 && total > config.retain_bytes;
        if !aged && !heavy && !disk_is_low(shared)? {
            break;
        }
        let unread = unread(shared, &old)?;
        fs::remove_file(&old.segment.path)?;
        total -= old.bytes;
        if unread > 0 {
            shared.counters.removed_unread.fetch_add(unread, Ordering::Relaxed);
            tracing::warn!(
                bus.removed_unread = unread,
                "removed {unread} records that a consumer had not read"
            );
        }
    }
    shared.counters.disk_bytes.store(total, Ordering::Relaxed);
    Ok(())
}

fn survey(shared: &Shared) -> io::Result<(Vec<Closed>, u64)> {
    let (mut closed, mut active_bytes) = (Vec::new(), 0);
    for (partition, number) in (0..shared.ends.len()).zip(0..) {
        let segments = segment::list(&partition_dir(&shared.config.dir, number))?;
        let ends = segments.iter().skip(1).map(|it| it.first).collect::<Vec<_>>();
        for (at, segment) in segments.into_iter().enumerate() {
            let meta = fs::metadata(&segment.path)?;
            let Some(end) = ends.get(at).copied() else {
                active_bytes += meta.len();
                continue;
            };
            let written = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            let written_at = i64::try_from(written.as_secs()).unwrap_or(i64::MAX);
            closed.push(Closed { partition, segment, end, bytes: meta.len(), written_at });
        }
    }
    Ok((closed, active_bytes))
}

fn disk_is_low(shared: &Shared) -> io::Result<bool> {
    let disk = rustix::fs::statvfs(&shared.config.dir)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize) < shared.config.min_free_bytes)
}

fn unread(shared: &Shared, old: &Closed) -> io::Result<u64> {
    let lowest = consumer::lowest(&shared.config.dir, shared.ends.len())?;
    let place = lowest.and_then(|places| places.get(old.partition).copied());
    Ok(place.map_or(0, |place| old.end.saturating_sub(place.max(old.segment.first))))
}
