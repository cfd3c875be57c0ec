//! SQL for the sessions that are open.

use elk_api::session::OpenSession;
use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement};
use sqlx::Row as _;

use super::{Digest, IDLE_SECONDS};
use crate::store::{Result, Store, StoreError, Tx};

/// Sessions of one user; one more ends the one that was used the longest ago.
const MAX_OPEN: u64 = 50;
/// Characters of a session's id: the first ones of the digest, which tell nothing of the token.
const ID: usize = 16;

/// Returns the id of the session with this digest.
pub(super) fn id(digest: &str) -> String {
    digest.chars().take(ID).collect()
}

fn live(now_ms: i64, user: Option<&str>) -> SelectStatement {
    let idle_ms = i64::try_from(IDLE_SECONDS * 1_000).unwrap_or(i64::MAX);
    let mut select = Query::select();
    select.from("sessions").and_where(Expr::col("used_ms").gte(now_ms - idle_ms));
    if let Some(user) = user {
        select.and_where(Expr::col("user").eq(user));
    }
    select
}

pub(super) async fn count(store: &Store, user: Option<&str>, now_ms: i64) -> Result<u64> {
    store.count(live(now_ms, user).expr(Expr::cust("COUNT(*)"))).await
}

/// Returns sessions in the order of user and id; `after` are those of the last one seen.
pub(super) async fn list(
    store: &Store,
    (user, own): (Option<&str>, Option<&Digest>),
    after: Option<[&str; 2]>,
    (limit, now_ms): (u64, i64),
) -> Result<Vec<OpenSession>> {
    let mut select = live(now_ms, user);
    select.columns(["digest", "user", "used_ms", "opened_ms", "address"]);
    select.order_by("user", Order::Asc).order_by("digest", Order::Asc).limit(limit);
    if let Some([user, id]) = after {
        let row = Expr::tuple([Expr::col("user"), Expr::col("digest")]);
        // Behind all digests that begin so.
        select.and_where(row.gt(Expr::tuple([Expr::val(user), Expr::val(format!("{id}g"))])));
    }
    let rows = store.rows(&select).await?;
    let read = rows.iter().map(|row| {
        let at = |ms: i64| {
            Timestamp::from_millisecond(ms).map_err(|_| StoreError::Value { what: "time" })
        };
        let digest: String = row.try_get("digest")?;
        let opened: Option<i64> = row.try_get("opened_ms")?;
        Ok(OpenSession {
            id: id(&digest),
            user: row.try_get("user")?,
            opened_at: opened.map(at).transpose()?,
            last_used_at: at(row.try_get("used_ms")?)?,
            address: row.try_get("address")?,
            current: own.is_some_and(|it| it.0 == digest),
        })
    });
    read.collect()
}

/// Ends the session with this id, of `user` if that is given; false if there is none.
pub(super) async fn end(store: &Store, id: &str, user: Option<&str>) -> Result<bool> {
    if id.len() != ID || !id.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f')) {
        return Ok(false);
    }
    let mut delete = Query::delete();
    delete.from_table("sessions");
    delete
        .and_where(Expr::col("digest").gte(id))
        .and_where(Expr::col("digest").lt(format!("{id}g")));
    if let Some(user) = user {
        delete.and_where(Expr::col("user").eq(user));
    }
    Ok(store.execute(&delete).await? > 0)
}

/// Ends the sessions of a user but one.
pub(super) async fn end_all(store: &Store, user: &str, but: Option<&Digest>) -> Result<u64> {
    let mut delete = Query::delete();
    delete.from_table("sessions").and_where(Expr::col("user").eq(user));
    if let Some(but) = but {
        delete.and_where(Expr::col("digest").ne(but.0.as_str()));
    }
    store.execute(&delete).await
}

/// Ends those of a user that are too many.
pub(super) async fn bound(tx: &mut Tx, user: &str) -> Result<()> {
    let kept = Query::select()
        .column("digest")
        .from("sessions")
        .and_where(Expr::col("user").eq(user))
        .order_by("used_ms", Order::Desc)
        .order_by("digest", Order::Asc)
        .limit(MAX_OPEN)
        .to_owned();
    let delete = Query::delete()
        .from_table("sessions")
        .and_where(Expr::col("user").eq(user))
        .and_where(Expr::col("digest").not_in_subquery(kept))
        .to_owned();
    tx.execute(&delete).await.map(drop)
}
