//! The second factor: codes that change with time (RFC 6238).

use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Nothing, Permission, users};

/// A secret that is not in force yet.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct NewSecret {
    /// The secret in base32, as it is typed into an authenticator.
    pub secret: String,
    /// The same for authenticators that read it from a picture.
    pub uri: String,
}

/// A code that shows that the authenticator works.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Six digits.
    pub code: String,
}

/// Codes for who has lost the authenticator; each works once. They are told this once.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct RecoveryCodes {
    /// The codes.
    pub recovery_codes: Vec<String>,
}

/// What proves that it is the user who takes the second factor away.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// A code, or a recovery code; needed for one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Makes a secret for the caller.
#[derive(Debug)]
pub struct Begin;

impl Endpoint for Begin {
    const ID: &'static str = "user.totp_begin";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/self/totp";
    const NEEDS: Permission = Permission::SignedIn;
    const SUMMARY: &'static str = "Makes a secret for the caller's second factor, which is in force once a code of it was told.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = NewSecret;
}

/// Puts it in force.
#[derive(Debug)]
pub struct Enable;

impl Endpoint for Enable {
    const ID: &'static str = "user.totp_enable";
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/n1/self/totp";
    const NEEDS: Permission = Permission::SignedIn;
    const SUMMARY: &'static str = "Puts the second factor in force, ends the caller's other sessions and tells recovery codes.";
    type Query = Nothing;
    type Body = Code;
    type Reply = RecoveryCodes;
}

/// Takes it away.
#[derive(Debug)]
pub struct Disable;

impl Endpoint for Disable {
    const ID: &'static str = "user.totp_disable";
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/n1/users/{user}/totp";
    const NEEDS: Permission = Permission::SignedIn;
    const SUMMARY: &'static str = "Takes the second factor away: one's own by a code, or, as an administrator, anybody else's.";
    type Query = Nothing;
    type Body = Proof;
    type Reply = users::User;
}
