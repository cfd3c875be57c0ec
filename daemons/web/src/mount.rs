//! Typed routes and who may use them.

use std::any::TypeId;
use std::marker::PhantomData;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, on};
use elk_api::{Endpoint, Nothing, Permission, Role};
use http::StatusCode;

use crate::ApiError;
use crate::extract::query;

/// Who sends a request; the authentication layer puts it into the request's extensions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caller {
    /// Name of the user.
    pub user: String,
    /// Role of the user.
    pub role: Role,
}

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
    let allowed = permit(request.extensions().get::<Caller>(), E::NEEDS);
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

fn permit(caller: Option<&Caller>, needs: Permission) -> Result<(), ApiError> {
    match caller {
        _ if needs == Permission::Anyone => Ok(()),
        None => {
            let detail = "the request carries no valid sign-in";
            Err(ApiError::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail))
        }
        Some(caller) if caller.role.may(needs) => Ok(()),
        Some(caller) => {
            let role = caller.role.as_str();
            let detail = format!("the role {role} does not include {}", needs.as_str());
            Err(ApiError::new(StatusCode::FORBIDDEN, "denied", detail))
        }
    }
}
