//! Which partition a key belongs to.

/// Returns the partition of `key` among `count`: FNV-1a (32 bits) as a signed number, modulo,
/// without its sign, as the reference's producer does.
pub fn partition(key: &[u8], count: u32) -> u32 {
    let hash = key
        .iter()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    let count = i64::from(count.max(1));
    let rest = i64::from(hash.cast_signed()) % count;
    u32::try_from(rest.abs()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_land_where_the_reference_puts_them() {
        let cases = [
            ("", 4, 3),
            ("33623333-3365-4905-b417-331e183333183", 4, 3),
            ("agent-1", 4, 0),
            ("agent-1", 12, 0),
        ];
        for (key, count, expected) in cases {
            assert_eq!(partition(key.as_bytes(), count), expected, "{key:?} of {count}");
        }
    }
}
