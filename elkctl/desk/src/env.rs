//! The environment: every variable that is read, listed once.

use std::collections::BTreeMap;

/// Every variable that is read; none else is.
pub const NAMES: [&str; 35] = [
    "ELKCTL_CONFIG",
    "ELKCTL_CONTEXT",
    "ELKCTL_SERVER",
    "ELKCTL_TOKEN",
    "ELKCTL_TOKEN_FILE",
    "ELKCTL_OUTPUT",
    "ELKCTL_NO_INPUT",
    "ELKCTL_REQUEST_TIMEOUT",
    "ELKCTL_CA_FILE",
    "ELKCTL_LOG",
    "ELKCTL_PAGER",
    "ELKCTL_EDITOR",
    "ELKCTL_NO_KEYRING",
    "ELKCTL_COMPLETE_TIMEOUT_MS",
    "ELKCTL_COMPLETE_OFFLINE",
    "NO_COLOR",
    "CLICOLOR_FORCE",
    "FORCE_COLOR",
    "TERM",
    "COLUMNS",
    "LINES",
    "PAGER",
    "EDITOR",
    "VISUAL",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "CI",
    "TZ",
    "LANG",
    "HOME",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
];

/// The variables of [`NAMES`] that are set, as they were when it was made.
#[derive(Clone, Default)]
pub struct Env(BTreeMap<&'static str, String>);

impl Env {
    /// Reads the process's environment; values that are not UTF-8 count as not set.
    pub fn process() -> Self {
        Self::from_fn(|name| std::env::var(name).ok())
    }

    /// Asks `read` for each name.
    pub fn from_fn(read: impl Fn(&str) -> Option<String>) -> Self {
        Self(NAMES.iter().filter_map(|name| Some((*name, read(name)?))).collect())
    }

    /// Returns a variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        debug_assert!(NAMES.contains(&name), "{name} is not in the list");
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Returns whether a switch is on: set to anything but nothing, `0`, `false`, `no` and `off`.
    pub fn is_on(&self, name: &str) -> bool {
        let off = ["0", "false", "no", "off"];
        self.get(name).is_some_and(|value| !off.contains(&value.to_ascii_lowercase().as_str()))
    }
}

/// Names only: values may be secrets.
impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_variables_are_read_and_values_never_print() {
        let env = Env::from_fn(|name| {
            assert!(NAMES.contains(&name), "{name}");
            (name == "ELKCTL_TOKEN").then(|| "hunter2".to_owned())
        });
        assert_eq!(env.get("ELKCTL_TOKEN"), Some("hunter2"));
        assert_eq!(env.get("ELKCTL_SERVER"), None);
        assert!(!format!("{env:?}").contains("hunter2"));
    }

    #[test]
    fn a_switch_is_off_for_the_words_that_say_so() {
        for (value, on) in [
            ("", false),
            ("0", false),
            ("False", false),
            ("no", false),
            ("OFF", false),
            ("1", true),
        ] {
            let env = Env::from_fn(|name| (name == "CI").then(|| value.to_owned()));
            assert_eq!(env.is_on("CI"), on, "{value:?}");
        }
    }
}
