//! The loop that sends orders and ends what got no answer.
//!
//! An order is marked as sent, durably, before it leaves: after a crash it is never sent again.

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use elk_api::center::{Command, CommandTask, NOT_FOUND, Order as Directive};
use elk_api::tasks::SubtaskState;
use elk_life::{Stop, chain};
use sea_query::{Expr, ExprTrait as _, Order, Query, UpdateStatement};
use sqlx::Row as _;
use tokio::time::{MissedTickBehavior, interval};

use super::store;
use crate::app::App;
use crate::fleet::Outcome;
use crate::store::Result;

const PERIOD: Duration = Duration::from_millis(200);
/// Orders taken at a time.
const BATCH: u64 = 1_000;
/// An agent that stays offline this long does not get the order any more.
const EXPIRE_MS: i64 = 86_400_000;

struct Due {
    token: String,
    agent: String,
    ac: String,
    task: CommandTask,
}

/// Sends what is due until asked to stop.
pub(crate) async fn run(app: App, stop: Stop) -> std::result::Result<(), Infallible> {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.until(ticks.tick()).await.is_some() {
        if let Err(error) = pass(&app).await {
            tracing::warn!(error = %chain(&error), "could not send orders, will retry");
        }
    }
    Ok(())
}

async fn pass(app: &App) -> Result<()> {
    let due = take(app).await?;
    let mut by_ac: HashMap<String, Vec<Due>> = HashMap::new();
    for one in due {
        by_ac.entry(one.ac.clone()).or_default().push(one);
    }
    for (ac, batch) in by_ac {
        let order = |it: &Due| Directive {
            agent_id: it.agent.clone(),
            command: Command { task: Some(it.task.clone()), ..Command::default() },
        };
        let orders = batch.iter().map(order).collect();
        let outcomes = app.fleet.send(&ac, orders).await;
        note(app, &batch, outcomes).await?;
    }
    expire(app).await?;
    observe_restarts(app).await?;
    store::finish(&app.store, app.clock.unix_ms()).await.map(drop)
}

/// Marks queued orders of connected agents as sent and returns them.
async fn take(app: &App) -> Result<Vec<Due>> {
    let select = Query::select()
        .columns([("subtasks", "token"), ("subtasks", "agent"), ("subtasks", "task")])
        .column(("agents", "ac"))
        .columns([("tasks", "plugin"), ("tasks", "data_type"), ("tasks", "data")])
        .column(("tasks", "in_flight"))
        .from("subtasks")
        .inner_join("tasks", Expr::col(("tasks", "id")).equals(("subtasks", "task")))
        .inner_join("agents", Expr::col(("agents", "id")).equals(("subtasks", "agent")))
        .and_where(Expr::col(("subtasks", "state")).eq(SubtaskState::Queued.as_str()))
        .and_where(Expr::col(("agents", "ac")).is_not_null())
        .and_where(Expr::col(("agents", "clone")).eq(0))
        .order_by(("subtasks", "created_ms"), Order::Asc)
        .limit(BATCH)
        .to_owned();
    let rows = app.store.rows(&select).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let now = app.clock.unix_ms();
    let mut flying: HashMap<String, i64> = HashMap::new();
    let mut due = Vec::new();
    let mut tx = app.store.begin().await?;
    for row in rows {
        let task: String = row.try_get("task")?;
        let limit: Option<i64> = row.try_get("in_flight")?;
        if let Some(limit) = limit {
            let counts = match flying.get(&task) {
                Some(count) => *count,
                None => in_flight(app, &task).await?,
            };
            if counts >= limit {
                flying.insert(task, counts);
                continue;
            }
            flying.insert(task, counts + 1);
        }
        let token: String = row.try_get("token")?;
        let update = mark(&token, SubtaskState::Sent, "")
            .value("sent_ms", now)
            .and_where(Expr::col("state").eq(SubtaskState::Queued.as_str()))
            .to_owned();
        if tx.execute(&update).await? == 0 {
            continue;
        }
        let number: i64 = row.try_get("data_type")?;
        let task = CommandTask {
            name: row.try_get("plugin")?,
            data: row.try_get("data")?,
            token: token.clone(),
            data_type: i32::try_from(number).unwrap_or_default(),
        };
        due.push(Due { token, agent: row.try_get("agent")?, ac: row.try_get("ac")?, task });
    }
    tx.commit().await?;
    Ok(due)
}

async fn in_flight(app: &App, task: &str) -> Result<i64> {
    let counts = store::counts(&app.store, task).await?;
    Ok(i64::try_from(counts.sent + counts.acked).unwrap_or(i64::MAX))
}

/// Writes down what became of the orders. An answer may have overtaken this: it stands.
async fn note(app: &App, batch: &[Due], outcomes: Vec<Outcome>) -> Result<()> {
    let now = app.clock.unix_ms();
    let mut tx = app.store.begin().await?;
    for (due, outcome) in batch.iter().zip(outcomes) {
        let mut update = match outcome {
            Outcome::Written => mark(&due.token, SubtaskState::Acked, ""),
            // Refused before anything was written: it moved to another AgentCenter, or left.
            Outcome::Refused(text) if text == NOT_FOUND => {
                mark(&due.token, SubtaskState::Queued, "")
            }
            Outcome::Refused(text) => {
                let mut update = mark(&due.token, SubtaskState::Failed, &text);
                update.value("ended_ms", now);
                update
            }
            Outcome::Lost(text) => {
                let mut update = mark(&due.token, SubtaskState::Unknown, &text);
                update.value("ended_ms", now);
                update
            }
        };
        update.and_where(Expr::col("state").eq(SubtaskState::Sent.as_str()));
        tx.execute(&update).await?;
    }
    tx.commit().await
}

/// Ends what waited too long.
async fn expire(app: &App) -> Result<()> {
    let now = app.clock.unix_ms();
    let late = Query::select()
        .column(("subtasks", "token"))
        .from("subtasks")
        .inner_join("tasks", Expr::col(("tasks", "id")).equals(("subtasks", "task")))
        .and_where(Expr::cust_with_exprs(
            "subtasks.state IN ('sent','acked') AND subtasks.sent_ms + tasks.timeout * 1000 < ?",
            [Expr::val(now)],
        ))
        .to_owned();
    let ends = [
        ("acked", SubtaskState::TimedOut, "the agent did not answer in time"),
        ("sent", SubtaskState::Unknown, "AgentCenter never said whether it was written"),
    ];
    for (from, to, message) in ends {
        let update = Query::update()
            .table("subtasks")
            .values([
                ("state", to.as_str().into()),
                ("message", message.into()),
                ("ended_ms", now.into()),
            ])
            .and_where(Expr::col("state").eq(from))
            .and_where(Expr::col("token").in_subquery(late.clone()))
            .to_owned();
        app.store.execute(&update).await?;
    }
    let update = Query::update()
        .table("subtasks")
        .values([
            ("state", SubtaskState::Expired.as_str().into()),
            ("message", "the agent did not come online in time".into()),
            ("ended_ms", now.into()),
        ])
        .and_where(Expr::col("state").eq(SubtaskState::Queued.as_str()))
        .and_where(Expr::col("created_ms").lt(now - EXPIRE_MS))
        .to_owned();
    app.store.execute(&update).await.map(drop)
}

/// A restart is done when a heartbeat tells of a start after the order.
async fn observe_restarts(app: &App) -> Result<()> {
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

fn mark(token: &str, state: SubtaskState, message: &str) -> UpdateStatement {
    Query::update()
        .table("subtasks")
        .values([("state", state.as_str().into()), ("message", message.into())])
        .and_where(Expr::col("token").eq(token))
        .to_owned()
}
