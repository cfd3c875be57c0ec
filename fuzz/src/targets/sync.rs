//! Changes that a node of the reference tells ServiceDiscovery.

use elk_sd::fuzz::{LIMITS, told};

pub(super) const WORDS: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"null",
    b"-1",
    b"65536",
    b"9223372036854775808",
    b"{\"source\":\"a:1\",\"data\":[",
    b"\"action\":\"REGISTER\"",
    b"\"action\":\"EVICT\"",
    b"\"registry\":{\"name\":\"a\",\"ip\":\"10.0.0.1\",\"port\":1}",
    b"\"name\":\"b\"",
    b"\"ip\":\"::1\"",
    b"\"port\":2",
    b"\"weight\":7",
    b"\"extra\":{\"a\":[1]}",
    b"\"update_at\":9999999999",
    b"\\u0000",
    b"\\ud800",
    b"\"DATA\"",
];

pub(super) fn run(input: &[u8]) {
    let Some(known) = told(input, 1) else { return };
    assert_eq!(known.here, known.there, "another node does not know what this one knows");
    let mut services: Vec<&str> = known.here.iter().map(|it| it.name.as_str()).collect();
    assert!(services.chunk_by(|a, b| a == b).all(|it| it.len() <= LIMITS.instances));
    services.dedup();
    assert!(services.len() <= LIMITS.services, "{services:?}");
    for instance in &known.here {
        let plain = instance.name.bytes().all(|byte| byte.is_ascii_graphic());
        assert!(plain && !instance.name.is_empty() && instance.port > 0, "{instance:?}");
        assert!(instance.extra.to_string().len() <= LIMITS.extra_bytes, "{instance:?}");
        assert_eq!((instance.status, instance.update_at), (0, 1_700_000_000), "another's clock");
    }
}
