//! Lists of single agents, changed item by item, as the reference had them before there were
//! components: an agent's own, else the default one.

use elk_api::center::ConfigItem;
use sea_query::{Expr, ExprTrait as _, OnConflict, Query, SelectStatement};
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::report::{self, Report};
use super::resolve::Held;
use crate::store::{Result, Store, StoreError, Tx};

/// Owns the default list; no agent has an empty id.
const DEFAULT: &str = "";

/// What an agent has to report after an order: it is stored with the order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Wanted {
    /// Exactly these plugins, in these versions.
    Set(Vec<(String, String)>),
    /// Some that were changed and none of those that were removed; others do not count.
    Change {
        changed: Vec<(String, String)>,
        removed: Vec<String>,
        /// The whole list that was sent.
        list: Vec<ConfigItem>,
    },
}

impl Wanted {
    /// Returns what `changes` ask for where they made `list`.
    pub(crate) fn after(changes: &[ConfigItem], list: &[ConfigItem]) -> Self {
        let is_changed = |it: &&ConfigItem| changes.iter().any(|change| change.name == it.name);
        let pair = |it: &ConfigItem| (it.name.clone(), it.version.clone());
        let changed: Vec<_> = list.iter().filter(is_changed).map(pair).collect();
        let is_there = |name: &String| list.iter().any(|it| it.name == *name);
        let names = changes.iter().map(|it| it.name.clone());
        let removed = names.filter(|it| !is_there(it)).collect();
        Self::Change { changed, removed, list: list.to_vec() }
    }

    /// Returns how a report differs from it, one sentence each.
    pub(crate) fn differences(&self, report: &Report, since_ms: i64) -> Vec<String> {
        match self {
            Self::Set(wanted) => report::differences(wanted, report, since_ms),
            Self::Change { changed, removed, .. } => {
                let names = changed.iter().map(|it| it.0.as_str());
                let names: Vec<&str> = names.chain(removed.iter().map(String::as_str)).collect();
                report::differences(changed, &report.of(&names), since_ms)
            }
        }
    }
}

/// Merges `changes` into `list` by name: of an item that is there what is not empty replaces what
/// was, another is added, and one with nothing but a name is taken out.
pub(crate) fn merge(list: &mut Vec<ConfigItem>, changes: &[ConfigItem]) {
    for change in changes {
        let name = change.name.as_str();
        if *change == (ConfigItem { name: name.to_owned(), ..ConfigItem::default() }) {
            list.retain(|it| it.name != name);
            continue;
        }
        let Some(item) = list.iter_mut().find(|it| it.name == name) else {
            list.push(change.clone());
            continue;
        };
        for (to, from) in [
            (&mut item.kind, &change.kind),
            (&mut item.version, &change.version),
            (&mut item.sha256, &change.sha256),
            (&mut item.signature, &change.signature),
            (&mut item.detail, &change.detail),
        ] {
            if !from.is_empty() {
                to.clone_from(from);
            }
        }
        if !change.download_url.is_empty() {
            item.download_url.clone_from(&change.download_url);
        }
    }
}

/// Returns the list of an agent: its own, else the default one; `None` where neither names anything.
pub(crate) async fn of_agent(store: &Store, agent: &str) -> Result<Option<Vec<ConfigItem>>> {
    for owner in [agent, DEFAULT] {
        let list = store.row(&select(owner)).await?.map(|row| items(&row)).transpose()?;
        if let Some(list) = list.filter(|it| !it.is_empty()) {
            return Ok(Some(list));
        }
    }
    Ok(None)
}

/// Returns the default list; `None` if it was never set.
pub(crate) async fn default(store: &Store) -> Result<Option<Vec<ConfigItem>>> {
    store.row(&select(DEFAULT)).await?.map(|row| items(&row)).transpose()
}

/// Sets the default list.
pub(crate) async fn set_default(store: &Store, list: &[ConfigItem], now_ms: i64) -> Result<()> {
    let mut tx = store.begin().await?;
    put(&mut tx, DEFAULT, list, now_ms).await?;
    tx.commit().await
}

/// Changes an agent's own list and returns it. Where it has none, the change is one of the default
/// list, and where there is none of the profile, too.
///
/// It is written down with the order, before the agent took it: it says what the agent shall run.
pub(crate) async fn change(
    tx: &mut Tx,
    (agent, profile): (&str, Vec<ConfigItem>),
    changes: &[ConfigItem],
    now_ms: i64,
) -> Result<std::result::Result<Vec<ConfigItem>, Held>> {
    let emptied = Query::select()
        .column("task")
        .from("emptied")
        .and_where(Expr::col("agent").eq(agent))
        .to_owned();
    let mut list = Vec::new();
    // What was taken from an agent on purpose does not come back with something else.
    if tx.row(&emptied).await?.is_none() {
        for owner in [agent, DEFAULT] {
            let found = tx.row(&select(owner)).await?.map(|row| items(&row)).transpose()?;
            list = found.unwrap_or_default();
            if !list.is_empty() {
                break;
            }
        }
        if list.is_empty() {
            list = profile;
        }
    }
    merge(&mut list, changes);
    if list.is_empty() {
        return Ok(Err(Held::NothingLeft));
    }
    let filled =
        Query::delete().from_table("emptied").and_where(Expr::col("agent").eq(agent)).to_owned();
    tx.execute(&filled).await?;
    put(tx, agent, &list, now_ms).await?;
    Ok(Ok(list))
}

fn select(owner: &str) -> SelectStatement {
    Query::select().column("items").from("lists").and_where(Expr::col("owner").eq(owner)).to_owned()
}

fn items(row: &SqliteRow) -> Result<Vec<ConfigItem>> {
    let text: String = row.try_get("items")?;
    serde_json::from_str(&text).map_err(|_| StoreError::Value { what: "list of an agent" })
}

async fn put(tx: &mut Tx, owner: &str, list: &[ConfigItem], now_ms: i64) -> Result<()> {
    let text =
        serde_json::to_string(list).map_err(|_| StoreError::Value { what: "list of an agent" })?;
    let insert = Query::insert()
        .into_table("lists")
        .columns(["owner", "items", "updated_ms"])
        .values_panic([owner.into(), text.into(), now_ms.into()])
        .on_conflict(OnConflict::column("owner").update_columns(["items", "updated_ms"]).to_owned())
        .to_owned();
    tx.execute(&insert).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(name: &str, version: &str) -> ConfigItem {
        let (name, version) = (name.to_owned(), version.to_owned());
        ConfigItem { name, version, ..ConfigItem::default() }
    }

    #[test]
    fn items_are_changed_added_and_taken_out_by_name() {
        let mut list = vec![item("driver", "1.0.0.1"), item("collector", "1.0.0.1")];
        list[0].sha256 = "aa".to_owned();
        let changes =
            [item("driver", "1.0.0.2"), item("scanner", "2.0.0.0"), item("collector", "")];
        merge(&mut list, &changes);
        let shown: Vec<_> = list.iter().map(|it| (it.name.as_str(), it.version.as_str())).collect();
        assert_eq!(shown, [("driver", "1.0.0.2"), ("scanner", "2.0.0.0")]);
        assert_eq!(list[0].sha256, "aa", "what a change leaves out stays");
        let Wanted::Change { changed, removed, .. } = Wanted::after(&changes, &list) else {
            panic!("a change of some items");
        };
        assert_eq!(changed.len(), 2);
        assert_eq!(removed, ["collector"]);
    }

    #[test]
    fn a_change_is_done_when_what_it_names_runs_whatever_else_does() {
        let list = [item("driver", "1.0.0.2"), item("collector", "1.0.0.1")];
        let wanted = Wanted::after(&[item("driver", "1.0.0.2"), item("gone", "")], &list);
        let report = |plugins: &[(&str, &str)]| Report {
            last_ms: 2_000,
            interval_ms: 1_000,
            version: String::new(),
            plugins: plugins
                .iter()
                .map(|(name, version)| ((*name).to_owned(), (*version).to_owned(), 2_000))
                .collect(),
        };
        let done = report(&[("driver", "1.0.0.2"), ("other", "9.0.0.0")]);
        assert_eq!(wanted.differences(&done, 1_000), Vec::<String>::new());
        let told = wanted.differences(&report(&[("gone", "1.0.0.0")]), 1_000);
        assert_eq!(told, ["driver 1.0.0.2 does not run", "gone 1.0.0.0 runs, but should not"]);
        let text = serde_json::to_string(&wanted).unwrap();
        assert_eq!(serde_json::from_str::<Wanted>(&text).unwrap(), wanted);
        let set: Wanted = serde_json::from_str(r#"[["driver","1.0.0.2"]]"#).unwrap();
        assert_eq!(set.differences(&done, 1_000), ["other 9.0.0.0 runs, but should not"]);
    }
}
