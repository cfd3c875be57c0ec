//! Orders to the agents whose turn it is.

use std::collections::{BTreeMap, HashMap, HashSet};

use elk_api::rollouts::{MemberState, OfflinePolicy};
use elk_api::tasks::TaskKind;
use elk_model::data_type::AGENT_OBJECT;
use elk_model::{AgentId, ComponentName, ComponentVersion};
use sea_query::{Cond, Expr, ExprTrait as _, Order, Query};
use sqlx::Row as _;

use super::members::{self, Before, Turn};
use super::spec::Row;
use super::store;
use crate::app::App;
use crate::profiles::pins::{self, Pin, Pins};
use crate::profiles::report::Report;
use crate::profiles::resolve::Catalog;
use crate::profiles::store::reports;
use crate::store::{Result, Tx};
use crate::tasks::{NewWork, Push, create};

/// Orders in one transaction.
const BATCH: u64 = 500;
/// The task gives up after the rollout did.
const TASK_SECONDS: u32 = 86_400;

/// An agent whose turn it is.
struct Candidate {
    agent: AgentId,
    online: bool,
    clone: bool,
    known: bool,
}

/// What is known of the candidates.
struct Known {
    reports: HashMap<String, Report>,
    pins: HashMap<String, Pins>,
    emptied: HashSet<String>,
    lists: HashSet<String>,
}

/// An agent's plugins are known when it has been connected for so many heartbeat intervals; before
/// that an order could take away what is not known to run.
const SETTLED_INTERVALS: i64 = 2;

/// Gives the order to the next agents, at most `count`, and leaves out those that cannot have it.
/// Returns whether there was one.
pub(super) async fn begin(
    app: &App,
    (tx, row): (&mut Tx, &mut Row),
    catalog: &Catalog,
    count: u64,
    now_ms: i64,
) -> Result<bool> {
    let candidates = candidates(tx, row, Ord::min(count, BATCH), now_ms).await?;
    if candidates.is_empty() {
        return Ok(false);
    }
    let known = Known::of(app, tx, &candidates).await?;
    let mut taken = Vec::new();
    for it in &candidates {
        match left_out(row, it, &known) {
            None => taken.push(it.agent.clone()),
            Some((state, reason)) => {
                let agent = it.agent.as_str();
                let turn = Turn { rollout: &row.id, agent, state, reason: &reason };
                members::mark(tx, &turn, now_ms).await?;
            }
        }
    }
    if taken.is_empty() {
        return Ok(true);
    }
    let mut before = HashMap::new();
    for agent in &taken {
        let it = known.before(row, agent.as_str());
        if row.reverses.is_none() {
            pin(tx, (row, catalog), (agent.as_str(), &known), &it).await?;
        }
        before.insert(agent.as_str(), it);
    }
    let task = order(tx, row, &taken, now_ms).await?;
    for (agent, before) in before {
        members::begin(tx, (&row.id, &task), (agent, &before), now_ms).await?;
    }
    Ok(true)
}

async fn candidates(tx: &mut Tx, row: &Row, count: u64, now_ms: i64) -> Result<Vec<Candidate>> {
    let below = i64::try_from(row.spec.target(row.place.step)).unwrap_or(i64::MAX);
    let select = Query::select()
        .column(("rollout_agents", "agent"))
        .columns([("agents", "offline_ms"), ("agents", "clone")])
        .from("rollout_agents")
        .left_join("agents", Expr::col(("agents", "id")).equals(("rollout_agents", "agent")))
        .and_where(Expr::col(("rollout_agents", "rollout")).eq(row.id.as_str()))
        .and_where(Expr::col(("rollout_agents", "state")).eq(MemberState::Pending.as_str()))
        .and_where(Expr::col(("rollout_agents", "turn")).lt(below))
        .cond_where(
            Cond::any()
                .add(Expr::col(("agents", "offline_ms")).is_null())
                .add(Expr::col(("agents", "offline_ms")).lte(now_ms))
                .add(Expr::cust_with_exprs(
                    "agents.connected_ms + ? * agents.interval_ms <= ?",
                    [Expr::val(SETTLED_INTERVALS), Expr::val(now_ms)],
                )),
        )
        .order_by(("rollout_agents", "turn"), Order::Asc)
        .limit(count)
        .to_owned();
    let mut found = Vec::new();
    for row in tx.rows(&select).await? {
        let agent: String = row.try_get("agent")?;
        let (offline, clone): (Option<i64>, Option<i64>) =
            (row.try_get("offline_ms")?, row.try_get("clone")?);
        if let Ok(agent) = agent.parse() {
            let (online, known) = (offline.is_some_and(|it| it > now_ms), offline.is_some());
            found.push(Candidate { agent, online, clone: clone == Some(1), known });
        }
    }
    Ok(found)
}

async fn owners(
    tx: &mut Tx,
    table: &'static str,
    column: &'static str,
    ids: &[String],
) -> Result<HashSet<String>> {
    let select = Query::select()
        .column(column)
        .from(table)
        .and_where(Expr::col(column).is_in(ids.iter().map(String::as_str)))
        .to_owned();
    tx.rows(&select).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

impl Known {
    async fn of(app: &App, tx: &mut Tx, candidates: &[Candidate]) -> Result<Self> {
        let ids: Vec<String> = candidates.iter().map(|it| it.agent.to_string()).collect();
        Ok(Self {
            reports: reports(&app.store, &ids).await?,
            pins: pins::of(&app.store, &ids).await?,
            emptied: owners(tx, "emptied", "agent", &ids).await?,
            lists: owners(tx, "lists", "owner", &ids).await?,
        })
    }

    fn runs(&self, agent: &str, name: &ComponentName) -> Option<&str> {
        self.reports.get(agent)?.runs(name.as_str(), 0)
    }

    fn before(&self, row: &Row, agent: &str) -> Before {
        let pins = self.pins.get(agent);
        let names = || row.changes.keys();
        let ran = names().map(|it| (it.clone(), self.runs(agent, it).map(str::to_owned)));
        let pinned = names().map(|it| (it.clone(), pins.and_then(|pins| pins.get(it)).cloned()));
        Before { ran: ran.collect(), pins: pinned.collect() }
    }
}

/// Returns why an agent does not get the order.
fn left_out(row: &Row, it: &Candidate, known: &Known) -> Option<(MemberState, String)> {
    let skipped = |why: &str| Some((MemberState::Skipped, why.to_owned()));
    let agent = it.agent.as_str();
    if !it.known {
        return skipped("it was forgotten");
    }
    if it.clone {
        return skipped("two hosts use its id");
    }
    if known.emptied.contains(agent) && row.reverses.is_none() {
        return skipped("all its plugins were removed on purpose; a push ends that");
    }
    if known.lists.contains(agent) {
        return skipped("it has a list of its own from the API of the reference; a push ends that");
    }
    if !it.online {
        return match row.spec.offline {
            OfflinePolicy::Skip => skipped("it is offline"),
            OfflinePolicy::Defer => Some((MemberState::Deferred, "it is offline".to_owned())),
        };
    }
    if row.spec.allow_downgrade {
        return None;
    }
    row.changes.iter().find_map(|(name, want)| {
        let runs = known.runs(agent, name)?;
        let later = runs.parse::<ComponentVersion>().is_ok_and(|it| it > want.version);
        let told = || format!("{name} {runs} is later than {}", want.version);
        later.then(|| (MemberState::Skipped, told()))
    })
}

/// Pins what the rollout brings, and what the agent runs besides.
async fn pin(
    tx: &mut Tx,
    (row, catalog): (&Row, &Catalog),
    (agent, known): (&str, &Known),
    before: &Before,
) -> Result<()> {
    for (name, want) in &row.changes {
        let pinned = before.pins.get(name).and_then(Option::as_ref).map(|it| it.detail.as_str());
        let now = pinned.or(catalog.of(name).map(|it| it.1)).unwrap_or_default();
        let detail = want.detail.clone().unwrap_or_else(|| now.to_owned());
        let pin = Pin { version: want.version.to_string(), detail, kept: false };
        pins::put(tx, agent, name, Some(&pin)).await?;
    }
    let none = Pins::new();
    let pinned = known.pins.get(agent).unwrap_or(&none);
    for (name, version) in unmanaged(known.reports.get(agent)) {
        let managed = row.changes.contains_key(&name)
            || catalog.of(&name).is_some()
            || pinned.get(&name).is_some_and(|it| !it.kept);
        if !managed {
            let pin = Pin { version, detail: String::new(), kept: true };
            pins::put(tx, agent, &name, Some(&pin)).await?;
        }
    }
    Ok(())
}

/// Returns the plugins that an agent told of lately; those that just crashed are among them.
fn unmanaged(report: Option<&Report>) -> BTreeMap<ComponentName, String> {
    let plugins = report.into_iter().flat_map(|it| &it.plugins);
    let plugins = plugins.filter(|(name, version, _)| name != AGENT_OBJECT && !version.is_empty());
    plugins.filter_map(|(name, version, _)| Some((name.parse().ok()?, version.clone()))).collect()
}

/// Queues the order and returns its task.
async fn order(tx: &mut Tx, row: &mut Row, agents: &[AgentId], now_ms: i64) -> Result<String> {
    let push = Push { rollout: Some(row.id.clone()), ..Push::default() };
    if let Some(task) = &row.task {
        create::extend(tx, (task, &push), agents, now_ms).await?;
        return Ok(task.clone());
    }
    let work = NewWork {
        selection: String::new(),
        kind: TaskKind::Config,
        plugin: String::new(),
        data_type: 0,
        data: push.to_data(),
        name: Some(row.id.clone()),
        timeout: TASK_SECONDS,
        in_flight: None,
        created_by: row.created_by.clone(),
        idempotency: None,
    };
    let task = create::create_in(tx, &work, agents, now_ms).await?;
    row.task = Some(task.clone());
    store::save_task(tx, row).await?;
    Ok(task)
}
