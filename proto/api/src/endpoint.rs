//! Operations of the native API.

use http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{
    agents, alerts, audit, cluster, components, events, import, kube, profiles, records, roles,
    rollouts, selections, session, sinks, tags, tasks, tokens, totp, users,
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
    /// Reply; for [`Content::Lines`] and [`Content::Events`] one piece of it.
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
    /// `text/event-stream`: server-sent events, the data of each one line of JSON.
    Events,
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
    /// Say what has been done about alerts, and bring some.
    WriteAlerts,
    /// Create users, set their passwords and roles, and say where alerts are sent.
    ManageUsers,
    /// See who changed what.
    ReadAudit,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Anyone,
        Self::SignedIn,
        Self::ReadFleet,
        Self::WriteAgents,
        Self::RunTasks,
        Self::WriteComponents,
        Self::WriteConfig,
        Self::WriteAlerts,
        Self::ManageUsers,
        Self::ReadAudit,
    ];

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
            Self::WriteAlerts => "write_alerts",
            Self::ManageUsers => "manage_users",
            Self::ReadAudit => "read_audit",
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
    /// Everything but users and the audit log.
    Operator,
    /// The same: what tells the two apart in the reference is its hub, which is not here.
    AgentOperator,
    /// Only see.
    Viewer,
    /// The reference's hub, which is not here: sign in, and nothing else.
    HubOperator,
    /// The same.
    HubViewer,
    /// See, and work on alerts.
    AlertOperator,
    /// See, and work on baselines and vulnerabilities.
    RiskOperator,
    /// Both.
    DutyOperator,
    /// Sign in, and what the rules of a role of one's own allow.
    Custom,
}

impl Role {
    /// All built-in roles, by the level of the reference that they stand for.
    pub const ALL: [Self; 9] = [
        Self::Admin,
        Self::Operator,
        Self::AgentOperator,
        Self::Viewer,
        Self::HubOperator,
        Self::HubViewer,
        Self::AlertOperator,
        Self::RiskOperator,
        Self::DutyOperator,
    ];

    /// Returns the lower-case word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Operator => "operator",
            Self::AgentOperator => "agent_operator",
            Self::Viewer => "viewer",
            Self::HubOperator => "hub_operator",
            Self::HubViewer => "hub_viewer",
            Self::AlertOperator => "alert_operator",
            Self::RiskOperator => "risk_operator",
            Self::DutyOperator => "duty_operator",
            Self::Custom => "custom",
        }
    }

    /// Returns the number that the reference's API shows for the role (`level`).
    pub fn level(self) -> u8 {
        match self {
            Self::Admin => 0,
            Self::Operator => 1,
            Self::AgentOperator => 2,
            Self::Viewer => 3,
            Self::HubOperator => 4,
            Self::HubViewer => 5,
            Self::AlertOperator => 6,
            Self::RiskOperator => 7,
            Self::DutyOperator => 8,
            // The reference denies it everything, too.
            Self::Custom => 9,
        }
    }

    /// Returns the role that a level of the reference stands for.
    pub fn of_level(level: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|it| i64::from(it.level()) == level)
    }

    /// Returns whether whoever has this role may do all that `other` may.
    pub fn covers(self, other: Self) -> bool {
        Permission::ALL.into_iter().all(|it| self.may(it) || !other.may(it))
    }

    /// Returns whether the role may do what `permission` names; what is not granted is denied.
    pub fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::Anyone | Permission::SignedIn => true,
            Permission::ReadFleet => {
                !matches!(self, Self::HubOperator | Self::HubViewer | Self::Custom)
            }
            Permission::WriteAgents
            | Permission::RunTasks
            | Permission::WriteComponents
            | Permission::WriteConfig => {
                matches!(self, Self::Admin | Self::Operator | Self::AgentOperator)
            }
            Permission::WriteAlerts => matches!(
                self,
                Self::Admin
                    | Self::Operator
                    | Self::AgentOperator
                    | Self::AlertOperator
                    | Self::DutyOperator
            ),
            Permission::ManageUsers | Permission::ReadAudit => self == Self::Admin,
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
    let mut all = accounts();
    all.extend(operating());
    all.extend([
        Operation::of::<agents::List>(),
        Operation::of::<agents::Get>(),
        Operation::of::<agents::Explain>(),
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
        Operation::of::<tasks::Retry>(),
        Operation::of::<components::Create>(),
        Operation::of::<components::List>(),
        Operation::of::<components::Get>(),
        Operation::of::<components::Versions>(),
        Operation::of::<components::Upload>(),
        Operation::of::<components::Publish>(),
        Operation::of::<components::BlockVersion>(),
        Operation::of::<components::UnblockVersion>(),
        Operation::of::<profiles::Get>(),
        Operation::of::<profiles::Set>(),
        Operation::of::<profiles::Push>(),
        Operation::of::<records::Tail>(),
        Operation::of::<cluster::Status>(),
        Operation::of::<import::Agents>(),
        Operation::of::<import::Users>(),
        Operation::of::<kube::List>(),
        Operation::of::<kube::Add>(),
        Operation::of::<kube::Issue>(),
        Operation::of::<kube::Remove>(),
    ]);
    all
}

/// Lists what brings changes to the fleet, and what tells of it.
fn operating() -> Vec<Operation> {
    vec![
        Operation::of::<rollouts::Create>(),
        Operation::of::<rollouts::List>(),
        Operation::of::<rollouts::Get>(),
        Operation::of::<rollouts::Agents>(),
        Operation::of::<rollouts::Pause>(),
        Operation::of::<rollouts::Resume>(),
        Operation::of::<rollouts::Promote>(),
        Operation::of::<rollouts::Abort>(),
        Operation::of::<rollouts::Undo>(),
        Operation::of::<rollouts::Retry>(),
        Operation::of::<alerts::List>(),
        Operation::of::<alerts::Get>(),
        Operation::of::<alerts::Stats>(),
        Operation::of::<alerts::Ack>(),
        Operation::of::<alerts::Resolve>(),
        Operation::of::<alerts::Mute>(),
        Operation::of::<sinks::List>(),
        Operation::of::<sinks::Add>(),
        Operation::of::<sinks::Remove>(),
        Operation::of::<sinks::Test>(),
        Operation::of::<events::List>(),
        Operation::of::<events::Watch>(),
    ]
}

/// Lists what is about users and what they did.
fn accounts() -> Vec<Operation> {
    vec![
        Operation::of::<session::Login>(),
        Operation::of::<session::Logout>(),
        Operation::of::<session::Me>(),
        Operation::of::<session::List>(),
        Operation::of::<session::Revoke>(),
        Operation::of::<session::RevokeAll>(),
        Operation::of::<tokens::Create>(),
        Operation::of::<tokens::List>(),
        Operation::of::<tokens::Revoke>(),
        Operation::of::<users::List>(),
        Operation::of::<users::Create>(),
        Operation::of::<users::Get>(),
        Operation::of::<users::SetPassword>(),
        Operation::of::<users::SetRole>(),
        Operation::of::<users::Unlock>(),
        Operation::of::<users::Delete>(),
        Operation::of::<roles::List>(),
        Operation::of::<roles::Get>(),
        Operation::of::<roles::Create>(),
        Operation::of::<roles::Delete>(),
        Operation::of::<totp::Begin>(),
        Operation::of::<totp::Enable>(),
        Operation::of::<totp::Disable>(),
        Operation::of::<cluster::Backup>(),
        Operation::of::<audit::List>(),
        Operation::of::<audit::Get>(),
        Operation::of::<audit::Verify>(),
        Operation::of::<audit::Export>(),
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
    fn each_level_of_the_reference_is_a_role_and_only_administrators_are_all() {
        for level in 0..=8_u8 {
            let role = Role::of_level(i64::from(level)).expect("a role");
            assert_eq!(role.level(), level);
            assert_eq!(serde_json::to_value(role).expect("a word"), role.as_str());
            assert!(Role::Admin.covers(role));
            assert_eq!(role.covers(Role::Admin), level == 0, "{level}");
        }
        assert_eq!((Role::of_level(9), Role::of_level(-1)), (None, None));
        assert!(!Role::HubOperator.may(Permission::ReadFleet));
        assert!(!Role::HubViewer.covers(Role::Viewer));
        assert!(Role::AlertOperator.covers(Role::Viewer));
        let odd = operations().into_iter().find(|it| !Permission::ALL.contains(&it.needs));
        assert!(odd.is_none(), "{odd:?}");
    }

    #[test]
    fn a_viewer_changes_nothing_and_an_operator_leaves_users_alone() {
        let writes = [
            Permission::WriteAgents,
            Permission::RunTasks,
            Permission::WriteComponents,
            Permission::WriteConfig,
            Permission::WriteAlerts,
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
