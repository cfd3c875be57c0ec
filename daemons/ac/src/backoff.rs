//! Growing pauses between attempts.

use std::time::Duration;

use rand::Rng as _;

/// Returns the pause after `failures` failures in a row: 1, 2, 4 .. `most` seconds, a fifth less at random.
pub(crate) fn pause(failures: u32, most: Duration) -> Duration {
    let doubled = Duration::from_secs(1 << failures.saturating_sub(1).min(16));
    doubled.min(most).mul_f64(rand::rng().random_range(0.8..=1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let most = Duration::from_secs(30);
        for (failures, full) in (1..).zip([1, 2, 4, 8, 16, 30, 30]) {
            let full = Duration::from_secs(full);
            let got = pause(failures, most);
            assert!(got <= full && got * 5 >= full * 4, "{got:?} of {full:?}");
        }
        assert!(pause(u32::MAX, most) <= most);
    }
}
