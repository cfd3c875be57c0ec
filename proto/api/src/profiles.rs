//! Configuration profiles: the complete set of components that agents should run.

use std::collections::BTreeMap;

use elk_model::{ComponentName, ComponentVersion};
use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Nothing, Permission, tasks};

/// The one profile that exists today.
pub const DEFAULT_PROFILE: &str = "default";

/// The complete set of components that agents should run.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Grows by one with each change; 0 before the first.
    pub revision: u64,
    /// Plugins by name. An agent stops and deletes every plugin that is not here.
    pub plugins: BTreeMap<ComponentName, PluginSetting>,
    /// The agent's own version; null leaves agents as they are.
    pub agent_version: Option<ComponentVersion>,
    /// Who changed it last.
    pub updated_by: Option<String>,
    /// When it was changed last.
    pub updated_at: Option<Timestamp>,
}

/// How an agent should run one plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginSetting {
    /// A published version.
    pub version: ComponentVersion,
    /// Handed to the plugin in its environment as `DETAIL`, at most 64 KiB; empty for none. An
    /// agent that runs this version already ignores a change of it until the plugin is restarted.
    #[serde(default)]
    pub detail: String,
}

/// A profile's new content.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProfile {
    /// The revision this replaces; any other current revision is a conflict.
    pub revision: u64,
    /// Plugins by name.
    pub plugins: BTreeMap<ComponentName, PluginSetting>,
    /// The agent's own version; null leaves agents as they are.
    pub agent_version: Option<ComponentVersion>,
}

/// To whom the configuration goes now.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PushRequest {
    /// The selection's id.
    pub selection: String,
    /// Send the empty set instead, by which these agents delete all their plugins; they stay
    /// without plugins until the next push to them that does not say this.
    #[serde(default)]
    pub remove_all_plugins: bool,
    /// How many agents may be at it at a time, 1 to 999; no limit if null.
    #[serde(default)]
    pub max_in_flight: Option<u32>,
    /// An agent has this long to report the set; 600 if null.
    #[serde(default)]
    pub timeout_seconds: Option<u32>,
}

/// Shows a profile.
#[derive(Debug)]
pub struct Get;

impl Endpoint for Get {
    const ID: &'static str = "config.get";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/profiles/{profile}";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Shows a configuration profile.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Profile;
}

/// Replaces a profile.
#[derive(Debug)]
pub struct Set;

impl Endpoint for Set {
    const ID: &'static str = "config.set";
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/n1/profiles/{profile}";
    const NEEDS: Permission = Permission::WriteConfig;
    const SUMMARY: &'static str =
        "Replaces a configuration profile; agents get it on their next connection or push.";
    type Query = Nothing;
    type Body = NewProfile;
    type Reply = Profile;
}

/// Sends the configuration to agents now; a task of kind `config`.
#[derive(Debug)]
pub struct Push;

impl Endpoint for Push {
    const ID: &'static str = "config.push";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/profiles/{profile}/push";
    const NEEDS: Permission = Permission::WriteConfig;
    const SUMMARY: &'static str =
        "Sends the configuration to agents now; answers the task that does it.";
    type Query = Nothing;
    type Body = PushRequest;
    type Reply = tasks::Task;
}
