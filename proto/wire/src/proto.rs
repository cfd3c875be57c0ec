//! Reading protobuf fields in place.

/// Why bytes are not the message they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {fault} at byte {at}")]
pub struct DecodeError {
    /// Message or field.
    pub what: &'static str,
    /// What is wrong with it.
    pub fault: &'static str,
    /// Offset inside the innermost message.
    pub at: usize,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Other,
}

#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    pub(crate) number: u32,
    pub(crate) value: Value<'a>,
    at: usize,
}

impl<'a> Field<'a> {
    pub(crate) fn bytes(&self, what: &'static str) -> Result<&'a [u8], DecodeError> {
        match self.value {
            Value::Bytes(bytes) => Ok(bytes),
            Value::Number(_) | Value::Other => Err(self.wrong(what)),
        }
    }

    pub(crate) fn number(&self, what: &'static str) -> Result<u64, DecodeError> {
        match self.value {
            Value::Number(number) => Ok(number),
            Value::Bytes(_) | Value::Other => Err(self.wrong(what)),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "an int32 is the low half of its varint")]
    pub(crate) fn int32(&self, what: &'static str) -> Result<i32, DecodeError> {
        self.number(what).map(|number| number as i32)
    }

    pub(crate) fn int64(&self, what: &'static str) -> Result<i64, DecodeError> {
        self.number(what).map(u64::cast_signed)
    }

    fn wrong(&self, what: &'static str) -> DecodeError {
        DecodeError { what, fault: "wrong wire type", at: self.at }
    }
}

/// Fields of one message in the order of the bytes; ends after the first error.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    what: &'static str,
    rest: &'a [u8],
    len: usize,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(what: &'static str, bytes: &'a [u8]) -> Self {
        Self { what, rest: bytes, len: bytes.len() }
    }

    /// Leaves out what was not read yet.
    pub(crate) fn end(&mut self) {
        self.rest = &[];
    }

    fn error(&self, fault: &'static str) -> DecodeError {
        DecodeError { what: self.what, fault, at: self.len - self.rest.len() }
    }

    fn varint(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0_u64;
        for (index, byte) in self.rest.iter().take(10).enumerate() {
            if index == 9 && *byte > 1 {
                break;
            }
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                self.rest = self.rest.get(index + 1..).unwrap_or_default();
                return Ok(value);
            }
        }
        Err(self.error("bad varint"))
    }

    fn take(&mut self, count: u64) -> Result<&'a [u8], DecodeError> {
        let split = usize::try_from(count).ok().and_then(|count| self.rest.split_at_checked(count));
        let Some((taken, rest)) = split else { return Err(self.error("truncated")) };
        self.rest = rest;
        Ok(taken)
    }

    fn field(&mut self) -> Result<Field<'a>, DecodeError> {
        let at = self.len - self.rest.len();
        let key = self.varint()?;
        let number = u32::try_from(key >> 3).ok().filter(|n| (1..1 << 29).contains(n));
        let Some(number) = number else { return Err(self.error("bad field number")) };
        let value = match key & 7 {
            0 => Value::Number(self.varint()?),
            1 => self.take(8).map(|_| Value::Other)?,
            2 => {
                let len = self.varint()?;
                Value::Bytes(self.take(len)?)
            }
            5 => self.take(4).map(|_| Value::Other)?,
            _ => return Err(self.error("unknown wire type")),
        };
        Ok(Field { number, value, at })
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, DecodeError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// Appends a varint field unless it is zero.
pub(crate) fn put_number(out: &mut Vec<u8>, number: u32, value: u64) {
    if value != 0 {
        put_varint(out, u64::from(number) << 3);
        put_varint(out, value);
    }
}

/// Appends a bytes field unless it is empty.
pub(crate) fn put_bytes(out: &mut Vec<u8>, number: u32, value: &[u8]) {
    if !value.is_empty() {
        put_varint(out, u64::from(number) << 3 | 2);
        put_varint(out, value.len() as u64);
        out.extend_from_slice(value);
    }
}
