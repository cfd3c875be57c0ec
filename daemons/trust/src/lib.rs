//! Secrets, request signatures, certificates and TLS configurations: how the parts of the product trust each other.
//!
//! It must not know who calls whom: no sockets, no routes, no nouns of the product but `elkeid.com`.

pub mod aksk;
pub mod ca;
pub mod files;
mod published;
mod request;
mod secret;
mod subject;
pub mod tls;

pub use published::{PUBLISHED, is_published};
pub use request::CertificateRequest;
pub use secret::{Secret, random_access_key, random_password, random_secret_key};
pub use subject::{common_name, first_end};

/// The DNS name in every server certificate of the reference; agents verify it whatever address they dialled.
pub const SERVER_NAME: &str = "elkeid.com";

/// Makes ring the crypto provider of the process; may be called any number of times.
pub fn install_crypto() {
    // An error means that a provider is installed already.
    drop(rustls::crypto::ring::default_provider().install_default());
}
