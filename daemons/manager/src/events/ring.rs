//! The ring that events are kept in.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use elk_api::events::{Event, EventType};
use elk_life::Stop;
use elk_model::AgentId;
use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::sync::{Notify, watch};
use tokio::time::sleep;

use super::Draft;

/// Events that are kept.
pub(super) const CAPACITY: usize = 16_384;
/// The largest event, as JSON; of a larger one the detail is left out.
const MAX_JSON: usize = 8 << 10;
/// Bytes that are kept.
const MAX_BYTES: usize = 32 << 20;
/// What an event takes besides its texts, about.
const ROW_BYTES: usize = 256;
/// Watchers at a time.
const MAX_WATCHERS: usize = 4_096;
/// Watchers are woken this often at most, however much happens.
const PACE: Duration = Duration::from_millis(20);

/// The events of this process: cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Events(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Tells the ids of this process from those of others.
    epoch: String,
    ring: Mutex<Ring>,
    /// Something was put into the ring.
    fresh: Notify,
    /// The number of the newest event that watchers were told of.
    told: watch::Sender<u64>,
    watchers: AtomicUsize,
}

/// An event as it is kept: made into JSON once, not for each watcher.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) at: Timestamp,
    pub(super) r#type: EventType,
    pub(super) agent: Option<AgentId>,
    /// The event as JSON, behind its id.
    rest: String,
}

impl Kept {
    fn of(draft: Draft) -> Self {
        let (at, r#type, agent) = (draft.at, draft.r#type, draft.agent);
        let mut event = Event {
            id: String::new(),
            at,
            r#type,
            action: draft.action,
            agent,
            object: draft.object,
            detail: draft.detail,
        };
        let mut text = serde_json::to_string(&event).unwrap_or_default();
        if text.len() > MAX_JSON {
            event.detail = serde_json::Value::Null;
            text = serde_json::to_string(&event).unwrap_or_default();
        }
        let rest = text.strip_prefix(NO_ID).unwrap_or_default().to_owned();
        Self { at, r#type, agent: event.agent, rest }
    }

    fn bytes(&self) -> usize {
        ROW_BYTES + self.rest.len()
    }

    /// Returns the event as one line of JSON.
    pub(super) fn json(&self, id: &str) -> String {
        format!("{{\"id\":\"{id}\",{}", self.rest)
    }
}

/// How an event without an id begins.
const NO_ID: &str = "{\"id\":\"\",";

#[derive(Debug, Default)]
struct Ring {
    kept: VecDeque<Arc<Kept>>,
    /// Number of the first event that is kept, or of the next one.
    first: u64,
    bytes: usize,
    /// When the newest one happened that is not kept any more.
    lost: Option<Timestamp>,
}

/// What stands behind a place.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    pub(super) events: Vec<(u64, Arc<Kept>)>,
    /// How many between the place and the first of these are gone.
    pub(super) missed: u64,
    /// The place behind the last of these.
    pub(super) next: u64,
}

/// Where a reader begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Start {
    /// Number of the next event.
    pub(super) next: u64,
    /// Whether earlier ones that were asked for may be missing.
    pub(super) gap: bool,
}

/// A watcher that has leave to be there.
#[derive(Debug)]
pub(super) struct Seat(Events);

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.0.watchers.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Default for Events {
    fn default() -> Self {
        let epoch = uuid::Uuid::new_v4().simple().to_string();
        let (told, watchers) = (watch::Sender::new(0), AtomicUsize::new(0));
        let ring = Mutex::new(Ring { first: 1, ..Ring::default() });
        Self(Arc::new(Inner { epoch, ring, fresh: Notify::new(), told, watchers }))
    }
}

impl Events {
    /// Tells what happened. It waits for nobody, however many watch.
    pub(crate) fn publish(&self, draft: Draft) {
        let kept = Arc::new(Kept::of(draft));
        self.0.ring.lock().push(kept);
        self.0.fresh.notify_one();
    }

    /// Returns the id of the place behind the event with a number.
    pub(super) fn id(&self, number: u64) -> String {
        format!("{}-{number}", self.0.epoch)
    }

    /// Returns the place behind all events.
    pub(super) fn end(&self) -> Start {
        Start { next: self.0.ring.lock().next(), gap: false }
    }

    /// Returns the place of the first event that is kept.
    pub(super) fn begin(&self) -> Start {
        let ring = self.0.ring.lock();
        Start { next: ring.first, gap: ring.lost.is_some() }
    }

    /// Returns the place behind an id; `None` for what is none. Behind ids of another process is the
    /// first event that is kept, and a gap.
    pub(super) fn after(&self, id: &str) -> Option<Start> {
        let (epoch, number) = id.rsplit_once('-')?;
        let number: u64 = number.parse().ok()?;
        let hex = epoch.len() == 32 && epoch.bytes().all(|it| it.is_ascii_hexdigit());
        let ring = self.0.ring.lock();
        if epoch != self.0.epoch || number >= ring.next() {
            return hex.then_some(Start { next: ring.first, gap: true });
        }
        Some(Start { next: number + 1, gap: false })
    }

    /// Returns the place of the first event from a time on; `started` is when this process began.
    pub(super) fn since(&self, since: Timestamp, started: Timestamp) -> Start {
        let ring = self.0.ring.lock();
        let skipped = ring.kept.iter().take_while(|it| it.at < since).count() as u64;
        let gap = ring.lost.unwrap_or(started) > since;
        Start { next: ring.first + skipped, gap }
    }

    /// Returns up to `limit` events from a place on.
    pub(super) fn read(&self, next: u64, limit: usize) -> Batch {
        self.0.ring.lock().read(next, limit)
    }

    /// Waits until there is an event with this number, or a later one.
    pub(super) async fn reach(&self, number: u64) {
        let mut told = self.0.told.subscribe();
        // An error means that the sender is gone, which is kept by this.
        drop(told.wait_for(|it| *it >= number).await);
    }

    /// Gives leave to one more watcher, if there is room.
    pub(super) fn sit(&self) -> Option<Seat> {
        let watchers = &self.0.watchers;
        let seat = Seat(self.clone());
        // Dropping the seat counts down again.
        (watchers.fetch_add(1, Ordering::Relaxed) < MAX_WATCHERS).then_some(seat)
    }

    /// Wakes those who watch until asked to stop: so what a writer does is the same for any number.
    pub(crate) async fn wake(self, stop: Stop) -> Result<(), Infallible> {
        while stop.until(self.0.fresh.notified()).await.is_some() {
            self.0.told.send_replace(self.0.ring.lock().next() - 1);
            if stop.until(sleep(PACE)).await.is_none() {
                break;
            }
        }
        Ok(())
    }
}

impl Ring {
    /// Returns the number of the next event.
    fn next(&self) -> u64 {
        self.first + self.kept.len() as u64
    }

    fn push(&mut self, kept: Arc<Kept>) {
        self.bytes += kept.bytes();
        self.kept.push_back(kept);
        while self.kept.len() > CAPACITY || self.bytes > MAX_BYTES {
            let Some(old) = self.kept.pop_front() else { break };
            self.bytes -= old.bytes();
            self.first += 1;
            self.lost = self.lost.max(Some(old.at));
        }
    }

    fn read(&self, next: u64, limit: usize) -> Batch {
        let missed = self.first.saturating_sub(next);
        let from = next.max(self.first);
        let skipped = usize::try_from(from - self.first).unwrap_or(usize::MAX);
        let some = self.kept.iter().skip(skipped).take(limit);
        let events: Vec<_> = (from..).zip(some.map(Arc::clone)).collect();
        let next = from + events.len() as u64;
        Batch { events, missed, next }
    }
}

#[cfg(test)]
mod tests {
    use elk_life::Tasks;
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    fn draft(number: usize) -> Draft {
        let at = NOW + i64::try_from(number).unwrap();
        Draft::new(EventType::Cluster, "tested", at).about(&number.to_string())
    }

    fn publish(events: &Events, numbers: std::ops::Range<usize>) {
        for number in numbers {
            events.publish(draft(number));
        }
    }

    /// Reads up to the event with a number; returns how many were seen and missed.
    async fn follow(events: Events, from: u64, last: u64) -> (u64, u64) {
        let (mut next, mut seen, mut missed) = (from, 0, 0);
        while next <= last {
            let batch = events.read(next, 100);
            let first = next + batch.missed;
            let numbers = batch.events.iter().map(|it| it.0);
            assert!(numbers.eq(first..first + batch.events.len() as u64));
            seen += batch.events.len() as u64;
            missed += batch.missed;
            next = batch.next;
            if batch.events.is_empty() {
                events.reach(next).await;
            } else {
                // As if it were written to a socket.
                tokio::task::yield_now().await;
            }
        }
        (seen, missed)
    }

    #[tokio::test]
    async fn two_thousand_watchers_get_each_event_or_its_gap_and_no_writer_waits_for_one() {
        let (events, stop, tasks) = (Events::default(), Stop::default(), Tasks::new(2_001));
        let count = CAPACITY as u64 + 5_000;
        tasks
            .try_spawn({
                let wake = events.clone().wake(stop.clone());
                async move { wake.await.unwrap() }
            })
            .unwrap();
        let results = Arc::new(Mutex::new(Vec::new()));
        for _ in 0..2_000 {
            let (events, results) = (events.clone(), Arc::clone(&results));
            let task = async move {
                let counted = follow(events, 1, count).await;
                results.lock().push(counted);
            };
            tasks.try_spawn(task).unwrap();
        }
        while events.0.told.receiver_count() < 2_000 {
            tokio::task::yield_now().await;
        }
        // On one thread and without a pause: had a writer to wait for anybody, this would not end.
        publish(&events, 0..4_000);
        while results.lock().is_empty() && events.0.told.receiver_count() > 0 {
            tokio::task::yield_now().await;
        }
        publish(&events, 4_000..usize::try_from(count).unwrap());
        while results.lock().len() < 2_000 {
            tokio::task::yield_now().await;
        }
        for (seen, missed) in results.lock().iter() {
            assert_eq!(seen + missed, count);
            assert!(*seen >= CAPACITY as u64, "{seen}");
        }
        stop.now();
        tasks.drain(Duration::from_secs(5)).await;
    }

    #[test]
    fn who_is_slow_misses_what_the_ring_has_passed_and_is_told_how_many() {
        let events = Events::default();
        publish(&events, 0..CAPACITY);
        let slow = events.read(1, 10);
        assert_eq!((slow.events.len(), slow.missed, slow.next), (10, 0, 11));
        publish(&events, CAPACITY..2 * CAPACITY);
        let late = events.read(slow.next, 10);
        assert_eq!(late.missed, CAPACITY as u64 - 10);
        let (number, event) = &late.events[0];
        let event: Event = serde_json::from_str(&event.json(&events.id(*number))).unwrap();
        assert_eq!((event.object, event.id), (CAPACITY.to_string(), events.id(*number)));
        assert_eq!(events.0.ring.lock().kept.len(), CAPACITY);
    }

    #[test]
    fn ids_of_another_process_mean_a_gap_and_what_is_no_id_nothing() {
        let (events, other) = (Events::default(), Events::default());
        publish(&events, 0..3);
        publish(&other, 0..3);
        assert_eq!(events.after(&events.id(2)), Some(Start { next: 3, gap: false }));
        assert_eq!(events.after(&events.id(3)), Some(Start { next: 4, gap: false }));
        assert_eq!(events.after(&events.id(0)), Some(Start { next: 1, gap: false }));
        for id in [other.id(2), events.id(4), events.id(u64::MAX)] {
            assert_eq!(events.after(&id), Some(Start { next: 1, gap: true }), "{id}");
        }
        for id in ["", "-", "1", "x-1", &format!("{}x", events.id(1)), "ä-1"] {
            assert_eq!(events.after(id), None, "{id}");
        }
    }

    #[test]
    fn since_a_time_that_is_not_kept_is_a_gap() {
        let events = Events::default();
        let at = |ms: i64| Timestamp::from_millisecond(NOW + ms).unwrap();
        publish(&events, 0..10);
        assert_eq!(events.since(at(4), at(0)), Start { next: 5, gap: false });
        assert_eq!(events.since(at(-1), at(0)), Start { next: 1, gap: true });
        assert_eq!(events.since(at(99), at(0)), Start { next: 11, gap: false });
        publish(&events, 10..CAPACITY + 5);
        assert_eq!(events.since(at(5), at(0)), Start { next: 6, gap: false });
        assert!(events.since(at(3), at(0)).gap && events.begin().gap);
    }

    #[test]
    fn large_events_are_bounded_by_their_bytes_too_and_larger_ones_lose_their_detail() {
        let events = Events::default();
        for number in 0..CAPACITY {
            events.publish(draft(number).with(json!({ "x": "y".repeat(MAX_JSON - 256) })));
        }
        let ring = events.0.ring.lock();
        assert!(ring.bytes <= MAX_BYTES && ring.kept.len() < CAPACITY / 2);
        drop(ring);
        events.publish(draft(0).with(json!({ "x": "y".repeat(MAX_JSON) })));
        let last = events.end().next - 1;
        assert!(events.read(last, 1).events[0].1.json("i").ends_with("\"detail\":null}"));
    }

    #[test]
    fn there_is_room_for_so_many_watchers_and_for_others_when_they_go() {
        let events = Events::default();
        let mut seats: Vec<_> = (0..MAX_WATCHERS).map(|_| events.sit().unwrap()).collect();
        assert!(events.sit().is_none() && events.sit().is_none());
        seats.pop();
        seats.push(events.sit().unwrap());
        assert!(events.sit().is_none());
    }
}
