//! Jobs of the reference: one run of a task each, or an empty one. They are known for twelve hours.

use std::collections::BTreeMap;

use elk_api::tasks::SubtaskState;
use rand::RngCore as _;
use sea_query::{Expr, ExprTrait as _, OnConflict, Order, Query};
use serde_json::{Value, json};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::app::App;
use crate::store::{Result, Store, Tx};
use crate::tasks;

const LIFE_MS: i64 = 43_200_000;
/// The names under which the reference starts jobs.
const NAMES: [&str; 6] = [
    "Server_AgentStat",
    "Server_AgentList",
    "Agent_Config",
    "Agent_Ctrl",
    "Agent_Task",
    "Agent_Config_v2",
];
/// Agents that a job may be at at a time. Beyond this the reference runs out of memory, and below 1
/// all its Managers end.
const CONCURRENCE: std::ops::RangeInclusive<i64> = 1..=999;
const LONGEST_SECONDS: i64 = 86_400;

/// A job to write down.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewJob<'a> {
    pub(super) name: &'a str,
    /// The reference's task and the one of ours that it runs as.
    pub(super) of: Option<(&'a str, &'a str)>,
    pub(super) concurrence: i64,
    pub(super) timeout: i64,
}

/// A job.
#[derive(Debug)]
pub(super) struct Job {
    id: String,
    name: String,
    run: Option<String>,
    concurrence: i64,
    timeout: i64,
    stopped: bool,
    created_ms: i64,
}

impl NewJob<'_> {
    /// Returns whether its numbers are such as a job can have.
    pub(super) fn is_sound(&self) -> bool {
        CONCURRENCE.contains(&self.concurrence) && (0..=LONGEST_SECONDS).contains(&self.timeout)
    }

    /// Returns whether its name is one of a job.
    pub(super) fn is_known(&self) -> bool {
        NAMES.contains(&self.name)
    }

    /// Returns an id for it.
    pub(super) fn id(&self, now_ms: i64) -> String {
        format!("id-{}-{}", self.name, nanoseconds(now_ms))
    }

    /// Writes it down; one that is known already stays as it is.
    pub(super) async fn keep(&self, tx: &mut Tx, id: &str, now_ms: i64) -> Result<()> {
        let old = Query::delete()
            .from_table("v1_jobs")
            .and_where(Expr::col("run").is_null())
            .and_where(Expr::col("created_ms").lt(now_ms - LIFE_MS))
            .to_owned();
        tx.execute(&old).await?;
        let (task, run) = self.of.unzip();
        let insert = Query::insert()
            .into_table("v1_jobs")
            .columns([
                "id",
                "task",
                "run",
                "name",
                "concurrence",
                "timeout",
                "stopped",
                "created_ms",
            ])
            .values_panic([
                id.into(),
                task.map(str::to_owned).into(),
                run.map(str::to_owned).into(),
                self.name.into(),
                self.concurrence.into(),
                self.timeout.into(),
                0_i64.into(),
                now_ms.into(),
            ])
            .on_conflict(OnConflict::column("id").do_nothing().to_owned())
            .to_owned();
        tx.execute(&insert).await.map(drop)
    }
}

/// Returns Unix nanoseconds; below a millisecond they are random, so that no two are alike.
pub(super) fn nanoseconds(now_ms: i64) -> i64 {
    let below = i64::from(rand::rng().next_u32() % 1_000_000);
    now_ms.saturating_mul(1_000_000).saturating_add(below)
}

/// Finds a job that is not forgotten yet.
pub(super) async fn find(store: &Store, id: &str, now_ms: i64) -> Result<Option<Job>> {
    let select = Query::select()
        .columns(["id", "name", "run", "concurrence", "timeout", "stopped", "created_ms"])
        .from("v1_jobs")
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("created_ms").gte(now_ms - LIFE_MS))
        .to_owned();
    let read = |row: SqliteRow| -> Result<Job> {
        Ok(Job {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            run: row.try_get("run")?,
            concurrence: row.try_get("concurrence")?,
            timeout: row.try_get("timeout")?,
            stopped: row.try_get::<i64, _>("stopped")? == 1,
            created_ms: row.try_get("created_ms")?,
        })
    };
    store.row(&select).await?.map(read).transpose()
}

/// Stops a job: what it has not sent yet is cancelled. One that is not known is none to stop.
pub(super) async fn stop(store: &Store, id: &str, now_ms: i64) -> Result<()> {
    let Some(job) = find(store, id, now_ms).await? else { return Ok(()) };
    let mut tx = store.begin().await?;
    let update = Query::update()
        .table("v1_jobs")
        .value("stopped", 1_i64)
        .and_where(Expr::col("id").eq(id))
        .to_owned();
    tx.execute(&update).await?;
    if let Some(run) = &job.run {
        tasks::store::cancel_in(&mut tx, run, now_ms).await?;
    }
    tx.commit().await?;
    tasks::store::finish(store, now_ms).await.map(drop)
}

/// How far the orders of a job are.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    waiting: i64,
    held: i64,
    sent: i64,
    under_way: i64,
    done: i64,
    failed: i64,
}

async fn progress(store: &Store, run: &str) -> Result<Progress> {
    let select = Query::select()
        .column("state")
        .expr_as(Expr::cust("sent_ms IS NOT NULL"), "sent")
        .expr_as(Expr::cust("result IS NOT NULL"), "told")
        .expr_as(Expr::cust("COUNT(*)"), "n")
        .from("subtasks")
        .and_where(Expr::col("task").eq(run))
        .add_group_by([Expr::cust("1"), Expr::cust("2"), Expr::cust("3")])
        .to_owned();
    let mut all = Progress::default();
    for row in store.rows(&select).await? {
        let (state, count): (String, i64) = (row.try_get("state")?, row.try_get("n")?);
        let (sent, told): (bool, bool) = (row.try_get("sent")?, row.try_get("told")?);
        let state = tasks::store::state_of(&state)?;
        if state == SubtaskState::Queued {
            all.waiting += count;
            continue;
        }
        if !sent {
            all.held += count;
            continue;
        }
        all.sent += count;
        match state {
            SubtaskState::Queued | SubtaskState::Sent => all.under_way += count,
            SubtaskState::Acked | SubtaskState::Succeeded | SubtaskState::TimedOut => {
                all.done += count;
            }
            SubtaskState::Failed if told => all.done += count,
            SubtaskState::Failed
            | SubtaskState::Unknown
            | SubtaskState::Expired
            | SubtaskState::Cancelled => all.failed += count,
        }
    }
    Ok(all)
}

type Texts = BTreeMap<String, String>;

/// Returns what a job is and how far each Manager got; both empty for none.
pub(super) async fn told(app: &App, job: Option<&Job>) -> Result<(Texts, Texts)> {
    let Some(job) = job else { return Ok(Default::default()) };
    let all = match &job.run {
        Some(run) => progress(&app.store, run).await?,
        None => Progress::default(),
    };
    let info = [
        ("id", job.id.clone()),
        ("name", job.name.clone()),
        ("conNum", job.concurrence.to_string()),
        ("timeout", job.timeout.to_string()),
        ("newAt", (job.created_ms / 1_000).to_string()),
        ("distribute_ok_count", all.sent.to_string()),
        ("distribute_failed_count", all.held.to_string()),
        ("un_distribute_count", all.waiting.to_string()),
        ("do_ok_count", all.done.to_string()),
        ("do_failed_count", all.failed.to_string()),
    ];
    let info = info.map(|(key, value)| (key.to_owned(), value)).into();
    let distributed = job.run.is_some() && all.waiting == 0;
    let finished = job.stopped || (distributed && all.under_way == 0);
    let stages = [
        ("new", true),
        ("run", !job.stopped || job.run.is_some()),
        ("distribute", distributed),
        ("finish", finished),
    ];
    let stages = stages.iter().filter(|it| it.1);
    let stat = stages.map(|(stage, _)| (format!("{}_{stage}", app.address), "ok".to_owned()));
    Ok((info, stat.collect()))
}

/// Returns what each AgentCenter answered, by agent.
pub(super) async fn results(store: &Store, job: &Job) -> Result<Vec<String>> {
    let Some(run) = &job.run else { return Ok(Vec::new()) };
    let select = Query::select()
        .columns(["state", "message", "sent_to"])
        .expr_as(Expr::cust("result IS NOT NULL"), "told")
        .from("subtasks")
        .and_where(Expr::col("task").eq(run.as_str()))
        .and_where(Expr::col("sent_ms").is_not_null())
        .order_by("agent", Order::Asc)
        .to_owned();
    let read = |row: &SqliteRow| -> Result<String> {
        let (state, message): (String, String) = (row.try_get("state")?, row.try_get("message")?);
        let sent_to: Option<String> = row.try_get("sent_to")?;
        let url = url(sent_to.as_deref());
        let state = tasks::store::state_of(&state)?;
        Ok(format!("url:{url}; Result:{}", response(state, row.try_get("told")?, &message)))
    };
    store.rows(&select).await?.iter().map(read).collect()
}

/// Returns where an order was sent to.
pub(super) fn url(sent_to: Option<&str>) -> String {
    sent_to.map(|ac| format!("https://{ac}/command")).unwrap_or_default()
}

/// Returns what AgentCenter said to an order: its answer, or why there is none.
pub(super) fn response(state: SubtaskState, told: bool, message: &str) -> String {
    let envelope = |code: i32, msg: &str, data: &str| -> Value {
        json!({ "code": code, "msg": msg, "data": data })
    };
    match state {
        SubtaskState::Queued | SubtaskState::Sent => String::new(),
        SubtaskState::Failed if !told => envelope(3, "some errors occurred", message).to_string(),
        SubtaskState::Unknown | SubtaskState::Expired | SubtaskState::Cancelled => {
            message.to_owned()
        }
        SubtaskState::Acked
        | SubtaskState::Succeeded
        | SubtaskState::Failed
        | SubtaskState::TimedOut => envelope(0, "success", "").to_string(),
    }
}
