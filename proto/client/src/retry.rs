//! When a call is made again, and after how long.

use std::time::Duration;

use rand::Rng as _;
use reqwest::Response;

/// How often a call that may be repeated is made at most.
pub(crate) const ATTEMPTS: u32 = 3;
const FIRST: Duration = Duration::from_millis(200);
/// A server that asks for a longer wait is not waited for.
const LONGEST: Duration = Duration::from_secs(20);

/// Which failures a call survives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Repeat {
    /// None.
    Never,
    /// That nothing was sent.
    Unsent,
    /// Also a server that is busy or away.
    Safe,
}

/// Returns the wait before attempt `next` (1 is the second): between nothing and a bound that doubles.
pub(crate) fn backoff(next: u32) -> Duration {
    let bound = FIRST.saturating_mul(1 << next.saturating_sub(1).min(10));
    bound.mul_f64(rand::rng().random_range(0.0..=1.0))
}

/// Returns how long a busy server asks to be left alone; `None` if the answer is not such, or asks too long.
pub(crate) fn busy(response: &Response, next: u32) -> Option<Duration> {
    if !matches!(response.status().as_u16(), 429 | 502..=504) {
        return None;
    }
    let asked = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
    match asked.and_then(|text| text.trim().parse().ok()).map(Duration::from_secs) {
        Some(wait) if wait > LONGEST => None,
        Some(wait) => Some(wait + backoff(next)),
        None => Some(backoff(next)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_stay_under_a_bound_that_doubles() {
        for (next, bound) in [(1, 200), (2, 400), (3, 800), (40, 204_800)] {
            for _ in 0..100 {
                assert!(backoff(next) <= Duration::from_millis(bound), "attempt {next}");
            }
        }
    }
}
