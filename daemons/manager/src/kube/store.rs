//! SQL for clusters of Kubernetes.

use elk_api::kube::KubeCluster;
use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _, OnConflict, Order, Query};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::store::{Result, Store, StoreError};

/// The most there can be: as many as an AgentCenter takes.
const MAX: u64 = 10_000;

const COLUMNS: [&str; 4] = ["id", "name", "created_by", "created_ms"];

/// What became of a cluster that was to be added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Addition {
    Done,
    /// The id or the name is another's.
    Taken,
    /// There are as many as there can be.
    Full,
}

pub(crate) async fn list(
    store: &Store,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<KubeCluster>> {
    let mut select = Query::select();
    select.columns(COLUMNS).from("kube_clusters").order_by("name", Order::Asc).limit(limit);
    if let Some(after) = after {
        select.and_where(Expr::col("name").gt(after));
    }
    store.rows(&select).await?.iter().map(cluster).collect()
}

pub(crate) async fn count(store: &Store) -> Result<u64> {
    store.count(Query::select().expr(Expr::cust("COUNT(*)")).from("kube_clusters")).await
}

/// Returns the cluster with this id or name.
pub(crate) async fn find(store: &Store, text: &str) -> Result<Option<KubeCluster>> {
    // What has the id comes first, should it be the name of another.
    let select = Query::select()
        .columns(COLUMNS)
        .from("kube_clusters")
        .and_where(Expr::col("id").eq(text).or(Expr::col("name").eq(text)))
        .order_by_expr(Expr::col("id").eq(text), Order::Desc)
        .limit(1)
        .to_owned();
    store.row(&select).await?.map(|row| cluster(&row)).transpose()
}

/// Returns the ids of all.
pub(crate) async fn ids(store: &Store) -> Result<Vec<String>> {
    let select =
        Query::select().column("id").from("kube_clusters").order_by("id", Order::Asc).to_owned();
    store.rows(&select).await?.iter().map(|row| Ok(row.try_get("id")?)).collect()
}

pub(crate) async fn add(store: &Store, cluster: &KubeCluster) -> Result<Addition> {
    let insert = Query::insert()
        .into_table("kube_clusters")
        .columns(COLUMNS)
        .values_panic([
            cluster.id.as_str().into(),
            cluster.name.as_str().into(),
            cluster.created_by.as_str().into(),
            cluster.created_at.as_millisecond().into(),
        ])
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .to_owned();
    let mut tx = store.begin().await?;
    let added = tx.execute(&insert).await? == 1;
    let all = Query::select().expr(Expr::cust("COUNT(*)")).from("kube_clusters").to_owned();
    let count: i64 = tx.row(&all).await?.map_or(Ok(0), |row| row.try_get(0))?;
    if count.unsigned_abs() > MAX {
        return Ok(Addition::Full);
    }
    tx.commit().await?;
    Ok(if added { Addition::Done } else { Addition::Taken })
}

/// Removes a cluster; false if it is gone already.
pub(crate) async fn remove(store: &Store, id: &str) -> Result<bool> {
    let delete =
        Query::delete().from_table("kube_clusters").and_where(Expr::col("id").eq(id)).to_owned();
    Ok(store.execute(&delete).await? == 1)
}

fn cluster(row: &SqliteRow) -> Result<KubeCluster> {
    let created = Timestamp::from_millisecond(row.try_get("created_ms")?);
    Ok(KubeCluster {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        reporting: None,
        created_by: row.try_get("created_by")?,
        created_at: created.map_err(|_| StoreError::Value { what: "time" })?,
    })
}
