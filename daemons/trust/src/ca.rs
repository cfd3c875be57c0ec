//! Certificates: an authority of one's own, and the import of an existing one.

use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, date_time_ymd,
};
use rustls::RootCertStore;
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;

use crate::tls::{TlsError, certificates, private_key, provider, roots};
use crate::{SERVER_NAME, Secret};

/// A certificate and its key.
#[derive(Clone, Debug)]
pub struct Pem {
    /// Certificate, PEM.
    pub cert: String,
    /// Private key, PEM.
    pub key: Secret,
}

/// A certificate could not be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot make a certificate for {subject}")]
pub struct IssueError {
    /// For whom.
    pub subject: String,
    /// Why.
    #[source]
    pub source: rcgen::Error,
}

/// A certificate authority that can issue.
#[derive(Debug)]
pub struct Authority {
    pem: Pem,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Makes a new authority.
    ///
    /// # Errors
    ///
    /// If the system has no randomness.
    pub fn create() -> Result<Self, IssueError> {
        let failed = |source| IssueError { subject: "the authority".to_owned(), source };
        let key = KeyPair::generate().map_err(failed)?;
        let mut params = params("Elk certificate authority", Vec::new());
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let cert = params.self_signed(&key).map_err(failed)?.pem();
        let pem = Pem { cert, key: Secret::new(key.serialize_pem()) };
        Ok(Self { pem, issuer: Issuer::new(params, key) })
    }

    /// Loads an authority made by [`Authority::create`].
    ///
    /// # Errors
    ///
    /// If one of the texts is not what it should be.
    pub fn load(cert_pem: &str, key_pem: &str) -> Result<Self, IssueError> {
        let failed = |source| IssueError { subject: "the authority".to_owned(), source };
        let key = KeyPair::from_pem(key_pem).map_err(failed)?;
        let issuer = Issuer::from_ca_cert_pem(cert_pem, key).map_err(failed)?;
        let pem = Pem { cert: cert_pem.to_owned(), key: Secret::new(key_pem) };
        Ok(Self { pem, issuer })
    }

    /// Returns the authority's own certificate and key.
    pub fn pem(&self) -> &Pem {
        &self.pem
    }

    /// Issues a server certificate for `elkeid.com`, `names` and `ips`.
    ///
    /// # Errors
    ///
    /// If a name is not a DNS name.
    pub fn issue_server(&self, names: &[&str], ips: &[IpAddr]) -> Result<Pem, IssueError> {
        let mut all = vec![SERVER_NAME];
        all.extend(names.iter().copied().filter(|name| *name != SERVER_NAME));
        self.issue("Elk server", ExtendedKeyUsagePurpose::ServerAuth, (&all, ips))
    }

    /// Issues the client certificate that agents show; it has no name and makes no server.
    ///
    /// # Errors
    ///
    /// If the system has no randomness.
    pub fn issue_client(&self, name: &str) -> Result<Pem, IssueError> {
        self.issue(name, ExtendedKeyUsagePurpose::ClientAuth, (&[], &[]))
    }

    /// Issues a client certificate for the key of a request, in PEM; its name is `name`, whatever
    /// the request says.
    ///
    /// # Errors
    ///
    /// If the request is none, or was not made with the key that it shows.
    pub fn issue_requested(&self, name: &str, request: &str) -> Result<String, IssueError> {
        let failed = |source| IssueError { subject: name.to_owned(), source };
        let request = crate::request::read(request).map_err(failed)?;
        let params = purposed(name, ExtendedKeyUsagePurpose::ClientAuth, Vec::new());
        let cert = params.signed_by(&request.public_key, &self.issuer).map_err(failed)?;
        Ok(cert.pem())
    }

    fn issue(
        &self,
        subject: &str,
        purpose: ExtendedKeyUsagePurpose,
        (names, ips): (&[&str], &[IpAddr]),
    ) -> Result<Pem, IssueError> {
        let failed = |source| IssueError { subject: subject.to_owned(), source };
        let mut alternative = Vec::new();
        for name in names {
            let name = (*name)
                .try_into()
                .map_err(|source| IssueError { subject: format!("the name {name:?}"), source })?;
            alternative.push(SanType::DnsName(name));
        }
        alternative.extend(ips.iter().map(|ip| SanType::IpAddress(*ip)));
        let params = purposed(subject, purpose, alternative);
        let key = KeyPair::generate().map_err(failed)?;
        let cert = params.signed_by(&key, &self.issuer).map_err(failed)?.pem();
        Ok(Pem { cert, key: Secret::new(key.serialize_pem()) })
    }
}

/// Returns what is the same in all certificates that are no authority's. One purpose each, so that a
/// certificate that lies on every host does not make a server.
fn purposed(
    subject: &str,
    purpose: ExtendedKeyUsagePurpose,
    alternative: Vec<SanType>,
) -> CertificateParams {
    let mut params = params(subject, alternative);
    params.extended_key_usages = vec![purpose];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params
}

fn params(subject: &str, alternative: Vec<SanType>) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::OrganizationName, "Elk");
    params.distinguished_name.push(DnType::CommonName, subject);
    params.subject_alt_names = alternative;
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2121, 1, 1);
    params
}

/// An existing public key infrastructure: authority, server pair and agent pair.
#[derive(Clone, Debug)]
pub struct Imported {
    /// `ca.crt`.
    pub ca: String,
    /// `server.crt` and `server.key`.
    pub server: Pem,
    /// `client.crt` and `client.key`.
    pub client: Pem,
    /// Whether peers take the client's certificate for a server's too: then every host that has it
    /// can pose as the backend. Those of the reference are such.
    pub client_serves: bool,
}

/// A directory with certificates was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{} is unusable", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: TlsError,
    },
    /// Certificate and key do not belong together.
    #[error("{} does not belong to {}", key.display(), cert.display())]
    Mismatch {
        /// File of the certificate.
        cert: PathBuf,
        /// File of the key.
        key: PathBuf,
    },
    /// The certificate is not accepted: expired, of another authority, or for another name.
    #[error("{} would be refused by its peers: {reason}", path.display())]
    Refused {
        /// File of the certificate.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

/// Reads `ca.crt`, `server.crt`, `server.key`, `client.crt` and `client.key` and checks them as peers will at `now_unix`.
///
/// # Errors
///
/// What is wrong with which file.
pub fn import(directory: &Path, now_unix: u64) -> Result<Imported, ImportError> {
    let now = UnixTime::since_unix_epoch(Duration::from_secs(now_unix));
    let ca_path = directory.join("ca.crt");
    let ca = read(&ca_path)?;
    let anchors = roots(ca.as_bytes(), "authority")
        .map_err(|source| ImportError::Content { path: ca_path, source })?;
    let (server, server_cert) = pair(directory, "server")?;
    let refused = |name: &str, error: rustls::Error| ImportError::Refused {
        path: directory.join(name),
        reason: error.to_string(),
    };
    let (leaf, rest) = server_cert.cert.split_first().expect("a pair has a certificate");
    serves(leaf, rest, &anchors, now).map_err(|error| refused("server.crt", error))?;
    let (client, client_cert) = pair(directory, "client")?;
    let (leaf, rest) = client_cert.cert.split_first().expect("a pair has a certificate");
    let client_serves = serves(leaf, rest, &anchors, now).is_ok();
    let verifier = WebPkiClientVerifier::builder_with_provider(anchors, provider())
        .build()
        .expect("there is at least one authority");
    verifier.verify_client_cert(leaf, rest, now).map_err(|error| refused("client.crt", error))?;
    Ok(Imported { ca, server, client, client_serves })
}

/// Checks a certificate as those do who dial `elkeid.com`.
fn serves(
    leaf: &CertificateDer<'_>,
    rest: &[CertificateDer<'_>],
    anchors: &RootCertStore,
    now: UnixTime,
) -> Result<(), rustls::Error> {
    let parsed = ParsedCertificate::try_from(leaf)?;
    let algorithms = provider().signature_verification_algorithms.all;
    verify_server_cert_signed_by_trust_anchor(&parsed, anchors, rest, now, algorithms)?;
    let name = ServerName::try_from(SERVER_NAME).expect("elkeid.com is a DNS name");
    verify_server_name(&parsed, &name)
}

fn read(path: &Path) -> Result<String, ImportError> {
    std::fs::read_to_string(path)
        .map_err(|source| ImportError::Read { path: path.to_owned(), source })
}

fn pair(directory: &Path, name: &str) -> Result<(Pem, CertifiedKey), ImportError> {
    let (cert_path, key_path) =
        (directory.join(format!("{name}.crt")), directory.join(format!("{name}.key")));
    let (cert, key) = (read(&cert_path)?, read(&key_path)?);
    let content = |path: &Path, source| ImportError::Content { path: path.to_owned(), source };
    let chain = certificates(cert.as_bytes(), "certificate").map_err(|e| content(&cert_path, e))?;
    let der = private_key(key.as_bytes(), "key").map_err(|e| content(&key_path, e))?;
    let signing = provider().key_provider.load_private_key(der).map_err(|error| {
        content(&key_path, TlsError::Unusable { what: "key", reason: error.to_string() })
    })?;
    let certified = CertifiedKey::new(chain, signing);
    match certified.keys_match() {
        Ok(()) => {}
        Err(rustls::Error::InconsistentKeys(_)) => {
            return Err(ImportError::Mismatch { cert: cert_path, key: key_path });
        }
        Err(error) => {
            return Err(ImportError::Refused { path: cert_path, reason: error.to_string() });
        }
    }
    Ok((Pem { cert, key: Secret::new(key) }, certified))
}
