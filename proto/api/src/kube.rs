//! Clusters of Kubernetes whose API servers post audit events to AgentCenter.

use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Endpoint, ListQuery, Nothing, Page, Permission};

/// Where API servers post, below the address of the listener.
pub const AUDIT_PATH: &str = "/rawdata/audit";

/// A cluster.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct KubeCluster {
    /// The name in its client certificate, and the key of its records.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether an AgentCenter had events of it within the last two minutes; null if none could say.
    pub reporting: Option<bool>,
    /// Who added it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

/// A cluster to add.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKubeCluster {
    /// 1 to 64 characters of `[A-Za-z0-9._-]`, the first no dot and no dash; no other cluster has it.
    pub name: String,
    /// The id of a cluster that has a certificate already, of the same characters; a new one is
    /// made up if absent.
    #[serde(default)]
    pub id: Option<String>,
    /// A request for its client certificate, PEM; without it none is issued.
    #[serde(default)]
    pub request: Option<String>,
}

/// A certificate to issue.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateRequest {
    /// The request, PEM, at most 16 KiB. Only its key counts.
    pub request: String,
}

/// What a cluster needs to post.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Issued {
    /// The client certificate, PEM.
    pub certificate: String,
    /// The authority of the listener's certificate, PEM.
    pub authority: String,
    /// The name in the listener's certificate.
    pub server_name: String,
    /// Where to post, if the Manager knows it.
    pub url: Option<String>,
}

/// A cluster that was added.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Added {
    /// The cluster.
    pub cluster: KubeCluster,
    /// What it needs to post, if a certificate was asked for.
    pub issued: Option<Issued>,
}

/// Lists clusters.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "kube.list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/kube/clusters";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Lists clusters of Kubernetes by name.";
    type Query = ListQuery;
    type Body = Nothing;
    type Reply = Page<KubeCluster>;
}

/// Adds a cluster.
#[derive(Debug)]
pub struct Add;

impl Endpoint for Add {
    const ID: &'static str = "kube.add";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/kube/clusters";
    const NEEDS: Permission = Permission::WriteConfig;
    const SUMMARY: &'static str = "Adds a cluster of Kubernetes and issues its client certificate; AgentCenters know it within 60 s.";
    type Query = Nothing;
    type Body = NewKubeCluster;
    type Reply = Added;
}

/// Issues another certificate for a cluster.
#[derive(Debug)]
pub struct Issue;

impl Endpoint for Issue {
    const ID: &'static str = "kube.issue";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/kube/clusters/{cluster}/certificate";
    const NEEDS: Permission = Permission::WriteConfig;
    const SUMMARY: &'static str =
        "Issues another client certificate for a cluster of Kubernetes; earlier ones stay good.";
    type Query = Nothing;
    type Body = CertificateRequest;
    type Reply = Issued;
}

/// Removes a cluster.
#[derive(Debug)]
pub struct Remove;

impl Endpoint for Remove {
    const ID: &'static str = "kube.remove";
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/n1/kube/clusters/{cluster}";
    const NEEDS: Permission = Permission::WriteConfig;
    const SUMMARY: &'static str =
        "Removes a cluster of Kubernetes; AgentCenters refuse its events within 60 s.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = KubeCluster;
}
