//! What a restored database must not believe: what was under way has gone on without it.

use elk_api::rollouts::Phase;
use elk_api::tasks::SubtaskState;
use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _, Query};

use crate::audit::{self, Draft};
use crate::store::{Result, Store, Tx};

/// What was changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Settled {
    pub(super) cancelled: u64,
    pub(super) unknown: u64,
    pub(super) paused: u64,
    pub(super) sessions: u64,
}

/// Ends orders, pauses rollouts and ends sessions, all or nothing. An order that was queued may have
/// been sent since; sent once more it would be done twice.
pub(super) async fn settle(store: &Store, made: Timestamp, now: Timestamp) -> Result<Settled> {
    let mut tx = store.begin().await?;
    let told = format!("the backend was restored from a backup of {made}");
    let (queued, sent, acked) =
        (SubtaskState::Queued.as_str(), SubtaskState::Sent.as_str(), SubtaskState::Acked.as_str());
    let ms = now.as_millisecond();
    let cancelled = end(&mut tx, &[queued], (SubtaskState::Cancelled, &told), ms).await?;
    let unknown = end(&mut tx, &[sent, acked], (SubtaskState::Unknown, &told), ms).await?;
    let pause = Query::update()
        .table("rollouts")
        .value("phase", Phase::Paused.as_str())
        .value("reason", told.as_str())
        .value("revision", Expr::col("revision").add(1))
        .value("since_ms", ms)
        .value("changed_by", "system")
        .and_where(Expr::col("phase").is_in([Phase::Progressing.as_str(), Phase::Soaking.as_str()]))
        .to_owned();
    let paused = tx.execute(&pause).await?;
    let sessions = tx.execute(&Query::delete().from_table("sessions").to_owned()).await?;
    let summary = format!(
        "{told}; {cancelled} orders cancelled, {unknown} unknown, {paused} rollouts paused, {sessions} sessions ended"
    );
    audit::append(&mut tx, &Draft::system("cluster.restore", "store", summary), now).await?;
    tx.commit().await?;
    Ok(Settled { cancelled, unknown, paused, sessions })
}

async fn end(
    tx: &mut Tx,
    from: &[&str],
    (to, told): (SubtaskState, &str),
    now_ms: i64,
) -> Result<u64> {
    let update = Query::update()
        .table("subtasks")
        .values([
            ("state", to.as_str().into()),
            ("message", told.into()),
            ("ended_ms", now_ms.into()),
        ])
        .and_where(Expr::col("state").is_in(from.iter().copied()))
        .to_owned();
    tx.execute(&update).await
}
