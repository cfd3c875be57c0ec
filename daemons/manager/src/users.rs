//! Users and their passwords.

pub(crate) mod http;
mod password;
pub(crate) mod store;

pub(crate) use password::{Hasher, check_rules, cut};

/// Returns whether `name` can be a user's name.
pub(crate) fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '@' | '-');
    (1..=64).contains(&name.len()) && name.chars().all(plain)
}
