//! Password hashes: argon2id, 19 MiB, two passes.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use rand::RngCore as _;
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;

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
        let mut salt = [0; 16];
        rand::rng().fill_bytes(&mut salt);
        let digest = self.digest(password, salt.to_vec()).await;
        format!("argon2id${}${}", hex(&salt), hex(&digest))
    }

    /// Returns whether `password` is the one that was stored; takes as long for no user at all.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> bool {
        let stored = stored.unwrap_or_default();
        let mut parts = stored.split('$').skip(1);
        let salt = parts.next().and_then(unhex).unwrap_or_else(|| vec![0; 16]);
        let wanted = parts.next().and_then(unhex).unwrap_or_default();
        let digest = self.digest(password, salt).await;
        let differences = digest.iter().zip(&wanted).fold(0, |all, (a, b)| all | (a ^ b));
        wanted.len() == digest.len() && differences == 0
    }

    async fn digest(&self, password: String, salt: Vec<u8>) -> [u8; 32] {
        let permit = self.0.acquire().await;
        let work = move || {
            let mut digest = [0; 32];
            let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).expect("fixed parameters");
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                .hash_password_into(password.as_bytes(), &salt, &mut digest)
                .map(|()| digest)
        };
        let digest = tokio::task::spawn_blocking(work).await;
        drop(permit);
        digest.ok().and_then(Result::ok).unwrap_or([0; 32])
    }
}

/// Returns what is wrong with a new password.
pub(crate) fn check_rules(password: &str) -> Result<(), &'static str> {
    let length = password.chars().count();
    if (12..=1024).contains(&length) {
        Ok(())
    } else {
        Err("a password has 12 to 1,024 characters")
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks_exact(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
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
        assert!(!hasher.verify("x".into(), Some("argon2id$zz$".into())).await);
        assert_ne!(stored, hasher.hash("correct horse".into()).await);
    }
}
