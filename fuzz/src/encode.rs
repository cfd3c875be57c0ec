//! Protobuf fields, written apart from the code that is tested.

/// Returns a varint.
pub(crate) fn varint(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let low = value.to_le_bytes()[0] & 0x7f;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return out;
        }
        out.push(low | 0x80);
    }
}

/// Appends a number, unless it is zero.
pub(crate) fn number(out: &mut Vec<u8>, field: u32, value: i64) {
    if value != 0 {
        out.extend(varint(u64::from(field) << 3));
        out.extend(varint(value.cast_unsigned()));
    }
}

/// Appends bytes, also if there are none.
pub(crate) fn present(out: &mut Vec<u8>, field: u32, value: &[u8]) {
    out.extend(varint(u64::from(field) << 3 | 2));
    out.extend(varint(value.len() as u64));
    out.extend_from_slice(value);
}

/// Appends bytes, unless there are none.
pub(crate) fn data(out: &mut Vec<u8>, field: u32, value: &[u8]) {
    if !value.is_empty() {
        present(out, field, value);
    }
}

/// Appends a field that nobody knows, of any wire type.
pub(crate) fn unknown(out: &mut Vec<u8>, kind: usize, value: &[u8]) {
    match kind % 4 {
        0 => number(out, 99, 300),
        1 => present(out, 1_000, value),
        2 => {
            out.extend(varint(77 << 3 | 1));
            out.extend([7; 8]);
        }
        _ => {
            out.extend(varint(78 << 3 | 5));
            out.extend([7; 4]);
        }
    }
}
