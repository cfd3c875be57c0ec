//! Taking a database out of use.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteLockingMode};
use sqlx::{ConnectOptions as _, Connection as _};

use super::Result;

/// The engine's code for a database that somebody else holds.
const BUSY: &str = "5";

/// Brings what stands in the write-ahead log into the database at `path`, and the log away; `false`
/// if somebody else has it open.
///
/// # Errors
///
/// If the engine cannot read it; nothing was changed then.
pub(crate) async fn fold(path: &Path) -> Result<bool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .locking_mode(SqliteLockingMode::Exclusive)
        .busy_timeout(Duration::from_millis(200));
    let folded = async {
        let mut connection = options.connect().await?;
        // The first statement takes the lock for good.
        sqlx::query("BEGIN EXCLUSIVE").execute(&mut connection).await?;
        sqlx::query("COMMIT").execute(&mut connection).await?;
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
        connection.close().await
    };
    match folded.await {
        Ok(()) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(BUSY) => Ok(false),
        Err(error) => Err(super::damage(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Store, StoreError};
    use super::*;

    #[tokio::test]
    async fn a_database_in_use_is_left_to_who_uses_it_and_one_that_was_killed_is_folded() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state.db");
        let store = Store::open(&path).await.unwrap();
        assert!(!fold(&path).await.unwrap());
        // What a kill leaves.
        let left = dir.path().join("left.db");
        std::fs::copy(&path, &left).unwrap();
        std::fs::copy(dir.path().join("state.db-wal"), dir.path().join("left.db-wal")).unwrap();
        assert!(fold(&left).await.unwrap());
        let log = std::fs::metadata(dir.path().join("left.db-wal"));
        assert!(log.is_err() || log.is_ok_and(|it| it.len() == 0));
        store.close().await;
        assert!(fold(&path).await.unwrap());
    }

    #[tokio::test]
    async fn what_is_no_database_cannot_be_folded() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state.db");
        std::fs::write(&path, "not a database, ".repeat(100)).unwrap();
        let error = fold(&path).await.unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    }
}
