//! SQL for tokens.

use elk_api::Role;
use elk_api::tokens::{Token, TokenState};
use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::store::{Result, Store, StoreError, Tx};

/// Live tokens of one user.
const MAX_LIVE: u64 = 100;
/// Tokens of one user that have ended and are remembered.
const MAX_ENDED: u64 = 200;
/// What has ended is forgotten after this long.
const MEMORY_MS: i64 = 90 * 86_400_000;

const COLUMNS: [&str; 10] = [
    "id",
    "digest",
    "user",
    "name",
    "role",
    "selector",
    "created_ms",
    "expires_ms",
    "used_ms",
    "revoked_ms",
];

/// A token as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) digest: String,
    pub(super) user: String,
    pub(super) name: String,
    pub(super) role: Option<Role>,
    pub(super) selector: Option<String>,
    pub(super) created_ms: i64,
    pub(super) expires_ms: Option<i64>,
    pub(super) used_ms: Option<i64>,
    pub(super) revoked_ms: Option<i64>,
}

/// What became of a token that was to be kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Addition {
    Done,
    /// Another live token of the user has the name.
    Taken,
    /// The user has as many as there can be.
    Full,
    /// The user is gone.
    Absent,
}

impl Kept {
    /// Describes it to who may know.
    pub(super) fn told(&self, now_ms: i64) -> Token {
        let at = |ms: i64| Timestamp::from_millisecond(ms).unwrap_or_default();
        let state = match (self.revoked_ms, self.expires_ms) {
            (Some(_), _) => TokenState::Revoked,
            (None, Some(end)) if end <= now_ms => TokenState::Expired,
            _ => TokenState::Active,
        };
        Token {
            id: self.id.clone(),
            name: self.name.clone(),
            user: self.user.clone(),
            role: self.role,
            selector: self.selector.clone(),
            state,
            created_at: at(self.created_ms),
            expires_at: self.expires_ms.map(at),
            last_used_at: self.used_ms.map(at),
            revoked_at: self.revoked_ms.map(at),
        }
    }
}

fn all() -> SelectStatement {
    Query::select().columns(COLUMNS).from("tokens").to_owned()
}

pub(super) async fn by_digest(store: &Store, digest: &str) -> Result<Option<Kept>> {
    let select = all().and_where(Expr::col("digest").eq(digest)).to_owned();
    store.row(&select).await?.map(|row| read(&row)).transpose()
}

/// Returns the token with this id, or the live one of `user` with this name.
pub(super) async fn find(store: &Store, user: &str, text: &str) -> Result<Option<Kept>> {
    let named = Expr::col("user").eq(user).and(Expr::col("name").eq(text));
    let named = named.and(Expr::col("revoked_ms").is_null());
    let select = all()
        .and_where(Expr::col("id").eq(text).or(named))
        .order_by_expr(Expr::col("id").eq(text), Order::Desc)
        .order_by("created_ms", Order::Desc)
        .limit(1)
        .to_owned();
    store.row(&select).await?.map(|row| read(&row)).transpose()
}

/// Returns tokens in the order of user, name and id; `after` are those of the last one seen.
pub(super) async fn list(
    store: &Store,
    user: Option<&str>,
    after: Option<[&str; 3]>,
    limit: u64,
) -> Result<Vec<Kept>> {
    let mut select = all();
    for column in ["user", "name", "id"] {
        select.order_by(column, Order::Asc);
    }
    select.limit(limit);
    if let Some(user) = user {
        select.and_where(Expr::col("user").eq(user));
    }
    if let Some([user, name, id]) = after {
        let row = Expr::tuple([Expr::col("user"), Expr::col("name"), Expr::col("id")]);
        let seen = Expr::tuple([Expr::val(user), Expr::val(name), Expr::val(id)]);
        select.and_where(row.gt(seen));
    }
    store.rows(&select).await?.iter().map(read).collect()
}

pub(super) async fn count(store: &Store, user: Option<&str>) -> Result<u64> {
    let mut select = Query::select();
    select.expr(Expr::cust("COUNT(*)")).from("tokens");
    if let Some(user) = user {
        select.and_where(Expr::col("user").eq(user));
    }
    store.count(&select).await
}

/// Keeps a token.
pub(super) async fn add(store: &Store, kept: &Kept) -> Result<Addition> {
    let mut tx = store.begin().await?;
    let now_ms = kept.created_ms;
    let old = now_ms.saturating_sub(MEMORY_MS);
    let ended = Expr::col("revoked_ms").lt(old).or(Expr::col("expires_ms").lt(old));
    tx.execute(&Query::delete().from_table("tokens").and_where(ended).to_owned()).await?;
    forget_most(&mut tx, &kept.user, now_ms).await?;
    let user = Query::select()
        .column("name")
        .from("users")
        .and_where(Expr::col("name").eq(kept.user.as_str()))
        .to_owned();
    if tx.row(&user).await?.is_none() {
        return Ok(Addition::Absent);
    }
    let timely = Expr::col("expires_ms").is_null().or(Expr::col("expires_ms").gt(now_ms));
    let live = Query::select()
        .column("name")
        .from("tokens")
        .and_where(Expr::col("user").eq(kept.user.as_str()))
        .and_where(Expr::col("revoked_ms").is_null())
        .and_where(timely)
        .to_owned();
    let live = tx.rows(&live).await?;
    for row in &live {
        let name: String = row.try_get("name")?;
        if name == kept.name {
            return Ok(Addition::Taken);
        }
    }
    if live.len() as u64 >= MAX_LIVE {
        return Ok(Addition::Full);
    }
    let insert = Query::insert()
        .into_table("tokens")
        .columns(COLUMNS)
        .values_panic([
            kept.id.as_str().into(),
            kept.digest.as_str().into(),
            kept.user.as_str().into(),
            kept.name.as_str().into(),
            kept.role.map(Role::as_str).into(),
            kept.selector.as_deref().into(),
            kept.created_ms.into(),
            kept.expires_ms.into(),
            kept.used_ms.into(),
            kept.revoked_ms.into(),
        ])
        .to_owned();
    tx.execute(&insert).await?;
    tx.commit().await?;
    Ok(Addition::Done)
}

/// Forgets all but the last of a user's tokens that have ended.
async fn forget_most(tx: &mut Tx, user: &str, now_ms: i64) -> Result<()> {
    let ended = || Expr::col("revoked_ms").is_not_null().or(Expr::col("expires_ms").lte(now_ms));
    let kept = Query::select()
        .column("id")
        .from("tokens")
        .and_where(Expr::col("user").eq(user))
        .and_where(ended())
        .order_by("created_ms", Order::Desc)
        .order_by("id", Order::Asc)
        .limit(MAX_ENDED)
        .to_owned();
    let delete = Query::delete()
        .from_table("tokens")
        .and_where(Expr::col("user").eq(user))
        .and_where(ended())
        .and_where(Expr::col("id").not_in_subquery(kept))
        .to_owned();
    tx.execute(&delete).await.map(drop)
}

/// Ends a token that has not been ended.
pub(super) async fn revoke(store: &Store, id: &str, now_ms: i64) -> Result<()> {
    let update = Query::update()
        .table("tokens")
        .value("revoked_ms", now_ms)
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("revoked_ms").is_null())
        .to_owned();
    store.execute(&update).await.map(drop)
}

/// Notes when tokens were used.
pub(super) async fn note(store: &Store, uses: &[(String, i64)]) -> Result<()> {
    if uses.is_empty() {
        return Ok(());
    }
    let mut tx = store.begin().await?;
    for (id, at_ms) in uses {
        let update = Query::update()
            .table("tokens")
            .value("used_ms", *at_ms)
            .and_where(Expr::col("id").eq(id.as_str()))
            .to_owned();
        tx.execute(&update).await?;
    }
    tx.commit().await
}

fn read(row: &SqliteRow) -> Result<Kept> {
    let role: Option<String> = row.try_get("role")?;
    let known = |text: String| Role::ALL.into_iter().find(|it| it.as_str() == text);
    // A role that is not known here must not become no limit at all.
    let role = role.map(|it| known(it).ok_or(StoreError::Value { what: "role" })).transpose()?;
    Ok(Kept {
        id: row.try_get("id")?,
        digest: row.try_get("digest")?,
        user: row.try_get("user")?,
        name: row.try_get("name")?,
        role,
        selector: row.try_get("selector")?,
        created_ms: row.try_get("created_ms")?,
        expires_ms: row.try_get("expires_ms")?,
        used_ms: row.try_get("used_ms")?,
        revoked_ms: row.try_get("revoked_ms")?,
    })
}
