//! Reading the configuration files.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

use super::{Config, Context, Settings};
use crate::private::{self, Trouble};
use crate::{Paths, nearest};

/// A configuration file cannot be used or changed.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Its place, owner or mode.
    #[error(transparent)]
    File(#[from] Trouble),
    /// It is not TOML, or a key holds the wrong thing.
    #[error("{} cannot be read: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What is wrong and where.
        reason: String,
    },
    /// It was written by a later release.
    #[error("{} has version {version}; this elkctl knows version 1 and must be upgraded", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: i64,
    },
    /// It holds a secret.
    #[error("{} holds a secret under `{key}`: remove it and use `elkctl login`", path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
    },
    /// No context has this name.
    #[error("there is no context `{}`{}", name.escape_debug(), suggestion(near.as_deref()))]
    NoContext {
        /// The name.
        name: String,
        /// One that is alike.
        near: Option<String>,
    },
    /// A context has this name already.
    #[error("there is a context `{}` already", .0.escape_debug())]
    Exists(String),
    /// A name that a context cannot have.
    #[error("`{}` cannot name a context: use up to 63 letters, digits, and . _ : -", .0.escape_debug())]
    Name(String),
    /// A key that there is not, or a value it cannot have.
    #[error("{0}")]
    Value(String),
}

fn suggestion(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

const TOP: &[&str] = &["version", "current_context", "settings", "contexts"];
pub(super) const SETTINGS: &[&str] =
    &["output", "color", "page_limit", "confirm_threshold", "credential_store"];
pub(super) const CONTEXT: &[&str] = &[
    "server",
    "user",
    "ca_file",
    "client_cert",
    "client_key",
    "tls_server_name",
    "proxy",
    "protected",
    "read_only",
    "banner",
    "color",
    "default_selector",
    "insecure_skip_verify",
    "allow_plaintext",
    "credential",
];
const CREDENTIAL: &[&str] = &["store", "command", "cache_ttl"];

/// Reads the system's file and the user's over it; absent files are empty.
///
/// # Errors
///
/// If a file is broken, of a later version, holds a secret, or others can change it.
pub fn load(paths: &Paths) -> Result<Config, ConfigError> {
    let mut config = Config::default();
    if let Some(table) = read(&paths.system, &mut config.warnings, false)? {
        merge(&mut config, table, &paths.system)?;
    }
    if let Some(table) = read(&paths.config, &mut config.warnings, true)? {
        merge(&mut config, table, &paths.config)?;
    }
    Ok(config)
}

fn read(
    path: &Path,
    warnings: &mut Vec<String>,
    private: bool,
) -> Result<Option<Table>, ConfigError> {
    use std::os::unix::fs::MetadataExt as _;
    let bytes = if private {
        let Some((file, metadata)) = private::open_unchanged(path)? else { return Ok(None) };
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        private::check_directory(&private::directory_of(&target))?;
        if metadata.mode() & 0o044 != 0 {
            let shown = path.display();
            warnings.push(format!("{shown} can be read by others; run `chmod 600 {shown}`"));
        }
        private::read_bounded(file, path)?
    } else {
        // The system's file belongs to root; one that cannot be read counts as absent.
        let Ok(file) = std::fs::File::open(path) else { return Ok(None) };
        private::read_bounded(file, path)?
    };
    let syntax = |reason: String| ConfigError::Syntax { path: path.to_owned(), reason };
    let text = String::from_utf8(bytes).map_err(|error| syntax(error.to_string()))?;
    let table: Table = text.parse().map_err(|error| syntax(placed(&error, &text)))?;
    check_version(&table, path)?;
    if let Some(key) = secret(&table, "") {
        return Err(ConfigError::Secret { path: path.to_owned(), key });
    }
    warn_unknown(&table, path, warnings);
    Ok(Some(table))
}

/// Says on one line what is wrong and where.
fn placed(error: &toml::de::Error, text: &str) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let message = error.message().lines().collect::<Vec<_>>().join("; ");
    match before {
        Some(before) => format!("line {}: {message}", before.matches('\n').count() + 1),
        None => message,
    }
}

pub(super) fn check_version(table: &Table, path: &Path) -> Result<(), ConfigError> {
    match table.get("version") {
        None | Some(Value::Integer(1)) => Ok(()),
        Some(Value::Integer(version)) => {
            Err(ConfigError::Version { path: path.to_owned(), version: *version })
        }
        Some(other) => {
            let reason = format!("`version` is {other}, not a number");
            Err(ConfigError::Syntax { path: path.to_owned(), reason })
        }
    }
}

/// Returns the path of the first key that names a secret.
fn secret(table: &Table, prefix: &str) -> Option<String> {
    table.iter().find_map(|(key, value)| {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        // The name of a context is not a key.
        let named = prefix != "contexts" && is_secret(key);
        match value {
            Value::Table(inner) if !named => secret(inner, &path),
            _ => named.then_some(path),
        }
    })
}

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["token", "password", "passwd", "secret", "otp"].iter().any(|word| key.contains(word))
}

fn warn_unknown(table: &Table, path: &Path, warnings: &mut Vec<String>) {
    let mut check = |table: &Table, known: &[&str], prefix: &str| {
        for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
            let near = nearest(key, known.iter().copied());
            let near = suggestion(near);
            let shown = crate::sanitize(key);
            warnings.push(format!("{}: unknown key `{prefix}{shown}`{near}", path.display()));
        }
    };
    let inner = |table: &Table, key: &str| table.get(key).and_then(Value::as_table).cloned();
    check(table, TOP, "");
    check(&inner(table, "settings").unwrap_or_default(), SETTINGS, "settings.");
    for (name, context) in inner(table, "contexts").unwrap_or_default() {
        let Some(context) = context.as_table() else { continue };
        let name = crate::sanitize(&name).into_owned();
        check(context, CONTEXT, &format!("contexts.{name}."));
        let credential = inner(context, "credential").unwrap_or_default();
        check(&credential, CREDENTIAL, &format!("contexts.{name}.credential."));
    }
}

pub(super) fn merge(config: &mut Config, table: Table, path: &Path) -> Result<(), ConfigError> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Document {
        current_context: Option<String>,
        settings: Settings,
        contexts: std::collections::BTreeMap<String, Context>,
    }
    let document: Document = Value::Table(table).try_into().map_err(|error: toml::de::Error| {
        ConfigError::Syntax { path: path.to_owned(), reason: placed(&error, "") }
    })?;
    let Document { current_context, settings, contexts } = document;
    config.current_context =
        current_context.filter(|name| !name.is_empty()).or(config.current_context.take());
    let over = std::mem::take(&mut config.settings);
    config.settings = Settings {
        output: settings.output.or(over.output),
        color: settings.color.or(over.color),
        page_limit: settings.page_limit.or(over.page_limit),
        confirm_threshold: settings.confirm_threshold.or(over.confirm_threshold),
        credential_store: settings.credential_store.or(over.credential_store),
    };
    let directory = private::directory_of(path);
    for (name, mut context) in contexts {
        context.settle(&directory);
        config.contexts.insert(name, context);
    }
    Ok(())
}
