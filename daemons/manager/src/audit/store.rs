//! SQL for the audit log.

use elk_api::audit::{AuditQuery, Entry, Outcome, Place};
use elk_api::events::EventType;
use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _, OnConflict, Order, Query, SelectStatement};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::{Draft, MAX_NAME, MAX_SUMMARY, cut};
use crate::events;
use crate::store::{Result, Store, StoreError, Tx};

const COLUMNS: [&str; 14] = [
    "seq", "at_ms", "actor", "via", "address", "action", "kind", "object", "outcome", "code",
    "request", "summary", "previous", "hash",
];
/// More matches than this are not counted.
const COUNTED: u64 = 100_000;
/// Entries that are removed in one transaction.
const REMOVED: u64 = 5_000;

/// Where the log ends.
pub(super) const HEAD: &str = "head";
/// Up to where it was removed.
pub(super) const ANCHOR: &str = "anchor";

/// Returns the place before the first entry.
pub(super) fn origin() -> Place {
    Place { sequence: 0, hash: "0".repeat(64) }
}

/// Returns the hash of an entry.
pub(super) fn hash(entry: &Entry) -> String {
    Sha256::digest(entry.canonical()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes an entry in a transaction: it is there if and only if the rest of it is.
pub(crate) async fn append(tx: &mut Tx, draft: &Draft, now: Timestamp) -> Result<u64> {
    close(tx, draft, None, now).await
}

/// Writes an entry that may be about the end of what another one began.
pub(super) async fn close(
    tx: &mut Tx,
    draft: &Draft,
    begun: Option<u64>,
    now: Timestamp,
) -> Result<u64> {
    let head = read_mark(tx.row(&mark_of(HEAD)).await?.as_ref())?;
    let entry = entry(draft, &head, now);
    let open = i64::from(entry.outcome == Outcome::Begun);
    let place = Place { sequence: entry.sequence, hash: entry.hash.clone() };
    // What begins is told when it has ended.
    if entry.outcome != Outcome::Begun {
        tx.tell(told(&entry));
    }
    let mut values: Vec<Expr> = vec![signed(entry.sequence)?.into(), now.as_millisecond().into()];
    let kind = entry.kind;
    let texts = [
        entry.actor,
        entry.via,
        entry.address,
        entry.action,
        kind,
        entry.object,
        entry.outcome.as_str().to_owned(),
        entry.code,
        entry.request_id,
        entry.summary,
        entry.previous,
        entry.hash,
    ];
    values.extend(texts.map(Expr::from));
    values.push(open.into());
    let insert = Query::insert()
        .into_table("audit")
        .columns(COLUMNS.into_iter().chain(["open"]))
        .values_panic(values)
        .to_owned();
    tx.execute(&insert).await?;
    if let Some(begun) = begun {
        let closed = Query::update()
            .table("audit")
            .value("open", 0)
            .and_where(Expr::col("seq").eq(signed(begun)?))
            .to_owned();
        tx.execute(&closed).await?;
    }
    set_mark(tx, HEAD, &place).await?;
    Ok(place.sequence)
}

/// Describes an entry to those who watch the log.
fn told(entry: &Entry) -> events::Draft {
    let detail = json!({
        "sequence": entry.sequence, "actor": entry.actor, "via": entry.via,
        "address": entry.address, "outcome": entry.outcome, "code": entry.code,
        "request_id": entry.request_id, "summary": entry.summary,
    });
    let at_ms = entry.at.as_millisecond();
    events::Draft::new(EventType::Audit, &entry.action, at_ms).about(&entry.object).with(detail)
}

fn entry(draft: &Draft, head: &Place, now: Timestamp) -> Entry {
    let name = |text: &str| cut(text, MAX_NAME).to_owned();
    let kind = draft.action.split('.').next().unwrap_or_default();
    let at = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
    let mut entry = Entry {
        sequence: head.sequence.saturating_add(1),
        at,
        actor: name(&draft.actor),
        via: name(&draft.source.via),
        address: name(&draft.source.address),
        action: name(&draft.action),
        kind: name(kind),
        object: name(&draft.object),
        outcome: draft.outcome,
        code: name(&draft.code),
        request_id: name(&draft.source.request),
        summary: cut(&draft.summary, MAX_SUMMARY).to_owned(),
        previous: head.hash.clone(),
        hash: String::new(),
    };
    entry.hash = hash(&entry);
    entry
}

fn mark_of(name: &str) -> SelectStatement {
    Query::select()
        .columns(["seq", "hash"])
        .from("audit_marks")
        .and_where(Expr::col("name").eq(name))
        .to_owned()
}

fn read_mark(row: Option<&SqliteRow>) -> Result<Place> {
    let Some(row) = row else { return Ok(origin()) };
    let seq: i64 = row.try_get("seq")?;
    Ok(Place { sequence: seq.unsigned_abs(), hash: row.try_get("hash")? })
}

/// Returns the place of a mark.
pub(super) async fn mark(store: &Store, name: &str) -> Result<Place> {
    read_mark(store.row(&mark_of(name)).await?.as_ref())
}

async fn set_mark(tx: &mut Tx, name: &str, place: &Place) -> Result<()> {
    let insert = Query::insert()
        .into_table("audit_marks")
        .columns(["name", "seq", "hash"])
        .values_panic([name.into(), signed(place.sequence)?.into(), place.hash.as_str().into()])
        .on_conflict(OnConflict::column("name").update_columns(["seq", "hash"]).to_owned())
        .to_owned();
    tx.execute(&insert).await.map(drop)
}

/// Returns entries after a number, the earliest first.
pub(super) async fn after(store: &Store, sequence: u64, limit: u64) -> Result<Vec<Entry>> {
    let select = Query::select()
        .columns(COLUMNS)
        .from("audit")
        .and_where(Expr::col("seq").gt(signed(sequence)?))
        .order_by("seq", Order::Asc)
        .limit(limit)
        .to_owned();
    store.rows(&select).await?.iter().map(read).collect()
}

pub(super) async fn find(store: &Store, sequence: u64) -> Result<Option<Entry>> {
    let Some(before) = sequence.checked_sub(1) else { return Ok(None) };
    let next = after(store, before, 1).await?.into_iter().next();
    Ok(next.filter(|it| it.sequence == sequence))
}

/// Returns entries before a number that match, the latest first.
pub(super) async fn list(
    store: &Store,
    query: &AuditQuery,
    before: Option<u64>,
    limit: u64,
) -> Result<Vec<Entry>> {
    let mut select = Query::select();
    select.columns(COLUMNS).from("audit").order_by("seq", Order::Desc).limit(limit);
    matching(&mut select, query);
    if let Some(before) = before {
        select.and_where(Expr::col("seq").lt(signed(before)?));
    }
    store.rows(&select).await?.iter().map(read).collect()
}

/// Returns how many match, and whether that is only the least they are.
pub(super) async fn count(store: &Store, query: &AuditQuery) -> Result<(u64, bool)> {
    let mut some = Query::select();
    some.expr(Expr::val(1)).from("audit").limit(COUNTED + 1);
    matching(&mut some, query);
    let all = Query::select().expr(Expr::cust("COUNT(*)")).from_subquery(some, "some").to_owned();
    let count = store.count(&all).await?;
    Ok((Ord::min(count, COUNTED), count > COUNTED))
}

fn matching(select: &mut SelectStatement, query: &AuditQuery) {
    for (column, wanted) in [("actor", &query.actor), ("object", &query.object)] {
        if let Some(wanted) = wanted {
            select.and_where(Expr::col(column).eq(wanted.as_str()));
        }
    }
    match query.action.as_deref().map(|it| (it, it.strip_suffix(".*"))) {
        Some((_, Some(noun))) => {
            // The character behind a full stop is a slash.
            select.and_where(Expr::col("action").gte(format!("{noun}.")));
            select.and_where(Expr::col("action").lt(format!("{noun}/")));
        }
        Some((action, None)) => {
            select.and_where(Expr::col("action").eq(action));
        }
        None => {}
    }
    match query.outcome {
        Some(outcome) => select.and_where(Expr::col("outcome").eq(outcome.as_str())),
        None => {
            let ended = Expr::col("outcome").ne(Outcome::Begun.as_str());
            select.and_where(ended.or(Expr::col("open").eq(1)))
        }
    };
    if let Some(since) = query.since {
        select.and_where(Expr::col("at_ms").gte(since.as_millisecond()));
    }
    if let Some(until) = query.until {
        select.and_where(Expr::col("at_ms").lt(until.as_millisecond()));
    }
}

/// Removes entries that are older than `bound_ms`, from the first one on, and returns how many. What
/// is left can be verified from the anchor on.
pub(crate) async fn prune(store: &Store, bound_ms: i64) -> Result<u64> {
    let mut tx = store.begin().await?;
    // A clock that was set back must not take what stands behind a newer entry.
    let young = Query::select()
        .expr(Expr::cust("MIN(seq)"))
        .from("audit")
        .and_where(Expr::col("at_ms").gte(bound_ms))
        .to_owned();
    let young: Option<i64> = tx.row(&young).await?.map_or(Ok(None), |row| row.try_get(0))?;
    let mut old = Query::select();
    old.columns(["seq", "hash"]).from("audit").order_by("seq", Order::Asc).limit(REMOVED);
    if let Some(young) = young {
        old.and_where(Expr::col("seq").lt(young));
    }
    let rows = tx.rows(&old).await?;
    let Some(last) = rows.last() else { return Ok(0) };
    let last = read_mark(Some(last))?;
    let delete = Query::delete()
        .from_table("audit")
        .and_where(Expr::col("seq").lte(signed(last.sequence)?))
        .to_owned();
    let removed = tx.execute(&delete).await?;
    set_mark(&mut tx, ANCHOR, &last).await?;
    tx.commit().await?;
    Ok(removed)
}

fn signed(sequence: u64) -> Result<i64> {
    i64::try_from(sequence).map_err(|_| StoreError::Value { what: "number of an entry" })
}

fn read(row: &SqliteRow) -> Result<Entry> {
    let text = |column: &str| -> Result<String> { Ok(row.try_get(column)?) };
    let (seq, at_ms): (i64, i64) = (row.try_get("seq")?, row.try_get("at_ms")?);
    let outcome = text("outcome")?;
    let outcome = Outcome::ALL.into_iter().find(|it| it.as_str() == outcome);
    Ok(Entry {
        sequence: seq.unsigned_abs(),
        at: Timestamp::from_millisecond(at_ms).map_err(|_| StoreError::Value { what: "time" })?,
        actor: text("actor")?,
        via: text("via")?,
        address: text("address")?,
        action: text("action")?,
        kind: text("kind")?,
        object: text("object")?,
        outcome: outcome.ok_or(StoreError::Value { what: "outcome" })?,
        code: text("code")?,
        request_id: text("request")?,
        summary: text("summary")?,
        previous: text("previous")?,
        hash: text("hash")?,
    })
}
