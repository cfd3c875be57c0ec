//! Signing in and out.

use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Nothing, Permission, Role};

/// The header that carries the session token, as in the reference.
pub const TOKEN_HEADER: &str = "token";

/// Name and password.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The user's name.
    pub username: String,
    /// The password, in clear.
    pub password: String,
}

/// A new session.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct Session {
    /// Goes into the header `token` of each request.
    pub token: String,
    /// Who signed in.
    pub user: Me,
}

/// The caller.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Me {
    /// The user's name.
    pub name: String,
    /// The user's role.
    pub role: Role,
    /// What the role allows.
    pub permissions: Vec<Permission>,
    /// The session ends after this long without a request.
    pub idle_timeout_seconds: u64,
    /// When the session ends if it stays idle from now on.
    pub expires_at: Timestamp,
}

impl Endpoint for Login {
    const ID: &'static str = "session.login";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/login";
    const NEEDS: Permission = Permission::Anyone;
    const SUMMARY: &'static str = "Opens a session.";
    type Query = Nothing;
    type Body = Credentials;
    type Reply = Session;
}

/// Opens a session.
#[derive(Debug)]
pub struct Login;

/// Ends the caller's session.
#[derive(Debug)]
pub struct Logout;

impl Endpoint for Logout {
    const ID: &'static str = "session.logout";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/logout";
    const NEEDS: Permission = Permission::SignedIn;
    const SUMMARY: &'static str = "Ends the caller's session.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Nothing;
}

impl Endpoint for Me {
    const ID: &'static str = "session.self";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/self";
    const NEEDS: Permission = Permission::SignedIn;
    const SUMMARY: &'static str = "Tells who the caller is and what the caller may do.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Self;
}
