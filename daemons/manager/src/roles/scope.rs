//! Keeps who is allowed something on some agents from the others. An action that does not know how
//! is denied to them.

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use elk_api::{
    Endpoint as _, Permission, agents, alerts, events, profiles, rollouts, selections, tags, tasks,
};
use elk_model::selector::Selector;
use elk_web::{ApiError, Caller};
use http::StatusCode;
use sea_query::{Cond, Condition, Expr, ExprTrait as _, Query};
use serde::Deserialize;

use crate::agents::filter;
use crate::app::App;
use crate::audit;
use crate::failure::{ApiResult, internal, invalid};
use crate::selections::store as chosen;

/// Actions whose handlers look at the [`Scope`] of a request.
const LISTS: [&str; 7] = [
    agents::List::ID,
    agents::Aggregate::ID,
    selections::Create::ID,
    alerts::List::ID,
    alerts::Stats::ID,
    events::List::ID,
    events::Watch::ID,
];
/// Actions on the agents of a selection.
const CHANGES: [&str; 7] = [
    agents::Restart::ID,
    agents::Forget::ID,
    tags::Add::ID,
    tags::Remove::ID,
    tasks::Create::ID,
    profiles::Push::ID,
    rollouts::Create::ID,
];
/// The largest body of such a change.
const MAX_BODY: usize = 4 << 20;
const MAX_SELECTOR: usize = 4_096;

/// The agents that a caller reaches: those that match one selector of each list.
#[derive(Clone, Debug)]
pub(crate) struct Scope(Vec<Vec<Selector>>);

impl Scope {
    /// Returns the condition for agents within.
    pub(crate) fn condition(&self, now_ms: i64) -> Condition {
        let one = |any: Condition, it: &Selector| any.add(filter::condition(it, now_ms));
        let any = |list: &Vec<Selector>| list.iter().fold(Cond::any(), one);
        self.0.iter().fold(Cond::all(), |all, list| all.add(any(list)))
    }

    /// Narrows it to what is within another one, too.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Narrows a condition.
    pub(crate) fn narrow(scope: Option<&Self>, condition: Condition, now_ms: i64) -> Condition {
        match scope {
            Some(scope) => Cond::all().add(condition).add(scope.condition(now_ms)),
            None => condition,
        }
    }
}

/// Returns whether an action can be allowed on some agents only.
pub(super) fn can_limit(action: &str) -> bool {
    LISTS.contains(&action) || CHANGES.contains(&action)
}

/// Refuses what is no selector of some agents.
pub(crate) fn check(app: &App, text: &str) -> ApiResult<()> {
    let read = crate::agents::http::selector(app, Some(text))?;
    if text.len() > MAX_SELECTOR {
        let detail = format!("selector: it has more than {MAX_SELECTOR} bytes");
        return Err(invalid("invalid_selector", detail));
    }
    if read.terms.is_empty() {
        let detail = "selector: an empty one means every agent; leave it out for that";
        return Err(invalid("invalid_selector", detail));
    }
    Ok(())
}

/// Limits callers whose rules or tokens name agents.
pub(crate) async fn limit(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let scope = match of(&app, &request) {
        Ok(Some(scope)) => scope,
        Ok(None) => return next.run(request).await,
        Err(error) => return error.into_response(),
    };
    let (action, scope) = scope;
    if LISTS.contains(&action) {
        request.extensions_mut().insert(scope);
        return next.run(request).await;
    }
    if !CHANGES.contains(&action) {
        let detail =
            format!("your role or token reaches only some agents, and {action} cannot be limited");
        return refused(detail).into_response();
    }
    let (head, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_BODY).await else {
        let detail = "body: it is too large, or did not arrive whole";
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        return ApiError::new(status, "body_too_large", detail).into_response();
    };
    match within(&app, &scope, &bytes).await {
        Ok(()) => next.run(Request::from_parts(head, Body::from(bytes))).await,
        Err(error) => error.into_response(),
    }
}

fn refused(detail: impl Into<String>) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, "out_of_scope", detail)
}

/// Returns the action of a request and which agents it may be about, if not all.
fn of(app: &App, request: &Request) -> ApiResult<Option<(&'static str, Scope)>> {
    let extensions = request.extensions();
    let (caller, route) = (extensions.get::<Caller>(), extensions.get::<MatchedPath>());
    let Some((caller, route)) = caller.zip(route) else { return Ok(None) };
    let token = caller.token.as_ref().and_then(|it| it.selector.as_deref());
    if token.is_none() && caller.rules.is_empty() {
        return Ok(None);
    }
    let Some((action, needs)) = audit::operation(request.method(), route) else {
        let detail = "the token reaches only some agents, and this API knows no such limit";
        return if token.is_some() { Err(refused(detail)) } else { Ok(None) };
    };
    // What is about the caller alone, and what is refused elsewhere.
    let about_oneself = matches!(needs, Permission::Anyone | Permission::SignedIn);
    if about_oneself || !caller.may_call(action, needs) {
        return Ok(None);
    }
    Ok(of_caller(app, caller, action, needs)?.map(|scope| (action, scope)))
}

/// Returns which agents an action of somebody who may call it is about, if not all.
pub(crate) fn of_caller(
    app: &App,
    caller: &Caller,
    action: &str,
    needs: Permission,
) -> ApiResult<Option<Scope>> {
    let token = caller.token.as_ref().and_then(|it| it.selector.as_deref());
    let mut scope = Scope(Vec::new());
    let read = |text| crate::agents::http::selector(app, Some(text));
    let rules = caller.granting(action, needs);
    // The widest rule counts.
    if !caller.may(needs) && rules.iter().all(|it| it.selector.is_some()) {
        let selectors = rules.iter().filter_map(|it| it.selector.as_deref()).map(read);
        scope.0.push(selectors.collect::<ApiResult<_>>()?);
    }
    if let Some(text) = token {
        scope.0.push(vec![read(text)?]);
    }
    Ok((!scope.0.is_empty()).then_some(scope))
}

#[derive(Deserialize)]
struct Chosen {
    selection: String,
}

/// Refuses a selection with agents that are out of reach, whoever made it.
async fn within(app: &App, scope: &Scope, body: &[u8]) -> ApiResult<()> {
    let Ok(Chosen { selection }) = serde_json::from_slice(body) else {
        return Err(refused(
            "your role or token reaches only some agents; say which by a selection",
        ));
    };
    let all = chosen::live(app, &selection).await?;
    let reached = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from("agents")
        .cond_where(scope.condition(app.clock.unix_ms()))
        .and_where(Expr::col("id").in_subquery(chosen::members(&selection)))
        .to_owned();
    let reached = app.store.count(&reached).await.map_err(internal)?;
    if reached == all {
        return Ok(());
    }
    let beyond = all.saturating_sub(reached);
    Err(refused(format!(
        "{beyond} of the agents of the selection are out of your role's or token's reach"
    )))
}
