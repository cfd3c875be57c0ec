//! What those who watch are told of tasks: not each answer, but how many there are.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use elk_api::events::EventType;
use elk_api::tasks::TaskCounts;
use serde_json::json;
use tokio::time::Instant;

use super::store;
use crate::app::App;
use crate::events::Draft;
use crate::store::Result;

/// Counting takes this part of the time at most.
const SHARE: u32 = 20;
const SHORTEST_PAUSE: Duration = Duration::from_millis(500);

/// What was told of tasks that have not ended.
#[derive(Default)]
pub(super) struct Progress {
    told: HashMap<String, TaskCounts>,
    again_at: Option<Instant>,
}

impl Progress {
    /// Tells which of the open tasks have got on.
    pub(super) async fn tell(
        &mut self,
        app: &App,
        open: impl Iterator<Item = &str>,
        finished: &[String],
    ) -> Result<()> {
        let begun = Instant::now();
        if self.again_at.is_some_and(|at| begun < at) {
            return Ok(());
        }
        let ended: HashSet<&str> = finished.iter().map(String::as_str).collect();
        let mut told = HashMap::new();
        for id in open.filter(|it| !ended.contains(it)) {
            let counts = store::counts(&app.store, id).await?;
            // What is first seen was told when it was created.
            if self.told.get(id).is_some_and(|it| *it != counts) {
                let now_ms = app.clock.unix_ms();
                let draft = Draft::new(EventType::Task, "progress", now_ms).about(id);
                app.store.events.publish(draft.with(json!({ "counts": counts })));
            }
            told.insert(id.to_owned(), counts);
        }
        self.told = told;
        self.again_at = Some(Instant::now() + (begun.elapsed() * SHARE).max(SHORTEST_PAUSE));
        Ok(())
    }
}
