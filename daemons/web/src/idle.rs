//! Connections on which nothing is open: they are closed, so that they cannot keep others out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

/// What is open on one connection.
#[derive(Clone, Debug, Default)]
pub struct Calls(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    open: AtomicUsize,
    changed: Notify,
}

/// One call; dropped, it is over.
#[derive(Debug)]
pub struct Call(Calls);

impl Calls {
    /// Begins a call.
    #[must_use]
    pub fn open(&self) -> Call {
        self.0.open.fetch_add(1, Ordering::Relaxed);
        self.0.changed.notify_one();
        Call(self.clone())
    }

    fn none(&self) -> bool {
        self.0.open.load(Ordering::Relaxed) == 0
    }

    /// Waits until nothing was open for as long as `limit`.
    pub async fn idle(&self, limit: Duration) {
        loop {
            let changed = self.0.changed.notified();
            if !self.none() {
                changed.await;
            } else if timeout(limit, changed).await.is_err() && self.none() {
                return;
            }
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.0.0.open.fetch_sub(1, Ordering::Relaxed);
        self.0.0.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, sleep};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn only_a_connection_without_calls_is_idle() {
        let calls = Calls::default();
        let limit = Duration::from_secs(10);
        let start = Instant::now();
        let work = async {
            sleep(Duration::from_secs(9)).await;
            let (one, other) = (calls.open(), calls.open());
            sleep(Duration::from_secs(100)).await;
            drop(one);
            sleep(Duration::from_secs(100)).await;
            drop(other);
            sleep(Duration::from_secs(9)).await;
            drop(calls.open());
        };
        tokio::join!(calls.idle(limit), work);
        assert_eq!(start.elapsed(), Duration::from_secs(9 + 200 + 9 + 10));
    }
}
