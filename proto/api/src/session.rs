//! Signing in and out.

use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Endpoint, ListQuery, Nothing, Page, Permission, Role};

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
    /// A code of the second factor, or a recovery code; only where the user has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otp: Option<String>,
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
    /// Name of the role of one's own, where the role is `custom`.
    #[serde(default)]
    pub custom_role: Option<String>,
    /// What the role allows.
    pub permissions: Vec<Permission>,
    /// The session ends after this long without a request; 0 for a token.
    pub idle_timeout_seconds: u64,
    /// When the session ends if it stays idle from now on, or the token; null if it does not.
    pub expires_at: Option<Timestamp>,
    /// The token that the caller uses, by name.
    #[serde(default)]
    pub token: Option<String>,
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

/// A session that is open.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OpenSession {
    /// Names it; tells nothing of its token.
    pub id: String,
    /// Whose it is.
    pub user: String,
    /// When it was opened, if that is known.
    pub opened_at: Option<Timestamp>,
    /// When it was used last, to half a minute.
    pub last_used_at: Timestamp,
    /// Where it was opened from.
    pub address: Option<String>,
    /// Whether it is the caller's.
    pub current: bool,
}

/// How many sessions were ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Ended {
    /// Sessions.
    pub ended: u64,
}

/// Lists sessions.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "session.list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/sessions";
    const NEEDS: Permission = Permission::SignedIn;
    const SUMMARY: &'static str =
        "Lists open sessions by user: one's own, or, as an administrator, everybody's.";
    type Query = ListQuery;
    type Body = Nothing;
    type Reply = Page<OpenSession>;
}

/// Ends a session.
#[derive(Debug)]
pub struct Revoke;

impl Endpoint for Revoke {
    const ID: &'static str = "session.revoke";
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/n1/sessions/{session}";
    const NEEDS: Permission = Permission::SignedIn;
    const SUMMARY: &'static str = "Ends a session: one's own, or, as an administrator, anybody's.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Nothing;
}

/// Ends the sessions of a user.
#[derive(Debug)]
pub struct RevokeAll;

impl Endpoint for RevokeAll {
    const ID: &'static str = "session.revoke_all";
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/n1/users/{user}/sessions";
    const NEEDS: Permission = Permission::SignedIn;
    const SUMMARY: &'static str = "Ends all sessions of a user but the caller's: one's own, or, as an administrator, anybody's.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Ended;
}
