//! Typed routes and who may use them.

use std::any::TypeId;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, on};
use elk_api::roles::RoleRule;
use elk_api::{Endpoint, Nothing, Permission, Role};
use http::{Extensions, StatusCode};

use crate::ApiError;
use crate::extract::query;

/// Who sends a request; the authentication layer puts it into the request's extensions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caller {
    /// Name of the user.
    pub user: String,
    /// Role of the user.
    pub role: Role,
    /// The token that the request carries, if it is no session's.
    pub token: Option<Program>,
    /// Name of the user's own role, where `role` is [`Role::Custom`].
    pub custom: Option<String>,
    /// What the rules of it allow.
    pub rules: Arc<[RoleRule]>,
}

/// A program that calls with a user's token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    /// What the user calls the token.
    pub name: String,
    /// The most it may do; `None` for whatever its user may.
    pub role: Option<Role>,
    /// Selects the agents that it reaches; `None` for all.
    pub selector: Option<String>,
    /// When it ends, Unix milliseconds.
    pub expires_ms: Option<i64>,
}

impl Caller {
    /// Describes who has signed in.
    pub fn new(user: impl Into<String>, role: Role) -> Self {
        Self { user: user.into(), role, token: None, custom: None, rules: Arc::default() }
    }

    /// Returns whether the caller may do what `permission` names: the user now, and the token.
    pub fn may(&self, permission: Permission) -> bool {
        let limit = self.token.as_ref().and_then(|it| it.role);
        self.role.may(permission) && limit.is_none_or(|it| it.may(permission))
    }
}

impl Caller {
    /// Returns the rules that grant an action, which needs `permission` of those with other roles.
    pub fn granting(&self, action: &str, permission: Permission) -> Vec<&RoleRule> {
        let limit = self.token.as_ref().and_then(|it| it.role);
        // Whoever manages users could take any role.
        if permission == Permission::ManageUsers || limit.is_some_and(|it| !it.may(permission)) {
            return Vec::new();
        }
        self.rules.iter().filter(|it| it.names(action)).collect()
    }

    /// Returns whether the caller may call an operation, perhaps only on some agents.
    pub fn may_call(&self, action: &str, permission: Permission) -> bool {
        self.may(permission) || !self.granting(action, permission).is_empty()
    }
}

/// Why the token of a request is not good: an extension in the place of a [`Caller`].
#[derive(Clone, Debug)]
pub struct NotGood(pub ApiError);

/// Mounts an [`Endpoint`] under its own method and route.
pub trait Mount<S>: Sized {
    /// Starts to mount `E`; callers that may not do what it needs are refused.
    fn at<E: Endpoint>(self) -> At<S, E>;
}

impl<S> Mount<S> for Router<S> {
    fn at<E: Endpoint>(self) -> At<S, E> {
        At { router: self, endpoint: PhantomData }
    }
}

/// An [`Endpoint`] about to be mounted.
#[derive(Debug)]
pub struct At<S, E> {
    router: Router<S>,
    endpoint: PhantomData<E>,
}

impl<S: Clone + Send + Sync + 'static, E: Endpoint> At<S, E> {
    /// Mounts `handler`.
    #[must_use]
    pub fn to<H, T>(self, handler: H) -> Router<S>
    where
        H: Handler<T, S>,
        T: 'static,
    {
        let method = MethodFilter::try_from(E::METHOD).expect("endpoints use standard methods");
        let guarded = on(method, handler).route_layer(middleware::from_fn(guard::<E>));
        self.router.route(E::ROUTE, guarded)
    }
}

async fn guard<E: Endpoint>(request: Request, next: Next) -> Response {
    let text = request.uri().query().unwrap_or_default();
    let allowed = permit(request.extensions(), E::ID, E::NEEDS);
    match allowed.and_then(|()| expected::<E>(text)) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Refuses what `E` does not know in a query, so that a misspelt key is not taken for no key.
fn expected<E: Endpoint>(text: &str) -> Result<(), ApiError> {
    if TypeId::of::<E::Query>() == TypeId::of::<Nothing>() && !text.is_empty() {
        let detail = format!("query: {} takes none", E::ID);
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "invalid_query", detail));
    }
    query::<E::Query>(text).map(drop)
}

fn permit(extensions: &Extensions, id: &str, needs: Permission) -> Result<(), ApiError> {
    match extensions.get::<Caller>() {
        _ if needs == Permission::Anyone => Ok(()),
        None => {
            if let Some(NotGood(error)) = extensions.get() {
                return Err(error.clone());
            }
            let detail = "the request carries no valid sign-in";
            Err(ApiError::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail))
        }
        Some(caller) if caller.may_call(id, needs) => Ok(()),
        Some(caller) => {
            let limit = caller.token.as_ref().and_then(|it| it.role);
            let (whose, role) = match limit {
                Some(limit) if caller.role.may(needs) => (" of the token", limit),
                _ => ("", caller.role),
            };
            let (role, needs) = (role.as_str(), needs.as_str());
            let detail = format!("the role {role}{whose} does not include {needs}");
            Err(ApiError::new(StatusCode::FORBIDDEN, "denied", detail))
        }
    }
}
