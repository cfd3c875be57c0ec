//! SQL for users.

use elk_api::Role;
use elk_api::users::User;
use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::store::{Result, Store, StoreError, Tx};

/// A user and the hash of its password.
pub(crate) struct Account {
    pub(crate) user: User,
    pub(crate) hash: String,
}

const COLUMNS: [&str; 7] =
    ["name", "role", "custom", "hash", "created_ms", "changed_ms", "login_ms"];

/// Selects users with all that is shown of them.
fn all() -> SelectStatement {
    let enabled = r#"(SELECT "enabled" FROM "totp" WHERE "totp"."user" = "users"."name")"#;
    let mut select = Query::select();
    select.columns(COLUMNS).expr_as(Expr::cust(enabled), "totp").from("users");
    select
}

pub(crate) async fn find(store: &Store, name: &str) -> Result<Option<Account>> {
    let query = all().and_where(Expr::col("name").eq(name)).to_owned();
    store.row(&query).await?.map(|row| account(&row)).transpose()
}

pub(crate) async fn list(store: &Store, after: Option<&str>, limit: u64) -> Result<Vec<User>> {
    let mut query = all();
    query.order_by("name", Order::Asc).limit(limit);
    if let Some(after) = after {
        query.and_where(Expr::col("name").gt(after));
    }
    store.rows(&query).await?.iter().map(|row| Ok(account(row)?.user)).collect()
}

pub(crate) async fn count(store: &Store) -> Result<u64> {
    store.count(Query::select().expr(Expr::cust("COUNT(*)")).from("users")).await
}

/// Creates a user; false if the name is taken.
pub(crate) async fn create(store: &Store, account: &Account) -> Result<bool> {
    let user = &account.user;
    let insert = Query::insert()
        .into_table("users")
        .columns(["name", "role", "custom", "hash", "created_ms", "changed_ms"])
        .values_panic([
            user.name.as_str().into(),
            user.role.as_str().into(),
            user.custom_role.as_deref().into(),
            account.hash.as_str().into(),
            user.created_at.as_millisecond().into(),
            user.password_changed_at.as_millisecond().into(),
        ])
        .on_conflict(sea_query::OnConflict::column("name").do_nothing().to_owned())
        .to_owned();
    Ok(store.execute(&insert).await? == 1)
}

/// Sets a password and ends the user's sessions but `kept`.
pub(crate) async fn set_password(
    store: &Store,
    name: &str,
    hash: &str,
    kept: Option<&str>,
    now_ms: i64,
) -> Result<()> {
    let mut tx = store.begin().await?;
    let update = Query::update()
        .table("users")
        .values([("hash", hash.into()), ("changed_ms", now_ms.into())])
        .and_where(Expr::col("name").eq(name))
        .to_owned();
    tx.execute(&update).await?;
    let mut delete = Query::delete();
    delete.from_table("sessions").and_where(Expr::col("user").eq(name));
    if let Some(kept) = kept {
        delete.and_where(Expr::col("digest").ne(kept));
    }
    tx.execute(&delete).await?;
    tx.commit().await
}

/// What became of a change that takes something away from a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Removal {
    Done,
    /// There is no such user.
    Absent,
    /// Nobody could manage users any more.
    LastAdmin,
}

/// Sets a user's role; another one than before ends his sessions.
pub(crate) async fn set_role(
    store: &Store,
    name: &str,
    (role, custom): (Role, Option<&str>),
) -> Result<Removal> {
    let mut tx = store.begin().await?;
    let found = removable(&mut tx, name).await?;
    if found == Removal::Absent || (found == Removal::LastAdmin && role != Role::Admin) {
        return Ok(found);
    }
    let text = custom.unwrap_or_default();
    let other = Expr::cust_with_exprs("COALESCE(custom, '') <> ?", [Expr::val(text)]);
    let update = Query::update()
        .table("users")
        .values([("role", role.as_str().into()), ("custom", custom.into())])
        .and_where(Expr::col("name").eq(name))
        .and_where(Expr::col("role").ne(role.as_str()).or(other))
        .to_owned();
    if tx.execute(&update).await? == 1 {
        let sessions =
            Query::delete().from_table("sessions").and_where(Expr::col("user").eq(name)).to_owned();
        tx.execute(&sessions).await?;
    }
    tx.commit().await?;
    Ok(Removal::Done)
}

/// Removes a user with his sessions and tokens.
pub(crate) async fn remove(store: &Store, name: &str) -> Result<Removal> {
    let mut tx = store.begin().await?;
    let found = removable(&mut tx, name).await?;
    if found != Removal::Done {
        return Ok(found);
    }
    let tables = ["sessions", "avatars", "tokens", "totp", "recovery"].map(|it| (it, "user"));
    for (table, column) in [("users", "name")].into_iter().chain(tables) {
        let delete =
            Query::delete().from_table(table).and_where(Expr::col(column).eq(name)).to_owned();
        tx.execute(&delete).await?;
    }
    tx.commit().await?;
    Ok(Removal::Done)
}

async fn removable(tx: &mut Tx, name: &str) -> Result<Removal> {
    let select = Query::select()
        .columns(["role", "hash"])
        .expr_as(
            Expr::cust("(SELECT COUNT(*) FROM users WHERE role = 'admin' AND hash <> '')"),
            "admins",
        )
        .from("users")
        .and_where(Expr::col("name").eq(name))
        .to_owned();
    let Some(row) = tx.row(&select).await? else { return Ok(Removal::Absent) };
    let (role, admins): (String, i64) = (row.try_get("role")?, row.try_get("admins")?);
    // Who has no password yet manages nothing.
    let hash: String = row.try_get("hash")?;
    let last = role == Role::Admin.as_str() && !hash.is_empty() && admins <= 1;
    Ok(if last { Removal::LastAdmin } else { Removal::Done })
}

fn account(row: &SqliteRow) -> Result<Account> {
    let at = |column: &str| -> Result<Timestamp> {
        Timestamp::from_millisecond(row.try_get(column)?)
            .map_err(|_| StoreError::Value { what: "time" })
    };
    let role: String = row.try_get("role")?;
    let role = Role::ALL.into_iter().chain([Role::Custom]).find(|it| it.as_str() == role);
    let login: Option<i64> = row.try_get("login_ms")?;
    let hash: String = row.try_get("hash")?;
    let enabled: Option<i64> = row.try_get("totp")?;
    let user = User {
        name: row.try_get("name")?,
        role: role.ok_or(StoreError::Value { what: "role" })?,
        custom_role: row.try_get("custom")?,
        created_at: at("created_ms")?,
        password_changed_at: at("changed_ms")?,
        last_login_at: login.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        password_set: !hash.is_empty(),
        totp: enabled == Some(1),
        failed_sign_ins: 0,
        locked_until: None,
    };
    Ok(Account { user, hash })
}
