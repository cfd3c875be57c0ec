//! How fast one user may go on with what fails and with what every user may do: each attempt is
//! written, and nobody's attempts shall fill the disk.

use std::collections::HashMap;

use parking_lot::Mutex;

use super::refusals::{Bucket, Rate};

const RATE: Rate = Rate { burst: 300, every_ms: 1_000 };
/// Users that are remembered.
const MAX_USERS: usize = 10_000;

/// Leave of each user to fail.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<HashMap<String, Bucket>>);

impl Pace {
    /// Returns whether a user may begin something.
    pub(super) fn is_free(&self, user: &str, now_ms: i64) -> bool {
        let mut users = self.0.lock();
        let Some(bucket) = users.get_mut(user) else { return true };
        bucket.refill(RATE, now_ms);
        bucket.left > 0
    }

    /// Notes that a user failed, or did what every user may do.
    pub(super) fn spend(&self, user: &str, now_ms: i64) {
        let mut users = self.0.lock();
        if users.len() >= MAX_USERS && !users.contains_key(user) {
            users.retain(|_, it| {
                it.refill(RATE, now_ms);
                it.left < RATE.burst
            });
        }
        let bucket = users.entry(user.to_owned()).or_insert_with(|| Bucket::full(RATE, now_ms));
        bucket.refill(RATE, now_ms);
        bucket.left = bucket.left.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_fails_again_and_again_waits_and_nobody_else_does() {
        let (pace, now) = (Pace::default(), 1_700_000_000_000);
        for _ in 0..RATE.burst {
            assert!(pace.is_free("eve", now));
            pace.spend("eve", now);
        }
        assert!(!pace.is_free("eve", now) && pace.is_free("kim", now));
        assert!(!pace.is_free("eve", now + 999) && pace.is_free("eve", now + 1_000));
        pace.spend("eve", now + 1_000);
        assert!(!pace.is_free("eve", now + 1_000));
    }
}
