//! Settings of another program, said in ours.

use std::path::Path;

use elk_trust::aksk::{KeyPair, Keys};
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::settings::{override_with, set};
use crate::{Foreign, SettingsError};

/// Says in our settings what a file of the reference says.
pub type Translate = fn(&mut Foreign) -> Result<Translation, SettingsError>;

/// Settings of ours that say the same as another program's.
#[derive(Default)]
pub struct Translation {
    table: Table,
    derived: Vec<Derived>,
    notes: Vec<String>,
}

/// A setting of ours that the file has no key for.
struct Derived {
    key: String,
    value: Option<Value>,
    why: String,
}

impl Translation {
    /// Sets a key of ours, such as `grpc.listen`.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        let keys: Vec<_> = key.split('.').collect();
        set(&mut self.table, &keys, value.into()).expect("translators set no key below a value");
    }

    /// Sets `{key}.ak` and `{key}.sk`.
    pub fn set_pair(&mut self, key: &str, pair: &KeyPair) {
        self.set(&format!("{key}.ak"), pair.ak.as_str());
        self.set(&format!("{key}.sk"), pair.sk.expose());
    }

    /// Sets secret keys by access key.
    pub fn set_keys(&mut self, key: &str, keys: &Keys) {
        let pairs = keys.pairs();
        let table = pairs.map(|(ak, sk)| (ak.to_owned(), Value::from(sk.expose())));
        self.set(key, Value::Table(table.collect()));
    }

    /// Sets a key of ours that the file lacks, unless the environment does, and says so; with no
    /// value only says so.
    pub fn derive(&mut self, key: &str, value: Option<&str>, why: &str) {
        let value = value.map(Value::from);
        self.derived.push(Derived { key: key.to_owned(), value, why: why.to_owned() });
    }

    /// Tells whoever starts the daemon.
    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    /// Says that keys which the file has are not used.
    pub fn unused(&mut self, keys: &[String], why: &str) {
        if !keys.is_empty() {
            self.note(format!("{}: not used: {why}", keys.join(", ")));
        }
    }
}

/// Does what [`load`](crate::load) does for a YAML file, with the variables given.
///
/// # Errors
///
/// Which place holds what wrong.
pub fn load_translated<T: DeserializeOwned>(
    path: &Path,
    prefix: &str,
    variables: impl IntoIterator<Item = (String, String)>,
    translate: Translate,
) -> Result<(T, Vec<String>), SettingsError> {
    let refused = |reason: &str| {
        let reason = reason.trim().to_owned();
        SettingsError::Translated { path: path.to_owned(), reason }
    };
    let mut file = Foreign::read(path)?;
    let Translation { table, derived, mut notes } = translate(&mut file)?;
    let left = file.left();
    if !left.is_empty() {
        notes.push(format!("not known and not used: {}", left.join(", ")));
    }
    let settings =
        T::deserialize(Value::Table(table.clone())).map_err(|error| refused(error.message()))?;
    let (mut settings, mut table) = override_with(variables, prefix, (settings, table))?;
    for it in derived {
        let keys: Vec<&str> = it.key.split('.').collect();
        let variable = format!("{prefix}__{}", keys.join("__").to_ascii_uppercase());
        if is_set(&table, &keys) {
            continue;
        }
        let Some(value) = it.value else {
            notes.push(format!("there is no key for {}: {}; {variable} sets it", it.key, it.why));
            continue;
        };
        notes.push(format!(
            "there is no key for {0}: {0} = {value}, {1}; {variable} sets another",
            it.key, it.why
        ));
        set(&mut table, &keys, value).map_err(|reason| refused(&reason))?;
        settings = T::deserialize(Value::Table(table.clone()))
            .map_err(|error| refused(error.message()))?;
    }
    let shown = path.display();
    Ok((settings, notes.into_iter().map(|note| format!("{shown}: {note}")).collect()))
}

fn is_set(table: &Table, keys: &[&str]) -> bool {
    match keys {
        [] => true,
        [first, rest @ ..] => match table.get(*first) {
            None => false,
            Some(Value::Table(inner)) => is_set(inner, rest),
            Some(_) => true,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

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

    fn translate(file: &mut Foreign) -> Result<Translation, SettingsError> {
        let mut ours = Translation::default();
        if let Some(port) = file.number::<u16>("server.port")? {
            ours.set("inner.port", i64::from(port));
        }
        ours.derive("inner.name", Some("host"), "as it is done");
        let unused = file.drop_all(&["log"]);
        ours.unused(&unused, "there is none");
        Ok(ours)
    }

    fn translated(
        text: &str,
        variables: &[(&str, &str)],
    ) -> Result<(Outer, Vec<String>), SettingsError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("svr.yml");
        fs::write(&path, text).unwrap();
        let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let (outer, notes) = load_translated(&path, "ELK_T", variables, translate)?;
        let at = format!("{}: ", path.display());
        Ok((outer, notes.iter().map(|it| it.replace(&at, "")).collect()))
    }

    #[test]
    fn a_translated_file_counts_below_the_environment_and_says_what_it_could_not() {
        let text = "Server: {Port: 7, Color: red}\nlog: {path: x}\n";
        let (outer, notes) = translated(text, &[]).unwrap();
        let inner = Inner { port: 7, name: "host".to_owned() };
        assert_eq!(outer, Outer { inner, on: false });
        let expected = [
            "log: not used: there is none",
            "not known and not used: server.color (line 1)",
            "there is no key for inner.name: inner.name = \"host\", as it is done; ELK_T__INNER__NAME sets another",
        ];
        assert_eq!(notes, expected);
        let set = [("ELK_T__INNER__NAME", "mine"), ("ELK_T__INNER__PORT", "8")];
        let (outer, notes) = translated("Server: {Port: 7}\n", &set).unwrap();
        let inner = Inner { port: 8, name: "mine".to_owned() };
        assert_eq!((outer, notes), (Outer { inner, on: false }, Vec::new()));
        let error = translated("", &[("ELK_T__INNER__PROT", "8")]).unwrap_err();
        assert!(error.to_string().contains("ELK_T__INNER__PROT"), "{error}");
    }
}
