//! The clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// Reads wall-clock time; a test holds the hands of [`Clock::manual`].
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The system clock.
    #[default]
    System,
    /// A clock that moves only when told to, in milliseconds since the Unix epoch.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// Creates a clock that stands at `unix_ms` until it is moved.
    pub fn manual(unix_ms: i64) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(unix_ms)))
    }

    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "the one place that reads the system clock"
            )]
            Self::System => Timestamp::now(),
            Self::Manual(ms) => {
                Timestamp::from_millisecond(ms.load(Ordering::Relaxed)).unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// Returns the current time in whole seconds since the Unix epoch.
    pub fn unix(&self) -> i64 {
        self.now().as_second()
    }

    /// Returns the current time in milliseconds since the Unix epoch.
    pub fn unix_ms(&self) -> i64 {
        self.now().as_millisecond()
    }

    /// Moves a manual clock by `ms` (backwards if negative); the system clock ignores it.
    pub fn advance_ms(&self, ms: i64) {
        if let Self::Manual(at) = self {
            at.fetch_add(ms, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told_to() {
        let clock = Clock::manual(1_700_000_000_500);
        assert_eq!((clock.unix(), clock.unix_ms()), (1_700_000_000, 1_700_000_000_500));
        clock.advance_ms(-1_000);
        assert_eq!(clock.unix_ms(), 1_699_999_999_500);
    }
}
