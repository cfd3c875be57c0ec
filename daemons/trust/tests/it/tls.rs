//! Who shakes hands with whom.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use elk_trust::ca::{self, Authority, Pem};
use elk_trust::tls::{Expect, client_config, client_config_insecure, server_config};
use proptest::prelude::*;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ProtocolVersion, ServerConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::made::{Fault, faulty, reference_pki};

const HANG: Duration = Duration::from_secs(20);
const H2: &[&[u8]] = &[b"h2"];
const ELKEID: Expect<'_> = Expect::Name("elkeid.com");

/// What the server saw of a handshake that both sides completed.
#[derive(Debug, PartialEq)]
struct Seen {
    named: Option<String>,
    protocol: Option<Vec<u8>>,
    certificates: usize,
    version: Option<ProtocolVersion>,
}

/// Dials 127.0.0.1 as `dialled` and passes a byte both ways.
async fn shake(
    server: &Arc<ServerConfig>,
    client: &Arc<ClientConfig>,
    dialled: &str,
) -> io::Result<Seen> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let addr = listener.local_addr()?;
    let accept = async {
        let (socket, _) = listener.accept().await?;
        let mut stream = TlsAcceptor::from(Arc::clone(server)).accept(socket).await?;
        let mut byte = [0];
        stream.read_exact(&mut byte).await?;
        stream.write_all(&byte).await?;
        stream.flush().await?;
        let connection = stream.get_ref().1;
        Ok::<_, io::Error>(Seen {
            named: connection.server_name().map(str::to_owned),
            protocol: connection.alpn_protocol().map(<[u8]>::to_vec),
            certificates: connection.peer_certificates().map_or(0, <[_]>::len),
            version: connection.protocol_version(),
        })
    };
    let dial = async {
        let name = ServerName::try_from(dialled.to_owned()).map_err(io::Error::other)?;
        let socket = TcpStream::connect(addr).await?;
        let mut stream = TlsConnector::from(Arc::clone(client)).connect(name, socket).await?;
        stream.write_all(b"x").await?;
        stream.flush().await?;
        let mut byte = [0];
        stream.read_exact(&mut byte).await?;
        Ok::<_, io::Error>(())
    };
    let (seen, dialled) = timeout(HANG, async { tokio::join!(accept, dial) }).await?;
    dialled.and(seen)
}

fn server(pair: &(String, String), client_ca: Option<&Authority>) -> Arc<ServerConfig> {
    let ca = client_ca.map(|authority| authority.pem().cert.as_bytes());
    server_config(pair.0.as_bytes(), pair.1.as_bytes(), ca, H2).unwrap()
}

fn client(ca: &Authority, own: Option<&Pem>, expect: Expect<'_>) -> Arc<ClientConfig> {
    let own = own.map(|pem| (pem.cert.as_bytes(), pem.key.expose().as_bytes()));
    client_config(ca.pem().cert.as_bytes(), own, expect, H2).unwrap()
}

#[tokio::test]
async fn an_agent_of_the_reference_connects_to_an_address_without_a_server_name() {
    let Some(pki) = reference_pki("a handshake under a version 1 authority") else { return };
    let pki = ca::import(pki.path(), 1_800_000_000).unwrap();
    let bytes = |pem: &Pem| (pem.cert.clone().into_bytes(), pem.key.expose().as_bytes().to_vec());
    let ((cert, key), agent) = (bytes(&pki.server), bytes(&pki.client));
    let server = server_config(&cert, &key, Some(pki.ca.as_bytes()), H2).unwrap();
    let own = Some((agent.0.as_slice(), agent.1.as_slice()));
    let agent = client_config(pki.ca.as_bytes(), own, ELKEID, H2).unwrap();
    let seen = shake(&server, &agent, "127.0.0.1").await.unwrap();
    let expected = Seen {
        named: None,
        protocol: Some(b"h2".to_vec()),
        certificates: 1,
        version: Some(ProtocolVersion::TLSv1_3),
    };
    assert_eq!(seen, expected);
    // By name it works as well, and the server takes whatever name is sent.
    let seen = shake(&server, &agent, "localhost").await.unwrap();
    assert_eq!(seen.named.as_deref(), Some("localhost"));
}

#[tokio::test]
async fn the_certificate_of_agents_makes_no_server_and_that_of_the_server_no_agent() {
    let authority = Authority::create().unwrap();
    let (ours, agents) =
        (authority.issue_server(&[], &[]).unwrap(), authority.issue_client("agent").unwrap());
    let listens = |pem: &Pem| server(&(pem.cert.clone(), pem.key.expose().to_owned()), None);
    let asks =
        |pem: &Pem| server(&(pem.cert.clone(), pem.key.expose().to_owned()), Some(&authority));
    let agent = |own: &Pem| client(&authority, Some(own), ELKEID);
    shake(&asks(&ours), &agent(&agents), "127.0.0.1").await.unwrap();
    let posing = shake(&listens(&agents), &agent(&agents), "127.0.0.1").await.unwrap_err();
    assert!(posing.to_string().contains("invalid peer certificate"), "{posing}");
    assert!(shake(&asks(&ours), &agent(&ours), "127.0.0.1").await.is_err());
}

#[tokio::test]
async fn a_peer_that_speaks_tls_1_2_only_is_served() {
    let authority = Authority::create().unwrap();
    let server = server(&faulty(&authority, Fault::None), None);
    let mut roots = rustls::RootCertStore::empty();
    for cert in rustls_pki_types::pem::PemObject::pem_slice_iter(authority.pem().cert.as_bytes()) {
        roots.add(cert.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let old = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS12])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let seen = shake(&server, &Arc::new(old), "elkeid.com").await.unwrap();
    assert_eq!(seen.version, Some(ProtocolVersion::TLSv1_2));
}

#[tokio::test]
async fn a_client_refuses_another_authority_another_name_and_a_certificate_out_of_its_time() {
    let (ours, other) = (Authority::create().unwrap(), Authority::create().unwrap());
    let strict = client(&ours, None, ELKEID);
    shake(&server(&faulty(&ours, Fault::None), None), &strict, "127.0.0.1").await.unwrap();
    let cases = [
        (&other, Fault::None, "BadSignature"),
        (&ours, Fault::OtherName, "not valid for name"),
        (&ours, Fault::Expired, "expired"),
        (&ours, Fault::NotYet, "not valid yet"),
        (&ours, Fault::OnlyForClients, "extended key usage"),
    ];
    for (authority, fault, expected) in cases {
        let server = server(&faulty(authority, fault), None);
        let error = shake(&server, &strict, "127.0.0.1").await.unwrap_err().to_string();
        assert!(error.to_lowercase().contains(&expected.to_lowercase()), "{fault:?}: {error}");
        // What takes any certificate takes these.
        let lax = client_config_insecure(H2).unwrap();
        shake(&server, &lax, "127.0.0.1").await.unwrap();
    }
}

#[tokio::test]
async fn a_client_that_wants_what_it_dialled_is_not_content_with_elkeid_com() {
    let authority = Authority::create().unwrap();
    let here: IpAddr = [127, 0, 0, 1].into();
    let pair = |pem: Pem| (pem.cert, pem.key.expose().to_owned());
    let named = server(&pair(authority.issue_server(&["sd.local"], &[here]).unwrap()), None);
    let plain = server(&pair(authority.issue_server(&[], &[]).unwrap()), None);
    let dialling = client(&authority, None, Expect::Dialled);
    for dialled in ["127.0.0.1", "sd.local", "elkeid.com"] {
        shake(&named, &dialling, dialled).await.unwrap();
    }
    shake(&named, &dialling, "127.0.0.2").await.unwrap_err();
    shake(&plain, &dialling, "127.0.0.1").await.unwrap_err();
    shake(&plain, &client(&authority, None, ELKEID), "127.0.0.1").await.unwrap();
}

#[tokio::test]
async fn a_server_that_wants_certificates_refuses_clients_without_and_of_another_authority() {
    let (ours, other) = (Authority::create().unwrap(), Authority::create().unwrap());
    let server = server(&faulty(&ours, Fault::None), Some(&ours));
    let good = ours.issue_client("agent").unwrap();
    let stranger = other.issue_client("agent").unwrap();
    let (cert, key) = faulty(&ours, Fault::Expired);
    let old = Pem { cert, key: elk_trust::Secret::new(key) };
    let seen = shake(&server, &client(&ours, Some(&good), ELKEID), "127.0.0.1").await.unwrap();
    assert_eq!(seen.certificates, 1);
    for own in [None, Some(&stranger), Some(&old)] {
        shake(&server, &client(&ours, own, ELKEID), "127.0.0.1").await.unwrap_err();
    }
}

#[tokio::test]
async fn peers_without_a_protocol_in_common_part() {
    let authority = Authority::create().unwrap();
    let server = server(&faulty(&authority, Fault::None), None);
    let ca = authority.pem().cert.as_bytes();
    let http1 = client_config(ca, None, ELKEID, &[b"http/1.1"]).unwrap();
    shake(&server, &http1, "127.0.0.1").await.unwrap_err();
    let both = client_config(ca, None, ELKEID, &[b"http/1.1", b"h2"]).unwrap();
    let seen = shake(&server, &both, "127.0.0.1").await.unwrap();
    assert_eq!(seen.protocol.as_deref(), Some(&b"h2"[..]));
}

#[test]
fn texts_that_are_no_certificates_are_told_apart() {
    let authority = Authority::create().unwrap();
    let (cert, key) = faulty(&authority, Fault::None);
    let (_, other) = faulty(&authority, Fault::None);
    let server = |cert: &str, key: &str, ca: Option<&str>| {
        let ca = ca.map(str::as_bytes);
        server_config(cert.as_bytes(), key.as_bytes(), ca, H2).map(drop).map_err(|e| e.to_string())
    };
    let locked =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let cases = [
        (server("", &key, None), "there is no certificate in the server certificate"),
        (server("x", &key, None), "there is no certificate in the server certificate"),
        (server(cert.get(..200).unwrap(), &key, None), "the server certificate is not valid PEM: "),
        (server(&cert, "", None), "the server key is not valid PEM: "),
        (server(&cert, locked, None), "the server key is encrypted"),
        (server(&cert, &other, None), "the server certificate and key cannot be used: "),
        (server(&cert, &key, Some("")), "there is no certificate in the client authority"),
        (
            client_config(b"x", None, ELKEID, H2).map(drop).map_err(|e| e.to_string()),
            "there is no certificate in the authority",
        ),
        (
            client_config(authority.pem().cert.as_bytes(), None, Expect::Name("a b"), H2)
                .map(drop)
                .map_err(|e| e.to_string()),
            "`a b` is not a DNS name",
        ),
    ];
    for (result, expected) in cases {
        let error = result.unwrap_err();
        assert!(error.starts_with(expected), "{error:?}, expected {expected:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_certificates_never_panic(place in 28_usize..500, byte: u8, noise: Vec<u8>) {
        let authority = Authority::create().unwrap();
        let (cert, key) = faulty(&authority, Fault::None);
        for text in [&cert, &key] {
            let mut damaged = text.clone().into_bytes();
            let place = place % damaged.len();
            damaged[place] = byte;
            drop(server_config(&damaged, key.as_bytes(), Some(&damaged), H2));
            drop(server_config(cert.as_bytes(), &damaged, None, H2));
            drop(client_config(&damaged, Some((&damaged, &damaged)), ELKEID, H2));
        }
        drop(server_config(&noise, &noise, Some(&noise), H2));
    }
}
