//! Requests for certificates: the key stays with who makes one.

use rcgen::{CertificateParams, CertificateSigningRequestParams, DnType, KeyPair};

use crate::Secret;
use crate::ca::IssueError;

/// A key and what asks for a certificate of it.
#[derive(Debug)]
pub struct CertificateRequest {
    /// What is sent, PEM.
    pub pem: String,
    /// What is kept, PEM.
    pub key: Secret,
}

impl CertificateRequest {
    /// Makes a key and a request that names `name`.
    ///
    /// # Errors
    ///
    /// If the system has no randomness.
    pub fn create(name: &str) -> Result<Self, IssueError> {
        let failed = |source| IssueError { subject: name.to_owned(), source };
        let key = KeyPair::generate().map_err(failed)?;
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        let request = params.serialize_request(&key).map_err(failed)?;
        let pem = request.pem().map_err(failed)?;
        Ok(Self { pem, key: Secret::new(key.serialize_pem()) })
    }
}

/// Reads a request and makes sure that who made it has the key. Nothing else in it is believed.
pub(crate) fn read(pem: &str) -> Result<CertificateSigningRequestParams, rcgen::Error> {
    CertificateSigningRequestParams::from_pem(pem)
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

    use super::*;
    use crate::ca::Authority;
    use crate::common_name;
    use crate::tls::{Expect, client_config};

    #[test]
    fn the_authority_says_who_a_requested_certificate_names() {
        crate::install_crypto();
        let authority = Authority::create().unwrap();
        let request = CertificateRequest::create("admin").unwrap();
        let cert = authority.issue_requested("cluster-1", &request.pem).unwrap();
        let der = CertificateDer::from_pem_slice(cert.as_bytes()).unwrap();
        assert_eq!(common_name(&der).as_deref(), Some("cluster-1"));
        let pair = (cert.as_bytes(), request.key.expose().as_bytes());
        let ca = authority.pem().cert.as_bytes();
        client_config(ca, Some(pair), Expect::Name("elkeid.com"), &[]).expect("belong together");
    }

    #[test]
    fn a_request_that_was_changed_or_is_none_is_refused() {
        let authority = Authority::create().unwrap();
        let request = CertificateRequest::create("a").unwrap().pem;
        let other = authority.pem().cert.clone();
        let lines: Vec<_> = request.lines().collect();
        let middle = lines[1].replace(|c: char| c.is_ascii_digit(), "A");
        let changed = request.replace(lines[1], &middle);
        let half: String = request.chars().take(request.len() / 2).collect();
        for bad in ["", "x", &other, &changed, &half] {
            assert!(authority.issue_requested("c", bad).is_err(), "{bad}");
        }
    }
}
