//! What one user may hold at a time.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

/// Selections that have not expired.
const SELECTIONS: usize = 16;
/// Streams of records.
const TAILS: usize = 4;

/// Counts what each user holds.
#[derive(Debug, Default)]
pub(crate) struct Quotas {
    selections: Mutex<HashMap<String, Vec<Held>>>,
    tails: Arc<Mutex<HashMap<String, usize>>>,
}

#[derive(Debug)]
struct Held {
    id: String,
    expires_ms: i64,
    used: bool,
}

/// Leave to read records; given back when dropped.
#[derive(Debug)]
pub(crate) struct Tailing {
    tails: Arc<Mutex<HashMap<String, usize>>>,
    user: String,
}

impl Quotas {
    /// Notes a new selection, and returns an old one that makes room for it. One that was used does
    /// so; if none was, it says for how many seconds there is no room.
    pub(crate) fn select(
        &self,
        user: &str,
        id: &str,
        (now_ms, expires_ms): (i64, i64),
    ) -> Result<Option<String>, u64> {
        let mut all = self.selections.lock();
        all.values_mut().for_each(|held| held.retain(|it| it.expires_ms >= now_ms));
        all.retain(|_, held| !held.is_empty());
        let held = all.entry(user.to_owned()).or_default();
        let mut gone = None;
        if held.len() >= SELECTIONS {
            let Some(at) = held.iter().position(|it| it.used) else {
                let first = held.iter().map(|it| it.expires_ms).min().unwrap_or(now_ms);
                return Err(first.saturating_sub(now_ms).unsigned_abs().div_ceil(1_000).max(1));
            };
            gone = Some(held.remove(at).id);
        }
        held.push(Held { id: id.to_owned(), expires_ms, used: false });
        Ok(gone)
    }

    /// Notes that a selection was used.
    pub(crate) fn used(&self, id: &str) {
        let mut all = self.selections.lock();
        all.values_mut().flatten().filter(|it| it.id == id).for_each(|it| it.used = true);
    }

    /// Forgets a selection that did not come to be.
    pub(crate) fn unselect(&self, id: &str) {
        self.selections.lock().values_mut().for_each(|held| held.retain(|it| it.id != id));
    }

    /// Gives leave for one more stream of records; `None` if the user has as many as allowed.
    pub(crate) fn tail(&self, user: &str) -> Option<Tailing> {
        let mut tails = self.tails.lock();
        let count = tails.entry(user.to_owned()).or_default();
        if *count >= TAILS {
            return None;
        }
        *count += 1;
        Some(Tailing { tails: Arc::clone(&self.tails), user: user.to_owned() })
    }
}

impl Drop for Tailing {
    fn drop(&mut self) {
        let mut tails = self.tails.lock();
        let left = tails.get(&self.user).map_or(0, |it| it.saturating_sub(1));
        match left {
            0 => tails.remove(&self.user),
            left => tails.insert(self.user.clone(), left),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(quotas: &Quotas, user: &str, now: i64) {
        for number in 0..SELECTIONS {
            let made = quotas.select(user, &format!("{user}-{number}"), (now, now + 600_000));
            assert_eq!(made, Ok(None));
        }
    }

    #[test]
    fn a_selection_that_was_used_gives_way_and_one_that_was_not_does_not() {
        let quotas = Quotas::default();
        fill(&quotas, "kim", 0);
        assert_eq!(quotas.select("kim", "more", (1_000, 601_000)), Err(599));
        quotas.used("kim-3");
        let made = quotas.select("kim", "more", (1_000, 601_000));
        assert_eq!(made, Ok(Some("kim-3".to_owned())));
        assert!(quotas.select("kim", "again", (1_000, 601_000)).is_err());
        quotas.unselect("more");
        assert_eq!(quotas.select("kim", "again", (1_000, 601_000)), Ok(None));
    }

    #[test]
    fn others_have_room_of_their_own_and_time_makes_room() {
        let quotas = Quotas::default();
        fill(&quotas, "kim", 0);
        fill(&quotas, "eve", 0);
        assert!(quotas.select("kim", "more", (600_000, 1_200_000)).is_err());
        fill(&quotas, "kim", 600_001);
        assert_eq!(quotas.selections.lock().len(), 1, "users without any are not kept");
    }

    #[test]
    fn a_stream_that_ended_makes_room_for_another() {
        let quotas = Quotas::default();
        let mut held: Vec<_> = (0..TAILS).map(|_| quotas.tail("kim").unwrap()).collect();
        assert!(quotas.tail("kim").is_none());
        drop(quotas.tail("eve").unwrap());
        held.pop();
        held.push(quotas.tail("kim").unwrap());
        assert!(quotas.tail("kim").is_none());
        held.clear();
        assert!(quotas.tails.lock().is_empty());
    }
}
