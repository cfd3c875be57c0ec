//! SQL for rollouts.

use elk_api::alerts::Severity;
use elk_api::events::EventType;
use elk_api::rollouts::{MemberCounts, MemberState, Phase, Rollout};
use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::spec::{Place, Row};
use crate::alerts;
use crate::events::Draft;
use crate::store::{Result, Store, StoreError, Tx};

const COLUMNS: [&str; 17] = [
    "id",
    "revision",
    "name",
    "changes",
    "spec",
    "reverses",
    "reversed_by",
    "phase",
    "since_ms",
    "reason",
    "step",
    "forgiven",
    "task",
    "created_by",
    "created_ms",
    "changed_by",
    "finished_ms",
];

pub(super) fn text_of(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| StoreError::Value { what: "rollout" })
}

pub(super) fn unjson<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Value { what: "rollout" })
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) async fn insert(tx: &mut Tx, it: &Row) -> Result<()> {
    let insert = Query::insert()
        .into_table("rollouts")
        .columns(COLUMNS)
        .values_panic([
            it.id.as_str().into(),
            number(it.revision).into(),
            it.name.clone().into(),
            text_of(&it.changes)?.into(),
            text_of(&it.spec)?.into(),
            it.reverses.clone().into(),
            it.reversed_by.clone().into(),
            it.place.phase.as_str().into(),
            it.place.since_ms.into(),
            it.reason.as_str().into(),
            number(it.place.step as u64).into(),
            number(it.place.forgiven).into(),
            it.task.clone().into(),
            it.created_by.as_str().into(),
            it.created_ms.into(),
            it.changed_by.as_str().into(),
            it.finished_ms.into(),
        ])
        .to_owned();
    tx.execute(&insert).await?;
    tx.tell(told("created", it));
    Ok(())
}

/// Returns what whoever watches is told of a rollout.
fn told(action: &str, it: &Row) -> Draft {
    let detail = json!({
        "phase": it.place.phase.as_str(),
        "step": it.place.step + 1,
        "steps": it.spec.steps.len(),
        "reason": it.reason,
        "by": it.changed_by,
        "reverses": it.reverses,
    });
    Draft::new(EventType::Rollout, action, it.place.since_ms).about(&it.id).with(detail)
}

/// Raises an alert for a rollout that halted, and ends it when that is over.
async fn alarm(tx: &mut Tx, it: &Row) -> Result<()> {
    let now = time(it.place.since_ms)?;
    let draft = alerts::Draft::system("rollout_halted", Severity::High, &it.id)
        .titled(&format!("rollout {} halted", it.id))
        .saying(&it.reason);
    if it.place.phase == Phase::Halted {
        alerts::raise(tx, &draft, now).await?;
    } else {
        alerts::end(tx, &draft, &format!("the rollout is {}", it.place.phase.as_str()), now)
            .await?;
    }
    Ok(())
}

/// Writes what changes of a rollout; its revision grows.
pub(crate) async fn save(tx: &mut Tx, it: &mut Row) -> Result<()> {
    it.revision += 1;
    let update = Query::update()
        .table("rollouts")
        .values([
            ("revision", number(it.revision).into()),
            ("reversed_by", it.reversed_by.clone().into()),
            ("phase", it.place.phase.as_str().into()),
            ("since_ms", it.place.since_ms.into()),
            ("reason", it.reason.as_str().into()),
            ("step", number(it.place.step as u64).into()),
            ("forgiven", number(it.place.forgiven).into()),
            ("task", it.task.clone().into()),
            ("changed_by", it.changed_by.as_str().into()),
            ("finished_ms", it.finished_ms.into()),
        ])
        .and_where(Expr::col("id").eq(it.id.as_str()))
        .to_owned();
    tx.execute(&update).await?;
    tx.tell(told(it.place.phase.as_str(), it));
    alarm(tx, it).await
}

/// Writes which task carries the orders of a rollout; that is no change of it.
pub(crate) async fn save_task(tx: &mut Tx, it: &Row) -> Result<()> {
    let update = Query::update()
        .table("rollouts")
        .value("task", it.task.clone())
        .and_where(Expr::col("id").eq(it.id.as_str()))
        .to_owned();
    tx.execute(&update).await.map(drop)
}

fn select() -> SelectStatement {
    Query::select().columns(COLUMNS).from("rollouts").to_owned()
}

fn read(row: &SqliteRow) -> Result<Row> {
    let whole =
        |column: &str| -> Result<u64> { Ok(row.try_get::<i64, _>(column).map(i64::unsigned_abs)?) };
    let text = |column: &str| -> Result<String> { Ok(row.try_get(column)?) };
    let word = text("phase")?;
    let phase = Phase::ALL.into_iter().find(|it| it.as_str() == word);
    let place = Place {
        phase: phase.ok_or(StoreError::Value { what: "phase of a rollout" })?,
        since_ms: row.try_get("since_ms")?,
        step: usize::try_from(whole("step")?).unwrap_or_default(),
        forgiven: whole("forgiven")?,
    };
    Ok(Row {
        id: text("id")?,
        revision: whole("revision")?,
        name: row.try_get("name")?,
        changes: unjson(&text("changes")?)?,
        spec: unjson(&text("spec")?)?,
        reverses: row.try_get("reverses")?,
        reversed_by: row.try_get("reversed_by")?,
        place,
        reason: text("reason")?,
        task: row.try_get("task")?,
        created_by: text("created_by")?,
        created_ms: row.try_get("created_ms")?,
        changed_by: text("changed_by")?,
        finished_ms: row.try_get("finished_ms")?,
    })
}

fn by_id(id: &str) -> SelectStatement {
    select().and_where(Expr::col("id").eq(id)).to_owned()
}

pub(crate) async fn get(store: &Store, id: &str) -> Result<Option<Row>> {
    store.row(&by_id(id)).await?.as_ref().map(read).transpose()
}

pub(crate) async fn get_in(tx: &mut Tx, id: &str) -> Result<Option<Row>> {
    tx.row(&by_id(id)).await?.as_ref().map(read).transpose()
}

/// Returns the ids that begin with `prefix`, at most two.
pub(crate) async fn ids_like(store: &Store, prefix: &str) -> Result<Vec<String>> {
    let select = Query::select()
        .column("id")
        .from("rollouts")
        .and_where(Expr::col("id").gte(prefix))
        .and_where(Expr::col("id").lt(format!("{prefix}\u{7f}")))
        .limit(2)
        .to_owned();
    store.rows(&select).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Lists rollouts, newest first.
pub(crate) async fn list(store: &Store, before: Option<&str>, limit: u64) -> Result<Vec<Row>> {
    let mut select = select();
    select.order_by("id", Order::Desc).limit(limit);
    if let Some(before) = before {
        select.and_where(Expr::col("id").lt(before));
    }
    store.rows(&select).await?.iter().map(read).collect()
}

pub(crate) async fn count(store: &Store) -> Result<u64> {
    store.count(Query::select().expr(Expr::cust("COUNT(*)")).from("rollouts")).await
}

/// Returns the ids of those that have not ended.
pub(crate) async fn active(store: &Store) -> Result<Vec<String>> {
    let select = Query::select()
        .column("id")
        .from("rollouts")
        .and_where(Expr::col("finished_ms").is_null())
        .order_by("id", Order::Asc)
        .to_owned();
    store.rows(&select).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

fn counting(id: &str, below: Option<u64>) -> SelectStatement {
    let mut select = Query::select();
    select
        .column("state")
        .expr_as(Expr::cust("COUNT(*)"), "n")
        .from("rollout_agents")
        .and_where(Expr::col("rollout").eq(id))
        .add_group_by([Expr::col("state")]);
    if let Some(below) = below {
        select.and_where(Expr::col("turn").lt(number(below)));
    }
    select
}

fn counted(rows: &[SqliteRow]) -> Result<MemberCounts> {
    let mut counts = MemberCounts::default();
    for row in rows {
        let (word, n): (String, i64) = (row.try_get("state")?, row.try_get("n")?);
        *counts.of(state_of(&word)?) = n.unsigned_abs();
    }
    Ok(counts)
}

/// Counts a rollout's agents by state.
pub(crate) async fn counts(store: &Store, id: &str) -> Result<MemberCounts> {
    counted(&store.rows(&counting(id, None)).await?)
}

/// Counts them within a transaction, those whose turn is before `below`.
pub(crate) async fn counts_in(tx: &mut Tx, id: &str, below: Option<u64>) -> Result<MemberCounts> {
    counted(&tx.rows(&counting(id, below)).await?)
}

pub(crate) fn state_of(word: &str) -> Result<MemberState> {
    let found = MemberState::ALL.into_iter().find(|it| it.as_str() == word);
    found.ok_or(StoreError::Value { what: "state of an agent of a rollout" })
}

pub(super) fn time(ms: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(ms).map_err(|_| StoreError::Value { what: "time" })
}

/// Describes a rollout.
pub(crate) async fn shown(store: &Store, it: Row) -> Result<Rollout> {
    let counts = counts(store, &it.id).await?;
    let seconds = |ms: i64| u32::try_from(ms / 1_000).unwrap_or(u32::MAX);
    Ok(Rollout {
        revision: it.revision,
        name: it.name,
        changes: it.changes,
        reverses: it.reverses,
        reversed_by: it.reversed_by,
        phase: it.place.phase,
        phase_since: time(it.place.since_ms)?,
        reason: it.reason,
        step: u32::try_from(it.place.step + 1).unwrap_or(u32::MAX),
        targets: it.spec.steps.last().map_or(0, |it| it.target),
        counts,
        soak_seconds: seconds(it.spec.soak_ms),
        health_window_seconds: seconds(it.spec.health_ms),
        install_timeout_seconds: it.spec.install_ms.map(seconds),
        max_in_flight: u32::try_from(it.spec.in_flight).unwrap_or(u32::MAX),
        max_failed: it.spec.max_failed,
        on_failure: it.spec.on_failure,
        offline: it.spec.offline,
        deferred_until: time(it.spec.deferred_until_ms)?,
        notices: it.spec.notices,
        window: it.spec.window,
        steps: it.spec.steps,
        created_by: it.created_by,
        created_at: time(it.created_ms)?,
        changed_by: it.changed_by,
        finished_at: it.finished_ms.map(time).transpose()?,
        id: it.id,
    })
}
