//! Versions that nothing may select.

use super::{number, table, text};

pub(super) fn tables() -> Vec<String> {
    let columns = vec![
        text("component"),
        text("version"),
        text("reason"),
        text("blocked_by"),
        number("at_ms"),
    ];
    vec![table("blocked_versions", &["component", "version"], columns)]
}
