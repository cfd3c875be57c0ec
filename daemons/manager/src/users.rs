//! Users and their passwords.

pub(crate) mod http;
mod password;
mod rules;
pub(crate) mod second;
pub(crate) mod store;
mod totp;

pub(crate) use password::{Hasher, cut};
pub(crate) use rules::check_rules;

/// Returns whether `name` can be a user's name.
pub(crate) fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '@' | '-');
    (1..=64).contains(&name.len()) && name.chars().all(plain)
}
