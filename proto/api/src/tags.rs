//! Tags.

use elk_model::{AgentId, Tag};
use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Endpoint, ListQuery, Nothing, Page, Permission};

/// A tag in use.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TagCount {
    /// The tag.
    pub name: Tag,
    /// How many agents carry it.
    pub agents: u64,
}

/// Which agents to tag.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TagRequest {
    /// The selection's id.
    pub selection: String,
}

/// What a tagging changed.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Tagged {
    /// The tag.
    pub name: Tag,
    /// Agents that changed.
    pub changed: Vec<AgentId>,
    /// Agents that already were as wanted.
    pub unchanged: u64,
}

/// Lists tags in use.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "tag.list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/tags";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Lists tags in use with the number of agents that carry them.";
    type Query = ListQuery;
    type Body = Nothing;
    type Reply = Page<TagCount>;
}

/// Adds a tag to agents.
#[derive(Debug)]
pub struct Add;

impl Endpoint for Add {
    const ID: &'static str = "tag.add";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/tags/{tag}/add";
    const NEEDS: Permission = Permission::WriteAgents;
    const SUMMARY: &'static str = "Adds a tag to agents.";
    type Query = Nothing;
    type Body = TagRequest;
    type Reply = Tagged;
}

/// Takes a tag from agents.
#[derive(Debug)]
pub struct Remove;

impl Endpoint for Remove {
    const ID: &'static str = "tag.remove";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/tags/{tag}/remove";
    const NEEDS: Permission = Permission::WriteAgents;
    const SUMMARY: &'static str = "Takes a tag from agents.";
    type Query = Nothing;
    type Body = TagRequest;
    type Reply = Tagged;
}
