//! The data directory of `up`: what the first start makes and later ones find.

use std::fs::{self, DirBuilder, File};
use std::net::IpAddr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use elk_desk::{Exit, Failure};
use elk_trust::aksk::KeyPair;
use elk_trust::ca::{self, Authority, Imported};
use elk_trust::files::write_private;
use elk_trust::{SERVER_NAME, Secret, random_access_key, random_password, random_secret_key};
use serde_json::Value;

use super::look::{FORMAT, Found, MARKER, UNFINISHED, lock};
use super::ports::LAST;

/// All that a first start makes, the first file last.
const MADE: [&str; 13] = [
    "endpoints.json",
    LAST,
    "admin-password",
    "pki",
    "keys",
    "sd",
    "manager",
    "log",
    "log-audit",
    "spool",
    "spool-audit",
    "ac",
    UNFINISHED,
];

/// The directory.
pub(super) struct DataDir {
    root: PathBuf,
    /// Locked as long as this process lives.
    _marker: File,
    /// Whether this start makes it, or the rest of it.
    is_new: bool,
}

/// What was made once.
pub(super) struct Keep {
    pub(super) ca: String,
    pub(super) client: (String, Secret),
    /// None if somebody took it out of the directory.
    pub(super) admin_password: Option<Secret>,
    pub(super) sd_key: KeyPair,
    pub(super) ac_key: KeyPair,
    pub(super) manager_key: KeyPair,
}

impl DataDir {
    /// Takes the directory that was found, or begins a new one.
    pub(super) fn take(found: Found) -> anyhow::Result<Self> {
        let Found { root, marker, is_new } = found;
        let marker = if let Some(marker) = marker {
            marker
        } else {
            let mut private = DirBuilder::new();
            private.recursive(true).mode(0o700);
            private
                .create(&root)
                .with_context(|| format!("could not create {}", root.display()))?;
            // Before the first file: whoever finds that one and not this finds all there is.
            write_private(&root.join(UNFINISHED), b"")?;
            let path = root.join(MARKER);
            write_private(&path, format!("{{\"format\":{FORMAT}}}\n").as_bytes())?;
            let marker = File::open(&path)?;
            lock(&marker, &root)?;
            marker
        };
        let data = Self { root: fs::canonicalize(&root)?, _marker: marker, is_new };
        data.withdraw();
        Ok(data)
    }

    /// Says that a first start has made everything: from now on nothing may be missing.
    pub(super) fn finish(&self) -> anyhow::Result<()> {
        if self.is_new {
            fs::remove_file(self.path(UNFINISHED))?;
            File::open(&self.root)?.sync_all()?;
        }
        Ok(())
    }

    /// Removes what a first start made that did not come to its end. What stays, stays unfinished.
    pub(super) fn abandon(&self) {
        if !self.is_new || !self.path(UNFINISHED).exists() {
            return;
        }
        drop(fs::remove_file(self.path(MARKER)));
        for name in MADE {
            let path = self.path(name);
            drop(fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path)));
        }
        // Only if it is empty.
        drop(fs::remove_dir(&self.root));
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Reads certificates, keys and the admin password; a first start makes them.
    pub(super) fn keep(&self, host: &str, import: Option<Import<'_>>) -> anyhow::Result<Keep> {
        if self.is_new && !self.path("pki/server.crt").exists() {
            fs::create_dir_all(self.path("pki"))?;
            self.make_pki(host, import)?;
        } else if let Some(import) = import {
            self.same_pki(import.dir)?;
        }
        let password = self.path("admin-password");
        if self.is_new && !password.exists() {
            write_private(&password, format!("{}\n", random_password().expose()).as_bytes())?;
        }
        // A password that is made later would not be the admin's.
        let password = password.exists().then(|| self.read("admin-password")).transpose()?;
        Ok(Keep {
            ca: self.read("pki/ca.crt")?,
            client: (self.read("pki/client.crt")?, Secret::new(self.read("pki/client.key")?)),
            admin_password: password.map(|it| Secret::new(it.trim())),
            sd_key: self.key("keys/sd")?,
            ac_key: self.key("keys/ac")?,
            manager_key: self.key("keys/manager")?,
        })
    }

    fn make_pki(&self, host: &str, import: Option<Import<'_>>) -> anyhow::Result<()> {
        let (authority, server, client) = if let Some(Import { found, .. }) = import {
            if found.client_serves {
                tracing::warn!(
                    "whoever has client.crt and its key can pose as this backend: it makes a server, too, as those do that the reference makes"
                );
            }
            (found.ca, found.server, found.client)
        } else {
            let authority = Authority::create()?;
            let ip: Option<IpAddr> = host.parse().ok();
            let names: &[&str] = if ip.is_some() {
                &[SERVER_NAME, "localhost"]
            } else {
                &[SERVER_NAME, "localhost", host]
            };
            let ips: Vec<IpAddr> = ip.into_iter().collect();
            let server = authority.issue_server(names, &ips)?;
            let client = authority.issue_client("agent")?;
            let pem = authority.pem();
            write_private(&self.path("pki/ca.key"), pem.key.expose().as_bytes())?;
            (pem.cert.clone(), server, client)
        };
        let files = [
            ("ca.crt", authority.as_str()),
            ("client.crt", client.cert.as_str()),
            ("client.key", client.key.expose()),
            ("server.key", server.key.expose()),
            ("server.crt", server.cert.as_str()),
        ];
        for (name, text) in files {
            write_private(&self.path("pki").join(name), text.as_bytes())?;
        }
        Ok(())
    }

    /// Refuses certificates other than those of the first start: agents that know these would be lost.
    fn same_pki(&self, dir: &Path) -> anyhow::Result<()> {
        for name in ["ca.crt", "server.crt", "client.crt"] {
            let given = fs::read_to_string(dir.join(name));
            let given =
                given.with_context(|| format!("could not read {}", dir.join(name).display()))?;
            if given.trim() != self.read(&format!("pki/{name}"))?.trim() {
                let (root, dir) = (self.root.display(), dir.display());
                let message = format!("{root} has another {name} already than {dir}");
                let hint = "import into a new directory: --data DIR";
                return Err(Failure::new(Exit::Conflict, message).hint(hint).into());
            }
        }
        Ok(())
    }

    fn key(&self, name: &str) -> anyhow::Result<KeyPair> {
        if self.is_new {
            fs::create_dir_all(self.path("keys"))?;
        }
        if self.is_new && !self.path(name).exists() {
            let text = format!("{} {}\n", random_access_key(), random_secret_key().expose());
            write_private(&self.path(name), text.as_bytes())?;
        }
        let text = self.read(name)?;
        let (ak, sk) = text.trim().split_once(' ').with_context(|| format!("{name} is damaged"))?;
        Ok(KeyPair { ak: ak.to_owned(), sk: Secret::new(sk) })
    }

    fn read(&self, name: &str) -> anyhow::Result<String> {
        let path = self.path(name);
        fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))
    }

    /// Says where everything serves, for people and scripts, and keeps the ports for the next start.
    pub(super) fn publish(&self, endpoints: &Value) -> anyhow::Result<()> {
        let text = serde_json::to_vec(endpoints)?;
        write_private(&self.path(LAST), &text)?;
        write_private(&self.path("endpoints.json"), &text)?;
        Ok(())
    }

    /// Takes back that everything serves.
    pub(super) fn withdraw(&self) {
        drop(fs::remove_file(self.path("endpoints.json")));
    }
}

/// Certificates that somebody has already.
pub(super) struct Import<'a> {
    dir: &'a Path,
    found: Imported,
}

impl<'a> Import<'a> {
    /// Reads and checks them.
    pub(super) fn read(dir: &'a Path, now: i64) -> anyhow::Result<Self> {
        let now = u64::try_from(now).unwrap_or_default();
        let found =
            ca::import(dir, now).with_context(|| format!("could not import {}", dir.display()))?;
        Ok(Self { dir, found })
    }
}
