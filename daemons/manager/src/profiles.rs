//! Profiles: what agents should run, worked out for each of them.

pub(crate) mod http;
pub(crate) mod lists;
pub(crate) mod pins;
pub(crate) mod report;
pub(crate) mod resolve;
pub(crate) mod store;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use elk_api::profiles::DEFAULT_PROFILE;
use parking_lot::Mutex;

use crate::app::App;
use crate::store::Result;
use resolve::{Catalog, Desired, Facts, Held};

/// The profile with the files it needs, read once for each revision.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    /// Grows with each change.
    edition: AtomicU64,
    read: Mutex<Option<(u64, Arc<Catalog>)>>,
}

impl Cache {
    /// Says that the profile has changed.
    pub(crate) fn outdate(&self) {
        self.edition.fetch_add(1, Ordering::SeqCst);
    }
}

/// Returns the profile with the files it needs.
pub(crate) async fn catalog(app: &App) -> Result<Arc<Catalog>> {
    let edition = app.profile.edition.load(Ordering::SeqCst);
    if let Some((read_at, catalog)) = &*app.profile.read.lock()
        && *read_at == edition
    {
        return Ok(Arc::clone(catalog));
    }
    let profile = store::get(&app.store, DEFAULT_PROFILE).await?;
    let catalog = Arc::new(Catalog::read(&app.store, profile).await?);
    *app.profile.read.lock() = Some((edition, Arc::clone(&catalog)));
    Ok(catalog)
}

/// Returns the complete set that an agent should run, or why it is left as it is. It is never empty.
pub(crate) async fn desired(
    app: &App,
    agent: &str,
    facts: &Facts,
) -> Result<std::result::Result<Desired, Held>> {
    if let Some(task) = store::emptied_by(&app.store, agent).await? {
        return Ok(Err(Held::Emptied(task)));
    }
    let mut pins = pins::of(&app.store, &[agent.to_owned()]).await?;
    let pins = pins.remove(agent).unwrap_or_default();
    let released = pins::released(&app.store, [&pins]).await?;
    Ok(catalog(app).await?.desired(facts, &pins, &released))
}
