//! Roles of one's own: actions, and the agents that they reach. What no rule allows is denied.

pub(crate) mod http;
pub(crate) mod scope;
mod store;

use elk_api::Role;
use elk_api::users::User;
use elk_web::Caller;

use crate::app::App;
use crate::failure::{ApiResult, internal, invalid};
use crate::store::{Result, Store};

/// Describes a user as a caller with all rights of today.
pub(crate) async fn caller(store: &Store, user: &User) -> Result<Caller> {
    let mut caller = Caller::new(user.name.clone(), user.role);
    if let Some(name) = user.custom_role.as_ref().filter(|_| user.role == Role::Custom) {
        // A role that is gone allows nothing.
        let found = store::find(store, name).await?;
        caller.rules = found.map(|it| it.rules).unwrap_or_default().into();
        caller.custom = Some(name.clone());
    }
    Ok(caller)
}

/// Returns what is wrong with a role that a user shall have.
pub(crate) async fn check(app: &App, role: Role, custom: Option<&str>) -> ApiResult<()> {
    let refused = |detail: String| Err(invalid("invalid_role", detail));
    match (role, custom) {
        (Role::Custom, None) => {
            refused("custom_role: it names the role where that is custom".into())
        }
        (Role::Custom, Some(name)) => {
            if store::find(&app.store, name).await.map_err(internal)?.is_some() {
                return Ok(());
            }
            let name: String = name.chars().take(64).collect();
            refused(format!("custom_role: there is no role {name:?}"))
        }
        (_, Some(_)) => refused("custom_role: only where the role is custom".into()),
        (_, None) => Ok(()),
    }
}
