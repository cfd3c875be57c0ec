//! TLS configurations: version 1 authorities, PKCS#1 keys and leaves without extended key usage are fine.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, RootCertStore, ServerConfig, SignatureScheme,
};

/// A TLS configuration could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The text has a broken PEM block.
    #[error("the {what} is not valid PEM: {reason}")]
    Pem {
        /// Which text.
        what: &'static str,
        /// What is broken.
        reason: String,
    },
    /// The text has no block of this kind.
    #[error("there is no certificate in the {what}")]
    Empty {
        /// Which text.
        what: &'static str,
    },
    /// The key can be read with a password only.
    #[error("the {what} is encrypted; store it without a password")]
    Encrypted {
        /// Which text.
        what: &'static str,
    },
    /// A name is not a DNS name.
    #[error("`{0}` is not a DNS name")]
    Name(String),
    /// rustls refuses it, for example as key and certificate do not belong together.
    #[error("the {what} cannot be used: {reason}")]
    Unusable {
        /// Which text.
        what: &'static str,
        /// Why.
        reason: String,
    },
}

fn unusable(what: &'static str) -> impl FnOnce(Error) -> TlsError {
    move |error| TlsError::Unusable { what, reason: error.to_string() }
}

pub(crate) fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default()
        .map_or_else(|| Arc::new(rustls::crypto::ring::default_provider()), Arc::clone)
}

pub(crate) fn certificates(
    pem: &[u8],
    what: &'static str,
) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = found.map_err(|error| TlsError::Pem { what, reason: error.to_string() })?;
    if found.is_empty() { Err(TlsError::Empty { what }) } else { Ok(found) }
}

pub(crate) fn private_key(
    pem: &[u8],
    what: &'static str,
) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|error| {
        let locked = ENCRYPTED.iter().any(|mark| contains(pem, mark));
        if locked {
            TlsError::Encrypted { what }
        } else {
            TlsError::Pem { what, reason: error.to_string() }
        }
    })
}

/// What stands in keys that are encrypted, in PKCS#8 and in PKCS#1.
const ENCRYPTED: [&[u8]; 2] = [b"BEGIN ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED"];

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

pub(crate) fn roots(pem: &[u8], what: &'static str) -> Result<Arc<RootCertStore>, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(pem, what)? {
        roots.add(certificate).map_err(unusable(what))?;
    }
    Ok(Arc::new(roots))
}

fn protocols(alpn: &[&[u8]]) -> Vec<Vec<u8>> {
    alpn.iter().map(|protocol| (*protocol).to_vec()).collect()
}

/// Makes a server's configuration; with `client_ca` a client must show a certificate of that authority.
///
/// # Errors
///
/// If a PEM text is broken or empty, or key and certificate do not belong together.
pub fn server_config(
    cert_pem: &[u8],
    key_pem: &[u8],
    client_ca: Option<&[u8]>,
    alpn: &[&[u8]],
) -> Result<Arc<ServerConfig>, TlsError> {
    let builder = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(unusable("crypto provider"))?;
    let builder = match client_ca {
        None => builder.with_no_client_auth(),
        Some(pem) => {
            let roots = roots(pem, "client authority")?;
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider())
                .build()
                .map_err(|error| TlsError::Unusable {
                what: "client authority",
                reason: error.to_string(),
            })?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let chain = certificates(cert_pem, "server certificate")?;
    let key = private_key(key_pem, "server key")?;
    let mut config =
        builder.with_single_cert(chain, key).map_err(unusable("server certificate and key"))?;
    config.alpn_protocols = protocols(alpn);
    Ok(Arc::new(config))
}

/// Which name a client demands of a server's certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expect<'a> {
    /// The name or address that was dialled.
    Dialled,
    /// This DNS name, whatever was dialled.
    Name(&'a str),
}

/// Makes a client's configuration that trusts only the authorities in `ca_pem`; `client` is its own certificate and key.
///
/// # Errors
///
/// If a PEM text is broken or empty, or key and certificate do not belong together.
pub fn client_config(
    ca_pem: &[u8],
    client: Option<(&[u8], &[u8])>,
    expect: Expect<'_>,
    alpn: &[&[u8]],
) -> Result<Arc<ClientConfig>, TlsError> {
    let name = match expect {
        Expect::Dialled => None,
        Expect::Name(name) => Some(
            ServerName::try_from(name.to_owned()).map_err(|_| TlsError::Name(name.to_owned()))?,
        ),
    };
    let verifier = Pinned { roots: Some(roots(ca_pem, "authority")?), name, provider: provider() };
    with_verifier(verifier, client, alpn)
}

/// Makes a client's configuration that takes any certificate: only for AgentCenters of the
/// reference, whose Manager does the same.
///
/// # Errors
///
/// If the crypto provider is unusable.
pub fn client_config_insecure(alpn: &[&[u8]]) -> Result<Arc<ClientConfig>, TlsError> {
    with_verifier(Pinned { roots: None, name: None, provider: provider() }, None, alpn)
}

fn with_verifier(
    verifier: Pinned,
    client: Option<(&[u8], &[u8])>,
    alpn: &[&[u8]],
) -> Result<Arc<ClientConfig>, TlsError> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(unusable("crypto provider"))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match client {
        None => builder.with_no_client_auth(),
        Some((cert, key)) => builder
            .with_client_auth_cert(
                certificates(cert, "client certificate")?,
                private_key(key, "client key")?,
            )
            .map_err(unusable("client certificate and key"))?,
    };
    config.alpn_protocols = protocols(alpn);
    Ok(Arc::new(config))
}

/// Verifies the chain to `roots` (`None`: anything goes) and `name` (`None`: what was dialled).
#[derive(Debug)]
struct Pinned {
    roots: Option<Arc<RootCertStore>>,
    name: Option<ServerName<'static>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(roots) = &self.roots {
            let certificate = ParsedCertificate::try_from(end_entity)?;
            let algorithms = self.provider.signature_verification_algorithms.all;
            verify_server_cert_signed_by_trust_anchor(
                &certificate,
                roots,
                intermediates,
                now,
                algorithms,
            )?;
            verify_server_name(&certificate, self.name.as_ref().unwrap_or(server_name))?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
