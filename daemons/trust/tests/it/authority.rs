//! Our own authority.

use elk_trust::ca::{self, Authority};

use crate::made::{openssl, reference_pki, write_pki};

#[test]
fn an_authority_that_was_stored_issues_what_the_original_vouches_for() {
    let original = Authority::create().unwrap();
    let stored = original.pem();
    let loaded = Authority::load(&stored.cert, stored.key.expose()).unwrap();
    let directory = tempfile::tempdir().unwrap();
    write_pki(directory.path(), &loaded);
    std::fs::write(directory.path().join("ca.crt"), &stored.cert).unwrap();
    let imported = ca::import(directory.path(), 1_800_000_000).unwrap();
    assert_eq!(imported.ca, stored.cert);
}

#[test]
fn an_authority_in_broken_texts_is_refused() {
    let original = Authority::create().unwrap();
    let stored = original.pem();
    for (cert, key) in [("", stored.key.expose()), (stored.cert.as_str(), "x"), ("x", "")] {
        let error = Authority::load(cert, key).unwrap_err();
        assert_eq!(error.to_string(), "cannot make a certificate for the authority");
    }
}

#[test]
fn a_name_that_is_no_dns_name_is_not_certified() {
    let error = Authority::create().unwrap().issue_server(&["é"], &[]).unwrap_err();
    assert!(error.to_string().contains("\"é\""), "{error}");
}

#[test]
fn other_tools_take_our_certificates() {
    let Some(other) = reference_pki("our certificates under the openssl tool") else { return };
    let authority = Authority::create().unwrap();
    write_pki(other.path(), &authority);
    for line in [
        "verify -CAfile ca.crt -purpose sslserver -verify_hostname elkeid.com server.crt",
        "verify -CAfile ca.crt -purpose sslclient client.crt",
    ] {
        assert!(openssl(other.path(), line).ends_with(": OK\n"), "{line}");
    }
    let shown = openssl(other.path(), "x509 -in ca.crt -noout -text");
    assert!(shown.contains("CA:TRUE"), "{shown}");
}
