//! Whom a certificate names, and when it ends.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::parse_x509_certificate;

/// Returns the common name of a certificate's subject, if it has exactly one that is text.
#[must_use]
pub fn common_name(der: &[u8]) -> Option<String> {
    let (_, certificate) = parse_x509_certificate(der).ok()?;
    let mut names = certificate.subject().iter_common_name();
    let name = names.next()?.as_str().ok()?.to_owned();
    names.next().is_none().then_some(name)
}

/// Returns when the first of the certificates of a PEM file ends, in Unix seconds.
#[must_use]
pub fn first_end(pem: &[u8]) -> Option<i64> {
    let ends = CertificateDer::pem_slice_iter(pem).map_while(Result::ok).filter_map(|der| {
        let (_, certificate) = parse_x509_certificate(&der).ok()?;
        Some(certificate.validity().not_after.timestamp())
    });
    ends.min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ca::Authority;

    #[test]
    fn the_name_is_the_one_that_the_authority_wrote() {
        let authority = Authority::create().unwrap();
        let issued = authority.issue_client("cluster-1").unwrap();
        let der = CertificateDer::from_pem_slice(issued.cert.as_bytes()).unwrap();
        assert_eq!(common_name(&der).as_deref(), Some("cluster-1"));
        for at in 0..der.len() {
            assert_eq!(common_name(&der[..at]), None);
        }
    }

    #[test]
    fn of_several_certificates_the_first_end_counts_and_damaged_ones_have_none() {
        let authority = Authority::create().unwrap();
        let issued = authority.issue_client("cluster-1").unwrap();
        let both = format!("{}{}", authority.pem().cert, issued.cert);
        let end = first_end(both.as_bytes()).unwrap();
        assert!(end > 1_800_000_000, "{end}");
        assert!(Some(end) <= first_end(issued.cert.as_bytes()));
        for pem in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "\0"] {
            assert_eq!(first_end(pem.as_bytes()), None, "{pem:?}");
        }
    }
}
