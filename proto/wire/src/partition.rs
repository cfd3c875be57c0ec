//! Which partition an agent's records belong to.

/// Returns the partition of `key` out of `partitions` (0 if there are none).
///
/// FNV-1a, taken as a signed number, modulo, absolute value: what the reference's producer does.
pub fn partition(key: &[u8], partitions: u32) -> u32 {
    let hash = key
        .iter()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    let signed = i64::from(hash.cast_signed());
    let index = signed.checked_rem(i64::from(partitions)).unwrap_or(0).unsigned_abs();
    u32::try_from(index).expect("a remainder is smaller than its u32 divisor")
}

#[cfg(test)]
mod tests {
    use super::partition;

    #[test]
    fn keys_go_where_the_reference_sends_them() {
        assert_eq!(partition(b"", 4), 3);
        assert_eq!(partition(b"33623333-3365-4905-b417-331e183333183", 4), 3);
        assert_eq!(partition(b"agent-1", 4), 0);
        assert_eq!(partition(b"agent-1", 12), 0);
        assert_eq!(partition(b"agent-1", 0), 0);
    }
}
