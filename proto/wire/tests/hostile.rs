//! Bytes that no agent should send: each fault is named with its place, and nothing panics.

use bytes::Bytes;
use elk_wire::frame::{Deframer, Encoding};
use elk_wire::mqdata::{Tail, View};
use elk_wire::record::{MAX_ADDRESSES, MAX_RECORDS, Message};
use elk_wire::{Item, MqData, RawData, Record, item};
use proptest::collection::vec;
use proptest::prelude::*;
use prost::Message as _;

const ENCODINGS: [Encoding; 4] =
    [Encoding::Identity, Encoding::Snappy, Encoding::Zstd, Encoding::Gzip];

#[test]
fn a_malformed_message_is_refused_by_field_fault_and_place() {
    let cases: [(&[u8], &str); 14] = [
        (b"\x0a", "message: bad varint at byte 1"),
        (b"\x0a\x05ab", "message: truncated at byte 2"),
        (b"\x12\x80", "message: bad varint at byte 1"),
        (b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "message: bad varint at byte 1"),
        (b"\x00\x01", "message: bad field number at byte 1"),
        (b"\x13", "message: unknown wire type at byte 1"),
        (b"\x16", "message: unknown wire type at byte 1"),
        (b"\x0d\x01\x02", "message: truncated at byte 1"),
        (b"\x12\x01a\x08\x01", "message.data: wrong wire type at byte 3"),
        (b"\x3a\x00\x38\x01", "message.hostname: wrong wire type at byte 2"),
        (b"\x0a\x02\x0a\x00", "message.data.data_type: wrong wire type at byte 0"),
        (b"\x0a\x02\x18\x00", "message.data.body: wrong wire type at byte 0"),
        (b"\x0a\x02\x10\x80", "message.data: bad varint at byte 1"),
        (b"\x0a\x03\x1a\x05a", "message.data: truncated at byte 2"),
    ];
    for (bytes, expected) in cases {
        let error = Message::parse(Bytes::copy_from_slice(bytes)).unwrap_err();
        assert_eq!(error.to_string(), expected, "{bytes:?}");
    }
}

#[test]
fn a_message_of_too_many_parts_is_refused() {
    let most = b"\x0a\x00".repeat(MAX_RECORDS);
    assert_eq!(Message::parse(most.clone().into()).unwrap().records().len(), MAX_RECORDS);
    let error = Message::parse([most, b"\x0a\x00".to_vec()].concat().into()).unwrap_err();
    assert_eq!(error.fault, "too many records");
    for field in [b"\x1a\x00", b"\x22\x00", b"\x2a\x00", b"\x32\x00"] {
        let error = Message::parse(field.repeat(MAX_ADDRESSES + 1).into()).unwrap_err();
        assert_eq!(error.fault, "too many addresses");
    }
}

#[test]
fn a_malformed_item_is_refused_by_field_fault_and_place() {
    let cases: [(&[u8], &str); 6] = [
        (b"\x0a", "item: bad varint at byte 1"),
        (b"\x0a\x09\x0a\x01k", "item: truncated at byte 2"),
        (b"\x08\x01", "item.fields: wrong wire type at byte 0"),
        (b"\x0a\x02\x08\x01", "item.fields.key: wrong wire type at byte 0"),
        (b"\x0a\x05\x0a\x01k\x10\x01", "item.fields.value: wrong wire type at byte 3"),
        (b"\x0a\x02\x0a\x07", "item.fields: truncated at byte 2"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(item::check(bytes).unwrap_err().to_string(), expected, "{bytes:?}");
        assert_eq!(item::get(bytes, b"k").unwrap_err().to_string(), expected, "{bytes:?}");
    }
    // What stands before the fault can still be read, once.
    let mut pairs = item::pairs(b"\x0a\x06\x0a\x01k\x12\x01v\x0a");
    assert_eq!(pairs.next().unwrap().unwrap(), (&b"k"[..], &b"v"[..]));
    assert!(pairs.next().unwrap().is_err() && pairs.next().is_none());
}

#[test]
fn a_malformed_record_of_the_bus_is_refused_by_field_fault_and_place() {
    let cases: [(&[u8], &str); 4] = [
        (b"\x0a\x00", "mqdata.data_type: wrong wire type at byte 0"),
        (b"\x08\x01\x20\x01", "mqdata: wrong wire type at byte 2"),
        (b"\x62\x00", "mqdata.svr_time: wrong wire type at byte 0"),
        (b"\x1a\x05abc", "mqdata: truncated at byte 2"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(View::parse(bytes).unwrap_err().to_string(), expected, "{bytes:?}");
    }
}

fn text() -> impl Strategy<Value = String> {
    "\\PC{0,12}"
}

prop_compose! {
    fn raw_data()(
        data in vec((any::<i32>(), any::<i64>(), vec(any::<u8>(), 0..40)), 0..6),
        names in (text(), text(), text(), text()),
        addresses in vec(vec(text(), 0..3), 4),
    ) -> RawData {
        let record = |(data_type, timestamp, body): (i32, i64, Vec<u8>)| {
            Record { data_type, timestamp, body: body.into() }
        };
        let list = |index: usize| addresses.get(index).cloned().unwrap_or_default();
        let (agent_id, hostname, version, product) = names;
        RawData {
            data: data.into_iter().map(record).collect(),
            agent_id,
            intranet_ipv4: list(0),
            extranet_ipv4: list(1),
            intranet_ipv6: list(2),
            extranet_ipv6: list(3),
            hostname,
            version,
            product,
        }
    }
}

proptest! {
    #[test]
    fn what_another_codec_writes_is_read_and_what_we_write_it_reads(
        raw in raw_data(), svr_time: i64, tag in text(),
    ) {
        let message = Message::parse(raw.encode_to_vec().into()).unwrap();
        prop_assert_eq!(&message.agent_id, raw.agent_id.as_bytes());
        prop_assert_eq!(message.records().len(), raw.data.len());
        let tail = Tail::new(&message, svr_time, tag.as_bytes());
        for (record, sent) in message.records().zip(&raw.data) {
            let mut out = Vec::new();
            tail.write(record, &mut out);
            let expected = MqData {
                data_type: sent.data_type,
                agent_time: sent.timestamp,
                body: sent.body.clone(),
                agent_id: raw.agent_id.clone(),
                intranet_ipv4: raw.intranet_ipv4.join(","),
                extranet_ipv4: raw.extranet_ipv4.join(","),
                intranet_ipv6: raw.intranet_ipv6.join(","),
                extranet_ipv6: raw.extranet_ipv6.join(","),
                hostname: raw.hostname.clone(),
                version: raw.version.clone(),
                product: raw.product.clone(),
                svr_time,
                tag: tag.clone(),
                ..Default::default()
            };
            prop_assert_eq!(MqData::decode(out.as_slice()).unwrap(), expected);
            let view = View::parse(&out).unwrap();
            prop_assert_eq!((view.data_type, view.agent_time), (sent.data_type, sent.timestamp));
            prop_assert_eq!(view.body, &sent.body[..]);
            prop_assert_eq!((view.svr_time, view.tag), (svr_time, tag.as_bytes()));
        }
    }

    #[test]
    fn items_read_as_with_another_codec(fields in prop::collection::btree_map(text(), text(), 0..6)) {
        let mut ours = Vec::new();
        for (key, value) in &fields {
            item::push(&mut ours, key.as_bytes(), value.as_bytes());
        }
        let theirs = Item { fields: fields.clone() };
        prop_assert_eq!(Item::decode(ours.as_slice()).unwrap(), theirs.clone());
        let body = theirs.encode_to_vec();
        for (key, value) in &fields {
            prop_assert_eq!(item::get(&body, key.as_bytes()).unwrap(), Some(value.as_bytes()));
        }
        prop_assert_eq!(item::pairs(&body).count(), fields.len());
    }

    #[test]
    fn a_damaged_message_gives_an_error_or_records_of_its_own_bytes(
        raw in raw_data(), damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = raw.encode_to_vec();
        if !bytes.is_empty() {
            for (place, byte) in damage {
                *place.get_mut(&mut bytes) = byte;
            }
        }
        if let Ok(message) = Message::parse(bytes.clone().into()) {
            let tail = Tail::new(&message, 0, b"");
            for record in message.records() {
                let known = record.body.is_empty()
                    || bytes.windows(record.body.len()).any(|window| window == record.body);
                prop_assert!(known);
                let _checked = item::check(record.body);
                let mut out = Vec::new();
                tail.write(record, &mut out);
                View::parse(&out).unwrap();
            }
        }
    }

    #[test]
    fn any_bytes_through_the_deframer_end_in_messages_an_error_or_a_wait_for_more(
        bytes in vec(prop_oneof![Just(0_u8), Just(1), any::<u8>()], 0..400), cut in 1_usize..40,
    ) {
        for encoding in ENCODINGS {
            let mut deframer = Deframer::with_limit(encoding, 1 << 12);
            let mut taken = 0;
            'stream: for chunk in bytes.chunks(cut) {
                deframer.push(Bytes::copy_from_slice(chunk));
                loop {
                    match deframer.next() {
                        Ok(Some(message)) => {
                            taken += 1;
                            prop_assert!(message.len() <= 1 << 12);
                            prop_assert!(taken <= bytes.len() / 5);
                        }
                        Ok(None) => break,
                        Err(error) => {
                            prop_assert!(!error.to_string().is_empty());
                            break 'stream;
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn any_header_names_an_encoding_or_is_refused(header in vec(any::<u8>(), 0..200)) {
        match Encoding::from_header(Some(&header)) {
            Ok(encoding) => prop_assert!(ENCODINGS.contains(&encoding)),
            Err(error) => prop_assert!(error.to_string().len() < 600, "{}", error),
        }
    }
}
