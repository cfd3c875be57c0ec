//! Who sees which events, and reading them from the ring.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use elk_api::events::{EventQuery, EventType};
use elk_api::{Endpoint, Permission, agents, alerts, audit, cluster, rollouts, tasks};
use elk_model::AgentId;
use elk_web::{ApiError, Caller};
use http::StatusCode;
use sea_query::{Expr, ExprTrait as _, Query};
use sqlx::Row as _;

use super::ring::{Kept, Start};
use crate::app::App;
use crate::failure::{ApiResult, invalid};
use crate::roles::scope::{self, Scope};
use crate::store::Result;

/// Events of the ring that are looked at in one go.
const BATCH: usize = 512;

/// Which events somebody asked for and may see.
#[derive(Debug)]
pub(super) struct Reader {
    types: BTreeSet<EventType>,
    agent: Option<AgentId>,
    /// Of these types only events about agents within reach are seen.
    scopes: HashMap<EventType, Scope>,
}

/// What was found behind a place.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) events: Vec<(u64, Arc<Kept>)>,
    pub(super) missed: u64,
    pub(super) next: u64,
    /// Whether there was nothing at all, not only nothing to see.
    pub(super) nothing: bool,
}

/// Returns the operation that lists what events of a type are about, and what it needs.
fn listing(of: EventType) -> (&'static str, Permission) {
    fn of_endpoint<E: Endpoint>() -> (&'static str, Permission) {
        (E::ID, E::NEEDS)
    }
    match of {
        EventType::Agent => of_endpoint::<agents::List>(),
        EventType::Task => of_endpoint::<tasks::List>(),
        EventType::Rollout => of_endpoint::<rollouts::List>(),
        EventType::Alert => of_endpoint::<alerts::List>(),
        EventType::Audit => of_endpoint::<audit::List>(),
        EventType::Cluster => of_endpoint::<cluster::Status>(),
    }
}

impl Reader {
    /// Reads what is asked for; what may not be seen is refused if it is named.
    pub(super) fn new(
        app: &App,
        (caller, scope): (&Caller, Option<Scope>),
        query: &EventQuery,
    ) -> ApiResult<Self> {
        let may = |it: EventType| {
            let (action, needs) = listing(it);
            // Only some events name an agent by which they could be told apart.
            let limits = matches!(it, EventType::Agent | EventType::Alert) || scope.is_none();
            caller.may_call(action, needs) && limits
        };
        let types: BTreeSet<_> = match &query.types {
            Some(text) => {
                let named = text.split(',').map(named).collect::<ApiResult<BTreeSet<_>>>()?;
                if let Some(hidden) = named.iter().find(|it| !may(**it)) {
                    return Err(denied(&format!("events of the type {}", hidden.as_str())));
                }
                named
            }
            None => EventType::ALL.into_iter().filter(|it| may(*it)).collect(),
        };
        if types.is_empty() {
            return Err(denied("events of any type"));
        }
        let mut scopes = HashMap::new();
        for it in &types {
            let (action, needs) = listing(*it);
            let own = scope::of_caller(app, caller, action, needs)?;
            let both = [scope.clone(), own].into_iter().flatten().reduce(Scope::and);
            scopes.extend(both.map(|scope| (*it, scope)));
        }
        Ok(Self { types, agent: query.agent.clone(), scopes })
    }

    /// Returns where to begin.
    pub(super) fn start(
        app: &App,
        query: &EventQuery,
        otherwise: impl Fn() -> Start,
    ) -> ApiResult<Start> {
        let events = &app.store.events;
        match (&query.after, query.since) {
            (Some(id), _) => events.after(id).ok_or_else(|| {
                let detail = "after: take it unchanged from the id of an event or bookmark";
                invalid("invalid_event_id", detail)
            }),
            (None, Some(since)) => Ok(events.since(since, app.started_at)),
            (None, None) => Ok(otherwise()),
        }
    }

    /// Returns what there is to see of the next events behind a place.
    pub(super) async fn next(&self, app: &App, next: u64) -> Result<Found> {
        let batch = app.store.events.read(next, BATCH);
        let nothing = batch.events.is_empty() && batch.missed == 0;
        let asked = |it: &Kept| {
            let about = self.agent.is_none() || it.agent == self.agent;
            self.types.contains(&it.r#type) && about
        };
        let mut events = batch.events;
        events.retain(|(_, it)| asked(it));
        for (of, scope) in &self.scopes {
            let ids: HashSet<&str> = events
                .iter()
                .filter(|(_, it)| it.r#type == *of)
                .filter_map(|(_, it)| it.agent.as_ref().map(AgentId::as_str))
                .collect();
            let reached = reached(app, scope, ids).await?;
            events.retain(|(_, it)| {
                it.r#type != *of
                    || it.agent.as_ref().is_some_and(|id| reached.contains(id.as_str()))
            });
        }
        Ok(Found { events, missed: batch.missed, next: batch.next, nothing })
    }
}

/// Returns those of some agents that are within reach now.
async fn reached(app: &App, scope: &Scope, ids: HashSet<&str>) -> Result<HashSet<String>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let select = Query::select()
        .column("id")
        .from("agents")
        .and_where(Expr::col("id").is_in(ids))
        .cond_where(scope.condition(app.clock.unix_ms()))
        .to_owned();
    let rows = app.store.rows(&select).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

fn named(word: &str) -> ApiResult<EventType> {
    let found = EventType::ALL.into_iter().find(|it| it.as_str() == word);
    found.ok_or_else(|| {
        let known = EventType::ALL.map(EventType::as_str).join(", ");
        invalid("invalid_type", format!("types: expected some of {known}, joined by commas"))
    })
}

fn denied(what: &str) -> ApiError {
    let detail = format!("you may not see {what}");
    ApiError::new(StatusCode::FORBIDDEN, "denied", detail)
}
