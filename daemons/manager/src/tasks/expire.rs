//! Orders that end because nothing came of them in time.

use elk_api::tasks::SubtaskState;
use sea_query::{Expr, ExprTrait as _, Query};

use crate::app::App;
use crate::store::Result;

/// An agent that stays offline this long does not get the order any more.
const EXPIRE_MS: i64 = 86_400_000;
const LOST: &str = "AgentCenter never said whether it was written";
/// Says what the last heartbeat differed in, if one came.
const LATE: &str =
    "'not in time: ' || CASE WHEN message = '' THEN 'no heartbeat showed it' ELSE message END";

/// Ends what waited too long.
pub(super) async fn run(app: &App) -> Result<()> {
    let now = app.clock.unix_ms();
    let ends = [
        ("acked", true, SubtaskState::TimedOut, Expr::val("the agent did not answer in time")),
        ("acked", false, SubtaskState::TimedOut, Expr::cust(LATE)),
        ("sent", true, SubtaskState::Unknown, Expr::val(LOST)),
        ("sent", false, SubtaskState::Unknown, Expr::val(LOST)),
    ];
    for (from, answers, to, message) in ends {
        let kind = Expr::col(("tasks", "kind"));
        let late = Query::select()
            .column(("subtasks", "token"))
            .from("subtasks")
            .inner_join("tasks", Expr::col(("tasks", "id")).equals(("subtasks", "task")))
            .and_where(Expr::col(("subtasks", "state")).eq(from))
            .and_where(if answers { kind.eq("task") } else { kind.ne("task") })
            .and_where(Expr::cust_with_exprs(
                "subtasks.sent_ms + tasks.timeout * 1000 < ?",
                [Expr::val(now)],
            ))
            .to_owned();
        let update = Query::update()
            .table("subtasks")
            .values([("state", to.as_str().into()), ("message", message), ("ended_ms", now.into())])
            .and_where(Expr::col("state").eq(from))
            .and_where(Expr::col("token").in_subquery(late))
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
