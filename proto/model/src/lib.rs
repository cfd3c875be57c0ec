//! The words that two or more contracts share: identities, versions, digests, data types, the selector grammar.
//!
//! It must not know how anything is sent, stored or shown: no I/O, no async, no clock.

mod agent_id;
pub mod data_type;
mod digest;
mod names;
pub mod selector;
mod version;

pub use agent_id::{AgentId, ParseAgentIdError};
pub use digest::{ParseSha256Error, Sha256};
pub use names::{ComponentName, ParseNameError, Tag};
pub use version::{ComponentVersion, ParseVersionError};
