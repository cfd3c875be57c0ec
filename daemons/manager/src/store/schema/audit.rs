//! The audit log.

use super::{index, number, table, text};

pub(super) fn tables() -> Vec<String> {
    vec![
        table(
            "audit",
            &["seq"],
            vec![
                number("seq"),
                number("at_ms"),
                text("actor"),
                text("via"),
                text("address"),
                text("action"),
                text("kind"),
                text("object"),
                text("outcome"),
                text("code"),
                text("request"),
                text("summary"),
                text("previous"),
                text("hash"),
                // Whether it is about a change whose end is not written yet; no hash covers it.
                number("open"),
            ],
        ),
        index("audit_at", "audit", &["at_ms"], false),
        index("audit_actor", "audit", &["actor", "seq"], false),
        index("audit_action", "audit", &["action", "seq"], false),
        index("audit_object", "audit", &["object", "seq"], false),
        // Where the log ends (`head`), and up to where it was removed (`anchor`).
        table("audit_marks", &["name"], vec![text("name"), number("seq"), text("hash")]),
    ]
}
