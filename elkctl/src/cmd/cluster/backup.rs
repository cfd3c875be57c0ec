//! `elkctl cluster backup` and `restore`.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use elk_api::Nothing;
use elk_api::cluster::Backup;
use elk_client::Client;
use elk_desk::{Exit, Failure, sanitize};
use elk_life::{Clock, chain};
use elk_manager::{BackupManifest, RestoreError, Restored};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::output::{Column, Kind, age, field};
use crate::session::{Session, now};

/// How long the server may take to copy its database.
const PATIENCE: Duration = Duration::from_secs(300);

static BACKUP: Kind = Kind {
    name: "Backup",
    noun: "backup",
    key: "file",
    columns: &[
        Column { head: "FILE", wide: false, cell: |item, _| field(item, "file") },
        Column { head: "BYTES", wide: false, cell: |item, _| field(item, "bytes") },
        Column { head: "CREATED", wide: false, cell: |item, now| age(item, "created_at", now) },
        Column { head: "VERSION", wide: false, cell: |item, _| field(item, "version") },
        Column { head: "SCHEMA", wide: true, cell: |item, _| field(item, "schema") },
        Column { head: "FILES", wide: false, cell: |item, _| field(item, "files") },
    ],
};

static RESTORE: Kind = Kind {
    name: "Restore",
    noun: "restore",
    key: "data",
    columns: &[
        Column { head: "DATA", wide: false, cell: |item, _| field(item, "data") },
        Column { head: "BACKUP", wide: false, cell: |item, now| age(item, "created_at", now) },
        Column { head: "FILES", wide: false, cell: |item, _| field(item, "files") },
        Column { head: "CANCELLED", wide: false, cell: |item, _| field(item, "cancelled") },
        Column { head: "UNKNOWN", wide: false, cell: |item, _| field(item, "unknown") },
        Column { head: "PAUSED", wide: false, cell: |item, _| field(item, "paused") },
        Column { head: "BEFORE", wide: true, cell: |item, _| field(item, "before") },
    ],
};

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  elkctl cluster backup\n  \
    elkctl cluster backup --out /backup/elk.tar --force\n\n\
    The archive holds accounts with their password hashes: keep it as you keep those. Certificates and\n\
    keys are not in it; they are in pki/ and keys/ of the data directory.")]
pub(crate) struct BackupArgs {
    /// Where to; elk-backup-TIME.tar in the current directory by default
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace the file if there is one
    #[arg(long)]
    force: bool,
}

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  elkctl cluster restore elk-backup-20260102T030405Z.tar --dry-run\n  \
    elkctl cluster restore elk-backup-20260102T030405Z.tar --data /var/lib/elk\n\n\
    Run it on the Manager's host while the Manager is stopped. The database in use until then is kept\n\
    beside the new one. Orders that were waiting are cancelled, rollouts paused, sessions ended."
)]
pub(crate) struct RestoreArgs {
    /// What `cluster backup` wrote
    file: PathBuf,
    /// Directory of all state of `elkctl up`, or of elk-manager; under XDG data by default
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

pub(super) fn backup(session: &Session<'_>, args: &BackupArgs) -> Result<Exit, Failure> {
    let stamp = now().strftime("elk-backup-%Y%m%dT%H%M%SZ.tar").to_string();
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from(stamp));
    let exists = || {
        Failure::new(Exit::Conflict, format!("{} exists", out.display()))
            .code("file_exists")
            .hint("pass --force to replace it, or another --out FILE")
    };
    if !args.force && out.exists() {
        return Err(exists());
    }
    let unwritable = |error: &dyn std::fmt::Display| {
        Failure::new(Exit::Failure, format!("{} cannot be written: {error}", out.display()))
    };
    let dir = out.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Removed if this does not come to its end, and readable by nobody else.
    let mut draft =
        NamedTempFile::with_prefix_in(".elk-backup-", dir).map_err(|error| unwritable(&error))?;
    let client = session.client()?;
    session.block_on(Box::pin(fetch(session, client, &mut draft)))??;
    draft.as_file().sync_all().map_err(|error| unwritable(&error))?;
    let manifest = elk_manager::check_backup(draft.path()).map_err(|error| unsound(&error))?;
    let bytes = draft.as_file().metadata().map_err(|error| unwritable(&error))?.len();
    if args.force {
        draft.persist(&out).map_err(|error| unwritable(&error))?;
    } else {
        draft.persist_noclobber(&out).map_err(|error| match error.error.kind() {
            std::io::ErrorKind::AlreadyExists => exists(),
            _ => unwritable(&error),
        })?;
    }
    File::open(dir).and_then(|it| it.sync_all()).map_err(|error| unwritable(&error))?;
    session.show_one(&BACKUP, &told(&out, bytes, &manifest), None)
}

async fn fetch(
    session: &Session<'_>,
    client: &Client,
    draft: &mut NamedTempFile,
) -> Result<(), Failure> {
    let opened = client.octets::<Backup>(&[], &Nothing {}, PATIENCE).await;
    let mut octets = opened.map_err(|error| session.failed(&error, true))?;
    while let Some(piece) = octets.next().await.map_err(|error| session.failed(&error, true))? {
        draft.write_all(&piece).map_err(|error| {
            Failure::new(Exit::Failure, format!("the backup cannot be written: {error}"))
        })?;
    }
    Ok(())
}

fn told(file: &Path, bytes: u64, manifest: &BackupManifest) -> Value {
    json!({
        "file": file.display().to_string(),
        "bytes": bytes,
        "created_at": manifest.created_at,
        "version": manifest.version,
        "schema": manifest.schema,
        "files": manifest.files(),
    })
}

pub(super) fn restore(session: &Session<'_>, args: &RestoreArgs) -> Result<Exit, Failure> {
    let place = crate::up::manager_dir(args.data.clone())?;
    if session.globals.dry_run {
        let manifest = elk_manager::check_backup(&args.file).map_err(|error| unsound(&error))?;
        let bytes = std::fs::metadata(&args.file).map_or(0, |it| it.len());
        let text = format!(
            "the archive is whole; would restore it into {}\nnothing was changed\n",
            place.path.display()
        );
        return session.show_one(&BACKUP, &told(&args.file, bytes, &manifest), Some(text));
    }
    let work = elk_manager::restore(&args.file, &place.path, &Clock::System);
    let restored = session.block_on(Box::pin(work))?.map_err(|error| refused(&error))?;
    let Restored { created_at, version, files, cancelled, unknown, paused, sessions, before } =
        &restored;
    let before = before.as_ref().map(|it| it.display().to_string());
    let shown = json!({
        "data": place.path.display().to_string(),
        "created_at": created_at,
        "version": version,
        "files": files,
        "cancelled": cancelled,
        "unknown": unknown,
        "paused": paused,
        "sessions": sessions,
        "before": before,
    });
    session.show_one(&RESTORE, &shown, Some(page(&place.path, &restored)))
}

fn page(data: &Path, it: &Restored) -> String {
    let kept = it.before.as_ref().map_or_else(
        || "there was no database before".to_owned(),
        |before| format!("the database before is {}", before.display()),
    );
    let text = format!(
        "restored {} to the state of {} (written by {})\n{kept}\nfiles back: {}\norders cancelled: {}   \
         of unknown outcome: {}\nrollouts paused: {}   sessions ended: {}\n",
        data.display(),
        it.created_at,
        it.version,
        it.files,
        it.cancelled,
        it.unknown,
        it.paused,
        it.sessions,
    );
    let lines: Vec<_> = text.lines().map(sanitize).collect();
    lines.join("\n")
        + "\nAPI tokens that were revoked since are valid again: look at elkctl token list\n"
}

fn unsound(error: &(dyn std::error::Error + 'static)) -> Failure {
    Failure::new(Exit::Failure, sanitize(&chain(error).to_string())).code("backup_unsound")
}

fn refused(error: &RestoreError) -> Failure {
    let told = sanitize(&chain(error).to_string()).into_owned();
    match error {
        RestoreError::InUse(_) => Failure::new(Exit::Conflict, told).code("in_use"),
        RestoreError::Archive(_) | RestoreError::Store(_) => {
            Failure::new(Exit::Failure, format!("{told}; nothing was replaced"))
                .code("backup_unsound")
        }
        RestoreError::Io { .. } => Failure::new(Exit::Failure, told),
    }
}
