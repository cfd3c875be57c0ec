//! Finds out whether the log is as it was written.

use elk_api::audit::{Broken, Entry, Place, Verdict};

use super::store::{self, ANCHOR, HEAD};
use crate::store::{Result, Store, StoreError};

/// Entries that are read at a time.
const PAGE: u64 = 1_000;

/// Follows a chain, entry by entry.
#[derive(Debug)]
struct Walk {
    /// The last entry that was sound.
    reached: Place,
    entries: u64,
    broken: Option<Broken>,
}

impl Walk {
    fn new(anchor: Place) -> Self {
        Self { reached: anchor, entries: 0, broken: None }
    }

    /// Looks at the next entry; false if it is broken.
    fn take(&mut self, entry: &Entry) -> bool {
        let expected = self.reached.sequence.saturating_add(1);
        if entry.sequence != expected {
            return self.fail(expected, "it is missing");
        }
        self.entries += 1;
        if entry.previous != self.reached.hash {
            return self.fail(expected, "it does not follow the entry before it");
        }
        if store::hash(entry) != entry.hash {
            return self.fail(expected, "it is not what was written: its hash is another");
        }
        self.reached = Place { sequence: entry.sequence, hash: entry.hash.clone() };
        true
    }

    /// Compares the end with where the log is known to have reached.
    fn end(&mut self, head: &Place) {
        if self.broken.is_some() || self.reached == *head {
            return;
        }
        if self.reached.sequence < head.sequence {
            self.fail(self.reached.sequence + 1, "it is missing");
        } else {
            self.fail(head.sequence, "it is not the one that was written last");
        }
    }

    fn fail(&mut self, sequence: u64, why: &str) -> bool {
        self.broken = Some(Broken { sequence, why: why.to_owned() });
        false
    }
}

/// Walks through the log up to the entry that is the last one now; `known` has to be in it.
pub(super) async fn verify(store: &Store, known: Option<&Place>) -> Result<Verdict> {
    loop {
        let (anchor, head) = (store::mark(store, ANCHOR).await?, store::mark(store, HEAD).await?);
        let mut walk = Walk::new(anchor.clone());
        let mut seen = known.is_none_or(|it| it.sequence <= anchor.sequence);
        if known.is_some_and(|it| it.sequence == anchor.sequence) {
            seen = known == Some(&anchor);
        }
        let read = pages(store, &mut walk, head.sequence, |place| {
            seen |= known == Some(place);
        });
        // What cannot even be read was not written by a Manager.
        if let Err(error) = read.await {
            let StoreError::Value { what } = error else { return Err(error) };
            walk.fail(walk.reached.sequence + 1, &format!("its {what} cannot be read"));
        }
        walk.end(&head);
        // Entries were removed for their age while this looked at them.
        if walk.broken.is_some() && store::mark(store, ANCHOR).await? != anchor {
            continue;
        }
        if let Some(known) = known.filter(|_| !seen && walk.broken.is_none()) {
            walk.fail(known.sequence, "it is not the one that is known from before");
        }
        let Walk { entries, broken, .. } = walk;
        return Ok(Verdict { whole: broken.is_none(), entries, anchor, head, broken });
    }
}

async fn pages(
    store: &Store,
    walk: &mut Walk,
    last: u64,
    mut visit: impl FnMut(&Place),
) -> Result<()> {
    let mut limit = PAGE;
    while walk.reached.sequence < last {
        let page = match store::after(store, walk.reached.sequence, limit).await {
            // Those before the one that cannot be read are looked at one by one.
            Err(StoreError::Value { .. }) if limit > 1 => {
                limit = 1;
                continue;
            }
            page => page?,
        };
        if page.is_empty() {
            return Ok(());
        }
        for entry in page.iter().take_while(|it| it.sequence <= last) {
            if !walk.take(entry) {
                return Ok(());
            }
            visit(&walk.reached);
        }
        if page.first().is_some_and(|it| it.sequence > last) {
            return Ok(());
        }
    }
    Ok(())
}
