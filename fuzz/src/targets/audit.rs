//! Lists of audit events of Kubernetes, as an API server posts them.

use elk_wire::audit::{AuditError, AuditList, MAX_EVENTS};

pub(super) const WORDS: &[&[u8]] = &[
    b"{\"items\":[",
    b"]}",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"1",
    b"-1",
    b"4294967296",
    b"\"\"",
    b" ",
    b"\"kind\":",
    b"\"level\":",
    b"\"auditID\":",
    b"\"user\":{\"username\":\"a\"}",
    b"\"extra\":{\"a\":null}",
    b"\"groups\":[null]",
    b"\"sourceIPs\":[\"10.0.0.1\"]",
    b"\"objectRef\":{}",
    b"\"responseStatus\":{\"code\":200}",
    b"\"details\":{\"causes\":[{}]}",
    b"\"remainingItemCount\":",
    b"\"requestObject\":",
    b"\"responseObject\":{ \"a\" : 1.0 }",
    b"\"stageTimestamp\":",
    b"\"2023-11-09T10:00:00.123456Z\"",
    b"\"0001-01-01T00:00:00.000000Z\"",
    b"\"9999-12-31T23:59:60+14:00\"",
    b"\"annotations\":{\"a\":\"b\"}",
    b"\\u2028",
    b"\\ud800",
    b"\\\"",
    b"\xe2\x80\xa8",
    b"\xff",
    b"\0",
];

const CLUSTER: &str = "cluster <1> \"\u{2028}";
/// What a record has before its event, and after it.
const FRAME: (&[u8], &[u8]) =
    (b"{\"cluster_id\":\"cluster <1> \\\"\\u2028\",\"event\":", b",\"data_type\":\"9003\"}");

pub(super) fn run(input: &[u8]) {
    let list = match AuditList::parse(input) {
        Ok(list) => list,
        Err(AuditError::TooMany { count }) => {
            assert!(count > MAX_EVENTS);
            return;
        }
        Err(_) => return,
    };
    let records = written(&list);
    assert_eq!(records.len(), list.len());
    let events: Vec<_> = records.iter().map(|record| event(record)).collect();
    let again = [b"{\"items\":[".as_slice(), &events.join(b",".as_slice()), b"]}"].concat();
    let again = AuditList::parse(&again).map(|it| written(&it)).map_err(|it| it.to_string());
    assert_eq!(again, Ok(records), "an event changes when it is read again");
}

fn written(list: &AuditList) -> Vec<Vec<u8>> {
    let records: serde_json::Result<Vec<_>> = list.records(CLUSTER).collect();
    assert!(records.is_ok(), "an event that was read cannot be written: {records:?}");
    records.unwrap_or_default()
}

fn event(record: &[u8]) -> &[u8] {
    let event = record.strip_prefix(FRAME.0).and_then(|it| it.strip_suffix(FRAME.1));
    assert!(event.is_some(), "a record without its frame: {}", record.escape_ascii());
    event.unwrap_or_default()
}
