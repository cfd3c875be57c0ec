//! Records as they lie on the bus.

use bytes::Bytes;

use crate::proto::{DecodeError, Fields, put_bytes, put_number};
use crate::record::{Message, Record};

/// What all records of one message share, encoded once.
#[derive(Clone, Debug, Default)]
pub struct Tail(Vec<u8>);

impl Tail {
    /// Encodes the shared part for `message`, received at `svr_time` (Unix seconds) from an agent tagged `tag`.
    pub fn new(message: &Message, svr_time: i64, tag: &[u8]) -> Self {
        let mut out = Vec::with_capacity(256);
        put_bytes(&mut out, 4, &message.agent_id);
        put_bytes(&mut out, 5, &join(&message.intranet_ipv4));
        put_bytes(&mut out, 6, &join(&message.extranet_ipv4));
        put_bytes(&mut out, 7, &join(&message.intranet_ipv6));
        put_bytes(&mut out, 8, &join(&message.extranet_ipv6));
        put_bytes(&mut out, 9, &message.hostname);
        put_bytes(&mut out, 10, &message.version);
        put_bytes(&mut out, 11, &message.product);
        put_number(&mut out, 12, svr_time.cast_unsigned());
        put_bytes(&mut out, 15, tag);
        Self(out)
    }

    /// Returns by how many bytes each record grows.
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// Appends `record` with this tail to `out`.
    pub fn write(&self, record: Record<'_>, out: &mut Vec<u8>) {
        out.reserve(record.body.len() + self.0.len() + 32);
        put_number(out, 1, i64::from(record.data_type).cast_unsigned());
        put_number(out, 2, record.timestamp.cast_unsigned());
        put_bytes(out, 3, record.body);
        out.extend_from_slice(&self.0);
    }
}

fn join(addresses: &[Bytes]) -> Vec<u8> {
    addresses.join(&b","[..])
}

/// One record of the bus, read in place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View<'a> {
    /// What kind of record it is.
    pub data_type: i32,
    /// Unix seconds by the agent's clock.
    pub agent_time: i64,
    /// Encoded item.
    pub body: &'a [u8],
    /// Identity the agent claims.
    pub agent_id: &'a [u8],
    /// Private IPv4 addresses, joined with commas.
    pub intranet_ipv4: &'a [u8],
    /// Other IPv4 addresses.
    pub extranet_ipv4: &'a [u8],
    /// Private IPv6 addresses.
    pub intranet_ipv6: &'a [u8],
    /// Other IPv6 addresses.
    pub extranet_ipv6: &'a [u8],
    /// Host name.
    pub hostname: &'a [u8],
    /// Version of the agent.
    pub version: &'a [u8],
    /// Product name.
    pub product: &'a [u8],
    /// Unix seconds by the server's clock.
    pub svr_time: i64,
    /// Tags, joined with commas.
    pub tag: &'a [u8],
}

impl<'a> View<'a> {
    /// Reads one record.
    ///
    /// # Errors
    ///
    /// Names the field that is malformed.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut view = Self::default();
        for field in Fields::new("mqdata", bytes) {
            let field = field?;
            let slot = match field.number {
                1 => {
                    view.data_type = field.int32("mqdata.data_type")?;
                    continue;
                }
                2 => {
                    view.agent_time = field.int64("mqdata.agent_time")?;
                    continue;
                }
                12 => {
                    view.svr_time = field.int64("mqdata.svr_time")?;
                    continue;
                }
                3 => &mut view.body,
                4 => &mut view.agent_id,
                5 => &mut view.intranet_ipv4,
                6 => &mut view.extranet_ipv4,
                7 => &mut view.intranet_ipv6,
                8 => &mut view.extranet_ipv6,
                9 => &mut view.hostname,
                10 => &mut view.version,
                11 => &mut view.product,
                15 => &mut view.tag,
                _ => continue,
            };
            *slot = field.bytes("mqdata")?;
        }
        Ok(view)
    }
}
