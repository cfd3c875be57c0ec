//! HTTP for tokens.

use axum::Router;
use axum::extract::{Extension, State};
use elk_api::tokens::{self, MadeToken, NewToken, TOKEN_PREFIX, Token};
use elk_api::{Cursor, ListQuery, Page, Permission, Role};
use elk_web::{ApiError, Caller, Json, Mount as _, Path, Query};
use http::StatusCode;
use rand::RngCore as _;

use super::store::{self, Addition, Kept};
use crate::app::App;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::page;
use crate::roles::scope;
use crate::session::Digest;
use crate::users::is_name;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<tokens::Create>()
        .to(create)
        .at::<tokens::List>()
        .to(list)
        .at::<tokens::Revoke>()
        .to(revoke)
}

async fn create(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(new): Json<NewToken>,
) -> ApiResult<Json<MadeToken>> {
    // Else one that leaks could make others that outlive it.
    if caller.token.is_some() {
        let detail = "a token makes no tokens; sign in for that";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "token_not_session", detail));
    }
    if !is_name(&new.name) {
        let rule = "name: a token's name has 1 to 64 characters of A-Z a-z 0-9 . _ @ -";
        return Err(invalid("invalid_name", rule));
    }
    if new.role == Some(Role::Custom) {
        return Err(invalid("invalid_role", "role: a token is limited to a built-in role"));
    }
    if let Some(role) = new.role.filter(|it| !caller.role.covers(*it)) {
        let (own, role) = (caller.role.as_str(), role.as_str());
        let detail = format!("role: {role} may do more than {own}, which is yours");
        return Err(ApiError::new(StatusCode::FORBIDDEN, "denied", detail));
    }
    if let Some(selector) = &new.selector {
        scope::check(&app, selector)?;
    }
    let now_ms = app.clock.unix_ms();
    let expires_ms = new.expires_at.map(|it| it.as_millisecond());
    if expires_ms.is_some_and(|it| it <= now_ms) {
        return Err(invalid("invalid_time", "expires_at: this has passed already"));
    }
    let secret = format!("{TOKEN_PREFIX}{}", random::<32>());
    let kept = Kept {
        id: format!("tok-{}", random::<8>()),
        digest: Digest::of(&secret).0,
        user: caller.user,
        name: new.name,
        role: new.role,
        selector: new.selector,
        created_ms: now_ms,
        expires_ms,
        used_ms: None,
        revoked_ms: None,
    };
    let name = &kept.name;
    match store::add(&app.store, &kept).await.map_err(internal)? {
        Addition::Done => Ok(Json(MadeToken { token: kept.told(now_ms), secret })),
        Addition::Taken => {
            Err(conflict("token_exists", format!("you have a token {name} already")))
        }
        Addition::Full => {
            Err(conflict("too_many_tokens", "you have as many tokens as a user can have"))
        }
        Addition::Absent => Err(not_found("user_not_found", "the user is gone")),
    }
}

/// Returns so many random bytes in hex.
fn random<const BYTES: usize>() -> String {
    let mut random = [0; BYTES];
    rand::rng().fill_bytes(&mut random);
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<Token>>> {
    let limit = page::limit(query.limit)?;
    let after = match query.cursor.as_ref().map(|it| it.after.as_slice()) {
        None => None,
        Some([user, name, id]) => Some([user.as_str(), name, id]),
        Some(_) => return Err(page::foreign_cursor()),
    };
    let own = (!caller.may(Permission::ManageUsers)).then_some(caller.user.as_str());
    let kept = store::list(&app.store, own, after, limit + 1).await.map_err(internal)?;
    let total = store::count(&app.store, own).await.map_err(internal)?;
    let now_ms = app.clock.unix_ms();
    let told = |mut it: Kept| {
        it.used_ms = app.uses.of(&it.id).or(it.used_ms);
        it.told(now_ms)
    };
    let items = kept.into_iter().map(told).collect();
    let cursor =
        |it: &Token| Cursor { after: vec![it.user.clone(), it.name.clone(), it.id.clone()] };
    Ok(Json(page::cut(items, limit, total, app.clock.now(), cursor)))
}

async fn revoke(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(token): Path<String>,
) -> ApiResult<Json<Token>> {
    let found = store::find(&app.store, &caller.user, &token).await.map_err(internal)?;
    let mine = |it: &Kept| it.user == caller.user || caller.may(Permission::ManageUsers);
    let Some(mut kept) = found.filter(mine) else {
        let text: String = token.chars().take(64).collect();
        return Err(not_found("token_not_found", format!("there is no token {text:?}")));
    };
    let now_ms = app.clock.unix_ms();
    store::revoke(&app.store, &kept.id, now_ms).await.map_err(internal)?;
    kept.revoked_ms = kept.revoked_ms.or(Some(now_ms));
    tracing::info!(id = kept.id, "{} revoked the token {}", caller.user, kept.name);
    Ok(Json(kept.told(now_ms)))
}
