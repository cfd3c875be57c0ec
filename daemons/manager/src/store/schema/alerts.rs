//! Alerts.

use super::{index, maybe_number, maybe_text, number, table, text};

pub(super) fn tables() -> Vec<String> {
    vec![
        table(
            "alerts",
            &["id"],
            vec![
                text("id"),
                // What the same trouble has in common, until it is resolved: then it is null.
                maybe_text("open_key"),
                text("source"),
                text("kind"),
                // 0 to 3.
                number("severity"),
                text("title"),
                text("detail"),
                maybe_text("agent"),
                text("object"),
                text("state"),
                number("count"),
                number("first_ms"),
                number("last_ms"),
                maybe_text("changed_by"),
                maybe_number("changed_ms"),
                text("reason"),
                maybe_number("muted_ms"),
                maybe_text("data"),
            ],
        ),
        index("alerts_key", "alerts", &["open_key"], true),
        index("alerts_state", "alerts", &["state", "id"], false),
        index("alerts_agent", "alerts", &["agent", "id"], false),
        index("alerts_last", "alerts", &["last_ms"], false),
        // How many were never kept (`shed`), and how many went though they were open (`expired`).
        table("alert_marks", &["name"], vec![text("name"), number("n")]),
        table(
            "alert_sinks",
            &["name"],
            vec![
                text("name"),
                text("kind"),
                text("target"),
                maybe_text("secret"),
                // 0 to 3.
                number("least"),
                text("created_by"),
                number("created_ms"),
                number("delivered"),
                maybe_number("delivered_ms"),
                number("failed"),
                number("dropped"),
                maybe_text("error"),
                // Attempts that failed in a row, and when the next one is due.
                number("failures"),
                number("next_ms"),
            ],
        ),
        table(
            "alert_outbox",
            &["id"],
            vec![text("id"), text("sink"), text("body"), number("at_ms")],
        ),
        index("alert_outbox_sink", "alert_outbox", &["sink", "id"], false),
    ]
}
