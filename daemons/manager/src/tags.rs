//! Tags.

pub(crate) mod http;
