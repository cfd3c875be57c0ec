//! HTTP for roles.

use axum::Router;
use axum::extract::{Extension, State};
use elk_api::roles::{self, MAX_RULES, NewRole, RoleInfo, RoleRule};
use elk_api::{ListQuery, Page, Permission, Role, operations};
use elk_web::{ApiError, Caller, Json, Mount as _, Path, Query};

use super::scope;
use super::store::{self, Change};
use crate::app::App;
use crate::failure::{ApiResult, conflict, internal, invalid, not_found};
use crate::page;
use crate::users::is_name;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .at::<roles::List>()
        .to(list)
        .at::<roles::Get>()
        .to(get)
        .at::<roles::Create>()
        .to(create)
        .at::<roles::Delete>()
        .to(delete)
}

fn built_in(role: Role) -> RoleInfo {
    RoleInfo {
        name: role.as_str().to_owned(),
        built_in: true,
        level: Some(role.level()),
        permissions: Permission::ALL.into_iter().filter(|it| role.may(*it)).collect(),
        rules: Vec::new(),
        created_by: None,
        created_at: None,
    }
}

async fn list(
    State(app): State<App>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<RoleInfo>>> {
    page::limit(query.limit)?;
    if query.cursor.is_some() {
        return Err(page::foreign_cursor());
    }
    let mut items: Vec<_> = Role::ALL.into_iter().map(built_in).collect();
    items.extend(store::list(&app.store).await.map_err(internal)?);
    let (total, server_time) = (items.len() as u64, app.clock.now());
    Ok(Json(Page { items, next_cursor: None, total, total_is_estimate: false, server_time }))
}

async fn found(app: &App, name: &str) -> ApiResult<RoleInfo> {
    if let Some(role) = Role::ALL.into_iter().find(|it| it.as_str() == name) {
        return Ok(built_in(role));
    }
    let absent = || -> ApiError {
        let name: String = name.chars().take(64).collect();
        not_found("role_not_found", format!("there is no role {name:?}"))
    };
    store::find(&app.store, name).await.map_err(internal)?.ok_or_else(absent)
}

async fn get(State(app): State<App>, Path(name): Path<String>) -> ApiResult<Json<RoleInfo>> {
    found(&app, &name).await.map(Json)
}

async fn create(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(new): Json<NewRole>,
) -> ApiResult<Json<RoleInfo>> {
    let reserved = Role::ALL.into_iter().chain([Role::Custom]).any(|it| it.as_str() == new.name);
    if !is_name(&new.name) || reserved {
        let rule = "name: a role's name has 1 to 64 characters of A-Z a-z 0-9 . _ @ - and is none \
                    of the built-in ones";
        return Err(invalid("invalid_name", rule));
    }
    if !(1..=MAX_RULES).contains(&new.rules.len()) {
        let detail = format!("rules: a role has 1 to {MAX_RULES} of them");
        return Err(invalid("invalid_rule", detail));
    }
    for (at, rule) in new.rules.iter().enumerate() {
        check(&app, rule)
            .map_err(|what| invalid("invalid_rule", format!("rules[{at}]: {what}")))?;
    }
    let role = RoleInfo {
        name: new.name,
        built_in: false,
        level: None,
        permissions: Vec::new(),
        rules: new.rules,
        created_by: Some(caller.user),
        created_at: Some(app.clock.now()),
    };
    let name = &role.name;
    match store::add(&app.store, &role, app.clock.unix_ms()).await.map_err(internal)? {
        Change::Done => Ok(Json(role)),
        Change::Full => Err(conflict("too_many_roles", "there are as many roles as there can be")),
        Change::Taken | Change::InUse(_) => {
            Err(conflict("role_exists", format!("there is a role {name} already")))
        }
    }
}

/// Returns what is wrong with a rule; a misspelt action would only seem to allow something.
fn check(app: &App, rule: &RoleRule) -> Result<(), String> {
    let shown: String = rule.action.chars().take(64).collect();
    let mut named = operations();
    named.retain(|it| rule.names(it.id));
    if named.is_empty() {
        return Err(format!("action: {shown:?} is none of this server"));
    }
    named.retain(|it| it.needs != Permission::ManageUsers);
    if named.is_empty() {
        return Err(format!("action: {shown:?} is for administrators only"));
    }
    let Some(selector) = &rule.selector else { return Ok(()) };
    if !named.iter().any(|it| scope::can_limit(it.id)) {
        return Err(format!("action: {shown:?} cannot be limited to some agents"));
    }
    scope::check(app, selector).map_err(|error| error.problem.detail.clone())
}

async fn delete(State(app): State<App>, Path(name): Path<String>) -> ApiResult<Json<RoleInfo>> {
    let role = found(&app, &name).await?;
    if role.built_in {
        return Err(conflict("role_built_in", format!("{name} is always there")));
    }
    if let Change::InUse(users) = store::remove(&app.store, &name).await.map_err(internal)? {
        let detail = format!("{users} users have the role {name}");
        return Err(conflict("role_in_use", detail));
    }
    Ok(Json(role))
}
