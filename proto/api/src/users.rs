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
    /// When it was created.
    pub created_at: Timestamp,
    /// When the password was set last.
    pub password_changed_at: Timestamp,
    /// When it signed in last.
    pub last_login_at: Option<Timestamp>,
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
