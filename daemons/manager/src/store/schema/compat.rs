//! What the reference's API keeps besides what the native one has.

use sea_query::{SqliteQueryBuilder, Table};

use super::{index, maybe_text, number, table, text};

pub(super) fn tables() -> Vec<String> {
    let mut sent_to = Table::alter();
    sent_to.table("subtasks").add_column(maybe_text("sent_to"));
    let mut steps = tasks();
    steps.extend([
        sent_to.to_string(SqliteQueryBuilder),
        table("lists", &["owner"], vec![text("owner"), text("items"), number("updated_ms")]),
        table("avatars", &["user"], vec![text("user"), text("avatar")]),
    ]);
    steps
}

/// A task of the reference is run in parts: each run is a job, which is a task of ours.
fn tasks() -> Vec<String> {
    vec![
        table(
            "v1_tasks",
            &["id"],
            vec![
                text("id"),
                text("kind"),
                text("body"),
                text("inner"),
                number("cancelled"),
                number("hosts"),
                number("distributed"),
                number("created_ms"),
                number("updated_ms"),
            ],
        ),
        table(
            "v1_targets",
            &["task", "agent"],
            vec![text("task"), text("agent"), maybe_text("run")],
        ),
        index("v1_targets_run", "v1_targets", &["run"], false),
        table(
            "v1_jobs",
            &["id"],
            vec![
                text("id"),
                maybe_text("task"),
                maybe_text("run"),
                text("name"),
                number("concurrence"),
                number("timeout"),
                number("stopped"),
                number("created_ms"),
            ],
        ),
        index("v1_jobs_task", "v1_jobs", &["task", "created_ms"], false),
        index("v1_jobs_run", "v1_jobs", &["run"], false),
    ]
}
