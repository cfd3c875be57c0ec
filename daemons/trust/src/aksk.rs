//! Signatures of HTTP requests with an access key and a secret key, as the reference makes and checks them.

use std::collections::BTreeMap;
use std::num::{IntErrorKind, ParseIntError};

use hmac::{Hmac, Mac as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::secret::discreet;
use crate::{PUBLISHED, Secret, is_published};

/// Header with the access key.
pub const ACCESS_KEY: &str = "AccessKey";
/// Header with the time of signing, decimal Unix seconds.
pub const TIMESTAMP: &str = "TimeStamp";
/// Header with the signature, lower-case hex.
pub const SIGNATURE: &str = "Signature";
/// A signature is accepted while it is less than this many seconds off the verifier's clock.
pub const WINDOW_SECONDS: u64 = 60;

/// Stands between the parts that are signed: a backslash and an `n`.
const SEPARATOR: &str = r"\n";

/// What a caller signs with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, remote = "Self")]
pub struct KeyPair {
    /// Access key; sent and signed in lower case.
    pub ak: String,
    /// Secret key.
    pub sk: Secret,
}

impl Serialize for KeyPair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for KeyPair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pair = Self::deserialize(deserializer).map_err(|error| {
            discreet(error, "a pair of keys is written { ak = \"..\", sk = \"..\" }")
        })?;
        refuse_published(&pair.ak, &pair.sk)?;
        Ok(pair)
    }
}

/// What a verifier accepts: secret keys by lower-case access key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Keys(BTreeMap<String, Secret>);

impl Keys {
    /// Adds a pair; replaces the one with the same access key.
    pub fn insert(&mut self, ak: &str, sk: Secret) {
        self.0.insert(ak.to_ascii_lowercase(), sk);
    }

    /// Returns whether nothing is accepted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns each access key with its secret key.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.0.iter().map(|(ak, sk)| (ak.as_str(), sk))
    }

    /// Returns the first pair, to sign with.
    pub fn first(&self) -> Option<KeyPair> {
        let (ak, sk) = self.0.first_key_value()?;
        Some(KeyPair { ak: ak.clone(), sk: sk.clone() })
    }
}

impl FromIterator<KeyPair> for Keys {
    fn from_iter<I: IntoIterator<Item = KeyPair>>(pairs: I) -> Self {
        let mut keys = Self::default();
        for pair in pairs {
            keys.insert(&pair.ak, pair.sk);
        }
        keys
    }
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pairs = BTreeMap::<String, Secret>::deserialize(deserializer)
            .map_err(|error| discreet(error, "keys are written access-key = \"secret key\""))?;
        if pairs.iter().any(|(ak, sk)| ak.is_empty() || sk.is_empty()) {
            return Err(serde::de::Error::custom("an access key or a secret key is empty"));
        }
        for (ak, sk) in &pairs {
            refuse_published(ak, sk)?;
        }
        Ok(pairs.into_iter().map(|(ak, sk)| KeyPair { ak, sk }).collect())
    }
}

/// Settings never hold a pair that everybody has.
fn refuse_published<E: serde::de::Error>(ak: &str, sk: &Secret) -> Result<(), E> {
    if is_published(sk.expose()) {
        return Err(E::custom(format!("the secret key of `{ak}` {PUBLISHED}")));
    }
    Ok(())
}

/// The values of the three headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHeaders {
    /// Value of [`ACCESS_KEY`].
    pub access_key: String,
    /// Value of [`TIMESTAMP`].
    pub timestamp: String,
    /// Value of [`SIGNATURE`].
    pub signature: String,
}

/// What is verified; of a header that comes twice the first value, `""` for one that is missing.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestParts<'a> {
    /// Method, upper case.
    pub method: &'a str,
    /// Decoded path.
    pub path: &'a str,
    /// Query string as on the wire, without `?`.
    pub query: &'a str,
    /// Value of [`ACCESS_KEY`].
    pub access_key: &'a str,
    /// Value of [`TIMESTAMP`].
    pub timestamp: &'a str,
    /// Value of [`SIGNATURE`].
    pub signature: &'a str,
}

/// Why a signature is refused. The texts are those of the reference's AgentCenter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// One of the three headers is missing or empty.
    #[error("header missed: AccessKey|Signature|TimeStamp")]
    Missing,
    /// The timestamp is not a number.
    #[error("TimeStamp Error {0}")]
    NotANumber(String),
    /// The signature is too old or from the future.
    #[error("timestamp error")]
    Expired,
    /// Nobody has this access key.
    #[error("User not exist")]
    Unknown,
    /// The signature is wrong.
    #[error("signature error")]
    Wrong,
}

impl VerifyError {
    /// Returns the text that the reference's ServiceDiscovery uses.
    pub fn discovery_text(&self) -> String {
        match self {
            Self::Expired => "TimeStamp Error".to_owned(),
            Self::Wrong => "Signature Error".to_owned(),
            other => other.to_string(),
        }
    }
}

/// Signs a request made at `unix` seconds; `path` is decoded, `query` as on the wire.
pub fn sign(key: &KeyPair, request: (&str, &str, &str), body: &[u8], unix: i64) -> SignedHeaders {
    sign_hashed(key, request, &body_hash(body), unix)
}

/// Does what [`sign`] does for a body that is not in memory: `hash` is its SHA-256 in lower-case
/// hex, `""` for an empty body.
pub fn sign_hashed(
    key: &KeyPair,
    request: (&str, &str, &str),
    hash: &str,
    unix: i64,
) -> SignedHeaders {
    let (method, path, query) = request;
    let access_key = key.ak.to_ascii_lowercase();
    let timestamp = unix.to_string();
    let parts = RequestParts {
        method,
        path,
        query,
        access_key: &access_key,
        timestamp: &timestamp,
        signature: "",
    };
    let signature = signature(&key.sk, &parts, hash);
    SignedHeaders { access_key, timestamp, signature }
}

/// Verifies a request against `keys` at `now_unix` seconds.
///
/// # Errors
///
/// What is wrong with it, the first of the reference's checks that fails.
pub fn verify(
    keys: &Keys,
    request: &RequestParts<'_>,
    body: &[u8],
    now_unix: i64,
) -> Result<(), VerifyError> {
    verify_hashed(keys, request, &body_hash(body), now_unix)
}

/// Does what [`verify`] does for a body whose [`body_hash`] is known.
///
/// # Errors
///
/// What is wrong with it, the first of the reference's checks that fails.
pub fn verify_hashed(
    keys: &Keys,
    request: &RequestParts<'_>,
    hash: &str,
    now_unix: i64,
) -> Result<(), VerifyError> {
    if [request.access_key, request.timestamp, request.signature].contains(&"") {
        return Err(VerifyError::Missing);
    }
    let timestamp: i64 =
        request.timestamp.parse().map_err(|error| not_a_number(request.timestamp, &error))?;
    if now_unix.abs_diff(timestamp) >= WINDOW_SECONDS {
        return Err(VerifyError::Expired);
    }
    let access_key = request.access_key.to_ascii_lowercase();
    let secret = keys.0.get(&access_key).ok_or(VerifyError::Unknown)?;
    let request_lower = RequestParts { access_key: &access_key, ..*request };
    let expected = signature(secret, &request_lower, hash);
    if bool::from(expected.as_bytes().ct_eq(request.signature.as_bytes())) {
        Ok(())
    } else {
        Err(VerifyError::Wrong)
    }
}

fn not_a_number(text: &str, error: &ParseIntError) -> VerifyError {
    let shown: String = text.chars().take(64).collect();
    let why = match error.kind() {
        IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => "value out of range",
        _ => "invalid syntax",
    };
    VerifyError::NotANumber(format!("strconv.ParseInt: parsing {shown:?}: {why}"))
}

/// Returns what is signed of a body: its SHA-256 in lower-case hex, `""` for an empty one.
pub fn body_hash(body: &[u8]) -> String {
    if body.is_empty() { String::new() } else { hex(&Sha256::digest(body)) }
}

fn signature(secret: &Secret, request: &RequestParts<'_>, hash: &str) -> String {
    let path = request.path.trim();
    let path = path.strip_suffix('/').unwrap_or(path);
    let text = [request.method, path, request.query, request.access_key, request.timestamp, hash]
        .join(SEPARATOR);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes())
        .expect("a key for HMAC may have any length");
    mac.update(text.as_bytes());
    hex(&mac.finalize().into_bytes())
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    bytes.iter().flat_map(|&byte| [digit(byte >> 4), digit(byte)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn pair(ak: &str, sk: &str) -> KeyPair {
        KeyPair { ak: ak.to_owned(), sk: Secret::new(sk) }
    }

    #[test]
    fn signatures_equal_the_vectors_of_the_reference() {
        let sd = pair("7abyaiyf56jowghp", "L3E56PpoCoKktzUSlZc1zQdq1x2n9ign");
        let ac = pair("0376b2a4c481sef5", "60b29se7164027072799f565eb964d91");
        let manager = pair("z29u91nlt19g8mw2", "6uo3cj7sux30sd8bzw3ua2drgmxczdt5");
        let register =
            br#"{"name":"hids_svr_grpc","ip":"10.0.0.5","port":6751,"weight":12,"extra":null}"#;
        let command = br#"{"agent_id":"x","command":{"task":{"name":"collector","data":"","token":"","data_type":5050}}}"#;
        let vectors: [(&KeyPair, &str, &str, &[u8], &str); 5] = [
            (
                &sd,
                "POST",
                "/registry/register",
                register,
                "48cd08a58364c3b25100b35f6776a8bdb32c344b8d394516b7b5c82a49ad7402",
            ),
            (
                &ac,
                "GET",
                "/conn/stat",
                b"",
                "c384433a9c256ad5e4a59e5744babc61ddc242a571599496c31d90fc0645ac46",
            ),
            (
                &ac,
                "POST",
                "/command/",
                command,
                "c23312f1b7847ccea35f3965a295554a9a59058fd1345a2bb4456a58cb31bd95",
            ),
            (
                &manager,
                "POST",
                "/api/v0/inner/sync",
                br#"{"id":"1"}"#,
                "1a7096454e482193f90a2fe5bb0d1e4023376e8b2f9e9e6670bee83f5c2c248b",
            ),
            (
                &manager,
                "GET",
                "/conn/stat",
                b"",
                "239dcf59f117679d29aa8a5ef5e8fa92e70a4c9abf5b944e65aae9e315c12923",
            ),
        ];
        for (key, method, path, body, expected) in vectors {
            assert_eq!(sign(key, (method, path, ""), body, NOW).signature, expected, "{path}");
        }
    }

    fn check(change: impl FnOnce(&mut SignedHeaders), now: i64) -> Result<(), VerifyError> {
        let key = pair("AkMixed", "secret");
        let keys: Keys = [key.clone()].into_iter().collect();
        let mut headers = sign(&key, ("GET", "/x", "a=1"), b"", NOW);
        change(&mut headers);
        let parts = RequestParts {
            method: "GET",
            path: "/x",
            query: "a=1",
            access_key: &headers.access_key,
            timestamp: &headers.timestamp,
            signature: &headers.signature,
        };
        verify(&keys, &parts, b"", now)
    }

    #[test]
    fn each_fault_is_told_apart_and_the_case_of_the_access_key_does_not_matter() {
        assert_eq!(check(|_| {}, NOW), Ok(()));
        assert_eq!(check(|h| h.access_key = "AKMIXED".to_owned(), NOW), Ok(()));
        assert_eq!(check(|_| {}, NOW + 59), Ok(()));
        assert_eq!(check(|_| {}, NOW - 60), Err(VerifyError::Expired));
        assert_eq!(check(|_| {}, i64::MIN), Err(VerifyError::Expired));
        assert_eq!(check(|h| h.signature.clear(), NOW), Err(VerifyError::Missing));
        assert_eq!(check(|h| h.access_key = "other".to_owned(), NOW), Err(VerifyError::Unknown));
        assert_eq!(check(|h| h.signature = "00".to_owned(), NOW), Err(VerifyError::Wrong));
        let error = check(|h| h.timestamp = "12x".to_owned(), NOW).unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"TimeStamp Error strconv.ParseInt: parsing "12x": invalid syntax"#
        );
        assert_eq!(VerifyError::Wrong.discovery_text(), "Signature Error");
    }
}
