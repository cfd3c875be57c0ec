//! Where files are.

use std::path::PathBuf;

use crate::Env;

/// Where files are; none needs to exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The user's configuration.
    pub config: PathBuf,
    /// The system's configuration, which counts less.
    pub system: PathBuf,
    /// Directory of stored credentials.
    pub credentials: PathBuf,
    /// Directory of crash reports.
    pub state: PathBuf,
    /// Directory of what can be fetched again.
    pub cache: PathBuf,
    /// Directory of the data of `up`.
    pub data: PathBuf,
}

impl Paths {
    /// Derives them from the environment; `None` without a home directory.
    pub fn new(env: &Env) -> Option<Self> {
        let home = env.get("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
        // The base directory specification says to ignore relative ones.
        let base = |name: &str, under_home: &str| {
            let set = env.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
            Some(set.or_else(|| Some(home.as_ref()?.join(under_home)))?.join("elkctl"))
        };
        let state = base("XDG_STATE_HOME", ".local/state")?;
        let config = match env.get("ELKCTL_CONFIG") {
            Some(path) => PathBuf::from(path),
            None => base("XDG_CONFIG_HOME", ".config")?.join("config.toml"),
        };
        Some(Self {
            config,
            system: PathBuf::from("/etc/elkctl/config.toml"),
            credentials: state.join("credentials"),
            state,
            cache: base("XDG_CACHE_HOME", ".cache")?,
            data: base("XDG_DATA_HOME", ".local/share")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn files_follow_the_base_directories_and_elkctl_config() {
        let env = |pairs: &'static [(&str, &str)]| {
            Env::from_fn(|name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        let paths = Paths::new(&env(&[("HOME", "/h")])).unwrap();
        assert_eq!(paths.config, Path::new("/h/.config/elkctl/config.toml"));
        assert_eq!(paths.credentials, Path::new("/h/.local/state/elkctl/credentials"));
        let set = &[
            ("HOME", "/h"),
            ("XDG_STATE_HOME", "/s"),
            ("XDG_CACHE_HOME", "relative"),
            ("ELKCTL_CONFIG", "/c.toml"),
        ];
        let paths = Paths::new(&env(set)).unwrap();
        assert_eq!(paths.config, Path::new("/c.toml"));
        assert_eq!(paths.credentials, Path::new("/s/elkctl/credentials"));
        assert_eq!(paths.cache, Path::new("/h/.cache/elkctl"));
        assert_eq!(Paths::new(&env(&[])), None);
    }
}
