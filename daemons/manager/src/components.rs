//! Components: the binaries that agents run, kept as files under their digests.

pub(crate) mod archive;
pub(crate) mod blobs;
pub(crate) mod blocks;
pub(crate) mod download;
pub(crate) mod http;
pub(crate) mod store;
pub(crate) mod variant;
