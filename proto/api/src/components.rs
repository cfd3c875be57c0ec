//! Components: the binaries that agents run.

use elk_model::{ComponentName, ComponentVersion, Sha256};
use http::Method;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Content, Endpoint, ListQuery, Nothing, Page, Permission};

/// The largest component file in bytes, as the reference allows.
pub const MAX_FILE_BYTES: u64 = 512 * 1024 * 1024;

/// A component to create.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComponent {
    /// Its name; `elkeid-agent` for the agent itself, and only for it.
    pub name: ComponentName,
    /// What its files are.
    #[serde(rename = "type")]
    pub kind: ComponentKind,
}

/// What the files of a component are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub enum ComponentKind {
    /// One executable.
    #[serde(rename = "exec")]
    Exec,
    /// An archive that holds an executable of the component's name.
    #[serde(rename = "tar.gz")]
    TarGz,
    /// The agent's package.
    #[serde(rename = "agent")]
    Agent,
}

impl ComponentKind {
    /// Returns the word that agents and operators use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exec => "exec",
            Self::TarGz => "tar.gz",
            Self::Agent => "agent",
        }
    }
}

/// An agent or plugin binary.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Component {
    /// Its name.
    pub name: ComponentName,
    /// What its files are.
    #[serde(rename = "type")]
    pub kind: ComponentKind,
    /// The highest version; null before the first.
    pub latest_version: Option<ComponentVersion>,
    /// How many versions there are.
    pub versions: u64,
    /// Who created it.
    pub created_by: String,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A published version, which never changes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Version {
    /// The component.
    pub component: ComponentName,
    /// The version.
    pub version: ComponentVersion,
    /// Its files by variant.
    pub files: Vec<File>,
    /// Who published it.
    pub published_by: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// Why nothing may select it any more; null if it may be.
    #[serde(default)]
    pub blocked: Option<Block>,
}

/// Why a version may not be selected.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// What is wrong with it.
    pub reason: String,
    /// Who blocked it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A version to block.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockRequest {
    /// What is wrong with it, 1 to 500 characters.
    pub reason: String,
}

/// One file of a version.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct File {
    /// Which hosts it fits: `default`, `debian`, `rhel`, `x86_64`, `aarch64`, or
    /// `debian_x86_64` and so on; the most specific one wins.
    pub variant: String,
    /// Digest of the file.
    pub sha256: Sha256,
    /// Digest of the executable inside, for `tar.gz`; else empty.
    pub signature: String,
    /// Its size.
    pub size_bytes: u64,
    /// Where agents fetch it; appended to the Manager's address.
    pub path: String,
}

/// A version to publish from files that were uploaded.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVersion {
    /// The version.
    pub version: ComponentVersion,
    /// Its files.
    pub files: Vec<NewFile>,
}

/// An uploaded file that becomes part of a version.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFile {
    /// Which hosts it fits.
    pub variant: String,
    /// Digest of the file, as uploaded.
    pub sha256: Sha256,
}

/// Creates a component.
#[derive(Debug)]
pub struct Create;

impl Endpoint for Create {
    const ID: &'static str = "component.create";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/components";
    const NEEDS: Permission = Permission::WriteComponents;
    const SUMMARY: &'static str = "Creates a component.";
    type Query = Nothing;
    type Body = NewComponent;
    type Reply = Component;
}

/// Lists components.
#[derive(Debug)]
pub struct List;

impl Endpoint for List {
    const ID: &'static str = "component.list";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/components";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Lists components by name.";
    type Query = ListQuery;
    type Body = Nothing;
    type Reply = Page<Component>;
}

/// Shows a component.
#[derive(Debug)]
pub struct Get;

impl Endpoint for Get {
    const ID: &'static str = "component.get";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/components/{component}";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Shows a component.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Component;
}

/// Lists the versions of a component.
#[derive(Debug)]
pub struct Versions;

impl Endpoint for Versions {
    const ID: &'static str = "component.versions";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/api/n1/components/{component}/versions";
    const NEEDS: Permission = Permission::ReadFleet;
    const SUMMARY: &'static str = "Lists the versions of a component, highest first.";
    type Query = ListQuery;
    type Body = Nothing;
    type Reply = Page<Version>;
}

/// Uploads a file under its digest, to be published within 24 hours.
#[derive(Debug)]
pub struct Upload;

/// What an upload became.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Uploaded {
    /// Digest of what was received.
    pub sha256: Sha256,
    /// Its size.
    pub size_bytes: u64,
}

impl Endpoint for Upload {
    const ID: &'static str = "component.upload";
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/n1/components/{component}/files/{sha256}";
    const NEEDS: Permission = Permission::WriteComponents;
    const SUMMARY: &'static str =
        "Uploads a file of at most 512 MiB under its digest, to be published within 24 hours.";
    const BODY: Content = Content::Octets;
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Uploaded;
}

/// Publishes a version from uploaded files.
#[derive(Debug)]
pub struct Publish;

impl Endpoint for Publish {
    const ID: &'static str = "component.publish";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/api/n1/components/{component}/versions";
    const NEEDS: Permission = Permission::WriteComponents;
    const SUMMARY: &'static str = "Publishes a version from uploaded files; it never changes.";
    type Query = Nothing;
    type Body = NewVersion;
    type Reply = Version;
}

/// Blocks a version.
#[derive(Debug)]
pub struct BlockVersion;

impl Endpoint for BlockVersion {
    const ID: &'static str = "component.block";
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = "/api/n1/components/{component}/versions/{version}/block";
    const NEEDS: Permission = Permission::WriteComponents;
    const SUMMARY: &'static str = "Blocks a version: no profile and no rollout may select it, and rollouts that bring it are paused. Agents that run it keep it.";
    type Query = Nothing;
    type Body = BlockRequest;
    type Reply = Version;
}

/// Takes the block of a version away.
#[derive(Debug)]
pub struct UnblockVersion;

impl Endpoint for UnblockVersion {
    const ID: &'static str = "component.unblock";
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = "/api/n1/components/{component}/versions/{version}/block";
    const NEEDS: Permission = Permission::WriteComponents;
    const SUMMARY: &'static str = "Takes the block of a version away; rollouts stay paused.";
    type Query = Nothing;
    type Body = Nothing;
    type Reply = Version;
}
