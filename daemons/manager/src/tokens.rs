//! Tokens for programs: random, kept as digests, with a user's rights or fewer.

pub(crate) mod http;
mod store;

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use ::http::StatusCode;
use elk_api::tokens::TOKEN_PREFIX;
use elk_life::{Stop, chain};
use elk_web::{ApiError, Caller, Program};
use jiff::Timestamp;
use parking_lot::Mutex;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::{App, Shared};
use crate::roles;
use crate::session::Digest;
use crate::store::Result;
use crate::users;

/// How often it is written which tokens were used.
const TICK: Duration = Duration::from_secs(5);
/// Use is noted at most this often.
const NOTE_MS: i64 = 60_000;
/// Uses that wait to be written.
const MAX_USES: usize = 100_000;

/// Uses of tokens that are not written yet: when, by id.
#[derive(Debug, Default)]
pub(crate) struct Uses(Mutex<HashMap<String, i64>>);

/// What became of a token that a request carries.
#[derive(Debug)]
pub(crate) enum Found {
    Good(Caller),
    /// It was good once.
    Ended(ApiError),
    /// There is none.
    None,
}

/// Returns whether this is a token of ours and no session's.
pub(crate) fn is_token(text: &str) -> bool {
    text.starts_with(TOKEN_PREFIX)
}

/// Returns who calls with a token.
pub(crate) async fn resume(app: &Shared, digest: &Digest) -> Result<Found> {
    let Some(kept) = store::by_digest(&app.store, &digest.0).await? else {
        return Ok(Found::None);
    };
    let now_ms = app.clock.unix_ms();
    let ended = |code: &str, how: &str, at_ms: i64| {
        let at = Timestamp::from_millisecond(at_ms).map(|it| it.to_string()).unwrap_or_default();
        let detail = format!("the token {} {how} {at}", kept.name);
        Ok(Found::Ended(ApiError::new(StatusCode::UNAUTHORIZED, code, detail)))
    };
    if let Some(at) = kept.revoked_ms {
        return ended("token_revoked", "was revoked at", at);
    }
    if let Some(at) = kept.expires_ms.filter(|it| *it <= now_ms) {
        return ended("token_expired", "expired at", at);
    }
    // Its rights are those of its user now.
    let Some(account) = users::store::find(&app.store, &kept.user).await? else {
        return Ok(Found::None);
    };
    app.uses.note(&kept.id, kept.used_ms, now_ms);
    let (name, role) = (kept.name, kept.role);
    let (selector, expires_ms) = (kept.selector, kept.expires_ms);
    let mut caller = roles::caller(&app.store, &account.user).await?;
    caller.token = Some(Program { name, role, selector, expires_ms });
    Ok(Found::Good(caller))
}

impl Uses {
    fn note(&self, id: &str, written_ms: Option<i64>, now_ms: i64) {
        if written_ms.is_some_and(|it| now_ms.saturating_sub(it).abs() < NOTE_MS) {
            return;
        }
        let mut uses = self.0.lock();
        if uses.len() < MAX_USES {
            uses.entry(id.to_owned()).or_insert(now_ms);
        }
    }

    /// Returns when a token was used, if that is not written yet.
    fn of(&self, id: &str) -> Option<i64> {
        self.0.lock().get(id).copied()
    }
}

/// Writes which tokens were used, until asked to stop.
pub(crate) async fn run(app: App, stop: Stop) -> std::result::Result<(), Infallible> {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let last = stop.until(ticks.tick()).await.is_none();
        let uses: Vec<_> = app.uses.0.lock().iter().map(|(id, at)| (id.clone(), *at)).collect();
        match store::note(&app.store, &uses).await {
            Ok(()) => {
                let mut left = app.uses.0.lock();
                for (id, _) in &uses {
                    left.remove(id);
                }
            }
            Err(error) => {
                tracing::warn!(error = %chain(&error), "could not write which tokens were used");
            }
        }
        if last {
            return Ok(());
        }
    }
}
