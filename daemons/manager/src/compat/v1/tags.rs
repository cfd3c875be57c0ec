//! Tags, as the reference sets and shows them.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use elk_api::center::null_as_default;
use elk_api::intake::QueryInfo;
use elk_model::{AgentId, Tag};
use elk_web::enveloped;
use http::StatusCode;
use sea_query::{Expr, ExprTrait as _, OnConflict, Order, Query as Sql};
use serde::Deserialize;
use serde_json::json;
use sqlx::Row as _;

use super::super::intake::{bound, failed, tags_of};
use super::binding::{invalid, unreadable};
use super::filter::{Filter, FilterQuery};
use super::selecting::{ALL, Choice};
use crate::app::App;
use crate::store::{Result, Store};

/// Rows in one statement.
const ROWS: usize = 1_000;

pub(super) fn reading() -> Router<App> {
    Router::new().route("/api/v1/getTags", get(every).post(of_agents))
}

pub(super) fn writing() -> Router<App> {
    Router::new()
        .route("/api/v1/addTags", post(add))
        .route("/api/v1/addTags/filter", post(add_filtered))
        .route("/api/v1/delTags", post(remove))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    #[serde(deserialize_with = "null_as_default")]
    tag: String,
    #[serde(deserialize_with = "null_as_default")]
    ipv4_list: Vec<String>,
    #[serde(deserialize_with = "null_as_default")]
    ipv6_list: Vec<String>,
    #[serde(deserialize_with = "null_as_default")]
    id_list: Vec<String>,
}

async fn add(State(app): State<App>, body: Bytes) -> Response {
    change(&app, &body, true).await
}

async fn remove(State(app): State<App>, body: Bytes) -> Response {
    change(&app, &body, false).await
}

/// Changes the tag of all agents that are named, at once; a body that cannot be read is answered
/// without one.
async fn change(app: &App, body: &Bytes, on: bool) -> Response {
    let given = serde_json::from_slice::<Given>(body).ok().filter(|it| !it.tag.is_empty());
    let Some(given) = given else { return StatusCode::BAD_REQUEST.into_response() };
    let tag: Tag = match given.tag.parse() {
        Ok(tag) => tag,
        Err(error) => return invalid(format!("tag: {error}")),
    };
    let changed = async {
        let agents = named(&app.store, &given).await?;
        if on {
            tie(&app.store, &tag, &agents).await
        } else {
            untie(&app.store, &tag, &agents).await
        }
    };
    match changed.await {
        Ok(_) => enveloped(0, "success", ()),
        Err(error) => failed(&error),
    }
}

/// Returns the agents that have one of the ids or one of the addresses.
async fn named(store: &Store, given: &Given) -> Result<Vec<String>> {
    let list = |list: &[String]| Expr::val(serde_json::to_string(list).unwrap_or_default());
    let addresses: Vec<_> = given.ipv4_list.iter().chain(&given.ipv6_list).cloned().collect();
    let listed =
        Expr::cust_with_exprs("id IN (SELECT value FROM json_each(?))", [list(&given.id_list)]);
    // Addresses are kept joined by blanks, with one at each end.
    let addressed = Expr::cust_with_exprs(
        "EXISTS (SELECT 1 FROM json_each(?) WHERE value <> '' \
         AND instr(agents.addresses, ' ' || value || ' ') > 0)",
        [list(&addresses)],
    );
    let mut select = Sql::select();
    select.column("id").from("agents");
    select.and_where(if addresses.is_empty() { listed } else { listed.or(addressed) });
    store.rows(&select).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

async fn tie(store: &Store, tag: &Tag, agents: &[String]) -> Result<u64> {
    let mut tx = store.begin().await?;
    let mut changed = 0;
    for some in agents.chunks(ROWS) {
        let mut insert = Sql::insert();
        insert.into_table("tags").columns(["tag", "agent"]);
        for agent in some {
            insert.values_panic([tag.as_str().into(), agent.as_str().into()]);
        }
        insert.on_conflict(OnConflict::columns(["tag", "agent"]).do_nothing().to_owned());
        changed += tx.execute(&insert).await?;
    }
    tx.commit().await?;
    Ok(changed)
}

async fn untie(store: &Store, tag: &Tag, agents: &[String]) -> Result<u64> {
    let list = Expr::val(serde_json::to_string(agents).unwrap_or_default());
    let delete = Sql::delete()
        .from_table("tags")
        .and_where(Expr::col("tag").eq(tag.as_str()))
        .and_where(Expr::cust_with_exprs("agent IN (SELECT value FROM json_each(?))", [list]))
        .to_owned();
    store.execute(&delete).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TagQuery {
    tag: String,
    all: bool,
}

#[derive(Default, Deserialize)]
struct Filtered {
    #[serde(default)]
    all: bool,
    #[serde(flatten)]
    query: FilterQuery,
}

async fn add_filtered(
    State(app): State<App>,
    given: std::result::Result<Query<TagQuery>, QueryRejection>,
    body: Bytes,
) -> Response {
    let given = match given {
        Ok(Query(given)) => given,
        Err(error) => return unreadable(error.body_text()),
    };
    if given.tag.is_empty() {
        return invalid("The query parameter tag must be set.");
    }
    let asked: Filtered = match bound(&body) {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let filter = match Filter::read(asked.query) {
        Ok(filter) => filter,
        Err(what) => return unreadable(what),
    };
    let tag: Tag = match given.tag.parse() {
        Ok(tag) => tag,
        Err(error) => return invalid(format!("tag: {error}")),
    };
    let all = given.all || asked.all;
    if filter.is_empty() && !all {
        return invalid(ALL);
    }
    let all = filter.is_empty();
    let choice = Choice { filter: (!all).then_some(filter), all, ..Choice::default() };
    let changed = async {
        let agents = choice.agents(&app).await?;
        let agents: Vec<String> = agents.iter().map(AgentId::to_string).collect();
        tie(&app.store, &tag, &agents).await
    };
    match changed.await {
        Ok(count) => enveloped(0, "success", json!({ "count": count })),
        Err(error) => failed(&error),
    }
}

async fn every(State(app): State<App>) -> Response {
    let select =
        Sql::select().distinct().column("tag").from("tags").order_by("tag", Order::Asc).to_owned();
    let found = async {
        let rows = app.store.rows(&select).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect::<Result<Vec<String>>>()
    };
    match found.await {
        Ok(tags) => enveloped(0, "success", tags),
        Err(error) => failed(&error),
    }
}

async fn of_agents(State(app): State<App>, body: Bytes) -> Response {
    let asked: QueryInfo = match bound(&body) {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    match tags_of(&app, &asked.id_list).await {
        Ok(found) => {
            let tags: BTreeMap<_, _> = found.into_iter().map(|(id, it)| (id, it.tags)).collect();
            enveloped(0, "success", tags)
        }
        Err(error) => failed(&error),
    }
}
