//! The loop that sends orders and ends what got no answer.
//!
//! An order is marked as sent, durably, before it leaves: after a crash it is never sent again.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use elk_api::center::{Command, CommandTask, NOT_FOUND, Order as Directive};
use elk_api::tasks::{SubtaskState, TaskKind};
use elk_life::{Stop, chain};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use sea_query::{Expr, ExprTrait as _, Order, Query, UpdateStatement};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::observe::Compared;
use super::progress::Progress;
use super::{Push, expire, observe, store};
use crate::app::App;
use crate::fleet::Outcome;
use crate::profiles;
use crate::profiles::lists::{self, Wanted};
use crate::profiles::pins::{self, Pins};
use crate::profiles::resolve::{Catalog, Desired, Facts, Held, Released};
use crate::store::{Result, Tx};

const PERIOD: Duration = Duration::from_millis(200);
/// For orders under way when asked to stop.
const GRACE: Duration = Duration::from_secs(5);
/// Orders taken at a time.
const BATCH: u64 = 1_000;

struct Due {
    token: String,
    agent: String,
    ac: String,
    command: Command,
}

/// What became of the orders to one AgentCenter.
struct Sent {
    ac: String,
    batch: Vec<Due>,
    outcomes: Vec<Outcome>,
}

/// A task that has not ended.
struct Open {
    id: String,
    kind: TaskKind,
    order: CommandTask,
    in_flight: Option<i64>,
}

/// Sends what is due until asked to stop; to every AgentCenter on its own, so that none waits for
/// another.
pub(crate) async fn run(app: App, stop: Stop) -> std::result::Result<(), Infallible> {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut compared, mut progress) = (Compared::new(), Progress::default());
    let mut busy: HashSet<String> = HashSet::new();
    let mut sends = FuturesUnordered::new();
    loop {
        tokio::select! {
            () = stop.wait() => break,
            Some(sent) = sends.next() => {
                let sent: Sent = sent;
                busy.remove(&sent.ac);
                sent.note(&app).await;
            }
            _ = ticks.tick() => match pass(&app, (&mut compared, &mut progress), &busy).await {
                Ok(due) => {
                    for (ac, batch) in due {
                        busy.insert(ac.clone());
                        sends.push(send(App::clone(&app), ac, batch));
                    }
                }
                Err(error) => {
                    tracing::warn!(error = %chain(&error), "could not send orders, will retry");
                }
            },
        }
    }
    // They are marked as sent: what becomes of them is still written down, if it is known soon.
    let rest = async {
        while let Some(sent) = sends.next().await {
            sent.note(&app).await;
        }
    };
    if timeout(GRACE, rest).await.is_err() {
        tracing::warn!("stopped before every AgentCenter had answered for its orders");
    }
    Ok(())
}

/// Returns what is due, by AgentCenter; those in `busy` have not answered for the last batch.
async fn pass(
    app: &App,
    (compared, progress): (&mut Compared, &mut Progress),
    busy: &HashSet<String>,
) -> Result<HashMap<String, Vec<Due>>> {
    let mut due: HashMap<String, Vec<Due>> = HashMap::new();
    let open = open(app).await?;
    if open.is_empty() {
        return Ok(due);
    }
    expire::run(app).await?;
    observe::restarts(app).await?;
    observe::pushes(app, compared).await?;
    let finished = store::finish(&app.store, app.clock.unix_ms()).await?;
    let ids = open.iter().map(|it| it.id.as_str());
    progress.tell(app, ids, &finished).await?;
    // Nothing may fail from here on: these are marked as sent.
    for one in take(app, &open, busy).await? {
        due.entry(one.ac.clone()).or_default().push(one);
    }
    Ok(due)
}

/// Sends a batch to one AgentCenter. It must not touch the database: while it is not polled, what it
/// held there would block all others.
async fn send(app: App, ac: String, batch: Vec<Due>) -> Sent {
    let order = |it: &Due| Directive { agent_id: it.agent.clone(), command: it.command.clone() };
    let orders = batch.iter().map(order).collect();
    let outcomes = app.fleet.send(&ac, orders).await;
    Sent { ac, batch, outcomes }
}

impl Sent {
    async fn note(&self, app: &App) {
        if let Err(error) = note(app, &self.batch, &self.outcomes).await {
            let ac = &self.ac;
            tracing::error!(error = %chain(&error), ac, "could not note what became of orders");
        }
    }
}

async fn open(app: &App) -> Result<Vec<Open>> {
    let select = Query::select()
        .columns(["id", "kind", "plugin", "data_type", "data", "in_flight"])
        .from("tasks")
        .and_where(Expr::col("finished_ms").is_null())
        .order_by("created_ms", Order::Asc)
        .to_owned();
    let read = |row: &SqliteRow| -> Result<Open> {
        let (kind, number): (String, i64) = (row.try_get("kind")?, row.try_get("data_type")?);
        let order = CommandTask {
            name: row.try_get("plugin")?,
            data: row.try_get("data")?,
            token: String::new(),
            data_type: i32::try_from(number).unwrap_or_default(),
        };
        let (id, in_flight) = (row.try_get("id")?, row.try_get("in_flight")?);
        Ok(Open { id, kind: store::kind_of(&kind)?, order, in_flight })
    };
    app.store.rows(&select).await?.iter().map(read).collect()
}

/// Marks queued orders of connected agents as sent and returns them.
async fn take(app: &App, open: &[Open], busy: &HashSet<String>) -> Result<Vec<Due>> {
    let mut due = Vec::new();
    for task in open {
        let mut room = BATCH.saturating_sub(due.len() as u64);
        if let Some(limit) = task.in_flight {
            let counts = store::counts(&app.store, &task.id).await?;
            let busy = counts.sent + counts.acked;
            room = Ord::min(room, limit.unsigned_abs().saturating_sub(busy));
        }
        if room > 0 {
            take_of(app, task, (room, busy), &mut due).await?;
        }
    }
    Ok(due)
}

async fn take_of(
    app: &App,
    task: &Open,
    (room, busy): (u64, &HashSet<String>),
    due: &mut Vec<Due>,
) -> Result<()> {
    let select = Query::select()
        .columns([("subtasks", "token"), ("subtasks", "agent")])
        .columns([("agents", "ac"), ("agents", "heartbeat")])
        .from("subtasks")
        .inner_join("agents", Expr::col(("agents", "id")).equals(("subtasks", "agent")))
        .and_where(Expr::col(("subtasks", "task")).eq(task.id.as_str()))
        .and_where(Expr::col(("subtasks", "state")).eq(SubtaskState::Queued.as_str()))
        .and_where(Expr::col(("agents", "ac")).is_not_null())
        .and_where(Expr::col(("agents", "ac")).is_not_in(busy.iter().map(String::as_str)))
        .and_where(Expr::col(("agents", "clone")).eq(0))
        .limit(room)
        .to_owned();
    let rows = app.store.rows(&select).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let making = Making::of(app, task, &rows).await?;
    let now = making.now_ms;
    let mut tx = app.store.begin().await?;
    for row in rows {
        let token: String = row.try_get("token")?;
        let ac: String = row.try_get("ac")?;
        let order = making.order(&mut tx, &row).await?;
        let (update, command) = match order {
            Ok((command, desired)) => {
                let mut update = mark(&token, SubtaskState::Sent, "");
                update.values([
                    ("sent_ms", now.into()),
                    ("desired", desired.into()),
                    ("sent_to", ac.as_str().into()),
                ]);
                (update, Some(command))
            }
            Err(held) => {
                let mut update = mark(&token, SubtaskState::Failed, &held.to_string());
                update.value("ended_ms", now);
                (update, None)
            }
        };
        let mut update = update;
        update.and_where(Expr::col("state").eq(SubtaskState::Queued.as_str()));
        let marked = tx.execute(&update).await? == 1;
        if let Some(command) = command.filter(|_| marked) {
            due.push(Due { token, agent: row.try_get("agent")?, ac, command });
        }
    }
    tx.commit().await
}

/// What the orders of a task are made of.
struct Making<'a> {
    task: &'a Open,
    push: Push,
    catalog: Arc<Catalog>,
    pins: HashMap<String, Pins>,
    released: Released,
    bases: &'a [String],
    now_ms: i64,
}

type Made = (Command, Option<String>);

impl<'a> Making<'a> {
    async fn of(app: &'a App, task: &'a Open, rows: &[SqliteRow]) -> Result<Self> {
        let agents = rows.iter().map(|row| row.try_get("agent"));
        let agents: Vec<String> = agents.collect::<std::result::Result<_, _>>()?;
        let pins = match task.kind {
            TaskKind::Config => pins::of(&app.store, &agents).await?,
            TaskKind::Task | TaskKind::Restart => HashMap::new(),
        };
        Ok(Self {
            task,
            push: Push::from_data(&task.order.data),
            catalog: profiles::catalog(app).await?,
            released: pins::released(&app.store, pins.values()).await?,
            pins,
            bases: &app.downloads,
            now_ms: app.clock.unix_ms(),
        })
    }

    /// Makes the order of one row, or says why the agent is left as it is.
    async fn order(&self, tx: &mut Tx, row: &SqliteRow) -> Result<std::result::Result<Made, Held>> {
        let (token, agent): (String, String) = (row.try_get("token")?, row.try_get("agent")?);
        match self.task.kind {
            TaskKind::Task | TaskKind::Restart => return Ok(Ok(ordered(self.task, &token))),
            TaskKind::Config if self.push.remove_all_plugins => {
                return Ok(Ok((no_plugins(), Some("[]".to_owned()))));
            }
            TaskKind::Config => {}
        }
        let heartbeat: String = row.try_get("heartbeat")?;
        let facts = Facts::of(&serde_json::from_str(&heartbeat).unwrap_or_default());
        let none = Pins::new();
        let pins = self.pins.get(&agent).unwrap_or(&none);
        if self.push.rollout.is_some() {
            // Where it leaves no plugin, the agent had none before the rollout either.
            let set = self.catalog.set(&facts, pins, &self.released);
            return Ok(set.map(|it| configured(it, self.bases)));
        }
        let desired = self.catalog.desired(&facts, pins, &self.released);
        if self.push.changes.is_empty() {
            return Ok(desired.map(|it| configured(it, self.bases)));
        }
        let profile = match desired {
            Ok(desired) => desired.at(self.bases),
            Err(Held::NoPlugin) => Vec::new(),
            Err(held) => return Ok(Err(held)),
        };
        let changed = lists::change(tx, (&agent, profile), &self.push.changes, self.now_ms).await?;
        Ok(changed.map(|list| {
            let wanted = serde_json::to_string(&Wanted::after(&self.push.changes, &list));
            let command = Command { config: Some(list), ..Command::default() };
            (command, Some(wanted.unwrap_or_default()))
        }))
    }
}

fn ordered(task: &Open, token: &str) -> (Command, Option<String>) {
    let order = CommandTask { token: token.to_owned(), ..task.order.clone() };
    (Command { task: Some(order), ..Command::default() }, None)
}

/// The one order by which an agent deletes all its plugins: a task that says so by name.
fn no_plugins() -> Command {
    Command { config: Some(Vec::new()), ..Command::default() }
}

/// Returns the order and what the agent will have to report.
fn configured(desired: Desired, bases: &[String]) -> (Command, Option<String>) {
    let wanted = serde_json::to_string(&desired.pairs()).unwrap_or_default();
    (Command { config: Some(desired.at(bases)), ..Command::default() }, Some(wanted))
}

/// Writes down what became of the orders. An answer may have overtaken this: it stands.
async fn note(app: &App, batch: &[Due], outcomes: &[Outcome]) -> Result<()> {
    let now = app.clock.unix_ms();
    let mut tx = app.store.begin().await?;
    for (due, outcome) in batch.iter().zip(outcomes) {
        let mut update = match outcome {
            Outcome::Written => mark(&due.token, SubtaskState::Acked, ""),
            // Refused before anything was written: it moved to another AgentCenter, or left.
            Outcome::Refused(text) if text == NOT_FOUND => {
                mark(&due.token, SubtaskState::Queued, "")
            }
            Outcome::Refused(text) => {
                let mut update = mark(&due.token, SubtaskState::Failed, text);
                update.value("ended_ms", now);
                update
            }
            Outcome::Lost(text) => {
                let mut update = mark(&due.token, SubtaskState::Unknown, text);
                update.value("ended_ms", now);
                update
            }
        };
        update.and_where(Expr::col("state").eq(SubtaskState::Sent.as_str()));
        tx.execute(&update).await?;
    }
    tx.commit().await
}

fn mark(token: &str, state: SubtaskState, message: &str) -> UpdateStatement {
    Query::update()
        .table("subtasks")
        .values([("state", state.as_str().into()), ("message", message.into())])
        .and_where(Expr::col("token").eq(token))
        .to_owned()
}
