//! The reference's bytes, hostile bytes, and both directions of every codec.

#![expect(clippy::unwrap_used, reason = "a failure is the failure of the test")]

use std::io::Write as _;

use bytes::Bytes;
use elk_wire::frame::{self, Deframer, Encoding, FrameError};
use elk_wire::mqdata::{Tail, View};
use elk_wire::record::Message;
use elk_wire::{Command, ConfigItem, PluginTask, item, snappy};
use proptest::prelude::*;
use prost::Message as _;

const RAW: &str = "0a1b08e9071080e2cfaa061a100a0e0a046e616d65120664726976657212076167656e742d311a0831302e302e302e311a0831302e302e302e323a0268314207312e392e312e364a0c656c6b6569642d6167656e74";
const SNAPPY_HEAD: &str = "ff060000734e61507059015900008fa833ff";
const MQ: &str = "08e9071080e2cfaa061a100a0e0a046e616d65120664726976657222076167656e742d312a1131302e302e302e312c31302e302e302e324a0268315207312e392e312e365a0c656c6b6569642d6167656e746085e2cfaa067a0870726f642c776562";
const CAPTURED: &str = "083b10d4d28fd8061a1a0a0e0a0365786512072f62696e2ffffe0a080a03706964120131222533333632333333332d333336352d343930352d623431372d3333316531383333333331383332093139322e302e322e323a07666430303a3a324a02766d5207312e392e312e365a0c656c6b6569642d6167656e7460d4d28fd8067a0870726f642c776562";

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text.chars().map(|c| c.to_digit(16).unwrap()).collect();
    digits.chunks(2).map(|two| u8::try_from(two[0] * 16 + two[1]).unwrap()).collect()
}

fn framed(flag: u8, payload: &[u8]) -> Bytes {
    let mut out = vec![flag];
    out.extend_from_slice(&u32::try_from(payload.len()).unwrap().to_be_bytes());
    out.extend_from_slice(payload);
    out.into()
}

fn one(encoding: Encoding, limit: usize, payload: &[u8]) -> Result<Option<Bytes>, FrameError> {
    let mut deframer = Deframer::with_limit(encoding, limit);
    deframer.push(framed(1, payload));
    deframer.next()
}

#[test]
fn a_batch_becomes_the_bus_record_of_the_reference() {
    let message = Message::parse(unhex(RAW).into()).unwrap();
    let record = message.records().next().unwrap();
    assert_eq!((record.data_type, record.timestamp), (1001, 1_700_000_000));
    assert_eq!(item::get(record.body, b"name").unwrap(), Some(&b"driver"[..]));
    let mut out = Vec::new();
    Tail::new(&message, 1_700_000_005, b"prod,web").write(record, &mut out);
    assert_eq!(out, unhex(MQ));
}

#[test]
fn a_captured_record_with_bytes_that_are_no_utf8_survives() {
    let bytes = unhex(CAPTURED);
    let view = View::parse(&bytes).unwrap();
    assert_eq!(item::get(view.body, b"exe").unwrap(), Some(&b"/bin/\xff\xfe"[..]));
    assert_eq!((view.data_type, view.tag, view.hostname), (59, &b"prod,web"[..], &b"vm"[..]));
}

#[test]
fn commands_have_the_bytes_of_the_reference() {
    let config = ConfigItem {
        name: "driver".to_owned(),
        r#type: "tar.gz".to_owned(),
        version: "1.0.0.1".to_owned(),
        sha256: "ab".to_owned(),
        signature: "cd".to_owned(),
        download_url: vec!["http://x/d".to_owned()],
        ..Default::default()
    };
    let command = Command { config: vec![config], ..Default::default() };
    let expected = "1a2d0a0664726976657212067461722e677a1a07312e302e302e31220261622a026364320a687474703a2f2f782f64";
    assert_eq!(command.encode_to_vec(), unhex(expected));
    let task = PluginTask {
        data_type: 5055,
        name: "demo".to_owned(),
        data: "{}".to_owned(),
        token: "tok".to_owned(),
    };
    let command = Command { task: Some(task), ..Default::default() };
    assert_eq!(command.encode_to_vec(), unhex("121208bf27120464656d6f1a027b7d2203746f6b"));
    let command = Command { task: Some(PluginTask::default()), ..Default::default() };
    assert_eq!(command.encode_to_vec(), unhex("1200"));
}

#[test]
fn a_command_too_large_for_an_agent_is_refused() {
    let task = PluginTask { data: "x".repeat(frame::MAX_COMMAND), ..Default::default() };
    frame::command(&Command { task: Some(task), ..Default::default() }).unwrap_err();
}

#[test]
fn snappy_bytes_are_those_of_the_reference_and_an_empty_stream_is_an_empty_message() {
    let raw = unhex(RAW);
    let expected = [unhex(SNAPPY_HEAD), raw.clone()].concat();
    assert_eq!(one(Encoding::Snappy, 1 << 20, &expected).unwrap().unwrap(), raw);
    assert_eq!(one(Encoding::Snappy, 1 << 20, b"").unwrap().unwrap(), b""[..]);
    let mut broken = expected;
    *broken.last_mut().unwrap() ^= 1;
    let error = one(Encoding::Snappy, 1 << 20, &broken).unwrap_err();
    assert!(error.to_string().ends_with("checksum mismatch"), "{error}");
}

#[test]
fn reserved_chunks_are_skipped_or_refused_as_the_format_says() {
    let stream =
        [unhex(SNAPPY_HEAD), unhex(RAW), b"\x80\x02\x00\x00ab\xfe\x00\x00\x00".to_vec()].concat();
    assert_eq!(snappy::inflate(&stream, 1000).unwrap(), unhex(RAW));
    let stream = [unhex(SNAPPY_HEAD), unhex(RAW), b"\x02\x00\x00\x00".to_vec()].concat();
    snappy::inflate(&stream, 1000).unwrap_err();
    snappy::inflate(b"\x01\x04\x00\x00abcd", 1000).unwrap_err();
}

#[test]
fn zstd_and_gzip_are_read_and_bombs_of_every_encoding_are_stopped() {
    let content = vec![7_u8; 1 << 20];
    let mut packed = Vec::new();
    snappy::deflate(&content, &mut packed);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&content).unwrap();
    let packed = [
        (Encoding::Snappy, packed),
        (Encoding::Zstd, zstd::encode_all(&content[..], 1).unwrap()),
        (Encoding::Gzip, gzip.finish().unwrap()),
    ];
    for (encoding, packed) in packed {
        assert_eq!(one(encoding, content.len(), &packed).unwrap().unwrap(), content);
        let error = one(encoding, content.len() - 1, &packed).unwrap_err();
        assert_eq!(error.code(), tonic::Code::ResourceExhausted, "{encoding:?}: {error}");
        let error = one(encoding, content.len(), &packed[..packed.len() - 3]).unwrap_err();
        assert_eq!(error.code(), tonic::Code::Internal, "{encoding:?}: {error}");
    }
}

#[test]
fn a_frame_that_lies_is_refused_before_its_content_arrives() {
    let mut deframer = Deframer::new(Encoding::Identity);
    deframer.push(Bytes::from_static(b"\x00\x00\xa0\x00\x01"));
    assert_eq!(deframer.next().unwrap_err().code(), tonic::Code::ResourceExhausted);
    let mut deframer = Deframer::new(Encoding::Identity);
    deframer.push(Bytes::from_static(b"\x00\x00\x00\x00\x02a"));
    assert!(deframer.next().unwrap().is_none());
    deframer.finish().unwrap_err();
    one(Encoding::Identity, 10, b"a").unwrap_err();
    let error = Encoding::from_header(Some(b"br")).unwrap_err();
    assert_eq!(error.code(), tonic::Code::Unimplemented);
}

#[test]
fn a_field_of_the_wrong_wire_type_is_named() {
    let error = Message::parse(Bytes::from_static(b"\x10\x01")).unwrap_err();
    assert_eq!(error.to_string(), "message.agent_id: wrong wire type at byte 0");
}

proptest! {
    #[test]
    fn hostile_bytes_never_panic(bytes: Vec<u8>) {
        drop(Message::parse(bytes.clone().into()));
        let _view = View::parse(&bytes);
        let _checked = item::check(&bytes);
        for encoding in [Encoding::Snappy, Encoding::Zstd, Encoding::Gzip] {
            drop(one(encoding, 1 << 16, &bytes));
        }
        let stream = [b"\xff\x06\x00\x00sNaPpY".to_vec(), bytes].concat();
        drop(snappy::inflate(&stream, 1 << 16));
    }

    #[test]
    fn messages_survive_any_cut_of_the_stream(
        messages in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 1..6),
        cut in 1_usize..50,
    ) {
        let mut stream = Vec::new();
        for message in &messages {
            let mut packed = Vec::new();
            snappy::deflate(message, &mut packed);
            stream.extend_from_slice(&framed(1, &packed));
        }
        let mut deframer = Deframer::new(Encoding::Snappy);
        let mut got = Vec::new();
        for chunk in stream.chunks(cut) {
            deframer.push(Bytes::copy_from_slice(chunk));
            while let Some(message) = deframer.next().unwrap() {
                got.push(message.to_vec());
            }
        }
        deframer.finish().unwrap();
        prop_assert_eq!(got, messages);
    }
}
