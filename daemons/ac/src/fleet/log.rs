//! The order in which agents changed and left, and cursors into it.

use std::collections::{BTreeMap, HashMap, VecDeque};

use elk_model::AgentId;

/// Ended connections that are remembered; a reader that is further behind reads everything.
pub(super) const MAX_GONE: usize = 200_000;

#[derive(Debug)]
pub(super) struct Log {
    epoch: u64,
    pub(super) last: u64,
    /// The last event that is not remembered any more.
    forgotten: u64,
    pub(super) changed: BTreeMap<u64, AgentId>,
    pub(super) at: HashMap<AgentId, u64>,
    pub(super) gone: VecDeque<(u64, AgentId)>,
}

impl Log {
    pub(super) fn new(epoch: u64) -> Self {
        Self {
            epoch,
            last: 0,
            forgotten: 0,
            changed: BTreeMap::new(),
            at: HashMap::new(),
            gone: VecDeque::new(),
        }
    }

    pub(super) fn changed(&mut self, id: &AgentId) {
        self.last += 1;
        if let Some(at) = self.at.insert(id.clone(), self.last) {
            self.changed.remove(&at);
        }
        self.changed.insert(self.last, id.clone());
    }

    pub(super) fn gone(&mut self, id: &AgentId) {
        self.last += 1;
        if let Some(at) = self.at.remove(id) {
            self.changed.remove(&at);
        }
        self.gone.push_back((self.last, id.clone()));
        if self.gone.len() > MAX_GONE
            && let Some((at, _)) = self.gone.pop_front()
        {
            self.forgotten = at;
        }
    }

    pub(super) fn read(&self, cursor: &str) -> Option<Place> {
        let mut parts = cursor.split('-');
        let epoch = u64::from_str_radix(parts.next()?, 16).ok()?;
        let at = parts.next()?.parse().ok()?;
        let began = parts.next().map_or(Ok(at), str::parse).ok()?;
        let place = Place { at, began };
        let ours = epoch == self.epoch && parts.next().is_none();
        let known = self.forgotten <= place.told() && place.told() <= self.last;
        (ours && known).then_some(place)
    }

    pub(super) fn cursor(&self, place: Place) -> String {
        let Place { at, began } = place;
        if began > at {
            format!("{:x}-{at}-{began}", self.epoch)
        } else {
            format!("{:x}-{at}", self.epoch)
        }
    }
}

/// How far a reader is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) at: u64,
    /// Where the log was when it began to read everything: who left before was never told of.
    pub(super) began: u64,
}

impl Place {
    /// Returns up to where a reader needs not hear of who left.
    pub(super) fn told(self) -> u64 {
        self.at.max(self.began)
    }
}
