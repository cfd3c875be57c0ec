//! Signatures of requests.

use elk_trust::Secret;
use elk_trust::aksk::{self, KeyPair, Keys, RequestParts, VerifyError, WINDOW_SECONDS};

use crate::script::Script;

pub(super) const WORDS: &[&[u8]] = &[
    b"\x04POST",
    b"\x03GET",
    b"\x08/command",
    b"\x09/command/",
    b"\x0a1700000000",
    b"\x13-9223372036854775808",
    b"\x139223372036854775807",
    b"\x0b+1700000000",
    b"\x02\\n",
    b"\x01 ",
    b"\x01/",
    b"\x10ABCDEFabcdef0123",
    b"a=1&b=2",
];

pub(super) fn run(input: &[u8]) {
    let mut script = Script::new(input);
    let (ak, sk) = (script.text(), script.text());
    let (method, path, query) = (script.text(), script.text(), script.text());
    let now = script.number();
    let (timestamp, signature) = (script.text(), script.text());
    let shift = script.number();
    let body = script.rest();
    let key = KeyPair { ak, sk: Secret::new(sk) };
    let keys: Keys = [key.clone()].into_iter().collect();
    // What nobody signed is refused, whatever it says.
    let hostile = RequestParts {
        method: &method,
        path: &path,
        query: &query,
        access_key: &key.ak,
        timestamp: &timestamp,
        signature: &signature,
    };
    match aksk::verify(&keys, &hostile, body, now) {
        // The corpus has such a signature: then it is the one that the key makes, and of now.
        Ok(()) => {
            let unix: i64 = timestamp.parse().expect("a timestamp that was taken");
            let made = aksk::sign(&key, (&method, &path, &query), body, unix);
            assert_eq!(made.signature, signature, "a signature out of nothing");
            assert!(now.abs_diff(unix) < 60, "a signature out of its time");
        }
        Err(error) => assert!(error.discovery_text().len() < 1_000),
    }
    assert!(aksk::verify(&Keys::default(), &hostile, body, now).is_err());
    if !key.ak.is_empty() {
        signed((&key, &keys), (&method, &path, &query), body, (now, shift));
    }
}

/// What was signed is taken within the window, and refused if anything of it is another.
fn signed(
    (key, keys): (&KeyPair, &Keys),
    request: (&str, &str, &str),
    body: &[u8],
    (now, shift): (i64, i64),
) {
    let headers = aksk::sign(key, request, body, now);
    let (method, path, query) = request;
    let parts = RequestParts {
        method,
        path,
        query,
        access_key: &headers.access_key,
        timestamp: &headers.timestamp,
        signature: &headers.signature,
    };
    let verify = |parts: &RequestParts<'_>, body: &[u8], at| aksk::verify(keys, parts, body, at);
    assert_eq!(verify(&parts, body, now), Ok(()));
    let at = now.saturating_add(shift);
    let expected =
        if at.abs_diff(now) < WINDOW_SECONDS { Ok(()) } else { Err(VerifyError::Expired) };
    assert_eq!(verify(&parts, body, at), expected);
    let upper = headers.access_key.to_ascii_uppercase();
    assert_eq!(verify(&RequestParts { access_key: &upper, ..parts }, body, now), Ok(()));

    let wrong = Err(VerifyError::Wrong);
    let longer = [body, b"x"].concat();
    assert_eq!(verify(&parts, &longer, now), wrong);
    let other = format!("{query}x");
    assert_eq!(verify(&RequestParts { query: &other, ..parts }, body, now), wrong);
    let other = format!("{method}x");
    assert_eq!(verify(&RequestParts { method: &other, ..parts }, body, now), wrong);
    let other = format!("{path}x");
    assert_eq!(verify(&RequestParts { path: &other, ..parts }, body, now), wrong);
    let other: String = headers.signature.chars().rev().collect();
    if other != headers.signature {
        assert_eq!(verify(&RequestParts { signature: &other, ..parts }, body, now), wrong);
    }
    if path.trim() == path && !path.ends_with('/') {
        let slash = format!("{path}/");
        assert_eq!(verify(&RequestParts { path: &slash, ..parts }, body, now), Ok(()));
    }
}
