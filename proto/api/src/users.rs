//! Users.

use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Endpoint, ListQuery, Nothing, Page, Permission, Role};

/// A user to create.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// 1 to 64 characters of `[A-Za-z0-9._@-]`.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Name of a role of one's own; where the role is `custom`, and only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_role: Option<String>,
    /// 12 to 1,024 characters.
    pub password: String,
}

/// A user.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct User {
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Name of the role of one's own, where the role is `custom`.
    #[serde(default)]
    pub custom_role: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When the password was set last.
    pub password_changed_at: Timestamp,
    /// When it signed in last.
    pub last_login_at: Option<Timestamp>,
    /// False until an administrator has set a password for a user who was taken over.
    pub password_set: bool,
    /// Whether a second factor is asked for.
    #[serde(default)]
    pub totp: bool,
    /// Sign-ins that failed lately, from the address where they did most often.
    #[serde(default)]
    pub failed_sign_ins: u32,
    /// Until when sign-ins from that address are not looked at.
    #[serde(default)]
    pub locked_until: Option<Timestamp>,
}

/// A role to set. Ends all sessions of the user.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUserRole {
    /// The role.
    pub role: Role,
    /// Name of a role of one's own; where the role is `custom`, and only there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_role: Option<String>,
}

/// A password to set. Ends all other sessions of the user.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The present password; needed for one's own.
    #[serde(default)]
    pub current: Option<String>,
    /// 12 to 1,024 characters.
    pub password: String,
}

/// Lists users.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "user.list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/users";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Lists users by name.";
    type Query = ListQuery;
    type Body = Nothing;
    type Reply = Page<User>;
}

/// Creates a user.
#[derive(Debug)]
pub struct Create;

impl Endpoint for Create {
    const ID: &'static str = "user.create";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/users";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Creates a user.";
    type Query = Nothing;
    type Body = NewUser;
    type Reply = User;
}

/// Sets a password: anyone's by an administrator, one's own by anyone who is signed in.
#[derive(Debug)]
pub struct SetPassword;

impl Endpoint for SetPassword {
    const ID: &'static str = "user.passwd";
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/n1/users/{user}/password";
    const NEEDS: Permission = Permission::SignedIn;
    const SUMMARY: &'static str = "Sets a password: one's own, or, as an administrator, anyone's.";
    type Query = Nothing;
    type Body = NewPassword;
    type Reply = User;
}

/// Returns one user.
#[derive(Debug)]
pub struct Get;

impl Endpoint for Get {
    const ID: &'static str = "user.get";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/users/{user}";
    const NEEDS: Permission = Permission::SignedIn;
    const SUMMARY: &'static str = "Returns one user: oneself, or, as an administrator, anyone.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = User;
}

/// Sets a user's role.
#[derive(Debug)]
pub struct SetRole;

impl Endpoint for SetRole {
    const ID: &'static str = "user.set_role";
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/n1/users/{user}/role";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Sets a user's role and ends the user's sessions.";
    type Query = Nothing;
    type Body = SetUserRole;
    type Reply = User;
}

/// Forgets failed sign-ins.
#[derive(Debug)]
pub struct Unlock;

impl Endpoint for Unlock {
    const ID: &'static str = "user.unlock";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/users/{user}/unlock";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Forgets the failed sign-ins of a user, from whichever address.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = User;
}

/// Removes a user.
#[derive(Debug)]
pub struct Delete;

impl Endpoint for Delete {
    const ID: &'static str = "user.delete";
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/n1/users/{user}";
    const NEEDS: Permission = Permission::ManageUsers;
    const SUMMARY: &'static str = "Removes a user with all sessions and tokens.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = User;
}
