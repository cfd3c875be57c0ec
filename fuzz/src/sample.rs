//! Messages of agents: what they say, and their bytes.

use bytes::Bytes;
use elk_wire::record::{MAX_ADDRESS, Message};

use crate::encode::{data, number, present, unknown};
use crate::script::Script;

/// What one message says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Batch {
    pub(crate) agent_id: Vec<u8>,
    pub(crate) hostname: Vec<u8>,
    pub(crate) version: Vec<u8>,
    pub(crate) product: Vec<u8>,
    /// Fields 3 to 6.
    pub(crate) addresses: [Vec<Vec<u8>>; 4],
    /// Type, time and body.
    pub(crate) records: Vec<(i32, i64, Vec<u8>)>,
}

impl Batch {
    /// Makes one up.
    pub(crate) fn read(script: &mut Script<'_>) -> Self {
        let mut batch = Self {
            agent_id: script.bytes().to_vec(),
            hostname: script.bytes().to_vec(),
            version: script.bytes().to_vec(),
            product: script.bytes().to_vec(),
            ..Self::default()
        };
        for list in &mut batch.addresses {
            let count = script.below(4);
            list.extend(
                (0..count).map(|_| script.bytes().iter().copied().take(MAX_ADDRESS).collect()),
            );
        }
        let count = script.below(6);
        batch.records.extend((0..count).map(|_| {
            let (kind, time) = (script.number(), script.number());
            (low(kind), time, script.bytes().to_vec())
        }));
        batch
    }

    /// Returns what was read from a message.
    pub(crate) fn of(message: &Message) -> Self {
        let list = |list: &Vec<Bytes>| list.iter().map(|it| it.to_vec()).collect();
        Self {
            agent_id: message.agent_id.to_vec(),
            hostname: message.hostname.to_vec(),
            version: message.version.to_vec(),
            product: message.product.to_vec(),
            addresses: [
                list(&message.intranet_ipv4),
                list(&message.extranet_ipv4),
                list(&message.intranet_ipv6),
                list(&message.extranet_ipv6),
            ],
            records: message
                .records()
                .map(|it| (it.data_type, it.timestamp, it.body.to_vec()))
                .collect(),
        }
    }

    /// Returns its bytes in the order of the fields, as agents write them.
    pub(crate) fn encode(&self) -> Vec<u8> {
        self.encode_with(&mut Script::new(&[]))
    }

    /// Returns its bytes with fields that nobody knows and values that later ones replace.
    pub(crate) fn encode_with(&self, noise: &mut Script<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        for (kind, time, body) in &self.records {
            let mut record = Vec::new();
            disturb(&mut record, noise, 3);
            number(&mut record, 1, i64::from(*kind));
            number(&mut record, 2, *time);
            // An empty body must be there to replace what was before it.
            present(&mut record, 3, body);
            present(&mut out, 1, &record);
        }
        disturb(&mut out, noise, 2);
        disturb(&mut out, noise, 7);
        for (field, value) in
            [(2, &self.agent_id), (7, &self.hostname), (8, &self.version), (9, &self.product)]
        {
            present(&mut out, field, value);
            disturb(&mut out, noise, 99);
        }
        for (list, field) in self.addresses.iter().zip(3..) {
            for address in list {
                present(&mut out, field, address);
            }
        }
        out
    }

    /// Returns a record as it must lie on the bus.
    pub(crate) fn on_bus(
        &self,
        record: &(i32, i64, Vec<u8>),
        svr_time: i64,
        tag: &[u8],
    ) -> Vec<u8> {
        let (kind, time, body) = record;
        let mut out = Vec::new();
        number(&mut out, 1, i64::from(*kind));
        number(&mut out, 2, *time);
        data(&mut out, 3, body);
        data(&mut out, 4, &self.agent_id);
        for (list, field) in self.addresses.iter().zip(5..) {
            data(&mut out, field, &list.join(&b","[..]));
        }
        for (value, field) in [&self.hostname, &self.version, &self.product].into_iter().zip(9..) {
            data(&mut out, field, value);
        }
        number(&mut out, 12, svr_time);
        data(&mut out, 15, tag);
        out
    }
}

/// Now and then appends a field that must not matter: an unknown one, or an early `field`.
fn disturb(out: &mut Vec<u8>, noise: &mut Script<'_>, field: u32) {
    match noise.below(8) {
        1 => unknown(out, noise.below(4), noise.bytes()),
        2 if field < 99 => present(out, field, noise.bytes()),
        _ => {}
    }
}

/// Returns the low half of a number, as an int32 field is read.
pub(crate) fn low(value: i64) -> i32 {
    let [a, b, c, d, ..] = value.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}
