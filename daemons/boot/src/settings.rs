//! Settings from a file and the environment: from TOML, or from YAML of the reference.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::translation::{Translate, load_translated};

/// Settings were refused.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is one of the reference.
    #[error("{} is YAML, as the reference's settings are; these are TOML; a daemon that runs alone reads both, and --print-config says the same in TOML", path.display())]
    Yaml {
        /// The file.
        path: PathBuf,
    },
    /// The file holds something it should not.
    #[error("{}:{line}:{column}: {key}{reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The key and a colon, or nothing.
        key: String,
        /// What is wrong.
        reason: String,
    },
    /// A key without which nothing works has no value.
    #[error("{}: {key}: is missing", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
    },
    /// What a file of the reference says is nothing that these settings can say.
    #[error("{}: {reason}", path.display())]
    Translated {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// An environment variable names no setting or has a value that does not fit.
    #[error("environment variable {variable}: {reason}")]
    Variable {
        /// The variable.
        variable: String,
        /// What is wrong.
        reason: String,
    },
}

/// Reads settings from `path` (none: the defaults) and then `{prefix}__KEY__SUBKEY` of the environment.
/// YAML is translated. Returns what is to be told about it, too.
///
/// # Errors
///
/// Which place holds what wrong.
pub fn load<T: DeserializeOwned>(
    path: Option<&Path>,
    prefix: &str,
    translate: Translate,
) -> Result<(T, Vec<String>), SettingsError> {
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
    });
    match path.filter(|it| is_yaml(it)) {
        Some(yaml) => load_translated(yaml, prefix, variables, translate),
        None => Ok((load_with(path, prefix, variables)?, Vec::new())),
    }
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "yml" || it == "yaml")
}

/// Does what [`load`] does for TOML, with the variables given.
///
/// # Errors
///
/// Which place holds what wrong.
pub fn load_with<T: DeserializeOwned>(
    path: Option<&Path>,
    prefix: &str,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<T, SettingsError> {
    let text = match path {
        None => String::new(),
        Some(path) => fs::read_to_string(path)
            .map_err(|source| SettingsError::Read { path: path.to_owned(), source })?,
    };
    if let Some(path) = path.filter(|it| is_yaml(it)) {
        return Err(SettingsError::Yaml { path: path.to_owned() });
    }
    let shown = path.unwrap_or(Path::new("defaults"));
    let in_file = |error: &toml::de::Error| located(shown, &text, error);
    let settings: T = toml::from_str(&text).map_err(|error| in_file(&error))?;
    let table: Table = toml::from_str(&text).map_err(|error| in_file(&error))?;
    Ok(override_with(variables, prefix, (settings, table))?.0)
}

/// Sets what `{prefix}__KEY__SUBKEY` say.
pub(crate) fn override_with<T: DeserializeOwned>(
    variables: impl IntoIterator<Item = (String, String)>,
    prefix: &str,
    (mut settings, mut table): (T, Table),
) -> Result<(T, Table), SettingsError> {
    let prefix = format!("{prefix}__");
    let mut ours: Vec<_> =
        variables.into_iter().filter(|(name, _)| name.starts_with(&prefix)).collect();
    ours.sort();
    for (variable, value) in ours {
        let keys = variable.strip_prefix(&prefix).unwrap_or_default().to_ascii_lowercase();
        let keys: Vec<&str> = keys.split("__").collect();
        (settings, table) = put(&table, &keys, &value)
            .map_err(|reason| SettingsError::Variable { variable, reason })?;
    }
    Ok((settings, table))
}

/// Sets a key to the TOML value in `text`, or to `text` itself where only a string fits.
fn put<T: DeserializeOwned>(
    table: &Table,
    keys: &[&str],
    text: &str,
) -> Result<(T, Table), String> {
    let parsed = toml::from_str::<Table>(&format!("value = {text}"));
    let parsed = parsed.ok().filter(|it| it.len() == 1).and_then(|mut it| it.remove("value"));
    let mut reason = String::new();
    for value in parsed.into_iter().chain([Value::String(text.to_owned())]) {
        let mut changed = table.clone();
        set(&mut changed, keys, value)?;
        match T::deserialize(Value::Table(changed.clone())) {
            Ok(settings) => return Ok((settings, changed)),
            Err(error) if reason.is_empty() => error.message().clone_into(&mut reason),
            Err(_) => {}
        }
    }
    Err(reason)
}

pub(crate) fn set(table: &mut Table, keys: &[&str], value: Value) -> Result<(), String> {
    match keys {
        [] | [""] => Err("names no setting".to_owned()),
        [last] => {
            table.insert((*last).to_owned(), value);
            Ok(())
        }
        [first, rest @ ..] => {
            let inner = table.entry(*first).or_insert_with(|| Value::Table(Table::new()));
            let inner = inner.as_table_mut().ok_or_else(|| format!("`{first}` has no sub-keys"))?;
            set(inner, rest, value)
        }
    }
}

fn located(path: &Path, text: &str, error: &toml::de::Error) -> SettingsError {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let row = text.lines().nth(line - 1).unwrap_or_default();
    let key = row.split_once('=').map_or(String::new(), |(key, _)| format!("{}: ", key.trim()));
    let reason = error.message().to_owned();
    SettingsError::File { path: path.to_owned(), line, column, key, reason }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Inner {
        port: u16,
        name: String,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Outer {
        inner: Inner,
        on: bool,
    }

    fn with(text: &str, variables: &[(&str, &str)]) -> Result<Outer, String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("elk.toml");
        fs::write(&path, text).unwrap();
        let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        load_with(Some(&path), "ELK_T", variables)
            .map_err(|error| error.to_string().replace(&directory.path().display().to_string(), ""))
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let got = with(
            "[inner]\nport = 1\n",
            &[("ELK_T__INNER__PORT", "2"), ("ELK_T__INNER__NAME", "12"), ("OTHER", "x")],
        );
        let inner = Inner { port: 2, name: "12".to_owned() };
        assert_eq!(got.unwrap(), Outer { inner, on: false });
    }

    #[test]
    fn a_wrong_setting_is_named_with_its_place() {
        let error = with("on = true\n[inner]\nport = \"x\"\n", &[]).unwrap_err();
        assert!(error.starts_with("/elk.toml:3:8: port: invalid type"), "{error}");
        let error = with("onn = true\n", &[]).unwrap_err();
        assert!(error.starts_with("/elk.toml:1:1: onn: unknown field `onn`"), "{error}");
        let error = with("", &[("ELK_T__INNER__PROT", "1")]).unwrap_err();
        assert!(error.contains("ELK_T__INNER__PROT: unknown field `prot`"), "{error}");
        let error = with("on = true", &[("ELK_T__ON__X", "1")]).unwrap_err();
        assert!(error.contains("ELK_T__ON__X: `on` has no sub-keys"), "{error}");
    }

    #[test]
    fn settings_of_the_reference_are_no_toml() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("svr.yml");
        fs::write(&path, "server:\n  grpc:\n    port: 6751\n").unwrap();
        let error = load_with::<Outer>(Some(&path), "ELK_T", []).unwrap_err();
        assert!(error.to_string().contains("svr.yml is YAML"), "{error}");
    }
}
