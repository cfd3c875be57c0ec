//! Orders that are done when heartbeats show it.

use std::collections::HashMap;

use elk_api::tasks::SubtaskState;
use sea_query::{Expr, ExprTrait as _, Query};
use sqlx::Row as _;

use crate::app::App;
use crate::profiles::lists::Wanted;
use crate::profiles::store as profiles;
use crate::store::{Result, StoreError};

/// A restart is done when a heartbeat tells of a start after the order.
pub(super) async fn restarts(app: &App) -> Result<()> {
    let done = Query::select()
        .column(("subtasks", "token"))
        .from("subtasks")
        .inner_join("tasks", Expr::col(("tasks", "id")).equals(("subtasks", "task")))
        .inner_join("agents", Expr::col(("agents", "id")).equals(("subtasks", "agent")))
        .and_where(Expr::col(("tasks", "kind")).eq("restart"))
        .and_where(Expr::cust(
            "subtasks.state IN ('sent','acked') AND agents.started * 1000 >= subtasks.sent_ms / 1000 * 1000 \
             AND agents.last_ms > subtasks.sent_ms",
        ))
        .to_owned();
    let update = Query::update()
        .table("subtasks")
        .values([
            ("state", SubtaskState::Succeeded.as_str().into()),
            ("message", "the agent started again".into()),
            ("ended_ms", app.clock.unix_ms().into()),
        ])
        .and_where(Expr::col("token").in_subquery(done))
        .to_owned();
    app.store.execute(&update).await.map(drop)
}

/// Which heartbeat an order was last compared with, by token.
pub(super) type Compared = HashMap<String, i64>;

struct Open {
    token: String,
    agent: String,
    sent_ms: i64,
    wanted: Wanted,
}

/// A push is done when an agent reports exactly the set it was sent.
pub(super) async fn pushes(app: &App, compared: &mut Compared) -> Result<()> {
    let select = Query::select()
        .columns([("subtasks", "token"), ("subtasks", "agent"), ("subtasks", "sent_ms")])
        .column(("subtasks", "desired"))
        .column(("agents", "last_ms"))
        .from("subtasks")
        .inner_join("agents", Expr::col(("agents", "id")).equals(("subtasks", "agent")))
        .and_where(Expr::col(("subtasks", "desired")).is_not_null())
        .and_where(Expr::cust(
            "subtasks.state IN ('sent','acked') AND agents.last_ms > subtasks.sent_ms",
        ))
        .to_owned();
    let mut open = Vec::new();
    let mut seen = Compared::new();
    for row in app.store.rows(&select).await? {
        let (token, last): (String, i64) = (row.try_get("token")?, row.try_get("last_ms")?);
        seen.insert(token.clone(), last);
        if compared.get(&token) == Some(&last) {
            continue;
        }
        let desired: String = row.try_get("desired")?;
        let wanted = serde_json::from_str(&desired)
            .map_err(|_| StoreError::Value { what: "set of an order" })?;
        let (agent, sent_ms) = (row.try_get("agent")?, row.try_get("sent_ms")?);
        open.push(Open { token, agent, sent_ms, wanted });
    }
    *compared = seen;
    let agents: Vec<String> = open.iter().map(|it| it.agent.clone()).collect();
    let reports = profiles::reports(&app.store, &agents).await?;
    for it in open {
        let Some(reported) = reports.get(&it.agent) else { continue };
        // Heartbeats are told in whole seconds.
        let since = it.sent_ms / 1_000 * 1_000;
        let differences = it.wanted.differences(reported, since);
        if differences.is_empty() {
            done(app, &it.token).await?;
        } else {
            let told = differences.join("; ");
            waiting(app, &it.token, told.chars().take(512).collect()).await?;
        }
    }
    Ok(())
}

/// Says what is missing still.
async fn waiting(app: &App, token: &str, told: String) -> Result<()> {
    let update = Query::update()
        .table("subtasks")
        .value("message", told.as_str())
        .and_where(Expr::col("token").eq(token))
        .and_where(Expr::col("message").ne(told.as_str()))
        .and_where(Expr::cust("state IN ('sent','acked')"))
        .to_owned();
    app.store.execute(&update).await.map(drop)
}

async fn done(app: &App, token: &str) -> Result<()> {
    let update = Query::update()
        .table("subtasks")
        .values([
            ("state", SubtaskState::Succeeded.as_str().into()),
            ("message", "the agent reports exactly this set".into()),
            ("ended_ms", app.clock.unix_ms().into()),
        ])
        .and_where(Expr::col("token").eq(token))
        .and_where(Expr::cust("state IN ('sent','acked')"))
        .to_owned();
    app.store.execute(&update).await.map(drop)
}
