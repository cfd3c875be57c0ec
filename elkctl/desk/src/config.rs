//! The configuration of the command line: settings and contexts.

mod edit;
mod file;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

pub use edit::{
    Change, Edited, delete_context, rename_context, set_context, set_setting, use_context,
};
pub use file::{ConfigError, load};

use crate::Origin;

/// The configuration as read, the user's over the system's.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The context that is used if none is named.
    pub current_context: Option<String>,
    /// Settings for all contexts.
    pub settings: Settings,
    /// Contexts by name.
    pub contexts: BTreeMap<String, Context>,
    /// What is odd about the files: unknown keys, modes.
    pub warnings: Vec<String>,
}

/// Settings for all contexts; what is `None` has the built-in value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Output format.
    pub output: Option<String>,
    /// When to colour.
    pub color: Option<String>,
    /// Rows per page.
    pub page_limit: Option<u32>,
    /// More agents than this make a change severe.
    pub confirm_threshold: Option<u64>,
    /// Where login stores credentials.
    pub credential_store: Option<Store>,
}

impl Settings {
    /// Returns above how many agents a change is severe.
    pub fn confirm_threshold(&self) -> u64 {
        self.confirm_threshold.unwrap_or(1_000)
    }
}

/// One server and how to reach it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Context {
    /// Its address.
    pub server: String,
    /// Who logs in; the server decides.
    pub user: Option<String>,
    /// PEM file of the authority to trust.
    pub ca_file: Option<PathBuf>,
    /// PEM file of the client certificate.
    pub client_cert: Option<PathBuf>,
    /// PEM file of its key.
    pub client_key: Option<PathBuf>,
    /// The name that the server's certificate must hold.
    pub tls_server_name: Option<String>,
    /// The proxy on the way.
    pub proxy: Option<String>,
    /// Every change is severe.
    pub protected: bool,
    /// Every change is refused.
    pub read_only: bool,
    /// Shown before changes.
    pub banner: Option<String>,
    /// Colour of the banner.
    pub color: Option<String>,
    /// Added to the selector of lists.
    pub default_selector: Option<String>,
    /// Any certificate is taken.
    pub insecure_skip_verify: bool,
    /// Plain HTTP to other hosts is taken.
    pub allow_plaintext: bool,
    /// Where its credential is.
    pub credential: Option<CredentialSource>,
}

impl Context {
    /// Returns which server it is.
    pub fn origin(&self) -> Option<Origin> {
        self.server.parse().ok()
    }

    /// Makes empty texts absent and paths relative to the configuration's directory.
    fn settle(&mut self, directory: &Path) {
        for text in [
            &mut self.user,
            &mut self.tls_server_name,
            &mut self.proxy,
            &mut self.banner,
            &mut self.color,
            &mut self.default_selector,
        ] {
            *text = text.take().filter(|text| !text.is_empty());
        }
        for path in [&mut self.ca_file, &mut self.client_cert, &mut self.client_key] {
            let set = path.take().filter(|path| !path.as_os_str().is_empty());
            *path = set.map(|path| directory.join(path));
        }
    }
}

/// Where a context's credential is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CredentialSource {
    /// The kind of place.
    pub store: Store,
    /// For `exec`: the program and its arguments.
    #[serde(default)]
    pub command: Vec<String>,
    /// For `exec`: how long its answer is kept.
    #[serde(default, deserialize_with = "duration")]
    pub cache_ttl: Option<Duration>,
}

fn duration<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    crate::parse_duration(&text).map(Some).map_err(serde::de::Error::custom)
}

/// A kind of place for credentials.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Store {
    /// The keyring if it answers.
    Auto,
    /// The desktop's keyring.
    Keyring,
    /// The kernel's keyring, which this build does not have.
    Keyutils,
    /// A file that only the owner reads.
    File,
    /// A program that prints one.
    Exec,
    /// None: it is not kept.
    None,
}

impl Store {
    /// Returns the word in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Keyring => "keyring",
            Self::Keyutils => "keyutils",
            Self::File => "file",
            Self::Exec => "exec",
            Self::None => "none",
        }
    }
}

impl Config {
    /// Returns a context by name.
    pub fn context(&self, name: &str) -> Option<&Context> {
        self.contexts.get(name)
    }

    /// Returns the contexts of a server, by name.
    pub fn contexts_of(&self, origin: &Origin) -> impl Iterator<Item = (&str, &Context)> {
        self.contexts
            .iter()
            .filter(move |(_, context)| context.origin().as_ref() == Some(origin))
            .map(|(name, context)| (name.as_str(), context))
    }
}
