//! Taking over the certificates of an existing deployment.

use std::error::Error as _;
use std::fs;

use elk_trust::ca::{self, Authority};
use tempfile::TempDir;

use crate::made::{Fault, faulty, reference_pki, write_pki};

const NOW: u64 = 1_800_000_000;

fn deployment() -> (TempDir, Authority) {
    let directory = tempfile::tempdir().unwrap();
    let authority = Authority::create().unwrap();
    write_pki(directory.path(), &authority);
    (directory, authority)
}

/// Imports and returns the error with its causes, the directory's name cut out.
fn refusal(directory: &TempDir, now: u64) -> String {
    let error = ca::import(directory.path(), now).unwrap_err();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text.replace(&format!("{}/", directory.path().display()), "")
}

#[test]
fn a_version_1_authority_with_pkcs_1_keys_is_taken_byte_for_byte() {
    let Some(pki) = reference_pki("the import of a version 1 authority") else { return };
    let imported = ca::import(pki.path(), NOW).unwrap();
    let read = |name: &str| fs::read_to_string(pki.path().join(name)).unwrap();
    assert_eq!(imported.ca, read("ca.crt"));
    assert_eq!(
        (imported.server.cert.as_str(), imported.server.key.expose()),
        (&*read("server.crt"), &*read("server.key"))
    );
    assert_eq!(
        (imported.client.cert.as_str(), imported.client.key.expose()),
        (&*read("client.crt"), &*read("client.key"))
    );
}

#[test]
fn a_missing_file_is_named() {
    for name in ["ca.crt", "server.crt", "server.key", "client.crt", "client.key"] {
        let (directory, _) = deployment();
        fs::remove_file(directory.path().join(name)).unwrap();
        let expected = format!("cannot read {name}: No such file or directory (os error 2)");
        assert_eq!(refusal(&directory, NOW), expected);
    }
}

#[test]
fn a_file_that_holds_something_else_is_named() {
    for name in ["ca.crt", "server.crt", "server.key", "client.crt", "client.key"] {
        for content in [Some(""), Some("no PEM\n"), None] {
            let (directory, _) = deployment();
            let path = directory.path().join(name);
            let mut half = fs::read_to_string(&path).unwrap();
            half.truncate(half.len() / 2);
            fs::write(&path, content.unwrap_or(&half)).unwrap();
            let text = refusal(&directory, NOW);
            assert!(text.starts_with(&format!("{name} is unusable: the")), "{text}");
        }
        let (directory, _) = deployment();
        fs::write(directory.path().join(name), [0xff, 0xfe, 0x00]).unwrap();
        let text = refusal(&directory, NOW);
        assert!(text.starts_with(&format!("cannot read {name}: ")), "{text}");
    }
}

#[test]
fn a_key_of_another_certificate_is_named_with_it() {
    for name in ["server", "client"] {
        let (directory, authority) = deployment();
        let (_, key) = faulty(&authority, Fault::None);
        fs::write(directory.path().join(format!("{name}.key")), key).unwrap();
        assert_eq!(refusal(&directory, NOW), format!("{name}.key does not belong to {name}.crt"));
    }
}

#[test]
fn what_agents_or_servers_would_refuse_is_refused() {
    let other = Authority::create().unwrap();
    let cases = [
        ("server", true, Fault::None, "BadSignature"),
        ("client", true, Fault::None, "BadSignature"),
        ("server", false, Fault::OtherName, "not valid for name"),
        ("server", false, Fault::Expired, "expired"),
        ("client", false, Fault::Expired, "expired"),
        ("server", false, Fault::NotYet, "not valid yet"),
        ("server", false, Fault::OnlyForClients, "extended key usage"),
    ];
    for (name, foreign, fault, expected) in cases {
        let (directory, authority) = deployment();
        let (cert, key) = faulty(if foreign { &other } else { &authority }, fault);
        fs::write(directory.path().join(format!("{name}.crt")), cert).unwrap();
        fs::write(directory.path().join(format!("{name}.key")), key).unwrap();
        let text = refusal(&directory, NOW);
        let start = format!("{name}.crt would be refused by its peers: ");
        assert!(text.starts_with(&start), "{text}");
        assert!(text.to_lowercase().contains(&expected.to_lowercase()), "{fault:?}: {text}");
    }
    let (directory, _) = deployment();
    let year_2200 = 7_258_118_400;
    assert!(refusal(&directory, year_2200).starts_with("server.crt would be refused"), "expired");
}
