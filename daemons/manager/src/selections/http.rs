//! HTTP for selections.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Extension, State};
use elk_api::selections::{Create, NewSelection, Selection};
use elk_web::{ApiError, Caller, Json, Mount as _};
use http::StatusCode;
use sea_query::{Cond, Condition, Expr, ExprTrait as _};

use super::store;
use crate::agents::{self, filter};
use crate::app::App;
use crate::failure::{ApiResult, internal, invalid};
use crate::roles::scope::Scope;

const MAX_IDS: usize = 100_000;
/// Names that are no complete id; each is looked for on its own.
const MAX_NAMES: usize = 1_000;
/// Room for the longest list of ids.
const MAX_BODY: usize = 16 << 20;

pub(crate) fn routes() -> Router<App> {
    Router::new().at::<Create>().to(create).layer(DefaultBodyLimit::max(MAX_BODY))
}

async fn create(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    scope: Option<Extension<Scope>>,
    Json(new): Json<NewSelection>,
) -> ApiResult<Json<Selection>> {
    let condition = condition(&app, new).await?;
    let condition = Scope::narrow(scope.as_deref(), condition, app.clock.unix_ms());
    let id = format!("sel-{}", uuid::Uuid::new_v4().simple());
    let now = app.clock.unix_ms();
    let gone = app.quotas.select(&caller.user, &id, (now, now + store::LIFE_MS));
    let gone = gone.map_err(|seconds| {
        let detail = format!("as many selections as one user may have wait to be used; the first expires in {seconds} s");
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_selections", detail)
    })?;
    let made = store::create(&app, (&id, gone.as_deref()), condition).await;
    made.map(Json).map_err(|error| {
        app.quotas.unselect(&id);
        internal(error)
    })
}

async fn condition(app: &App, new: NewSelection) -> ApiResult<Condition> {
    match new {
        NewSelection { selector: Some(text), ids: None, all: false } => {
            let selector = agents::http::selector(app, Some(&text))?;
            if selector.terms.is_empty() {
                let detail = "selector: an empty selector means every agent; say `all` for that";
                return Err(invalid("invalid_selection", detail));
            }
            Ok(filter::condition(&selector, app.clock.unix_ms()))
        }
        NewSelection { selector: None, ids: Some(names), all: false } => {
            if names.len() > MAX_IDS {
                let detail = format!("ids: at most {MAX_IDS} agents are named at a time");
                return Err(invalid("invalid_selection", detail));
            }
            let ids = ids(app, names).await?;
            let list = serde_json::to_string(&ids).unwrap_or_default();
            let named =
                Expr::cust_with_exprs("id IN (SELECT value FROM json_each(?))", [Expr::val(list)]);
            Ok(Cond::all().add(named))
        }
        NewSelection { selector: None, ids: None, all: true } => {
            Ok(Cond::all().add(Expr::val(1).eq(1)))
        }
        _ => Err(invalid("invalid_selection", "say exactly one of selector, ids and all")),
    }
}

/// Returns the ids of the agents that `names` mean.
async fn ids(app: &App, names: Vec<String>) -> ApiResult<Vec<String>> {
    let known = agents::store::known(&app.store, &names).await.map_err(internal)?;
    let (mut ids, rest): (Vec<_>, Vec<_>) = names.into_iter().partition(|it| known.contains(it));
    if rest.len() > MAX_NAMES {
        let detail = format!("ids: {} of them are no agents known here", rest.len());
        return Err(invalid("invalid_selection", detail));
    }
    for name in rest {
        ids.push(agents::http::resolve(app, &name).await?);
    }
    Ok(ids)
}
