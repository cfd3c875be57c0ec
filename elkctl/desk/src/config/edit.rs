//! Changing the user's configuration file, comments and all.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, Value};

use super::file::{CONTEXT, ConfigError, SETTINGS, check_version};
use crate::{Paths, nearest, private};

/// One key and its new value; `None` removes it.
pub type Change<'a> = (&'a str, Option<Value>);

/// What a change did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Edited {
    /// There was none before.
    Created,
    /// It is different now.
    Changed,
}

/// Creates or changes a context.
///
/// # Errors
///
/// If the name or a key is none that there is, or the file cannot be read or written.
pub fn set_context(
    paths: &Paths,
    name: &str,
    changes: &[Change<'_>],
) -> Result<Edited, ConfigError> {
    check_name(name)?;
    for (key, _) in changes {
        check_key(key, CONTEXT, "context")?;
    }
    edit(paths, |document| {
        let contexts = contexts(document)?;
        let edited = if contexts.contains_key(name) { Edited::Changed } else { Edited::Created };
        let context = contexts.entry(name).or_insert_with(toml_edit::table);
        let context = context.as_table_like_mut().ok_or_else(|| not_a_table(name))?;
        for (key, value) in changes {
            match value {
                Some(value) => put(context, key, value.clone()),
                None => drop(context.remove(key)),
            }
        }
        Ok(edited)
    })
}

/// Makes a context the one that is used if none is named.
///
/// # Errors
///
/// If there is no such context, or the file cannot be read or written.
pub fn use_context(paths: &Paths, name: &str) -> Result<(), ConfigError> {
    let known = super::load(paths)?;
    if !known.contexts.contains_key(name) {
        return Err(no_context(name, known.contexts.keys().map(String::as_str)));
    }
    edit(paths, |document| {
        put(document.as_table_mut(), "current_context", name.into());
        Ok(())
    })
}

/// Gives a context another name; it stays the current one if it was.
///
/// # Errors
///
/// If there is no such context, the new name is taken, or the file cannot be read or written.
pub fn rename_context(paths: &Paths, from: &str, to: &str) -> Result<(), ConfigError> {
    check_name(to)?;
    edit(paths, |document| {
        let contexts = contexts(document)?;
        if from != to && contexts.contains_key(to) {
            return Err(ConfigError::Exists(to.to_owned()));
        }
        let Some(context) = contexts.remove(from) else {
            return Err(no_context(from, contexts.iter().map(|(name, _)| name)));
        };
        contexts.insert(to, context);
        if document.get("current_context").and_then(Item::as_str) == Some(from) {
            put(document.as_table_mut(), "current_context", to.into());
        }
        Ok(())
    })
}

/// Removes a context; its credential is the caller's to remove.
///
/// # Errors
///
/// If there is no such context, or the file cannot be read or written.
pub fn delete_context(paths: &Paths, name: &str) -> Result<(), ConfigError> {
    edit(paths, |document| {
        let contexts = contexts(document)?;
        if contexts.remove(name).is_none() {
            return Err(no_context(name, contexts.iter().map(|(name, _)| name)));
        }
        if document.get("current_context").and_then(Item::as_str) == Some(name) {
            document.remove("current_context");
        }
        Ok(())
    })
}

/// Changes a setting; `None` gives it its built-in value.
///
/// # Errors
///
/// If there is no such setting, or the file cannot be read or written.
pub fn set_setting(paths: &Paths, key: &str, value: Option<Value>) -> Result<(), ConfigError> {
    check_key(key, SETTINGS, "setting")?;
    edit(paths, |document| {
        let settings = document.entry("settings").or_insert_with(toml_edit::table);
        let settings = settings.as_table_like_mut().ok_or_else(|| not_a_table("settings"))?;
        match value {
            Some(value) => put(settings, key, value),
            None => drop(settings.remove(key)),
        }
        Ok(())
    })
}

/// Reads, changes and replaces the file while no other elkctl does.
fn edit<T>(
    paths: &Paths,
    change: impl FnOnce(&mut DocumentMut) -> Result<T, ConfigError>,
) -> Result<T, ConfigError> {
    private::ensure_directory(&private::directory_of(&paths.config))?;
    // A link stays a link: its target is replaced.
    let target = fs::canonicalize(&paths.config).unwrap_or_else(|_| link_target(&paths.config));
    private::ensure_directory(&private::directory_of(&target))?;
    let lock = private::lock(&target)?;
    let text = match private::open_unchanged(&target)? {
        None => "version = 1\n".to_owned(),
        Some((file, _)) => String::from_utf8(private::read_bounded(file, &target)?)
            .map_err(|error| syntax(&target, error.to_string()))?,
    };
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| syntax(&target, error.to_string()))?;
    let table =
        text.parse().map_err(|error: toml::de::Error| syntax(&target, error.to_string()))?;
    check_version(&table, &target)?;
    if !document.contains_key("version") {
        document.insert("version", toml_edit::value(1));
    }
    let done = change(&mut document)?;
    let new = document.to_string();
    // What would not be read back is not written.
    check(&new, &target)?;
    private::replace(&target, new.as_bytes())?;
    drop(lock);
    Ok(done)
}

fn check(text: &str, target: &Path) -> Result<(), ConfigError> {
    let read = text.parse().map_err(|error: toml::de::Error| syntax(target, error.to_string()))?;
    super::file::merge(&mut super::Config::default(), read, target)
}

/// Follows a link whose target does not exist yet.
fn link_target(path: &Path) -> PathBuf {
    match fs::read_link(path) {
        Ok(target) => private::directory_of(path).join(target),
        Err(_) => path.to_owned(),
    }
}

fn contexts(document: &mut DocumentMut) -> Result<&mut Table, ConfigError> {
    let contexts = document.entry("contexts").or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    contexts.as_table_mut().ok_or_else(|| not_a_table("contexts"))
}

/// Sets a value and keeps the comment behind the old one.
fn put(table: &mut dyn toml_edit::TableLike, key: &str, mut value: Value) {
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    table.insert(key, Item::Value(value));
}

fn check_name(name: &str) -> Result<(), ConfigError> {
    let known =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-' | '[' | ']');
    if (1..=63).contains(&name.len()) && name.chars().all(known) {
        Ok(())
    } else {
        Err(ConfigError::Name(name.chars().take(80).collect()))
    }
}

fn check_key(key: &str, known: &[&str], what: &str) -> Result<(), ConfigError> {
    if known.contains(&key) {
        return Ok(());
    }
    let near = nearest(key, known.iter().copied());
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let key = crate::sanitize(key);
    Err(ConfigError::Value(format!("there is no {what} key `{key}`{near}")))
}

fn no_context<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> ConfigError {
    let near = nearest(name, known).map(str::to_owned);
    ConfigError::NoContext { name: name.to_owned(), near }
}

fn not_a_table(name: &str) -> ConfigError {
    ConfigError::Value(format!("`{name}` in the configuration file is not a table"))
}

fn syntax(path: &Path, reason: String) -> ConfigError {
    ConfigError::Syntax { path: path.to_owned(), reason }
}
