//! What single agents run instead of what the profile says: rollouts pin it, a push takes it away.

use std::collections::{BTreeMap, HashMap};

use elk_model::ComponentName;
use sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::resolve::{Released, release};
use crate::store::{Result, Store, StoreError, Tx};

/// A version that one agent runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pin {
    /// As it is published; of what is only kept, as the agent told it.
    pub(crate) version: String,
    pub(crate) detail: String,
    /// It ran before anything was rolled out and is only not to be deleted.
    pub(crate) kept: bool,
}

pub(crate) type Pins = BTreeMap<ComponentName, Pin>;

/// Returns what is pinned to agents, by agent.
pub(crate) async fn of(store: &Store, agents: &[String]) -> Result<HashMap<String, Pins>> {
    let mut found: HashMap<String, Pins> = HashMap::new();
    for some in agents.chunks(500) {
        let select = Query::select()
            .columns(["agent", "name", "version", "detail", "kept"])
            .from("pins")
            .and_where(Expr::col("agent").is_in(some.iter().map(String::as_str)))
            .to_owned();
        for row in store.rows(&select).await? {
            let name: String = row.try_get("name")?;
            let name = name.parse().map_err(|_| StoreError::Value { what: "component name" })?;
            let pin = Pin {
                version: row.try_get("version")?,
                detail: row.try_get("detail")?,
                kept: row.try_get::<i64, _>("kept")? != 0,
            };
            found.entry(row.try_get("agent")?).or_default().insert(name, pin);
        }
    }
    Ok(found)
}

/// Returns what is published of what is pinned.
pub(crate) async fn released(
    store: &Store,
    pins: impl IntoIterator<Item = &Pins>,
) -> Result<Released> {
    let mut released = Released::new();
    let each = pins.into_iter().flatten().filter(|(_, pin)| !pin.kept);
    for (name, pin) in each {
        if let Ok(version) = pin.version.parse() {
            release(store, name, version, &mut released).await?;
        }
    }
    Ok(released)
}

/// Pins a component to an agent, or leaves it to the profile.
pub(crate) async fn put(
    tx: &mut Tx,
    agent: &str,
    name: &ComponentName,
    pin: Option<&Pin>,
) -> Result<()> {
    let Some(pin) = pin else {
        let delete = Query::delete()
            .from_table("pins")
            .and_where(Expr::col("agent").eq(agent))
            .and_where(Expr::col("name").eq(name.as_str()))
            .to_owned();
        return tx.execute(&delete).await.map(drop);
    };
    let insert = Query::insert()
        .into_table("pins")
        .columns(["agent", "name", "version", "detail", "kept"])
        .values_panic([
            agent.into(),
            name.as_str().into(),
            pin.version.as_str().into(),
            pin.detail.as_str().into(),
            i64::from(pin.kept).into(),
        ])
        .on_conflict(
            OnConflict::columns(["agent", "name"])
                .update_columns(["version", "detail", "kept"])
                .to_owned(),
        )
        .to_owned();
    tx.execute(&insert).await.map(drop)
}
