//! SQL for alerts.

use elk_api::alerts::{Alert, AlertQuery, AlertState, Severity, StatsQuery};
use elk_api::events::EventType;
use elk_model::AgentId;
use jiff::Timestamp;
use sea_query::{Cond, Condition, Expr, ExprTrait as _, Order, Query, SelectStatement};
use serde_json::json;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::count::{SHED, mark};
use super::sinks::{self, Note};
use super::{Draft, MAX_ALERTS, SYSTEM};
use crate::events;
use crate::store::{Result, Store, StoreError, Tx};

/// All but the document, which lists do not have.
const COLUMNS: [&str; 16] = [
    "id",
    "source",
    "kind",
    "severity",
    "title",
    "detail",
    "agent",
    "object",
    "state",
    "count",
    "first_ms",
    "last_ms",
    "changed_by",
    "changed_ms",
    "reason",
    "muted_ms",
];

/// What happens again and again is told to those who watch when it did not for this long.
const TOLD_AGAIN_MS: i64 = 60_000;

/// What became of trouble that was told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Raised {
    /// There is a new alert for it.
    New(String),
    /// It was counted with this one.
    Again(String),
    /// There was no room.
    Shed,
}

/// Raises an alert, or counts one that is not resolved, if and only if the rest of the transaction
/// happens.
pub(crate) async fn raise(tx: &mut Tx, draft: &Draft, now: Timestamp) -> Result<Raised> {
    let (key, now_ms) = (draft.key(), now.as_millisecond());
    let same = Query::select()
        .columns(["id", "last_ms", "count"])
        .from("alerts")
        .and_where(Expr::col("open_key").eq(key.as_str()))
        .to_owned();
    if let Some(row) = tx.row(&same).await? {
        let id: String = row.try_get("id")?;
        let (last_ms, count): (i64, i64) = (row.try_get("last_ms")?, row.try_get("count")?);
        if now_ms.saturating_sub(last_ms) >= TOLD_AGAIN_MS {
            tx.tell(told(draft, ("repeated", &id), count.saturating_add(1), now_ms));
        }
        let again = Query::update()
            .table("alerts")
            .value("count", Expr::col("count").add(1))
            .value("last_ms", now_ms)
            .value("severity", severity_number(draft.severity))
            .value("title", draft.title.as_str())
            .value("detail", draft.detail.as_str())
            .value("data", draft.data.clone())
            .and_where(Expr::col("id").eq(id.as_str()))
            .to_owned();
        tx.execute(&again).await?;
        return Ok(Raised::Again(id));
    }
    let all = Query::select().expr(Expr::cust("COUNT(*)")).from("alerts").to_owned();
    let kept: i64 = tx.row(&all).await?.map_or(Ok(0), |row| row.try_get(0))?;
    if kept.unsigned_abs() >= MAX_ALERTS {
        mark(tx, SHED, 1).await?;
        return Ok(Raised::Shed);
    }
    insert(tx, draft, (key, now_ms)).await.map(Raised::New)
}

async fn insert(tx: &mut Tx, draft: &Draft, (key, now_ms): (String, i64)) -> Result<String> {
    let id = format!("alert-{}", uuid::Uuid::now_v7().simple());
    let insert = Query::insert()
        .into_table("alerts")
        .columns(COLUMNS.into_iter().chain(["open_key", "data"]))
        .values_panic([
            id.as_str().into(),
            draft.source.as_str().into(),
            draft.kind.as_str().into(),
            severity_number(draft.severity).into(),
            draft.title.as_str().into(),
            draft.detail.as_str().into(),
            draft.agent.as_ref().map(ToString::to_string).into(),
            draft.object.as_str().into(),
            AlertState::Open.as_str().into(),
            1_i64.into(),
            now_ms.into(),
            now_ms.into(),
            None::<String>.into(),
            None::<i64>.into(),
            "".into(),
            None::<i64>.into(),
            key.into(),
            draft.data.clone().into(),
        ])
        .to_owned();
    tx.execute(&insert).await?;
    tx.tell(told(draft, ("raised", &id), 1, now_ms));
    let note = Note {
        event: "raised",
        id: &id,
        source: &draft.source,
        kind: &draft.kind,
        severity: draft.severity,
        title: &draft.title,
        detail: &draft.detail,
        agent: draft.agent.as_ref().map(AgentId::as_str),
        object: &draft.object,
        at: Timestamp::from_millisecond(now_ms).unwrap_or_default(),
    };
    sinks::store::queue(tx, &note).await?;
    Ok(id)
}

/// Says that trouble ended by itself; returns its alert if one was not resolved.
pub(crate) async fn end(
    tx: &mut Tx,
    draft: &Draft,
    reason: &str,
    now: Timestamp,
) -> Result<Option<Alert>> {
    let select = Query::select()
        .column("id")
        .from("alerts")
        .and_where(Expr::col("open_key").eq(draft.key()))
        .to_owned();
    let Some(row) = tx.row(&select).await? else { return Ok(None) };
    let id: String = row.try_get(0)?;
    let change = Change { state: AlertState::Resolved, by: SYSTEM, reason, muted_ms: None };
    change_in(tx, &id, &change, now).await
}

/// What somebody does about an alert.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change<'a> {
    pub(super) state: AlertState,
    pub(super) by: &'a str,
    pub(super) reason: &'a str,
    pub(super) muted_ms: Option<i64>,
}

/// Changes the state of an alert that is not resolved. Returns the alert as it is now.
pub(super) async fn change_in(
    tx: &mut Tx,
    id: &str,
    change: &Change<'_>,
    now: Timestamp,
) -> Result<Option<Alert>> {
    let mut update = Query::update();
    update
        .table("alerts")
        .value("state", change.state.as_str())
        .value("changed_by", change.by)
        .value("changed_ms", now.as_millisecond())
        .value("reason", change.reason)
        .value("muted_ms", change.muted_ms)
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("state").ne(AlertState::Resolved.as_str()));
    if change.state == AlertState::Resolved {
        update.value("open_key", None::<String>);
    }
    let changed = tx.execute(&update).await? > 0;
    let Some(row) = tx.row(&one(id)).await? else { return Ok(None) };
    let alert = read(&row, now.as_millisecond())?;
    if changed {
        let detail = json!({
            "kind": alert.kind, "severity": alert.severity, "title": alert.title,
            "by": change.by, "reason": change.reason, "muted_until": alert.muted_until,
        });
        let word = change.state.as_str();
        let told = events::Draft::new(EventType::Alert, word, now.as_millisecond()).about(id);
        tx.tell(told.of_agent(alert.agent.clone()).with(detail));
    }
    if changed && change.state == AlertState::Resolved {
        sinks::store::queue(tx, &Note::of("resolved", &alert, now)).await?;
    }
    Ok(Some(alert))
}

/// Describes trouble to those who watch.
fn told(draft: &Draft, (word, id): (&str, &str), count: i64, now_ms: i64) -> events::Draft {
    let detail = json!({
        "source": draft.source, "kind": draft.kind, "severity": draft.severity,
        "title": draft.title, "object": draft.object, "count": count,
    });
    let told = events::Draft::new(EventType::Alert, word, now_ms).about(id);
    told.of_agent(draft.agent.clone()).with(detail)
}

fn one(id: &str) -> SelectStatement {
    Query::select()
        .columns(COLUMNS)
        .column("data")
        .from("alerts")
        .and_where(Expr::col("id").eq(id))
        .to_owned()
}

pub(super) async fn find(store: &Store, id: &str, now_ms: i64) -> Result<Option<Alert>> {
    let Some(row) = store.row(&one(id)).await? else { return Ok(None) };
    let mut alert = read(&row, now_ms)?;
    let data: Option<String> = row.try_get("data")?;
    alert.data = data.and_then(|it| serde_json::from_str(&it).ok());
    Ok(Some(alert))
}

/// Returns alerts before an id that match, the newest first.
pub(super) async fn list(
    store: &Store,
    matching: Condition,
    (before, limit): (Option<&str>, u64),
    now_ms: i64,
) -> Result<Vec<Alert>> {
    let mut select = Query::select();
    select
        .columns(COLUMNS)
        .from("alerts")
        .cond_where(matching)
        .order_by("id", Order::Desc)
        .limit(limit);
    if let Some(before) = before {
        select.and_where(Expr::col("id").lt(before));
    }
    store.rows(&select).await?.iter().map(|row| read(row, now_ms)).collect()
}

pub(super) async fn count(store: &Store, matching: Condition) -> Result<u64> {
    let select =
        Query::select().expr(Expr::cust("COUNT(*)")).from("alerts").cond_where(matching).to_owned();
    store.count(&select).await
}

/// Returns the condition for what a query asks for.
pub(super) fn matching(query: &AlertQuery, now_ms: i64) -> Condition {
    let mut all = Cond::all();
    if let Some(state) = query.state {
        all = all.add(in_state(state, now_ms));
    }
    if let Some(severity) = query.severity {
        all = all.add(Expr::col("severity").eq(severity_number(severity)));
    }
    if let Some(least) = query.least {
        all = all.add(Expr::col("severity").gte(severity_number(least)));
    }
    if let Some(agent) = &query.agent {
        all = all.add(Expr::col("agent").eq(agent.as_str()));
    }
    for (column, wanted) in [("kind", &query.kind), ("source", &query.source)] {
        if let Some(wanted) = wanted {
            all = all.add(Expr::col(column).eq(wanted.as_str()));
        }
    }
    all
}

/// Returns the condition for what is counted.
pub(super) fn counted(query: &StatsQuery, now_ms: i64) -> Condition {
    let (state, agent) = (query.state, query.agent.clone());
    matching(&AlertQuery { state, agent, ..AlertQuery::default() }, now_ms)
}

/// A mute that has passed leaves the alert open, without anybody who writes that.
pub(super) fn in_state(state: AlertState, now_ms: i64) -> Condition {
    let is = |state: AlertState| Expr::col("state").eq(state.as_str());
    match state {
        AlertState::Open => {
            let over =
                Cond::all().add(is(AlertState::Muted)).add(Expr::col("muted_ms").lte(now_ms));
            Cond::any().add(is(AlertState::Open)).add(over)
        }
        AlertState::Muted => {
            Cond::all().add(is(AlertState::Muted)).add(Expr::col("muted_ms").gt(now_ms))
        }
        AlertState::Acked | AlertState::Resolved => Cond::all().add(is(state)),
    }
}

pub(super) fn severity_number(severity: Severity) -> i64 {
    match severity {
        Severity::Low => 0,
        Severity::Medium => 1,
        Severity::High => 2,
        Severity::Critical => 3,
    }
}

fn read(row: &SqliteRow, now_ms: i64) -> Result<Alert> {
    let text = |column: &str| -> Result<String> { Ok(row.try_get(column)?) };
    let time =
        |ms: i64| Timestamp::from_millisecond(ms).map_err(|_| StoreError::Value { what: "time" });
    let (severity, count): (i64, i64) = (row.try_get("severity")?, row.try_get("count")?);
    let severity = Severity::ALL.into_iter().find(|it| severity_number(*it) == severity);
    let word = text("state")?;
    let state = AlertState::ALL.into_iter().find(|it| it.as_str() == word);
    let mut state = state.ok_or(StoreError::Value { what: "state of an alert" })?;
    let muted_ms: Option<i64> = row.try_get("muted_ms")?;
    if state == AlertState::Muted && muted_ms.is_none_or(|it| it <= now_ms) {
        state = AlertState::Open;
    }
    let (agent, changed_ms): (Option<String>, Option<i64>) =
        (row.try_get("agent")?, row.try_get("changed_ms")?);
    Ok(Alert {
        id: text("id")?,
        source: text("source")?,
        kind: text("kind")?,
        severity: severity.ok_or(StoreError::Value { what: "severity" })?,
        title: text("title")?,
        detail: text("detail")?,
        agent: agent.and_then(|it| it.parse().ok()),
        object: text("object")?,
        state,
        count: count.unsigned_abs(),
        first_at: time(row.try_get("first_ms")?)?,
        last_at: time(row.try_get("last_ms")?)?,
        changed_by: row.try_get("changed_by")?,
        changed_at: changed_ms.map(time).transpose()?,
        reason: text("reason")?,
        muted_until: muted_ms.map(time).transpose()?,
        data: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::count::{EXPIRED, marked, prune};
    use super::*;

    #[tokio::test]
    async fn what_finds_no_room_is_counted_and_what_is_open_still_is_counted_on() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("state.db")).await.unwrap();
        let now = Timestamp::from_millisecond(1_700_000_000_000).unwrap();
        let told = async |object: &str| {
            let mut tx = store.begin().await.unwrap();
            let draft = Draft::system("tested", Severity::Low, object);
            let raised = raise(&mut tx, &draft, now).await.unwrap();
            tx.commit().await.unwrap();
            raised
        };
        let first = told("one").await;
        assert!(matches!(&first, Raised::New(_)));
        // Each time twice as many, all but one of them resolved.
        while count(&store, Cond::all()).await.unwrap() < MAX_ALERTS {
            let mut copy = Query::select();
            copy.expr(Expr::cust("id || 'x' || (SELECT COUNT(*) FROM alerts)"));
            copy.columns(COLUMNS.into_iter().skip(1)).from("alerts");
            let mut insert = Query::insert();
            insert.into_table("alerts").columns(COLUMNS);
            insert.select_from(copy).unwrap();
            store.execute(&insert).await.unwrap();
        }
        assert_eq!(told("two").await, Raised::Shed);
        assert_eq!(told("three").await, Raised::Shed);
        let Raised::New(id) = first else { panic!("not new") };
        assert_eq!(told("one").await, Raised::Again(id));
        assert_eq!(marked(&store, SHED).await.unwrap(), 2);
        // What is too old makes room.
        while prune(&store, now.as_millisecond() + 1).await.unwrap() > 0 {}
        assert!(matches!(told("two").await, Raised::New(_)));
        assert_eq!(marked(&store, EXPIRED).await.unwrap(), 1);
    }
}
