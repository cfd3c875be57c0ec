//! Certificates for tests: with the `openssl` tool as deployments of the reference have them, and
//! with faults that no tool of ours makes.

use std::fs;
use std::path::Path;
use std::process::Command;

use elk_trust::ca::Authority;
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, Issuer, KeyPair, SanType, date_time_ymd};
use tempfile::TempDir;

/// Returns a directory with a version 1 authority, and server and client pairs under RSA keys in
/// PKCS#1: the reference's profile. `None`, after a line that says so, if there is no `openssl`.
pub(crate) fn reference_pki(test: &str) -> Option<TempDir> {
    if Command::new("openssl").arg("version").output().is_err() {
        assert_ne!(
            std::env::var("ELK_REQUIRE_ALL").as_deref(),
            Ok("1"),
            "{test} needs the openssl tool"
        );
        skipped(test);
        return None;
    }
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let subject = "/C=GB/L=China/O=hids-svr/CN=elkeid@elkeid.com";
    fs::write(
        at.join("leaf.ext"),
        "basicConstraints=CA:FALSE\nsubjectAltName=DNS:elkeid.com\n\
         keyUsage=digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment\n",
    )
    .unwrap();
    for name in ["ca", "server", "client"] {
        openssl(at, &format!("genrsa -traditional -out {name}.key 2048"));
        openssl(at, &format!("req -new -key {name}.key -subj {subject} -out {name}.csr"));
    }
    openssl(at, "x509 -req -in ca.csr -signkey ca.key -sha256 -days 36500 -out ca.crt");
    for (serial, name) in [(1, "server"), (2, "client")] {
        let sign = "-CA ca.crt -CAkey ca.key -sha256 -days 3650 -extfile leaf.ext";
        let line = format!("x509 -req -in {name}.csr {sign} -set_serial {serial} -out {name}.crt");
        openssl(at, &line);
    }
    let shown = openssl(at, "x509 -in ca.crt -noout -text");
    assert!(shown.contains("Version: 1 (0x0)"), "{shown}");
    let key = fs::read_to_string(at.join("server.key")).unwrap();
    assert!(key.starts_with("-----BEGIN RSA PRIVATE KEY-----"), "{key}");
    Some(directory)
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests is told what was left out")]
fn skipped(test: &str) {
    eprintln!("skipped {test}: there is no openssl tool");
}

pub(crate) fn openssl(at: &Path, line: &str) -> String {
    let output = Command::new("openssl").args(line.split(' ')).current_dir(at).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What is unusual about a certificate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fault {
    None,
    Expired,
    NotYet,
    OtherName,
    OnlyForClients,
}

/// Issues a pair with a fault, as PEM texts.
pub(crate) fn faulty(authority: &Authority, fault: Fault) -> (String, String) {
    let ca = authority.pem();
    let issuer = Issuer::from_ca_cert_pem(&ca.cert, KeyPair::from_pem(ca.key.expose()).unwrap());
    let mut params = CertificateParams::default();
    let name = if fault == Fault::OtherName { "example.com" } else { "elkeid.com" };
    params.subject_alt_names = vec![SanType::DnsName(name.try_into().unwrap())];
    let (from, to) = match fault {
        Fault::Expired => (2020, 2021),
        Fault::NotYet => (2100, 2101),
        _ => (2020, 2100),
    };
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(to, 1, 1);
    if fault == Fault::OnlyForClients {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    }
    let key = KeyPair::generate().unwrap();
    let cert = params.signed_by(&key, &issuer.unwrap()).unwrap();
    (cert.pem(), key.serialize_pem())
}

/// Writes the five files of a deployment, made by `authority`.
pub(crate) fn write_pki(at: &Path, authority: &Authority) {
    fs::write(at.join("ca.crt"), &authority.pem().cert).unwrap();
    let server = authority.issue_server(&[], &[]).unwrap();
    let client = authority.issue_client("agent").unwrap();
    for (name, pem) in [("server", server), ("client", client)] {
        fs::write(at.join(format!("{name}.crt")), pem.cert).unwrap();
        fs::write(at.join(format!("{name}.key")), pem.key.expose()).unwrap();
    }
}
