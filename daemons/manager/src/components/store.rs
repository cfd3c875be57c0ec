//! SQL for components.

use elk_api::components::{Component, ComponentKind, File, Version};
use elk_model::{ComponentName, ComponentVersion, Sha256};
use jiff::Timestamp;
use sea_query::{Expr, ExprTrait as _, OnConflict, Order, Query, SelectStatement};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::agents::filter::version_key;
use crate::store::{Result, Store, StoreError, Tx};

fn select() -> SelectStatement {
    Query::select()
        .columns(["name", "kind", "created_by", "created_ms"])
        .expr_as(
            Expr::cust(
                "(SELECT version FROM versions WHERE component = components.name \
                 ORDER BY version_key DESC LIMIT 1)",
            ),
            "latest",
        )
        .expr_as(
            Expr::cust("(SELECT COUNT(*) FROM versions WHERE component = components.name)"),
            "versions",
        )
        .from("components")
        .to_owned()
}

fn component(row: &SqliteRow) -> Result<Component> {
    let unreadable = |what| StoreError::Value { what };
    let (name, kind): (String, String) = (row.try_get("name")?, row.try_get("kind")?);
    let latest: Option<String> = row.try_get("latest")?;
    let versions: i64 = row.try_get("versions")?;
    Ok(Component {
        name: name.parse().map_err(|_| unreadable("component name"))?,
        kind: kind_of(&kind)?,
        latest_version: latest
            .map(|it| it.parse().map_err(|_| unreadable("version")))
            .transpose()?,
        versions: versions.unsigned_abs(),
        created_by: row.try_get("created_by")?,
        created_at: time(row, "created_ms")?,
    })
}

fn time(row: &SqliteRow, column: &str) -> Result<Timestamp> {
    Timestamp::from_millisecond(row.try_get(column)?)
        .map_err(|_| StoreError::Value { what: "time" })
}

fn kind_of(word: &str) -> Result<ComponentKind> {
    let all = [ComponentKind::Exec, ComponentKind::TarGz, ComponentKind::Agent];
    let found = all.into_iter().find(|it| it.as_str() == word);
    found.ok_or(StoreError::Value { what: "component type" })
}

/// Creates a component; false if the name is taken.
pub(crate) async fn create(store: &Store, new: &Component) -> Result<bool> {
    let insert = Query::insert()
        .into_table("components")
        .columns(["name", "kind", "created_by", "created_ms"])
        .values_panic([
            new.name.as_str().into(),
            new.kind.as_str().into(),
            new.created_by.as_str().into(),
            new.created_at.as_millisecond().into(),
        ])
        .on_conflict(OnConflict::column("name").do_nothing().to_owned())
        .to_owned();
    Ok(store.execute(&insert).await? == 1)
}

pub(crate) async fn get(store: &Store, name: &ComponentName) -> Result<Option<Component>> {
    let mut select = select();
    select.and_where(Expr::col("name").eq(name.as_str()));
    store.row(&select).await?.map(|row| component(&row)).transpose()
}

/// Lists one component more than `limit`.
pub(crate) async fn list(store: &Store, after: Option<&str>, limit: u64) -> Result<Vec<Component>> {
    let mut select = select();
    select.order_by("name", Order::Asc).limit(limit + 1);
    if let Some(after) = after {
        select.and_where(Expr::col("name").gt(after));
    }
    store.rows(&select).await?.iter().map(component).collect()
}

pub(crate) async fn count(store: &Store) -> Result<u64> {
    store.count(Query::select().expr(Expr::cust("COUNT(*)")).from("components")).await
}

/// Lists one version more than `limit`, highest first.
pub(crate) async fn versions(
    store: &Store,
    name: &ComponentName,
    below: Option<ComponentVersion>,
    limit: u64,
) -> Result<Vec<Version>> {
    let mut select = Query::select();
    select
        .columns(["version", "published_by", "published_ms"])
        .from("versions")
        .and_where(Expr::col("component").eq(name.as_str()))
        .order_by("version_key", Order::Desc)
        .limit(limit + 1);
    if let Some(below) = below {
        select.and_where(Expr::col("version_key").lt(version_key(below)));
    }
    let mut versions = Vec::new();
    for row in store.rows(&select).await? {
        versions.push(version(store, name, &row).await?);
    }
    Ok(versions)
}

/// Returns one version.
pub(crate) async fn find(
    store: &Store,
    name: &ComponentName,
    wanted: ComponentVersion,
) -> Result<Option<Version>> {
    let select = Query::select()
        .columns(["version", "published_by", "published_ms"])
        .from("versions")
        .and_where(Expr::col("component").eq(name.as_str()))
        .and_where(Expr::col("version_key").eq(version_key(wanted)))
        .to_owned();
    match store.row(&select).await? {
        Some(row) => Ok(Some(version(store, name, &row).await?)),
        None => Ok(None),
    }
}

async fn version(store: &Store, name: &ComponentName, row: &SqliteRow) -> Result<Version> {
    let text: String = row.try_get("version")?;
    let files = Query::select()
        .columns(["variant", "sha256", "signature", "size", "path"])
        .from("files")
        .and_where(Expr::col("component").eq(name.as_str()))
        .and_where(Expr::col("version").eq(text.as_str()))
        .order_by("variant", Order::Asc)
        .to_owned();
    let files = store.rows(&files).await?.iter().map(file).collect::<Result<Vec<_>>>()?;
    Ok(Version {
        component: name.clone(),
        version: text.parse().map_err(|_| StoreError::Value { what: "version" })?,
        files,
        published_by: row.try_get("published_by")?,
        published_at: time(row, "published_ms")?,
        blocked: super::blocks::of(store, name, &text).await?,
    })
}

fn file(row: &SqliteRow) -> Result<File> {
    let (sha256, size): (String, i64) = (row.try_get("sha256")?, row.try_get("size")?);
    Ok(File {
        variant: row.try_get("variant")?,
        sha256: sha256.parse().map_err(|_| StoreError::Value { what: "digest" })?,
        signature: row.try_get("signature")?,
        size_bytes: size.unsigned_abs(),
        path: row.try_get("path")?,
    })
}

/// Returns how many versions a component has.
pub(crate) async fn count_versions(store: &Store, name: &ComponentName) -> Result<u64> {
    let mut select = Query::select();
    select.expr(Expr::cust("COUNT(*)")).from("versions");
    select.and_where(Expr::col("component").eq(name.as_str()));
    store.count(&select).await
}

/// Notes an uploaded file.
pub(crate) async fn note_upload(
    store: &Store,
    name: &ComponentName,
    (sha256, size): (Sha256, u64),
    now_ms: i64,
) -> Result<()> {
    let insert = Query::insert()
        .into_table("uploads")
        .columns(["component", "sha256", "size", "at_ms"])
        .values_panic([
            name.as_str().into(),
            sha256.to_string().into(),
            i64::try_from(size).unwrap_or(i64::MAX).into(),
            now_ms.into(),
        ])
        .on_conflict(
            OnConflict::columns(["component", "sha256"]).update_columns(["at_ms"]).to_owned(),
        )
        .to_owned();
    store.execute(&insert).await.map(drop)
}

/// Returns the size of a file that was uploaded for a component and is still there.
pub(crate) async fn uploaded(
    store: &Store,
    name: &ComponentName,
    sha256: Sha256,
) -> Result<Option<u64>> {
    store.row(&upload(name, sha256)).await?.map(|row| size(&row)).transpose()
}

fn size(row: &SqliteRow) -> Result<u64> {
    let size: i64 = row.try_get("size")?;
    Ok(size.unsigned_abs())
}

fn upload(name: &ComponentName, sha256: Sha256) -> SelectStatement {
    Query::select()
        .column("size")
        .from("uploads")
        .and_where(Expr::col("component").eq(name.as_str()))
        .and_where(Expr::col("sha256").eq(sha256.to_string()))
        .to_owned()
}

/// Publishes a version; false if it exists already or one of its files has been swept away.
pub(crate) async fn publish(store: &Store, new: &Version) -> Result<bool> {
    let mut tx = store.begin().await?;
    for file in &new.files {
        if tx.row(&upload(&new.component, file.sha256)).await?.is_none() {
            return Ok(false);
        }
    }
    let insert = Query::insert()
        .into_table("versions")
        .columns(["component", "version", "version_key", "published_by", "published_ms"])
        .values_panic([
            new.component.as_str().into(),
            new.version.to_string().into(),
            version_key(new.version).into(),
            new.published_by.as_str().into(),
            new.published_at.as_millisecond().into(),
        ])
        .on_conflict(OnConflict::columns(["component", "version"]).do_nothing().to_owned())
        .to_owned();
    if tx.execute(&insert).await? == 0 {
        return Ok(false);
    }
    for file in &new.files {
        put(&mut tx, new, file).await?;
    }
    tx.commit().await?;
    Ok(true)
}

async fn put(tx: &mut Tx, version: &Version, file: &File) -> Result<()> {
    let insert = Query::insert()
        .into_table("files")
        .columns(["component", "version", "variant", "sha256", "signature", "size", "path"])
        .values_panic([
            version.component.as_str().into(),
            version.version.to_string().into(),
            file.variant.as_str().into(),
            file.sha256.to_string().into(),
            file.signature.as_str().into(),
            i64::try_from(file.size_bytes).unwrap_or(i64::MAX).into(),
            file.path.as_str().into(),
        ])
        .to_owned();
    tx.execute(&insert).await.map(drop)
}

/// Returns the digest and the size of the file that agents fetch under `path`.
pub(crate) async fn at_path(store: &Store, path: &str) -> Result<Option<(String, u64)>> {
    let select = Query::select()
        .columns(["sha256", "size"])
        .from("files")
        .and_where(Expr::col("path").eq(path))
        .to_owned();
    store.row(&select).await?.map(|row| Ok((row.try_get("sha256")?, size(&row)?))).transpose()
}

/// Forgets uploads from before `bound_ms` and returns the digests of the files still needed.
pub(crate) async fn expire_uploads(
    store: &Store,
    bound_ms: i64,
) -> Result<std::collections::HashSet<String>> {
    let old =
        Query::delete().from_table("uploads").and_where(Expr::col("at_ms").lt(bound_ms)).to_owned();
    store.execute(&old).await?;
    let mut needed = std::collections::HashSet::new();
    for table in ["uploads", "files"] {
        let select = Query::select().distinct().column("sha256").from(table).to_owned();
        for row in store.rows(&select).await? {
            needed.insert(row.try_get(0)?);
        }
    }
    Ok(needed)
}
