//! Secrets that everybody knows: those of the reference's sample files.

use sha2::{Digest as _, Sha256};

/// What is wrong with a published secret, and the way out.
pub const PUBLISHED: &str = "is the secret of the reference's published sample file, which everybody knows; \
     print a new one with `openssl rand -hex 16` and give it to both sides";

/// SHA-256 of each, so that no file of this project can serve as a list of them.
const DIGESTS: [&str; 9] = [
    // Signatures towards ServiceDiscovery, three pairs.
    "3969b5618daa5f5a5a681e67ad74a450ad0432a5be8a525a1e3a9f34b20aba17",
    "6987c8335815555a8d4e7af276cc46a5f8a47a9b6c553d401b539e9f8b76447b",
    "40055a2863a20aaf09f258474b19d5b6e123ae046790896a7bf3a853de4900e2",
    // Towards AgentCenter, and between Managers of two versions.
    "69dc1484ae377426dae966f37989356980f74c3ba224625dad36d41da465daae",
    "0dfc80abec33edc8d817197ff350ad44ad767930201a21889459be8acf60824a",
    "2143998bb2ac96a1731ab68d3a5891b56071845103dfc4d187cc126f4667b2f5",
    // The key of the Manager's tokens.
    "aaf30eea17536c5d30bf35a8a2c2480855f7c6fac6051f8beeb910b73eb077ce",
    // MongoDB and Kafka.
    "19e32065e05097a3a4ef525b5b440ad3b3c1dc8071b40e28f455f13b59d75857",
    "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
];

/// Returns whether `secret` is one of those that the reference's sample files hold.
pub fn is_published(secret: &str) -> bool {
    let digest = Sha256::digest(secret.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    DIGESTS.contains(&hex.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_the_sample_files_is_known_and_another_is_not() {
        assert!(is_published("password"));
        for other in ["", "Password", "password ", "5e884898da28047151d0e56f8dc6292773603d0d"] {
            assert!(!is_published(other), "{other:?}");
        }
        assert!(DIGESTS.iter().all(|it| it.len() == 64));
    }
}
