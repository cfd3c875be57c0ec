//! How fast one stream may send: beyond it the stream is not read, so nothing is lost.

use std::time::Duration;

use tokio::time::Instant;

/// Seconds of the rate that may come at once, after a silence.
const BURST: f64 = 8.0;

/// What one stream may send; none is allowed to take a whole AgentCenter.
#[derive(Debug)]
pub(crate) struct Pace {
    rate: f64,
    left: f64,
    at: Instant,
}

impl Pace {
    /// Allows `rate` bytes a second; 0 allows all.
    pub(crate) fn new(rate: u32, now: Instant) -> Self {
        let rate = f64::from(rate);
        Self { rate, left: rate * BURST, at: now }
    }

    /// Spends `bytes`; returns how long to wait before more is read.
    pub(crate) fn spend(&mut self, bytes: usize, now: Instant) -> Option<Duration> {
        if self.rate == 0.0 {
            return None;
        }
        let earned = now.duration_since(self.at).as_secs_f64() * self.rate;
        self.at = now;
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.left = (self.left + earned).min(self.rate * BURST) - f64::from(bytes);
        (self.left < 0.0).then(|| Duration::from_secs_f64(-self.left / self.rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_gets_its_rate_and_a_burst() {
        let start = Instant::now();
        let mut pace = Pace::new(1_000, start);
        assert_eq!(pace.spend(8_000, start), None);
        assert_eq!(pace.spend(500, start), Some(Duration::from_millis(500)));
        let later = start + Duration::from_millis(1_500);
        assert_eq!(pace.spend(1_000, later), None);
        let rested = start + Duration::from_secs(1_000);
        assert_eq!(pace.spend(9_000, rested), Some(Duration::from_secs(1)));
    }

    #[test]
    fn no_rate_is_no_limit() {
        let start = Instant::now();
        let mut pace = Pace::new(0, start);
        assert_eq!(pace.spend(usize::MAX, start), None);
    }
}
