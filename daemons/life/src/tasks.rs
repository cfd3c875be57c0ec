//! Finite tasks, bounded in number.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

/// Finite tasks such as one per connection: at most `limit` at a time, all of them awaited at the end.
///
/// A panic ends its own task only.
#[derive(Clone, Debug)]
pub struct Tasks {
    room: Arc<Semaphore>,
    limit: usize,
    tracker: TaskTracker,
}

/// No further task was started: as many as allowed are running.
#[derive(Debug, thiserror::Error)]
#[error("{limit} tasks are running already")]
pub struct TasksFull {
    /// How many may run at a time.
    pub limit: usize,
}

impl Tasks {
    /// Creates a set that runs at most `limit` tasks at a time.
    pub fn new(limit: usize) -> Self {
        let limit = limit.min(Semaphore::MAX_PERMITS);
        Self { room: Arc::new(Semaphore::new(limit)), limit, tracker: TaskTracker::new() }
    }

    /// Starts `task` if there is room.
    ///
    /// # Errors
    ///
    /// [`TasksFull`] if `limit` tasks are running; `task` is dropped.
    pub fn try_spawn<F>(&self, task: F) -> Result<(), TasksFull>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() else {
            return Err(TasksFull { limit: self.limit });
        };
        self.start(permit, task);
        Ok(())
    }

    /// Starts `task` as soon as there is room.
    pub async fn spawn<F>(&self, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let permit = Arc::clone(&self.room).acquire_owned().await;
        self.start(permit.expect("the semaphore is never closed"), task);
    }

    /// Returns how many tasks are running.
    pub fn running(&self) -> usize {
        self.limit - self.room.available_permits()
    }

    /// Waits until all tasks have ended, `grace` at most; returns how many still run.
    pub async fn drain(&self, grace: Duration) -> usize {
        self.tracker.close();
        match timeout(grace, self.tracker.wait()).await {
            Ok(()) => 0,
            Err(_) => self.tracker.len(),
        }
    }

    fn start<F>(&self, permit: OwnedSemaphorePermit, task: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let task = async move {
            task.await;
            drop(permit);
        };
        drop(self.tracker.spawn(task));
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn a_full_set_refuses_and_room_comes_back_when_a_task_ends() {
        let tasks = Tasks::new(1);
        let (release, wait) = tokio::sync::oneshot::channel::<()>();
        tasks.try_spawn(async { drop(wait.await) }).unwrap();
        assert_eq!(tasks.try_spawn(async {}).unwrap_err().limit, 1);
        drop(release);
        tasks.spawn(async {}).await;
        assert_eq!(tasks.drain(Duration::from_secs(5)).await, 0);
        assert_eq!(tasks.running(), 0);
    }

    #[tokio::test]
    async fn a_panic_gives_its_room_back() {
        let tasks = Tasks::new(1);
        tasks.spawn(async { assert!(std::hint::black_box(false), "on purpose") }).await;
        assert_eq!(tasks.drain(Duration::from_secs(5)).await, 0);
        assert_eq!(tasks.running(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn drain_gives_up_after_the_grace_period_and_counts_who_is_stuck() {
        let tasks = Tasks::new(8);
        tasks.spawn(pending()).await;
        assert_eq!(tasks.drain(Duration::from_secs(3)).await, 1);
    }
}
