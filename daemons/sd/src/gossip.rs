//! How nodes bring each other up to date: no clock, no socket; time is an argument.
//!
//! Each node numbers what changes and sends each other node what that has not confirmed yet, in
//! order. What it learns from one node is a change of its own for the others: so news goes around
//! a link that is down, and what is lost is sent again.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::state::{Item, Registry};

/// How often a node sends what is not confirmed.
pub(crate) const TICK_MS: u64 = 200;
/// How often it does so where nothing is confirmed, and says that it is there.
const HELLO_MS: u64 = 1_000;
/// A node that was silent for so long is not there.
const SILENT_MS: u64 = 5_000;
/// A node that starts waits so long for another one to answer.
const JOIN_MS: u64 = 3_000;
/// Items of one message have about so many bytes: it travels in one piece.
const MESSAGE_BYTES: usize = 900;
/// The most messages to one node at a time.
const WINDOW: usize = 64;
/// The most nodes, and starts of nodes, that are remembered.
const MAX_HEARD: usize = 256;

/// What one node tells another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Message {
    /// What changed, for whoever has what came at `after` and before.
    Changes {
        /// This start of the sender.
        from: u64,
        /// Given back in the answer.
        to: u16,
        after: u64,
        /// Up to here with these.
        through: u64,
        /// The sender's last change.
        head: u64,
        /// The sender has all that there was when it started.
        whole: bool,
        items: Vec<Item>,
    },
    /// What was taken of the changes of `of`.
    Taken { from: u64, of: u64, to: u16, through: u64 },
}

/// What one node knows of the others.
#[derive(Debug)]
pub(crate) struct Gossip {
    /// Differs from that of all other nodes and starts.
    start: u64,
    began_ms: u64,
    /// By number, as configured.
    peers: Vec<Peer>,
    heard: HashMap<u64, Heard>,
    joined: bool,
}

#[derive(Clone, Debug, Default)]
struct Peer {
    start: Option<u64>,
    confirmed: u64,
    sent_ms: Option<u64>,
    answered_ms: Option<u64>,
}

#[derive(Debug, Default)]
struct Heard {
    /// Up to here all came.
    through: u64,
    /// What came beyond a gap: from after where to where.
    ahead: BTreeMap<u64, u64>,
    at_ms: u64,
}

/// Both clocks: that of registrations, and one that only goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    pub(crate) unix_ms: i64,
    pub(crate) ticks_ms: u64,
}

impl Gossip {
    pub(crate) fn new(start: u64, peers: usize, ticks_ms: u64) -> Self {
        let (heard, joined) = (HashMap::new(), peers == 0);
        Self { start, began_ms: ticks_ms, peers: vec![Peer::default(); peers], heard, joined }
    }

    /// Returns whether it has all that was there when it started, or nobody to ask for it.
    pub(crate) fn joined(&self, ticks_ms: u64) -> bool {
        self.joined || ticks_ms.saturating_sub(self.began_ms) >= JOIN_MS
    }

    /// Returns whether another node gave it all that was there.
    pub(crate) fn told(&self) -> bool {
        self.joined && !self.peers.is_empty()
    }

    /// Returns how many of the others answered of late.
    pub(crate) fn present(&self, ticks_ms: u64) -> usize {
        self.peers.iter().filter(|it| it.is_present(ticks_ms)).count()
    }

    /// Returns what is to be sent now, and to whom.
    pub(crate) fn tick(&mut self, registry: &Registry, now: Now) -> Vec<(usize, Message)> {
        let (from, head, whole) = (self.start, registry.head(), self.joined(now.ticks_ms));
        let mut messages = Vec::new();
        for (number, peer) in self.peers.iter_mut().enumerate() {
            let present = peer.is_present(now.ticks_ms);
            let waited = peer.sent_ms.is_none_or(|it| now.ticks_ms.saturating_sub(it) >= HELLO_MS);
            if !waited && (!present || peer.confirmed >= head) {
                continue;
            }
            let (mut after, to) = (peer.confirmed, u16::try_from(number).unwrap_or(u16::MAX));
            for _ in 0..if present { WINDOW } else { 1 } {
                let (items, through) = registry.changes_after(after, MESSAGE_BYTES, now.unix_ms);
                let changes = Message::Changes { from, to, after, through, head, whole, items };
                messages.push((number, changes));
                after = through;
                if through >= head {
                    break;
                }
            }
            peer.sent_ms = Some(now.ticks_ms);
        }
        messages
    }

    /// Takes what came; returns the answer.
    pub(crate) fn receive(
        &mut self,
        message: Message,
        registry: &mut Registry,
        now: Now,
    ) -> Option<Message> {
        match message {
            Message::Changes { from, .. } if from == self.start => None,
            Message::Changes { from, to, after, through, head, whole, items } => {
                for item in items {
                    registry.merge(item, now.unix_ms);
                }
                let through = self.note(from, (after, through), now.ticks_ms);
                self.joined |= whole && through >= head;
                Some(Message::Taken { from: self.start, of: from, to, through })
            }
            Message::Taken { from, of, to, through } => {
                let peer = self.peers.get_mut(usize::from(to)).filter(|_| of == self.start)?;
                if peer.start != Some(from) {
                    (peer.start, peer.confirmed) = (Some(from), 0);
                }
                peer.confirmed = peer.confirmed.max(through.min(registry.head()));
                peer.answered_ms = Some(now.ticks_ms);
                None
            }
        }
    }

    /// Notes which changes of a node came; returns up to where all did.
    fn note(&mut self, from: u64, (after, through): (u64, u64), at_ms: u64) -> u64 {
        if !self.heard.contains_key(&from) {
            // Whoever is new waits for what there is.
            self.peers.iter_mut().for_each(|it| it.sent_ms = None);
            let oldest = self.heard.iter().min_by_key(|(_, it)| it.at_ms).map(|(start, _)| *start);
            oldest.filter(|_| self.heard.len() >= MAX_HEARD).map(|it| self.heard.remove(&it));
        }
        let heard = self.heard.entry(from).or_default();
        heard.at_ms = at_ms;
        if heard.ahead.len() < WINDOW {
            heard.ahead.insert(after, through);
        } else if after <= heard.through {
            heard.through = heard.through.max(through);
        }
        while let Some(next) = heard.ahead.first_entry().filter(|it| *it.key() <= heard.through) {
            heard.through = heard.through.max(next.remove());
        }
        heard.through
    }
}

impl Peer {
    fn is_present(&self, ticks_ms: u64) -> bool {
        self.answered_ms.is_some_and(|it| ticks_ms.saturating_sub(it) < SILENT_MS)
    }
}

#[cfg(test)]
mod tests;
