//! The request to stop.

use tokio_util::sync::CancellationToken;

/// A request to stop, shared by every task of a process or of a part of it.
#[derive(Clone, Debug, Default)]
pub struct Stop(CancellationToken);

impl Stop {
    /// Asks every holder of this `Stop`, and of its children, to finish.
    pub fn now(&self) {
        self.0.cancel();
    }

    /// Returns a `Stop` that follows this one but can be stopped alone.
    #[must_use]
    pub fn child(&self) -> Self {
        Self(self.0.child_token())
    }

    /// Returns whether somebody asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Completes when somebody asks to stop.
    pub fn wait(&self) -> impl Future<Output = ()> + Send + use<> {
        self.0.clone().cancelled_owned()
    }

    /// Resolves `future`, or `None` if asked to stop first.
    pub async fn until<F: Future>(&self, future: F) -> Option<F::Output> {
        self.0.run_until_cancelled(future).await
    }
}
