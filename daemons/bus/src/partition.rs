//! Which partition a key belongs to.

/// Returns the partition of `key` out of `count` (0 if there are none).
///
/// FNV-1a (32 bits) as a signed number, modulo, without its sign: what the reference's producer
/// does.
pub fn partition(key: &[u8], count: u32) -> u32 {
    let hash = key
        .iter()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    let rest = i64::from(hash.cast_signed()).checked_rem(i64::from(count)).unwrap_or(0);
    u32::try_from(rest.unsigned_abs()).expect("a remainder is smaller than its u32 divisor")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_land_where_the_reference_puts_them() {
        let cases = [
            ("", 4, 3),
            ("33623333-3365-4905-b417-331e183333183", 4, 3),
            ("agent-1", 4, 0),
            ("agent-1", 12, 0),
            ("agent-1", 0, 0),
        ];
        for (key, count, expected) in cases {
            assert_eq!(partition(key.as_bytes(), count), expected, "{key:?} of {count}");
        }
    }

    proptest! {
        #[test]
        fn every_key_has_a_partition_that_exists(key: Vec<u8>, count in 1..=u32::MAX) {
            prop_assert!(partition(&key, count) < count);
        }
    }
}
