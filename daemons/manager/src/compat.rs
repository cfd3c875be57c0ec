//! The reference's API: translates to the same services and shapes nothing else.

pub(crate) mod intake;
pub(crate) mod v1;
