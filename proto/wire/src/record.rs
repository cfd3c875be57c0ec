//! A batch of an agent, read in place: slices of the received buffer, never copied, never trusted to be UTF-8.

use bytes::Bytes;

use crate::proto::{DecodeError, Field, Fields};

/// Most records taken from one message; a real agent holds 2,048.
pub const MAX_RECORDS: usize = 65_536;
/// Most addresses of one kind taken from one message.
pub const MAX_ADDRESSES: usize = 4_096;
/// Most bytes of an id, a host name, a version or a product.
pub const MAX_NAME: usize = 1_024;
/// Most bytes of an address.
pub const MAX_ADDRESS: usize = 64;

/// One batch of records and who sent it.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// Identity the agent claims; may be empty.
    pub agent_id: Bytes,
    /// Host name.
    pub hostname: Bytes,
    /// Version of the agent.
    pub version: Bytes,
    /// Product name.
    pub product: Bytes,
    /// Private IPv4 addresses.
    pub intranet_ipv4: Vec<Bytes>,
    /// Other IPv4 addresses.
    pub extranet_ipv4: Vec<Bytes>,
    /// Private IPv6 addresses.
    pub intranet_ipv6: Vec<Bytes>,
    /// Other IPv6 addresses.
    pub extranet_ipv6: Vec<Bytes>,
    buffer: Bytes,
    records: Vec<Span>,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    data_type: i32,
    timestamp: i64,
    start: usize,
    end: usize,
}

/// One record of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// What kind of record it is.
    pub data_type: i32,
    /// Unix seconds by the agent's clock.
    pub timestamp: i64,
    /// Encoded item, byte for byte as it came.
    pub body: &'a [u8],
}

impl Message {
    /// Reads a message; unknown fields are skipped, of repeated scalars the last counts.
    ///
    /// # Errors
    ///
    /// Names the field that is malformed, or the bound that is exceeded.
    pub fn parse(buffer: Bytes) -> Result<Self, DecodeError> {
        let mut message = Self { buffer: buffer.clone(), ..Self::default() };
        let base = buffer.as_ptr().addr();
        for field in Fields::new("message", &buffer) {
            let field = field?;
            match field.number {
                1 => message.add_record(field.bytes("message.data")?, base)?,
                2 => message.agent_id = name(&buffer, &field, "message.agent_id")?,
                3 => {
                    add(
                        &mut message.intranet_ipv4,
                        &buffer,
                        field.bytes("message.intranet_ipv4")?,
                    )?;
                }
                4 => {
                    add(
                        &mut message.extranet_ipv4,
                        &buffer,
                        field.bytes("message.extranet_ipv4")?,
                    )?;
                }
                5 => {
                    add(
                        &mut message.intranet_ipv6,
                        &buffer,
                        field.bytes("message.intranet_ipv6")?,
                    )?;
                }
                6 => {
                    add(
                        &mut message.extranet_ipv6,
                        &buffer,
                        field.bytes("message.extranet_ipv6")?,
                    )?;
                }
                7 => message.hostname = name(&buffer, &field, "message.hostname")?,
                8 => message.version = name(&buffer, &field, "message.version")?,
                9 => message.product = name(&buffer, &field, "message.product")?,
                _ => {}
            }
        }
        Ok(message)
    }

    /// Returns the records in the order they were sent.
    pub fn records(&self) -> impl ExactSizeIterator<Item = Record<'_>> {
        self.records.iter().map(|span| Record {
            data_type: span.data_type,
            timestamp: span.timestamp,
            body: self.buffer.get(span.start..span.end).unwrap_or_default(),
        })
    }

    /// Returns `part`, which must be a body or a piece of one of this message, as a shared slice.
    pub fn share(&self, part: &[u8]) -> Bytes {
        self.buffer.slice_ref(part)
    }

    fn add_record(&mut self, bytes: &[u8], base: usize) -> Result<(), DecodeError> {
        if self.records.len() == MAX_RECORDS {
            return Err(DecodeError { what: "message.data", fault: "too many records", at: 0 });
        }
        let mut span = Span { data_type: 0, timestamp: 0, start: 0, end: 0 };
        for field in Fields::new("message.data", bytes) {
            let field = field?;
            match field.number {
                1 => span.data_type = field.int32("message.data.data_type")?,
                2 => span.timestamp = field.int64("message.data.timestamp")?,
                3 => {
                    let body = field.bytes("message.data.body")?;
                    span.start = body.as_ptr().addr().saturating_sub(base);
                    span.end = span.start + body.len();
                }
                _ => {}
            }
        }
        self.records.push(span);
        Ok(())
    }
}

fn name(buffer: &Bytes, field: &Field<'_>, what: &'static str) -> Result<Bytes, DecodeError> {
    let bytes = field.bytes(what)?;
    if bytes.len() > MAX_NAME {
        return Err(DecodeError { what, fault: "too long", at: 0 });
    }
    Ok(buffer.slice_ref(bytes))
}

fn add(list: &mut Vec<Bytes>, buffer: &Bytes, address: &[u8]) -> Result<(), DecodeError> {
    if list.len() == MAX_ADDRESSES {
        return Err(DecodeError { what: "message", fault: "too many addresses", at: 0 });
    }
    if address.len() > MAX_ADDRESS {
        return Err(DecodeError { what: "message", fault: "an address is too long", at: 0 });
    }
    list.push(buffer.slice_ref(address));
    Ok(())
}
