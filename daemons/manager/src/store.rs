//! The database: statements are built once, for SQLite now and for any engine the builder knows.

mod fold;
mod look;
mod schema;

use std::path::Path;
use std::time::Duration;

use sea_query::SqliteQueryBuilder;
use sea_query_sqlx::SqlxBinder;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
};
use sqlx::{AssertSqlSafe, Executor, Row as _, Sqlite, SqliteConnection, Transaction};
use tokio::time::Instant;

use crate::events::{self, Events};

pub(crate) use fold::fold;
pub use look::look;

/// A failed query.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine refused a statement.
    #[error("the database failed")]
    Query(#[source] sqlx::Error),
    /// A statement took too long.
    #[error("the database was given up waiting for")]
    TooSlow,
    /// The database was written by a later version.
    #[error("the database has schema {found}; this version knows up to {known}")]
    TooNew {
        /// Its schema.
        found: i64,
        /// The last one known here.
        known: i64,
    },
    /// The file is no sound database.
    #[error("the database is damaged: {what}")]
    Damaged {
        /// What the engine found.
        what: String,
    },
    /// A stored value is not what it should be.
    #[error("the database holds an unreadable {what}")]
    Value {
        /// Which value.
        what: &'static str,
    },
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) if inner.code().as_deref() == Some(INTERRUPTED) => {
                Self::TooSlow
            }
            _ => Self::Query(error),
        }
    }
}

/// The engine's code for a statement that was told to end.
const INTERRUPTED: &str = "9";
/// Steps of the engine between two looks at the clock.
const STEPS: i32 = 10_000;

/// How long statements may take: there are few connections, and everybody waits for one.
#[derive(Clone, Copy, Debug)]
struct Patience {
    read: Duration,
    /// For a whole transaction.
    write: Duration,
    /// For a copy of everything.
    copy: Duration,
}

const PATIENCE: Patience = Patience {
    read: Duration::from_secs(10),
    write: Duration::from_secs(60),
    copy: Duration::from_secs(240),
};

/// The database.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pool: SqlitePool,
    patience: Patience,
    /// Whoever changes something here tells it there.
    pub(crate) events: Events,
}

/// A transaction; dropping it rolls back.
pub(crate) struct Tx {
    inner: Transaction<'static, Sqlite>,
    events: Events,
    /// What is told when it is durable.
    drafts: Vec<events::Draft>,
}

pub(crate) type Result<T> = std::result::Result<T, StoreError>;

impl Store {
    /// Opens or creates the database at `path`.
    pub(crate) async fn open(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .with_regexp();
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await;
        let (patience, events) = (PATIENCE, Events::default());
        let store = Self { pool: pool.map_err(damage)?, patience, events };
        let check = sqlx::query("PRAGMA quick_check(1)").fetch_one(&store.pool).await;
        let verdict: String = check.map_err(damage)?.try_get(0)?;
        if verdict != "ok" {
            return Err(StoreError::Damaged { what: verdict });
        }
        schema::migrate(&store).await?;
        Ok(store)
    }

    pub(crate) async fn rows(&self, statement: &impl SqlxBinder) -> Result<Vec<SqliteRow>> {
        let mut connection = self.pool.acquire().await?;
        limit(&mut connection, self.patience.read).await?;
        rows(&mut *connection, statement).await
    }

    pub(crate) async fn row(&self, statement: &impl SqlxBinder) -> Result<Option<SqliteRow>> {
        Ok(self.rows(statement).await?.into_iter().next())
    }

    pub(crate) async fn count(&self, statement: &impl SqlxBinder) -> Result<u64> {
        let row = self.row(statement).await?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get(0))?;
        Ok(count.unsigned_abs())
    }

    pub(crate) async fn execute(&self, statement: &impl SqlxBinder) -> Result<u64> {
        let mut connection = self.pool.acquire().await?;
        limit(&mut connection, self.patience.write).await?;
        execute(&mut *connection, statement).await
    }

    /// Begins a transaction that may write.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        limit(&mut transaction, self.patience.write).await?;
        let (events, drafts) = (self.events.clone(), Vec::new());
        Ok(Tx { inner: transaction, events, drafts })
    }

    /// Writes a copy, as of one moment, to a file that is not there yet; others read and write on.
    pub(crate) async fn copy_to(&self, path: &Path) -> Result<()> {
        let path = path.to_str().ok_or(StoreError::Value { what: "path of a copy" })?.to_owned();
        let mut connection = self.pool.acquire().await?;
        limit(&mut connection, self.patience.copy).await?;
        sqlx::query("VACUUM INTO ?").bind(path).execute(&mut *connection).await?;
        Ok(())
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    pub(crate) async fn schema(&self) -> Result<i64> {
        Ok(sqlx::query("PRAGMA user_version").fetch_one(&self.pool).await?.try_get(0)?)
    }
}

impl Tx {
    pub(crate) async fn rows(&mut self, statement: &impl SqlxBinder) -> Result<Vec<SqliteRow>> {
        rows(&mut *self.inner, statement).await
    }

    pub(crate) async fn row(&mut self, statement: &impl SqlxBinder) -> Result<Option<SqliteRow>> {
        Ok(self.rows(statement).await?.into_iter().next())
    }

    pub(crate) async fn execute(&mut self, statement: &impl SqlxBinder) -> Result<u64> {
        execute(&mut *self.inner, statement).await
    }

    /// Tells what happened, once the transaction is durable.
    pub(crate) fn tell(&mut self, draft: events::Draft) {
        self.drafts.push(draft);
    }

    pub(crate) async fn commit(self) -> Result<()> {
        self.inner.commit().await?;
        self.drafts.into_iter().for_each(|draft| self.events.publish(draft));
        Ok(())
    }

    /// Runs a statement that changes the schema.
    async fn define(&mut self, sql: String) -> Result<()> {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *self.inner).await?;
        Ok(())
    }
}

/// Gives what is done next on a connection so much time, also if nobody waits for it any more.
async fn limit(connection: &mut SqliteConnection, patience: Duration) -> Result<()> {
    let mut handle = connection.lock_handle().await?;
    let end = Instant::now() + patience;
    handle.set_progress_handler(STEPS, move || Instant::now() < end);
    Ok(())
}

async fn rows<'c>(
    executor: impl Executor<'c, Database = Sqlite>,
    statement: &impl SqlxBinder,
) -> Result<Vec<SqliteRow>> {
    let (sql, values) = statement.build_sqlx(SqliteQueryBuilder);
    Ok(sqlx::query_with(AssertSqlSafe(sql), values).fetch_all(executor).await?)
}

async fn execute<'c>(
    executor: impl Executor<'c, Database = Sqlite>,
    statement: &impl SqlxBinder,
) -> Result<u64> {
    let (sql, values) = statement.build_sqlx(SqliteQueryBuilder);
    let done = sqlx::query_with(AssertSqlSafe(sql), values).execute(executor).await?;
    Ok(done.rows_affected())
}

fn damage(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(inner) if matches!(inner.code().as_deref(), Some("11" | "26")) => {
            StoreError::Damaged { what: inner.message().to_owned() }
        }
        _ => StoreError::Query(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_is_no_database_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state.db");
        std::fs::write(&path, "not a database, ".repeat(100)).unwrap();
        let before = std::fs::read(&path).unwrap();
        let error = Store::open(&path).await.unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[tokio::test]
    async fn a_statement_without_end_is_ended_and_the_connection_is_good() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::open(&dir.path().join("state.db")).await.unwrap();
        store.patience.read = Duration::from_millis(50);
        let endless = sea_query::Query::select()
            .expr(sea_query::Expr::cust(
                "(WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) \
                 SELECT COUNT(*) FROM n)",
            ))
            .to_owned();
        let one = sea_query::Query::select().expr(sea_query::Expr::val(1)).to_owned();
        // More often than there are connections.
        for _ in 0..5 {
            let error = store.rows(&endless).await.unwrap_err();
            assert!(matches!(error, StoreError::TooSlow), "{error:?}");
        }
        assert_eq!(store.count(&one).await.unwrap(), 1);
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.rows(&one).await.unwrap().len(), 1);
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn a_database_of_a_later_version_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state.db");
        let store = Store::open(&path).await.unwrap();
        sqlx::query("PRAGMA user_version = 99").execute(&store.pool).await.unwrap();
        store.close().await;
        let error = Store::open(&path).await.unwrap_err();
        assert!(matches!(error, StoreError::TooNew { found: 99, .. }), "{error:?}");
    }
}
