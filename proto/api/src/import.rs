//! What an installation of the reference hands over.

use elk_model::{AgentId, Tag};
use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Endpoint, Nothing, Permission, Role};

/// The most agents or users of one call.
pub const MAX_IMPORT: usize = 500;
/// The largest body of a call, in bytes.
pub const MAX_IMPORT_BYTES: usize = 4 << 20;

/// An agent, as the reference's Manager kept it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedAgent {
    /// Its id.
    pub id: AgentId,
    /// Its last heartbeat as AgentCenter told it.
    #[serde(default)]
    pub heartbeat: Map<String, Value>,
    /// The last heartbeats of its plugins.
    #[serde(default)]
    pub plugins: Vec<Map<String, Value>>,
    /// Its tags.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// Unix seconds of its first heartbeat.
    #[serde(default)]
    pub first_seen: Option<i64>,
}

/// Agents to take over.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportAgents {
    /// At most 500.
    pub agents: Vec<ImportedAgent>,
}

/// A user, without a password.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedUser {
    /// 1 to 64 characters of `[A-Za-z0-9._@-]`.
    pub name: String,
    /// The role.
    pub role: Role,
}

/// Users to take over.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportUsers {
    /// At most 500.
    pub users: Vec<ImportedUser>,
}

/// What became of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Imported {
    /// Objects that were not there, and are now.
    pub taken: u64,
    /// Tags that agents did not have, and have now.
    pub tagged: u64,
    /// Objects that were there already: they stay as they are.
    pub unchanged: u64,
}

/// Takes agents over.
#[derive(Debug)]
pub struct Agents;

impl Endpoint for Agents {
    const ID: &'static str = "import.agents";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/import/agents";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Takes agents and their tags over from the reference; those that are known stay as they are.";
    type Query = Nothing;
    type Body = ImportAgents;
    type Reply = Imported;
}

/// Takes users over.
#[derive(Debug)]
pub struct Users;

impl Endpoint for Users {
    const ID: &'static str = "import.users";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/import/users";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Takes users over from the reference; they sign in once an administrator has set a password.";
    type Query = Nothing;
    type Body = ImportUsers;
    type Reply = Imported;
}
