//! What tells one host from another that uses the same agent id.

use elk_model::AgentId;
use elk_wire::record::Message;
use sha2::{Digest as _, Sha256};

/// Boot times are computed from two clocks and waver.
const BOOT_SLACK_SECONDS: u64 = 2;

/// What is known about the host behind a stream; what is unknown matches anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Empty if unknown.
    pub(crate) hostname: Box<[u8]>,
    /// Unix seconds.
    pub(crate) boot_time: Option<i64>,
    /// Unix seconds of the last sign of life.
    pub(crate) seen: i64,
}

impl Facts {
    /// Returns whether the two are certainly different hosts.
    pub(crate) fn differ(&self, other: &Self) -> bool {
        let names = !self.hostname.is_empty() && !other.hostname.is_empty();
        (names && self.hostname != other.hostname) || self.boots_differ(other)
    }

    /// Returns whether this can be the host of `earlier` after it was started again.
    pub(crate) fn restarted(&self, earlier: &Self) -> bool {
        let names = self.hostname.is_empty()
            || earlier.hostname.is_empty()
            || self.hostname == earlier.hostname;
        names && self.boot_time.is_some_and(|boot| boot >= earlier.seen)
    }

    /// Returns whether a new stream with these facts takes the place of one with `earlier`.
    pub(crate) fn succeeds(&self, earlier: &Self) -> bool {
        !self.differ(earlier) || self.restarted(earlier)
    }

    /// Returns whether all is known and equal.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.boot_time.is_some() && other.boot_time.is_some() && !self.differ(other)
    }

    fn boots_differ(&self, other: &Self) -> bool {
        match (self.boot_time, other.boot_time) {
            (Some(a), Some(b)) => a.abs_diff(b) > BOOT_SLACK_SECONDS,
            _ => false,
        }
    }
}

/// Returns what the control plane calls the sender of `message`: the id it sends or, where that
/// cannot be used, a key made of its host name and private addresses.
pub(crate) fn identify(message: &Message) -> AgentId {
    let sent = str::from_utf8(&message.agent_id).ok().and_then(|id| id.parse().ok());
    sent.unwrap_or_else(|| derive(message))
}

fn derive(message: &Message) -> AgentId {
    let mut addresses: Vec<_> =
        message.intranet_ipv4.iter().chain(&message.intranet_ipv6).collect();
    addresses.sort();
    let mut hash = Sha256::new();
    for part in [&message.agent_id, &message.hostname].into_iter().chain(addresses) {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let (head, _) = digest.split_first_chunk().expect("a digest has 32 bytes");
    format!("host-{:032x}", u128::from_be_bytes(*head)).parse().expect("hexadecimal is printable")
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn message(id: &'static [u8], host: &'static str, ip: &'static str) -> Message {
        let mut message = Message::default();
        message.agent_id = Bytes::from_static(id);
        message.hostname = host.into();
        message.intranet_ipv4 = vec![ip.into()];
        message
    }

    #[test]
    fn empty_and_unprintable_ids_get_a_stable_key_of_the_host() {
        let key = identify(&message(b"", "vm", "10.0.0.1"));
        assert!(key.as_str().starts_with("host-"), "{key}");
        assert_eq!(key, identify(&message(b"", "vm", "10.0.0.1")));
        assert_ne!(key, identify(&message(b"", "vm", "10.0.0.2")));
        assert_ne!(key, identify(&message(b"", "vm2", "10.0.0.1")));
        assert_ne!(key, identify(&message(b"\x1b[2J", "vm", "10.0.0.1")));
        assert_eq!(identify(&message(b"agent-1", "vm", "10.0.0.1")).as_str(), "agent-1");
    }

    #[test]
    fn a_later_boot_of_the_same_host_is_no_other_host() {
        let facts = |name: &str, boot_time, seen| Facts {
            hostname: name.as_bytes().into(),
            boot_time,
            seen,
        };
        let old = facts("vm", Some(100), 500);
        assert!(facts("vm", None, 600).succeeds(&old));
        assert!(facts("vm", Some(101), 600).succeeds(&old));
        assert!(facts("vm", Some(550), 600).succeeds(&old));
        assert!(!facts("vm", Some(300), 600).succeeds(&old));
        assert!(!facts("other", Some(550), 600).succeeds(&old));
        assert!(facts("", None, 600).succeeds(&old));
    }
}
