//! Tables, in numbered steps that are never changed once released.

mod accounts;
mod alerts;
mod audit;
mod blocks;
mod compat;
mod kube;
mod rollouts;

use sea_query::{ColumnDef, Index, SqliteQueryBuilder, Table, TableCreateStatement};

use super::{Result, Store, StoreError};

const STEPS: [fn() -> Vec<String>; 10] = [
    first,
    second,
    compat::tables,
    fourth,
    kube::tables,
    audit::tables,
    accounts::tables,
    rollouts::tables,
    alerts::tables,
    blocks::tables,
];

/// Returns the newest schema.
pub(super) fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Brings the database to the newest schema.
pub(super) async fn migrate(store: &Store) -> Result<()> {
    let found = store.schema().await?;
    let known = known();
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for (number, step) in (1_i64..).zip(STEPS).filter(|(number, _)| *number > found) {
        let mut tx = store.begin().await?;
        for sql in step() {
            tx.define(sql).await?;
        }
        tx.define(format!("PRAGMA user_version = {number}")).await?;
        tx.commit().await?;
    }
    Ok(())
}

fn text(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.text().not_null();
    column
}

fn maybe_text(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.text().null();
    column
}

fn number(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.big_integer().not_null();
    column
}

fn maybe_number(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.big_integer().null();
    column
}

fn maybe_real(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.double().null();
    column
}

fn table(name: &'static str, key: &[&'static str], columns: Vec<ColumnDef>) -> String {
    let mut table: TableCreateStatement = Table::create();
    table.table(name);
    for column in columns {
        table.col(column);
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    table.primary_key(&mut primary);
    table.to_string(SqliteQueryBuilder)
}

fn index(
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
    unique: bool,
) -> String {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    if unique {
        index.unique();
    }
    index.to_string(SqliteQueryBuilder)
}

fn first() -> Vec<String> {
    let mut steps = accounts();
    steps.extend(agents());
    steps.extend(tasks());
    steps
}

fn accounts() -> Vec<String> {
    vec![
        table(
            "users",
            &["name"],
            vec![
                text("name"),
                text("role"),
                text("hash"),
                number("created_ms"),
                number("changed_ms"),
                maybe_number("login_ms"),
            ],
        ),
        table("sessions", &["digest"], vec![text("digest"), text("user"), number("used_ms")]),
    ]
}

fn agents() -> Vec<String> {
    let described =
        ["hostname", "version", "platform", "platform_version", "arch", "kernel", "idc"];
    let mut columns = vec![text("id")];
    columns.extend(described.map(text));
    columns.extend([
        text("region"),
        maybe_number("version_key"),
        text("addresses"),
        maybe_text("ac"),
        maybe_text("peer"),
        maybe_number("connected_ms"),
        text("heartbeat"),
        number("abnormal"),
        maybe_number("last_ms"),
        number("interval_ms"),
        number("offline_ms"),
        number("first_ms"),
        maybe_number("started"),
        maybe_real("cpu"),
        maybe_number("rss"),
        number("clone"),
    ]);
    vec![
        table("agents", &["id"], columns),
        index("agents_hostname", "agents", &["hostname", "id"], false),
        index("agents_last", "agents", &["last_ms", "id"], false),
        index("agents_offline", "agents", &["offline_ms"], false),
        table(
            "plugins",
            &["agent", "name"],
            vec![
                text("agent"),
                text("name"),
                text("version"),
                maybe_number("version_key"),
                maybe_number("last_ms"),
                maybe_real("cpu"),
                maybe_number("rss"),
            ],
        ),
        table("tags", &["tag", "agent"], vec![text("tag"), text("agent")]),
        index("tags_agent", "tags", &["agent"], false),
        table("selections", &["id"], vec![text("id"), number("expires_ms")]),
        table("selected", &["selection", "agent"], vec![text("selection"), text("agent")]),
    ]
}

fn tasks() -> Vec<String> {
    vec![
        table(
            "tasks",
            &["id"],
            vec![
                text("id"),
                maybe_text("idempotency"),
                maybe_text("name"),
                text("kind"),
                text("plugin"),
                number("data_type"),
                text("data"),
                number("timeout"),
                maybe_number("in_flight"),
                text("created_by"),
                number("created_ms"),
                number("cancelled"),
                maybe_number("finished_ms"),
            ],
        ),
        index("tasks_idempotency", "tasks", &["idempotency"], true),
        table(
            "subtasks",
            &["token"],
            vec![
                text("token"),
                text("task"),
                text("agent"),
                text("state"),
                text("message"),
                number("created_ms"),
                maybe_number("sent_ms"),
                maybe_number("ended_ms"),
                maybe_text("result"),
            ],
        ),
        index("subtasks_task", "subtasks", &["task", "agent"], true),
        index("subtasks_state", "subtasks", &["state", "task"], false),
        index("subtasks_agent", "subtasks", &["agent", "created_ms"], false),
    ]
}

fn second() -> Vec<String> {
    let mut desired = Table::alter();
    desired.table("subtasks").add_column(maybe_text("desired"));
    let mut steps = components();
    steps.extend([
        desired.to_string(SqliteQueryBuilder),
        index("tasks_finished", "tasks", &["finished_ms"], false),
        table(
            "profiles",
            &["name"],
            vec![
                text("name"),
                number("revision"),
                text("plugins"),
                maybe_text("agent_version"),
                text("updated_by"),
                number("updated_ms"),
            ],
        ),
        table("emptied", &["agent"], vec![text("agent"), text("task")]),
        table(
            "agent_files",
            &["md5"],
            vec![text("md5"), text("name"), number("size"), number("at_ms")],
        ),
    ]);
    steps
}

/// Which order a file of an agent belongs to.
fn fourth() -> Vec<String> {
    let mut token = Table::alter();
    token.table("agent_files").add_column(maybe_text("token"));
    vec![
        token.to_string(SqliteQueryBuilder),
        index("agent_files_token", "agent_files", &["token"], false),
    ]
}

fn components() -> Vec<String> {
    vec![
        table(
            "components",
            &["name"],
            vec![text("name"), text("kind"), text("created_by"), number("created_ms")],
        ),
        table(
            "versions",
            &["component", "version"],
            vec![
                text("component"),
                text("version"),
                number("version_key"),
                text("published_by"),
                number("published_ms"),
            ],
        ),
        index("versions_key", "versions", &["component", "version_key"], true),
        table(
            "files",
            &["component", "version", "variant"],
            vec![
                text("component"),
                text("version"),
                text("variant"),
                text("sha256"),
                text("signature"),
                number("size"),
                text("path"),
            ],
        ),
        index("files_path", "files", &["path"], true),
        table(
            "uploads",
            &["component", "sha256"],
            vec![text("component"), text("sha256"), number("size"), number("at_ms")],
        ),
    ]
}
