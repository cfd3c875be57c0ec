//! Operations of the native API.

use http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{
    agents, cluster, components, kube, profiles, records, selections, session, tags, tasks, users,
};

/// One operation of the Manager's native API.
///
/// The implementing type is a marker; the holes of [`ROUTE`](Self::ROUTE) are filled in order.
pub trait Endpoint: Send + Sync + 'static {
    /// Stable name, `noun.verb`.
    const ID: &'static str;
    /// Request method.
    const METHOD: Method;
    /// Route template in axum's syntax, such as `/api/n1/agents/{agent}`.
    const ROUTE: &'static str;
    /// What the caller must be allowed to do.
    const NEEDS: Permission;
    /// One sentence for the API description.
    const SUMMARY: &'static str;
    /// What the request body is.
    const BODY: Content = Content::Json;
    /// What the reply is.
    const REPLY: Content = Content::Json;
    /// Query string; [`Nothing`] if there is none.
    type Query: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static;
    /// Request body; [`Nothing`] if there is none.
    type Body: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static;
    /// Reply; for [`Content::Lines`] one line of it.
    type Reply: Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static;
}

/// The media of a body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// One JSON document, or no body at all for [`Nothing`].
    Json,
    /// `application/octet-stream`.
    Octets,
    /// `application/x-ndjson`: a stream of JSON documents, one a line.
    Lines,
}

/// No query, no body or no reply.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[expect(clippy::empty_structs_with_brackets, reason = "reads and writes as an empty JSON object")]
pub struct Nothing {}

/// What a caller must be allowed to do.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Nothing: sign-in and health.
    Anyone,
    /// Being signed in.
    SignedIn,
    /// See agents, tags, tasks, components, configuration, records and the cluster.
    ReadFleet,
    /// Tag and forget agents.
    WriteAgents,
    /// Create and cancel tasks, restart agents.
    RunTasks,
    /// Create components and publish versions.
    WriteComponents,
    /// Change and push configuration.
    WriteConfig,
    /// Create users and set their passwords and roles.
    ManageUsers,
}

impl Permission {
    /// Returns the word by which it is told to callers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::SignedIn => "signed_in",
            Self::ReadFleet => "read_fleet",
            Self::WriteAgents => "write_agents",
            Self::RunTasks => "run_tasks",
            Self::WriteComponents => "write_components",
            Self::WriteConfig => "write_config",
            Self::ManageUsers => "manage_users",
        }
    }
}

/// A user's role.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Admin,
    /// Everything but users.
    Operator,
    /// Only see.
    Viewer,
}

impl Role {
    /// All roles, most powerful first.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Operator, Self::Viewer];

    /// Returns the lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Operator => "operator",
            Self::Viewer => "viewer",
        }
    }

    /// Returns the number that the reference's API shows for the role (`level`).
    pub fn level(self) -> u8 {
        match self {
            Self::Admin => 0,
            Self::Operator => 1,
            Self::Viewer => 3,
        }
    }

    /// Returns whether the role may do what `permission` names; what is not granted is denied.
    pub fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::Anyone | Permission::SignedIn | Permission::ReadFleet => true,
            Permission::WriteAgents
            | Permission::RunTasks
            | Permission::WriteComponents
            | Permission::WriteConfig => matches!(self, Self::Admin | Self::Operator),
            Permission::ManageUsers => self == Self::Admin,
        }
    }
}

/// An [`Endpoint`] as data.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Stable name, `noun.verb`.
    pub id: &'static str,
    /// Request method.
    pub method: Method,
    /// Route template.
    pub route: &'static str,
    /// What the caller must be allowed to do.
    pub needs: Permission,
    /// One sentence.
    pub summary: &'static str,
    /// What the request body is.
    pub body: Content,
    /// What the reply is.
    pub reply: Content,
    /// Schema of the query string.
    pub query_schema: fn(&mut SchemaGenerator) -> Schema,
    /// Schema of the body; `None` if there is no body.
    pub body_schema: Option<fn(&mut SchemaGenerator) -> Schema>,
    /// Schema of the reply.
    pub reply_schema: fn(&mut SchemaGenerator) -> Schema,
}

impl Operation {
    /// Describes `E`.
    pub fn of<E: Endpoint>() -> Self {
        let nothing = std::any::TypeId::of::<E::Body>() == std::any::TypeId::of::<Nothing>();
        let bodiless = nothing && E::BODY == Content::Json;
        Self {
            id: E::ID,
            method: E::METHOD,
            route: E::ROUTE,
            needs: E::NEEDS,
            summary: E::SUMMARY,
            body: E::BODY,
            reply: E::REPLY,
            query_schema: SchemaGenerator::subschema_for::<E::Query>,
            body_schema: (!bodiless).then_some(SchemaGenerator::subschema_for::<E::Body>),
            reply_schema: SchemaGenerator::subschema_for::<E::Reply>,
        }
    }
}

/// Lists every operation of the native API.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::of::<session::Login>(),
        Operation::of::<session::Logout>(),
        Operation::of::<session::Me>(),
        Operation::of::<agents::List>(),
        Operation::of::<agents::Get>(),
        Operation::of::<agents::Aggregate>(),
        Operation::of::<agents::Restart>(),
        Operation::of::<agents::Forget>(),
        Operation::of::<agents::Config>(),
        Operation::of::<selections::Create>(),
        Operation::of::<tags::List>(),
        Operation::of::<tags::Add>(),
        Operation::of::<tags::Remove>(),
        Operation::of::<tasks::Create>(),
        Operation::of::<tasks::List>(),
        Operation::of::<tasks::Get>(),
        Operation::of::<tasks::Results>(),
        Operation::of::<tasks::Cancel>(),
        Operation::of::<components::Create>(),
        Operation::of::<components::List>(),
        Operation::of::<components::Get>(),
        Operation::of::<components::Versions>(),
        Operation::of::<components::Upload>(),
        Operation::of::<components::Publish>(),
        Operation::of::<profiles::Get>(),
        Operation::of::<profiles::Set>(),
        Operation::of::<profiles::Push>(),
        Operation::of::<users::List>(),
        Operation::of::<users::Create>(),
        Operation::of::<users::SetPassword>(),
        Operation::of::<records::Tail>(),
        Operation::of::<cluster::Status>(),
        Operation::of::<kube::List>(),
        Operation::of::<kube::Add>(),
        Operation::of::<kube::Issue>(),
        Operation::of::<kube::Remove>(),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_operations_share_a_name_or_a_route_and_method() {
        let (mut ids, mut routes) = (HashSet::new(), HashSet::new());
        for operation in operations() {
            assert!(ids.insert(operation.id), "{} twice", operation.id);
            let route = (operation.method, operation.route);
            assert!(routes.insert(route.clone()), "{route:?} twice");
        }
    }

    #[test]
    fn a_permission_is_called_the_same_in_a_sentence_and_in_json() {
        for permission in operations().iter().map(|it| it.needs) {
            let json = serde_json::to_value(permission).expect("a word");
            assert_eq!(json, permission.as_str());
        }
    }

    #[test]
    fn a_viewer_changes_nothing_and_an_operator_leaves_users_alone() {
        let writes = [
            Permission::WriteAgents,
            Permission::RunTasks,
            Permission::WriteComponents,
            Permission::WriteConfig,
            Permission::ManageUsers,
        ];
        for permission in writes {
            assert!(!Role::Viewer.may(permission), "{permission:?}");
            let operator = permission != Permission::ManageUsers;
            assert_eq!(Role::Operator.may(permission), operator, "{permission:?}");
            assert!(Role::Admin.may(permission), "{permission:?}");
        }
    }
}
