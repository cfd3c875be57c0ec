//! Looking at a database without a change to it, its log or its directory.

use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use super::{Result, StoreError, damage, schema};

/// What every database begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// How much of a first page is read.
const HEAD: usize = 100;
/// Where a first page holds the number of the schema.
const SCHEMA: usize = 60;
/// The length of the write-ahead log's header, and where its salts are.
const LOG_HEAD: usize = 32;
const LOG_SALTS: usize = 16;
/// The length of what stands before each page in it, and where the salts are repeated.
const FRAME_HEAD: usize = 24;
const FRAME_SALTS: usize = 8;

/// Looks whether the database under the data directory `data` is there, sound, and no newer than
/// this version; changes nothing, whatever it finds.
///
/// A database that was not closed is not searched for damage, as that would change it.
///
/// # Errors
///
/// [`StoreError::Damaged`] or [`StoreError::TooNew`].
pub async fn look(data: &Path) -> Result<()> {
    let path = data.join("state.db");
    let unreadable = |error: io::Error| StoreError::Damaged { what: format!("state.db: {error}") };
    let mut head = [0; HEAD];
    let read = File::open(&path).and_then(|mut file| file.read_exact(&mut head));
    read.map_err(unreadable)?;
    if !head.starts_with(MAGIC) {
        return Err(StoreError::Damaged { what: "state.db is no database".to_owned() });
    }
    let logged = logged(&data.join("state.db-wal")).map_err(unreadable)?;
    let found = logged.unwrap_or_else(|| number(&head, SCHEMA));
    let (found, known) = (i64::from(found), schema::known());
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    let log = std::fs::metadata(data.join("state.db-wal"));
    if log.is_ok_and(|it| it.len() > 0) {
        return Ok(());
    }
    let options = SqliteConnectOptions::new().filename(&path).read_only(true).immutable(true);
    let mut connection = options.connect().await.map_err(damage)?;
    let check = sqlx::query("PRAGMA quick_check(1)").fetch_one(&mut connection).await;
    let verdict: String = check.map_err(damage)?.try_get(0)?;
    connection.close().await?;
    if verdict == "ok" { Ok(()) } else { Err(StoreError::Damaged { what: verdict }) }
}

fn number(bytes: &[u8], at: usize) -> u32 {
    let bytes = bytes.get(at..at + 4).and_then(|it| it.try_into().ok());
    bytes.map_or(0, u32::from_be_bytes)
}

/// Returns the schema of the newest first page that was committed to the write-ahead log.
fn logged(path: &Path) -> io::Result<Option<u32>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut log = BufReader::new(file);
    let mut head = [0; LOG_HEAD];
    if log.read_exact(&mut head).is_err() {
        return Ok(None);
    }
    // The largest page is written as one.
    let page = match number(&head, 8) {
        1 => 65_536,
        size => size as usize,
    };
    let salts = head.get(LOG_SALTS..LOG_SALTS + 8);
    let (mut committed, mut seen) = (None, None);
    let mut frame = vec![0; FRAME_HEAD + page.clamp(512, 65_536)];
    while log.read_exact(&mut frame).is_ok() && frame.get(FRAME_SALTS..FRAME_SALTS + 8) == salts {
        if number(&frame, 0) == 1 {
            seen = Some(number(&frame, FRAME_HEAD + SCHEMA));
        }
        if number(&frame, 4) != 0 {
            committed = seen;
        }
    }
    Ok(committed)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::*;
    use crate::store::Store;

    fn content(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let files = std::fs::read_dir(dir).unwrap().map(|it| it.unwrap().path());
        files.map(|it| (it.clone(), std::fs::read(&it).unwrap())).collect()
    }

    #[tokio::test]
    async fn a_later_schema_is_seen_closed_or_not_and_nothing_is_changed() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("state.db")).await.unwrap();
        look(dir.path()).await.unwrap();
        sqlx::query("PRAGMA user_version = 99").execute(&store.pool).await.unwrap();
        // As a crash leaves it: what was committed last is in the write-ahead log only.
        let crashed = tempfile::tempdir().unwrap();
        for (path, bytes) in content(dir.path()) {
            std::fs::write(crashed.path().join(path.file_name().unwrap()), bytes).unwrap();
        }
        store.close().await;
        for place in [dir.path(), crashed.path()] {
            let before = content(place);
            let error = look(place).await.unwrap_err();
            assert!(matches!(error, StoreError::TooNew { found: 99, .. }), "{error:?}");
            assert_eq!(content(place), before);
        }
    }

    #[tokio::test]
    async fn damage_is_seen_and_nothing_is_changed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state.db");
        assert!(matches!(look(dir.path()).await, Err(StoreError::Damaged { .. })));
        let store = Store::open(&path).await.unwrap();
        store.close().await;
        look(dir.path()).await.unwrap();
        let whole = std::fs::read(&path).unwrap();
        let mut torn = whole.clone();
        torn[4_096..].fill(0x5a);
        for bytes in [&whole[..50], &[7; 9_000], &torn] {
            std::fs::write(&path, bytes).unwrap();
            let before = content(dir.path());
            let found = look(dir.path()).await;
            assert!(matches!(found, Err(StoreError::Damaged { .. })), "{found:?}");
            assert_eq!(content(dir.path()), before);
        }
    }
}
