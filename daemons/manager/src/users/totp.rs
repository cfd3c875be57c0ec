//! Codes that change with time: RFC 6238 with SHA-1, six digits and steps of thirty seconds, as every
//! authenticator knows them. Time is an argument.

use rand::RngCore as _;
use ring::hmac;

/// Seconds of a step.
const STEP_SECONDS: i64 = 30;
/// Steps that a clock may be off, before and after.
const OFF: i64 = 1;
const SECRET_BYTES: usize = 20;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Recovery codes of a user.
const RECOVERY: usize = 10;

/// Makes a secret, in base32.
pub(super) fn secret() -> String {
    let mut bytes = [0; SECRET_BYTES];
    rand::rng().fill_bytes(&mut bytes);
    encoded(&bytes)
}

/// Makes recovery codes of eighty random bits each.
pub(super) fn recovery_codes() -> Vec<String> {
    let one = || {
        let mut bytes = [0; 10];
        rand::rng().fill_bytes(&mut bytes);
        let letters: Vec<char> = encoded(&bytes).chars().collect();
        letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
    };
    (0..RECOVERY).map(|_| one()).collect()
}

/// Returns the link that authenticators read.
pub(super) fn uri(user: &str, secret: &str) -> String {
    // Of what a user's name may hold, only this has a meaning in a link.
    let user = user.replace('@', "%40");
    format!(
        "otpauth://totp/Elk:{user}?secret={secret}&issuer=Elk&algorithm=SHA1&digits=6&period=30"
    )
}

/// Returns the step of a code, if it is right at this time and later than `last`, the one of the
/// last code that was taken.
pub(super) fn step(secret: &str, code: &str, unix: i64, last: i64) -> Option<i64> {
    let key = decoded(secret)?;
    let given: String = code.chars().filter(|c| *c != ' ').collect();
    let now = unix.div_euclid(STEP_SECONDS);
    // All are compared, so that time tells nothing.
    let right = (now - OFF..=now + OFF).filter(|step| same(&at(&key, *step), &given));
    right.filter(|step| *step > last).max()
}

fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

/// Returns the code of a step.
fn at(key: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or(0) & 15);
    let word = bytes.get(offset..).and_then(|it| it.first_chunk::<4>()).copied();
    let word = u32::from_be_bytes(word.unwrap_or_default()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

fn encoded(bytes: &[u8]) -> String {
    let (mut text, mut held, mut bits) = (String::new(), 0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(letter(held >> bits));
        }
    }
    if bits > 0 {
        text.push(letter(held << (5 - bits)));
    }
    text
}

fn letter(value: u32) -> char {
    let at = usize::try_from(value & 31).unwrap_or(0);
    char::from(ALPHABET.get(at).copied().unwrap_or(b'A'))
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for c in text.bytes() {
        let value = ALPHABET.iter().position(|it| *it == c)?;
        held = (held << 5) | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 255).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `12345678901234567890`, the secret of RFC 6238's vectors.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn codes_are_those_of_the_vectors_of_rfc_6238() {
        assert_eq!(decoded(SECRET).unwrap(), b"12345678901234567890");
        assert_eq!(encoded(b"12345678901234567890"), SECRET);
        // The last six of the eight digits that stand there.
        for (unix, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(step(SECRET, code, unix, 0), Some(unix / 30), "{unix}");
        }
    }

    #[test]
    fn a_clock_may_be_off_by_a_step_and_no_code_counts_twice() {
        let (now, code) = (1_111_111_109, "081804");
        let its = now / 30;
        for (off, wanted) in [(-60, None), (-30, Some(its)), (30, Some(its)), (60, None)] {
            assert_eq!(step(SECRET, code, now + off, 0), wanted, "{off}");
        }
        assert_eq!(step(SECRET, code, now, its), None);
        assert_eq!(step(SECRET, code, now, its - 1), Some(its));
        assert_eq!(step(SECRET, "081 804", now, 0), Some(its));
        for wrong in ["", "081805", "0818040", "81804", "०८१८०४"] {
            assert_eq!(step(SECRET, wrong, now, 0), None, "{wrong}");
        }
        assert_eq!(step("not base32", code, now, 0), None);
    }

    #[test]
    fn secrets_and_recovery_codes_are_long_and_differ() {
        let (a, b) = (secret(), secret());
        assert_eq!((a.len(), decoded(&a).unwrap().len()), (32, 20));
        assert_ne!(a, b);
        let mut codes = recovery_codes();
        assert!(codes.iter().all(|it| it.len() == 19 && it.split('-').all(|it| it.len() == 4)));
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 10);
    }
}
