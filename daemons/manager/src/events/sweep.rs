//! Agents go offline because time passes: nobody writes that, so it is looked for.

use std::convert::Infallible;
use std::time::Duration;

use elk_api::events::EventType;
use elk_life::{Stop, chain};
use sea_query::{Condition, Expr, ExprTrait as _, Query};
use serde_json::json;
use sqlx::Row as _;
use tokio::time::{MissedTickBehavior, interval};

use super::{Draft, MAX_SINGLE};
use crate::app::App;
use crate::store::Result;

const TICK: Duration = Duration::from_secs(1);

/// Looks again and again until asked to stop.
pub(crate) async fn run(app: App, stop: Stop) -> std::result::Result<(), Infallible> {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen_ms = app.clock.unix_ms();
    while stop.until(ticks.tick()).await.is_some() {
        let now_ms = app.clock.unix_ms();
        match tell(&app, seen_ms, now_ms).await {
            Ok(()) => seen_ms = Ord::max(seen_ms, now_ms),
            Err(error) => {
                tracing::warn!(error = %chain(&error), "could not look which agents are offline");
            }
        }
    }
    Ok(())
}

/// Tells which agents went offline after the last look.
async fn tell(app: &App, seen_ms: i64, now_ms: i64) -> Result<()> {
    let went = || {
        let offline = Expr::col("offline_ms");
        Condition::all().add(offline.clone().gt(seen_ms)).add(offline.lte(now_ms))
    };
    let select = Query::select()
        .columns(["id", "hostname", "last_ms"])
        .from("agents")
        .cond_where(went())
        .limit(MAX_SINGLE as u64 + 1)
        .to_owned();
    let rows = app.store.rows(&select).await?;
    if rows.len() > MAX_SINGLE {
        let count = Query::select()
            .expr(Expr::cust("COUNT(*)"))
            .from("agents")
            .cond_where(went())
            .to_owned();
        let count = app.store.count(&count).await?;
        let draft = Draft::new(EventType::Agent, "offline", now_ms).with(json!({ "count": count }));
        app.store.events.publish(draft);
        return Ok(());
    }
    for row in rows {
        let (id, hostname): (String, String) = (row.try_get("id")?, row.try_get("hostname")?);
        let last_ms: Option<i64> = row.try_get("last_ms")?;
        let last = last_ms.and_then(|it| jiff::Timestamp::from_millisecond(it).ok());
        let detail = json!({
            "status": "offline", "hostname": hostname, "last_heartbeat_at": last,
        });
        let draft = Draft::new(EventType::Agent, "offline", now_ms);
        app.store.events.publish(draft.of_agent(id.parse().ok()).with(detail));
    }
    Ok(())
}
