//! Text that must not be shown.

use std::fmt;

use rand::distr::slice::Choose;
use rand::{Rng as _, TryRngCore as _, rngs::OsRng};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Text that prints and serializes as `<redacted>`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text itself: not for logs.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)
            .map(Self)
            .map_err(|error| discreet(error, "a secret is text"))
    }
}

/// Says what was expected instead of quoting what was found, which may be a secret.
pub(crate) fn discreet<E: de::Error>(error: E, expected: &str) -> E {
    if error.to_string().contains("invalid type") { E::custom(expected) } else { error }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("<redacted>")
    }
}

const ALPHANUMERIC: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
/// Without characters that people confuse.
const READABLE: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

fn random(alphabet: &[u8], length: usize) -> String {
    let pick = Choose::new(alphabet).expect("the alphabets are not empty");
    OsRng.unwrap_err().sample_iter(pick).take(length).map(|&byte| char::from(byte)).collect()
}

/// Draws an access key: 16 lower-case letters and digits.
pub fn random_access_key() -> String {
    random(ALPHANUMERIC, 16)
}

/// Draws a secret key: 32 lower-case letters and digits.
pub fn random_secret_key() -> Secret {
    Secret(random(ALPHANUMERIC, 32))
}

/// Draws a password of 20 characters that are not mistaken for each other.
pub fn random_password() -> Secret {
    Secret(random(READABLE, 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_itself_only_when_asked() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret:?}"), "<redacted>");
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn drawn_secrets_have_their_length_and_never_repeat() {
        assert_eq!(random_access_key().len(), 16);
        assert_eq!(random_secret_key().expose().len(), 32);
        assert_eq!(random_password().expose().len(), 20);
        assert_ne!(random_access_key(), random_access_key());
    }
}
