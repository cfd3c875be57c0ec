//! Agents that are not coming back.

use elk_api::tasks::SubtaskState;
use elk_model::AgentId;
use sea_query::{Expr, ExprTrait as _, Query};

use crate::store::{Result, Store, Tx};

/// Agents in one transaction: others write between two of them.
const CHUNK: usize = 500;

/// Forgets those of `agents` that have been offline for long enough, with their tags and plugins;
/// what was ordered of them ends.
pub(super) async fn forget(
    store: &Store,
    agents: &[AgentId],
    (now_ms, offline_ms): (i64, i64),
) -> Result<Vec<AgentId>> {
    let mut forgotten = Vec::new();
    for some in agents.chunks(CHUNK) {
        let mut tx = store.begin().await?;
        for agent in some {
            let delete = Query::delete()
                .from_table("agents")
                .and_where(Expr::col("id").eq(agent.as_str()))
                .and_where(Expr::col("offline_ms").lte(now_ms))
                .and_where(Expr::col("last_ms").if_null(0).lte(now_ms.saturating_sub(offline_ms)))
                .to_owned();
            if tx.execute(&delete).await? == 1 {
                forget_rest(&mut tx, agent, now_ms).await?;
                forgotten.push(agent.clone());
            }
        }
        tx.commit().await?;
    }
    Ok(forgotten)
}

async fn forget_rest(tx: &mut Tx, agent: &AgentId, now_ms: i64) -> Result<()> {
    let tables = [("tags", "agent"), ("plugins", "agent"), ("lists", "owner"), ("pins", "agent")];
    for (table, column) in tables {
        let delete = Query::delete()
            .from_table(table)
            .and_where(Expr::col(column).eq(agent.as_str()))
            .to_owned();
        tx.execute(&delete).await?;
    }
    let ends = [
        (SubtaskState::Queued, SubtaskState::Cancelled),
        (SubtaskState::Sent, SubtaskState::Unknown),
        (SubtaskState::Acked, SubtaskState::Unknown),
    ];
    for (from, to) in ends {
        let update = Query::update()
            .table("subtasks")
            .values([
                ("state", to.as_str().into()),
                ("message", "the agent was forgotten".into()),
                ("ended_ms", now_ms.into()),
            ])
            .and_where(Expr::col("agent").eq(agent.as_str()))
            .and_where(Expr::col("state").eq(from.as_str()))
            .to_owned();
        tx.execute(&update).await?;
    }
    Ok(())
}
