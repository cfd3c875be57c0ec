//! Password hashes: argon2id, 19 MiB, two passes.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use rand::RngCore as _;
use tokio::sync::Semaphore;

const COST: Cost = Cost { memory_kib: 19_456, passes: 2, lanes: 1 };
const DIGEST: usize = 32;
const SALT: usize = 16;

/// How much work a hash is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// What is stored of a password: `$argon2id$v=19$m=19456,t=2,p=1$SALT$DIGEST`.
#[derive(PartialEq, Eq, Debug)]
struct Stored {
    cost: Cost,
    salt: Vec<u8>,
    digest: Vec<u8>,
}

/// Hashes passwords, two at a time: each takes a processor and 19 MiB.
#[derive(Clone, Debug)]
pub(crate) struct Hasher(Arc<Semaphore>);

impl Default for Hasher {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(2)))
    }
}

impl Hasher {
    /// Returns the text to store for a new password.
    pub(crate) async fn hash(&self, password: String) -> String {
        let mut salt = vec![0; SALT];
        rand::rng().fill_bytes(&mut salt);
        let digest = self.digest(password, (COST, salt.clone())).await.to_vec();
        Stored { cost: COST, salt, digest }.text()
    }

    /// Returns whether `password` is the one that was stored; takes as long for no user at all.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> bool {
        let stored = stored.as_deref().and_then(Stored::read);
        let none = || Stored { cost: COST, salt: vec![0; SALT], digest: Vec::new() };
        let Stored { cost, salt, digest: wanted } = stored.unwrap_or_else(none);
        let digest = self.digest(password, (cost, salt)).await;
        let differences = digest.iter().zip(&wanted).fold(0, |all, (a, b)| all | (a ^ b));
        wanted.len() == digest.len() && differences == 0
    }

    async fn digest(&self, password: String, (cost, salt): (Cost, Vec<u8>)) -> [u8; DIGEST] {
        let permit = Arc::clone(&self.0).acquire_owned().await;
        let work = move || {
            // Held by the work itself: it goes on when nobody waits for it any more.
            let _permit = permit;
            let mut digest = [0; DIGEST];
            let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(DIGEST));
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params.ok()?)
                .hash_password_into(password.as_bytes(), &salt, &mut digest)
                .ok()
                .map(|()| digest)
        };
        let digest = tokio::task::spawn_blocking(work).await;
        // A random digest matches nothing, whatever is stored.
        digest.ok().flatten().unwrap_or_else(|| {
            let mut none = [0; DIGEST];
            rand::rng().fill_bytes(&mut none);
            none
        })
    }
}

impl Stored {
    fn text(&self) -> String {
        let Cost { memory_kib, passes, lanes } = self.cost;
        let (salt, digest) = (BASE64.encode(&self.salt), BASE64.encode(&self.digest));
        format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${digest}")
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("$argon2id$v=19$")?.split('$');
        let mut costs = parts.next()?.split(',');
        let mut cost = |name: &str| costs.next()?.strip_prefix(name)?.parse::<u32>().ok();
        let cost = Cost { memory_kib: cost("m=")?, passes: cost("t=")?, lanes: cost("p=")? };
        let bounded = cost.memory_kib <= 1 << 18 && cost.passes <= 16 && cost.lanes <= 16;
        let salt = BASE64.decode(parts.next()?).ok()?;
        let digest = BASE64.decode(parts.next()?).ok()?;
        (bounded && digest.len() == DIGEST).then_some(Self { cost, salt, digest })
    }
}

/// Returns as much of a password as is hashed: none that is taken is longer.
pub(crate) fn cut(password: &str) -> String {
    password.chars().take(1_025).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_verifies_and_no_two_hashes_are_alike() {
        let hasher = Hasher::default();
        let stored = hasher.hash("correct horse".into()).await;
        assert!(hasher.verify("correct horse".into(), Some(stored.clone())).await);
        assert!(!hasher.verify("wrong horse".into(), Some(stored.clone())).await);
        assert!(!hasher.verify(String::new(), None).await);
        assert_ne!(stored, hasher.hash("correct horse".into()).await);
        for damaged in ["", "$argon2id$v=19$m=1", "$argon2id$v=19$m=8,t=1,p=1$$", "plain"] {
            assert!(!hasher.verify("x".into(), Some(damaged.into())).await, "{damaged:?}");
        }
    }

    #[test]
    fn a_hash_that_nobody_waits_for_keeps_its_place_until_it_is_done() {
        let one = || tokio::runtime::Builder::new_current_thread();
        let runtime = one().enable_time().max_blocking_threads(1).build().unwrap();
        runtime.block_on(async {
            let hasher = Hasher::default();
            let (finish, busy) = std::sync::mpsc::channel::<()>();
            // Takes the only thread there is, so that the hash cannot begin.
            let blocker = tokio::task::spawn_blocking(move || busy.recv().is_err());
            let none = std::time::Duration::ZERO;
            let given_up = tokio::time::timeout(none, hasher.hash("x".into())).await;
            assert!(given_up.is_err());
            assert_eq!(hasher.0.available_permits(), 1);
            drop(finish);
            assert!(blocker.await.unwrap());
            drop(hasher.hash("y".into()).await);
            assert_eq!(hasher.0.available_permits(), 2);
        });
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_with_the_costs_that_owasp_asks_for() {
        let text = Hasher::default().hash("correct horse".into()).await;
        assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
        let stored = Stored::read(&text).unwrap();
        assert_eq!((stored.cost, stored.salt.len(), stored.digest.len()), (COST, 16, 32));
        assert_eq!(stored.text(), text);
        // Hashes of other costs than today's stay good.
        let (cost, salt) = (Cost { memory_kib: 64, passes: 1, lanes: 1 }, vec![7; 16]);
        let hasher = Hasher::default();
        let digest = hasher.digest("old".into(), (cost, salt.clone())).await.to_vec();
        assert!(hasher.verify("old".into(), Some(Stored { cost, salt, digest }.text())).await);
    }
}
