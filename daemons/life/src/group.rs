//! Long-lived tasks that live and die together.

use std::collections::HashMap;
use std::error::Error;
use std::mem;
use std::time::Duration;

use tokio::task::{self, JoinSet};
use tokio::time::timeout;
use tracing::{Instrument as _, info_span};

use crate::Stop;

/// Any error a task may end with.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Why a [`Group`] did not stop cleanly.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// A task failed or panicked; the others were stopped.
    #[error("task `{name}` failed")]
    Failed {
        /// Name it was spawned under.
        name: &'static str,
        /// What went wrong inside it.
        #[source]
        source: BoxError,
    },
    /// A task returned although nobody asked it to.
    #[error("task `{name}` ended before it was asked to stop")]
    Ended {
        /// Name it was spawned under.
        name: &'static str,
    },
    /// Tasks were still running when the grace period ended; they were aborted.
    #[error("tasks {names:?} did not stop within {grace:?}")]
    Stuck {
        /// Names of the tasks.
        names: Vec<&'static str>,
        /// How long they were given.
        grace: Duration,
    },
}

/// Long-lived tasks: the first one that ends on its own stops all of them.
#[derive(Debug, Default)]
pub struct Group {
    stop: Stop,
    tasks: JoinSet<Result<(), BoxError>>,
    names: HashMap<task::Id, &'static str>,
}

impl Group {
    /// Creates an empty group that obeys `stop`.
    pub fn new(stop: Stop) -> Self {
        Self { stop, ..Self::default() }
    }

    /// Returns the request to stop that the group obeys.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Starts `task` in a span called `name`.
    pub fn spawn<F, E>(&mut self, name: &'static str, task: F)
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let task = async move { task.await.map_err(Into::into) };
        let handle = self.tasks.spawn(task.instrument(info_span!("task", name)));
        self.names.insert(handle.id(), name);
    }

    /// Waits until stopped, or until a task ends on its own; then stops the rest.
    ///
    /// # Errors
    ///
    /// Returns the first failure. Tasks that still run `grace` after the stop are
    /// aborted and named in [`GroupError::Stuck`].
    pub async fn join(mut self, grace: Duration) -> Result<(), GroupError> {
        let stop = self.stop.clone();
        let mut outcome = match stop.until(self.next_ended()).await.flatten() {
            Some((name, Ok(()))) if !stop.is_stopped() => Err(GroupError::Ended { name }),
            Some((_, result)) => result,
            None => Ok(()),
        };
        stop.now();
        let drain = async {
            while let Some((_, result)) = self.next_ended().await {
                outcome = mem::replace(&mut outcome, Ok(())).and(result);
            }
        };
        if timeout(grace, drain).await.is_err() {
            let mut names: Vec<_> = mem::take(&mut self.names).into_values().collect();
            names.sort_unstable();
            outcome = outcome.and(Err(GroupError::Stuck { names, grace }));
        }
        outcome
    }

    async fn next_ended(&mut self) -> Option<(&'static str, Result<(), GroupError>)> {
        let (id, result) = match self.tasks.join_next_with_id().await? {
            Ok((id, result)) => (id, result),
            Err(panic) => (panic.id(), Err(panic.into())),
        };
        let name = self.names.remove(&id).unwrap_or("unnamed");
        Some((name, result.map_err(|source| GroupError::Failed { name, source })))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::pending;

    use super::*;
    use crate::chain;

    #[tokio::test]
    async fn one_failure_stops_the_others_and_is_reported_with_its_cause() {
        let stop = Stop::default();
        let mut group = Group::new(stop.clone());
        group.spawn("fails", async { Err::<(), _>("disk full") });
        let waits = stop.clone();
        group.spawn("waits", async move {
            waits.wait().await;
            Ok::<(), Infallible>(())
        });
        let error = group.join(Duration::from_secs(5)).await.unwrap_err();
        assert_eq!(chain(&error).to_string(), "task `fails` failed: disk full");
        assert!(stop.is_stopped());
    }

    #[tokio::test(start_paused = true)]
    async fn a_deaf_task_is_aborted_after_the_grace_period_and_named() {
        let stop = Stop::default();
        let mut group = Group::new(stop.clone());
        group.spawn("deaf", pending::<Result<(), Infallible>>());
        stop.now();
        let error = group.join(Duration::from_secs(30)).await.unwrap_err();
        assert_eq!(error.to_string(), r#"tasks ["deaf"] did not stop within 30s"#);
    }

    #[tokio::test]
    async fn leaving_early_or_panicking_is_a_failure() {
        let mut group = Group::default();
        group.spawn("early", async { Ok::<(), Infallible>(()) });
        let error = group.join(Duration::from_secs(5)).await.unwrap_err();
        assert!(matches!(error, GroupError::Ended { name: "early" }), "{error}");

        let mut group = Group::default();
        group.spawn("panics", async {
            assert!(std::hint::black_box(false), "on purpose");
            Ok::<(), Infallible>(())
        });
        let error = group.join(Duration::from_secs(5)).await.unwrap_err();
        assert!(matches!(error, GroupError::Failed { name: "panics", .. }), "{error}");
    }
}
