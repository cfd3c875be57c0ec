//! Tokens for programs.

use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Endpoint, ListQuery, Nothing, Page, Permission, Role};

/// What a token begins with.
pub const TOKEN_PREFIX: &str = "elk_";

/// A token to make.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// 1 to 64 characters of `[A-Za-z0-9._@-]`; no other live token of the user has it.
    pub name: String,
    /// The most it may do; whatever its user may if absent. It never may more than its user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Only on agents that match this selector; what cannot be limited to agents is denied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// When it ends; never if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// Whether a token is good.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenState {
    /// It is.
    Active,
    /// Its time has passed.
    Expired,
    /// Somebody ended it.
    Revoked,
}

/// A token.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Token {
    /// Names it; tells nothing of the secret.
    pub id: String,
    /// What its user calls it.
    pub name: String,
    /// Whose rights it has at most.
    pub user: String,
    /// The most it may do; null for whatever its user may.
    pub role: Option<Role>,
    /// The agents that it reaches; null for all.
    #[serde(default)]
    pub selector: Option<String>,
    /// Whether it is good.
    pub state: TokenState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was used last, to a minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was ended.
    pub revoked_at: Option<Timestamp>,
}

/// A token that was made.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct MadeToken {
    /// What is known of it.
    pub token: Token,
    /// Goes into the header `token` of each request; it is told this once.
    pub secret: String,
}

/// Makes a token.
#[derive(Debug)]
pub struct Create;

impl Endpoint for Create {
    const ID: &'static str = "token.create";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/tokens";
    const NEEDS: Permission = Permission::SignedIn;
    const SUMMARY: &'static str = "Makes a token for a program, with the caller's rights or fewer.";
    type Query = Nothing;
    type Body = NewToken;
    type Reply = MadeToken;
}

/// Lists tokens.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "token.list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/tokens";
    const NEEDS: Permission = Permission::SignedIn;
    const SUMMARY: &'static str =
        "Lists tokens by user and name: one's own, or, as an administrator, everybody's.";
    type Query = ListQuery;
    type Body = Nothing;
    type Reply = Page<Token>;
}

/// Ends a token.
#[derive(Debug)]
pub struct Revoke;

impl Endpoint for Revoke {
    const ID: &'static str = "token.revoke";
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/n1/tokens/{token}";
    const NEEDS: Permission = Permission::SignedIn;
    const SUMMARY: &'static str =
        "Ends a token, by its id or, of one's own, its name; as an administrator anybody's.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Token;
}
