use std::sync::Arc;
use std::time::Duration;

use elk_api::{Nothing, session};
use elk_client::reference::Caller;
use elk_client::{Client, ClientError, Config, Trust};
use elk_life::Clock;
use elk_trust::ca::Authority;
use elk_trust::tls;

use crate::server::{Server, json};

const ME: &str = r#"{"name":"a","role":"admin","permissions":[],"idle_timeout_seconds":60,"expires_at":"2026-01-01T00:00:00Z"}"#;

/// Serves with a certificate for `elkeid.com` only.
fn server(authority: &Authority) -> Server {
    let pem = authority.issue_server(&[], &[]).unwrap();
    let (cert, key) = (pem.cert.as_bytes(), pem.key.expose().as_bytes());
    let config = tls::server_config(cert, key, None, &[b"http/1.1"]).unwrap();
    Server::start(Some(Arc::clone(&config)), |number| match number {
        0..=9 => json(ME),
        _ => Vec::new(),
    })
}

async fn call(server: &Server, trust: Trust) -> Result<session::Me, ClientError> {
    let url = format!("https://{}", server.address);
    let config = Config { trust, timeout: Duration::from_secs(10), ..Config::new(url) };
    Client::new(&config).unwrap().send::<session::Me>(&[], &Nothing {}, &Nothing {}).await
}

#[tokio::test]
async fn a_server_is_trusted_by_its_authority_and_its_name() {
    let (ours, other) = (Authority::create().unwrap(), Authority::create().unwrap());
    let server = server(&ours);
    let ca = |authority: &Authority| authority.pem().cert.as_bytes().to_vec();
    let named = |authority: &Authority, name: &str| Trust::Named {
        ca: ca(authority),
        name: name.to_owned(),
    };
    assert!(call(&server, named(&ours, "elkeid.com")).await.is_ok());
    assert!(call(&server, Trust::Insecure).await.is_ok());
    let strangers = [
        named(&other, "elkeid.com"),
        named(&ours, "example.com"),
        Trust::Authority(ca(&ours)),
        Trust::Authority(ca(&other)),
        Trust::System,
    ];
    for trust in strangers {
        let shown = format!("{trust:?}");
        match call(&server, trust).await {
            Err(error @ ClientError::Tls { .. }) => assert_eq!(error.code(), "tls_failed"),
            other => panic!("{shown}: {other:?}"),
        }
    }
    assert_eq!(server.seen().len(), 2, "nothing was sent to a server that is not trusted");
}

#[tokio::test]
async fn daemons_verify_each_other_by_the_fixed_name() {
    let (ours, other) = (Authority::create().unwrap(), Authority::create().unwrap());
    let server = server(&ours);
    let url = format!("https://{}/", server.address);
    let get = |authority: &Authority| {
        let ca = authority.pem().cert.as_bytes().to_vec();
        let trust = Trust::Named { ca, name: elk_trust::SERVER_NAME.to_owned() };
        let caller = Caller::new(&trust, None, Clock::System).unwrap();
        let url = url.clone();
        async move { caller.get::<Option<String>>(&url, Duration::from_secs(10)).await }
    };
    assert_eq!(get(&ours).await.unwrap(), None);
    assert!(matches!(get(&other).await, Err(ClientError::Tls { .. })));
}

#[test]
fn a_broken_authority_is_named() {
    for pem in ["", "not pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let trust = Trust::Authority(pem.as_bytes().to_vec());
        let config = Config { trust, ..Config::new("https://127.0.0.1:1") };
        let error = Client::new(&config).unwrap_err();
        let text = elk_life::chain(&error).to_string();
        assert!(text.contains("authority"), "{pem:?}: {text}");
    }
}
