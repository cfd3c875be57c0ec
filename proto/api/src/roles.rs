//! Roles of one's own: actions, and the agents that they reach.

use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Endpoint, ListQuery, Nothing, Page, Permission};

/// The most rules of a role.
pub const MAX_RULES: usize = 64;

/// Something that a role allows; what no rule allows is denied.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    /// An action such as `task.create`, all of a noun such as `agent.*`, or `*`. What manages users is
    /// never in it.
    pub action: String,
    /// Only on agents that match this selector; on all if absent. An action that cannot be limited to
    /// agents is denied where this is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
}

impl RoleRule {
    /// Returns whether the rule is about this action.
    pub fn names(&self, action: &str) -> bool {
        match self.action.strip_suffix('*') {
            Some("") => true,
            Some(noun) if noun.ends_with('.') => action.starts_with(noun),
            _ => self.action == action,
        }
    }
}

/// A role to make.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// 1 to 64 characters of `[A-Za-z0-9._@-]`; none of the built-in ones.
    pub name: String,
    /// 1 to 64 rules.
    pub rules: Vec<RoleRule>,
}

/// A role.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RoleInfo {
    /// Its name.
    pub name: String,
    /// Whether it is always there.
    pub built_in: bool,
    /// The level of the reference that it stands for.
    pub level: Option<u8>,
    /// What a built-in role allows.
    pub permissions: Vec<Permission>,
    /// What another role allows.
    pub rules: Vec<RoleRule>,
    /// Who made it.
    pub created_by: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
}

/// Lists roles.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "role.list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/roles";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Lists all roles on one page, the built-in ones first.";
    type Query = ListQuery;
    type Body = Nothing;
    type Reply = Page<RoleInfo>;
}

/// Returns one role.
#[derive(Debug)]
pub struct Get;

impl Endpoint for Get {
    const ID: &'static str = "role.get";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/roles/{role}";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Returns one role.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = RoleInfo;
}

/// Makes a role.
#[derive(Debug)]
pub struct Create;

impl Endpoint for Create {
    const ID: &'static str = "role.create";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/roles";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Makes a role of actions and the agents that they reach.";
    type Query = Nothing;
    type Body = NewRole;
    type Reply = RoleInfo;
}

/// Removes a role.
#[derive(Debug)]
pub struct Delete;

impl Endpoint for Delete {
    const ID: &'static str = "role.delete";
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/n1/roles/{role}";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Removes a role that no user has.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = RoleInfo;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_names_an_action_a_noun_or_all() {
        for (rule, action, wanted) in [
            ("*", "task.create", true),
            ("task.*", "task.create", true),
            ("task.*", "tasks.create", false),
            ("task*", "task.create", false),
            ("task.create", "task.create", true),
            ("task.create", "task.cancel", false),
            ("", "task.create", false),
        ] {
            let rule = RoleRule { action: rule.to_owned(), selector: None };
            assert_eq!(rule.names(action), wanted, "{} {action}", rule.action);
        }
    }
}
