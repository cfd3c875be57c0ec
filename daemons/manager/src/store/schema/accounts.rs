//! Tokens, the second factor, and more about sessions.

use sea_query::{SqliteQueryBuilder, Table};

use super::{index, maybe_number, maybe_text, number, table, text};

pub(super) fn tables() -> Vec<String> {
    let column =
        |column| Table::alter().table("sessions").add_column(column).to_string(SqliteQueryBuilder);
    let mut custom = Table::alter();
    custom.table("users").add_column(maybe_text("custom"));
    vec![
        custom.to_string(SqliteQueryBuilder),
        table(
            "roles",
            &["name"],
            vec![text("name"), text("rules"), text("created_by"), number("created_ms")],
        ),
        column(maybe_number("opened_ms")),
        column(maybe_text("address")),
        index("sessions_user", "sessions", &["user", "used_ms"], false),
        table(
            "tokens",
            &["id"],
            vec![
                text("id"),
                text("digest"),
                text("user"),
                text("name"),
                maybe_text("role"),
                maybe_text("selector"),
                number("created_ms"),
                maybe_number("expires_ms"),
                maybe_number("used_ms"),
                maybe_number("revoked_ms"),
            ],
        ),
        index("tokens_digest", "tokens", &["digest"], true),
        index("tokens_user", "tokens", &["user", "name", "id"], false),
        // `step` is that of the last code that was taken; no code counts twice.
        table(
            "totp",
            &["user"],
            vec![text("user"), text("secret"), number("enabled"), number("step")],
        ),
        table("recovery", &["user", "digest"], vec![text("user"), text("digest")]),
    ]
}
