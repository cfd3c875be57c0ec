//! Sessions: random tokens, kept as digests, ended by two idle hours.

mod attempts;
pub(crate) mod http;
mod store;

use jiff::{SignedDuration, Timestamp};
use rand::RngCore as _;
use sea_query::{Expr, ExprTrait as _, Query};
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;

use elk_api::session::Me;
use elk_api::{Permission, operations};
use elk_web::{Caller, Program};

use crate::audit::{self, Draft};
use crate::store::{Result, Store};
use crate::users;

pub(crate) use attempts::{Attempts, network};

/// What became of a sign-in.
#[derive(Debug)]
pub(crate) enum SignIn {
    /// Who it is, and the token of the new session.
    Done(Caller, String),
    /// The user or the password is wrong.
    Wrong,
    /// The password is right; a code of the second factor is needed, too.
    NeedsCode,
    /// The code of the second factor is wrong, or was used before.
    WrongCode,
    /// Too many went wrong before: not to be tried for this many seconds.
    Wait(u64),
}

/// A session ends after this long without a request.
pub(crate) const IDLE_SECONDS: u64 = 7_200;
/// Use is noted at most this often.
const NOTE_MS: i64 = 30_000;

/// The digest of the caller's token, an extension of the request.
#[derive(Clone, Debug)]
pub(crate) struct Digest(pub(crate) String);

impl Digest {
    pub(crate) fn of(token: &str) -> Self {
        Self(Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Opens a session, says so in the audit log and returns its token; the prefix is the reference's.
pub(crate) async fn open(
    store: &Store,
    user: &str,
    draft: &Draft,
    now: Timestamp,
) -> Result<String> {
    let now_ms = now.as_millisecond();
    let mut random = [0; 32];
    rand::rng().fill_bytes(&mut random);
    let token: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let token = format!("seesion-{token}");
    let mut tx = store.begin().await?;
    let idle_ms = i64::try_from(IDLE_SECONDS * 1_000).unwrap_or(i64::MAX);
    let stale = Query::delete()
        .from_table("sessions")
        .and_where(Expr::col("used_ms").lt(now_ms - idle_ms))
        .to_owned();
    tx.execute(&stale).await?;
    let insert = Query::insert()
        .into_table("sessions")
        .columns(["digest", "user", "used_ms", "opened_ms", "address"])
        .values_panic([
            Digest::of(&token).0.into(),
            user.into(),
            now_ms.into(),
            now_ms.into(),
            draft.source.address.as_str().into(),
        ])
        .to_owned();
    tx.execute(&insert).await?;
    store::bound(&mut tx, user).await?;
    let login = Query::update()
        .table("users")
        .value("login_ms", now_ms)
        .and_where(Expr::col("name").eq(user))
        .to_owned();
    tx.execute(&login).await?;
    audit::append(&mut tx, draft, now).await?;
    tx.commit().await?;
    Ok(token)
}

/// Returns whose session it is, and keeps it alive.
pub(crate) async fn resume(store: &Store, digest: &Digest, now_ms: i64) -> Result<Option<Caller>> {
    let select = Query::select()
        .columns(["user", "used_ms"])
        .from("sessions")
        .and_where(Expr::col("digest").eq(digest.0.as_str()))
        .to_owned();
    let Some(row) = store.row(&select).await? else { return Ok(None) };
    let (user, used): (String, i64) = (row.try_get("user")?, row.try_get("used_ms")?);
    let idle_ms = now_ms.saturating_sub(used);
    if idle_ms / 1_000 > i64::try_from(IDLE_SECONDS).unwrap_or(i64::MAX) {
        close(store, digest).await?;
        return Ok(None);
    }
    if idle_ms.abs() > NOTE_MS {
        let update = Query::update()
            .table("sessions")
            .value("used_ms", now_ms)
            .and_where(Expr::col("digest").eq(digest.0.as_str()))
            .to_owned();
        store.execute(&update).await?;
    }
    let account = users::store::find(store, &user).await?;
    let Some(account) = account else { return Ok(None) };
    crate::roles::caller(store, &account.user).await.map(Some)
}

/// Ends a session.
pub(crate) async fn close(store: &Store, digest: &Digest) -> Result<()> {
    let delete = Query::delete()
        .from_table("sessions")
        .and_where(Expr::col("digest").eq(digest.0.as_str()))
        .to_owned();
    store.execute(&delete).await.map(drop)
}

/// Describes the caller.
pub(crate) fn me(caller: &Caller, now: Timestamp) -> Me {
    let mut permissions: Vec<Permission> =
        operations().iter().map(|it| it.needs).filter(|it| caller.may(*it)).collect();
    permissions.sort_unstable();
    permissions.dedup();
    let idle = SignedDuration::from_secs(i64::try_from(IDLE_SECONDS).unwrap_or(i64::MAX));
    let until = |program: &Program| Timestamp::from_millisecond(program.expires_ms?).ok();
    let (idle_timeout_seconds, expires_at) = match &caller.token {
        Some(program) => (0, until(program)),
        None => (IDLE_SECONDS, Some(now.checked_add(idle).unwrap_or(Timestamp::MAX))),
    };
    let limit = caller.token.as_ref().and_then(|it| it.role);
    Me {
        name: caller.user.clone(),
        role: limit.unwrap_or(caller.role),
        custom_role: caller.custom.clone(),
        permissions,
        idle_timeout_seconds,
        expires_at,
        token: caller.token.as_ref().map(|it| it.name.clone()),
    }
}
