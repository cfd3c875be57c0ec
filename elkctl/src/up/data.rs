//! The data directory of `up`: what the first start makes and later ones find.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File};
use std::net::{IpAddr, TcpListener};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use elk_desk::{Exit, Failure};
use elk_trust::aksk::KeyPair;
use elk_trust::ca::{self, Authority};
use elk_trust::files::write_private;
use elk_trust::{SERVER_NAME, Secret, random_access_key, random_password, random_secret_key};
use rustix::fs::{FlockOperation, flock};
use serde_json::Value;

const FORMAT: u64 = 1;

/// The directory.
pub(super) struct DataDir {
    root: PathBuf,
    /// Locked as long as this process lives.
    _marker: File,
}

/// Where the daemons listen; 0 for any free port.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ports {
    pub(super) sd: u16,
    pub(super) manager: u16,
    pub(super) ac_grpc: u16,
    pub(super) ac_http: u16,
}

/// What was made once.
pub(super) struct Keep {
    pub(super) ca: String,
    pub(super) client: (String, Secret),
    pub(super) admin_password: Secret,
    pub(super) sd_key: KeyPair,
    pub(super) ac_key: KeyPair,
    pub(super) manager_key: KeyPair,
}

impl DataDir {
    /// Opens or creates the directory; one that a later version wrote is left alone.
    pub(super) fn open(root: Option<PathBuf>) -> anyhow::Result<Self> {
        let root = match root {
            Some(root) => root,
            None => default_root().context("there is no home directory; say --data DIR")?,
        };
        let marker = root.join("elk.json");
        if let Ok(text) = fs::read(&marker) {
            let value: Value = serde_json::from_slice(&text)
                .with_context(|| format!("{} is damaged; nothing was touched", marker.display()))?;
            let Some(format) = value["format"].as_u64() else {
                bail!("{} is damaged; nothing was touched", marker.display());
            };
            if format > FORMAT {
                bail!(
                    "{} was written by a later version (format {format}); nothing was touched",
                    root.display()
                );
            }
        } else {
            // A start that was killed at once may have left the draft of its first file.
            let foreign =
                |name: &std::ffi::OsStr| !name.to_string_lossy().starts_with(".elk.json.");
            let occupied = fs::read_dir(&root)
                .is_ok_and(|it| it.flatten().any(|entry| foreign(&entry.file_name())));
            if occupied {
                bail!("{} is not empty and holds no elk.json; nothing was touched", root.display());
            }
            let mut private = DirBuilder::new();
            private.recursive(true).mode(0o700);
            private
                .create(&root)
                .with_context(|| format!("could not create {}", root.display()))?;
            write_private(&marker, format!("{{\"format\":{FORMAT}}}\n").as_bytes())?;
        }
        let file =
            File::open(&marker).with_context(|| format!("could not open {}", marker.display()))?;
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            bail!("{} is in use by another elkctl up; nothing was touched", root.display());
        }
        let data = Self { root: fs::canonicalize(&root)?, _marker: file };
        data.withdraw();
        Ok(data)
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Reads certificates, keys and the admin password, or makes what is missing.
    pub(super) fn keep(&self, host: &str, import: Option<&Path>, now: i64) -> anyhow::Result<Keep> {
        fs::create_dir_all(self.path("pki"))?;
        if !self.path("pki/server.crt").exists() {
            self.make_pki(host, import, now)?;
        } else if let Some(dir) = import {
            self.same_pki(dir)?;
        }
        let password = self.once("admin-password", || random_password().expose().to_owned())?;
        Ok(Keep {
            ca: self.read("pki/ca.crt")?,
            client: (self.read("pki/client.crt")?, Secret::new(self.read("pki/client.key")?)),
            admin_password: Secret::new(password.trim()),
            sd_key: self.key("keys/sd")?,
            ac_key: self.key("keys/ac")?,
            manager_key: self.key("keys/manager")?,
        })
    }

    fn make_pki(&self, host: &str, import: Option<&Path>, now: i64) -> anyhow::Result<()> {
        let (authority, server, client) = if let Some(dir) = import {
            let now = u64::try_from(now).unwrap_or_default();
            let found = ca::import(dir, now)
                .with_context(|| format!("could not import {}", dir.display()))?;
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
        fs::create_dir_all(self.path("keys"))?;
        let make = || format!("{} {}", random_access_key(), random_secret_key().expose());
        let text = self.once(name, make)?;
        let (ak, sk) = text.trim().split_once(' ').with_context(|| format!("{name} is damaged"))?;
        Ok(KeyPair { ak: ak.to_owned(), sk: Secret::new(sk) })
    }

    fn once(&self, name: &str, make: impl FnOnce() -> String) -> anyhow::Result<String> {
        let path = self.path(name);
        if !path.exists() {
            write_private(&path, format!("{}\n", make()).as_bytes())?;
        }
        self.read(name)
    }

    fn read(&self, name: &str) -> anyhow::Result<String> {
        let path = self.path(name);
        fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))
    }

    /// Says where everything serves, for people and scripts, and keeps the ports for the next start.
    pub(super) fn publish(&self, endpoints: &Value) -> anyhow::Result<()> {
        let text = serde_json::to_vec(endpoints)?;
        write_private(&self.path("last-endpoints.json"), &text)?;
        write_private(&self.path("endpoints.json"), &text)?;
        Ok(())
    }

    /// Takes back that everything serves.
    pub(super) fn withdraw(&self) {
        drop(fs::remove_file(self.path("endpoints.json")));
    }

    /// Returns where to listen: on the reference's ports, or `auto`: on the last ones where they
    /// are free.
    pub(super) fn ports(&self, listen: IpAddr, auto: bool) -> Ports {
        if !auto {
            return Ports { sd: 8088, manager: 6701, ac_grpc: 6751, ac_http: 6752 };
        }
        let last = self.last_ports();
        let free = |name: &str| {
            let port = last.get(name).copied().unwrap_or(0);
            if TcpListener::bind((listen, port)).is_ok() { port } else { 0 }
        };
        Ports {
            sd: free("sd"),
            manager: free("manager"),
            ac_grpc: free("ac_grpc"),
            ac_http: free("ac_http"),
        }
    }

    /// Returns the ports of the last start, by endpoint.
    fn last_ports(&self) -> BTreeMap<String, u16> {
        let text = fs::read(self.path("last-endpoints.json")).unwrap_or_default();
        let all: BTreeMap<String, String> = serde_json::from_slice(&text).unwrap_or_default();
        let port = |url: &str| url.rsplit_once(':')?.1.parse().ok();
        all.iter().filter_map(|(name, url)| Some((name.clone(), port(url)?))).collect()
    }
}

fn default_root() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|it| it.is_absolute());
    let base = set("XDG_DATA_HOME").or_else(|| set("HOME").map(|it| it.join(".local/share")))?;
    Some(base.join("elk"))
}
