//! Counts of agents by one or two keys.

use std::collections::HashMap;

use axum::extract::{Extension, State};
use elk_api::agents::{Aggregate, AggregateGroup, AggregateQuery};
use elk_model::ComponentName;
use elk_model::selector::AgentStatus;
use elk_web::{Json, Query};
use sea_query::{CaseStatement, Expr, ExprTrait as _};
use sqlx::Row as _;

use super::{filter, http, store};
use crate::app::App;
use crate::failure::{ApiResult, internal, invalid};
use crate::roles::scope::Scope;

const KEYS: &str = "status, version, platform, arch, tag, ac, idc, component.NAME";
const NAMES: [&str; 2] = ["k0", "k1"];

/// Counts agents by one or two keys.
pub(super) async fn aggregate(
    State(app): State<App>,
    scope: Option<Extension<Scope>>,
    Query(query): Query<AggregateQuery>,
) -> ApiResult<Json<Aggregate>> {
    let now = app.clock.now();
    let selector = http::selector(&app, query.selector.as_deref())?;
    let condition = filter::condition(&selector, now.as_millisecond());
    let condition = Scope::narrow(scope.as_deref(), condition, now.as_millisecond());
    let by = keys(query.by.as_deref())?;
    let total = store::count(&app.store, condition.clone()).await.map_err(internal)?;
    let mut select = sea_query::Query::select();
    select.from("agents").cond_where(condition).expr_as(Expr::cust("COUNT(*)"), "n");
    for (key, name) in by.iter().zip(NAMES) {
        let (expr, join) = group_key(key, now.as_millisecond())?;
        if let Some(table) = join {
            select.left_join(table, Expr::col((table, "agent")).equals(("agents", "id")));
        }
        select.expr_as(expr, name).add_group_by([Expr::col(name)]);
    }
    let rows = app.store.rows(&select).await.map_err(internal)?;
    let mut counts: HashMap<Vec<Option<String>>, u64> = HashMap::new();
    for row in rows {
        let read = |name: &&str| {
            let value: Option<String> = row.try_get(*name).ok().flatten();
            value.filter(|it| !it.is_empty())
        };
        let mut key: Vec<_> = NAMES.iter().take(by.len()).map(read).collect();
        for (_, value) in by.iter().zip(&mut key).filter(|(name, _)| *name == "ac") {
            *value = value.take().map(|ac| app.fleet.shown(&ac));
        }
        let count: i64 = row.try_get("n").unwrap_or(0);
        *counts.entry(key).or_default() += count.unsigned_abs();
    }
    let mut groups: Vec<_> =
        counts.into_iter().map(|(key, count)| AggregateGroup { key, count }).collect();
    groups.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
    Ok(Json(Aggregate { by, groups, total, server_time: now }))
}

fn keys(by: Option<&str>) -> ApiResult<Vec<String>> {
    let by: Vec<String> =
        by.iter().flat_map(|it| it.split(',')).map(|it| it.trim().to_owned()).collect();
    match by.as_slice() {
        [_, _, _, ..] => Err(invalid("invalid_key", "by: agents are counted by at most two keys")),
        [one, two] if one == two => {
            Err(invalid("invalid_key", format!("by: {one:?} stands there twice")))
        }
        _ => Ok(by),
    }
}

/// Returns the expression to group by and the table it needs.
fn group_key(key: &str, now_ms: i64) -> ApiResult<(Expr, Option<&'static str>)> {
    let of = |column: &'static str| Ok((Expr::col(("agents", column)), None));
    match key {
        "status" => {
            let [running, abnormal, offline] =
                AgentStatus::ALL.map(|it| (filter::status(it, now_ms), it.as_str()));
            let case = CaseStatement::new()
                .case(running.0, running.1)
                .case(abnormal.0, abnormal.1)
                .finally(offline.1);
            Ok((case.into(), None))
        }
        "version" => of("version"),
        "platform" => of("platform"),
        "arch" => of("arch"),
        "ac" => of("ac"),
        "idc" => of("idc"),
        "tag" => Ok((Expr::col(("tags", "tag")), Some("tags"))),
        _ => {
            let unknown = || invalid("invalid_key", format!("by: {key:?} is none of {KEYS}"));
            let name = key.strip_prefix("component.").ok_or_else(unknown)?;
            let name: ComponentName = name
                .parse()
                .map_err(|error| invalid("invalid_key", format!("by: {key:?}: {error}")))?;
            let version = Expr::cust_with_exprs(
                "(SELECT p.version FROM plugins AS p WHERE p.agent = agents.id AND p.name = ?)",
                [Expr::val(name.as_str())],
            );
            Ok((version, None))
        }
    }
}
