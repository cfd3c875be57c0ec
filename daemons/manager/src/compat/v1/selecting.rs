//! Which agents a request of the reference means.

use std::collections::BTreeSet;

use elk_model::AgentId;
use sea_query::{Expr, ExprTrait as _, Query};
use serde_json::Value;
use sqlx::Row as _;

use super::filter::{Filter, FilterQuery};
use super::status;
use crate::app::App;
use crate::store::Result;

/// What is said when a filter would mean every agent and nobody said so. The reference takes it for
/// every agent.
pub(super) const ALL: &str =
    "filter: it names nothing and would mean every agent; say \"all\": true for that";

/// What agents are chosen by: who has the tag, who is listed, and who passes the filter.
#[derive(Debug, Default)]
pub(super) struct Choice {
    pub(super) tag: String,
    pub(super) ids: Vec<String>,
    pub(super) filter: Option<Filter>,
    /// Every agent.
    pub(super) all: bool,
}

impl Choice {
    /// Returns the agents that are meant, of those that are known.
    pub(super) async fn agents(&self, app: &App) -> Result<BTreeSet<AgentId>> {
        let mut chosen = BTreeSet::new();
        let list = serde_json::to_string(&self.ids).unwrap_or_default();
        let listed =
            Expr::cust_with_exprs("id IN (SELECT value FROM json_each(?))", [Expr::val(list)]);
        let mut tagged = Query::select();
        tagged.column("agent").from("tags").and_where(Expr::col("tag").eq(self.tag.as_str()));
        let named = Expr::col("id").in_subquery(tagged).or(listed);
        let mut select = Query::select();
        select.column("id").from("agents");
        if !self.all {
            select.and_where(named);
        }
        for row in app.store.rows(&select).await? {
            chosen.extend(row.try_get::<String, _>(0)?.parse().ok());
        }
        if let Some(filter) = self.filter.as_ref().filter(|_| !self.all) {
            let id = |it: &Value| it.as_str().and_then(|it| it.parse::<AgentId>().ok());
            status::scan(app, filter, |document| {
                chosen.extend(document.get("agent_id").and_then(id));
            })
            .await?;
        }
        Ok(chosen)
    }
}

/// Reads the filter of a task's body: unlike elsewhere, its condition has to be there.
pub(super) fn inner(given: &Value) -> std::result::Result<Option<Filter>, String> {
    if given.is_null() {
        return Ok(None);
    }
    let query: FilterQuery = serde_json::from_value(given.clone()).map_err(|it| it.to_string())?;
    if query.condition.as_deref().unwrap_or_default().is_empty() {
        return Err("filter.condition: it has to be there".to_owned());
    }
    Filter::read(query).map(Some)
}
