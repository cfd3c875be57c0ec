//! Whom a certificate names.

use x509_parser::parse_x509_certificate;

/// Returns the common name of a certificate's subject, if it has exactly one that is text.
#[must_use]
pub fn common_name(der: &[u8]) -> Option<String> {
    let (_, certificate) = parse_x509_certificate(der).ok()?;
    let mut names = certificate.subject().iter_common_name();
    let name = names.next()?.as_str().ok()?.to_owned();
    names.next().is_none().then_some(name)
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

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
}
