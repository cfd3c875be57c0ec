//! A home directory for one test.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use elk_desk::{Env, Paths};

pub(crate) struct Place {
    pub(crate) home: tempfile::TempDir,
    pub(crate) paths: Paths,
}

impl Place {
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut paths = Paths::new(&Self::env_of(home.path(), &[])).unwrap();
        paths.system = home.path().join("system.toml");
        Self { home, paths }
    }

    pub(crate) fn env(&self, more: &[(&str, &str)]) -> Env {
        Self::env_of(self.home.path(), more)
    }

    fn env_of(home: &Path, more: &[(&str, &str)]) -> Env {
        Env::from_fn(|name| match name {
            "HOME" => Some(home.to_str().unwrap().to_owned()),
            _ => more.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
        })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes the user's configuration with mode 0600.
    pub(crate) fn configure(&self, text: &str) {
        Self::file(&self.paths.config, text, 0o600);
    }

    pub(crate) fn file(path: &Path, text: &str, mode: u32) {
        let directory = path.parent().unwrap();
        fs::create_dir_all(directory).unwrap();
        fs::set_permissions(directory, Permissions::from_mode(0o700)).unwrap();
        fs::write(path, text).unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
}

pub(crate) fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

pub(crate) fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}
