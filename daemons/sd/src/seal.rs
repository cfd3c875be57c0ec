//! Datagrams between nodes: who does not have the key of the cluster is not heard.

use elk_trust::Secret;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::gossip::Message;

const MAGIC: [u8; 4] = *b"ESD1";
const HEAD: usize = 12;
const MAC: usize = 32;
/// How far a sender's clock may be from this node's. What is sent again within this time does no
/// harm: a registry takes nothing twice.
const WINDOW_MS: u64 = 60_000;

/// Why a datagram is not heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Dropped {
    #[error("no node of this cluster signed it")]
    Unsigned,
    #[error("its time is more than 60 s from this node's: the clocks differ, or it is an old one")]
    Stale,
    #[error("it is of another version")]
    Unreadable,
}

impl Dropped {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Unsigned, Self::Stale, Self::Unreadable];

    /// The name in metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Stale => "stale",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Returns the bytes of a message: `ESD1`, milliseconds since the Unix epoch, JSON, HMAC-SHA256 of
/// all before it.
pub(crate) fn seal(key: &Secret, message: &Message, now_ms: i64) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(now_ms.to_be_bytes());
    serde_json::to_writer(&mut bytes, message).expect("keys are strings");
    let mac = signer(key).chain_update(&bytes).finalize().into_bytes();
    bytes.extend(mac);
    bytes
}

/// Reads a message of whoever has the key.
pub(crate) fn open(key: &Secret, bytes: &[u8], now_ms: i64) -> Result<Message, Dropped> {
    let at = bytes.len().checked_sub(MAC).filter(|at| *at >= HEAD).ok_or(Dropped::Unsigned)?;
    let (signed, mac) = bytes.split_at(at);
    signer(key).chain_update(signed).verify_slice(mac).map_err(|_| Dropped::Unsigned)?;
    let (head, body) = signed.split_at(HEAD);
    let (magic, time) = head.split_at(MAGIC.len());
    let time = time.try_into().map_err(|_| Dropped::Unreadable)?;
    if magic != MAGIC {
        return Err(Dropped::Unreadable);
    }
    if i64::from_be_bytes(time).abs_diff(now_ms) > WINDOW_MS {
        return Err(Dropped::Stale);
    }
    serde_json::from_slice(body).map_err(|_| Dropped::Unreadable)
}

fn signer(key: &Secret) -> Hmac<Sha256> {
    Hmac::new_from_slice(key.expose().as_bytes()).expect("a key of any length will do")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_signed_whole_and_of_this_time_is_heard() {
        let key = Secret::new("0123456789abcdef");
        let message = Message::Taken { from: 1, of: 2, to: 3, through: 4 };
        let bytes = seal(&key, &message, 1_000_000);
        assert_eq!(open(&key, &bytes, 1_000_000 + 60_000), Ok(message.clone()));
        for now_ms in [1_000_000 + 60_001, 1_000_000 - 60_001, i64::MIN, i64::MAX] {
            assert_eq!(open(&key, &bytes, now_ms), Err(Dropped::Stale));
        }
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            assert_eq!(open(&key, &changed, 1_000_000), Err(Dropped::Unsigned));
            assert_eq!(open(&key, &bytes[..at], 1_000_000), Err(Dropped::Unsigned));
        }
        let other = Secret::new("0123456789abcdeF");
        assert_eq!(open(&other, &bytes, 1_000_000), Err(Dropped::Unsigned));
    }
}
